"""A merged record leads to its survivor, and on to the survivor's survivor, for audiences that saw it."""

import pytest
from msgspec.structs import replace

from directory.errors import BadInput, DirectoryError
from directory.records import Audience, Identifier, PrivatePlace, StoredOrganization
from directory.store.ledger.edits import Edit, LedgerKind, Network, Put, Remove
from directory.store.ledger.erase import erase
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization, an_id
from tests.directory.store.stored_organizations import LATER, a_stored_location, load_targets_of, put_organizations

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF


def write(store: Store, *edits: Edit) -> None:
    store.write(edits, actor="tester", now=LATER, reason="a test")


def merge(store: Store, loser: str, survivor: str) -> None:
    write(store, Remove(an_id(loser), survivor_id=an_id(survivor)))


def load_slug_targets(store: Store, audience: Audience = STAFF) -> dict[str, str]:
    assert find_ledger_inconsistencies(store) == []
    return store.load_slug_targets(audience)


def test_slugs_lead_to_the_survivor_and_on(store: Store) -> None:
    put_organizations(store, *[a_stored_organization(name) for name in "ABCD"])
    put_organizations(store, replace(a_stored_organization("A"), slug="a-2"))
    merge(store, "A", "B")
    assert load_slug_targets(store) == {"a": an_id("B"), "a-2": an_id("B"), "b": an_id("B"), "c": an_id("C"), "d": an_id("D")}
    merge(store, "B", "C")
    assert load_slug_targets(store) == {**dict.fromkeys(["a", "a-2", "b", "c"], an_id("C")), "d": an_id("D")}
    with store.begin_read() as reading:
        assert reading.load_final_survivors() == {an_id("A"): an_id("C"), an_id("B"): an_id("C")}
        # a snapshot updater gets every slug that leads through a changed record
        assert set(load_targets_of(reading, STAFF, "B")) == {"a", "a-2", "b"}
        assert set(load_targets_of(reading, STAFF, "C")) == {"a", "a-2", "b", "c"}
        assert set(load_targets_of(reading, STAFF, "A")) == {"a", "a-2"}


def test_a_record_that_comes_back_leads_to_itself(store: Store) -> None:
    put_organizations(store, *[a_stored_organization(name) for name in "ABC"])
    merge(store, "A", "B")
    merge(store, "B", "C")
    put_organizations(store, a_stored_organization("B"), now=LATER)
    assert load_slug_targets(store) == {"a": an_id("B"), "b": an_id("B"), "c": an_id("C")}
    assert [(change.kind, change.merged_into) for change in store.load_history(an_id("B"))] == [
        (LedgerKind.CREATED, None),
        (LedgerKind.REMOVED, an_id("C")),
        (LedgerKind.CREATED, an_id("C")),
    ]


def test_slugs_lead_to_a_survivor_that_was_removed(store: Store) -> None:
    put_organizations(store, *[a_stored_organization(name) for name in "AB"])
    merge(store, "A", "B")
    write(store, Remove(an_id("B")))
    assert load_slug_targets(store) == {"a": an_id("B"), "b": an_id("B")}
    assert list(store.load_organizations()) == []


@pytest.mark.parametrize("shown_to", list(Audience))
def test_a_slug_leads_on_only_for_audiences_that_saw_the_record_when_it_was_merged(store: Store, shown_to: Audience) -> None:
    put_organizations(store, a_stored_organization("A"), a_stored_organization("B"))
    put_organizations(store, a_stored_organization("A", audience=shown_to), now=LATER)
    merge(store, "A", "B")
    leads = [load_slug_targets(store, audience)["a"] == an_id("B") for audience in Audience]
    assert leads == [audience.sees(shown_to) for audience in Audience]


def test_a_slug_does_not_lead_on_through_a_record_that_the_audience_did_not_see(store: Store) -> None:
    put_organizations(store, a_stored_organization("A"), a_stored_organization("B", audience=STAFF), a_stored_organization("C"))
    merge(store, "A", "B")
    merge(store, "B", "C")
    assert [load_slug_targets(store, audience)["a"] for audience in Audience] == [an_id("B"), an_id("B"), an_id("C")]


def test_private_places_move_with_their_locations(store: Store) -> None:
    mine, theirs = (
        a_stored_location(private=PrivatePlace("1 My Street")),
        a_stored_location(city="Macon", county=None, private=PrivatePlace("2 Their Street")),
    )
    put_organizations(store, a_stored_organization("A", sites=(mine,)), a_stored_organization("B", sites=(theirs,)))
    both = a_stored_organization("A", sites=(replace(mine, private=None), replace(theirs, private=None)))
    write(store, Put(both), Remove(an_id("B"), survivor_id=an_id("A")))
    after = store.load_history(an_id("A"))[-1].after
    assert after
    assert [location.private for location in after.sites] == [mine.private, theirs.private]
    assert find_ledger_inconsistencies(store) == []


def test_private_places_do_not_move_without_a_merge(store: Store) -> None:
    location = a_stored_location(private=PrivatePlace("2 Their Street"))
    put_organizations(store, a_stored_organization("A"), a_stored_organization("B", sites=(location,)))
    write(store, Put(a_stored_organization("A", sites=(replace(location, private=None),))), Remove(an_id("B")))
    after = store.load_history(an_id("A"))[-1].after
    assert after
    assert after.sites[0].private == PrivatePlace()


def test_identifiers_and_sites_can_move_to_the_survivor(store: Store) -> None:
    shared = {"identifiers": (Identifier("US-EIN", "52-1633883"),), "sites": (a_stored_location(),)}
    put_organizations(store, a_stored_organization("A"), a_stored_organization("B", **shared))
    write(store, Put(a_stored_organization("A", **shared)), Remove(an_id("B"), survivor_id=an_id("A")))
    assert find_ledger_inconsistencies(store) == []


IMPOSSIBLE_MERGES: dict[str, list[Edit]] = {
    "into itself": [Remove(an_id("A"), survivor_id=an_id("A"))],
    "into an unknown id": [Remove(an_id("A"), survivor_id=an_id("nobody"))],
    "into one that is removed too": [Remove(an_id("A"), survivor_id=an_id("B")), Remove(an_id("B"))],
    "into each other": [Remove(an_id("A"), survivor_id=an_id("B")), Remove(an_id("B"), survivor_id=an_id("A"))],
    "one that others refer to": [Remove(an_id("Parent"), survivor_id=an_id("B"))],
    "one that was merged": [Remove(an_id("Gone"), survivor_id=an_id("B"))],
    "the network's own": [Remove(an_id("Own"), survivor_id=an_id("B"))],
}


@pytest.mark.parametrize("name", IMPOSSIBLE_MERGES)
def test_an_impossible_merge_is_rejected(store: Store, name: str) -> None:
    records: list[StoredOrganization] = [a_stored_organization(name) for name in ("A", "B", "Parent", "Gone", "Own")]
    put_organizations(store, *records, a_stored_organization("Child", parent=an_id("Parent")))
    store.write([], actor="tester", now=NOW, reason="a test", network=Network(an_id("Own")))
    merge(store, "Gone", "A")
    with pytest.raises(DirectoryError):
        write(store, *IMPOSSIBLE_MERGES[name])
    assert load_slug_targets(store)["gone"] == an_id("A")


def test_the_survivor_may_be_created_in_the_same_write(store: Store) -> None:
    put_organizations(store, a_stored_organization("A"))
    write(store, Put(a_stored_organization("B")), Remove(an_id("A"), survivor_id=an_id("B")))
    assert load_slug_targets(store)["a"] == an_id("B")


def test_a_slug_of_a_merged_record_cannot_be_taken(store: Store) -> None:
    put_organizations(store, a_stored_organization("A"), a_stored_organization("B"))
    merge(store, "A", "B")
    with pytest.raises(BadInput, match="slug a belongs"):
        put_organizations(store, replace(a_stored_organization("C"), slug="a"))


def test_merged_records_are_erased_with_the_survivor(store: Store) -> None:
    put_organizations(
        store,
        *[a_stored_organization(name, sites=(a_stored_location(private=PrivatePlace(f"1 {name} Street")),)) for name in "ABCD"],
    )
    merge(store, "A", "B")
    merge(store, "B", "C")
    assert erase(store, an_id("C"), "tester", LATER).purged_count == 5
    for name in "ABC":
        assert all(change.is_erased for change in store.load_history(an_id(name)))
    assert not any(change.is_erased for change in store.load_history(an_id("D")))
    assert find_ledger_inconsistencies(store) == []


def test_a_merged_record_can_be_erased_alone(store: Store) -> None:
    put_organizations(store, *[a_stored_organization(name, sites=(a_stored_location(),)) for name in "AB"])
    merge(store, "A", "B")
    erase(store, an_id("A"), "tester", LATER)
    assert [change.is_erased for change in store.load_history(an_id("B"))] == [False]
    assert find_ledger_inconsistencies(store) == []
