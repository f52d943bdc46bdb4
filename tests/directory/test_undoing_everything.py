"""Any revision can be undone by following the advice of the refusals, whatever happened after it."""

from collections.abc import Iterator
from contextlib import suppress
from random import Random

import pytest
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from directory.curation.merge import merge
from directory.curation.undo import undo
from directory.errors import BadInput, Conflict, DirectoryError
from directory.live import Directory
from directory.records import Audience, PrivatePlace, Relation, RelationKind, StoredOrganization
from directory.store.ledger.edits import Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization, an_id
from tests.directory.store.conftest import clear_store
from tests.directory.store.stored_organizations import a_stored_location, put_organizations

NAMES = ("Alder", "Birch", "Cedar", "Dogwood")


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    store = Store.open(sqlite_url)
    store.migrate()
    yield store
    store.close()


def revert(store: Store, revision: int) -> None:
    undo(Directory(store), revision, actor="ben", now=NOW, may_loosen=True)


def follow_advice(store: Store, revision: int) -> int:
    """Undo the revision, and before it every revision that a refusal names. Return the number of undos.

    A revision that was already undone stays undone.
    """
    limit, undo_count = store.load_head().revision + 1, 0
    pending = [revision]
    while pending:
        assert undo_count <= limit
        assert len(pending) <= limit
        try:
            revert(store, pending[-1])
        except (BadInput, Conflict) as refusal:
            if refusal.params.get("is_undone") and len(pending) == 1:
                return undo_count
            pending.append(int(str(refusal.params["current"])))
        else:
            undo_count += 1
            pending.pop()
    return undo_count


def test_an_import_is_undone_after_a_merge_and_its_undo(database_url: str) -> None:
    store = Store.open(database_url)
    store.migrate()
    put_organizations(store, a_stored_organization("Before"))
    imported = put_organizations(
        store, a_stored_organization("Alder", sites=(a_stored_location(),)), a_stored_organization("Birch", languages=("es",))
    ).revision
    merged = merge(Directory(store), "birch", "alder", actor="ann", now=NOW).revision
    revert(store, merged)
    revert(store, imported)
    assert [entry.name for entry, _ in store.load_organizations()] == ["Before"]
    assert find_ledger_inconsistencies(store) == []
    store.close()


def test_the_advice_skips_revisions_that_were_undone(sqlite_store: Store) -> None:
    imported = put_organizations(sqlite_store, a_stored_organization("Alder"), a_stored_organization("Birch")).revision
    edited = put_organizations(sqlite_store, a_stored_organization("Alder", summary="s")).revision
    merged = merge(Directory(sqlite_store), "birch", "alder", actor="ann", now=NOW).revision
    revert(sqlite_store, merged)
    with pytest.raises(Conflict, match=f"starting with {edited}, or"):
        revert(sqlite_store, imported)
    revert(sqlite_store, edited)
    revert(sqlite_store, imported)
    assert list(sqlite_store.load_organizations()) == []


def test_undoing_twice_is_refused_with_advice_how_to_restore(sqlite_store: Store) -> None:
    revision = put_organizations(sqlite_store, a_stored_organization("Alder")).revision
    revert(sqlite_store, revision)
    with pytest.raises(Conflict, match=f"Revision {revision} was already undone.*undo revision {revision + 1}") as refusal:
        revert(sqlite_store, revision)
    assert refusal.value.params["is_undone"] is True
    revert(sqlite_store, revision + 1)
    assert [entry.name for entry, _ in sqlite_store.load_organizations()] == ["Alder"]


def test_a_record_restored_by_hand_does_not_block_an_undo(sqlite_store: Store) -> None:
    entry = a_stored_organization("Alder", sites=(a_stored_location(private=PrivatePlace("1 Hidden Lane")),))
    revision = put_organizations(sqlite_store, entry, a_stored_organization("Birch")).revision
    moved = replace(entry, sites=(replace(entry.sites[0], private=PrivatePlace("2 Other Street")),))
    put_organizations(sqlite_store, moved)
    with pytest.raises(Conflict):  # only a private part differs
        revert(sqlite_store, revision)
    put_organizations(sqlite_store, entry)
    revert(sqlite_store, revision)
    assert list(sqlite_store.load_organizations()) == []


def test_a_referenced_record_is_not_removed_and_the_refusal_names_the_revision(sqlite_store: Store) -> None:
    put_organizations(sqlite_store, a_stored_organization("Alder"))
    put_organizations(sqlite_store, a_stored_organization("Birch", parent=an_id("Alder")))
    put_organizations(sqlite_store, a_stored_organization("Cedar"))
    with pytest.raises(BadInput, match=r"birch still refers .* Or undo revision 2 first") as refusal:
        revert(sqlite_store, 1)
    assert refusal.value.params["current"] == 2


# ---------------------------------------------------------------- random histories


def _draw_record(random: Random, name: str) -> StoredOrganization:
    others = [None, None, *(an_id(other) for other in NAMES if other != name)]
    parent, partner, word = random.choice(others), random.choice(others), random.choice("ab")
    return a_stored_organization(
        name,
        summary=word,
        parent=parent,
        relations=(Relation(RelationKind.PARTNER, partner),) if partner else (),
        audience=random.choice([Audience.PUBLIC, Audience.PUBLIC, Audience.STAFF]),
        sites=(a_stored_location(id=an_id(f"site of {name}"), private=PrivatePlace(f"1 {random.choice('ab')} Lane")),),
    )


def _perform_random_action(store: Store, random: Random) -> None:
    """Write some records, remove one, merge two, or undo a revision."""
    kind = random.choices(["write", "remove", "merge", "undo"], [5, 1, 1, 5])[0]
    names = random.sample(NAMES, random.randint(1, 3))
    if kind == "write":
        put_organizations(store, *(_draw_record(random, name) for name in names))
    elif kind == "remove":
        store.write([Remove(an_id(names[0]))], actor="ann", now=NOW, reason="gone")
    elif kind == "merge":
        merge(Directory(store), an_id(names[0]), an_id(names[-1]), actor="ann", now=NOW)
    else:
        revert(store, random.randint(max(store.load_head().revision - 5, 1), max(store.load_head().revision, 1)))


def _write_random_history(store: Store, seed: int) -> Random:
    random = Random(seed)  # noqa: S311 - no secret
    clear_store(store)
    for _ in range(random.randint(4, 24)):
        with suppress(DirectoryError):  # a refused action changes nothing
            _perform_random_action(store, random)
    return random


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('undoing') / 'directory.sqlite3'}")
    yield store
    store.close()


@pytest.mark.slow
@settings(max_examples=30, deadline=None, derandomize=True)  # the same histories on every machine
@given(st.integers(0, 2**32))
@example(3_341_974_377)  # what one revision did is reversed and done again, and in between the record that it needs is removed
def test_following_the_advice_undoes_any_revision(one_store: Store, seed: int) -> None:
    random = _write_random_history(one_store, seed)
    last = one_store.load_head().revision
    revision = random.randint(1, max(last // 2, 1))
    if last:
        steps = follow_advice(one_store, revision)
        event(f"{min(steps, 4)} undos")
        assert steps <= last
        assert find_ledger_inconsistencies(one_store) == []


@pytest.mark.slow
@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
@example(2_000_000)  # a record and the one it was merged into are removed together
@example(6_505_988)
def test_when_everything_is_undone_the_directory_is_empty(one_store: Store, seed: int) -> None:
    _write_random_history(one_store, seed)
    for revision in range(one_store.load_head().revision, 0, -1):
        follow_advice(one_store, revision)
    assert list(one_store.load_organizations()) == []
    assert find_ledger_inconsistencies(one_store) == []
