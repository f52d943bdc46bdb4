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
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    Table,
    bindparam,
    literal_column,
    or_,
    select,
    union_all,
)

from directory.records import Audience, RecordKind
from directory.store.database.bulk import AnySelect, split_into_chunks, stream_rows
from directory.store.ledger import merges
from directory.store.ledger.edits import KeyTargets, RecordId
from directory.store.records.references import load_audiences
from directory.store.records.tables import TABLES, slug_aliases, slugs

SurvivorChains = Mapping[str, Sequence[str]]  # see merges.build_survivor_chains

_REGISTERED, _ALIAS, _IMPLIED = range(3)  # kinds of rows


class SlugOwner(NamedTuple):
    """A record that has or had a slug. `audience` is the widest one that ever saw it under the slug."""

    slug: str
    record_id: str
    audience: Audience


class SlugRows(Struct, frozen=True):
    """Who has or had a slug last, by slug (`holders`), and the others that it leads to, by slug and record id (`aliases`).

    `implied_slugs` are those of holders that have no row, because they are public.
    """

    holders: dict[str, SlugOwner]
    aliases: dict[tuple[str, str], SlugOwner]
    implied_slugs: frozenset[str]


def load_key_targets(connection: Connection, ids: Collection[RecordId] | None = None) -> dict[Audience, KeyTargets]:
    """Return where slugs and ids of merged records lead each audience. See `ReadTransaction.load_key_targets`."""
    merged = merges.load_merges(connection)
    chains = {audience: merges.build_survivor_chains(merged, audience) for audience in Audience}
    kinds = list(RecordKind) if ids is None else sorted({record_id.kind for record_id in ids})
    targets = {
        kind: _load_slug_targets(
            connection, kind, None if ids is None else [record_id.id for record_id in ids if record_id.kind is kind], chains
        )
        for kind in kinds
    }
    return {
        audience: KeyTargets(
            {kind: targets[kind][audience] for kind in kinds},
            {loser: chain[-1] for loser, chain in chains[audience].items()},
        )
        for audience in Audience
    }


def load_slug_targets(connection: Connection, kind: RecordKind, audience: Audience) -> dict[str, str]:
    """Return the id that each slug of a kind leads the audience to. See `ReadTransaction.load_slug_targets`."""
    merged = merges.load_merges(connection)
    chains = {audience: merges.build_survivor_chains(merged, audience) for audience in Audience}
    return _load_slug_targets(connection, kind, None, chains)[audience]


def _load_slug_targets(
    connection: Connection, kind: RecordKind, ids: Collection[str] | None, chains: Mapping[Audience, SurvivorChains]
) -> dict[Audience, dict[str, str]]:
    staff_chains = chains[Audience.STAFF]
    rows = _load_all(connection, kind) if ids is None else _load_for_records(connection, kind, ids, staff_chains)
    competitors = {owner.slug for owner in rows.aliases}
    contested = [owner for owner in (*rows.holders, *rows.aliases) if owner.slug in competitors] if competitors else []
    candidates = _list_candidates(contested, chains.values())
    audiences = load_audiences(connection, [RecordId(kind, candidate) for candidate in candidates])
    return {audience: _find_slug_targets(audience, rows, chains[audience], audiences) for audience in Audience}


def _list_candidates(owners: Iterable[SlugOwner], all_chains: Iterable[SurvivorChains]) -> set[str]:
    listed = list(owners)
    return {find_final_survivor(owner.record_id, chains) for chains in all_chains for owner in listed}


def _find_slug_targets(
    audience: Audience, rows: "_OwnerRows", chains: SurvivorChains, audiences: Mapping[str, Audience]
) -> dict[str, str]:
    """Return the id that each slug leads the audience to. `audiences` are those of slugs that lead to several."""
    targets = {
        owner.slug: find_final_survivor(owner.record_id, chains) for owner in rows.holders if audience.sees(owner.audience)
    }
    candidates: dict[str, list[str]] = {}  # of slugs with aliases
    for owner in sorted(rows.aliases):
        if audience.sees(owner.audience):
            first = [targets[owner.slug]] if owner.slug in targets else []
            candidates.setdefault(owner.slug, first).append(find_final_survivor(owner.record_id, chains))
    visible_ids = {candidate for candidate, shown_to in audiences.items() if audience.sees(shown_to)}
    return targets | {slug: _prefer_visible(listed, visible_ids) for slug, listed in candidates.items()}


def load_slugs_in_use(connection: Connection, kind: RecordKind) -> set[str]:
    """Return the slugs that a new public record cannot have: those records have now, and those that lead the public to one."""
    tables = TABLES[kind]
    rows = connection.execute(select(tables.main.c.slug, tables.main.c.id, tables.effective_audience)).all()
    public_ids = {record_id for _, record_id, audience in rows if audience == Audience.PUBLIC.value}
    targets = load_slug_targets(connection, kind, Audience.PUBLIC)
    return {row[0] for row in rows} | {slug for slug, record_id in targets.items() if record_id in public_ids}


def load_slug_rows(connection: Connection, kind: RecordKind, wanted: Iterable[str], owner_ids: Iterable[str] = ()) -> SlugRows:
    """Return all rows of these slugs and of these records of a kind, with one statement unless there are very many."""
    holders, aliases, implied = dict[str, SlugOwner](), dict[tuple[str, str], SlugOwner](), set[str]()
    chunks = (split_into_chunks(sorted(set(values))) for values in (wanted, owner_ids))
    # a text that matches nothing instead of no values: PostgreSQL would read whole tables for an empty list
    for slug_chunk, id_chunk in zip_longest(*chunks, fillvalue=[""]):
        for row_kind, *row in connection.execute(_SELECT_ROWS[kind], {"slugs": slug_chunk, "ids": id_chunk}):
            owner = _build_owner(row)
            if row_kind == _ALIAS:
                aliases[owner.slug, owner.record_id] = owner
            else:
                holders[owner.slug] = owner
                implied.update((owner.slug,) if row_kind == _IMPLIED else ())
    return SlugRows(holders, aliases, frozenset(implied))


def find_final_survivor(record_id: str, chains: SurvivorChains) -> str:
    """Return the id that a record leads to after all merges; its own id if it was not merged."""
    return chains[record_id][-1] if record_id in chains else record_id


def _prefer_visible(candidates: Sequence[str], visible_ids: Collection[str]) -> str:
    """Return the first candidate that can be seen, or else the first candidate."""
    return next((candidate for candidate in candidates if candidate in visible_ids), candidates[0])


class _OwnerRows(NamedTuple):
    holders: Sequence[SlugOwner]
    aliases: Sequence[SlugOwner]


def _load_all(connection: Connection, kind: RecordKind) -> _OwnerRows:
    """Return the holders and the aliases of all slugs."""
    registered, implied, aliases = (
        list(map(_build_owner, stream_rows(connection, query)))
        for query in (_select_owners(slugs, kind), _select_implied(kind), _select_owners(slug_aliases, kind))
    )
    return _OwnerRows([*registered, *implied], aliases)


def _load_for_records(connection: Connection, kind: RecordKind, ids: Collection[str], chains: SurvivorChains) -> _OwnerRows:
    """Return the holders and aliases of all slugs that ever belonged to these records or lead through them."""
    owner_ids = {*ids, *(loser for loser, chain in chains.items() if not set(ids).isdisjoint(chain))}
    own = load_slug_rows(connection, kind, (), owner_ids)
    rows = load_slug_rows(connection, kind, {*own.holders, *(slug for slug, _ in own.aliases)})
    return _OwnerRows(list(rows.holders.values()), list(rows.aliases.values()))


def _build_owner(row: Sequence[str]) -> SlugOwner:
    return SlugOwner(row[0], row[1], Audience(row[2]))


def _select_owners(table: Table, kind: RecordKind) -> AnySelect:
    """Select the slug, record and audience of the rows of a kind in `slugs` or `slug_aliases`."""
    return select(table.c.slug, table.c.record_id, table.c.audience).where(table.c.record_kind == kind.value)


def _select_implied(kind: RecordKind) -> AnySelect:
    """Select the same of the public records of a kind."""
    main = TABLES[kind].main
    public: ColumnElement[str] = literal_column(f"'{Audience.PUBLIC.value}'")
    return select(main.c.slug, main.c.id, public).where(main.c.audience == Audience.PUBLIC.value, main.c.hidden_since.is_(None))


def _build_rows_query(kind: RecordKind) -> CompoundSelect[*tuple[Any, ...]]:
    """Select the rows of `:slugs` and of the records `:ids`, each with its kind."""
    wanted: BindParameter[str] = bindparam("slugs", expanding=True)
    owner_ids: BindParameter[str] = bindparam("ids", expanding=True)
    main = TABLES[kind].main
    tables = (
        (_REGISTERED, _select_owners(slugs, kind), slugs.c.slug, slugs.c.record_id),
        (_ALIAS, _select_owners(slug_aliases, kind), slug_aliases.c.slug, slug_aliases.c.record_id),
        (_IMPLIED, _select_implied(kind), main.c.slug, main.c.id),
    )
    return union_all(
        *(
            query.where(or_(slug.in_(wanted), owner.in_(owner_ids))).with_only_columns(
                literal_column(str(row_kind)), *query.selected_columns
            )
            for row_kind, query, slug, owner in tables
        )
    )


_SELECT_ROWS = {kind: _build_rows_query(kind) for kind in RecordKind}
