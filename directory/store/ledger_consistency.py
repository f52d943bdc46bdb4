"""Check that the tables, the ledger and the head of a store agree.

curation/consistency.py also checks the snapshots, and runs this first.
"""

from collections.abc import Iterator

from sqlalchemy import func, select

from directory.publish import ChangeKind
from directory.records import Audience, StoredOrganization
from directory.store.database.bulk import split_into_chunks, stream_rows
from directory.store.ledger import change_log, merges
from directory.store.ledger.edits import LedgerKind
from directory.store.ledger.history import LastState, load_last_states
from directory.store.read_transaction import ReadTransaction
from directory.store.records.current_records import CurrentRecord, load_current_records
from directory.store.records.tables import EFFECTIVE_AUDIENCE, changes, organizations, slugs, visible_changes
from directory.store.store import Store
from directory.vocabulary.slugs import is_private_slug


def find_ledger_inconsistencies(store: Store) -> list[str]:
    """Return a message for each disagreement between tables, ledger and head; [] if there is none."""
    with store.begin_read() as reading:
        return [
            *_check_head_revision(reading),
            *_check_change_counters(reading),
            *_check_slug_owners(reading),
            *_check_organizations(reading),
        ]


def _check_head_revision(reading: ReadTransaction) -> Iterator[str]:
    last, count = reading.connection.execute(
        select(func.coalesce(func.max(changes.c.revision), 0), func.count(changes.c.revision.distinct()))
    ).one()
    head = reading.load_head()
    if head.revision != last:
        yield f"The head is at revision {head.revision}, but the ledger is at {last}."
    if count != last:
        yield f"The ledger has {count} revisions, but its last revision is {last}."


def _check_change_counters(reading: ReadTransaction) -> Iterator[str]:
    network_change = select(func.count()).where(changes.c.kind == LedgerKind.NETWORK.value)
    has_network_changes = bool(reading.connection.execute(network_change).scalar())
    for audience, count in reading.load_head().visible_change_counts.items():
        last_number = select(func.max(visible_changes.c.seq)).where(visible_changes.c.audience == audience.value)
        last = reading.connection.execute(last_number).scalar() or 0
        # a change of the network may be counted without a record in the feed
        if count < last or (count > last and not has_network_changes):
            yield f"The head counts {count} changes visible to {audience}, but the feed ends at {last}."


def _check_slug_owners(reading: ReadTransaction) -> Iterator[str]:
    columns = (organizations.c.slug, organizations.c.id, EFFECTIVE_AUDIENCE, slugs.c.organization_id, slugs.c.audience)
    query = select(*columns).outerjoin_from(organizations, slugs, organizations.c.slug == slugs.c.slug)
    for slug, organization_id, effective, owner_id, registered in stream_rows(reading.connection, query):
        is_public = effective == Audience.PUBLIC
        if owner_id is not None and owner_id != organization_id:
            yield f"The slug {slug} is registered for a different organization than the one that has it."
        elif owner_id is not None and is_public:
            yield f"The slug {slug} of a public organization is registered, although it leads everybody to it."
        elif owner_id is None and not is_public:
            yield f"The slug {slug} belongs to an organization that is not public, but is not registered."
        if not is_public and registered is not None and not Audience(effective).sees(Audience(registered)):
            yield f"The slug {slug} is registered as unknown to an audience that sees its organization."
        if not is_public and not is_private_slug(slug):
            yield f"The slug {slug} belongs to an organization that is not public, but has no random suffix."


def _check_organizations(reading: ReadTransaction) -> Iterator[str]:
    connection = reading.connection
    logged_ids = set(connection.execute(select(changes.c.organization_id).distinct()).scalars()) - {None}
    stored_ids = set(connection.execute(select(organizations.c.id)).scalars())
    feed_audiences, survivors = _load_feed_audiences(reading), merges.load_survivors(connection)
    for chunk in split_into_chunks(sorted(stored_ids | logged_ids | survivors.keys())):
        states = load_last_states(connection, chunk)
        records = load_current_records(connection, chunk)
        for organization_id in chunk:
            state, record = states.get(organization_id), records.get(organization_id)
            yield from _check_survivor(organization_id, survivors.get(organization_id), state)
            yield from _check_last_state(organization_id, record, state)
            yield from _check_feed(organization_id, record, feed_audiences.get(organization_id, set()))


def _load_feed_audiences(reading: ReadTransaction) -> dict[str, set[Audience]]:
    """Return the audiences that see each organization according to the feed, by id."""
    audiences: dict[str, set[Audience]] = {}
    for audience in Audience:
        for change in reading.load_visible_changes(audience):
            if change.kind is not ChangeKind.REMOVED:
                audiences.setdefault(change.organization_id, set()).add(audience)
    return audiences


def _check_survivor(organization_id: str, survivor: str | None, state: LastState | None) -> Iterator[str]:
    logged = state.merged_into if state else None
    if survivor != logged:
        yield (
            f"The organization {organization_id} is merged into {survivor or 'none'} according to the tables, "
            f"but into {logged or 'none'} according to the ledger."
        )


def _check_last_state(organization_id: str, current: CurrentRecord | None, state: LastState | None) -> Iterator[str]:
    if state is None:
        yield f"The organization {organization_id} is in the tables, but not in the ledger."
    elif current is None and state.after is not None:
        yield f"The organization {organization_id} is in the ledger, but not in the tables."
    elif current is not None and state.after is None:
        yield f"{current.organization.slug} was removed according to the ledger, but is in the tables."
    elif current is not None:
        yield from _compare_with_ledger(current, state)


def _compare_with_ledger(current: CurrentRecord, state: LastState) -> Iterator[str]:
    slug = current.organization.slug
    rest, parts = change_log.split_private_parts(current.organization)
    if rest != state.after:
        fields = [field for field in StoredOrganization.__struct_fields__ if getattr(rest, field) != getattr(state.after, field)]
        yield f"{slug} differs between tables and ledger in {', '.join(fields)}."
    if state.private_parts is not None and parts != state.private_parts:
        yield f"{slug} differs between tables and ledger in its private parts."
    if current.revision != state.revision:
        yield f"{slug} is at revision {current.revision} in the tables, but at {state.revision} in the ledger."


def _check_feed(organization_id: str, current: CurrentRecord | None, feed_audiences: set[Audience]) -> Iterator[str]:
    visible_to = (
        {audience for audience in Audience if audience.sees(current.organization.effective_audience)} if current else set()
    )
    name = current.organization.slug if current else organization_id
    for audience in sorted(visible_to ^ feed_audiences):
        is_shown = "shows" if audience in visible_to else "does not show"
        yield f"The directory {is_shown} {name} to {audience}, but the feed says otherwise."
