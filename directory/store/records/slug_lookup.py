"""Find the record that a slug leads to.

A slug leads an audience only to a record that the audience sees, and that it saw under this slug at some time. What an audience
can learn from slugs therefore depends only on records it sees. slug_assignment.py decides which record has which slug.

The slug of a public record leads everybody to it, so it needs no row in `slugs`: the row is implied. All other slugs
that were ever assigned have one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import BindParameter, CompoundSelect, Connection, bindparam, literal_column, or_, select, union_all

from directory.records import Audience
from directory.store.database.bulk import split_into_chunks, stream_rows
from directory.store.ledger import merges
from directory.store.ledger.edits import KeyTargets
from directory.store.records.references import load_audiences
from directory.store.records.tables import EFFECTIVE_AUDIENCE, organizations, slug_aliases, slugs

SurvivorChains = Mapping[str, Sequence[str]]  # see merges.build_survivor_chains

_REGISTERED, _ALIAS, _IMPLIED = range(3)  # kinds of rows


class SlugOwner(NamedTuple):
    """An organization that has or had a slug. `audience` is the widest one that ever saw it under the slug."""

    slug: str
    organization_id: str
    audience: Audience


class SlugRows(Struct, frozen=True):
    """Who has or had a slug last, by slug (`holders`), and the others that it leads to, by slug and organization id (`aliases`).

    `implied_slugs` are those of holders that have no row, because they are public.
    """

    holders: dict[str, SlugOwner]
    aliases: dict[tuple[str, str], SlugOwner]
    implied_slugs: frozenset[str]


def load_key_targets(connection: Connection, ids: Collection[str] | None = None) -> dict[Audience, KeyTargets]:
    """Return where slugs and ids of merged organizations lead each audience. See `ReadTransaction.load_key_targets`."""
    merged = merges.load_merges(connection)
    chains = {audience: merges.build_survivor_chains(merged, audience) for audience in Audience}
    rows = _load_all(connection) if ids is None else _load_for_organizations(connection, ids, chains[Audience.STAFF])
    competitors = {owner.slug for owner in rows.aliases}
    contested = [owner for owner in (*rows.holders, *rows.aliases) if owner.slug in competitors] if competitors else []
    audiences = load_audiences(connection, _list_candidates(contested, chains.values()))
    return {
        audience: KeyTargets(
            _find_slug_targets(audience, rows, chains[audience], audiences),
            {loser: chain[-1] for loser, chain in chains[audience].items()},
        )
        for audience in Audience
    }


def _list_candidates(owners: Iterable[SlugOwner], all_chains: Iterable[SurvivorChains]) -> set[str]:
    listed = list(owners)
    return {find_final_survivor(owner.organization_id, chains) for chains in all_chains for owner in listed}


def _find_slug_targets(
    audience: Audience, rows: "_OwnerRows", chains: SurvivorChains, audiences: Mapping[str, Audience]
) -> dict[str, str]:
    """Return the organization id that each slug leads the audience to. `audiences` are those of slugs that lead to several."""
    targets = {
        owner.slug: find_final_survivor(owner.organization_id, chains) for owner in rows.holders if audience.sees(owner.audience)
    }
    candidates: dict[str, list[str]] = {}  # of slugs with aliases
    for owner in sorted(rows.aliases):
        if audience.sees(owner.audience):
            first = [targets[owner.slug]] if owner.slug in targets else []
            candidates.setdefault(owner.slug, first).append(find_final_survivor(owner.organization_id, chains))
    visible_ids = {candidate for candidate, shown_to in audiences.items() if audience.sees(shown_to)}
    return targets | {slug: _prefer_visible(listed, visible_ids) for slug, listed in candidates.items()}


def load_slugs_in_use(connection: Connection) -> set[str]:
    """Return the slugs that a new public record cannot have: those records have now, and those that lead the public to one."""
    rows = connection.execute(select(organizations.c.slug, organizations.c.id, EFFECTIVE_AUDIENCE)).all()
    public_ids = {organization_id for _, organization_id, audience in rows if audience == Audience.PUBLIC.value}
    targets = load_key_targets(connection)[Audience.PUBLIC].slugs
    return {row[0] for row in rows} | {slug for slug, organization_id in targets.items() if organization_id in public_ids}


def load_slug_rows(connection: Connection, wanted: Iterable[str], owner_ids: Iterable[str] = ()) -> SlugRows:
    """Return all rows of these slugs and of these organizations, with one statement unless there are very many."""
    holders, aliases, implied = dict[str, SlugOwner](), dict[tuple[str, str], SlugOwner](), set[str]()
    chunks = (split_into_chunks(sorted(set(values))) for values in (wanted, owner_ids))
    # a text that matches nothing instead of no values: PostgreSQL would read whole tables for an empty list
    for slug_chunk, id_chunk in zip_longest(*chunks, fillvalue=[""]):
        for kind, *row in connection.execute(_SELECT_ROWS, {"slugs": slug_chunk, "ids": id_chunk}):
            owner = _build_owner(row)
            if kind == _ALIAS:
                aliases[owner.slug, owner.organization_id] = owner
            else:
                holders[owner.slug] = owner
                implied.update((owner.slug,) if kind == _IMPLIED else ())
    return SlugRows(holders, aliases, frozenset(implied))


def find_final_survivor(organization_id: str, chains: SurvivorChains) -> str:
    """Return the id that an organization leads to after all merges; its own id if it was not merged."""
    return chains[organization_id][-1] if organization_id in chains else organization_id


def _prefer_visible(candidates: Sequence[str], visible_ids: Collection[str]) -> str:
    """Return the first candidate that can be seen, or else the first candidate."""
    return next((candidate for candidate in candidates if candidate in visible_ids), candidates[0])


class _OwnerRows(NamedTuple):
    holders: Sequence[SlugOwner]
    aliases: Sequence[SlugOwner]


def _load_all(connection: Connection) -> _OwnerRows:
    """Return the holders and the aliases of all slugs."""
    registered, implied, aliases = (
        list(map(_build_owner, stream_rows(connection, query)))
        for query in (select(slugs), _SELECT_IMPLIED, select(slug_aliases))
    )
    return _OwnerRows([*registered, *implied], aliases)


def _load_for_organizations(connection: Connection, ids: Collection[str], chains: SurvivorChains) -> _OwnerRows:
    """Return the holders and aliases of all slugs that ever belonged to these organizations or lead through them."""
    owner_ids = {*ids, *(loser for loser, chain in chains.items() if not set(ids).isdisjoint(chain))}
    own = load_slug_rows(connection, (), owner_ids)
    rows = load_slug_rows(connection, {*own.holders, *(slug for slug, _ in own.aliases)})
    return _OwnerRows(list(rows.holders.values()), list(rows.aliases.values()))


def _build_owner(row: Sequence[str]) -> SlugOwner:
    return SlugOwner(row[0], row[1], Audience(row[2]))


def _build_rows_query() -> CompoundSelect[*tuple[Any, ...]]:
    """Select the rows of `:slugs` and of the organizations `:ids`, each with its kind."""
    wanted: BindParameter[str] = bindparam("slugs", expanding=True)
    owner_ids: BindParameter[str] = bindparam("ids", expanding=True)
    tables = (
        (_REGISTERED, select(slugs), slugs.c.slug, slugs.c.organization_id),
        (_ALIAS, select(slug_aliases), slug_aliases.c.slug, slug_aliases.c.organization_id),
        (_IMPLIED, _SELECT_IMPLIED, organizations.c.slug, organizations.c.id),
    )
    return union_all(
        *(
            query.where(or_(slug.in_(wanted), owner.in_(owner_ids))).with_only_columns(
                literal_column(str(kind)), *query.selected_columns
            )
            for kind, query, slug, owner in tables
        )
    )


_SELECT_IMPLIED = select(organizations.c.slug, organizations.c.id, literal_column(f"'{Audience.PUBLIC.value}'")).where(
    organizations.c.audience == Audience.PUBLIC.value, organizations.c.hidden_since.is_(None)
)
_SELECT_ROWS = _build_rows_query()
