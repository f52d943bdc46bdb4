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
from directory.publish import ChangeKind, SeenChange
from directory.records import Audience, Entry, KeptContact, Membership, PrivatePlace, Site
from directory.store import history, merges, slugs
from directory.store.columns import decoder
from directory.store.edits import Change, Head, Revision, Stamps, Touched
from directory.store.private_places import differing, place
from directory.store.streaming import AnyRow, AnySelect, chunks, streamed
from directory.store.tables import (
    LISTED,
    SEEN_COLUMNS,
    SHOWN_TO,
    changes,
    head,
    organizations,
    private_places,
    seen,
    service_areas,
    sites,
    terms,
)

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

    def audiences(self) -> dict[str, Audience]:
        """Whom each organization is shown to, by id."""
        rows = self._stream(select(organizations.c.id, SHOWN_TO))
        return {identity: _AUDIENCES[audience] for identity, audience in rows}

    def hidden(self) -> list[str]:
        """The ids of all records that staff have hidden."""
        return list(
            self.connection.execute(select(organizations.c.id).where(organizations.c.hidden_since.is_not(None))).scalars()
        )

    def hidden_until(self, day: date) -> list[str]:
        """The ids of the hidden records whose hiding ends on that day or ended before."""
        return list(self.connection.execute(select(organizations.c.id).where(organizations.c.hidden_until <= day)).scalars())

    def since(self, revision: int) -> Touched:
        """The head, and every organization that changed or looks different to somebody since that revision."""
        changed = select(changes.c.organization_id).where(changes.c.revision > revision)
        looks = select(seen.c.organization_id).where(seen.c.revision > revision)
        ids = self.connection.execute(union(changed, looks)).scalars()
        return Touched(self.head(), tuple(sorted(identity for identity in ids if identity is not None)))

    def slugs(self, audience: Audience = Audience.STAFF, ids: Collection[str] | None = None) -> dict[str, str]:
        """Every slug under which the audience ever could see an organization, to the id of that, which may be gone.

        Of several organizations that had it, it leads to one that this audience sees now, if there is one: first to the one
        that has it or had it last. To staff that is every slug ever given. The slugs of one that was merged into another lead
        there. `ids` asks for those alone that belong to these organizations, or lead to or through them.
        """
        return slugs.leading(self.connection, audience, ids)

    def slugs_in_use(self) -> set[str]:
        """The slugs that a new public record cannot have. A hidden or removed record has none of them but its private one."""
        return slugs.in_use(self.connection)

    def merged(self, audience: Audience = Audience.STAFF) -> dict[str, str]:
        """The id of every organization that was merged into another, to that of the last one on the way, which may be gone.

        It leads only those on who saw all that were merged on the way. To staff that is all.
        """
        return {loser: way[-1] for loser, way in merges.ways(self.connection, audience).items()}

    def seen_changes(self, audience: Audience, after: int = 0) -> list[SeenChange]:
        """The last change that each organization showed to the audience, oldest first, from the one after `after` on."""
        asked = select(seen.c.seq, seen.c.at, seen.c.kind, seen.c.organization_id)
        rows = self._stream(asked.where(seen.c.audience == audience.value, seen.c.seq > after).order_by(seen.c.seq))
        return [SeenChange(seq, at, _KINDS[kind], identity) for seq, at, kind, identity in rows]

    def history(self, organization_id: str) -> list[Change]:
        """Everything that happened to the organization, oldest first, private parts included; [] for an id that never was."""
        return history.history(self.connection, organization_id)

    def changes_of(self, revision: int) -> list[Change]:
        """Everything that a revision changed, private parts included; [] for one that the ledger does not have."""
        return history.changes_of(self.connection, revision)

    def changes_in(self, revisions: Iterable[int]) -> Iterator[Change]:
        """What those revisions, in ascending order, changed in organizations, private parts included; erasures are left out."""
        return history.changes_in(self.connection, revisions)

    def touched_after(self, revision: int) -> list[tuple[int, str]]:
        """Each later revision with each id of an organization that it changed, ascending; erasures are left out."""
        return history.touched_after(self.connection, revision)

    def last_changes(self, ids: Collection[str]) -> dict[str, Change]:
        """The last change of each of those organizations, by id; not of those that never were. Erasures are left out."""
        return history.last_changes(self.connection, ids)

    def revision(self, revision: int) -> Revision | None:
        """Who made the revision, when, why, and how much it changed; None for one that the ledger does not have."""
        return history.revision_of(self.connection, revision)

    def last_known(self, ids: Collection[str]) -> dict[str, Entry]:
        """What removed organizations were, by id, without their private parts; those that never were removed are not in it."""
        return history.last_known(self.connection, ids)

    def last_revisions(self, ids: Collection[str]) -> dict[str, int]:
        """At which revision each of those organizations was last created, changed or removed; not those that never were."""
        return history.last_revisions(self.connection, ids)

    def last_edits(self, ids: Collection[str], by_import: Callable[[str], bool]) -> dict[str, dict[str, datetime]]:
        """Of those organizations, when somebody whose actor is no import last changed a field of Entry.

        A field that was stated when somebody created the record was changed then. Private parts count (to "sites" and
        "contacts"), but are not told. Organizations and fields that only imports touched are not there.
        """
        return history.last_edits(self.connection, ids, by_import)

    def differing_places(self, places: Mapping[str, PrivatePlace]) -> set[str]:
        """The ids of the sites of which something else is kept than is given here by site id.

        Where nothing is kept, or no such site is there, only an empty PrivatePlace() is no other. What is kept is not told.
        """
        return differing(self.connection, places)

    def _stream(self, statement: AnySelect) -> Iterable[AnyRow]:
        return streamed(self.connection, statement)


# ---------------------------------------------------------------- rows to structs

_ENTRY, _entry = decoder(Entry)
_MEMBERSHIP, _membership = decoder(Membership)
_SITE, _site = decoder(Site)
_CONTACT, _contact = decoder(KeptContact, "languages")
_PLACE = len(_SITE)  # where a site's row goes on with its private place
_OWN = 2  # columns before an entry's own: key, revision


def _organizations() -> AnySelect:
    table = organizations.c
    own = [table[name] for name in _ENTRY]
    membership = [table[f"membership_{name}"] for name in _MEMBERSHIP]
    return select(table.key, table.revision, *own, *membership).order_by(table.key)


def _sites() -> AnySelect:
    """Only here are private places read on behalf of readers, and no statement of theirs fetches one that is not EXACT."""
    told = and_(private_places.c.site_id == sites.c.id, sites.c.disclosure == Disclosure.EXACT.value)
    place = (private_places.c.street, private_places.c.latitude, private_places.c.longitude)
    listed = select(sites.c.organization_key, *(sites.c[name] for name in _SITE), *place)
    return listed.outerjoin_from(sites, private_places, told).order_by(sites.c.organization_key, sites.c.position)


def _build_site(row: Sequence[Any]) -> Site:
    return Site(**_site(row[1 : _PLACE + 1]), private=place(*row[_PLACE + 1 :]))


def _build_contact(row: Sequence[Any]) -> KeptContact:
    return KeptContact(**_contact(row[1:]))


def _listed(table: Table, names: Sequence[str]) -> AnySelect:
    columns = [table.c[name] for name in names]
    return select(table.c.organization_key, *columns).order_by(table.c.organization_key, table.c.position)


def _part(field: str) -> tuple[AnySelect, Callable[[Sequence[Any]], Any]]:
    table, struct = LISTED[field]
    names, decode = decoder(struct)
    return _listed(table, names), lambda row: struct(**decode(row[1:]))


_PARTS: dict[str, tuple[AnySelect, Callable[[Sequence[Any]], Any]]] = {
    **{field: _part(field) for field in LISTED},
    "sites": (_sites(), _build_site),
    "contacts": (_listed(LISTED["contacts"][0], _CONTACT), _build_contact),
    # words that thousands of records repeat are kept in memory once
    "service_areas": (_listed(service_areas, ["region"]), lambda row: intern(row[1])),
}
_TERMS = select(terms.c.organization_key, terms.c.facet, terms.c.slug).order_by(
    terms.c.organization_key, terms.c.facet, terms.c.position
)
_STAMPS = (
    select(organizations.c.key, seen.c.audience, seen.c.at)
    .join_from(seen, organizations, organizations.c.id == seen.c.organization_id)
    .order_by(organizations.c.key)
)


class _Groups:
    """A stream of rows ordered by organization, handed out organization by organization."""

    def __init__(self, rows: Iterable[AnyRow]) -> None:
        self._groups = groupby(rows, itemgetter(0))
        self.key: int | None = None  # of the organization whose rows come next
        self._rows: Iterator[AnyRow] = iter(())
        self.take()

    def take(self) -> list[AnyRow]:
        """The rows of the organization `key`; after that, the next one's come next."""
        rows = list(self._rows)
        self.key, self._rows = next(self._groups, (None, iter(())))
        return rows


def _merged(connection: Connection, rows: Iterable[AnyRow], keys: Sequence[int] | None) -> Iterator[Kept]:
    """`rows` of organizations with everything that belongs to them; `keys` None for all organizations."""

    def groups(statement: AnySelect) -> _Groups:
        asked = statement if keys is None else statement.where(statement.selected_columns[0].in_(keys))
        return _Groups(streamed(connection, asked))

    parts = [(field, groups(statement), build) for field, (statement, build) in _PARTS.items()]
    of_terms, of_stamps = groups(_TERMS), groups(_STAMPS)
    for row in rows:
        key = row[0]
        fields = _entry(row[_OWN : _OWN + len(_ENTRY)])
        fields["membership"] = Membership(**_membership(row[_OWN + len(_ENTRY) :]))
        for field, group, build in parts:
            if group.key == key:
                fields[field] = tuple([build(part) for part in group.take()])
        if of_terms.key == key:
            fields.update(_facets(of_terms.take()))
        stamps = of_stamps.take() if of_stamps.key == key else []
        yield key, Entry(**fields), Stamps(row[1], {_AUDIENCES[audience]: at for _, audience, at in stamps})


def _facets(rows: Iterable[AnyRow]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for _, facet, slug in rows:
        found.setdefault(facet, []).append(intern(slug))
    return {facet: tuple(slugs) for facet, slugs in found.items()}
