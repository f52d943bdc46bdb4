"""From tables to entries, within one transaction that sees one state of the directory.

Each table is read once, ordered by organization, and the streams are merged as they come: memory does not grow with the
number of organizations.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from sys import intern
from typing import Any

from sqlalchemy import Connection, Table, and_, select, union

from directory.geo import Disclosure
from directory.publish import ChangeKind, VisibleChange
from directory.records import Audience, Membership, PrivatePlace, StoredContact, StoredLocation, StoredOrganization
from directory.store.database.bulk import AnyRow, AnySelect, split_into_chunks, stream_rows
from directory.store.ledger import history, merges
from directory.store.ledger.edits import Change, ChangedRecords, Head, RecordVersion, Revision
from directory.store.records import slugs
from directory.store.records.columns import build_decoder
from directory.store.records.private_places import build_private_place, find_differing_places
from directory.store.records.tables import (
    CHANGE_COUNT_COLUMNS,
    EFFECTIVE_AUDIENCE,
    PART_TABLES,
    changes,
    head,
    organizations,
    private_places,
    service_areas,
    sites,
    terms,
    visible_changes,
)

KeyedOrganization = tuple[int, StoredOrganization, RecordVersion]  # with the organization's key

_AUDIENCE_BY_VALUE = {audience.value: audience for audience in Audience}
_CHANGE_KIND_BY_VALUE = {kind.value: kind for kind in ChangeKind}


class ReadTransaction:
    """What can be read in one transaction. Two questions to the same Reading are answered from the same state."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def load_head(self) -> Head:
        row = self.connection.execute(select(head)).one()._mapping
        counters = {audience: row[column] for audience, column in CHANGE_COUNT_COLUMNS.items()}
        return Head(row["revision"], counters, row["key"], row["network_id"], row["fictional"])

    def load_organizations(self, ids: Collection[str] | None = None) -> Iterator[tuple[StoredOrganization, RecordVersion]]:
        """All entries in the order of their creation, or those of `ids` that are there. Private places only where EXACT."""
        return ((entry, stamps) for _, entry, stamps in self.load_keyed_organizations(ids))

    def load_keyed_organizations(self, ids: Collection[str] | None = None) -> Iterator[KeyedOrganization]:
        """`entries` with the keys of their rows."""
        if ids is None:
            yield from _merge_streams(self.connection, self._stream_rows(_select_organizations()), None)
            return
        for chunk in split_into_chunks(ids):
            rows = self.connection.execute(_select_organizations().where(organizations.c.id.in_(chunk))).all()
            if rows:
                yield from _merge_streams(self.connection, rows, [row[0] for row in rows])

    def load_audiences(self) -> dict[str, Audience]:
        """Whom each organization is shown to, by id."""
        rows = self._stream_rows(select(organizations.c.id, EFFECTIVE_AUDIENCE))
        return {identity: _AUDIENCE_BY_VALUE[audience] for identity, audience in rows}

    def list_hidden_ids(self) -> list[str]:
        """The ids of all records that staff have hidden."""
        return list(
            self.connection.execute(select(organizations.c.id).where(organizations.c.hidden_since.is_not(None))).scalars()
        )

    def list_ids_hidden_until(self, day: date) -> list[str]:
        """The ids of the hidden records whose hiding ends on that day or ended before."""
        return list(self.connection.execute(select(organizations.c.id).where(organizations.c.hidden_until <= day)).scalars())

    def find_changed_since(self, revision: int) -> ChangedRecords:
        """The head, and every organization that changed or looks different to somebody since that revision."""
        changed = select(changes.c.organization_id).where(changes.c.revision > revision)
        looks = select(visible_changes.c.organization_id).where(visible_changes.c.revision > revision)
        ids = self.connection.execute(union(changed, looks)).scalars()
        return ChangedRecords(self.load_head(), tuple(sorted(identity for identity in ids if identity is not None)))

    def load_slug_targets(self, audience: Audience = Audience.STAFF, ids: Collection[str] | None = None) -> dict[str, str]:
        """Every slug under which the audience ever could see an organization, to the id of that, which may be gone.

        Of several organizations that had it, it leads to one that this audience sees now, if there is one: first to the one
        that has it or had it last. To staff that is every slug ever given. The slugs of one that was merged into another lead
        there. `ids` asks for those alone that belong to these organizations, or lead to or through them.
        """
        return slugs.load_slug_targets(self.connection, audience, ids)

    def load_slugs_in_use(self) -> set[str]:
        """The slugs that a new public record cannot have. A hidden or removed record has none of them but its private one."""
        return slugs.load_slugs_in_use(self.connection)

    def load_final_survivors(self, audience: Audience = Audience.STAFF) -> dict[str, str]:
        """The id of every organization that was merged into another, to that of the last one on the way, which may be gone.

        It leads only those on who saw all that were merged on the way. To staff that is all.
        """
        return {loser: way[-1] for loser, way in merges.load_survivor_chains(self.connection, audience).items()}

    def load_visible_changes(self, audience: Audience, after: int = 0) -> list[VisibleChange]:
        """The last change that each organization showed to the audience, oldest first, from the one after `after` on."""
        asked = select(visible_changes.c.seq, visible_changes.c.at, visible_changes.c.kind, visible_changes.c.organization_id)
        rows = self._stream_rows(
            asked.where(visible_changes.c.audience == audience.value, visible_changes.c.seq > after).order_by(
                visible_changes.c.seq
            )
        )
        return [VisibleChange(seq, at, _CHANGE_KIND_BY_VALUE[kind], identity) for seq, at, kind, identity in rows]

    def load_history(self, organization_id: str) -> list[Change]:
        """Everything that happened to the organization, oldest first, private parts included; [] for an id that never was."""
        return history.load_history(self.connection, organization_id)

    def load_changes(self, revision: int) -> list[Change]:
        """Everything that a revision changed, private parts included; [] for one that the ledger does not have."""
        return history.load_changes(self.connection, revision)

    def load_changes_of_revisions(self, revisions: Iterable[int]) -> Iterator[Change]:
        """What those revisions, in ascending order, changed in organizations, private parts included; erasures are left out."""
        return history.load_changes_of_revisions(self.connection, revisions)

    def list_changed_ids_after(self, revision: int) -> list[tuple[int, str]]:
        """Each later revision with each id of an organization that it changed, ascending; erasures are left out."""
        return history.list_changed_ids_after(self.connection, revision)

    def load_last_changes(self, ids: Collection[str]) -> dict[str, Change]:
        """The last change of each of those organizations, by id; not of those that never were. Erasures are left out."""
        return history.load_last_changes(self.connection, ids)

    def load_revision(self, revision: int) -> Revision | None:
        """Who made the revision, when, why, and how much it changed; None for one that the ledger does not have."""
        return history.load_revision(self.connection, revision)

    def load_removed_organizations(self, ids: Collection[str]) -> dict[str, StoredOrganization]:
        """What removed organizations were, by id, without their private parts; those that never were removed are not in it."""
        return history.load_removed_organizations(self.connection, ids)

    def load_last_revisions(self, ids: Collection[str]) -> dict[str, int]:
        """At which revision each of those organizations was last created, changed or removed; not those that never were."""
        return history.load_last_revisions(self.connection, ids)

    def load_last_edits(self, ids: Collection[str], is_import_actor: Callable[[str], bool]) -> dict[str, dict[str, datetime]]:
        """Of those organizations, when somebody whose actor is no import last changed a field of Entry.

        A field that was stated when somebody created the record was changed then. Private parts count (to "sites" and
        "contacts"), but are not told. Organizations and fields that only imports touched are not there.
        """
        return history.load_last_edits(self.connection, ids, is_import_actor)

    def find_differing_places(self, places: Mapping[str, PrivatePlace]) -> set[str]:
        """The ids of the sites of which something else is kept than is given here by site id.

        Where nothing is kept, or no such site is there, only an empty PrivatePlace() is no other. What is kept is not told.
        """
        return find_differing_places(self.connection, places)

    def _stream_rows(self, statement: AnySelect) -> Iterable[AnyRow]:
        return stream_rows(self.connection, statement)


# ---------------------------------------------------------------- rows to structs

_ORGANIZATION_COLUMNS, _decode_organization = build_decoder(StoredOrganization)
_MEMBERSHIP_COLUMNS, _decode_membership = build_decoder(Membership)
_LOCATION_COLUMNS, _decode_location = build_decoder(StoredLocation)
_CONTACT_COLUMNS, _decode_contact = build_decoder(StoredContact, "languages")
_PRIVATE_PLACE_OFFSET = len(_LOCATION_COLUMNS)  # where a site's row goes on with its private place
_FIELDS_OFFSET = 2  # columns before an entry's own: key, revision


def _select_organizations() -> AnySelect:
    table = organizations.c
    own = [table[name] for name in _ORGANIZATION_COLUMNS]
    membership = [table[f"membership_{name}"] for name in _MEMBERSHIP_COLUMNS]
    return select(table.key, table.revision, *own, *membership).order_by(table.key)


def _select_locations() -> AnySelect:
    """Only here are private places read on behalf of readers, and no statement of theirs fetches one that is not EXACT."""
    told = and_(private_places.c.site_id == sites.c.id, sites.c.disclosure == Disclosure.EXACT.value)
    place = (private_places.c.street, private_places.c.latitude, private_places.c.longitude)
    listed = select(sites.c.organization_key, *(sites.c[name] for name in _LOCATION_COLUMNS), *place)
    return listed.outerjoin_from(sites, private_places, told).order_by(sites.c.organization_key, sites.c.position)


def _build_location(row: Sequence[Any]) -> StoredLocation:
    return StoredLocation(
        **_decode_location(row[1 : _PRIVATE_PLACE_OFFSET + 1]), private=build_private_place(*row[_PRIVATE_PLACE_OFFSET + 1 :])
    )


def _build_contact(row: Sequence[Any]) -> StoredContact:
    return StoredContact(**_decode_contact(row[1:]))


def _select_part_rows(table: Table, names: Sequence[str]) -> AnySelect:
    columns = [table.c[name] for name in names]
    return select(table.c.organization_key, *columns).order_by(table.c.organization_key, table.c.position)


def _build_part_reader(field: str) -> tuple[AnySelect, Callable[[Sequence[Any]], Any]]:
    table, struct = PART_TABLES[field]
    names, decode = build_decoder(struct)
    return _select_part_rows(table, names), lambda row: struct(**decode(row[1:]))


_PART_READERS: dict[str, tuple[AnySelect, Callable[[Sequence[Any]], Any]]] = {
    **{field: _build_part_reader(field) for field in PART_TABLES},
    "sites": (_select_locations(), _build_location),
    "contacts": (_select_part_rows(PART_TABLES["contacts"][0], _CONTACT_COLUMNS), _build_contact),
    # words that thousands of records repeat are kept in memory once
    "service_areas": (_select_part_rows(service_areas, ["region"]), lambda row: intern(row[1])),
}
_SELECT_TERMS = select(terms.c.organization_key, terms.c.facet, terms.c.slug).order_by(
    terms.c.organization_key, terms.c.facet, terms.c.position
)
_SELECT_UPDATE_TIMES = (
    select(organizations.c.key, visible_changes.c.audience, visible_changes.c.at)
    .join_from(visible_changes, organizations, organizations.c.id == visible_changes.c.organization_id)
    .order_by(organizations.c.key)
)


class _RowGroups:
    """A stream of rows ordered by organization, handed out organization by organization."""

    def __init__(self, rows: Iterable[AnyRow]) -> None:
        self._groups = groupby(rows, itemgetter(0))
        self.key: int | None = None  # of the organization whose rows come next
        self._rows: Iterator[AnyRow] = iter(())
        self.take_group()

    def take_group(self) -> list[AnyRow]:
        """The rows of the organization `key`; after that, the next one's come next."""
        rows = list(self._rows)
        self.key, self._rows = next(self._groups, (None, iter(())))
        return rows


def _merge_streams(connection: Connection, rows: Iterable[AnyRow], keys: Sequence[int] | None) -> Iterator[KeyedOrganization]:
    """`rows` of organizations with everything that belongs to them; `keys` None for all organizations."""

    def groups(statement: AnySelect) -> _RowGroups:
        asked = statement if keys is None else statement.where(statement.selected_columns[0].in_(keys))
        return _RowGroups(stream_rows(connection, asked))

    parts = [(field, groups(statement), build) for field, (statement, build) in _PART_READERS.items()]
    of_terms, of_stamps = groups(_SELECT_TERMS), groups(_SELECT_UPDATE_TIMES)
    for row in rows:
        key = row[0]
        fields = _decode_organization(row[_FIELDS_OFFSET : _FIELDS_OFFSET + len(_ORGANIZATION_COLUMNS)])
        fields["membership"] = Membership(**_decode_membership(row[_FIELDS_OFFSET + len(_ORGANIZATION_COLUMNS) :]))
        for field, group, build in parts:
            if group.key == key:
                fields[field] = tuple([build(part) for part in group.take_group()])
        if of_terms.key == key:
            fields.update(_group_terms(of_terms.take_group()))
        stamps = of_stamps.take_group() if of_stamps.key == key else []
        yield (
            key,
            StoredOrganization(**fields),
            RecordVersion(row[1], {_AUDIENCE_BY_VALUE[audience]: at for _, audience, at in stamps}),
        )


def _group_terms(rows: Iterable[AnyRow]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for _, facet, slug in rows:
        found.setdefault(facet, []).append(intern(slug))
    return {facet: tuple(slugs) for facet, slugs in found.items()}
