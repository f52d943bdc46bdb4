"""From tables to entries, within one transaction that sees one state of the directory.

Each table is read once, ordered by organization, and the streams are merged as they come: memory does not grow with the
number of organizations.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from sys import intern
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, Table, and_, select, union

from directory.geo import Disclosure, Point
from directory.publish import ChangeKind
from directory.records import Audience, Entry, KeptContact, Membership, PrivatePlace, Site
from directory.store.columns import builder
from directory.store.edits import Head, SeenChange, Stamps, Touched
from directory.store.tables import (
    LISTED,
    SEEN_COLUMNS,
    TERM_FIELDS,
    changes,
    head,
    organizations,
    private_places,
    seen,
    service_areas,
    sites,
    slugs,
    terms,
)

CHUNK = 500  # ids asked for in one statement
STREAM = 2_000  # rows fetched at a time
T = TypeVar("T")
Kept = tuple[int, Entry, Stamps]  # with the organization's key

_AUDIENCES = {audience.value: audience for audience in Audience}
_KINDS = {kind.value: kind for kind in ChangeKind}


class Reading:
    """What can be read in one transaction. Two questions to the same Reading are answered from the same state."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def head(self) -> Head:
        row = self.connection.execute(select(head)).one()._mapping
        counters = {audience: row[column] for audience, column in SEEN_COLUMNS.items()}
        return Head(row["revision"], counters, row["key"], row["network_id"], row["fictional"])

    def entries(self, ids: Collection[str] | None = None) -> Iterator[tuple[Entry, Stamps]]:
        """All entries in the order of their creation, or those of `ids` that are there. Private places only where EXACT."""
        return ((entry, stamps) for _, entry, stamps in self.kept(ids))

    def kept(self, ids: Collection[str] | None = None) -> Iterator[Kept]:
        """`entries` with the keys of their rows."""
        if ids is None:
            yield from _merged(self.connection, self._stream(_organizations()), None)
            return
        for chunk in chunks(ids):
            rows = self.connection.execute(_organizations().where(organizations.c.id.in_(chunk))).all()
            if rows:
                yield from _merged(self.connection, rows, [row[0] for row in rows])

    def since(self, revision: int) -> Touched:
        """The head, and every organization that changed or looks different to somebody since that revision."""
        changed = select(changes.c.organization_id).where(changes.c.revision > revision)
        looks = select(seen.c.organization_id).where(seen.c.revision > revision)
        ids = self.connection.execute(union(changed, looks)).scalars()
        return Touched(self.head(), tuple(sorted(id for id in ids if id is not None)))

    def slugs(self) -> dict[str, str]:
        """Every slug ever given, to the id of the organization it was given to, which may be gone."""
        return {slug: id for slug, id in self._stream(select(slugs.c.slug, slugs.c.organization_id))}

    def seen_changes(self, audience: Audience, after: int = 0) -> list[SeenChange]:
        """The last change that each organization showed to the audience, oldest first, from the one after `after` on."""
        asked = select(seen.c.seq, seen.c.at, seen.c.kind, seen.c.organization_id)
        rows = self._stream(asked.where(seen.c.audience == audience.value, seen.c.seq > after).order_by(seen.c.seq))
        return [SeenChange(seq, at, _KINDS[kind], id) for seq, at, kind, id in rows]

    def _stream(self, statement: Select[Any]) -> Iterable[Row[Any]]:
        return self.connection.execute(statement, execution_options={"yield_per": STREAM})


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


# ---------------------------------------------------------------- rows to structs

_ENTRY_FIELDS, _entry_values = builder(Entry)[0], None
