"""Which slug a record gets, and where slugs lead.

A slug leads an audience only to a record that it sees, and that it ever saw under this slug. So what an audience can tell from
slugs depends on nothing but records it sees:

- A record that is not public has a slug with a random suffix (directory/store/records/private_slugs.py). The plain slug it was given leads to it too,
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
from directory.records import Audience, StoredOrganization
from directory.store.database.bulk import execute_many, split_into_chunks, stream_rows
from directory.store.ledger import merges
from directory.store.ledger.change_log import PendingChange
from directory.store.records.private_slugs import SuffixGenerator, build_private_slug, is_private_slug
from directory.store.records.references import load_audiences
from directory.store.records.tables import EFFECTIVE_AUDIENCE, organizations, slug_aliases, slugs


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

    changes: tuple[PendingChange, ...]
    aliases: tuple[SlugOwner, ...]
    known_rows: SlugRows


# ---------------------------------------------------------------- where slugs lead


def load_slug_targets(connection: Connection, audience: Audience, ids: Collection[str] | None = None) -> dict[str, str]:
    """What `Reading.slugs` promises."""
    ways = merges.load_survivor_chains(connection, audience)
    holders, aliases = _load_all(connection) if ids is None else _load_for_organizations(connection, ids, ways)
    found = {one.slug: _find_final_survivor(one.organization_id, ways) for one in holders if audience.sees(one.audience)}
    more: dict[str, list[str]] = {}
    for one in sorted(aliases):
        if audience.sees(one.audience):
            more.setdefault(one.slug, [found[one.slug]] if one.slug in found else []).append(
                _find_final_survivor(one.organization_id, ways)
            )
    return found | _prefer_visible(connection, audience, more)


def _prefer_visible(connection: Connection, audience: Audience, candidates: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """By slug the first organization that the audience sees, else the first."""
    shown = load_audiences(connection, {identity for listed in candidates.values() for identity in listed})
    seen = {identity for identity, shown_to in shown.items() if audience.sees(shown_to)}
    return {slug: next((one for one in listed if one in seen), listed[0]) for slug, listed in candidates.items()}


def load_slugs_in_use(connection: Connection) -> set[str]:
    """The slugs that a new public record cannot have: those that records have now, and those that lead everybody to one."""
    rows = connection.execute(select(organizations.c.slug, organizations.c.id, EFFECTIVE_AUDIENCE)).all()
    public = {identity for _, identity, shown_to in rows if shown_to == Audience.PUBLIC.value}
    led = (slug for slug, identity in load_slug_targets(connection, Audience.PUBLIC).items() if identity in public)
    return {*(row[0] for row in rows), *led}


def _load_all(connection: Connection) -> tuple[Iterable[SlugOwner], Iterable[SlugOwner]]:
    return map(_build_owner, stream_rows(connection, select(slugs))), map(
        _build_owner, stream_rows(connection, select(slug_aliases))
    )


def _load_for_organizations(
    connection: Connection, ids: Collection[str], ways: Mapping[str, Sequence[str]]
) -> tuple[Iterable[SlugOwner], Iterable[SlugOwner]]:
    """All slugs that ever belonged to these organizations or lead through them, whoever else has them too."""
    owners = {*ids, *(loser for loser, way in ways.items() if not set(ids).isdisjoint(way))}
    own = {one.slug for table in (slugs, slug_aliases) for one in _load_where(connection, table, "organization_id", owners)}
    return _load_where(connection, slugs, "slug", own), list(_load_where(connection, slug_aliases, "slug", own))


def _load_where(connection: Connection, table: Table, column: str, values: Iterable[str]) -> Iterator[SlugOwner]:
    for chunk in split_into_chunks(sorted(set(values))):
        yield from map(_build_owner, connection.execute(select(table).where(table.c[column].in_(chunk))).all())


def _build_owner(row: Sequence[str]) -> SlugOwner:
    return SlugOwner(row[0], row[1], Audience(row[2]))


def _find_final_survivor(identity: str, ways: Mapping[str, Sequence[str]]) -> str:
    return ways[identity][-1] if identity in ways else identity


# ---------------------------------------------------------------- which slug a record gets


def assign_slugs(
    connection: Connection, changes: Sequence[PendingChange], flexible_ids: Collection[str], new_suffix: SuffixGenerator
) -> SlugChoice:
    """Gives each record of a write its slug: the one it asks for where it may have that.

    `lenient`: ids of records that take another slug where theirs is taken: the one they have, else a private one. Raises
    BadInput where the slug of another record is asked for.
    """
    return _SlugAssigner(connection, changes, flexible_ids, new_suffix).choose_slugs()


class _SlugAssigner:
    """The slugs of one write, given one after the other."""

    def __init__(
        self, connection: Connection, changes: Sequence[PendingChange], flexible_ids: Collection[str], new_suffix: SuffixGenerator
    ) -> None:
        self._connection, self._changes = connection, changes
        self._flexible_ids, self._new_suffix = flexible_ids, new_suffix
        self._known_rows = self._load_known_rows()
        self._owners_by_slug: dict[str, list[SlugOwner]] = {}
        self._slugs_by_organization: dict[str, set[str]] = {}  # by organization
        for one in (*self._known_rows.holders.values(), *self._known_rows.aliases.values()):
            self._owners_by_slug.setdefault(one.slug, []).append(one)
            self._slugs_by_organization.setdefault(one.organization_id, set()).add(one.slug)
        self._assigned_slugs: set[str] = set()
        self._aliases: list[SlugOwner] = []

    def choose_slugs(self) -> SlugChoice:
        """Private records first: what they release, others may take."""
        found = list(self._changes)
        for position in sorted(range(len(found)), key=lambda at: _is_public(found[at].after)):
            change = found[position]
            if change.after is not None:
                found[position] = self._assign_slug(change, change.after)
        return SlugChoice(tuple(found), tuple(self._aliases), self._known_rows)

    def _load_known_rows(self) -> SlugRows:
        kept = [change for change in self._changes if change.after is not None]
        asked = {change.after.slug for change in kept if change.after}
        asked |= {change.before.slug for change in kept if change.before and change.id in self._flexible_ids}
        private = {change.id for change in kept if not _is_public(change.after)}
        rows = [
            {
                *_load_where(self._connection, table, "slug", asked),
                *_load_where(self._connection, table, "organization_id", private),
            }
            for table in (slugs, slug_aliases)
        ]
        return SlugRows({one.slug: one for one in rows[0]}, {(one.slug, one.organization_id): one for one in rows[1]})

    def _assign_slug(self, change: PendingChange, after: StoredOrganization) -> PendingChange:
        slug = self._choose_public_slug(change, after) if _is_public(after) else self._choose_private_slug(change, after)
        self._assigned_slugs.add(slug)
        if slug == after.slug:
            return change
        if not _is_public(after) and not is_private_slug(after.slug):
            self._aliases.append(SlugOwner(after.slug, change.id, after.effective_audience))
        return replace(change, after=replace(after, slug=slug))

    def _choose_private_slug(self, change: PendingChange, after: StoredOrganization) -> str:
        """The private slug that it asks for or has, unless it asks for a new one."""
        mine = self._slugs_by_organization.get(change.id, set())
        is_free = after.slug not in self._owners_by_slug and after.slug not in self._assigned_slugs
        if is_private_slug(after.slug) and (after.slug in mine or is_free):
            return after.slug
        own = sorted(filter(is_private_slug, mine))
        if not own or after.slug not in mine:
            return build_private_slug(after.slug, self._new_suffix())
        return change.before.slug if change.before and change.before.slug in own else own[0]

    def _choose_public_slug(self, change: PendingChange, after: StoredOrganization) -> str:
        if not self._is_taken(after):
            return after.slug
        if change.id not in self._flexible_ids:
            sentence = f"The slug {after.slug} belongs to another organization; choose another one."
            raise BadInput(sentence, argument="slug", organization=after.slug, value=after.slug)
        return change.before.slug if change.before else build_private_slug(after.slug, self._new_suffix())

    def _is_taken(self, claimant: StoredOrganization) -> bool:
        """Whether another record has the slug, or leads everybody to another."""
        others = [one for one in self._owners_by_slug.get(claimant.slug, ()) if one.organization_id != claimant.id]
        if claimant.slug in self._assigned_slugs or not others:
            return claimant.slug in self._assigned_slugs
        leads = {
            _find_final_survivor(one.organization_id, self._survivor_chains) for one in others if one.audience is Audience.PUBLIC
        }
        return claimant.slug in self._current_slugs or not self._public_ids.isdisjoint(leads - {claimant.id})

    @cached_property
    def _competing_owners(self) -> list[SlugOwner]:
        """Who else has the slugs that public records of this write ask for."""
        claimants = {change.after.slug: change.id for change in self._changes if change.after and _is_public(change.after)}
        owners = (one for slug in claimants for one in self._owners_by_slug.get(slug, ()))
        return [one for one in owners if one.organization_id != claimants[one.slug]]

    @cached_property
    def _current_slugs(self) -> set[str]:
        """The contested slugs of records that this write does not change."""
        touched, found = {change.id for change in self._changes}, set[str]()
        for chunk in split_into_chunks(sorted({one.slug for one in self._competing_owners})):
            rows = self._connection.execute(
                select(organizations.c.slug, organizations.c.id).where(organizations.c.slug.in_(chunk))
            )
            found.update(slug for slug, identity in rows if identity not in touched)
        return found

    @cached_property
    def _survivor_chains(self) -> dict[str, list[str]]:
        return merges.load_survivor_chains(self._connection, Audience.PUBLIC, self._changes)

    @cached_property
    def _public_ids(self) -> set[str]:
        """Of the records that contested slugs lead to, those that are public after this write."""
        leads = {_find_final_survivor(one.organization_id, self._survivor_chains) for one in self._competing_owners}
        shown = load_audiences(self._connection, leads - {change.id for change in self._changes})
        touched = {change.id for change in self._changes if _is_public(change.after)}
        return touched | {identity for identity, shown_to in shown.items() if shown_to is Audience.PUBLIC}


def _is_public(entry: StoredOrganization | None) -> bool:
    return entry is not None and entry.effective_audience is Audience.PUBLIC


# ---------------------------------------------------------------- keeping it


def register_slugs(connection: Connection, pending: Sequence[PendingChange], choice: SlugChoice) -> None:
    """Notes who has which slug now. Whoever had it before is still known by it to those who see nobody else under it."""
    given = [
        SlugOwner(one.slug, one.id, one.effective_audience) for one in (change.after for change in pending) if one is not None
    ]
    holders, aliases = dict(choice.known_rows.holders), dict(choice.known_rows.aliases)
    for one in given:
        before = holders.get(one.slug)
        if before and before.organization_id != one.organization_id:
            aliases[one.slug, before.organization_id] = before
            before = aliases.pop((one.slug, one.organization_id), None)
        holders[one.slug] = _choose_widest(one, before)
    for one in choice.aliases:
        holder = holders.setdefault(one.slug, one)
        if holder.organization_id == one.organization_id:
            holders[one.slug] = _choose_widest(one, holder)
        else:
            aliases[one.slug, one.organization_id] = _choose_widest(one, aliases.get((one.slug, one.organization_id)))
    _save_rows(connection, choice.known_rows, SlugRows(holders, aliases))


def _choose_widest(one: SlugOwner, before: SlugOwner | None) -> SlugOwner:
    return before if before is not None and one.audience.sees(before.audience) else one


def _save_rows(connection: Connection, before: SlugRows, after: SlugRows) -> None:
    new = [_build_row(one) for slug, one in after.holders.items() if slug not in before.holders]
    changed = [
        _build_parameters(one) for slug, one in after.holders.items() if slug in before.holders and before.holders[slug] != one
    ]
    gone = [_build_parameters(one) for key, one in before.aliases.items() if after.aliases.get(key) != one]
    more = [_build_row(one) for key, one in after.aliases.items() if before.aliases.get(key) != one]
    own = slug_aliases.c.slug == bindparam("of"), slug_aliases.c.organization_id == bindparam("to")
    execute_many(connection, insert(slugs), new)
    update_holder = update(slugs).where(slugs.c.slug == bindparam("of"))
    execute_many(connection, update_holder.values(organization_id=bindparam("to"), audience=bindparam("by")), changed)
    execute_many(connection, delete(slug_aliases).where(*own), [{"of": one["of"], "to": one["to"]} for one in gone])
    execute_many(connection, insert(slug_aliases), more)


def _build_row(one: SlugOwner) -> dict[str, str]:
    return {"slug": one.slug, "organization_id": one.organization_id, "audience": one.audience.value}


def _build_parameters(one: SlugOwner) -> dict[str, str]:
    return {"of": one.slug, "to": one.organization_id, "by": one.audience.value}
