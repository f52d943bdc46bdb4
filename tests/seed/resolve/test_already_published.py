"""Importing our own export changes nothing, and does not replace private data by published data."""

from typing import Any

import pytest
from msgspec.structs import replace

from directory.export.draft_fields import to_draft_fields
from directory.geo import Disclosure
from directory.publish import publish
from directory.records import Audience, StoredLocation, StoredOrganization
from directory.store.ledger.edits import Put
from directory.store.store import Store
from seed.plan.planned_row import RowAction
from seed.resolve.import_history import drop_already_published
from seed.resolve.record_resolver import RecordResolver
from seed.rows import Row
from tests.builders import NOW, an_id
from tests.directory.export.difficult_records import build_stored_record
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
def record(store: Store) -> StoredOrganization:
    record = build_stored_record(SHELTER, an_id("shelter"))
    store.write([Put(record)], actor="staff", now=NOW, reason="test")
    return record


def export_fields(record: StoredOrganization, audience: Audience) -> dict[str, Any]:
    published = publish(record, audience, NOW, lambda _: True)
    assert published is not None
    return to_draft_fields(published, audience)


def remaining_fields(store: Store, fields: dict[str, Any]) -> set[str]:
    with store.begin_read() as reading:
        return set(drop_already_published(Row("export.json", 1, fields), RecordResolver(reading).records).fields)


@pytest.mark.parametrize("audience", Audience)
def test_an_export_for_any_audience_leaves_only_the_keys(store: Store, record: StoredOrganization, audience: Audience) -> None:
    assert remaining_fields(store, export_fields(record, audience)) == {"id", "slug"}
    assert plan_rows(store, export_fields(record, audience)).counts[RowAction.SKIP] == 1


@pytest.mark.parametrize("audience", Audience)
def test_a_parent_that_members_see_is_already_published(store: Store, record: StoredOrganization, audience: Audience) -> None:
    parent = replace(build_stored_record({"slug": "a-parent", "name": "A Parent"}, OTHER), audience=Audience.MEMBERS)
    child = replace(record, parent=parent.id)
    store.write([Put(parent), Put(child)], actor="staff", now=NOW, reason="test")
    published = publish(child, audience, NOW, lambda _: audience.sees(Audience.MEMBERS))
    assert published is not None
    assert remaining_fields(store, to_draft_fields(published, audience)) == {"id", "slug"}


def test_an_id_in_capitals_is_the_same_id(store: Store, record: StoredOrganization) -> None:
    fields = export_fields(record, Audience.PUBLIC)
    assert remaining_fields(store, fields | {"id": f" {fields['id'].upper()}"}) == {"id", "slug"}


def test_new_values_and_new_items_of_lists_remain(store: Store, record: StoredOrganization) -> None:
    fields = export_fields(record, Audience.PUBLIC)
    office, *rest = fields["contacts"]
    changed = fields | {"summary": "New.", "contacts": [office | {"phone": "+14045889762"}, *rest]}
    assert remaining_fields(store, changed) == {"id", "slug", "summary", "contacts"}
    (item,) = plan_rows(store, changed, overwrites_edits=True).items
    assert set(item.changed_fields) == {"summary", "contacts"}


def test_cleared_fields_remain(store: Store, record: StoredOrganization) -> None:
    fields = export_fields(record, Audience.PUBLIC)
    assert remaining_fields(store, fields | {"summary": None, "locations": [], "issue_areas": []}) >= {
        "summary",
        "locations",
        "issue_areas",
    }


def test_a_row_without_a_known_id_is_unchanged(store: Store, record: StoredOrganization) -> None:
    fields = export_fields(record, Audience.PUBLIC)
    for other in ({**fields, "id": OTHER}, {**fields, "id": 7}, {**fields, "id": None}, {**fields, "id": "no id"}):
        assert remaining_fields(store, other) == set(fields)
    del fields["id"]
    assert remaining_fields(store, fields) == set(fields)


def test_a_published_location_does_not_replace_the_stored_one(store: Store, record: StoredOrganization) -> None:
    """This also holds for a row with edits in other fields."""
    fields = export_fields(record, Audience.PUBLIC) | {"summary": "New."}
    (item,) = plan_rows(store, fields, overwrites_edits=True).items
    assert item.changed_fields == ("summary",)
    assert item.record_after is not None
    assert [(site.city, site.postal_code) for site in item.record_after.sites] == [("Selma", None), ("Atlanta", "30312")]
    assert hidden_location(item.record_after).id == hidden_location(record).id


def hidden_location(record: StoredOrganization) -> StoredLocation:
    return next(site for site in record.sites if site.disclosure is Disclosure.HIDDEN)
