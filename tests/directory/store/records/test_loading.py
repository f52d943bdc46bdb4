"""Loading sees one state, takes few statements, and reads no private place that is not EXACT."""

from collections.abc import Generator

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update
from sqlalchemy.pool import QueuePool

from benchmarks.edits.edit_latency import record_statements
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
    an_organization_id,
    load_organization,
    put_organizations,
)


@pytest.mark.parametrize("disclosure", [None, *Disclosure])
def test_a_private_place_is_read_only_if_its_disclosure_is_exact(store: Store, disclosure: Disclosure | None) -> None:
    record = a_stored_organization("A", sites=(a_stored_location(disclosure=disclosure),))
    put_organizations(store, record)
    (location,) = load_organization(store, record.id).sites
    assert location.private == (record.sites[0].private if disclosure is Disclosure.EXACT else None)


def test_a_place_that_is_hidden_again_is_not_read_again(store: Store) -> None:
    record = a_stored_organization("A", sites=(an_exact_location(), a_stored_location()))
    put_organizations(store, record)
    with store.database.engine.begin() as connection:
        connection.execute(update(sites).values(disclosure="CITY"))
    assert PUBLISHED_STREET not in str(list(store.load_organizations()))
    assert STREET not in str(list(store.load_organizations()))


def test_loading_takes_as_many_statements_for_many_as_for_one(store: Store) -> None:
    counts = []
    for records in ([a_full_organization()], [a_stored_organization(f"E{number}") for number in range(30)]):
        put_organizations(store, *records)
        with record_statements(store) as statements:
            assert list(store.load_organizations())
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 9 + 2


def test_ids_are_loaded_in_chunks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 4)
    monkeypatch.setattr(bulk, "STREAM", 3)
    records = [a_full_organization(f"Full {number}") for number in range(10)]
    put_organizations(store, *records)
    with record_statements(store) as statements:
        loaded_ids = {record.id for record, _ in store.load_organizations([record.id for record in records[1:]])}
    assert loaded_ids == {record.id for record in records[1:]}
    assert len(statements) <= 3 * 3 + 2
    assert len(list(store.load_organizations())) == 10


def test_an_edit_takes_few_statements_whatever_the_directory_holds(store: Store) -> None:
    record = a_full_organization()
    counts = []
    for others in ([], [a_stored_organization(f"E{number}") for number in range(30)]):
        put_organizations(store, record, *others)
        with record_statements(store) as statements:
            put_organizations(store, replace(record, summary=f"New {len(others)}."))
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 20


def test_a_read_transaction_sees_one_state_while_others_write(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "STREAM", 2)
    records = [a_stored_organization(name, summary="old", languages=("en",)) for name in "ABCDEFGH"]
    put_organizations(store, *records)
    with store.begin_read() as reading:
        stream = reading.load_organizations()
        loaded = [next(stream)[0]]
        put_organizations(store, *(replace(record, summary="new", languages=("es",)) for record in records))
        loaded += [record for record, _ in stream]
        assert reading.load_head().revision == 1
    assert {(record.summary, record.languages) for record in loaded} == {("old", ("en",))}
    assert store.load_head().revision == 2


def test_a_closed_iterator_returns_its_connection(store: Store) -> None:
    put_organizations(store, *[a_stored_organization(name) for name in "ABC"])
    stream = store.load_organizations()
    next(stream)
    pool = store.database.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 1
    assert isinstance(stream, Generator)
    stream.close()
    assert pool.checkedout() == 0


def test_changed_records_are_found_since_a_revision(store: Store) -> None:
    one, other = a_stored_organization("One"), a_stored_organization("Other")
    put_organizations(store, one)
    put_organizations(store, other)
    assert store.find_changed_since(0).ids == tuple(sorted(map(an_organization_id, (one, other))))
    assert store.find_changed_since(1).ids == (an_organization_id(other),)
    assert store.find_changed_since(2).ids == ()
    assert store.find_changed_since(1).head == store.load_head()


def test_the_key_is_created_with_the_database_and_stays(store: Store) -> None:
    key = store.load_head().key
    assert len(key) == 32
    store.migrate()
    put_organizations(store, a_stored_organization("A"))
    assert store.load_head().key == key
    with store.begin_read() as reading:
        assert len(reading.connection.execute(select(head)).all()) == 1
