"""Apply edits in one transaction: plan the changes, check them, save them and log them."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, update

from directory.errors import BadInput
from directory.publish import VisibleChange
from directory.records import Audience, RecordKind
from directory.store.edit_planning import plan_changes
from directory.store.ledger import change_log, feed, merges, visible_changes
from directory.store.ledger.change_log import PendingChange, Signature
from directory.store.ledger.edits import Edit, EditOutcome, EditResult, Head, Network, Put, Receipt, RecordId, WrittenRevision
from directory.store.ledger.removal_decisions import RemovalDecision, append_removal_decisions, select_new_decisions
from directory.store.read_transaction import ReadTransaction, build_head
from directory.store.records import references
from directory.store.records.loading import load_current_records
from directory.store.records.saving import save_records
from directory.store.records.slug_assignment import SlugChoice, assign_slugs
from directory.store.records.slug_lookup import load_key_targets
from directory.store.records.tables import CHANGE_COUNT_COLUMNS, head
from directory.vocabulary.slugs import SuffixGenerator, generate_suffix

Edits = Sequence[Edit] | Callable[[ReadTransaction], Sequence[Edit]]


class Author(Struct, frozen=True):
    """Who makes a change, when (in UTC) and why."""

    actor: str
    changed_at: dt.datetime
    reason: str


class _PlannedRevision(Struct, frozen=True):
    """What a write is about to do.

    `before` is the head until now, `keys` are those of existing records, and `new_network` is None if the network stays the same.
    """

    before: Head
    signature: Signature
    pending: list[PendingChange]
    keys: Mapping[str, int]
    slug_choice: SlugChoice
    new_network: Network | None

    @property
    def network(self) -> Network:
        return self.new_network or _build_network(self.before)


class _SavedRevision(Struct, frozen=True):
    """`changes` include records that only look different to an audience, with equal `before` and `after`."""

    head: Head
    changes: list[PendingChange]
    visible_changes: Mapping[Audience, Sequence[VisibleChange]]


def write_edits(
    connection: Connection,
    edits: Edits,
    author: Author,
    network: Network | None,
    new_suffix: SuffixGenerator = generate_suffix,
    *,
    describe: bool = False,
    removal_decisions: Sequence[RemovalDecision] = (),
) -> Receipt:
    """Apply the edits as `Store.write` documents. Rolls the transaction back if they change nothing."""
    before = increment_revision(connection)
    edits = edits(ReadTransaction(connection)) if callable(edits) else edits
    current_records = load_current_records(connection, [RecordId(edit.kind, edit.id) for edit in edits])
    choice = _choose_slugs(connection, edits, plan_changes(connection, edits, current_records), new_suffix)
    pending = [change for change in choice.changes if change.before != change.after]
    new_network = network if network is not None and network != _build_network(before) else None
    results = tuple(EditResult(change.id, _find_outcome(change)) for change in choice.changes)
    decisions = select_new_decisions(connection, removal_decisions)
    if not pending and new_network is None and not decisions:
        connection.rollback()
        return Receipt(before.revision, results)
    signature = Signature(before.revision + 1, author.changed_at, author.actor, author.reason)
    keys = {record_id: current.key for record_id, current in current_records.items()}
    saved = _save_revision(connection, _PlannedRevision(before, signature, pending, keys, choice, new_network))
    append_removal_decisions(connection, decisions, signature.revision)
    written = _describe_revision(connection, saved, choice) if describe else None
    return Receipt(signature.revision, results, written, len(decisions))


def increment_revision(connection: Connection) -> Head:
    """Raise the revision and return the head as it was before.

    Must be the first statement of a write. A writer that waits here then reads what the other writer committed.
    """
    raised_head = build_head(connection.execute(update(head).values(revision=head.c.revision + 1).returning(*head.c)).one())
    return replace(raised_head, revision=raised_head.revision - 1)


def _choose_slugs(
    connection: Connection, edits: Sequence[Edit], changes: Sequence[PendingChange], new_suffix: SuffixGenerator
) -> SlugChoice:
    flexible_ids = {edit.id for edit in edits if isinstance(edit, Put) and edit.allow_other_slug}
    return assign_slugs(connection, changes, flexible_ids, new_suffix)


def _find_outcome(change: PendingChange) -> EditOutcome:
    return EditOutcome.UNCHANGED if change.before == change.after else EditOutcome(change.kind.value)


def _save_revision(connection: Connection, planned: _PlannedRevision) -> _SavedRevision:
    """Check the changes against other records, then save and log them."""
    referrers = _load_affected_referrers(connection, planned.pending)
    changes = [*planned.pending, *referrers]
    audiences_before, audiences_after = _load_audiences(connection, changes, planned.new_network)
    _check_against_others(connection, planned, audiences_after)
    audience_changes = visible_changes.find_visible_changes(
        changes, audiences_before, audiences_after, planned.signature.changed_at
    )
    numbered = _number_changes(connection, planned, audience_changes, audiences_after)
    save_records(connection, planned.pending, planned.keys, planned.signature.revision, planned.slug_choice)
    _append_to_ledger(connection, planned, numbered)
    after = _build_head_after(planned, numbered)
    _save_head(connection, after)
    return _SavedRevision(after, changes, feed.list_visible_changes(numbered, planned.signature.changed_at))


def _check_against_others(connection: Connection, planned: _PlannedRevision, audiences_after: Mapping[str, Audience]) -> None:
    references.require_unclaimed_values(connection, planned.pending)
    references.refuse_dangling_references(planned.pending, audiences_after)
    references.require_existing_survivors(planned.pending, audiences_after)
    _refuse_merge_cycles(connection, planned.pending)
    references.require_unreferenced(connection, planned.pending)
    references.refuse_cycles(connection, planned.pending)
    _require_network(planned.network, planned.new_network, planned.pending, audiences_after)


def _number_changes(
    connection: Connection,
    planned: _PlannedRevision,
    audience_changes: list[visible_changes.AudienceChange],
    audiences_after: Mapping[str, Audience],
) -> feed.NumberedChanges:
    """Number what the audiences see in their feeds. Must come before the records are saved, which deletes merges."""
    counters = _count_lost_redirects(connection, planned.pending, planned.before.visible_change_counts)
    if planned.new_network is not None:
        audience_changes, counters = visible_changes.add_network_change(
            audience_changes, counters, planned.new_network, audiences_after
        )
    return feed.number_changes(audience_changes, planned.pending, counters)


def _append_to_ledger(connection: Connection, planned: _PlannedRevision, numbered: feed.NumberedChanges) -> None:
    revision = planned.signature.revision
    change_log.append_revision(connection, planned.signature)
    change_log.append_changes(connection, revision, planned.pending, numbered.own_numbers)
    if planned.new_network is not None:
        change_log.append_network_change(connection, _build_network(planned.before), len(planned.pending), revision)
    feed.append_exceptions(connection, numbered.exceptions, revision)


def _build_head_after(planned: _PlannedRevision, numbered: feed.NumberedChanges) -> Head:
    return replace(
        planned.before,
        revision=planned.signature.revision,
        visible_change_counts=numbered.counters,
        network_id=planned.network.organization_id,
        fictional=planned.network.fictional,
    )


def _describe_revision(connection: Connection, saved: _SavedRevision, choice: SlugChoice) -> WrittenRevision | None:
    """Return what snapshots need to show the revision.

    None if a record looks different that was not loaded, such as the own record of a new network.
    """
    ids = tuple(change.record_id for change in saved.changes)
    known_ids = {record_id.id for record_id in ids}
    if not {change.record_id for feed_part in saved.visible_changes.values() for change in feed_part} <= known_ids:
        return None
    records = tuple(visible_changes.remove_private_places(change.after) for change in saved.changes if change.after)
    moves_keys = choice.has_aliases or any(_may_move_keys(change) for change in saved.changes)
    key_targets = load_key_targets(connection, ids) if moves_keys else None
    return WrittenRevision(saved.head, ids, records, saved.visible_changes, key_targets)


def _may_move_keys(change: PendingChange) -> bool:
    """Return whether a slug or the id of a merged record may lead elsewhere after the change."""
    if change.before is None or change.after is None:
        return True
    before, after = change.before, change.after
    return (before.slug, before.effective_audience) != (after.slug, after.effective_audience)


def _load_affected_referrers(connection: Connection, pending: Sequence[PendingChange]) -> list[PendingChange]:
    """Return unedited records, with equal `before` and `after`, that refer to a record whose audience changes.

    References to that record appear in or disappear from what an audience sees of them.
    """
    reclassified_ids = [
        change.record_id
        for change in pending
        if change.before and change.after and change.before.effective_audience != change.after.effective_audience
    ]
    ids = references.find_referrers(connection, reclassified_ids) - {change.record_id for change in pending}
    referrers = ReadTransaction(connection).load_records_of(sorted(ids))
    return [PendingChange(record, record) for record in referrers]


def _load_audiences(
    connection: Connection, changes: Sequence[PendingChange], new_network: Network | None
) -> tuple[dict[str, Audience], dict[str, Audience]]:
    """Return the audiences before and after the write of all records that matter to it.

    These are the changed records, those that they start or cease to refer to, those they are merged into, and the new network.
    References that stay look the same before and after, unless their records are among the changes.
    """
    known = {change.id: change.before.effective_audience for change in changes if change.before}
    others: set[RecordId] = set()
    if new_network is not None and new_network.organization_id:
        others.add(RecordId(RecordKind.ORGANIZATION, new_network.organization_id))
    for change in changes:
        others.update((RecordId(change.record_id.kind, change.merged_into),) if change.merged_into else ())
        others.update(references.list_changed_references(change))
    before = known | references.load_audiences(connection, others - {change.record_id for change in changes})
    after = before | {change.id: change.after.effective_audience for change in changes if change.after}
    removed_ids = {change.id for change in changes if change.after is None}
    return before, {record_id: audience for record_id, audience in after.items() if record_id not in removed_ids}


def _refuse_merge_cycles(connection: Connection, pending: Sequence[PendingChange]) -> None:
    """Raise BadInput if a merge that an undo restores leads to a record that was merged into this one since."""
    restored = {change.id: change.merged_into for change in pending if change.restores_merge and change.merged_into}
    chains = merges.load_chains_of(connection, set(restored.values())) if restored else {}
    for record_id, survivor_id in restored.items():
        if record_id in chains.get(survivor_id, ()):
            message = "The record that this one was merged into has been merged into this one since. Nothing was undone."
            raise BadInput(message, value=survivor_id)


def _count_lost_redirects(
    connection: Connection, pending: Sequence[PendingChange], counters: Mapping[Audience, int]
) -> Mapping[Audience, int]:
    """Return the counters, raised for each audience that loses a redirect.

    A merged record led it to the survivor, but it does not see the record that is created again. No feed entry says so.
    """
    created = {change.id: change.after for change in pending if change.before is None and change.merged_into and change.after}
    merged = [merge for merge in merges.load_merges(connection) if merge.record_id in created] if created else []
    lost = {
        audience
        for merge in merged
        for audience in Audience
        if audience.sees(merge.audience) and not audience.sees(created[merge.record_id].effective_audience)
    }
    return {audience: count + (audience in lost) for audience, count in counters.items()}


def _build_network(head: Head) -> Network:
    return Network(head.network_id, head.fictional)


def _require_network(
    network: Network, new_network: Network | None, pending: Sequence[PendingChange], audiences_after: Mapping[str, Audience]
) -> None:
    """Raise BadInput if the network's own record is removed, or that of a new network does not exist."""
    network_id = network.organization_id
    if any(change.id == network_id and change.after is None for change in pending):
        message = "This is the network's own record. Choose another record for the network before you remove it."
        raise BadInput(message, value=network_id)
    if new_network is not None and network_id is not None and network_id not in audiences_after:
        raise BadInput(f"The network's own record ({network_id}) is not in the directory. Add it first.", value=network_id)


def _save_head(connection: Connection, after: Head) -> None:
    columns = {CHANGE_COUNT_COLUMNS[audience]: count for audience, count in after.visible_change_counts.items()}
    connection.execute(update(head).values(**columns, network_id=after.network_id, fictional=after.fictional))
