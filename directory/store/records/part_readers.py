"""How the values of each field with a table of its own are selected, and built from the rows."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, FromClause, Table, and_, select

from directory.geo import Disclosure
from directory.records import Source, StoredLocation
from directory.store.database.bulk import AnySelect
from directory.store.records.columns import build_decoder
from directory.store.records.private_places import build_private_place
from directory.store.records.provenance import ungroup_sources
from directory.store.records.tables import KindTables, datasets, get_owner_key

FieldRows = Iterable[Sequence[Any]]  # the rows of one field of one record; each starts with the record's key
Readers = dict[str, "PartReader"]  # by field

_LOCATION_COLUMNS, _decode_location = build_decoder(StoredLocation)
_SOURCE_COLUMNS, _decode_source = build_decoder(Source)
_PRIVATE_PLACE_OFFSET = 1 + len(_LOCATION_COLUMNS)


class PartReader(Struct, frozen=True):
    """How one field is read: `columns` of `rows` in the order of `table`, and a function that builds the field from them."""

    field: str
    table: Table
    rows: FromClause
    columns: tuple[ColumnElement[Any], ...]
    build: Callable[[FieldRows], tuple[Any, ...]]

    @property
    def owner_key(self) -> ColumnElement[int]:
        """The key of the record that a row belongs to."""
        return get_owner_key(self.table)

    def select_all(self) -> AnySelect:
        """Select the key of the record and the columns, ordered by record."""
        return select(self.owner_key, *self.columns).select_from(self.rows).order_by(self.owner_key, self.table.c.position)


def build_publishable_readers(tables: KindTables) -> Readers:
    """Build the readers for what is published: private places only where the disclosure is EXACT.

    No other query for readers uses the tables of private places.
    """
    return _build_readers(tables, lambda sites: (sites.c.disclosure == Disclosure.EXACT.value,))


def build_complete_readers(tables: KindTables) -> Readers:
    """Build the readers for writes and checks: with all private places."""
    return _build_readers(tables, lambda sites: ())


def _build_readers(tables: KindTables, find_conditions: Callable[[Table], tuple[ColumnElement[bool], ...]]) -> Readers:
    """`find_conditions` says which locations are read with their private places."""
    readers = {}
    for field, (table, struct) in tables.parts.items():
        if field == "sources":
            readers[field] = _build_source_reader(table)
        elif field == "sites" and tables.private_places is not None:
            readers[field] = _build_location_reader(table, tables.private_places, find_conditions(table))
        else:
            readers[field] = _build_simple_reader(field, table, struct)
    return readers


def _build_simple_reader(field: str, table: Table, struct: type[Struct]) -> PartReader:
    names, decode = build_decoder(struct)
    columns = tuple(table.c[name] for name in names)
    return PartReader(field, table, table, columns, lambda rows: tuple([struct(**decode(row[1:])) for row in rows]))


def _build_source_reader(provenance: Table) -> PartReader:
    columns = tuple(_find_source_column(provenance, name) for name in _SOURCE_COLUMNS)
    return PartReader("sources", provenance, provenance.join(datasets), columns, _build_sources)


def _find_source_column(provenance: Table, name: str) -> ColumnElement[Any]:
    if name == "field":
        return provenance.c.fields
    return provenance.c[name] if name in provenance.c else datasets.c[name]


def _build_sources(rows: FieldRows) -> tuple[Source, ...]:
    arguments = [_decode_source(row[1:]) for row in rows]
    return tuple([source for shared in arguments for source in ungroup_sources(shared, shared["field"])])


def _build_location_reader(sites: Table, private_places: Table, conditions: tuple[ColumnElement[bool], ...]) -> PartReader:
    has_place = and_(private_places.c.site_id == sites.c.id, *conditions)
    place = (private_places.c.street, private_places.c.latitude, private_places.c.longitude)
    columns = (*(sites.c[name] for name in _LOCATION_COLUMNS), *place)
    return PartReader("sites", sites, sites.outerjoin(private_places, has_place), columns, _build_locations)


def _build_locations(rows: FieldRows) -> tuple[StoredLocation, ...]:
    return tuple([_build_location(row) for row in rows])


def _build_location(row: Sequence[Any]) -> StoredLocation:
    fields = _decode_location(row[1:_PRIVATE_PLACE_OFFSET])
    return StoredLocation(**fields, private=build_private_place(*row[_PRIVATE_PLACE_OFFSET:]))
