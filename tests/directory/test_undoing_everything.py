"""Undoing can always finish: whoever undoes what a refusal names gets there, whatever happened in between."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from directory.errors import BadInput, Conflict, DirectoryError
from directory.merging import merge
from directory.records import Audience, Entry, PrivatePlace, Relation, RelationKind
from directory.store import Put, Remove, Store, disagreements
from directory.undoing import undo
from tests.builders import NOW, an_entry, an_id
from tests.directory.store.conftest import empty
from tests.directory.store.entries import a_site, put

NAMES = ("Alder", "Birch", "Cedar", "Dogwood")


def back(store: Store, revision: int) -> None:
    undo(store, revision, actor="ben", now=NOW, may_loosen=True)


def follow_advice(store: Store, revision: int) -> int:
    """Undoes the revision, and first whatever a refusal names; returns how many undos it took. Leaves an undone one undone."""
    most, done = store.head().revision + 1, 0
    wanted = [revision]
    while wanted:
        assert done <= most
        assert len(wanted) <= most
        try:
            back(store, wanted[-1])
        except (BadInput, Conflict) as refusal:
            if refusal.params.get("is_undone") and len(wanted) == 1:
                return done
            wanted.append(refusal.params["current"])
        else:
            done += 1
            wanted.pop()
    return done


def test_an_import_is_undone_after_a_merge_and_its_undo(database_url: str) -> None:
    store = Store.open(database_url)
    store.migrate()
    put(store, an_entry("Before"))
    imported = put(store, an_entry("Alder", sites=(a_site(),)), an_entry("Birch", languages=("es",))).revision
    merged = merge(store, "birch", "alder", actor="ann", now=NOW).revision
    back(store, merged)
    back(store, imported)
    assert [entry.name for entry, _ in store.entries()] == ["Before"]
    assert disagreements(store) == []
    store.close()


def test_the_advice_passes_over_what_was_undone(sqlite_store: Store) -> None:
    imported = put(sqlite_store, an_entry("Alder"), an_entry("Birch")).revision
    edited = put(sqlite_store, an_entry("Alder", summary="s")).revision
    merged = merge(sqlite_store, "birch", "alder", actor="ann", now=NOW).revision
    back(sqlite_store, merged)
    with pytest.raises(Conflict, match=f"the last of which is {edited}, or"):
        back(sqlite_store, imported)
    back(sqlite_store, edited)
    back(sqlite_store, imported)
    assert list(sqlite_store.entries()) == []


def test_who_undoes_twice_is_told_so_and_how_to_bring_it_back(sqlite_store: Store) -> None:
    revision = put(sqlite_store, an_entry("Alder")).revision
    back(sqlite_store, revision)
    with pytest.raises(Conflict, match=f"Revision {revision} was undone already.*undo revision {revision + 1}") as refusal:
        back(sqlite_store, revision)
    assert refusal.value.params["is_undone"] is True
    back(sqlite_store, revision + 1)
    assert [entry.name for entry, _ in sqlite_store.entries()] == ["Alder"]


def test_a_record_put_back_by_hand_is_not_changed_since(sqlite_store: Store) -> None:
    entry = an_entry("Alder", sites=(a_site(private=PrivatePlace("1 Hidden Lane")),))
    revision = put(sqlite_store, entry, an_entry("Birch")).revision
    moved = replace(entry, sites=(replace(entry.sites[0], private=PrivatePlace("2 Other Street")),))
    put(sqlite_store, moved)
    with pytest.raises(Conflict):  # only a private part differs, and counts
        back(sqlite_store, revision)
    put(sqlite_store, entry)
    back(sqlite_store, revision)
    assert list(sqlite_store.entries()) == []


def test_what_others_refer_to_names_the_revision_to_undo_first(sqlite_store: Store) -> None:
    put(sqlite_store, an_entry("Alder"))
    put(sqlite_store, an_entry("Birch", parent=an_id("Alder")))
    put(sqlite_store, an_entry("Cedar"))
    with pytest.raises(BadInput, match="birch still refers .* Or undo revision 2 first") as refusal:
        back(sqlite_store, 1)
    assert refusal.value.params["current"] == 2


# ---------------------------------------------------------------- whatever happened

Act = Callable[[Store], object]


def _entry(name: str, word: str, parent: str | None, partner: str | None, audience: Audience) -> Entry:
    relations = (Relation(RelationKind.PARTNER, an_id(partner)),) if partner not in (None, name) else ()
    above = an_id(parent) if parent not in (None, name) else None  # type: ignore[arg-type]
    site = a_site(id=an_id(f"site of {name}"), private=PrivatePlace(f"1 {word} Lane"))
    return an_entry(name, summary=word, parent=above, relations=relations, audience=audience, sites=(site,))


names = st.sampled_from(NAMES)
others = st.one_of(st.none(), st.none(), names)
entries = st.builds(_entry, names, st.sampled_from("ab"), others, others, st.sampled_from([Audience.PUBLIC, Audience.STAFF]))
writes = st.lists(entries, min_size=1, max_size=3, unique_by=lambda entry: entry.id).map(
    lambda listed: lambda store: put(store, *listed)
)
removals = names.map(lambda name: lambda store: store.write([Remove(an_id(name))], actor="ann", now=NOW, reason="gone"))
merges = st.tuples(names, names).map(
    lambda pair: lambda store: merge(store, an_id(pair[0]), an_id(pair[1]), actor="ann", now=NOW)
)
undos = st.integers(0, 30).map(lambda ago: lambda store: back(store, max(store.head().revision - ago, 1)))
acts: st.SearchStrategy[list[Act]] = st.lists(
    st.one_of(writes, writes, writes, removals, merges, undos, undos), min_size=3, max_size=14
)


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    store = Store.open(sqlite_url)
    store.migrate()
    yield store
    store.close()


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    file: Path = tmp_path_factory.mktemp("undoing") / "directory.sqlite3"
    store = Store.open(f"sqlite:///{file}")
    yield store
    store.close()


def _done(store: Store, acts: list[Act]) -> None:
    empty(store)
    for act in acts:
        with suppress(DirectoryError):
            act(store)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts, st.integers(1, 14))
def test_following_the_advice_undoes_any_revision(one_store: Store, acts: list[Act], chosen: int) -> None:
    _done(one_store, acts)
    last = one_store.head().revision
    if not last:
        return
    steps = follow_advice(one_store, min(chosen, last))
    event(f"{steps} undos")
    assert steps <= last
    assert disagreements(one_store) == []


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_when_everything_is_undone_the_directory_is_empty(one_store: Store, acts: list[Act]) -> None:
    _done(one_store, acts)
    for revision in range(one_store.head().revision, 0, -1):
        follow_advice(one_store, revision)
    assert list(one_store.entries()) == []
    assert disagreements(one_store) == []
