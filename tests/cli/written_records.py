"""Write records to a database in tests."""

from contextlib import closing

from directory.records import StoredOrganization
from directory.store.ledger.edits import Put
from directory.store.store import Store
from tests.builders import NOW


def write_records(url: str, *records: StoredOrganization) -> None:
    """Create the tables if necessary, and write the records in one revision."""
    with closing(Store.open(url)) as store:
        store.migrate()
        store.write([Put(record) for record in records], actor="test", now=NOW, reason="test")
