"""An undo brings everything back as it was, private parts and slugs too, or nothing at all."""

import datetime as dt
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from directory.curation.merge import merge
from directory.curation.undo import undo
from directory.errors import BadInput, Conflict, DirectoryError, NotFound
from directory.geo import Disclosure
from directory.records import Audience, PrivatePlace, Relation, RelationKind, StoredContact, StoredOrganization
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
    record_statements,
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
def here(sqlite_url: str) -> Iterator[Store]:
    """For what no engine has a part in."""
    store = Store.open(sqlite_url)
    store.migrate()
    yield store
    store.close()


def write(store: Store, *edits: Edit) -> int:
    return store.write(edits, actor="ann", now=LATER, reason="a change").revision


def back(store: Store, revision: int, **asked: bool) -> Receipt:
    return undo(store, revision, actor="ben", now=LATEST, **asked)


def kept(store: Store) -> dict[str, StoredOrganization | None]:
    """Every record that is there, whole: as the ledger has it, with which the tables agree."""
    assert find_ledger_inconsistencies(store) == []
    return {entry.id: store.load_history(entry.id)[-1].after for entry, _ in store.load_organizations()}


def a_past(store: Store) -> StoredOrganization:
    """At revision 1: records that refer to each other, one with private parts."""
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


def test_an_edit_is_taken_back_with_its_private_parts(store: Store) -> None:
    full = a_past(store)
    before = kept(store)
    moved = tuple(replace(site, private=PrivatePlace("9 Other Street")) for site in full.sites)
    revision = write(store, Put(replace(full, summary="New.", sites=moved, contacts=(), slug="other")))
    assert kept(store) != before
    receipt = back(store, revision)
    assert receipt.revision == revision + 1
    assert kept(store) == before
    change = store.load_history(full.id)[-1]
    assert (change.actor, change.changed_at, change.reason) == ("ben", LATEST, f"undo of revision {revision}: a change")


def test_an_undo_can_be_undone(store: Store) -> None:
    full = a_past(store)
    revision = write(
        store, Put(replace(full, summary="New.", sites=(a_stored_location(private=SHELTER),))), Put(a_stored_organization("New"))
    )
    after = kept(store)
    back(store, revision)
    back(store, revision + 1)
    assert kept(store) == after
    assert store.load_history(full.id)[-1].reason == f"undo of revision {revision + 1}: undo of revision {revision}: a change"


def test_what_was_created_goes_and_what_was_removed_comes_back(store: Store) -> None:
    full = a_past(store)
    before = kept(store)
    gone = [Remove(full.id), Remove(an_id("Child")), Remove(an_id("Friend"))]
    revision = write(store, *gone, Put(a_stored_organization("New", sites=(a_stored_location(),))))
    receipt = back(store, revision)
    assert [written.outcome for written in receipt.results] == ["CREATED", "CREATED", "CREATED", "REMOVED"]
    assert kept(store) == before
    back(store, revision + 1)
    assert [entry.slug for entry, _ in store.load_organizations()] == ["new"]
    assert find_ledger_inconsistencies(store) == []


def test_a_merger_is_taken_back_with_both_records_references_and_slugs(store: Store) -> None:
    full = a_past(store)
    put_organizations(
        store, a_stored_organization("Survivor", sites=(a_stored_location(city="Macon", county=None, private=SHELTER),))
    )
    before, slugs = kept(store), store.load_slug_targets()
    receipt = merge(store, "full", "survivor", actor="ann", now=LATER, reason="the same")
    merged, led = kept(store), store.load_slug_targets()
    assert led["full"] == an_id("Survivor")
    back(store, receipt.revision, may_loosen=True)
    assert (kept(store), store.load_slug_targets()) == (before, slugs)
    back(store, receipt.revision + 1)
    assert (kept(store), store.load_slug_targets()) == (merged, led)
    assert full.id not in kept(store)


def test_what_was_changed_again_is_not_taken_back(store: Store) -> None:
    put_organizations(store, *[a_stored_organization(f"A{number}") for number in range(8)])
    revision = write(store, *[Put(a_stored_organization(f"A{number}", summary="s")) for number in range(8)])
    last = write(store, *[Put(a_stored_organization(f"A{number}", summary="t")) for number in range(7)])
    before = kept(store)
    with pytest.raises(Conflict) as refusal:
        back(store, revision)
    assert "a0, a1, a2, a3, a4 and 2 more." in refusal.value.user_message
    assert f"{last}, or change" in refusal.value.user_message
    assert refusal.value.params["current"] == last
    assert kept(store) == before
    back(store, last)
    back(store, revision)  # what was changed and changed back is as the revision left it
    assert find_ledger_inconsistencies(store) == []


@pytest.mark.parametrize("later", ["removed", "created again"])
def test_what_was_removed_or_created_since_is_not_taken_back(here: Store, later: str) -> None:
    put_organizations(here, a_stored_organization("A"))
    revision = (
        write(here, Remove(an_id("A"))) if later == "created again" else write(here, Put(a_stored_organization("A", summary="s")))
    )
    write(here, Put(a_stored_organization("A", summary="another")) if later == "created again" else Remove(an_id("A")))
    with pytest.raises(Conflict, match="Changed again since: a"):
        back(here, revision)


def test_what_was_removed_and_created_again_as_it_was_is_undone_already(here: Store) -> None:
    put_organizations(here, a_stored_organization("A"))
    revision = write(here, Remove(an_id("A")))
    again = write(here, Put(a_stored_organization("A")))
    with pytest.raises(Conflict, match=f"Revision {revision} was undone already.*undo revision {again}"):
        back(here, revision)
    back(here, again)
    assert kept(here) == {}


def test_what_was_erased_since_cannot_come_back(here: Store) -> None:
    entry = a_stored_organization("A", sites=(a_stored_location(),))
    put_organizations(here, entry)
    revision = write(here, Put(replace(entry, sites=())))
    erased = erase(here, entry.id, "cat", LATER).revision
    for number in (revision, erased):
        with pytest.raises(BadInput, match=r"erased since|gone for good"):
            back(here, number)
    # what the revision created goes without its past being needed
    back(here, write(here, Put(a_stored_organization("B"))))


@pytest.mark.parametrize(
    "tightened",
    [
        {"audience": Audience.MEMBERS},
        {"sites": (an_exact_location(id=an_id("site"), disclosure=Disclosure.CITY),)},
        {"contacts": (StoredContact(role="office", email="a@example.org", audience=Audience.STAFF),)},
    ],
)
def test_nothing_is_shown_to_more_people_unasked(here: Store, tightened: dict[str, object]) -> None:
    office = StoredContact(role="office", email="a@example.org", audience=Audience.PUBLIC)
    entry = a_stored_organization("A", sites=(an_exact_location(id=an_id("site")),), contacts=(office,))
    put_organizations(here, entry)
    before = kept(here)
    revision = write(here, Put(replace(entry, **tightened)))
    with pytest.raises(BadInput, match="to more people") as refusal:
        back(here, revision)
    assert refusal.value.params["problems"]
    back(here, revision, may_loosen=True)
    assert kept(here) == before
    back(here, revision + 1)


def test_a_revision_that_named_the_network_or_never_was_is_refused(here: Store) -> None:
    put_organizations(here, a_stored_organization("A"))
    here.write([], actor="ann", now=LATER, reason="named", network=Network(an_id("A")))
    with pytest.raises(BadInput, match="whose directory"):
        back(here, 2)
    for never in (0, 3, -1):
        with pytest.raises(NotFound, match=r"its last is 2\. `directory history SLUG` lists"):
            back(here, never)


def test_what_others_refer_to_by_now_stays(here: Store) -> None:
    put_organizations(here, a_stored_organization("Parent"))
    write(here, Put(a_stored_organization("Child", parent=an_id("Parent"))))
    with pytest.raises(BadInput, match="child still refers"):
        back(here, 1)


def test_what_another_record_claimed_since_stays_with_it(here: Store) -> None:
    site = a_stored_location()
    put_organizations(here, a_stored_organization("A", sites=(site,)))
    revision = write(here, Remove(an_id("A")))
    write(here, Put(a_stored_organization("B", sites=(site,))))
    with pytest.raises(DirectoryError, match="belongs to another"):
        back(here, revision)


@pytest.mark.slow
def test_many_records_are_taken_back_with_few_questions(here: Store) -> None:
    """What a large import did is asked for in chunks, not record by record."""
    entries = [a_stored_organization(f"A{number}", sites=(a_stored_location(private=SHELTER),)) for number in range(1200)]
    put_organizations(here, *entries)
    revision = write(here, *(Put(replace(entry, summary="s")) for entry in entries))
    with record_statements(here) as sent:
        receipt = back(here, revision)
    assert len(receipt.results) == len(entries)
    assert len(sent) < 100
    assert all(change.after and change.after.sites[0].private == SHELTER for change in here.load_history(entries[-1].id))
    back(here, revision + 1)
    back(here, revision + 2)
    assert find_ledger_inconsistencies(here) == []
