"""The feed of the changes that one audience could see, the last one of each record. It takes few bytes per change."""

from array import array
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from operator import attrgetter

from directory.publish import ChangeKind, VisibleChange
from directory.records import RecordKind

MAX_LATER_CHANGES = 1_000  # more are packed together with the others

_KINDS = tuple(ChangeKind)
_RECORD_KINDS = tuple(RecordKind)


class ChangeFeed:
    """The changes of one audience in order. Immutable: a change is added to a copy that shares the packed changes."""

    def __init__(self, packed: "_PackedChanges", later: Mapping[str, VisibleChange]) -> None:
        self._packed = packed
        self._later = later  # by record, in order; they replace packed changes of these records

    @classmethod
    def build(cls, changes: Iterable[VisibleChange], known_ids: Iterable[str] = ()) -> "ChangeFeed":
        """Build the feed of changes in any order. Only the last change of each record is included.

        `known_ids` are ids that are in memory anyway, so that the feed need not hold them a second time.
        """
        last = {change.record_id: change for change in sorted(changes, key=attrgetter("seq"))}
        in_order = sorted(last.values(), key=attrgetter("seq"))
        return cls(_PackedChanges(in_order, {identity: identity for identity in known_ids}), {})

    def with_changes(self, changes: Iterable[VisibleChange]) -> "ChangeFeed":
        """Return the feed with later changes."""
        later = dict(self._later)
        for change in sorted(changes, key=attrgetter("seq")):
            later.pop(change.record_id, None)
            later[change.record_id] = change
        feed = ChangeFeed(self._packed, later)
        return ChangeFeed.build(list(feed.iter_after(0))) if len(later) > MAX_LATER_CHANGES else feed

    def list_after(self, seq: int, first: int) -> tuple[list[VisibleChange], bool]:
        """Return the `first` changes numbered above `seq`, oldest first, and whether there are more."""
        changes = list(islice(self.iter_after(seq), first + 1))
        return changes[:first], len(changes) > first

    def find_changes(self, ids: Container[str]) -> dict[str, VisibleChange]:
        """Return the last changes of these records by their ids, without those that are not in the feed. Reads the whole feed."""
        return {change.record_id: change for change in self.iter_after(0) if change.record_id in ids}

    def iter_after(self, seq: int) -> Iterator[VisibleChange]:
        """Yield the changes numbered above `seq`, oldest first."""
        yield from (change for change in self._packed.iter_after(seq) if change.record_id not in self._later)
        yield from (change for change in self._later.values() if change.seq > seq)


class _PackedChanges:
    """Changes by ascending `seq`, in columns. Thousands of changes share a moment."""

    def __init__(self, changes: Iterable[VisibleChange], known_ids: Mapping[str, str]) -> None:
        self._numbers, self._kinds, self._moments = array("q"), array("B"), array("I")
        self._record_kinds = array("B")
        self._ids: list[str] = []
        positions: dict[datetime, int] = {}
        for change in changes:
            self._numbers.append(change.seq)
            self._kinds.append(_KINDS.index(change.kind))
            self._record_kinds.append(_RECORD_KINDS.index(change.record_kind))
            self._moments.append(positions.setdefault(change.at, len(positions)))
            self._ids.append(known_ids.get(change.record_id, change.record_id))
        self._distinct_moments = list(positions)

    def iter_after(self, seq: int) -> Iterator[VisibleChange]:
        for position in range(bisect_right(self._numbers, seq), len(self._numbers)):
            moment = self._distinct_moments[self._moments[position]]
            kinds = _KINDS[self._kinds[position]], _RECORD_KINDS[self._record_kinds[position]]
            yield VisibleChange(self._numbers[position], moment, kinds[0], self._ids[position], kinds[1])
