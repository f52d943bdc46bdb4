"""One write: read, check, save, log, all in the transaction it is handed."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, update

from directory.errors import BadInput, Conflict, NotFound
from directory.records import Audience, PrivatePlace, StoredOrganization
from directory.store.ledger import change_log, history, merges, visible_changes
from directory.store.ledger.change_log import PendingChange, Signature
from directory.store.ledger.edits import Edit, EditOutcome, EditResult, Head, Network, Put, Receipt, Remove
from directory.store.records import references, slugs
from directory.store.records.invariants import complete_organization, require_valid
from directory.store.records.loading import ReadTransaction
from directory.store.records.private_places import load_private_places
from directory.store.records.private_slugs import SuffixGenerator, generate_suffix
from directory.store.records.saving import save_records
from directory.store.records.tables import CHANGE_COUNT_COLUMNS, head
from directory.visibility import apply_strictest_hiding

Edits = Sequence[Edit] | Callable[[ReadTransaction], Sequence[Edit]]


class CurrentRecord(Struct, frozen=True):
    """A record as it is kept, its private places included."""

    key: int
    revision: int
    organization: StoredOrganization


class Author(Struct, frozen=True):
    actor: str
    changed_at: dt.datetime
    reason: str


def write_edits(
    connection: Connection, edits: Edits, author: Author, network: Network | None, new_suffix: SuffixGenerator = generate_suffix
) -> Receipt:
    """What `Store.write` promises. Rolls the transaction back where nothing changes anything."""
    before = increment_revision(connection)
    wanted = edits(ReadTransaction(connection)) if callable(edits) else edits
    _require_distinct_ids(wanted)
    held = load_current_records(connection, [edit.id for edit in wanted])
    survivors, brought = merges.load_survivors(connection), _collect_merged_places(wanted, held)
    earlier = _load_earlier_states(connection, wanted, held)
    alterations = [
        _plan_change(edit, held.get(edit.id), survivors.get(edit.id), brought.get(edit.id, {}), earlier.get(edit.id, ()))
        for edit in wanted
    ]
    lenient = {edit.id for edit in wanted if isinstance(edit, Put) and edit.allow_other_slug}
    chosen = slugs.assign_slugs(connection, alterations, lenient, new_suffix)
    altered = [change for change in chosen.changes if change.before != change.after]
    named = network if network is not None and network != _build_network(before) else None
    results = tuple(EditResult(change.id, _find_outcome(change)) for change in chosen.changes)
    if not altered and named is None:
        connection.rollback()
        return Receipt(before.revision, results)
    signature = Signature(before.revision + 1, author.changed_at, author.actor, author.reason)
    _save_changes(connection, altered, held, signature, before, named, chosen)
    return Receipt(signature.revision, results)


def increment_revision(connection: Connection) -> Head:
    """Raises the revision, first of all, and returns the head as it was: whoever waits here reads after it what was committed."""
    connection.execute(update(head).values(revision=head.c.revision + 1))
    now = ReadTransaction(connection).load_head()
    return replace(now, revision=now.revision - 1)


def load_current_records(connection: Connection, ids: Sequence[str]) -> dict[str, CurrentRecord]:
    found = {
        entry.id: CurrentRecord(key, stamps.revision, entry)
        for key, entry, stamps in ReadTransaction(connection).load_keyed_organizations(ids)
    }
    places = load_private_places(connection, [site.id for held in found.values() for site in held.organization.sites])
    for identity, held in found.items():
        sites = tuple(replace(site, private=places.get(site.id)) for site in held.organization.sites)
        found[identity] = replace(held, organization=replace(held.organization, sites=sites))
    return found


def _require_distinct_ids(edits: Sequence[Edit]) -> None:
    for identity, count in Counter(edit.id for edit in edits).items():
        if count > 1:
            raise BadInput(
                f"The organization {identity} is edited {count} times in one write; put these together.", value=identity
            )


def _collect_merged_places(
    edits: Sequence[Edit], current_records: Mapping[str, CurrentRecord]
) -> dict[str, dict[str, PrivatePlace]]:
    """By survivor, the private places of the records that are merged into it, by site."""
    found: dict[str, dict[str, PrivatePlace]] = {}
    for edit in edits:
        if isinstance(edit, Remove) and edit.survivor_id is not None and edit.id in current_records:
            places = {site.id: site.private for site in current_records[edit.id].organization.sites if site.private is not None}
            found.setdefault(edit.survivor_id, {}).update(places)
    return found


def _load_earlier_states(
    connection: Connection, edits: Sequence[Edit], current_records: Mapping[str, CurrentRecord]
) -> dict[str, list[StoredOrganization]]:
    """By id of a record that comes back: what it was when it was removed, and each record that it was merged into.

    Of these, the present state or the last one. If one of them is hidden, the same organization must not come back visible.
    """
    back = [edit.id for edit in edits if isinstance(edit, Put) and edit.id not in current_records]
    if not back:
        return {}
    ways = merges.load_survivor_chains(connection)
    related = {identity: [identity, *ways.get(identity, ())] for identity in back}
    ids = sorted({one for listed in related.values() for one in listed})
    known = history.load_removed_organizations(connection, ids) | {
        entry.id: entry for entry, _ in ReadTransaction(connection).load_organizations(ids)
    }
    return {identity: [known[one] for one in listed if one in known] for identity, listed in related.items()}


def _plan_change(
    edit: Edit,
    current: CurrentRecord | None,
    survivor: str | None,
    merged_places: Mapping[str, PrivatePlace],
    earlier_states: Sequence[StoredOrganization],
) -> PendingChange:
    """`survivor`: whom the record was merged into, if it was; `earlier`: as in `_earlier_entries`."""
    _require_revision(edit, current)
    if isinstance(edit, Put):
        before = current.organization if current else None
        require_valid(edit.organization)
        asked = replace(edit.organization, slug=before.slug) if before and edit.keep_current_slug else edit.organization
        after = complete_organization(asked, before, merged_places)
        kept = [before] if before else earlier_states
        return PendingChange(before, after if edit.override_hiding else apply_strictest_hiding(after, *kept), survivor)
    if current is None:
        raise NotFound("There is no such organization to remove; it may have been removed already.", value=edit.id)
    return PendingChange(current.organization, None, edit.survivor_id)


def _require_revision(edit: Edit, held: CurrentRecord | None) -> None:
    current = held.revision if held else 0
    if edit.if_revision is None or edit.if_revision == current:
        return
    if held is None:
        raise Conflict("The organization was removed since you read it. Nothing was written.", current=None, value=edit.id)
    sentence = f"{held.organization.slug} changed since you read it. Nothing was written; read it again and repeat your change."
    raise Conflict(sentence, current=current, value=edit.id)


def _find_outcome(change: PendingChange) -> EditOutcome:
    return EditOutcome.UNCHANGED if change.before == change.after else EditOutcome(change.kind.value)


def _save_changes(
    connection: Connection,
    pending: Sequence[PendingChange],
    current_records: Mapping[str, CurrentRecord],
    signature: Signature,
    before: Head,
    network: Network | None,
    slug_choice: slugs.SlugChoice,
) -> None:
    onlookers = _load_affected_referrers(connection, pending)
    now = network or _build_network(before)
    was, becomes = _load_audiences(connection, [*pending, *onlookers], now)
    references.require_unclaimed_values(connection, pending)
    references.refuse_dangling_references(pending, becomes)
    references.require_existing_survivors(pending, becomes)
    references.require_unreferenced(connection, pending)
    _require_network(now, pending, becomes)
    looks, counters = (
        visible_changes.find_visible_changes([*pending, *onlookers], was, becomes, signature.changed_at),
        before.visible_change_counts,
    )
    save_records(
        connection,
        pending,
        {identity: record.key for identity, record in current_records.items()},
        signature.revision,
        slug_choice,
    )
    change_log.append_changes(connection, pending, signature)
    if network is not None:
        change_log.append_network_change(connection, _build_network(before), network, len(pending), signature)
        looks, counters = visible_changes.add_network_change(looks, counters, network, becomes)
    _save_head(connection, visible_changes.save_visible_changes(connection, looks, counters, signature), now)


def _load_affected_referrers(connection: Connection, pending: Sequence[PendingChange]) -> list[PendingChange]:
    """Records that are not edited, but refer to one whose audience changes, so that a reference may appear or disappear."""
    turned = [
        change.id
        for change in pending
        if change.before and change.after and change.before.effective_audience != change.after.effective_audience
    ]
    ids = references.find_referrers(connection, turned) - {change.id for change in pending}
    return [PendingChange(entry, entry) for entry, _ in ReadTransaction(connection).load_organizations(sorted(ids))]


def _load_audiences(
    connection: Connection, changes: Sequence[PendingChange], network: Network
) -> tuple[dict[str, Audience], dict[str, Audience]]:
    """The audiences of all records that matter here, as they were and as they become."""
    ids = {change.id for change in changes} | {network.organization_id or ""}
    for change in changes:
        ids.update((change.merged_into,) if change.merged_into else ())
        ids.update(references.list_referenced_ids(change.before), references.list_referenced_ids(change.after))
    was = references.load_audiences(connection, ids)
    becomes = was | {change.id: change.after.effective_audience for change in changes if change.after}
    gone = {change.id for change in changes if change.after is None}
    return was, {identity: audience for identity, audience in becomes.items() if identity not in gone}


def _build_network(head: Head) -> Network:
    return Network(head.network_id, head.fictional)


def _require_network(network: Network, pending: Sequence[PendingChange], audiences_after: Mapping[str, Audience]) -> None:
    own = network.organization_id
    if any(change.id == own and change.after is None for change in pending):
        raise BadInput("This is the network's own record. Name another as the network before you remove it.", value=own)
    if own is not None and own not in audiences_after:
        raise BadInput(f"The network's own record ({own}) is not in the directory. Add it first.", value=own)


def _save_head(connection: Connection, counters: Mapping[Audience, int], network: Network) -> None:
    columns = {CHANGE_COUNT_COLUMNS[audience]: count for audience, count in counters.items()}
    connection.execute(update(head).values(**columns, network_id=network.organization_id, fictional=network.fictional))
