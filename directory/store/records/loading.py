"""Load stored organizations from the tables.

Each table is read once, ordered by organization, and the streams of rows are merged as they arrive, so memory does not grow with
the number of organizations.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from sys import intern
from typing import Any

from sqlalchemy import Connection, Table, and_, select

from directory.geo import Disclosure
from directory.records import Membership, StoredContact, StoredLocation, StoredOrganization
from directory.store.database.bulk import AnyRow, AnySelect, split_into_chunks, stream_rows
from directory.store.ledger.edits import RecordVersion
from directory.store.records.columns import build_decoder
from directory.store.records.private_places import build_private_place
from directory.store.records.tables import (
    PART_TABLES,
    organizations,
    private_places,
    service_areas,
    sites,
    terms,
)

KeyedOrganization = tuple[int, StoredOrganization, RecordVersion]  # the key of the organization's row comes first
PartReader = tuple[AnySelect, Callable[[Sequence[Any]], Any]]  # a query, and a function that builds a value from a row

_ORGANIZATION_COLUMNS, _decode_organization = build_decoder(StoredOrganization)
_MEMBERSHIP_COLUMNS, _decode_membership = build_decoder(Membership)
_LOCATION_COLUMNS, _decode_location = build_decoder(StoredLocation)
_CONTACT_COLUMNS, _decode_contact = build_decoder(StoredContact, "languages")
_FIELDS_OFFSET = 2  # an organization's row starts with its key and revision
_MEMBERSHIP_OFFSET = _FIELDS_OFFSET + len(_ORGANIZATION_COLUMNS)
_PRIVATE_PLACE_OFFSET = 1 + len(_LOCATION_COLUMNS)  # a location's row starts with the organization's key


def load_keyed_organizations(connection: Connection, ids: Collection[str] | None = None) -> Iterator[KeyedOrganization]:
    """Yield all organizations in the order of their creation, or those of `ids` that exist.

    A location has its private place only if its disclosure is EXACT.
    """
    query = _select_organizations()
    if ids is None:
        yield from _merge_streams(connection, stream_rows(connection, query), None)
        return
    for chunk in split_into_chunks(ids):
        rows = connection.execute(query.where(organizations.c.id.in_(chunk))).all()
        if rows:
            yield from _merge_streams(connection, rows, [row[0] for row in rows])


def _select_organizations() -> AnySelect:
    table = organizations.c
    own = [table[name] for name in _ORGANIZATION_COLUMNS]
    membership = [table[f"membership_{name}"] for name in _MEMBERSHIP_COLUMNS]
    return select(table.key, table.revision, *own, *membership).order_by(table.key)


def _select_locations() -> AnySelect:
    """Select locations with their private places if the disclosure is EXACT. No other query for readers uses `private_places`."""
    is_exact = and_(private_places.c.site_id == sites.c.id, sites.c.disclosure == Disclosure.EXACT.value)
    place = (private_places.c.street, private_places.c.latitude, private_places.c.longitude)
    columns = select(sites.c.organization_key, *(sites.c[name] for name in _LOCATION_COLUMNS), *place)
    return columns.outerjoin_from(sites, private_places, is_exact).order_by(sites.c.organization_key, sites.c.position)


def _build_location(row: Sequence[Any]) -> StoredLocation:
    fields = _decode_location(row[1:_PRIVATE_PLACE_OFFSET])
    return StoredLocation(**fields, private=build_private_place(*row[_PRIVATE_PLACE_OFFSET:]))


def _build_contact(row: Sequence[Any]) -> StoredContact:
    return StoredContact(**_decode_contact(row[1:]))


def _select_part_rows(table: Table, names: Sequence[str]) -> AnySelect:
    columns = [table.c[name] for name in names]
    return select(table.c.organization_key, *columns).order_by(table.c.organization_key, table.c.position)


def _build_part_reader(field: str) -> PartReader:
    table, struct = PART_TABLES[field]
    names, decode = build_decoder(struct)
    return _select_part_rows(table, names), lambda row: struct(**decode(row[1:]))


_PART_READERS: dict[str, PartReader] = {
    **{field: _build_part_reader(field) for field in PART_TABLES},
    "sites": (_select_locations(), _build_location),
    "contacts": (_select_part_rows(PART_TABLES["contacts"][0], _CONTACT_COLUMNS), _build_contact),
    # interned, because thousands of records repeat the same regions and terms
    "service_areas": (_select_part_rows(service_areas, ["region"]), lambda row: intern(row[1])),
}
_SELECT_TERMS = select(terms.c.organization_key, terms.c.facet, terms.c.slug).order_by(
    terms.c.organization_key, terms.c.facet, terms.c.position
)


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


def _merge_streams(connection: Connection, rows: Iterable[AnyRow], keys: Sequence[int] | None) -> Iterator[KeyedOrganization]:
    """Build the organizations of these rows from all tables. `keys` are those of the rows, or None for all organizations."""

    def start_stream(query: AnySelect) -> _RowGroups:
        restricted = query if keys is None else query.where(query.selected_columns[0].in_(keys))
        return _RowGroups(stream_rows(connection, restricted))

    parts = [(field, start_stream(query), build) for field, (query, build) in _PART_READERS.items()]
    term_rows = start_stream(_SELECT_TERMS)
    for row in rows:
        key, revision = row[0], row[1]
        fields = _decode_organization(row[_FIELDS_OFFSET:_MEMBERSHIP_OFFSET])
        fields["membership"] = Membership(**_decode_membership(row[_MEMBERSHIP_OFFSET:]))
        for field, part_rows, build in parts:
            if part_rows.key == key:
                fields[field] = tuple([build(part_row) for part_row in part_rows.take_group()])
        if term_rows.key == key:
            fields.update(_group_terms(term_rows.take_group()))
        yield key, StoredOrganization(**fields), RecordVersion(revision)


def _group_terms(rows: Iterable[AnyRow]) -> dict[str, tuple[str, ...]]:
    """Return the slugs of each facet."""
    slugs_by_facet: dict[str, list[str]] = {}
    for _, facet, slug in rows:
        slugs_by_facet.setdefault(facet, []).append(intern(slug))
    return {facet: tuple(slugs) for facet, slugs in slugs_by_facet.items()}
