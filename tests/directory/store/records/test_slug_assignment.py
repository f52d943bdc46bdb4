"""Slugs depend only on records that an audience sees: private slugs are random, and hidden or removed records release theirs."""

from itertools import count, permutations

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from directory.errors import BadInput
from directory.records import Audience, StoredOrganization
from directory.store.ledger.edits import Edit, Put, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.records.tables import slug_aliases
from directory.store.store import Store
from directory.vocabulary.slugs import is_private_slug
from tests.builders import a_stored_organization, an_id
from tests.directory.store.stored_organizations import LATER, load_organization, load_targets_of

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF


def write(store: Store, *edits: Edit) -> None:
    store.write(edits, actor="tester", now=LATER, reason="a test")
    assert find_ledger_inconsistencies(store) == []


def harbor(name: str, audience: Audience = PUBLIC, **fields: object) -> StoredOrganization:
    """Build a record with this name, and the id derived from it, that requests the slug "harbor"."""
    return a_stored_organization(name, **{"slug": "harbor", "audience": audience, **fields})


def find_targets(store: Store, slug: str = "harbor") -> list[str | None]:
    """Return the id that the slug leads each audience to; None if the audience does not see that record."""
    with store.begin_read() as reading:
        audiences = reading.load_audiences()
        targets = [(audience, reading.load_slug_targets(audience).get(slug)) for audience in Audience]
    return [target if target in audiences and audience.sees(audiences[target]) else None for audience, target in targets]


@pytest.mark.parametrize("audience", [MEMBERS, STAFF])
def test_a_record_that_is_not_public_gets_a_random_slug_and_keeps_it(store: Store, audience: Audience) -> None:
    write(store, Put(harbor("A", audience)))
    slug = load_organization(store, an_id("A")).slug
    assert slug.startswith("harbor-")
    assert is_private_slug(slug)
    write(store, Put(harbor("A", audience, summary="New.")))
    assert load_organization(store, an_id("A")).slug == slug
    write(store, Put(replace(load_organization(store, an_id("A")), audience=PUBLIC)))
    assert load_organization(store, an_id("A")).slug == slug
    assert find_targets(store, slug) == [an_id("A")] * 3


def test_the_random_source_is_an_argument(sqlite_url: str) -> None:
    numbers = count(23456)
    store = Store.open(sqlite_url, new_suffix=lambda: f"bcdfg{next(numbers)}")
    store.migrate()
    write(store, Put(harbor("A", STAFF)), Put(harbor("B", STAFF)))
    assert [record.slug for record, _ in store.load_organizations()] == ["harbor-bcdfg23456", "harbor-bcdfg23457"]
    store.close()


@pytest.mark.parametrize("order", list(permutations([PUBLIC, MEMBERS, STAFF])))
@pytest.mark.parametrize("at_once", [True, False])
def test_a_plain_slug_leads_each_audience_to_a_record_it_sees(
    sqlite_store: Store, order: tuple[Audience, ...], at_once: bool
) -> None:
    """The public record has the plain slug, in whichever order the records are written."""
    puts = [Put(harbor(audience.value, audience)) for audience in order]
    for edits in [puts] if at_once else [[put] for put in puts]:
        write(sqlite_store, *edits)
    assert load_organization(sqlite_store, an_id("PUBLIC")).slug == "harbor"
    assert find_targets(sqlite_store) == [an_id("PUBLIC")] * 3
    write(sqlite_store, Remove(an_id("PUBLIC")))
    assert find_targets(sqlite_store)[0] is None
    assert find_targets(sqlite_store)[1] in (an_id("MEMBERS"), None)


def test_a_removed_record_releases_its_slugs(store: Store) -> None:
    write(store, Put(a_stored_organization("A", slug="first")))
    write(store, Put(harbor("A")))
    write(store, Remove(an_id("A")))
    write(store, Put(harbor("B")), Put(a_stored_organization("C", slug="first")))
    assert find_targets(store) == [an_id("B")] * 3
    assert find_targets(store, "first") == [an_id("C")] * 3


@pytest.mark.parametrize("audience", [MEMBERS, STAFF])
def test_a_record_that_is_hidden_releases_its_slugs(store: Store, audience: Audience) -> None:
    write(store, Put(a_stored_organization("A", slug="first")))
    write(store, Put(harbor("A")))
    write(store, Put(harbor("A", audience)))
    assert is_private_slug(load_organization(store, an_id("A")).slug)
    assert (
        find_targets(store) == find_targets(store, "first") == [an_id("A") if seer.sees(audience) else None for seer in Audience]
    )
    write(store, Put(harbor("B")))
    assert load_organization(store, an_id("B")).slug == "harbor"
    assert find_targets(store) == [an_id("B")] * 3
    with store.begin_read() as reading:
        assert load_targets_of(reading, PUBLIC, "B") == {"harbor": an_id("B")}


def test_slugs_are_released_and_taken_in_one_write(store: Store) -> None:
    write(store, Put(harbor("A")), Put(a_stored_organization("B", slug="port")), Put(a_stored_organization("C", slug="cove")))
    write(store, Put(harbor("B")), Put(harbor("A", STAFF)), Put(a_stored_organization("D", slug="cove")), Remove(an_id("C")))
    assert [load_organization(store, an_id(name)).slug for name in "BD"] == ["harbor", "cove"]


def test_a_record_that_is_published_again_gets_its_slug_back_if_it_is_free(store: Store) -> None:
    write(store, Put(harbor("A")))
    write(store, Put(harbor("A", STAFF)))
    private = load_organization(store, an_id("A")).slug
    write(store, Put(harbor("A")))
    assert load_organization(store, an_id("A")).slug == "harbor"
    write(store, Put(harbor("A", STAFF)))
    assert load_organization(store, an_id("A")).slug == private  # the one it got before
    write(store, Put(harbor("B")))
    with pytest.raises(BadInput) as refusal:
        write(store, Put(harbor("A")))
    assert refusal.value.params["argument"] == "slug"
    write(store, Put(harbor("A"), allow_other_slug=True))
    assert load_organization(store, an_id("A")).slug == private
    assert find_targets(store) == [an_id("B")] * 3


def test_a_record_that_comes_back_by_its_former_slug_is_found_again_though_another_had_it(store: Store) -> None:
    """As in a directory without the other record, which is hidden now."""
    write(store, Put(harbor("A")))
    write(store, Put(harbor("A", STAFF)))
    write(store, Put(harbor("B")))
    write(store, Put(harbor("B", STAFF)))
    write(store, Put(replace(load_organization(store, an_id("A")), audience=PUBLIC)))
    assert find_targets(store) == [an_id("A"), an_id("A"), an_id("B")]
    with pytest.raises(BadInput):
        write(store, Put(harbor("C")))  # it leads every audience to a record that it sees


def test_a_merged_record_keeps_its_slugs_while_they_lead_to_a_visible_record(store: Store) -> None:
    write(store, Put(harbor("A")), Put(a_stored_organization("B")))
    write(store, Remove(an_id("A"), survivor_id=an_id("B")))
    with pytest.raises(BadInput):
        write(store, Put(harbor("C")))
    with pytest.raises(BadInput):
        write(store, Put(harbor("C")), Put(a_stored_organization("B", summary="New.")))
    write(store, Put(harbor("C")), Put(a_stored_organization("B", audience=STAFF)))
    assert find_targets(store) == [an_id("C")] * 3


def test_a_removed_record_comes_back_with_another_slug_if_its_own_is_taken(store: Store) -> None:
    write(store, Put(harbor("A")))
    write(store, Remove(an_id("A")))
    write(store, Put(harbor("B")))
    write(store, Put(harbor("A"), allow_other_slug=True))
    assert is_private_slug(load_organization(store, an_id("A")).slug)
    assert find_targets(store) == [an_id("B")] * 3


def test_slugs_in_use_are_those_that_a_public_record_cannot_have(store: Store) -> None:
    write(
        store,
        Put(harbor("A", STAFF)),
        Put(a_stored_organization("B")),
        Put(a_stored_organization("C")),
        Put(a_stored_organization("D")),
    )
    write(
        store, Put(a_stored_organization("B", slug="bay")), Remove(an_id("C")), Put(a_stored_organization("D", audience=MEMBERS))
    )
    private = {load_organization(store, an_id(name)).slug for name in "AD"}
    with store.begin_read() as reading:
        assert reading.load_slugs_in_use() == {"bay", "b", *private}


def test_an_alias_is_saved_once(store: Store) -> None:
    """However often a record is saved with the same plain slug."""
    write(store, Put(harbor("B")))
    for summary in ("One.", "Two."):
        write(store, Put(harbor("A", STAFF, summary=summary)))
    with store.database.begin_read() as connection:
        rows = connection.execute(select(slug_aliases)).all()
    assert [tuple(row) for row in rows] == [("ORGANIZATION", "harbor", an_id("A"), "STAFF")]


def test_a_record_can_be_edited_although_its_slug_once_led_to_another_public_one(store: Store) -> None:
    write(store, Put(harbor("A")))
    write(store, Put(harbor("A", STAFF)))
    write(store, Put(harbor("B")))
    write(store, Put(a_stored_organization("A", slug="cove")))
    write(store, Put(harbor("B", summary="New.")))
    assert load_organization(store, an_id("B")).slug == "harbor"
    assert find_targets(store) == [an_id("B")] * 3
