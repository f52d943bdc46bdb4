"""Find the later revisions that prevent an undo, and which of them to undo first.

A revision and a later one that reverses all of it cancel out, whether `undo` or a person wrote the later one. Changes that hide a
record or show it again are ignored: undo neither reverses them nor is blocked by them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter

from msgspec import Struct

from directory.store.ledger.edits import Change
from directory.store.ledger.fingerprints import Fingerprint, fingerprint_after, fingerprint_before
from directory.store.read_transaction import ReadTransaction


class _RevisionEffect(Struct, frozen=True):
    """The states before and after one revision, by the id of each record it changed."""

    revision: int
    states_by_record: dict[str, tuple[Fingerprint, Fingerprint]]

    def reverses(self, other: "_RevisionEffect") -> bool:
        return self.states_by_record.keys() == other.states_by_record.keys() and all(
            before.is_same(other.states_by_record[identity][1]) and after.is_same(other.states_by_record[identity][0])
            for identity, (before, after) in self.states_by_record.items()
        )


def find_revision_to_undo_first(reading: ReadTransaction, revision: int, records: Collection[str]) -> int | None:
    """Return the revision to undo first if later changes of these records (ids) prevent undoing `revision`.

    This is the newest effective revision on these records or, if its own records were changed again later, the newest one on
    those. Later changes never prevent undoing it, and undoing it leaves one effective revision less. If all later revisions
    cancel out, this is the newest of them. Returns None if no later revision changed any of the records.
    """
    later = reading.list_changed_ids_after(revision)
    changes = list(reading.load_changes_of_revisions(_find_connected_revisions(later, records)))
    by_record = _find_effects_by_record(_group_by_revision(change for change in changes if not change.is_ignored_by_undo))
    newest = max((by_record[identity][-1] for identity in records if by_record[identity]), default=None, key=_get_revision)
    if newest is None:
        ignored = {(change.revision, change.record_id) for change in changes if change.is_ignored_by_undo}
        return max((number for number, identity in set(later) - ignored if identity in records), default=None)
    while (newer := max((by_record[identity][-1] for identity in newest.states_by_record), key=_get_revision)) is not newest:
        newest = newer
    return newest.revision


def _find_connected_revisions(later: Iterable[tuple[int, str]], records: Iterable[str]) -> list[int]:
    """Return, in ascending order, the revisions that changed the records or any record connected to them.

    Two records are connected if one revision changed both. `later` holds pairs of revision and record id.
    """
    by_record, by_revision = defaultdict[str, list[int]](list), defaultdict[int, list[str]](list)
    for number, identity in later:
        by_record[identity].append(number)
        by_revision[number].append(identity)
    pending, known, revisions = list(records), set(records), set[int]()
    while pending:
        for number in set(by_record[pending.pop()]) - revisions:
            revisions.add(number)
            new = [identity for identity in by_revision[number] if identity not in known]
            known.update(new)
            pending += new
    return sorted(revisions)


def _group_by_revision(changes: Iterable[Change]) -> Iterable[_RevisionEffect]:
    for number, group in groupby(changes, attrgetter("revision")):
        states = {change.record_id: (fingerprint_before(change), fingerprint_after(change)) for change in group}
        yield _RevisionEffect(number, {identity: pair for identity, pair in states.items() if identity is not None})


class _Reversal(Struct, frozen=True):
    """An effect that cancelled an earlier one out. Nothing of both is left, unless the first is done again."""

    effect: _RevisionEffect
    original: _RevisionEffect


def _find_effects_by_record(effects: Iterable[_RevisionEffect]) -> Mapping[str, list[_RevisionEffect]]:
    """Return, by record id, the effects that do not cancel out, oldest first.

    What is done again, after it was reversed, counts as done when it was done first: undoing it then is possible where undoing it
    now, before what happened between, may not be.
    """
    entries = defaultdict[str, list[_RevisionEffect | _Reversal]](list)
    for effect in effects:
        stacks = [entries[identity] for identity in effect.states_by_record]
        found = next((entry for entry in _iter_reversible(stacks[0]) if _is_reversed_by(entry, effect)), None)
        if found is None or not all(any(entry is found for entry in _iter_reversible(stack)) for stack in stacks):
            added: _RevisionEffect | _Reversal = effect
        else:
            added = found.original if isinstance(found, _Reversal) else _Reversal(effect, found)
            for stack in stacks:
                while stack.pop() is not found:
                    pass
        for stack in stacks:
            stack.append(added)
    lists = {identity: [each for each in stack if isinstance(each, _RevisionEffect)] for identity, stack in entries.items()}
    return defaultdict(list, lists)


def _iter_reversible(stack: list[_RevisionEffect | _Reversal]) -> Iterator[_RevisionEffect | _Reversal]:
    """Yield the reversals since the last effect that is left, the newest first, and that effect: none changed what came of it."""
    for entry in reversed(stack):
        yield entry
        if isinstance(entry, _RevisionEffect):
            return


def _is_reversed_by(entry: _RevisionEffect | _Reversal, effect: _RevisionEffect) -> bool:
    return effect.reverses(entry.effect if isinstance(entry, _Reversal) else entry)


_get_revision = attrgetter("revision")
