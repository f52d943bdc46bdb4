"""Which slug a record gets, and where slugs lead.

A slug leads an audience only to a record that it sees, and that it ever saw under this slug. So what an audience can tell from
slugs depends on nothing but records it sees:

- A record that is not public has a slug with a random suffix (directory/slugs.py). The plain slug it was given leads to it too,
  for those who see it, as long as no other record takes that.
- A slug is taken for a new holder only where it leads the new holder's audience to another record already. A record that is
  hidden or removed therefore releases its plain slugs, and gets them back when it returns, unless they were taken meanwhile.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from directory.errors import BadInput
from directory.records import Audience, Entry
from directory.slugs import NewSuffix, is_private_slug, private_slug
from directory.store import merges
from directory.store.ledger import Altered
from directory.store.many import run
from directory.store.references import audiences
from directory.store.streaming import chunks, streamed
from directory.store.tables import SHOWN_TO, organizations, slug_aliases, slugs


class SlugOwner(NamedTuple):
    """`audience`: the widest that ever saw the organization under the slug."""

    slug: str
    organization_id: str
    audience: Audience


class SlugRows(Struct, frozen=True):
    """What the tables know about the slugs of a write: `holders` by slug, `aliases` by slug and organization."""

    holders: dict[str, SlugOwner]
    aliases: dict[tuple[str, str], SlugOwner]


class SlugChoice(Struct, frozen=True):
    """What `assign` decided: the changes with their slugs, and the plain slugs by which private records are known too."""

    alterations: tuple[Altered, ...]
    aliases: tuple[SlugOwner, ...]
    known: SlugRows


# ---------------------------------------------------------------- where slugs lead


def leading(connection: Connection, audience: Audience, ids: Collection[str] | None = None) -> dict[str, str]:
    """What `Reading.slugs` promises."""
    ways = merges.ways(connection, audience)
    holders, aliases = _all(connection) if ids is None else _of_touched(connection, ids, ways)
    found = {one.slug: _end(one.organization_id, ways) for one in holders if audience.sees(one.audience)}
    more: dict[str, list[str]] = {}
    for one in sorted(aliases):
        if audience.sees(one.audience):
            more.setdefault(one.slug, [found[one.slug]] if one.slug in found else []).append(_end(one.organization_id, ways))
    return found | _first_seen(connection, audience, more)


def _first_seen(connection: Connection, audience: Audience, candidates: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """By slug the first organization that the audience sees, else the first."""
    shown = audiences(connection, {identity for listed in candidates.values() for identity in listed})
    seen = {identity for identity, shown_to in shown.items() if audience.sees(shown_to)}
    return {slug: next((one for one in listed if one in seen), listed[0]) for slug, listed in candidates.items()}


def in_use(connection: Connection) -> set[str]:
    """The slugs that a new public record cannot have: those that records have now, and those that lead everybody to one."""
    rows = connection.execute(select(organizations.c.slug, organizations.c.id, SHOWN_TO)).all()
    public = {identity for _, identity, shown_to in rows if shown_to == Audience.PUBLIC.value}
    led = (slug for slug, identity in leading(connection, Audience.PUBLIC).items() if identity in public)
    return {*(row[0] for row in rows), *led}


def _all(connection: Connection) -> tuple[Iterable[SlugOwner], Iterable[SlugOwner]]:
    return map(_owner, streamed(connection, select(slugs))), map(_owner, streamed(connection, select(slug_aliases)))


def _of_touched(
    connection: Connection, ids: Collection[str], ways: Mapping[str, Sequence[str]]
) -> tuple[Iterable[SlugOwner], Iterable[SlugOwner]]:
    """All slugs that ever belonged to these organizations or lead through them, whoever else has them too."""
    owners = {*ids, *(loser for loser, way in ways.items() if not set(ids).isdisjoint(way))}
    own = {one.slug for table in (slugs, slug_aliases) for one in _where(connection, table, "organization_id", owners)}
    return _where(connection, slugs, "slug", own), list(_where(connection, slug_aliases, "slug", own))


def _where(connection: Connection, table: Table, column: str, values: Iterable[str]) -> Iterator[SlugOwner]:
    for chunk in chunks(sorted(set(values))):
        yield from map(_owner, connection.execute(select(table).where(table.c[column].in_(chunk))).all())


def _owner(row: Sequence[str]) -> SlugOwner:
    return SlugOwner(row[0], row[1], Audience(row[2]))


def _end(identity: str, ways: Mapping[str, Sequence[str]]) -> str:
    return ways[identity][-1] if identity in ways else identity


# ---------------------------------------------------------------- which slug a record gets


def assign(connection: Connection, alterations: Sequence[Altered], lenient: Collection[str], new_suffix: NewSuffix) -> SlugChoice:
    """Gives each record of a write its slug: the one it asks for where it may have that.

    `lenient`: ids of records that take another slug where theirs is taken: the one they have, else a private one. Raises
    BadInput where the slug of another record is asked for.
    """
    return _Assignment(connection, alterations, lenient, new_suffix).choice()


class _Assignment:
    """The slugs of one write, given one after the other."""

    def __init__(
        self, connection: Connection, alterations: Sequence[Altered], lenient: Collection[str], new_suffix: NewSuffix
    ) -> None:
        self._connection, self._alterations = connection, alterations
        self._lenient, self._new_suffix = lenient, new_suffix
        self._known = self._load()
        self._owners: dict[str, list[SlugOwner]] = {}
        self._mine: dict[str, set[str]] = {}  # by organization
        for one in (*self._known.holders.values(), *self._known.aliases.values()):
            self._owners.setdefault(one.slug, []).append(one)
            self._mine.setdefault(one.organization_id, set()).add(one.slug)
        self._given: set[str] = set()
        self._aliases: list[SlugOwner] = []

    def choice(self) -> SlugChoice:
        """Private records first: what they release, others may take."""
        found = list(self._alterations)
        for position in sorted(range(len(found)), key=lambda at: _is_public(found[at].after)):
            change = found[position]
            if change.after is not None:
                found[position] = self._with_slug(change, change.after)
        return SlugChoice(tuple(found), tuple(self._aliases), self._known)

    def _load(self) -> SlugRows:
        kept = [change for change in self._alterations if change.after is not None]
        asked = {change.after.slug for change in kept if change.after}
        asked |= {change.before.slug for change in kept if change.before and change.id in self._lenient}
        private = {change.id for change in kept if not _is_public(change.after)}
        rows = [
            {*_where(self._connection, table, "slug", asked), *_where(self._connection, table, "organization_id", private)}
            for table in (slugs, slug_aliases)
        ]
        return SlugRows({one.slug: one for one in rows[0]}, {(one.slug, one.organization_id): one for one in rows[1]})

    def _with_slug(self, change: Altered, after: Entry) -> Altered:
        slug = self._public(change, after) if _is_public(after) else self._private(change, after)
        self._given.add(slug)
        if slug == after.slug:
            return change
        if not _is_public(after) and not is_private_slug(after.slug):
            self._aliases.append(SlugOwner(after.slug, change.id, after.shown_to))
        return replace(change, after=replace(after, slug=slug))

    def _private(self, change: Altered, after: Entry) -> str:
        """The private slug that it asks for or has, unless it asks for a new one."""
        mine = self._mine.get(change.id, set())
        is_free = after.slug not in self._owners and after.slug not in self._given
        if is_private_slug(after.slug) and (after.slug in mine or is_free):
            return after.slug
        own = sorted(filter(is_private_slug, mine))
        if not own or after.slug not in mine:
            return private_slug(after.slug, self._new_suffix())
        return change.before.slug if change.before and change.before.slug in own else own[0]

    def _public(self, change: Altered, after: Entry) -> str:
        if not self._is_taken(after):
            return after.slug
        if change.id not in self._lenient:
            sentence = f"The slug {after.slug} belongs to another organization; choose another one."
            raise BadInput(sentence, argument="slug", organization=after.slug, value=after.slug)
        return change.before.slug if change.before else private_slug(after.slug, self._new_suffix())

    def _is_taken(self, claimant: Entry) -> bool:
        """Whether another record has the slug, or leads everybody to another."""
        others = [one for one in self._owners.get(claimant.slug, ()) if one.organization_id != claimant.id]
        if claimant.slug in self._given or not others:
            return claimant.slug in self._given
        leads = {_end(one.organization_id, self._ways) for one in others if one.audience is Audience.PUBLIC}
        return claimant.slug in self._current or not self._public_ids.isdisjoint(leads - {claimant.id})

    @cached_property
    def _contested(self) -> list[SlugOwner]:
        """Who else has the slugs that public records of this write ask for."""
        claimants = {change.after.slug: change.id for change in self._alterations if change.after and _is_public(change.after)}
        owners = (one for slug in claimants for one in self._owners.get(slug, ()))
        return [one for one in owners if one.organization_id != claimants[one.slug]]

    @cached_property
    def _current(self) -> set[str]:
        """The contested slugs of records that this write does not change."""
        touched, found = {change.id for change in self._alterations}, set[str]()
        for chunk in chunks(sorted({one.slug for one in self._contested})):
            rows = self._connection.execute(
                select(organizations.c.slug, organizations.c.id).where(organizations.c.slug.in_(chunk))
            )
            found.update(slug for slug, identity in rows if identity not in touched)
        return found

    @cached_property
    def _ways(self) -> dict[str, list[str]]:
        return merges.ways(self._connection, Audience.PUBLIC, self._alterations)

    @cached_property
    def _public_ids(self) -> set[str]:
        """Of the records that contested slugs lead to, those that are public after this write."""
        leads = {_end(one.organization_id, self._ways) for one in self._contested}
        shown = audiences(self._connection, leads - {change.id for change in self._alterations})
        touched = {change.id for change in self._alterations if _is_public(change.after)}
        return touched | {identity for identity, shown_to in shown.items() if shown_to is Audience.PUBLIC}


def _is_public(entry: Entry | None) -> bool:
    return entry is not None and entry.shown_to is Audience.PUBLIC


# ---------------------------------------------------------------- keeping it


def register(connection: Connection, altered: Sequence[Altered], choice: SlugChoice) -> None:
    """Notes who has which slug now. Whoever had it before is still known by it to those who see nobody else under it."""
    given = [SlugOwner(one.slug, one.id, one.shown_to) for one in (change.after for change in altered) if one is not None]
    holders, aliases = dict(choice.known.holders), dict(choice.known.aliases)
    for one in given:
        before = holders.get(one.slug)
        if before and before.organization_id != one.organization_id:
            aliases[one.slug, before.organization_id] = before
            before = aliases.pop((one.slug, one.organization_id), None)
        holders[one.slug] = _widest(one, before)
    for one in choice.aliases:
        holder = holders.setdefault(one.slug, one)
        if holder.organization_id == one.organization_id:
            holders[one.slug] = _widest(one, holder)
        else:
            aliases[one.slug, one.organization_id] = _widest(one, aliases.get((one.slug, one.organization_id)))
    _save(connection, choice.known, SlugRows(holders, aliases))


def _widest(one: SlugOwner, before: SlugOwner | None) -> SlugOwner:
    return before if before is not None and one.audience.sees(before.audience) else one


def _save(connection: Connection, before: SlugRows, after: SlugRows) -> None:
    new = [_row(one) for slug, one in after.holders.items() if slug not in before.holders]
    changed = [_bound(one) for slug, one in after.holders.items() if slug in before.holders and before.holders[slug] != one]
    gone = [_bound(one) for key, one in before.aliases.items() if after.aliases.get(key) != one]
    more = [_row(one) for key, one in after.aliases.items() if before.aliases.get(key) != one]
    own = slug_aliases.c.slug == bindparam("of"), slug_aliases.c.organization_id == bindparam("to")
    run(connection, insert(slugs), new)
    update_holder = update(slugs).where(slugs.c.slug == bindparam("of"))
    run(connection, update_holder.values(organization_id=bindparam("to"), audience=bindparam("by")), changed)
    run(connection, delete(slug_aliases).where(*own), [{"of": one["of"], "to": one["to"]} for one in gone])
    run(connection, insert(slug_aliases), more)


def _row(one: SlugOwner) -> dict[str, str]:
    return {"slug": one.slug, "organization_id": one.organization_id, "audience": one.audience.value}


def _bound(one: SlugOwner) -> dict[str, str]:
    return {"of": one.slug, "to": one.organization_id, "by": one.audience.value}
