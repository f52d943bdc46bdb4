"""The store: what every part of the directory holds to read it and to change it."""

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, func, insert, select

from directory.errors import BadInput
from directory.gazetteer.gazetteer import get_gazetteer
from directory.publish import VisibleChange
from directory.records import Audience, StoredOrganization
from directory.store.database import migrate
from directory.store.database.engine import Database
from directory.store.ledger import history
from directory.store.ledger.edits import Change, ChangedRecords, Head, Network, Put, Receipt, RecordVersion, generate_key
from directory.store.records.loading import ReadTransaction
from directory.store.records.private_slugs import SuffixGenerator, generate_suffix, is_private_slug
from directory.store.records.tables import CHANGE_COUNT_COLUMNS, head
from directory.store.write import Author, Edits, write_edits


class Store:
    """A directory's database. Threads may share it.

    Everything raises Busy (others write for too long) or Unavailable (out of reach, full, damaged, not migrated), never what
    the database said.
    """

    def __init__(self, database: Database, new_suffix: SuffixGenerator = generate_suffix) -> None:
        """`new_suffix` makes the random part of slugs of records that are not public."""
        self.database = database
        self._new_suffix = new_suffix

    @classmethod
    def open(cls, url: str, new_suffix: SuffixGenerator = generate_suffix) -> "Store":
        """The store at `sqlite:///FILE` or `postgresql://USER@HOST/NAME`; a file that is not there is made, and left empty.

        Does not migrate. Raises BadInput for an address that cannot be, Unavailable where nothing answers.
        """
        store = cls(Database(url), new_suffix)
        with store.database.begin_read() as connection:
            connection.execute(select(1))
        return store

    def migrate(self) -> None:
        """Brings the tables to what this program needs; does nothing where they are. Two processes may do it at once.

        Records that are not public get private slugs then, in a revision of the ledger, if they have none yet. Raises Unavailable
        where a newer program has made the tables.
        """
        if not self.is_schema_current():
            self.database.run_write(self._migrate_tables)

    def is_schema_current(self) -> bool:
        """Whether the tables are those of this program. Raises Unavailable where they are a newer one's."""
        with self.database.begin_read() as connection:
            return migrate.is_schema_current(connection)

    @contextmanager
    def begin_read(self) -> Iterator[ReadTransaction]:
        """Several questions answered from one state of the directory."""
        with self.database.begin_read() as connection:
            yield ReadTransaction(connection)

    def load_head(self) -> Head:
        with self.begin_read() as reading:
            return reading.load_head()

    def load_organizations(self, ids: Collection[str] | None = None) -> Iterator[tuple[StoredOrganization, RecordVersion]]:
        """All entries in the order of their creation, or those of `ids` that are there, as they come from the database.

        A site brings its private place only where its disclosure is EXACT. Until the iterator is exhausted or closed, it holds
        one state of the directory and one connection.
        """
        with self.begin_read() as reading:
            yield from reading.load_organizations(ids)

    def find_changed_since(self, revision: int) -> ChangedRecords:
        """The head, and every organization that changed, or looks different to somebody, since that revision."""
        with self.begin_read() as reading:
            return reading.find_changed_since(revision)

    def load_slug_targets(self, audience: Audience = Audience.STAFF) -> dict[str, str]:
        """Every slug under which the audience ever could see an organization, to the id of that, which may be gone."""
        with self.begin_read() as reading:
            return reading.load_slug_targets(audience)

    def load_visible_changes(self, audience: Audience, after: int = 0) -> list[VisibleChange]:
        """The last change that each organization showed to the audience, oldest first, from the one after `after` on."""
        with self.begin_read() as reading:
            return reading.load_visible_changes(audience, after)

    def load_history(self, organization_id: str) -> list[Change]:
        """Everything that happened to the organization, oldest first, private parts included; [] for an id that never was."""
        with self.begin_read() as reading:
            return history.load_history(reading.connection, organization_id)

    def write(self, edits: Edits, *, actor: str, now: dt.datetime, reason: str, network: Network | None = None) -> Receipt:
        """All of the edits in one transaction and one revision, or none of them.

        `edits` may be a function: it is handed a Reading of the transaction and returns the edits, and may be called again from
        the start. `network` says whose directory this is; None leaves that as it is. `now` needs a time zone.

        Raises Conflict (`if_revision` is not the record's), NotFound (nothing to remove), BadInput (a slug, identifier or site id
        that is another organization's, a reference that leads nowhere, a value that cannot be kept).
        """
        if now.tzinfo is None:
            raise BadInput("The time of a change needs a time zone.", argument="now")
        get_gazetteer()  # read now if it never was: not while others wait for the transaction
        author = Author(actor, now.astimezone(dt.UTC), reason)

        return self.database.run_write(lambda connection: write_edits(connection, edits, author, network, self._new_suffix))

    def close(self) -> None:
        self.database.close()

    def _migrate_tables(self, connection: Connection) -> None:
        migrate.upgrade(connection)
        _create_head(connection)
        entries = (entry for entry, _ in ReadTransaction(connection).load_organizations())
        plain = [Put(one) for one in entries if one.effective_audience is not Audience.PUBLIC and not is_private_slug(one.slug)]
        if plain:  # of a directory that is older than private slugs
            author = Author("directory migrate", dt.datetime.now(dt.UTC), "private slugs for records that are not public")
            write_edits(connection, plain, author, None, self._new_suffix)


def _create_head(connection: Connection) -> None:
    if not connection.execute(select(func.count()).select_from(head)).scalar():
        counters = dict.fromkeys(CHANGE_COUNT_COLUMNS.values(), 0)
        connection.execute(insert(head).values(id=1, revision=0, key=generate_key(), fictional=False, **counters))
