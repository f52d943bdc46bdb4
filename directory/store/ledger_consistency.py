"""Check that the tables, the ledger and the head of a store agree.

The ledger has a digest of the state after each change, with which the tables and the state before the next change must agree.
Private parts have no digest, because a digest of a street could be guessed and would survive `erase`. Damage to a street or to a
contact that is not public is therefore not found.

curation/consistency.py also checks the snapshots, and runs this first.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Table, and_, func, or_, select, union_all

from directory.publish import ChangeKind
from directory.records import Audience, RecordKind
from directory.store.database.bulk import AnyRow, split_into_chunks, stream_rows
from directory.store.history_consistency import LoggedChange, check_history, load_logged_changes
from directory.store.ledger import change_log, merges
from directory.store.ledger.edits import LedgerKind, RecordId
from directory.store.ledger.state_digest import digest_state
from directory.store.read_transaction import ReadTransaction
from directory.store.records.loading import CurrentRecord, load_current_records
from directory.store.records.tables import (
    FEED_COLUMNS,
    TABLES,
    changes,
    feed_exceptions,
    removal_decisions,
    revisions,
    slugs,
    viewed_places,
)
from directory.store.store import Store
from directory.vocabulary.slugs import is_private_slug


def find_ledger_inconsistencies(store: Store) -> list[str]:
    """Return a message for each disagreement between tables, ledger and head; [] if there is none."""
    with store.begin_read() as reading:
        return [
            *_check_head_revision(reading),
            *_check_change_counters(reading),
            *_check_slug_owners(reading),
            *_check_records(reading),
        ]


def _check_head_revision(reading: ReadTransaction) -> Iterator[str]:
    last, count = reading.connection.execute(
        select(func.coalesce(func.max(revisions.c.revision), 0), func.count(revisions.c.revision))
    ).one()
    head = reading.load_head()
    if head.revision != last:
        yield f"The head is at revision {head.revision}, but the ledger is at {last}."
    if count != last:
        yield f"The ledger has {count} revisions, but its last revision is {last}."
    signed = set(_list_revisions(reading, revisions))
    used = set(_list_revisions(reading, changes, feed_exceptions, viewed_places, removal_decisions))
    for revision in sorted(signed ^ used):
        missing = "changes" if revision in signed else "person, time and reason"
        yield f"Revision {revision} is in the ledger without {missing}."


def _list_revisions(reading: ReadTransaction, *tables: Table) -> Iterable[int]:
    return reading.connection.execute(union_all(*(select(table.c.revision).distinct() for table in tables))).scalars()


def _check_change_counters(reading: ReadTransaction) -> Iterator[str]:
    # a change of the network, and a merged record that is created again, may be counted without a record in the feed
    is_network, is_created = (changes.c.kind == kind.value for kind in (LedgerKind.NETWORK, LedgerKind.CREATED))
    uncounted = select(func.count()).where(or_(is_network, and_(is_created, changes.c.merged_into.is_not(None))))
    may_exceed_feed = bool(reading.connection.execute(uncounted).scalar())
    for audience, count in reading.load_head().visible_change_counts.items():
        last, has_repeated_numbers = _check_feed_numbers(reading, audience)
        if has_repeated_numbers:
            yield f"Two changes have the same number in the feed of {audience}."
        if count < last or (count > last and not may_exceed_feed):
            yield f"The head counts {count} changes visible to {audience}, but the feed ends at {last}."


def _check_feed_numbers(reading: ReadTransaction, audience: Audience) -> tuple[int, bool]:
    """Return the last number in the audience's feed, and whether a number occurs twice."""
    own = select(changes.c[FEED_COLUMNS[audience]].label("seq"))
    exceptions = select(feed_exceptions.c.seq).where(feed_exceptions.c.audience == audience.value)
    seq = union_all(own, exceptions).subquery().c.seq
    last, count, distinct = reading.connection.execute(select(func.max(seq), func.count(seq), func.count(seq.distinct()))).one()
    return last or 0, count != distinct


def _check_slug_owners(reading: ReadTransaction) -> Iterator[str]:
    for kind, tables in TABLES.items():
        columns = (tables.main.c.slug, tables.main.c.id, tables.effective_audience, slugs.c.record_id, slugs.c.audience)
        is_same = and_(slugs.c.record_kind == kind.value, tables.main.c.slug == slugs.c.slug)
        query = select(*columns).outerjoin_from(tables.main, slugs, is_same)
        yield from _check_slugs_of_kind(kind, stream_rows(reading.connection, query))


def _check_slugs_of_kind(kind: RecordKind, rows: Iterable[AnyRow]) -> Iterator[str]:
    noun = kind.noun
    for slug, record_id, effective, owner_id, registered in rows:
        is_public = effective == Audience.PUBLIC
        if owner_id is not None and owner_id != record_id:
            yield f"The slug {slug} is registered for a different {noun} than the one that has it."
        elif owner_id is not None and is_public:
            yield f"The slug {slug} of a public {noun} is registered, although it leads everybody to it."
        elif owner_id is None and not is_public:
            yield f"The slug {slug} belongs to {kind.noun_phrase} that is not public, but is not registered."
        if not is_public and registered is not None and not Audience(effective).sees(Audience(registered)):
            yield f"The slug {slug} is registered as unknown to an audience that sees its {noun}."
        if not is_public and not is_private_slug(slug):
            yield f"The slug {slug} belongs to {kind.noun_phrase} that is not public, but has no random suffix."


def _check_records(reading: ReadTransaction) -> Iterator[str]:
    connection = reading.connection
    is_record = changes.c.record_id.is_not(None)
    logged = connection.execute(select(changes.c.record_kind, changes.c.record_id).distinct().where(is_record))
    kinds = {record_id: RecordKind(kind) for kind, record_id in logged}
    for kind, tables in TABLES.items():
        kinds |= dict.fromkeys(connection.execute(select(tables.main.c.id)).scalars(), kind)
    feed_audiences, survivors = _load_feed_audiences(reading), merges.load_survivors(connection)
    for chunk in split_into_chunks(sorted(kinds.keys() | survivors.keys())):
        histories = load_logged_changes(connection, chunk)
        records = load_current_records(connection, [RecordId(kinds[one], one) for one in chunk if one in kinds])
        for record_id in chunk:
            history, record = histories.get(record_id, []), records.get(record_id)
            last = history[-1] if history else None
            yield from check_history(record_id, history)
            yield from _check_survivor(record_id, survivors.get(record_id), last)
            yield from _check_last_change(record_id, record, last)
            yield from _check_feed(record_id, record, feed_audiences.get(record_id, set()))


def _load_feed_audiences(reading: ReadTransaction) -> dict[str, set[Audience]]:
    """Return the audiences that see each record according to the feed, by id."""
    audiences: dict[str, set[Audience]] = {}
    for audience in Audience:
        for change in reading.load_visible_changes(audience):
            if change.kind is not ChangeKind.REMOVED:
                audiences.setdefault(change.record_id, set()).add(audience)
    return audiences


def _check_survivor(record_id: str, survivor: str | None, last: LoggedChange | None) -> Iterator[str]:
    logged = last.merged_into if last and last.kind is LedgerKind.REMOVED else None
    if survivor != logged:
        yield (
            f"The record {record_id} is merged into {survivor or 'none'} according to the tables, "
            f"but into {logged or 'none'} according to the ledger."
        )


def _check_last_change(record_id: str, current: CurrentRecord | None, last: LoggedChange | None) -> Iterator[str]:
    if last is None:
        yield f"The record {record_id} is in the tables, but not in the ledger."
    elif current is None and last.kind is not LedgerKind.REMOVED:
        yield f"The record {record_id} is in the ledger, but not in the tables."
    elif current is not None and last.kind is LedgerKind.REMOVED:
        yield f"{current.record.slug} was removed according to the ledger, but is in the tables."
    elif current is not None:
        yield from _compare_with_ledger(current, last)


def _compare_with_ledger(current: CurrentRecord, last: LoggedChange) -> Iterator[str]:
    slug = current.record.slug
    public_part, _ = change_log.split_private_parts(current.record)
    if digest_state(public_part) != last.after_digest:
        yield f"{slug} differs between tables and ledger."
    if current.revision != last.revision:
        yield f"{slug} is at revision {current.revision} in the tables, but at {last.revision} in the ledger."


def _check_feed(record_id: str, current: CurrentRecord | None, feed_audiences: set[Audience]) -> Iterator[str]:
    visible_to = {audience for audience in Audience if audience.sees(current.record.effective_audience)} if current else set()
    name = current.record.slug if current else record_id
    for audience in sorted(visible_to ^ feed_audiences):
        is_shown = "shows" if audience in visible_to else "does not show"
        yield f"The directory {is_shown} {name} to {audience}, but the feed says otherwise."
