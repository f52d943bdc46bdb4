"""Find the record that a slug leads to.

A slug leads an audience only to a record that the audience sees, and that it saw under this slug at some time. What an audience
can learn from slugs therefore depends only on records it sees. slug_assignment.py decides which record has which slug.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Table, select

from directory.records import Audience
from directory.store.database.bulk import split_into_chunks, stream_rows
from directory.store.ledger import merges
from directory.store.records.references import load_audiences
from directory.store.records.tables import EFFECTIVE_AUDIENCE, organizations, slug_aliases, slugs

SurvivorChains = Mapping[str, Sequence[str]]  # see merges.load_survivor_chains


class SlugOwner(NamedTuple):
    """An organization that has or had a slug. `audience` is the widest one that ever saw it under the slug."""

    slug: str
    organization_id: str
    audience: Audience


def load_slug_targets(connection: Connection, audience: Audience, ids: Collection[str] | None = None) -> dict[str, str]:
    """Return the organization id that each slug leads the audience to. See `ReadTransaction.load_slug_targets`."""
    chains = merges.load_survivor_chains(connection, audience)
    holders, aliases = _load_all(connection) if ids is None else _load_for_organizations(connection, ids, chains)
    targets = {
        owner.slug: find_final_survivor(owner.organization_id, chains) for owner in holders if audience.sees(owner.audience)
    }
    candidates: dict[str, list[str]] = {}  # of slugs with aliases
    for owner in sorted(aliases):
        if audience.sees(owner.audience):
            first = [targets[owner.slug]] if owner.slug in targets else []
            candidates.setdefault(owner.slug, first).append(find_final_survivor(owner.organization_id, chains))
    return targets | _prefer_visible(connection, audience, candidates)


def load_slugs_in_use(connection: Connection) -> set[str]:
    """Return the slugs that a new public record cannot have: those records have now, and those that lead the public to one."""
    rows = connection.execute(select(organizations.c.slug, organizations.c.id, EFFECTIVE_AUDIENCE)).all()
    public_ids = {organization_id for _, organization_id, audience in rows if audience == Audience.PUBLIC.value}
    targets = load_slug_targets(connection, Audience.PUBLIC)
    return {row[0] for row in rows} | {slug for slug, organization_id in targets.items() if organization_id in public_ids}


def load_slug_owners(connection: Connection, table: Table, column: str, values: Iterable[str]) -> Iterator[SlugOwner]:
    """Yield the rows of `slugs` or `slug_aliases` whose column has one of the values."""
    for chunk in split_into_chunks(sorted(set(values))):
        yield from map(_build_owner, connection.execute(select(table).where(table.c[column].in_(chunk))).all())


def find_final_survivor(organization_id: str, chains: SurvivorChains) -> str:
    """Return the id that an organization leads to after all merges; its own id if it was not merged."""
    return chains[organization_id][-1] if organization_id in chains else organization_id


def _prefer_visible(connection: Connection, audience: Audience, candidates: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return for each slug the first candidate that the audience sees, or else the first candidate."""
    audiences = load_audiences(connection, {candidate for ids in candidates.values() for candidate in ids})
    visible_ids = {candidate for candidate, shown_to in audiences.items() if audience.sees(shown_to)}
    return {slug: next((candidate for candidate in ids if candidate in visible_ids), ids[0]) for slug, ids in candidates.items()}


def _load_all(connection: Connection) -> tuple[Iterable[SlugOwner], Iterable[SlugOwner]]:
    """Return the rows of `slugs` and of `slug_aliases`."""
    holders, aliases = (map(_build_owner, stream_rows(connection, select(table))) for table in (slugs, slug_aliases))
    return holders, aliases


def _load_for_organizations(
    connection: Connection, ids: Collection[str], chains: SurvivorChains
) -> tuple[Iterable[SlugOwner], Iterable[SlugOwner]]:
    """Return all rows of slugs that ever belonged to these organizations or lead through them, also those of other owners."""
    owner_ids = {*ids, *(loser for loser, chain in chains.items() if not set(ids).isdisjoint(chain))}
    own_slugs = {
        owner.slug
        for table in (slugs, slug_aliases)
        for owner in load_slug_owners(connection, table, "organization_id", owner_ids)
    }
    return (
        load_slug_owners(connection, slugs, "slug", own_slugs),
        list(load_slug_owners(connection, slug_aliases, "slug", own_slugs)),
    )


def _build_owner(row: Sequence[str]) -> SlugOwner:
    return SlugOwner(row[0], row[1], Audience(row[2]))
