"""Which revisions after a given one still have an effect, and which of them to undo first.

A revision and a later one that reverses exactly what it did cancel out, whether `undo` wrote the later one or a person did. What
hides a record or shows it again has no effect here: no undo reverses it, nor waits for it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from operator import attrgetter

from msgspec import Struct

from directory.store.ledger.edits import Change
from directory.store.ledger.fingerprints import Fingerprint, fingerprint_after, fingerprint_before
from directory.store.read_transaction import ReadTransaction


class _RevisionEffect(Struct, frozen=True):
    """One revision: the state of each of its records before and after it, by the record's id."""

    revision: int
    states_by_record: dict[str, tuple[Fingerprint, Fingerprint]]

    def reverses(self, other: "_RevisionEffect") -> bool:
        return self.states_by_record.keys() == other.states_by_record.keys() and all(
            before.is_same(other.states_by_record[identity][1]) and after.is_same(other.states_by_record[identity][0])
            for identity, (before, after) in self.states_by_record.items()
        )


def find_revision_to_undo_first(reading: ReadTransaction, revision: int, records: Collection[str]) -> int | None:
    """The revision to undo first where later changes of these records (ids) keep `revision` from being undone.

    It is the newest effective revision on these records or, where its own records were changed again later, the newest one on
    those. So undoing it is never refused because of later changes, and it leaves one effective revision less. Where all later
    revisions cancel out it is the newest of all. None where no later revision changed any of the records.
    """
    touched = reading.list_changed_ids_after(revision)
    changes = list(reading.load_changes_of_revisions(_find_connected_revisions(touched, records)))
    by_record = _find_effects_by_record(_group_by_revision(change for change in changes if not change.is_ignored_by_undo))
    newest = max((by_record[identity][-1] for identity in records if by_record[identity]), default=None, key=_get_revision)
    if newest is None:
        lasting = {(change.revision, change.organization_id) for change in changes if change.is_ignored_by_undo}
        return max((number for number, identity in set(touched) - lasting if identity in records), default=None)
    while (later := max((by_record[identity][-1] for identity in newest.states_by_record), key=_get_revision)) is not newest:
        newest = later
    return newest.revision


def _find_connected_revisions(touched: Iterable[tuple[int, str]], records: Iterable[str]) -> list[int]:
    """The revisions that changed the records, or records that one of these revisions changed, and so on; ascending."""
    by_record, by_revision = defaultdict[str, list[int]](list), defaultdict[int, list[str]](list)
    for number, identity in touched:
        by_record[identity].append(number)
        by_revision[number].append(identity)
    waiting, known, found = list(records), set(records), set[int]()
    while waiting:
        for number in set(by_record[waiting.pop()]) - found:
            found.add(number)
            more = [identity for identity in by_revision[number] if identity not in known]
            known.update(more)
            waiting += more
    return sorted(found)


def _group_by_revision(changes: Iterable[Change]) -> Iterable[_RevisionEffect]:
    for number, changed in groupby(changes, attrgetter("revision")):
        states = {change.organization_id: (fingerprint_before(change), fingerprint_after(change)) for change in changed}
        yield _RevisionEffect(number, {identity: pair for identity, pair in states.items() if identity is not None})


def _find_effects_by_record(steps: Iterable[_RevisionEffect]) -> Mapping[str, list[_RevisionEffect]]:
    """By record, the steps that do not cancel out, oldest first."""
    found = defaultdict[str, list[_RevisionEffect]](list)
    for step in steps:
        tops = [found[identity][-1] for identity in step.states_by_record if found[identity]]
        newest = max(tops, key=_get_revision, default=None)
        if newest is not None and step.reverses(newest) and all(top is newest for top in tops):
            for identity in step.states_by_record:
                found[identity].pop()
        else:
            for identity in step.states_by_record:
                found[identity].append(step)
    return found


_get_revision = attrgetter("revision")
