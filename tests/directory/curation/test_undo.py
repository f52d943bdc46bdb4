"""Undo restores everything as it was, with private parts and slugs, or changes nothing."""

import datetime as dt
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from benchmarks.edits.edit_latency import record_statements
from directory.curation.merge import merge
from directory.curation.undo import undo
from directory.errors import BadInput, Conflict, DirectoryError, NotFound
from directory.geo import Disclosure
from directory.live import Directory
from directory.records import Audience, PrivatePlace, Relation, RelationKind, StoredContact, StoredOrganization, StoredRecord
from directory.store.ledger.edits import Edit, Network, Put, Receipt, Remove
from directory.store.ledger.erase import erase
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from tests.builders import a_stored_organization, an_id
from tests.directory.store.stored_organizations import (
    LATER,
    a_full_organization,
    a_stored_location,
    an_exact_location,
    put_organizations,
)

SHELTER = PrivatePlace("1 Hidden Lane")
LATEST = LATER + dt.timedelta(days=1)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store.open(database_url)
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """A store for tests that do not depend on the database engine."""
    store = Store.open(sqlite_url)
    store.migrate()
    yield store
    store.close()


def write(store: Store, *edits: Edit) -> int:
    return store.write(edits, actor="ann", now=LATER, reason="a change").revision


def revert(store: Store, revision: int, **options: bool) -> Receipt:
    return undo(Directory(store), revision, actor="ben", now=LATEST, **options)


def load_records(store: Store) -> dict[str, StoredRecord | None]:
    """Return every current record as the ledger has it, by id, after checking that the tables agree."""
    assert find_ledger_inconsistencies(store) == []
    return {entry.id: store.load_history(entry.id)[-1].after for entry, _ in store.load_organizations()}


def write_past(store: Store) -> StoredOrganization:
    """Write revision 1: records that refer to each other, one of them with private parts. Return that one."""
    macon = {"city": "Macon", "county": "US-GA-021", "postal_code": "31201"}
    full = a_full_organization(
        sites=(a_stored_location(name="Shelter"), an_exact_location(name="Office", is_primary=True, **macon))
    )
    put_organizations(
        store,
        full,
        a_stored_organization("Child", parent=full.id),
        a_stored_organization("Friend", relations=(Relation(RelationKind.SISTER, full.id),)),
    )
    return full


def test_undoing_an_edit_restores_private_parts(store: Store) -> None:
    full = write_past(store)
    before = load_records(store)
    moved = tuple(replace(site, private=PrivatePlace("9 Other Street")) for site in full.sites)
    revision = write(store, Put(replace(full, summary="New.", sites=moved, contacts=(), slug="other")))
    assert load_records(store) != before
    receipt = revert(store, revision)
    assert receipt.revision == revision + 1
    assert load_records(store) == before
    change = store.load_history(full.id)[-1]
    assert (change.actor, change.changed_at, change.reason) == ("ben", LATEST, f"undo of revision {revision}: a change")


def test_an_undo_can_be_undone(store: Store) -> None:
    full = write_past(store)
    revision = write(
        store, Put(replace(full, summary="New.", sites=(a_stored_location(private=SHELTER),))), Put(a_stored_organization("New"))
    )
    after = load_records(store)
    revert(store, revision)
    revert(store, revision + 1)
    assert load_records(store) == after
    assert store.load_history(full.id)[-1].reason == f"undo of revision {revision + 1}: undo of revision {revision}: a change"


def test_created_records_are_removed_and_removed_records_restored(store: Store) -> None:
    full = write_past(store)
    before = load_records(store)
    removals = [Remove(full.id), Remove(an_id("Child")), Remove(an_id("Friend"))]
    revision = write(store, *removals, Put(a_stored_organization("New", sites=(a_stored_location(),))))
    receipt = revert(store, revision)
    assert [written.outcome for written in receipt.results] == ["CREATED", "CREATED", "CREATED", "REMOVED"]
    assert load_records(store) == before
    revert(store, revision + 1)
    assert [entry.slug for entry, _ in store.load_organizations()] == ["new"]
    assert find_ledger_inconsistencies(store) == []


def test_undoing_a_merge_restores_both_records_references_and_slugs(store: Store) -> None:
    full = write_past(store)
    put_organizations(
        store, a_stored_organization("Survivor", sites=(a_stored_location(city="Macon", county=None, private=SHELTER),))
    )
    before, slugs = load_records(store), store.load_slug_targets()
    receipt = merge(Directory(store), "full", "survivor", actor="ann", now=LATER, reason="the same")
    merged, merged_slugs = load_records(store), store.load_slug_targets()
    assert merged_slugs["full"] == an_id("Survivor")
    revert(store, receipt.revision, may_loosen=True)
    assert (load_records(store), store.load_slug_targets()) == (before, slugs)
    revert(store, receipt.revision + 1)
    assert (load_records(store), store.load_slug_targets()) == (merged, merged_slugs)
    assert full.id not in load_records(store)


def test_records_changed_later_are_not_reverted(store: Store) -> None:
    put_organizations(store, *[a_stored_organization(f"A{number}") for number in range(8)])
    revision = write(store, *[Put(a_stored_organization(f"A{number}", summary="s")) for number in range(8)])
    last = write(store, *[Put(a_stored_organization(f"A{number}", summary="t")) for number in range(7)])
    before = load_records(store)
    with pytest.raises(Conflict) as refusal:
        revert(store, revision)
    assert "a0, a1, a2, a3, a4 and 2 more." in refusal.value.user_message
    assert f"starting with {last}, or change" in refusal.value.user_message
    assert refusal.value.params["current"] == last
    assert load_records(store) == before
    revert(store, last)
    revert(store, revision)  # the later change was reverted, so the records are as this revision left them
    assert find_ledger_inconsistencies(store) == []


@pytest.mark.parametrize("later", ["removed", "created again"])
def test_records_removed_or_created_later_are_not_reverted(sqlite_store: Store, later: str) -> None:
    put_organizations(sqlite_store, a_stored_organization("A"))
    revision = (
        write(sqlite_store, Remove(an_id("A")))
        if later == "created again"
        else write(sqlite_store, Put(a_stored_organization("A", summary="s")))
    )
    write(sqlite_store, Put(a_stored_organization("A", summary="another")) if later == "created again" else Remove(an_id("A")))
    with pytest.raises(Conflict, match="changed later: a"):
        revert(sqlite_store, revision)


def test_a_removal_followed_by_the_same_creation_counts_as_undone(sqlite_store: Store) -> None:
    put_organizations(sqlite_store, a_stored_organization("A"))
    revision = write(sqlite_store, Remove(an_id("A")))
    again = write(sqlite_store, Put(a_stored_organization("A")))
    with pytest.raises(Conflict, match=f"Revision {revision} was already undone.*undo revision {again}"):
        revert(sqlite_store, revision)
    revert(sqlite_store, again)
    assert load_records(sqlite_store) == {}


def test_erased_parts_cannot_be_restored(sqlite_store: Store) -> None:
    entry = a_stored_organization("A", sites=(a_stored_location(),))
    put_organizations(sqlite_store, entry)
    revision = write(sqlite_store, Put(replace(entry, sites=())))
    erased = erase(sqlite_store, entry.id, "cat", LATER).revision
    for number in (revision, erased):
        with pytest.raises(BadInput, match=r"erased later|erased private data"):
            revert(sqlite_store, number)
    # removing a record that the revision created does not need its past
    revert(sqlite_store, write(sqlite_store, Put(a_stored_organization("B"))))


@pytest.mark.parametrize(
    "tightened",
    [
        {"audience": Audience.MEMBERS},
        {"sites": (an_exact_location(id=an_id("site"), disclosure=Disclosure.CITY),)},
        {"contacts": (StoredContact(role="office", email="a@example.org", audience=Audience.STAFF),)},
    ],
)
def test_nothing_is_shown_to_more_people_unless_allowed(sqlite_store: Store, tightened: dict[str, object]) -> None:
    office = StoredContact(role="office", email="a@example.org", audience=Audience.PUBLIC)
    entry = a_stored_organization("A", sites=(an_exact_location(id=an_id("site")),), contacts=(office,))
    put_organizations(sqlite_store, entry)
    before = load_records(sqlite_store)
    revision = write(sqlite_store, Put(replace(entry, **tightened)))
    with pytest.raises(BadInput, match="to more people") as refusal:
        revert(sqlite_store, revision)
    assert refusal.value.params["problems"]
    revert(sqlite_store, revision, may_loosen=True)
    assert load_records(sqlite_store) == before
    revert(sqlite_store, revision + 1)


def test_a_revision_that_set_the_network_or_does_not_exist_is_refused(sqlite_store: Store) -> None:
    put_organizations(sqlite_store, a_stored_organization("A"))
    sqlite_store.write([], actor="ann", now=LATER, reason="named", network=Network(an_id("A")))
    with pytest.raises(BadInput, match="set the network that owns"):
        revert(sqlite_store, 2)
    for missing in (0, 3, -1):
        with pytest.raises(NotFound, match=r"last one is 2\. To list a record's revisions: directory history SLUG"):
            revert(sqlite_store, missing)


def test_a_record_that_others_refer_to_is_not_removed(sqlite_store: Store) -> None:
    put_organizations(sqlite_store, a_stored_organization("Parent"))
    write(sqlite_store, Put(a_stored_organization("Child", parent=an_id("Parent"))))
    with pytest.raises(BadInput, match="child still refers"):
        revert(sqlite_store, 1)


def test_a_location_id_claimed_by_another_record_is_not_taken_back(sqlite_store: Store) -> None:
    site = a_stored_location()
    put_organizations(sqlite_store, a_stored_organization("A", sites=(site,)))
    revision = write(sqlite_store, Remove(an_id("A")))
    write(sqlite_store, Put(a_stored_organization("B", sites=(site,))))
    with pytest.raises(DirectoryError, match="belongs to another"):
        revert(sqlite_store, revision)


@pytest.mark.slow
def test_many_records_are_reverted_with_few_statements(sqlite_store: Store) -> None:
    """The changes of a large import are loaded in chunks, not record by record."""
    entries = [a_stored_organization(f"A{number}", sites=(a_stored_location(private=SHELTER),)) for number in range(1200)]
    put_organizations(sqlite_store, *entries)
    revision = write(sqlite_store, *(Put(replace(entry, summary="s")) for entry in entries))
    with record_statements(sqlite_store) as statements:
        receipt = revert(sqlite_store, revision)
    assert len(receipt.results) == len(entries)
    assert len(statements) < 100
    assert all(change.after and change.after.sites[0].private == SHELTER for change in sqlite_store.load_history(entries[-1].id))
    revert(sqlite_store, revision + 1)
    revert(sqlite_store, revision + 2)
    assert find_ledger_inconsistencies(sqlite_store) == []
