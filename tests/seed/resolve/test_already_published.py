"""What somebody was told of a record, fed back, is no news: not for what is kept, and not for what is private of it."""

from typing import Any

import pytest
from msgspec.structs import replace

from directory.geo import Disclosure
from directory.publish import publish
from directory.records import Audience, StoredLocation, StoredOrganization
from directory.store.ledger.edits import Put
from directory.store.store import Store
from seed.export.draft_fields import to_draft_fields
from seed.plan.planned_row import RowAction
from seed.resolve.already_published import drop_already_published
from seed.resolve.record_resolver import RecordResolver
from seed.rows import Row
from tests.builders import NOW, an_id
from tests.seed.export.difficult_records import build_stored_record as kept_of
from tests.seed.plan_builders import OTHER, plan_rows

SHELTER = {
    "slug": "a-shelter",
    "name": "A Shelter",
    "summary": "We house people.",
    "issue_areas": ["housing"],
    "locations": [
        {"street": "12 Secret St", "city": "Selma", "state": "AL", "disclosure": "HIDDEN"},
        {"street": "1 Open St", "city": "Atlanta", "state": "GA", "postal_code": "30312", "disclosure": "CITY"},
    ],
    "contacts": [
        {"role": "Office", "phone": "+14045889761", "audience": "PUBLIC"},
        {"name": "Ana", "email": "ana@example.org", "audience": "MEMBERS"},
    ],
}


@pytest.fixture
def entry(store: Store) -> StoredOrganization:
    entry = kept_of(SHELTER, an_id("shelter"))
    store.write([Put(entry)], actor="staff", now=NOW, reason="test")
    return entry


def told(entry: StoredOrganization, audience: Audience) -> dict[str, Any]:
    published = publish(entry, audience, NOW, lambda _: True)
    assert published is not None
    return to_draft_fields(published, audience)


def left(store: Store, stated: dict[str, Any]) -> set[str]:
    with store.begin_read() as reading:
        return set(drop_already_published(Row("export.json", 1, stated), RecordResolver(reading)).fields)


@pytest.mark.parametrize("audience", Audience)
def test_what_an_audience_is_told_leaves_nothing_but_the_keys(
    store: Store, entry: StoredOrganization, audience: Audience
) -> None:
    assert left(store, told(entry, audience)) == {"id", "slug"}
    assert plan_rows(store, told(entry, audience)).counts[RowAction.SKIP] == 1


@pytest.mark.parametrize("audience", Audience)
def test_a_parent_that_is_shown_to_members_is_no_news_to_anybody_who_was_told(
    store: Store, entry: StoredOrganization, audience: Audience
) -> None:
    parent = replace(kept_of({"slug": "a-parent", "name": "A Parent"}, OTHER), audience=Audience.MEMBERS)
    child = replace(entry, parent=parent.id)
    store.write([Put(parent), Put(child)], actor="staff", now=NOW, reason="test")
    published = publish(child, audience, NOW, lambda _: audience.sees(Audience.MEMBERS))
    assert published is not None
    assert left(store, to_draft_fields(published, audience)) == {"id", "slug"}


def test_an_id_in_capitals_is_the_same_id(store: Store, entry: StoredOrganization) -> None:
    stated = told(entry, Audience.PUBLIC)
    assert left(store, stated | {"id": f" {stated['id'].upper()}"}) == {"id", "slug"}


def test_what_is_new_is_left_and_of_lists_the_new_items_alone(store: Store, entry: StoredOrganization) -> None:
    stated = told(entry, Audience.PUBLIC)
    office, *rest = stated["contacts"]
    changed = stated | {"summary": "New.", "contacts": [office | {"phone": "+14045889762"}, *rest]}
    assert left(store, changed) == {"id", "slug", "summary", "contacts"}
    (item,) = plan_rows(store, changed, overwrites_edits=True).items
    assert set(item.changed_fields) == {"summary", "contacts"}


def test_what_is_emptied_is_news(store: Store, entry: StoredOrganization) -> None:
    stated = told(entry, Audience.PUBLIC)
    assert left(store, stated | {"summary": None, "locations": [], "issue_areas": []}) >= {"summary", "locations", "issue_areas"}


def test_a_row_without_the_id_or_with_another_is_left_as_it_is(store: Store, entry: StoredOrganization) -> None:
    stated = told(entry, Audience.PUBLIC)
    for other in ({**stated, "id": OTHER}, {**stated, "id": 7}, {**stated, "id": None}, {**stated, "id": "no id"}):
        assert left(store, other) == set(stated)
    del stated["id"]
    assert left(store, stated) == set(stated)


def test_what_the_public_is_told_of_a_place_does_not_take_the_place_of_what_is_kept(
    store: Store, entry: StoredOrganization
) -> None:
    """Even where somebody edits the rest of the row."""
    stated = told(entry, Audience.PUBLIC) | {"summary": "New."}
    (item,) = plan_rows(store, stated, overwrites_edits=True).items
    assert item.changed_fields == ("summary",)
    assert item.record_after is not None
    assert [(site.city, site.postal_code) for site in item.record_after.sites] == [("Selma", None), ("Atlanta", "30312")]
    assert hidden(item.record_after).id == hidden(entry).id


def hidden(entry: StoredOrganization) -> StoredLocation:
    return next(site for site in entry.sites if site.disclosure is Disclosure.HIDDEN)
