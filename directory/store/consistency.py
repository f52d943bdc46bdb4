"""Whether tables, ledger and head still say the same."""

from collections.abc import Iterator

from sqlalchemy import func, select

from directory.publish import ChangeKind
from directory.records import Audience, StoredOrganization
from directory.store.database.bulk import split_into_chunks
from directory.store.ledger import change_log, merges
from directory.store.ledger.edits import LedgerKind
from directory.store.ledger.history import LastState, load_last_states
from directory.store.records.loading import ReadTransaction
from directory.store.records.private_slugs import is_private_slug
from directory.store.records.tables import EFFECTIVE_AUDIENCE, changes, organizations, slugs, visible_changes
from directory.store.store import Store
from directory.store.write import CurrentRecord, load_current_records


def find_inconsistencies(store: Store) -> list[str]:
    """A sentence for each thing on which the tables and the ledger do not agree; [] where all is well."""
    with store.begin_read() as reading:
        return [*_check_head(reading), *_check_counters(reading), *_check_slugs(reading), *_check_records(reading)]


def _check_head(reading: ReadTransaction) -> Iterator[str]:
    last, revisions = reading.connection.execute(
        select(func.coalesce(func.max(changes.c.revision), 0), func.count(changes.c.revision.distinct()))
    ).one()
    head = reading.load_head()
    if head.revision != last:
        yield f"The head is at revision {head.revision}, the ledger at {last}."
    if revisions != last:
        yield f"The ledger has {revisions} revisions, but its last is {last}."


def _check_counters(reading: ReadTransaction) -> Iterator[str]:
    networks = reading.connection.execute(select(func.count()).where(changes.c.kind == LedgerKind.NETWORK.value)).scalar()
    for audience, count in reading.load_head().visible_change_counts.items():
        last = (
            reading.connection.execute(
                select(func.max(visible_changes.c.seq)).where(visible_changes.c.audience == audience.value)
            ).scalar()
            or 0
        )
        # a change of the network may be counted without a record to answer for it
        if count < last or (count > last and not networks):
            yield f"The head counts {count} changes that {audience} could see, the feed {last}."


def _check_slugs(reading: ReadTransaction) -> Iterator[str]:
    owners = select(organizations.c.slug).join_from(organizations, slugs, organizations.c.slug == slugs.c.slug)
    for slug in reading.connection.execute(owners.where(slugs.c.organization_id != organizations.c.id)).scalars():
        yield f"The slug {slug} is registered for another organization than the one that has it."
    for slug, known, shown_to in reading.connection.execute(owners.add_columns(slugs.c.audience, EFFECTIVE_AUDIENCE)):
        if not Audience(shown_to).sees(Audience(known)):
            yield f"The slug {slug} is registered as unknown to some who see its organization."
        if shown_to != Audience.PUBLIC and not is_private_slug(slug):
            yield f"The slug {slug} belongs to an organization that is not public, but has no random suffix."


def _check_records(reading: ReadTransaction) -> Iterator[str]:
    connection = reading.connection
    logged = set(connection.execute(select(changes.c.organization_id).distinct()).scalars()) - {None}
    present = set(connection.execute(select(organizations.c.id)).scalars())
    told, survivors = _load_feed_audiences(reading), merges.load_survivors(connection)
    for chunk in split_into_chunks(sorted(present | logged | survivors.keys())):
        states = load_last_states(connection, chunk)
        held = load_current_records(connection, chunk)
        for identity in chunk:
            yield from _check_merge(identity, survivors.get(identity), states.get(identity))
            yield from _check_record(identity, held.get(identity), states.get(identity))
            yield from _check_feed(identity, held.get(identity), told.get(identity, set()))


def _check_merge(identity: str, survivor: str | None, state: LastState | None) -> Iterator[str]:
    logged = state.merged_into if state else None
    if survivor != logged:
        yield f"The organization {identity} leads to {survivor or 'no other'}, but to {logged or 'none'} according to the ledger."


def _load_feed_audiences(reading: ReadTransaction) -> dict[str, set[Audience]]:
    """The audiences to whom the feed says that an organization is there."""
    found: dict[str, set[Audience]] = {}
    for audience in Audience:
        for change in reading.load_visible_changes(audience):
            if change.kind is not ChangeKind.REMOVED:
                found.setdefault(change.organization_id, set()).add(audience)
    return found


def _check_record(identity: str, current: CurrentRecord | None, state: LastState | None) -> Iterator[str]:
    if state is None:
        yield f"The organization {identity} is in the tables, but not in the ledger."
    elif current is None and state.after is not None:
        yield f"The organization {identity} is in the ledger, but not in the tables."
    elif current is not None and state.after is None:
        yield f"{current.organization.slug} was removed according to the ledger, but is in the tables."
    elif current is not None:
        yield from _compare_with_ledger(current, state)


def _compare_with_ledger(current: CurrentRecord, state: LastState) -> Iterator[str]:
    rest, parts = change_log.split_private_parts(current.organization)
    if rest != state.after:
        fields = [field for field in StoredOrganization.__struct_fields__ if getattr(rest, field) != getattr(state.after, field)]
        yield f"{current.organization.slug} differs between tables and ledger in {', '.join(fields)}."
    if state.private_parts is not None and parts != state.private_parts:
        yield f"{current.organization.slug} differs between tables and ledger in its private parts."
    if current.revision != state.revision:
        yield f"{current.organization.slug} is at revision {current.revision} in the tables, at {state.revision} in the ledger."


def _check_feed(identity: str, current: CurrentRecord | None, feed_audiences: set[Audience]) -> Iterator[str]:
    seers = {audience for audience in Audience if audience.sees(current.organization.effective_audience)} if current else set()
    for audience in sorted(seers ^ feed_audiences):
        there = "shows" if audience in seers else "does not show"
        yield f"The directory {there} {current.organization.slug if current else identity} to {audience}, but the feed says otherwise."
