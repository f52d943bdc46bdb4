"""Taking a revision back: everything that it changed is as it was before, in one write that is itself in the ledger."""

import datetime as dt
from collections.abc import Iterable, Sequence

from directory.curation.later_revisions import find_revision_to_undo_first
from directory.drafts.problems import Problem
from directory.errors import BadInput, Conflict, DirectoryError, NotFound
from directory.store.ledger.edits import Change, Edit, LedgerKind, Put, Receipt, Remove, Revision
from directory.store.ledger.fingerprints import fingerprint_after, fingerprint_before
from directory.store.read_transaction import ReadTransaction
from directory.store.store import Store
from directory.visibility import find_loosening

MAX_LISTED_RECORDS = 5  # records that a refusal names

_IRREVERSIBLE_KINDS = {
    LedgerKind.NETWORK: "says whose directory this is; name the network anew instead",
    LedgerKind.ERASED: "purged private parts of the past, and these are gone for good",
}


def undo(store: Store, revision: int, *, actor: str, now: dt.datetime, may_loosen: bool = False) -> Receipt:
    """Reverts everything that the revision changed, all of it or nothing; an undo can be undone.

    Records come back with their private parts and their slugs; where a slug is another record's by now, with a private one. What
    is hidden stays hidden (hiding.py).
    A record counts as changed since if it is no longer as the revision left it; private parts that were erased are not compared.

    Raises NotFound for a revision that the ledger does not have; Conflict where records were changed since; BadInput where
    private parts were erased since, where something would be shown to more people and `may_loosen` is False, where others
    refer to what would go, or where the revision named the network or erased a past. `current` of a refusal because of later
    revisions is the one to undo first: whoever always does so can undo in the end. `is_undone` of a Conflict is True where all
    records are as they were before the revision; undoing `current` would bring it back.
    """
    with store.begin_read() as reading:
        reverted = require_revision(reading, revision)

    def edits(reading: ReadTransaction) -> Sequence[Edit]:
        changes = reading.load_changes(revision)
        _require_undoable(changes)
        _require_unchanged_since(reading, changes)
        if not may_loosen:
            _refuse_loosening(changes)
        return [_reverse_change(change) for change in changes]

    try:
        return store.write(edits, actor=actor, now=now, reason=f"undo of revision {revision}: {reverted.reason}")
    except _ChangedSinceError as later:
        problem: DirectoryError = _build_conflict(store, revision, later)
    except BadInput as refusal:
        problem = _add_undo_advice(store, revision, refusal)
    raise problem


def require_revision(reading: ReadTransaction, revision: int) -> Revision:
    """Whose revision it is, and what it did. Raises NotFound for one that the ledger does not have."""
    found = reading.load_revision(revision)
    if found is None:
        last = reading.load_head().revision
        sentence = f"The ledger has no revision {revision}; its last is {last}. `directory history SLUG` lists those of a record."
        raise NotFound(sentence, value=revision)
    return found


def _require_undoable(changes: Sequence[Change]) -> None:
    for change in changes:
        if change.kind in _IRREVERSIBLE_KINDS:
            sentence = f"Revision {change.revision} cannot be undone: it {_IRREVERSIBLE_KINDS[change.kind]}."
            raise BadInput(sentence, argument="revision", value=change.revision)
    _refuse_lasting_changes(changes)
    _refuse_erased_parts(changes)


def _refuse_lasting_changes(changes: Sequence[Change]) -> None:
    """An undo must not show a record that was hidden in an emergency, nor give a record that is not public a public slug."""
    if changes and all(change.is_ignored_by_undo for change in changes):
        sentence = (
            f"Undo does not reverse revision {changes[0].revision}: it hid or showed {_format_slugs(changes)}, or gave it a private "
            "slug. Use `directory unhide` to show a hidden record, and `directory hide` to hide it again."
        )
        raise BadInput(sentence, argument="revision", value=changes[0].revision)


def _refuse_erased_parts(changes: Iterable[Change]) -> None:
    torn = [change for change in changes if change.is_erased and change.before is not None]
    if torn:
        sentence = (
            f"Private parts of {_format_slugs(torn)} were erased since, so that they cannot come back as they were. Nothing was undone; "
            "change these records by hand."
        )
        raise BadInput(sentence, argument="revision", value=torn[0].revision)


class _ChangedSinceError(Exception):
    """Raised inside the transaction; what to do about it is worked out when no other writer waits for it."""

    def __init__(self, changes: Sequence[Change], is_undone: bool) -> None:
        super().__init__()
        self.changes = changes  # those whose records are no longer as the revision left them
        self.is_undone = is_undone  # all records are as they were before the revision


def _require_unchanged_since(reading: ReadTransaction, changes: Sequence[Change]) -> None:
    ids = [change.organization_id for change in changes if change.organization_id]
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
        sentence = f"Revision {revision} was undone already. Nothing was changed. To bring it back, undo revision {first}."
    else:
        sentence = (
            f"Changed again since: {_format_slugs(later.changes)}. Nothing was undone. Undo their later revisions first, the last of "
            f"which is {first}, or change the records by hand."
        )
    return Conflict(sentence, current=first, value=revision, is_undone=later.is_undone)


def _add_undo_advice(store: Store, revision: int, refusal: BadInput) -> BadInput:
    """The refusal, with the later revision to undo first where another record stands in the way."""
    with store.begin_read() as reading:
        own = {change.organization_id for change in reading.load_changes(revision)}
        slug, *ids = (refusal.params.get(name) for name in ("organization", "value", "owner"))
        named = {*ids, reading.load_slug_targets().get(str(slug))} - own
        first = find_revision_to_undo_first(reading, revision, {identity for identity in named if isinstance(identity, str)})
    if first is None:
        return refusal
    return BadInput(f"{refusal.user_message} Or undo revision {first} first.", **{**refusal.params, "current": first})


def _refuse_loosening(changes: Iterable[Change]) -> None:
    problems: list[Problem] = []
    shown = []
    for change in changes:
        found = find_loosening(change.after, change.before) if change.before and change.after else ()
        problems += found
        shown += [change] if found else []
    if shown:
        sentence = (
            f"This would show something of {_format_slugs(shown)} to more people than now. Nothing was undone; "
            "allow it expressly, or change the records by hand."
        )
        raise BadInput(sentence, argument="may_loosen", problems=problems)


def _reverse_change(change: Change) -> Edit:
    """What leads from after the change to before it."""
    if change.before is not None:
        keeps_slug = change.after is not None and change.after.slug == change.before.slug
        return Put(change.before, allow_other_slug=True, keep_current_slug=keeps_slug)
    return Remove(change.id, survivor_id=change.merged_into)


def _format_slugs(changes: Sequence[Change]) -> str:
    """Up to NAMED slugs, and how many more there are."""
    slugs = [entry.slug for change in changes for entry in [change.after or change.before] if entry]
    rest = len(slugs) - MAX_LISTED_RECORDS
    return ", ".join(slugs[:MAX_LISTED_RECORDS]) + (f" and {rest:,} more" if rest > 0 else "")
