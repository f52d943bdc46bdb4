"""Reading: one state, few statements, and no private place that may not be told."""

from collections.abc import Generator

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update
from sqlalchemy.pool import QueuePool

from directory.geo import Disclosure
from directory.store.database import bulk
from directory.store.records.tables import head, sites
from directory.store.store import Store
from tests.builders import a_stored_organization
from tests.directory.store.stored_organizations import (
    PUBLISHED_STREET,
    STREET,
    a_full_organization,
    a_stored_location,
    an_exact_location,
    load_organization,
    put_organizations,
    record_statements,
)


@pytest.mark.parametrize("disclosure", [None, *Disclosure])
def test_a_private_place_is_read_only_where_it_may_be_told_exactly(store: Store, disclosure: Disclosure | None) -> None:
    entry = a_stored_organization("A", sites=(a_stored_location(disclosure=disclosure),))
    put_organizations(store, entry)
    (site,) = load_organization(store, entry.id).sites
    assert site.private == (entry.sites[0].private if disclosure is Disclosure.EXACT else None)


def test_a_place_that_is_hidden_again_is_not_read_again(store: Store) -> None:
    entry = a_stored_organization("A", sites=(an_exact_location(), a_stored_location()))
    put_organizations(store, entry)
    with store.database.engine.begin() as connection:
        connection.execute(update(sites).values(disclosure="CITY"))
    assert PUBLISHED_STREET not in str(list(store.load_organizations()))
    assert STREET not in str(list(store.load_organizations()))


def test_loading_takes_as_many_statements_for_many_as_for_one(store: Store) -> None:
    counts = []
    for entries in ([a_full_organization()], [a_stored_organization(f"E{number}") for number in range(30)]):
        put_organizations(store, *entries)
        with record_statements(store) as sent:
            assert list(store.load_organizations())
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 12 + 2


def test_ids_are_asked_for_in_chunks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 4)
    monkeypatch.setattr(bulk, "STREAM", 3)
    entries = [a_full_organization(f"Full {number}") for number in range(10)]
    put_organizations(store, *entries)
    with record_statements(store) as sent:
        found = {entry.id for entry, _ in store.load_organizations([entry.id for entry in entries[1:]])}
    assert found == {entry.id for entry in entries[1:]}
    assert len(sent) <= 3 * 12 + 2
    assert len(list(store.load_organizations())) == 10


def test_an_edit_takes_few_statements_whatever_the_directory_holds(store: Store) -> None:
    entry = a_full_organization()
    counts = []
    for others in ([], [a_stored_organization(f"E{number}") for number in range(30)]):
        put_organizations(store, entry, *others)
        with record_statements(store) as sent:
            put_organizations(store, replace(entry, summary=f"New {len(others)}."))
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 30


def test_a_reading_sees_one_state_while_others_write(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "STREAM", 2)
    entries = [a_stored_organization(name, summary="old", languages=("en",)) for name in "ABCDEFGH"]
    put_organizations(store, *entries)
    with store.begin_read() as reading:
        stream = reading.load_organizations()
        seen = [next(stream)[0]]
        put_organizations(store, *(replace(entry, summary="new", languages=("es",)) for entry in entries))
        seen += [entry for entry, _ in stream]
        assert reading.load_head().revision == 1
    assert {(entry.summary, entry.languages) for entry in seen} == {("old", ("en",))}
    assert store.load_head().revision == 2


def test_an_iterator_that_is_closed_gives_its_connection_back(store: Store) -> None:
    put_organizations(store, *[a_stored_organization(name) for name in "ABC"])
    stream = store.load_organizations()
    next(stream)
    pool = store.database.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 1
    assert isinstance(stream, Generator)
    stream.close()
    assert pool.checkedout() == 0


def test_since_tells_what_changed_after_a_revision(store: Store) -> None:
    one, other = a_stored_organization("One"), a_stored_organization("Other")
    put_organizations(store, one)
    put_organizations(store, other)
    assert store.find_changed_since(0).ids == tuple(sorted([one.id, other.id]))
    assert store.find_changed_since(1).ids == (other.id,)
    assert store.find_changed_since(2).ids == ()
    assert store.find_changed_since(1).head == store.load_head()


def test_a_key_is_made_with_the_database_and_stays(store: Store) -> None:
    key = store.load_head().key
    assert len(key) == 32
    store.migrate()
    put_organizations(store, a_stored_organization("A"))
    assert store.load_head().key == key
    with store.begin_read() as reading:
        assert len(reading.connection.execute(select(head)).all()) == 1
