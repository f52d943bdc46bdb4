"""An edit costs as few rows and statements of the ledger as its private parts and the feed require."""

from collections import Counter

import pytest
from msgspec.structs import replace

from benchmarks.edits.edit_latency import record_statements
from directory.records import Audience, StoredContact
from directory.store.ledger.edits import Edit, Network, Put, Remove
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization
from tests.directory.store.stored_organizations import LATER, a_stored_location, put_organizations

LEDGER_TABLES = ("revisions", "changes", "change_private", "seen")
PLAIN, PRIVATE = ["revisions", "changes"], ["revisions", "changes", "change_private"]
RECORD = a_stored_organization("A")
HOUSE = a_stored_organization("House", sites=(a_stored_location(),))
PARENT, CHILD = a_stored_organization("Parent"), a_stored_organization("Child", parent=a_stored_organization("Parent").id)

EDITS: dict[str, tuple[list[Edit], list[str]]] = {
    "create": ([Put(a_stored_organization("New", sites=(a_stored_location(),)))], PLAIN),
    "create some": ([Put(a_stored_organization(name)) for name in ("New", "Newer")], PLAIN),
    "create for members": ([Put(a_stored_organization("New", audience=Audience.MEMBERS))], PLAIN),
    "change": ([Put(replace(RECORD, summary="New."))], PLAIN),
    "change what members see": ([Put(replace(RECORD, contacts=(StoredContact(email="a@example.org"),)))], PLAIN),
    "remove": ([Remove(RECORD.id)], PLAIN),
    "merge": ([Remove(RECORD.id, survivor_id=HOUSE.id)], PLAIN),
    "change a record with a street": ([Put(replace(HOUSE, summary="New."))], PRIVATE),
    "remove a record with a street": ([Remove(HOUSE.id)], PRIVATE),
    "hide": ([Put(replace(RECORD, hidden_since=LATER))], [*PLAIN, "seen"]),
    "hide what others refer to": ([Put(replace(PARENT, audience=Audience.STAFF))], [*PLAIN, "seen"]),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_writes_only_the_rows_that_it_needs(store: Store, name: str) -> None:
    put_organizations(store, RECORD, HOUSE, PARENT, CHILD)
    edits, tables = EDITS[name]
    assert list_written_tables(store, edits) == Counter(tables)


def test_a_change_of_the_network_is_an_exception_only_for_those_who_see_its_record(store: Store) -> None:
    put_organizations(store, RECORD)
    assert list_written_tables(store, [], Network(RECORD.id)) == Counter([*PLAIN, "seen"])
    assert list_written_tables(store, [Put(replace(RECORD, summary="New."))], Network(RECORD.id, fictional=True)) == Counter(
        [*PLAIN, "changes"]
    )


def list_written_tables(store: Store, edits: list[Edit], network: Network | None = None) -> Counter[str]:
    """Write the edits, and count the statements that change a table of the ledger, by table."""
    with record_statements(store) as statements:
        store.write(edits, actor="tester", now=NOW, reason="a test", network=network)
    written = [words[2] for words in (statement.split() for statement in statements) if words[0] in ("INSERT", "DELETE")]
    updated = [words[1] for words in (statement.split() for statement in statements) if words[0] == "UPDATE"]
    return Counter(table for table in (*written, *updated) if table in LEDGER_TABLES)
