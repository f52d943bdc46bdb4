"""The index of a past moment: that of today, corrected by what changed since then.

Only the organizations that changed since the moment are looked at one by one. Places, regions served and texts stay those of
today. A term counts only if the organization has it today, too: what somebody took back, no search may find again.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.errors import TooLarge
from directory.search.record_history import PAST_SETS, TERM_SETS, RecordHistory, RecordPast, SetKeys, ValueChange
from directory.search.row_sets import RowSets, to_row_set
from directory.search.rows import Rows
from directory.search.search_index import SearchIndex
from directory.search.searched_fields import PARENT_SETS

MAX_CHANGED = 20_000  # organizations that are looked at one by one, each of which takes some microseconds
ChangedRow: TypeAlias = tuple[int, RecordPast]
RowsByKeys: TypeAlias = dict[frozenset[str], list[int]]  # the rows that gained or lost the same keys of a set


def build_past_index(index: SearchIndex, history: RecordHistory, moment: float) -> SearchIndex:
    """Return the index of the organizations that the audience has seen all the time since a moment (seconds since 1970).

    Its sets may have rows that are not live, so whoever uses them has to limit them to the live ones. It has no past members of
    coalitions. Raises TooLarge if more than MAX_CHANGED of them changed since then.
    """
    changed, new_rows = _split_changed(index, history, moment)
    rows = index.rows.limit(index.rows.live_rows - new_rows) if new_rows else index.rows
    differences = _Differences(changed, moment)
    columns = {name: _restore_column(index.columns[name], values) for name, values in differences.numbers.items()}
    sets = _PastSets(index.sets, differences.toggles, rows)
    return replace(index, rows=rows, sets=sets, columns=index.columns | columns)


def find_first_moment(index: SearchIndex, history: RecordHistory) -> float:
    """Return since when the audience has seen the organization that it has seen for longest; infinite if it sees none."""
    pasts = ((history.find(record.id), row) for row, record in index.rows.number_records())
    updated = index.columns["UPDATED"]
    return min((past.since if past else float(updated[row]) for past, row in pasts), default=np.inf)


class _PastSets(dict[str, RowSets]):
    """The sets of a past moment by name. Those of a field are built when they are first needed: most searches use few."""

    def __init__(self, today: Mapping[str, RowSets], toggled: Mapping[str, RowsByKeys], rows: Rows) -> None:
        super().__init__({name: sets for name, sets in today.items() if name not in PAST_SETS})
        self._today, self._toggles, self._rows = today, toggled, rows

    def __missing__(self, name: str) -> RowSets:
        rows_by_key: dict[str, list[int]] = {}
        for keys, rows in self._toggles.get(name, {}).items():
            for key in keys:
                rows_by_key.setdefault(key, []).extend(rows)
        today = self._today[name]
        toggled = {key: BitMap(rows) for key, rows in rows_by_key.items()}
        sets = today.toggle({key: rows & today[key] for key, rows in toggled.items()} if name in TERM_SETS else toggled)
        self[name] = sets if name != PARENT_SETS else self._drop_new_parents(sets)
        return self[name]

    def _drop_new_parents(self, parents: RowSets) -> RowSets:
        """Return the branches of the organizations that were there: as if the others had never been a parent."""
        return parents.select(lambda identity: self._rows.find_row(identity) is not None)


def _split_changed(index: SearchIndex, history: RecordHistory, moment: float) -> tuple[list[ChangedRow], BitMap]:
    """Return the rows that changed since a moment with their past, and those that the audience has not seen all the time."""
    candidates = to_row_set(np.flatnonzero(index.columns["UPDATED"] >= moment)) & index.rows.live_rows
    changed: list[ChangedRow] = []
    new_rows: list[int] = []
    for row, record in zip(candidates, index.rows.list_records(candidates), strict=True):
        past = history.find(record.id)
        if past is None or past.since >= moment:  # without an entry, it was not changed since it was added
            new_rows.append(row)
        elif past.changes:
            changed.append((row, past))
    if len(changed) > MAX_CHANGED:
        raise TooLarge(
            f"More than {MAX_CHANGED:,} organizations have changed since then, which is too much to go back. Choose a later day.",
            argument="asOf",
            limit=MAX_CHANGED,
        )
    return changed, BitMap(new_rows)


class _Differences:
    """What differs between a moment and today: keys that rows had only then or have only now, and numbers of then."""

    def __init__(self, changed: Iterable[ChangedRow], moment: float) -> None:
        self.toggles: dict[str, RowsByKeys] = {name: {} for name in PAST_SETS}
        self.numbers: dict[str, dict[int, float]] = {}
        for row, past in changed:
            later = [change for change in past.changes if change.moment >= moment]
            for name, keys in later[0].toggles if len(later) == 1 else _combine_toggled(later):
                self.toggles[name].setdefault(keys, []).append(row)
            for change in reversed(later):  # the oldest one last, because it has the value of the moment
                for name, value in change.numbers:
                    self.numbers.setdefault(name, {})[row] = value


def _combine_toggled(changes: Iterable[ValueChange]) -> Iterable[SetKeys]:
    """Return the keys that differ before and after several changes. What was added and taken away again does not."""
    toggled: dict[str, frozenset[str]] = {}
    for change in changes:
        for name, keys in change.toggles:
            toggled[name] = toggled.get(name, frozenset()) ^ keys
    return toggled.items()


def _restore_column(column: NDArray[np.float64], earlier: Mapping[int, float]) -> NDArray[np.float64]:
    restored = column.copy()
    restored[list(earlier)] = list(earlier.values())
    return restored
