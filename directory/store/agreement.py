"""Whether tables, ledger and head still say the same."""

from collections.abc import Iterator

from sqlalchemy import func, select

from directory.publish import ChangeKind
from directory.records import Audience, Entry
from directory.slugs import is_private_slug
from directory.store import ledger, merges
from directory.store.edits import LedgerKind
from directory.store.history import LastState, last_states
from directory.store.loading import Reading
from directory.store.store import Store
from directory.store.streaming import chunks
from directory.store.tables import SHOWN_TO, changes, organizations, seen, slugs
from directory.store.writing import Held, held_entries


def disagreements(store: Store) -> list[str]:
    """A sentence for each thing on which the tables and the ledger do not agree; [] where all is well."""
    with store.reading() as reading:
        return [*_of_head(reading), *_of_counters(reading), *_of_slugs(reading), *_of_records(reading)]


def _of_head(reading: Reading) -> Iterator[str]:
    last, revisions = reading.connection.execute(
        select(func.coalesce(func.max(changes.c.revision), 0), func.count(changes.c.revision.distinct()))
    ).one()
    head = reading.head()
    if head.revision != last:
        yield f"The head is at revision {head.revision}, the ledger at {last}."
    if revisions != last:
        yield f"The ledger has {revisions} revisions, but its last is {last}."


def _of_counters(reading: Reading) -> Iterator[str]:
    networks = reading.connection.execute(select(func.count()).where(changes.c.kind == LedgerKind.NETWORK.value)).scalar()
    for audience, count in reading.head().seen.items():
        last = reading.connection.execute(select(func.max(seen.c.seq)).where(seen.c.audience == audience.value)).scalar() or 0
        # a change of the network may be counted without a record to answer for it
        if count < last or (count > last and not networks):
            yield f"The head counts {count} changes that {audience} could see, the feed {last}."


def _of_slugs(reading: Reading) -> Iterator[str]:
    owners = select(organizations.c.slug).join_from(organizations, slugs, organizations.c.slug == slugs.c.slug)
    for slug in reading.connection.execute(owners.where(slugs.c.organization_id != organizations.c.id)).scalars():
        yield f"The slug {slug} is registered for another organization than the one that has it."
    for slug, known, shown_to in reading.connection.execute(owners.add_columns(slugs.c.audience, SHOWN_TO)):
        if not Audience(shown_to).sees(Audience(known)):
            yield f"The slug {slug} is registered as unknown to some who see its organization."
        if shown_to != Audience.PUBLIC and not is_private_slug(slug):
            yield f"The slug {slug} belongs to an organization that is not public, but has no random suffix."


def _of_records(reading: Reading) -> Iterator[str]:
    connection = reading.connection
    logged = set(connection.execute(select(changes.c.organization_id).distinct()).scalars()) - {None}
    present = set(connection.execute(select(organizations.c.id)).scalars())
    told, survivors = _told(reading), merges.survivors(connection)
    for chunk in chunks(sorted(present | logged | survivors.keys())):
        states = last_states(connection, chunk)
        held = held_entries(connection, chunk)
        for identity in chunk:
            yield from _of_merger(identity, survivors.get(identity), states.get(identity))
            yield from _of_record(identity, held.get(identity), states.get(identity))
            yield from _of_feed(identity, held.get(identity), told.get(identity, set()))


def _of_merger(identity: str, survivor: str | None, state: LastState | None) -> Iterator[str]:
    logged = state.merged_into if state else None
    if survivor != logged:
        yield f"The organization {identity} leads to {survivor or 'no other'}, but to {logged or 'none'} according to the ledger."


def _told(reading: Reading) -> dict[str, set[Audience]]:
    """The audiences to whom the feed says that an organization is there."""
    found: dict[str, set[Audience]] = {}
    for audience in Audience:
        for change in reading.seen_changes(audience):
            if change.kind is not ChangeKind.REMOVED:
                found.setdefault(change.organization_id, set()).add(audience)
    return found


def _of_record(identity: str, held: Held | None, state: LastState | None) -> Iterator[str]:
    if state is None:
        yield f"The organization {identity} is in the tables, but not in the ledger."
    elif held is None and state.after is not None:
        yield f"The organization {identity} is in the ledger, but not in the tables."
    elif held is not None and state.after is None:
        yield f"{held.entry.slug} was removed according to the ledger, but is in the tables."
    elif held is not None:
        yield from _of_kept(held, state)


def _of_kept(held: Held, state: LastState) -> Iterator[str]:
    rest, parts = ledger.split(held.entry)
    if rest != state.after:
        fields = [field for field in Entry.__struct_fields__ if getattr(rest, field) != getattr(state.after, field)]
        yield f"{held.entry.slug} differs between tables and ledger in {', '.join(fields)}."
    if state.parts is not None and parts != state.parts:
        yield f"{held.entry.slug} differs between tables and ledger in its private parts."
    if held.revision != state.revision:
        yield f"{held.entry.slug} is at revision {held.revision} in the tables, at {state.revision} in the ledger."


def _of_feed(identity: str, held: Held | None, told: set[Audience]) -> Iterator[str]:
    seers = {audience for audience in Audience if audience.sees(held.entry.shown_to)} if held else set()
    for audience in sorted(seers ^ told):
        there = "shows" if audience in seers else "does not show"
        yield f"The directory {there} {held.entry.slug if held else identity} to {audience}, but the feed says otherwise."
