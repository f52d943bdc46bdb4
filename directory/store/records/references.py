"""Check a write against other records: unique values belong to one record, and references point to existing records.

Only values that a record did not have before are looked up: no other record can claim a value that stays. Messages may name
records that are not public, because only staff can write. Slugs are checked in slug_assignment.py.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Table, select, union

from directory.errors import BadInput
from directory.kinds import KINDS
from directory.kinds.kind import UniqueFields, list_part_types, list_reference_fields, list_references
from directory.records import Audience, RecordKind, StoredRecord
from directory.store.database.bulk import AnySelect, split_into_chunks
from directory.store.ledger.change_log import PendingChange
from directory.store.ledger.edits import RecordId
from directory.store.records.tables import TABLES, KindTables, get_owner_key, identifiers, organizations

UniqueValue = tuple[Any, ...]


class _UniqueClaim(Struct, frozen=True):
    """A value that only one record of a kind can have."""

    kind: RecordKind
    argument: str  # the field to name in errors
    message: str  # {0} is the value, {1} the slug of the record that cannot have it
    values: Callable[[Any], Iterable[UniqueValue]]
    owner_query: AnySelect  # selects the columns of the value, then the owner's id
    column: ColumnElement[str]  # the last column of the value


def _build_location_claim(tables: KindTables) -> _UniqueClaim:
    sites, main = tables.parts["sites"][0], tables.main
    return _UniqueClaim(
        tables.kind.name,
        "sites",
        f"The location id {{0}} belongs to another {tables.kind.noun}. Give the location of {{1}} its own id.",
        lambda record: [(location.id,) for location in record.sites],
        select(sites.c.id, main.c.id).join_from(sites, main),
        sites.c.id,
    )


def _build_field_claim(tables: KindTables, unique: UniqueFields) -> _UniqueClaim:
    columns = [tables.main.c[name] for name in unique.fields]
    return _UniqueClaim(
        tables.kind.name,
        unique.fields[-1],
        unique.message,
        lambda record: [tuple(getattr(record, name) for name in unique.fields)],
        select(*columns, tables.main.c.id),
        columns[-1],
    )


_UNIQUE_CLAIMS = (
    _UniqueClaim(
        RecordKind.ORGANIZATION,
        "identifiers",
        "The identifier {0} belongs to another organization. Correct it, or check whether {1} is that organization.",
        lambda organization: [(identifier.scheme, identifier.value) for identifier in organization.identifiers],
        select(identifiers.c.scheme, identifiers.c.value, organizations.c.id).join_from(identifiers, organizations),
        identifiers.c.value,
    ),
    *(_build_location_claim(tables) for tables in TABLES.values() if "sites" in tables.parts),
    *(_build_field_claim(tables, unique) for tables in TABLES.values() for unique in tables.kind.unique),
)


def require_unclaimed_values(connection: Connection, pending: Sequence[PendingChange]) -> None:
    """Raise BadInput if a record has a value that belongs to another one, such as an identifier or the id of a location.

    Records that the same write edits may hand over their values.
    """
    edited_ids = {change.id for change in pending}
    for claim in _UNIQUE_CLAIMS:
        own = [change for change in pending if change.record_id.kind is claim.kind]
        claimants = _find_claimants(claim, own)
        known = {value for change in own if change.before for value in claim.values(change.before)}
        for value, owner in _find_owners(connection, claim, claimants.keys() - known):
            claimant = claimants.get(value)
            if claimant and claimant.id != owner and owner not in edited_ids:
                raise _build_claim_error(claim, value, claimant, owner)


def load_audiences(connection: Connection, ids: Iterable[RecordId]) -> dict[str, Audience]:
    """Return the effective audience of each record, by id. Ids that do not exist are left out. One statement for each kind."""
    audiences: dict[str, Audience] = {}
    for kind, own_ids in _group_by_kind(ids).items():
        tables = TABLES[kind]
        for chunk in split_into_chunks(sorted(own_ids)):
            query = select(tables.main.c.id, tables.effective_audience).where(tables.main.c.id.in_(chunk))
            audiences.update((record_id, Audience(audience)) for record_id, audience in connection.execute(query))
    return audiences


def list_referenced_ids(record: StoredRecord | None) -> Iterator[RecordId]:
    """Yield the records that this one refers to; none for None."""
    return (RecordId(kind, referenced_id) for kind, referenced_id in list_references(record))


def list_changed_references(change: PendingChange) -> set[RecordId]:
    """Return the records that the record refers to only before or only after the change."""
    return set(list_referenced_ids(change.before)) ^ set(list_referenced_ids(change.after))


class _ReferringColumn(Struct, frozen=True):
    """A column that refers to records of the kind `target`, in the main table of a kind or in that of one of its parts."""

    target: RecordKind
    owner: KindTables
    table: Table
    column: ColumnElement[str]

    def select_owners(self, ids: Sequence[str]) -> AnySelect:
        """Select the ids of the records that refer to one of these."""
        main = self.owner.main
        query = select(main.c.id).where(self.column.in_(ids))
        return query if self.table is main else query.join_from(self.table, main, get_owner_key(self.table) == main.c.key)


def _list_referring_columns() -> Iterator[_ReferringColumn]:
    for tables in TABLES.values():
        for name, target in list_reference_fields(tables.kind.stored_type):
            yield _ReferringColumn(target, tables, tables.main, tables.main.c[name])
        for field, struct in list_part_types(tables.kind.stored_type):
            table = tables.parts[field][0]
            for name, target in list_reference_fields(struct):
                yield _ReferringColumn(target, tables, table, table.c[name])


_REFERRING_COLUMNS = tuple(_list_referring_columns())


def find_referrers(connection: Connection, ids: Iterable[RecordId]) -> set[RecordId]:
    """Return the records that refer to one of these. Takes one statement for each kind that does."""
    referrers: set[RecordId] = set()
    for target, own_ids in _group_by_kind(ids).items():
        for kind, tables in TABLES.items():
            columns = [column for column in _REFERRING_COLUMNS if column.target is target and column.owner is tables]
            for chunk in split_into_chunks(sorted(own_ids)) if columns else ():
                found = connection.execute(union(*(column.select_owners(chunk) for column in columns))).scalars()
                referrers.update(RecordId(kind, referrer_id) for referrer_id in found)
    return referrers


def list_ids_referenced_by_other_kinds(connection: Connection, target: RecordKind) -> set[str]:
    """Return the ids of the records of a kind that records of other kinds refer to."""
    columns = (one for one in _REFERRING_COLUMNS if one.target is target and one.owner.kind.name is not target)
    queries = (select(one.column).distinct().where(one.column.is_not(None)) for one in columns)
    return {referenced for query in queries for referenced in connection.execute(query).scalars()}


def refuse_dangling_references(pending: Sequence[PendingChange], audiences_after: Mapping[str, Audience]) -> None:
    """Raise BadInput if a record refers to an id that will not exist after the write.

    `audiences_after` need not hold the records that a record refers to before and after the write.
    """
    removed_ids = {change.id for change in pending if change.after is None}
    for change in pending:
        known_ids = {known for known in list_referenced_ids(change.before) if known.id not in removed_ids}
        for referenced in list_referenced_ids(change.after):
            if change.after is not None and referenced not in known_ids and referenced.id not in audiences_after:
                slug, noun = change.after.slug, referenced.kind.noun_phrase
                message = f"{slug} refers to {noun} that is not in the directory ({referenced.id}). Add it first."
                raise BadInput(message, argument="relations", organization=slug, value=referenced.id)


def refuse_cycles(connection: Connection, pending: Sequence[PendingChange]) -> None:
    """Raise BadInput if a record would contain itself through its parents. Takes a statement for each step."""
    for change in pending:
        field = KINDS[change.record_id.kind].acyclic_field
        if field is None or change.after is None or (parent := getattr(change.after, field)) is None:
            continue
        if change.before is None or getattr(change.before, field) != parent:
            _refuse_cycle(connection, change.record_id, field, pending)


def _refuse_cycle(connection: Connection, start: RecordId, field: str, pending: Sequence[PendingChange]) -> None:
    main = TABLES[start.kind].main
    edited = (change.after for change in pending if change.after and change.record_id.kind is start.kind)
    new_parents = {record.id: getattr(record, field) for record in edited}
    seen, current = {start.id}, new_parents[start.id]
    while current is not None and current not in seen:
        seen.add(current)
        query = select(main.c[field]).where(main.c.id == current)
        current = new_parents[current] if current in new_parents else connection.execute(query).scalar()
    if current is not None:
        message = f"This {start.kind.noun} would be part of itself through its parents. Choose another parent or none."
        raise BadInput(message, argument=field, value=start.id)


def _group_by_kind(ids: Iterable[RecordId]) -> dict[RecordKind, set[str]]:
    grouped: dict[RecordKind, set[str]] = {}
    for record_id in ids:
        grouped.setdefault(record_id.kind, set()).add(record_id.id)
    return grouped


def require_existing_survivors(pending: Sequence[PendingChange], audiences_after: Mapping[str, Audience]) -> None:
    """Raise BadInput if a record is merged into itself or into a record that will not exist after the write.

    A merge that an undo restores is exempt: its survivor may have been removed since.
    """
    for change in pending:
        if change.before is None or change.after is not None or change.merged_into is None:
            continue
        if change.merged_into not in audiences_after and not change.restores_merge:
            noun = change.record_id.kind.noun
            message = f"{change.before.slug} cannot be merged into another {noun} that does not exist. Choose another one."
            raise BadInput(message, argument="into", organization=change.before.slug, value=change.merged_into)


def require_unreferenced(connection: Connection, pending: Sequence[PendingChange]) -> None:
    """Raise BadInput if a removed record is still referred to by one outside of this write."""
    removed = [change.record_id for change in pending if change.after is None]
    referrers = find_referrers(connection, removed) - {change.record_id for change in pending}
    if referrers:
        kind, referrer_id = min(referrers)
        main = TABLES[kind].main
        slug = connection.execute(select(main.c.slug).where(main.c.id == referrer_id)).scalar()
        message = f"The {kind.noun} {slug} still refers to a record that you want to remove. Change {slug} first."
        raise BadInput(message, organization=slug)


def _find_claimants(claim: _UniqueClaim, pending: Sequence[PendingChange]) -> dict[UniqueValue, StoredRecord]:
    """Return the record that claims each value. Raises BadInput if two claim the same one."""
    claimants: dict[UniqueValue, StoredRecord] = {}
    for record in (change.after for change in pending if change.after is not None):
        for value in claim.values(record):
            if claimants.setdefault(value, record).id != record.id:
                raise _build_claim_error(claim, value, record, claimants[value].id)
    return claimants


def _find_owners(connection: Connection, claim: _UniqueClaim, values: Iterable[UniqueValue]) -> Iterator[tuple[UniqueValue, str]]:
    """Yield values with the ids of the records that have them now."""
    for chunk in split_into_chunks(values):
        for *value, owner in connection.execute(claim.owner_query.where(claim.column.in_([value[-1] for value in chunk]))):
            yield tuple(value), owner


def _build_claim_error(claim: _UniqueClaim, value: UniqueValue, claimant: StoredRecord, owner: str) -> BadInput:
    """Build the error for a value that belongs to the record with the id `owner`."""
    text = " ".join(value) if claim.argument == "identifiers" else value[-1]
    message = claim.message.format(text, claimant.slug)
    return BadInput(message, argument=claim.argument, organization=claimant.slug, value=text, owner=owner)
