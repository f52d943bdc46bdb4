"""Sources are stored once per row of a dataset, come back in the same order, and share their datasets."""

import datetime as dt
from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import func, select, text

from benchmarks.edits.edit_latency import record_statements
from directory.geo import Disclosure
from directory.records import SOURCED_FIELDS, Source
from directory.store.ledger.edits import EditOutcome, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.records.provenance import group_sources, order_sources, ungroup_sources
from directory.store.records.tables import datasets, provenance
from directory.store.store import Store
from tests.builders import a_stored_organization, an_id
from tests.directory.store.stored_organizations import LATER, load_organization, put_organizations

A_LIST = {"title": "A list", "url": "https://example.org/list", "origin": "a-list", "file": "list.csv"}
SOURCES = st.lists(
    st.builds(
        Source,
        st.sampled_from(SOURCED_FIELDS),
        st.sampled_from(["A list", "Another list"]),
        date=st.none() | st.just(dt.date(2020, 5, 6)),
        tells=st.sampled_from([Disclosure.EXACT, Disclosure.CITY]),
        row=st.none() | st.integers(1, 2),
    ),
    max_size=8,
).map(tuple)


def list_sources(row: int, *fields: str) -> tuple[Source, ...]:
    return tuple(Source(field, **A_LIST, row=row) for field in fields)  # type: ignore[arg-type]


def count_rows(store: Store) -> tuple[int, int]:
    """Return the number of rows of provenance, and of datasets."""
    with store.database.begin_read() as connection:
        counts = [connection.execute(select(func.count()).select_from(table)).scalar() for table in (provenance, datasets)]
    return counts[0] or 0, counts[1] or 0


def test_a_record_has_one_row_for_all_facts_of_an_imported_row(store: Store) -> None:
    records = [
        a_stored_organization(name, sources=list_sources(row, "name", "kind", "website")) for row, name in enumerate("ABC", 1)
    ]
    put_organizations(store, *records[:2])
    put_organizations(store, records[2])
    assert count_rows(store) == (3, 1)
    assert [record for record, _ in store.load_organizations()] == records


def test_a_list_that_dates_its_rows_is_one_dataset(store: Store) -> None:
    dated = [replace(list_sources(day, "name")[0], date=dt.date(2020, 1, day)) for day in (1, 2, 3)]
    put_organizations(store, *(a_stored_organization(f"E{number}", sources=(source,)) for number, source in enumerate(dated)))
    assert count_rows(store) == (3, 1)


def test_sources_are_ordered_by_row_when_a_record_is_written(store: Store) -> None:
    """So what is logged is what is loaded."""
    first, second = list_sources(1, "name", "kind"), list_sources(2, "summary", "website")
    record = a_stored_organization("A", sources=(first[0], second[0], first[1], second[1]))
    put_organizations(store, record)
    assert load_organization(store, record.id).sources == (*first, *second)
    assert count_rows(store) == (2, 1)
    assert find_ledger_inconsistencies(store) == []
    assert put_organizations(store, record).results[0].outcome is EditOutcome.UNCHANGED


def test_a_stored_order_of_an_older_directory_is_no_change() -> None:
    one, two = list_sources(1, "name", "kind")
    other = list_sources(2, "summary")[0]
    stored = (one, other, two)
    assert order_sources(stored, stored) == stored
    assert order_sources((one, two, other), stored) == stored
    assert order_sources((other, one, two), stored) == (other, one, two)


@given(SOURCES)
def test_groups_restore_exactly_the_same_sources_in_any_order(sources: tuple[Source, ...]) -> None:
    restored = [
        source
        for group in group_sources(sources)
        for source in ungroup_sources(
            {
                **{field: getattr(group.dataset, field) for field in group.dataset.__struct_fields__},
                **{field: getattr(group, field) for field in ("row", "date", "tells")},
            },
            group.fields,
        )
    ]
    assert tuple(restored) == sources


@given(SOURCES)
def test_the_order_of_sources_is_stable(sources: tuple[Source, ...]) -> None:
    ordered = order_sources(sources, ())
    assert sorted(map(repr, ordered)) == sorted(map(repr, sources))
    assert order_sources(ordered, ()) == ordered
    groups = [(group.dataset, group.row, group.date, group.tells) for group in group_sources(ordered)]
    assert len(groups) == len(set(groups))


@pytest.mark.parametrize("order", list(permutations(["remove", "change"])))
def test_a_dataset_is_deleted_with_its_last_record(store: Store, order: tuple[str, ...]) -> None:
    """Its title may lead to a private place."""
    shared, lease = Source("name", "A list"), Source("locations", "Lease of 1 Hidden Lane")
    records = [a_stored_organization(name, sources=(shared, lease)) for name in ("remove", "change", "other")]
    put_organizations(store, records[0], records[1], replace(records[2], sources=(shared,)))
    for number, step in enumerate(order):
        if step == "remove":
            store.write([Remove(an_id("remove"))], actor="tester", now=LATER, reason="a test")
        else:
            put_organizations(store, replace(records[1], sources=(shared,)), now=LATER)
        assert count_rows(store)[1] == (2 if number == 0 else 1)
    with store.database.begin_read() as connection:
        assert connection.execute(text("SELECT title FROM datasets")).scalars().all() == ["A list"]


def list_source_statements(statements: Sequence[str]) -> list[str]:
    """Return the verbs of the statements on sources, without the one that loads all parts of a record."""
    return [sql.split()[0] for sql in statements if ("datasets" in sql or "provenance" in sql) and "UNION ALL" not in sql]


def test_datasets_are_looked_up_only_if_sources_change(store: Store) -> None:
    record = a_stored_organization("A", sources=list_sources(1, "name"))
    put_organizations(store, record, a_stored_organization("B"))
    with record_statements(store) as statements:
        put_organizations(store, replace(record, summary="New."))
    assert list_source_statements(statements) == []
    with record_statements(store) as statements:
        put_organizations(store, a_stored_organization("B", sources=list_sources(2, "name")))
    assert list_source_statements(statements) == ["SELECT", "INSERT"]
    assert count_rows(store) == (2, 1)
