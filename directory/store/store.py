"""The store of a directory: open it, read it, write to it."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, func, insert, select

from directory.errors import BadInput
from directory.gazetteer.gazetteer import get_gazetteer
from directory.publish import VisibleChange
from directory.records import Audience, RecordKind, StoredOrganization, StoredRecord
from directory.store.database import migrate
from directory.store.database.engine import Database
from directory.store.ledger.edits import Change, ChangedRecords, Head, Network, Put, Receipt, generate_key
from directory.store.ledger.removal_decisions import RemovalDecision
from directory.store.read_transaction import ReadTransaction
from directory.store.records.tables import CHANGE_COUNT_COLUMNS, head
from directory.store.write import Author, Edits, write_edits
from directory.vocabulary.slugs import SuffixGenerator, generate_suffix, is_private_slug


class Store:
    """A directory's database. Safe to share between threads.

    Every method may raise Busy (other writes take too long) or Unavailable (the database cannot be reached, is full, damaged or
    not migrated). Errors of the database itself are never raised.

    The `load_` and `find_` methods each read in a transaction of their own. Use `begin_read` to read several things from one
    state of the directory; `ReadTransaction` documents the methods that both have.
    """

    def __init__(self, database: Database, new_suffix: SuffixGenerator = generate_suffix) -> None:
        """`new_suffix` makes the random part of private slugs."""
        self.database = database
        self._new_suffix = new_suffix

    @classmethod
    def open(cls, url: str, new_suffix: SuffixGenerator = generate_suffix) -> "Store":
        """Open the database at `sqlite:///FILE` or `postgresql://USER@HOST/NAME`, without migrating it.

        A file that does not exist is created empty. Raises BadInput for other URLs, and Unavailable if the database cannot be
        reached.
        """
        store = cls(Database(url), new_suffix)
        with store.database.begin_read() as connection:
            connection.execute(select(1))
        return store

    def close(self) -> None:
        self.database.close()

    def migrate(self) -> None:
        """Create the tables or bring them to the current schema. Safe to run from two processes at once.

        Records that are not public then get private slugs if they have none yet, in a revision of the ledger. Raises Unavailable
        if a newer version of the program made the tables.
        """
        if not self.is_schema_current():
            self.database.run_write(self._migrate_tables)

    def is_schema_current(self) -> bool:
        """Return whether the tables match this program. Raises Unavailable if a newer version of the program made them."""
        with self.database.begin_read() as connection:
            return migrate.is_schema_current(connection)

    @contextmanager
    def begin_read(self) -> Iterator[ReadTransaction]:
        """Open a transaction that sees one state of the directory until the block ends."""
        with self.database.begin_read() as connection:
            yield ReadTransaction(connection)

    def load_head(self) -> Head:
        with self.begin_read() as reading:
            return reading.load_head()

    def load_organizations(self, ids: Collection[str] | None = None) -> Iterator[tuple[StoredOrganization, int]]:
        """Yield organizations with their last revisions as they arrive from the database.

        The iterator holds a connection, and one state of the directory, until it is exhausted or closed.
        """
        with self.begin_read() as reading:
            yield from reading.load_organizations(ids)

    def load_records(self, kind: RecordKind, ids: Collection[str] | None = None) -> Iterator[tuple[StoredRecord, int]]:
        """Yield the records of a kind with their last revisions, as `load_organizations` does."""
        with self.begin_read() as reading:
            yield from reading.load_records(kind, ids)

    def find_changed_since(self, revision: int) -> ChangedRecords:
        with self.begin_read() as reading:
            return reading.find_changed_since(revision)

    def load_slug_targets(
        self, audience: Audience = Audience.STAFF, kind: RecordKind = RecordKind.ORGANIZATION
    ) -> dict[str, str]:
        with self.begin_read() as reading:
            return reading.load_slug_targets(audience, kind)

    def load_visible_changes(self, audience: Audience, since_revision: int = 0) -> list[VisibleChange]:
        with self.begin_read() as reading:
            return reading.load_visible_changes(audience, since_revision)

    def load_history(self, record_id: str) -> list[Change]:
        with self.begin_read() as reading:
            return reading.load_history(record_id)

    def write(
        self,
        edits: Edits,
        *,
        actor: str,
        now: dt.datetime,
        reason: str,
        network: Network | None = None,
        describe: bool = False,
        removal_decisions: Sequence[RemovalDecision] = (),
    ) -> Receipt:
        """Apply all edits in one transaction and one revision, or none of them.

        `edits` may be a function that gets a ReadTransaction and returns the edits. It runs inside the write transaction and may
        be called again from the start. `network` replaces the Network of the directory; None leaves it unchanged. `now` needs a
        time zone. With `describe`, the receipt says what snapshots need to follow the write. `removal_decisions` are stored with
        the edits; those that are known already change nothing.

        Raises Conflict if `if_revision` is not the record's revision, NotFound if there is nothing to remove, and BadInput for a
        slug, identifier or location id of another record, a reference to an unknown record, or an invalid value.
        """
        if now.tzinfo is None:
            raise BadInput("The time of a change needs a time zone.", argument="now")
        get_gazetteer()  # load it now, not inside the transaction while other writers wait
        author = Author(actor, now.astimezone(dt.UTC), reason)
        return self.database.run_write(
            lambda connection: write_edits(
                connection, edits, author, network, self._new_suffix, describe=describe, removal_decisions=removal_decisions
            )
        )

    def _migrate_tables(self, connection: Connection) -> None:
        migrate.upgrade(connection)
        _create_head(connection)
        # directories older than private slugs have records without one
        edits = [
            Put(organization)
            for organization, _ in ReadTransaction(connection).load_organizations()
            if organization.effective_audience is not Audience.PUBLIC and not is_private_slug(organization.slug)
        ]
        if edits:
            author = Author("directory migrate", dt.datetime.now(dt.UTC), "private slugs for records that are not public")
            write_edits(connection, edits, author, None, self._new_suffix)


def _create_head(connection: Connection) -> None:
    if not connection.execute(select(func.count()).select_from(head)).scalar():
        counters = dict.fromkeys(CHANGE_COUNT_COLUMNS.values(), 0)
        connection.execute(insert(head).values(id=1, revision=0, key=generate_key(), fictional=False, **counters))
