"""Taking a revision back: everything that it changed is as it was before, in one write that is itself in the ledger."""

import datetime as dt
from collections.abc import Iterable, Sequence

from directory.errors import BadInput, Conflict, NotFound
from directory.problems import Problem
from directory.store import Change, Edit, LedgerKind, Put, Reading, Receipt, Remove, Revision, Store
from directory.visibility import loosened

NAMED = 5  # records that a refusal names

_NEVER = {
    LedgerKind.NETWORK: "says whose directory this is; name the network anew instead",
    LedgerKind.ERASED: "purged private parts of the past, and these are gone for good",
}


def undo(store: Store, revision: int, *, actor: str, now: dt.datetime, may_loosen: bool = False) -> Receipt:
    """Reverts everything that the revision changed, all of it or nothing; an undo can be undone.

    Records come back with their private parts, and merged ones with their slugs. Slugs that the revision gave stay taken.
    Raises NotFound for a revision that the ledger does not have; Conflict where records were changed since; BadInput where
    private parts were erased since, where something would be shown to more people and `may_loosen` is False, where others
    refer to what would go, or where the revision named the network or erased a past.
    """
    with store.reading() as reading:
        reverted = signed(reading, revision)

    def edits(reading: Reading) -> Sequence[Edit]:
        changes = reading.changes_of(revision)
        _require_undoable(changes)
        _require_last(reading, changes)
        if not may_loosen:
            _require_no_looser(changes)
        return [_reversed(change) for change in changes]

    return store.write(edits, actor=actor, now=now, reason=f"undo of revision {revision}: {reverted.reason}")


def signed(reading: Reading, revision: int) -> Revision:
    """Whose revision it is, and what it did. Raises NotFound for one that the ledger does not have."""
    found = reading.revision(revision)
    if found is None:
        last = reading.head().revision
        sentence = f"The ledger has no revision {revision}; its last is {last}. `directory history` lists an organization's."
        raise NotFound(sentence, value=revision)
    return found


def _require_undoable(changes: Sequence[Change]) -> None:
    for change in changes:
        if change.kind in _NEVER:
            sentence = f"Revision {change.revision} cannot be undone: it {_NEVER[change.kind]}."
            raise BadInput(sentence, argument="revision", value=change.revision)
    _require_whole(changes)


def _require_whole(changes: Iterable[Change]) -> None:
    torn = [change for change in changes if change.erased and change.before is not None]
    if torn:
        sentence = (
            f"Private parts of {_named(torn)} were erased since, so that they cannot come back as they were. Nothing was undone; "
            "change these records by hand."
        )
        raise BadInput(sentence, argument="revision", value=torn[0].revision)


def _require_last(reading: Reading, changes: Sequence[Change]) -> None:
    last = reading.last_revisions([change.organization_id for change in changes if change.organization_id])
    later = [change for change in changes if last.get(change.organization_id or "") != change.revision]
    if later:
        newest = max(last[change.organization_id or ""] for change in later)
        sentence = (
            f"Changed again since: {_named(later)}. Nothing was undone. Undo their later revisions first, the last of which is "
            f"{newest}, or change the records by hand."
        )
        raise Conflict(sentence, current=newest, value=changes[0].revision)


def _require_no_looser(changes: Iterable[Change]) -> None:
    problems: list[Problem] = []
    shown = []
    for change in changes:
        found = loosened(change.after, change.before) if change.before and change.after else ()
        problems += found
        shown += [change] if found else []
    if shown:
        sentence = (
            f"This would show something of {_named(shown)} to more people than now. Nothing was undone; "
            "allow it expressly, or change the records by hand."
        )
        raise BadInput(sentence, argument="may_loosen", problems=problems)


def _reversed(change: Change) -> Edit:
    """What leads from after the change to before it."""
    if change.before is not None:
        return Put(change.before)
    assert change.organization_id is not None  # noqa: S101 - only the network's own change has none, and is refused
    return Remove(change.organization_id, into=change.merged_into)


def _named(changes: Sequence[Change]) -> str:
    """Up to NAMED slugs, and how many more there are."""
    slugs = [entry.slug for change in changes for entry in [change.after or change.before] if entry]
    rest = len(slugs) - NAMED
    return ", ".join(slugs[:NAMED]) + (f" and {rest:,} more" if rest > 0 else "")
