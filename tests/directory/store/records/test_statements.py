"""An edit takes few SQL statements, and none for what it does not change."""

from collections import Counter
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from benchmarks.edits.edit_latency import record_statements
from directory.records import StoredOrganization
from directory.store.ledger.edits import Edit, Put, Remove
from directory.store.store import Store
from tests.builders import a_stored_organization
from tests.directory.store.stored_organizations import (
    LATER,
    a_full_organization,
    load_organization,
    put_organizations,
)

LIMIT = 20
PART_TABLES = ("organization_names", "links", "identifiers", "sites", "contacts", "relations", "provenance", "private_places")


@pytest.fixture
def record(store: Store) -> StoredOrganization:
    """A full record as it is loaded, with others around it."""
    put_organizations(store, a_full_organization(), a_stored_organization("Other"))
    return load_organization(store, a_full_organization().id)


def write(store: Store, *edits: Edit) -> list[str]:
    """Write the edits, and return the statements."""
    with record_statements(store) as statements:
        store.write(edits, actor="tester", now=LATER, reason="a test")
    return statements


def count_writes(statements: Sequence[str], tables: Sequence[str] = ("organizations", "slugs", *PART_TABLES)) -> Counter[str]:
    """Count statements that change these tables, such as "UPDATE organizations"."""
    words = (statement.replace("INTO ", "").replace("FROM ", "").split()[:2] for statement in statements)
    return Counter(f"{verb} {table}" for verb, table, *_ in words if table in tables and verb in ("INSERT", "UPDATE", "DELETE"))


def test_a_change_of_one_field_updates_one_row(store: Store, record: StoredOrganization) -> None:
    statements = write(store, Put(replace(record, summary="New.")))
    assert count_writes(statements) == {"UPDATE organizations": 1}
    assert not any("slugs" in statement or "FROM merged" in statement for statement in statements)
    assert len(statements) <= 14


def test_a_change_of_five_word_lists_updates_one_row(store: Store, record: StoredOrganization) -> None:
    changed = replace(
        record, languages=("fr",), issue_areas=("health",), communities=(), work_areas=("legal",), service_areas=("US", "US-NM")
    )
    statements = write(store, Put(changed))
    assert count_writes(statements) == {"UPDATE organizations": 1}
    assert len(statements) <= 14


def test_a_changed_part_is_deleted_and_inserted_once(store: Store, record: StoredOrganization) -> None:
    statements = write(store, Put(replace(record, names=record.names[::-1], links=())))
    assert count_writes(statements) == {
        "UPDATE organizations": 1,
        "DELETE organization_names": 1,
        "INSERT organization_names": 1,
        "DELETE links": 1,
    }
    statements = write(store, Put(replace(record, names=record.names[::-1])))
    assert count_writes(statements) == {"UPDATE organizations": 1, "INSERT links": 1}


def test_five_changed_parts_stay_within_the_limit_without_feed(store: Store, record: StoredOrganization) -> None:
    changed = replace(
        record, names=record.names[:1], links=record.links[:1], contacts=record.contacts[:1], identifiers=(), relations=()
    )
    statements = write(store, Put(changed))
    assert len([statement for statement in statements if "seen" not in statement]) <= LIMIT


def test_a_new_record_takes_few_statements(store: Store, record: StoredOrganization) -> None:
    statements = write(store, Put(a_stored_organization("New", summary="New.", languages=("en",))))
    assert count_writes(statements) == {"INSERT organizations": 1}
    assert len(statements) <= LIMIT
    assert count_writes(write(store, Put(a_full_organization("Newer")))) == {
        "INSERT organizations": 1,
        **{f"INSERT {table}": 1 for table in PART_TABLES},
    }


def test_removing_and_hiding_take_few_statements(store: Store, record: StoredOrganization) -> None:
    hiding = write(store, Put(replace(record, hidden_since=LATER)))
    assert count_writes(hiding) == {"UPDATE organizations": 1, "INSERT slugs": 1}
    assert len(hiding) <= LIMIT
    removal = write(store, Remove(record.id))
    assert count_writes(removal) == {"DELETE organizations": 1}
    assert len(removal) <= LIMIT


def test_a_record_is_loaded_with_two_statements_for_writing(store: Store, record: StoredOrganization) -> None:
    statements = write(store, Put(record))  # which changes nothing
    assert len([statement for statement in statements if "organizations" in statement or "organization_names" in statement]) == 2


def test_an_import_takes_as_many_statements_for_many_as_for_few(store: Store) -> None:
    counts = []
    for names in (["A", "B"], [f"E{number}" for number in range(40)]):
        records = [a_full_organization(name) for name in names]
        counts.append(len(write(store, *map(Put, records))))
    assert counts[0] >= counts[1]


def test_a_reference_that_stays_is_not_looked_up(store: Store, record: StoredOrganization) -> None:
    child = a_stored_organization("Child", parent=record.id)
    put_organizations(store, child)
    statements = write(store, Put(replace(child, summary="New.")))
    assert sum("organizations" in statement.partition("FROM")[2] for statement in statements) == 1  # only to load the record
