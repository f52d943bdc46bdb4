"""An undo brings everything back as it was, private parts and slugs too, or nothing at all."""

import datetime as dt
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from directory.errors import BadInput, Conflict, DirectoryError, NotFound
from directory.geo import Disclosure
from directory.merging import merge
from directory.records import Audience, Entry, KeptContact, PrivatePlace, Relation, RelationKind
from directory.store import Edit, Network, Put, Receipt, Remove, Store, disagreements, erase
from directory.undoing import undo
from tests.builders import an_entry, an_id
from tests.directory.store.entries import LATER, a_full_entry, a_site, an_open_site, put, statements

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


def kept(store: Store) -> dict[str, Entry | None]:
    """Every record that is there, whole: as the ledger has it, with which the tables agree."""
    assert disagreements(store) == []
    return {entry.id: store.history(entry.id)[-1].after for entry, _ in store.entries()}


def a_past(store: Store) -> Entry:
    """At revision 1: records that refer to each other, one with private parts."""
    macon = {"city": "Macon", "county": "US-GA-021", "postal_code": "31201"}
    full = a_full_entry(sites=(a_site(name="Shelter"), an_open_site(name="Office", is_primary=True, **macon)))
    put(store, full, an_entry("Child", parent=full.id), an_entry("Friend", relations=(Relation(RelationKind.SISTER, full.id),)))
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
    change = store.history(full.id)[-1]
    assert (change.actor, change.at, change.reason) == ("ben", LATEST, f"undo of revision {revision}: a change")


def test_an_undo_can_be_undone(store: Store) -> None:
    full = a_past(store)
    revision = write(store, Put(replace(full, summary="New.", sites=(a_site(private=SHELTER),))), Put(an_entry("New")))
    after = kept(store)
    back(store, revision)
    back(store, revision + 1)
    assert kept(store) == after
    assert store.history(full.id)[-1].reason == f"undo of revision {revision + 1}: undo of revision {revision}: a change"


def test_what_was_created_goes_and_what_was_removed_comes_back(store: Store) -> None:
    full = a_past(store)
    before = kept(store)
    gone = [Remove(full.id), Remove(an_id("Child")), Remove(an_id("Friend"))]
    revision = write(store, *gone, Put(an_entry("New", sites=(a_site(),))))
    receipt = back(store, revision)
    assert [written.outcome for written in receipt.results] == ["CREATED", "CREATED", "CREATED", "REMOVED"]
    assert kept(store) == before
    back(store, revision + 1)
    assert [entry.slug for entry, _ in store.entries()] == ["new"]
    assert disagreements(store) == []


def test_a_merger_is_taken_back_with_both_records_references_and_slugs(store: Store) -> None:
    full = a_past(store)
    put(store, an_entry("Survivor", sites=(a_site(city="Macon", county=None, private=SHELTER),)))
    before, slugs = kept(store), store.slugs()
    receipt = merge(store, "full", "survivor", actor="ann", now=LATER, reason="the same")
    merged, led = kept(store), store.slugs()
    assert led["full"] == an_id("Survivor")
    back(store, receipt.revision, may_loosen=True)
    assert (kept(store), store.slugs()) == (before, slugs)
    back(store, receipt.revision + 1)
    assert (kept(store), store.slugs()) == (merged, led)
    assert full.id not in kept(store)


def test_what_was_changed_again_is_not_taken_back(store: Store) -> None:
    put(store, *[an_entry(f"A{number}") for number in range(8)])
    revision = write(store, *[Put(an_entry(f"A{number}", summary="s")) for number in range(8)])
    last = write(store, *[Put(an_entry(f"A{number}", summary="t")) for number in range(7)])
    before = kept(store)
    with pytest.raises(Conflict) as refusal:
        back(store, revision)
    assert "a0, a1, a2, a3, a4 and 2 more." in refusal.value.sentence
    assert f"{last}, or change" in refusal.value.sentence
    assert refusal.value.params["current"] == last
    assert kept(store) == before
    back(store, last)
    back(store, revision)  # what was changed and changed back is as the revision left it
    assert disagreements(store) == []


@pytest.mark.parametrize("later", ["removed", "created again"])
def test_what_was_removed_or_created_since_is_not_taken_back(here: Store, later: str) -> None:
    put(here, an_entry("A"))
    revision = write(here, Remove(an_id("A"))) if later == "created again" else write(here, Put(an_entry("A", summary="s")))
    write(here, Put(an_entry("A", summary="another")) if later == "created again" else Remove(an_id("A")))
    with pytest.raises(Conflict, match="Changed again since: a"):
        back(here, revision)


def test_what_was_removed_and_created_again_as_it_was_is_undone_already(here: Store) -> None:
    put(here, an_entry("A"))
    revision = write(here, Remove(an_id("A")))
    again = write(here, Put(an_entry("A")))
    with pytest.raises(Conflict, match=f"Revision {revision} was undone already.*undo revision {again}"):
        back(here, revision)
    back(here, again)
    assert kept(here) == {}


def test_what_was_erased_since_cannot_come_back(here: Store) -> None:
    entry = an_entry("A", sites=(a_site(),))
    put(here, entry)
    revision = write(here, Put(replace(entry, sites=())))
    erased = erase(here, entry.id, "cat", LATER).revision
    for number in (revision, erased):
        with pytest.raises(BadInput, match=r"erased since|gone for good"):
            back(here, number)
    # what the revision created goes without its past being needed
    back(here, write(here, Put(an_entry("B"))))


@pytest.mark.parametrize(
    "tightened",
    [
        {"audience": Audience.MEMBERS},
        {"sites": (an_open_site(id=an_id("site"), disclosure=Disclosure.CITY),)},
        {"contacts": (KeptContact(role="office", email="a@example.org", audience=Audience.STAFF),)},
    ],
)
def test_nothing_is_shown_to_more_people_unasked(here: Store, tightened: dict[str, object]) -> None:
    office = KeptContact(role="office", email="a@example.org", audience=Audience.PUBLIC)
    entry = an_entry("A", sites=(an_open_site(id=an_id("site")),), contacts=(office,))
    put(here, entry)
    before = kept(here)
    revision = write(here, Put(replace(entry, **tightened)))
    with pytest.raises(BadInput, match="to more people") as refusal:
        back(here, revision)
    assert refusal.value.params["problems"]
    back(here, revision, may_loosen=True)
    assert kept(here) == before
    back(here, revision + 1)


def test_a_revision_that_named_the_network_or_never_was_is_refused(here: Store) -> None:
    put(here, an_entry("A"))
    here.write([], actor="ann", now=LATER, reason="named", network=Network(an_id("A")))
    with pytest.raises(BadInput, match="whose directory"):
        back(here, 2)
    for never in (0, 3, -1):
        with pytest.raises(NotFound, match=r"its last is 2\. `directory history SLUG` lists"):
            back(here, never)


def test_what_others_refer_to_by_now_stays(here: Store) -> None:
    put(here, an_entry("Parent"))
    write(here, Put(an_entry("Child", parent=an_id("Parent"))))
    with pytest.raises(BadInput, match="child still refers"):
        back(here, 1)


def test_what_another_record_claimed_since_stays_with_it(here: Store) -> None:
    site = a_site()
    put(here, an_entry("A", sites=(site,)))
    revision = write(here, Remove(an_id("A")))
    write(here, Put(an_entry("B", sites=(site,))))
    with pytest.raises(DirectoryError, match="belongs to another"):
        back(here, revision)


@pytest.mark.slow
def test_many_records_are_taken_back_with_few_questions(here: Store) -> None:
    """What a large import did is asked for in chunks, not record by record."""
    entries = [an_entry(f"A{number}", sites=(a_site(private=SHELTER),)) for number in range(1200)]
    put(here, *entries)
    revision = write(here, *(Put(replace(entry, summary="s")) for entry in entries))
    with statements(here) as sent:
        receipt = back(here, revision)
    assert len(receipt.results) == len(entries)
    assert len(sent) < 100
    assert all(change.after and change.after.sites[0].private == SHELTER for change in here.history(entries[-1].id))
    back(here, revision + 1)
    back(here, revision + 2)
    assert disagreements(here) == []
