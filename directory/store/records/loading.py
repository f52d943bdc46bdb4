"""Load stored organizations from the tables.

To load all, each table is read once, ordered by organization, and the streams of rows are merged as they arrive, so memory does
not grow with the number of organizations. To load a few, one statement reads their rows and one all of their parts.

Readers get private places only where the disclosure is EXACT (`load_organizations`), writes and checks get all of them
(`load_current_records`).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, select

from directory.records import Membership, StoredOrganization
from directory.store.database.bulk import AnyRow, AnySelect, split_into_chunks, stream_rows
from directory.store.records.columns import build_decoder
from directory.store.records.combined_query import CombinedQuery, PartValues
from directory.store.records.part_readers import COMPLETE_PARTS, PUBLISHABLE_PARTS
from directory.store.records.tables import organizations

KeyedOrganization = tuple[int, int, StoredOrganization]  # the key of the organization's row, and its revision, come first

_ORGANIZATION_COLUMNS, _decode_organization = build_decoder(StoredOrganization)
_MEMBERSHIP_COLUMNS, _decode_membership = build_decoder(Membership)
_FIELDS_OFFSET = 2  # an organization's row starts with its key and revision
_MEMBERSHIP_OFFSET = _FIELDS_OFFSET + len(_ORGANIZATION_COLUMNS)
_PUBLISHABLE_PARTS = CombinedQuery(PUBLISHABLE_PARTS.values())
_COMPLETE_PARTS = CombinedQuery(COMPLETE_PARTS.values())


class CurrentRecord(Struct, frozen=True):
    """A stored record with all of its private places."""

    key: int
    revision: int
    organization: StoredOrganization


def load_organizations(connection: Connection, ids: Collection[str] | None = None) -> Iterator[tuple[StoredOrganization, int]]:
    """Yield all organizations in the order of their creation, or those of `ids` that exist, each with its last revision.

    A location has its private place only if its disclosure is EXACT.
    """
    if ids is None:
        yield from _stream_organizations(connection)
        return
    for chunk in split_into_chunks(ids):
        for _, revision, organization in _load_chunk(connection, chunk, _PUBLISHABLE_PARTS):
            yield organization, revision


def load_current_records(connection: Connection, ids: Sequence[str]) -> dict[str, CurrentRecord]:
    """Return the stored records by id, for writes and checks. Unknown ids are left out."""
    loaded = (record for chunk in split_into_chunks(ids) for record in _load_chunk(connection, chunk, _COMPLETE_PARTS))
    return {organization.id: CurrentRecord(key, revision, organization) for key, revision, organization in loaded}


def _load_chunk(connection: Connection, ids: Sequence[str], parts: CombinedQuery) -> list[KeyedOrganization]:
    """Return the organizations of `ids` that exist, with the fields that `parts` reads. Takes two statements."""
    rows = connection.execute(_SELECT_ORGANIZATIONS.where(organizations.c.id.in_(ids))).all()
    values = parts.load(connection, [row[0] for row in rows]) if rows else {}
    return [_build_organization(row, values.get(row[0], {})) for row in rows]


def _build_organization(row: Sequence[Any], parts: PartValues) -> KeyedOrganization:
    fields = _decode_organization(row[_FIELDS_OFFSET:_MEMBERSHIP_OFFSET])
    membership = Membership(**_decode_membership(row[_MEMBERSHIP_OFFSET:]))
    return row[0], row[1], StoredOrganization(**fields, membership=membership, **parts)


def _select_organizations() -> AnySelect:
    table = organizations.c
    own = [table[name] for name in _ORGANIZATION_COLUMNS]
    membership = [table[f"membership_{name}"] for name in _MEMBERSHIP_COLUMNS]
    return select(table.key, table.revision, *own, *membership).order_by(table.key)


_SELECT_ORGANIZATIONS = _select_organizations()


class _RowGroups:
    """A stream of rows ordered by organization, taken one organization at a time."""

    def __init__(self, rows: Iterable[AnyRow]) -> None:
        self._groups = groupby(rows, itemgetter(0))
        self.key: int | None = None  # of the organization whose rows come next; None at the end
        self._rows: Iterator[AnyRow] = iter(())
        self.take_group()

    def take_group(self) -> list[AnyRow]:
        """Return the rows of the organization `key`, and move on to the next organization."""
        rows = list(self._rows)
        self.key, self._rows = next(self._groups, (None, iter(())))
        return rows


def _stream_organizations(connection: Connection) -> Iterator[tuple[StoredOrganization, int]]:
    def start_stream(query: AnySelect) -> _RowGroups:
        return _RowGroups(stream_rows(connection, query))

    streams = [(reader.field, start_stream(reader.select_all()), reader.build) for reader in PUBLISHABLE_PARTS.values()]
    for row in stream_rows(connection, _SELECT_ORGANIZATIONS):
        key = row[0]
        parts = {field: build(rows.take_group()) for field, rows, build in streams if rows.key == key}
        _, revision, organization = _build_organization(row, parts)
        yield organization, revision
