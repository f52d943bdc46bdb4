"""Everything that can be read from one state of the directory."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import cast

from sqlalchemy import ColumnElement, Connection, Table, select, union

from directory.publish import VisibleChange
from directory.records import Audience, PrivatePlace, RecordKind, StoredOrganization, StoredRecord
from directory.store.database.bulk import AnyRow, stream_rows
from directory.store.ledger import feed, history, merges, removal_decisions
from directory.store.ledger.edits import Change, ChangedRecords, Head, KeyTargets, RecordId, Revision, Viewing
from directory.store.records import loading, private_places, references, slug_lookup
from directory.store.records.tables import CHANGE_COUNT_COLUMNS, TABLES, changes, feed_exceptions, head

_AUDIENCE_BY_VALUE = {audience.value: audience for audience in Audience}


class ReadTransaction:
    """One transaction to read from. All methods see the same state of the directory."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # -------------------------------------------------------------- the current records

    def load_head(self) -> Head:
        return build_head(self.connection.execute(select(head)).one())

    def load_records(self, kind: RecordKind, ids: Collection[str] | None = None) -> Iterator[tuple[StoredRecord, int]]:
        """Yield all records of a kind in the order of their creation, or those of `ids` that exist, each with its last revision.

        A location has its private place only if its disclosure is EXACT.
        """
        return loading.load_records(self.connection, kind, ids)

    def load_organizations(self, ids: Collection[str] | None = None) -> Iterator[tuple[StoredOrganization, int]]:
        """Yield organizations as `load_records` does."""
        return cast("Iterator[tuple[StoredOrganization, int]]", self.load_records(RecordKind.ORGANIZATION, ids))

    def load_records_of(self, ids: Iterable[RecordId]) -> Iterator[StoredRecord]:
        """Yield those of these records that exist, of each kind in turn, as `load_records` does."""
        ids_by_kind: dict[RecordKind, list[str]] = {}
        for record_id in ids:
            ids_by_kind.setdefault(record_id.kind, []).append(record_id.id)
        for kind, own_ids in ids_by_kind.items():
            yield from (record for record, _ in self.load_records(kind, own_ids))

    def load_audiences(self) -> dict[str, Audience]:
        """Return the effective audience of every record, by id."""
        queries = (select(tables.main.c.id, tables.effective_audience) for tables in TABLES.values())
        rows = (row for query in queries for row in stream_rows(self.connection, query))
        return {record_id: _AUDIENCE_BY_VALUE[audience] for record_id, audience in rows}

    def find_kind(self, record_id: str) -> RecordKind | None:
        """Return the kind of the record that has or had this id; None for an unknown id."""
        query = select(changes.c.record_kind).where(changes.c.record_id == record_id).limit(1)
        kind = self.connection.execute(query).scalar()
        return RecordKind(kind) if kind else None

    def list_ids(self, kind: RecordKind) -> list[RecordId]:
        """Return all records of a kind, without reading anything else of them."""
        return [RecordId(kind, one) for one in self.connection.execute(select(TABLES[kind].main.c.id)).scalars()]

    def list_hidden_ids(self) -> list[RecordId]:
        """Return all records that staff have hidden."""
        return self._list_ids(lambda main: main.c.hidden_since.is_not(None))

    def list_ids_hidden_until(self, day: date) -> list[RecordId]:
        """Return the hidden records whose hiding ends on that day or ended before it."""
        return self._list_ids(lambda main: main.c.hidden_until <= day)

    def _list_ids(self, build_condition: Callable[[Table], ColumnElement[bool]]) -> list[RecordId]:
        queries = {kind: select(tables.main.c.id).where(build_condition(tables.main)) for kind, tables in TABLES.items()}
        return [RecordId(kind, one) for kind, query in queries.items() for one in self.connection.execute(query).scalars()]

    def find_differing_places(self, places: Mapping[str, PrivatePlace]) -> set[str]:
        """Return the ids of locations whose stored private place differs from the given one, without revealing it.

        `places` is by location id. A location without a private place, or an unknown one, differs from everything but an empty
        PrivatePlace(). If a given place has a street but no point, only the streets are compared.
        """
        return private_places.find_differing_places(self.connection, places)

    def load_withheld_streets(self) -> dict[str, str]:
        """Return the streets of all organizations' locations that are not published exactly, by location id.

        They are for matching in imports, which only staff see. Nothing that is published or printed may contain them.
        """
        return private_places.load_withheld_streets(self.connection)

    def list_ids_referenced_by_other_kinds(self, kind: RecordKind) -> set[str]:
        """Return the ids of the records of a kind that records of other kinds refer to, such as members of a coalition."""
        return references.list_ids_referenced_by_other_kinds(self.connection, kind)

    # -------------------------------------------------------------- slugs and merges

    def load_slug_targets(
        self, audience: Audience = Audience.STAFF, kind: RecordKind = RecordKind.ORGANIZATION
    ) -> dict[str, str]:
        """Return the id that each slug of a kind leads to, for every slug under which the audience ever saw a record.

        If several records had the slug, it leads to one that the audience sees now, if there is one, and first to the one that
        has it or had it last. The slugs of a merged record lead to its survivor. The record may have been removed. Staff get
        every slug ever assigned.
        """
        return slug_lookup.load_slug_targets(self.connection, kind, audience)

    def load_key_targets(self, ids: Collection[RecordId] | None = None) -> dict[Audience, KeyTargets]:
        """Return, for each audience, where slugs lead as `load_slug_targets` does, and where ids of merged records lead.

        The ids lead to final survivors. Merges of records that an audience did not see at the time are left out. `ids` restricts
        the slugs to those that belong to these records, or lead to or through them.
        """
        return slug_lookup.load_key_targets(self.connection, ids)

    def load_slugs_in_use(self, kind: RecordKind = RecordKind.ORGANIZATION) -> set[str]:
        """Return the slugs that a new public record cannot have. Of a hidden or removed record that is only its private slug."""
        return slug_lookup.load_slugs_in_use(self.connection, kind)

    def load_final_survivors(self, audience: Audience = Audience.STAFF) -> dict[str, str]:
        """Return the final survivor's id of every merged record, by id. The survivor may have been removed.

        Merges of records that the audience did not see at the time are left out. Staff get all of them.
        """
        chains = merges.build_survivor_chains(merges.load_merges(self.connection), audience)
        return {loser: chain[-1] for loser, chain in chains.items()}

    # -------------------------------------------------------------- changes

    def find_changed_since(self, revision: int) -> ChangedRecords:
        """Return the head, and the records that changed or look different to an audience since that revision."""
        tables = ((table.c.record_kind, table.c.record_id, table.c.revision) for table in (changes, feed_exceptions))
        queries = (
            select(kind, identity).where(changed_in > revision, identity.is_not(None)) for kind, identity, changed_in in tables
        )
        rows = self.connection.execute(union(*queries))
        return ChangedRecords(self.load_head(), tuple(sorted(RecordId(RecordKind(kind), one) for kind, one in rows)))

    def load_visible_changes(self, audience: Audience, since_revision: int = 0) -> list[VisibleChange]:
        """Return the last change of each record that the audience could see after that revision, oldest first."""
        return feed.load_visible_changes(self.connection, audience, since_revision)

    def load_history(self, record_id: str) -> list[Change]:
        """Return every change of the record, oldest first, with private parts; [] for an unknown id."""
        return history.load_history(self.connection, record_id)

    def load_viewings(self, record_id: str) -> list[Viewing]:
        """Return who looked at the private streets of the record, oldest first; [] if nobody did."""
        return history.load_viewings(self.connection, record_id)

    def load_changes(self, revision: int) -> list[Change]:
        """Return every change of the revision, with private parts; [] for an unknown revision."""
        return history.load_changes(self.connection, revision)

    def load_changes_of_revisions(self, revisions: Iterable[int]) -> Iterator[Change]:
        """Yield the changes of records in those revisions, with private parts and without erasures.

        `revisions` must be in ascending order.
        """
        return history.load_changes_of_revisions(self.connection, revisions)

    def list_changed_ids_after(self, revision: int) -> list[tuple[int, str]]:
        """Return each later revision with each record id that it changed, ascending, without erasures."""
        return history.list_changed_ids_after(self.connection, revision)

    def load_last_changes(self, ids: Collection[str]) -> dict[str, Change]:
        """Return the last change of each record, by id, without erasures. Unknown ids are left out."""
        return history.load_last_changes(self.connection, ids)

    def find_last_revision_before(self, moment: datetime) -> int:
        """Return the last revision that was written before a moment, which needs a time zone; 0 if there is none."""
        return history.find_last_revision_before(self.connection, moment)

    def load_states_since(self, ids: Collection[str], revision: int) -> Iterator[tuple[str, list[history.PastState]]]:
        """Yield each of these records that changed after the revision, with its state before each of these changes, oldest first.

        Each state comes with the moment of the change that ended it. The first one is that at the revision: None if there was no
        record. The states have no private parts.
        """
        return history.load_states_since(self.connection, ids, revision)

    def load_revision(self, revision: int) -> Revision | None:
        """Return who made the revision, when and why, and how much it changed; None for an unknown revision."""
        return history.load_revision(self.connection, revision)

    def load_removed_records(self, ids: Collection[str]) -> dict[str, StoredRecord]:
        """Return records as they were when last removed, by id, without private parts. Ids never removed are left out."""
        return history.load_removed_records(self.connection, ids)

    def load_removal_decisions(self) -> dict[tuple[str, str], str]:
        """Return the removed record that is to stay removed, by the dataset and the key (`RowMatch`) of a row about it."""
        return removal_decisions.load_removal_decisions(self.connection)

    def load_removal_actors(self, ids: Collection[str]) -> dict[str, str]:
        """Return who last removed each record, by id. Ids never removed are left out."""
        return history.load_removal_actors(self.connection, ids)

    def load_last_revisions(self, ids: Collection[str]) -> dict[str, int]:
        """Return the revision that last created, changed or removed each record, by id. Unknown ids are left out."""
        return history.load_last_revisions(self.connection, ids)

    def load_last_edits(self, ids: Collection[str], is_import_actor: Callable[[str], bool]) -> dict[str, dict[str, datetime]]:
        """Return when a person last edited each field of the records: field to time, by id.

        A person is an actor for whom `is_import_actor` returns False. Fields that a person filled in when creating a record were
        edited then. Changes of private parts count as edits of their fields. Records and fields that only imports changed
        are left out.
        """
        return history.load_last_edits(self.connection, ids, is_import_actor)


def build_head(row: AnyRow) -> Head:
    """Return the head of its row, with all columns."""
    values = row._mapping
    counters = {audience: values[column] for audience, column in CHANGE_COUNT_COLUMNS.items()}
    return Head(values["revision"], counters, values["key"], values["network_id"], values["fictional"])
