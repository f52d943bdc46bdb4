"""Reading: one state, few statements, and no private place that may not be told."""

from collections.abc import Generator

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update
from sqlalchemy.pool import QueuePool

from directory.geo import Disclosure
from directory.store import Store, streaming
from directory.store.tables import head, sites
from tests.builders import an_entry
from tests.directory.store.entries import DOOR, STREET, a_full_entry, a_site, an_open_site, loaded, put, statements


@pytest.mark.parametrize("disclosure", [None, *Disclosure])
def test_a_private_place_is_read_only_where_it_may_be_told_exactly(store: Store, disclosure: Disclosure | None) -> None:
    entry = an_entry("A", sites=(a_site(disclosure=disclosure),))
    put(store, entry)
    (site,) = loaded(store, entry.id).sites
    assert site.private == (entry.sites[0].private if disclosure is Disclosure.EXACT else None)


def test_a_place_that_is_hidden_again_is_not_read_again(store: Store) -> None:
    entry = an_entry("A", sites=(an_open_site(), a_site()))
    put(store, entry)
    with store.database.engine.begin() as connection:
        connection.execute(update(sites).values(disclosure="CITY"))
    assert DOOR not in str(list(store.entries()))
    assert STREET not in str(list(store.entries()))


def test_loading_takes_as_many_statements_for_many_as_for_one(store: Store) -> None:
    counts = []
    for entries in ([a_full_entry()], [an_entry(f"E{number}") for number in range(30)]):
        put(store, *entries)
        with statements(store) as sent:
            assert list(store.entries())
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 12 + 2


def test_ids_are_asked_for_in_chunks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "CHUNK", 4)
    monkeypatch.setattr(streaming, "STREAM", 3)
    entries = [a_full_entry(f"Full {number}") for number in range(10)]
    put(store, *entries)
    with statements(store) as sent:
        found = {entry.id for entry, _ in store.entries([entry.id for entry in entries[1:]])}
    assert found == {entry.id for entry in entries[1:]}
    assert len(sent) <= 3 * 12 + 2
    assert len(list(store.entries())) == 10


def test_an_edit_takes_few_statements_whatever_the_directory_holds(store: Store) -> None:
    entry = a_full_entry()
    counts = []
    for others in ([], [an_entry(f"E{number}") for number in range(30)]):
        put(store, entry, *others)
        with statements(store) as sent:
            put(store, replace(entry, summary=f"New {len(others)}."))
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 30


def test_a_reading_sees_one_state_while_others_write(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "STREAM", 2)
    entries = [an_entry(name, summary="old", languages=("en",)) for name in "ABCDEFGH"]
    put(store, *entries)
    with store.reading() as reading:
        stream = reading.entries()
        seen = [next(stream)[0]]
        put(store, *(replace(entry, summary="new", languages=("es",)) for entry in entries))
        seen += [entry for entry, _ in stream]
        assert reading.head().revision == 1
    assert {(entry.summary, entry.languages) for entry in seen} == {("old", ("en",))}
    assert store.head().revision == 2


def test_an_iterator_that_is_closed_gives_its_connection_back(store: Store) -> None:
    put(store, *[an_entry(name) for name in "ABC"])
    stream = store.entries()
    next(stream)
    pool = store.database.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 1
    assert isinstance(stream, Generator)
    stream.close()
    assert pool.checkedout() == 0


def test_since_tells_what_changed_after_a_revision(store: Store) -> None:
    one, other = an_entry("One"), an_entry("Other")
    put(store, one)
    put(store, other)
    assert store.since(0).ids == tuple(sorted([one.id, other.id]))
    assert store.since(1).ids == (other.id,)
    assert store.since(2).ids == ()
    assert store.since(1).head == store.head()


def test_a_key_is_made_with_the_database_and_stays(store: Store) -> None:
    key = store.head().key
    assert len(key) == 32
    store.migrate()
    put(store, an_entry("A"))
    assert store.head().key == key
    with store.reading() as reading:
        assert len(reading.connection.execute(select(head)).all()) == 1
