"""Undo a revision: restore everything it changed, in one write that is a revision itself."""

import datetime as dt
from collections.abc import Iterable, Sequence

from directory.curation.later_revisions import find_revision_to_undo_first
from directory.drafts.problems import Problem
from directory.errors import BadInput, Conflict, DirectoryError, NotFound
from directory.live import Directory
from directory.records import RecordKind
from directory.store.ledger.edits import UNDO_ACTOR, Change, Edit, LedgerKind, Put, Receipt, Remove, Revision
from directory.store.ledger.fingerprints import fingerprint_after, fingerprint_before
from directory.store.read_transaction import ReadTransaction
from directory.store.store import Store
from directory.visibility import find_loosening

MAX_LISTED_RECORDS = 5  # slugs in an error message

_IRREVERSIBLE_KINDS = {
    LedgerKind.NETWORK: "set the network that owns this directory. Set the network again instead",
    LedgerKind.ERASED: "erased private data, which cannot be restored",
}


def undo(directory: Directory, revision: int, *, actor: str = UNDO_ACTOR, now: dt.datetime, may_loosen: bool = False) -> Receipt:
    """Revert all changes of the revision, or none. An undo can be undone.

    Records are restored with their private parts and slugs. If a slug now belongs to another record, the restored one gets a
    private slug. Hidden records stay hidden (hiding.py). A record counts as changed later if it differs from the state after the
    revision; erased private parts are not compared. If `actor` does not start with UNDO_ACTOR, imports do not create the removed
    records again unless a person decides so.

    Raises:
        NotFound: the ledger has no such revision.
        Conflict: records were changed later. Its `current` is the revision to undo first; repeating this always succeeds in the
            end. `is_undone` is True if all records are as they were before the revision; undoing `current` then restores it.
        BadInput: private parts were erased later; something would be shown to more people and `may_loosen` is False; other
            records refer to a record that would be removed (its `current`, if any, is the revision to undo first); or the
            revision set the network, erased private data, hid or showed records, or changed no record.
    """
    with directory.store.begin_read() as reading:
        reverted = require_revision(reading, revision)

    def edits(reading: ReadTransaction) -> Sequence[Edit]:
        changes = reading.load_changes(revision)
        _require_undoable(revision, changes)
        _require_unchanged_since(reading, changes)
        if not may_loosen:
            _refuse_loosening(changes)
        return [_reverse_change(change) for change in changes]

    try:
        return directory.write(edits, actor=actor, now=now, reason=f"undo of revision {revision}: {reverted.reason}")
    except _ChangedSinceError as later:
        problem: DirectoryError = _build_conflict(directory.store, revision, later)
    except BadInput as refusal:
        problem = _add_undo_advice(directory.store, revision, refusal)
    raise problem


def require_revision(reading: ReadTransaction, revision: int) -> Revision:
    """Return who made the revision, when, why, and what it did. Raises NotFound if the ledger has no such revision."""
    details = reading.load_revision(revision)
    if details is None:
        last = reading.load_head().revision
        sentence = (
            f"There is no revision {revision}. The last one is {last}. To list a record's revisions: directory history SLUG"
        )
        raise NotFound(sentence, value=revision)
    return details


def may_be_undone(changes: Sequence[Change]) -> bool:
    """Return whether undo reverses the changes of a revision, as far as these alone decide. It never shows hidden records."""
    is_reversible = all(change.kind not in _IRREVERSIBLE_KINDS for change in changes)
    return is_reversible and not all(change.is_ignored_by_undo for change in changes)


def _require_undoable(revision: int, changes: Sequence[Change]) -> None:
    if not changes:
        sentence = f"Revision {revision} changed no record, so there is nothing to undo."
        raise BadInput(sentence, argument="revision", value=revision)
    for change in changes:
        if change.kind in _IRREVERSIBLE_KINDS:
            sentence = f"Revision {change.revision} cannot be undone: it {_IRREVERSIBLE_KINDS[change.kind]}."
            raise BadInput(sentence, argument="revision", value=change.revision)
    _refuse_lasting_changes(changes)
    _refuse_erased_parts(changes)


def _refuse_lasting_changes(changes: Sequence[Change]) -> None:
    """Refuse if all changes are ones that undo ignores.

    Undo must not show a record that was hidden in an emergency, or give a record that is not public a public slug.
    """
    if changes and all(change.is_ignored_by_undo for change in changes):
        sentence = (
            f"Undo does not reverse revision {changes[0].revision}: it hid or showed {_format_slugs(changes)}, or gave it a "
            "private slug. Use `directory unhide` to show a hidden record, and `directory hide` to hide it again."
        )
        raise BadInput(sentence, argument="revision", value=changes[0].revision)


def _refuse_erased_parts(changes: Iterable[Change]) -> None:
    erased = [change for change in changes if change.is_erased and change.before is not None]
    if erased:
        sentence = (
            f"Private parts of {_format_slugs(erased)} were erased later and cannot be restored. Nothing was undone. "
            "Change these records by hand."
        )
        raise BadInput(sentence, argument="revision", value=erased[0].revision)


class _ChangedSinceError(Exception):
    """Raised inside the write transaction. The advice is computed after it ends, because other writers would have to wait."""

    def __init__(self, changes: Sequence[Change], is_undone: bool) -> None:
        super().__init__()
        self.changes = changes  # whose records differ from the state after the revision
        self.is_undone = is_undone  # whether all records are as they were before the revision


def _require_unchanged_since(reading: ReadTransaction, changes: Sequence[Change]) -> None:
    ids = [change.record_id for change in changes if change.record_id]
    revisions = reading.load_last_revisions(ids)
    last = reading.load_last_changes([change.id for change in changes if revisions[change.id] != change.revision])
    later = [change for change in changes if change.id in last and not _is_unchanged_since(change, last[change.id])]
    if later:
        undone = [change for change in later if fingerprint_before(change).is_same(fingerprint_after(last[change.id]))]
        raise _ChangedSinceError(later, is_undone=len(undone) == len(changes))


def _is_unchanged_since(change: Change, last: Change) -> bool:
    return fingerprint_after(change).is_same(fingerprint_after(last))


def _build_conflict(store: Store, revision: int, later: _ChangedSinceError) -> Conflict:
    with store.begin_read() as reading:
        first = find_revision_to_undo_first(reading, revision, {change.id for change in later.changes})
    if later.is_undone:
        sentence = f"Revision {revision} was already undone. Nothing was changed. To restore it, undo revision {first}."
    else:
        sentence = (
            f"These records were changed later: {_format_slugs(later.changes)}. Nothing was undone. Undo their later revisions "
            f"first, starting with {first}, or change the records by hand."
        )
    return Conflict(sentence, current=first, value=revision, is_undone=later.is_undone)


def _add_undo_advice(store: Store, revision: int, refusal: BadInput) -> BadInput:
    """Add the later revision to undo first if another record caused the refusal; otherwise return the refusal as it is."""
    with store.begin_read() as reading:
        own_ids = {change.record_id for change in reading.load_changes(revision)}
        slug, *ids = (refusal.params.get(name) for name in ("organization", "value", "owner"))
        holders = (reading.load_slug_targets(kind=kind).get(str(slug)) for kind in RecordKind)
        blocking_ids = {*ids, *holders} - own_ids
        first = find_revision_to_undo_first(
            reading, revision, {identity for identity in blocking_ids if isinstance(identity, str)}
        )
    if first is None:
        return refusal
    return BadInput(f"{refusal.user_message} Or undo revision {first} first.", **{**refusal.params, "current": first})


def _refuse_loosening(changes: Iterable[Change]) -> None:
    problems: list[Problem] = []
    loosening_changes = []
    for change in changes:
        loosenings = find_loosening(change.after, change.before) if change.before and change.after else ()
        problems += loosenings
        loosening_changes += [change] if loosenings else []
    if loosening_changes:
        sentence = (
            f"This would show parts of {_format_slugs(loosening_changes)} to more people than now. Nothing was undone. "
            "Allow it with --loosen-visibility, or change the records by hand."
        )
        raise BadInput(sentence, argument="may_loosen", problems=problems)


def _reverse_change(change: Change) -> Edit:
    """Return the edit that leads from the state after the change to the state before it."""
    if change.before is not None:
        keeps_slug = change.after is not None and change.after.slug == change.before.slug
        return Put(change.before, allow_other_slug=True, keep_current_slug=keeps_slug)
    assert change.record_kind is not None  # noqa: S101 - undo refuses changes of the network
    return Remove(change.id, survivor_id=change.merged_into, restores_merge=True, kind=change.record_kind)


def _format_slugs(changes: Sequence[Change]) -> str:
    """Return up to MAX_LISTED_RECORDS slugs, and the number of further ones."""
    slugs = [entry.slug for change in changes for entry in [change.after or change.before] if entry]
    more = len(slugs) - MAX_LISTED_RECORDS
    return ", ".join(slugs[:MAX_LISTED_RECORDS]) + (f" and {more:,} more" if more > 0 else "")
