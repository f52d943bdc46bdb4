"""The index of a past moment: that of today, corrected by what changed since then.

Only the organizations that changed since the moment are looked at one by one. Places, regions served and texts stay those of
today.
"""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.search.record_history import PAST_NUMBERS, PAST_SETS, RecordHistory, RecordPast, SetKey
from directory.search.row_sets import RowSets, to_row_set
from directory.search.rows import Rows
from directory.search.search_index import SearchIndex
from directory.search.searched_fields import PARENT_SETS

ChangedRow: TypeAlias = tuple[int, RecordPast]


def build_past_index(index: SearchIndex, history: RecordHistory, moment: float) -> SearchIndex:
    """Return the index of the organizations that the audience has seen all the time since a moment (seconds since 1970).

    Its sets may have rows that are not live, so whoever uses them has to limit them to the live ones. It has no past members of
    coalitions.
    """
    changed, new_rows = _split_changed(index, history, moment)
    rows = index.rows.limit(index.rows.live_rows - new_rows) if new_rows else index.rows
    toggled = _group_toggled(changed, moment)
    sets = {name: index.sets[name].toggle(toggled[name]) for name in PAST_SETS}
    sets[PARENT_SETS] = _drop_new_parents(sets[PARENT_SETS], rows)
    columns = {name: _restore_column(index.columns[name], name, changed, moment) for name in PAST_NUMBERS}
    return replace(index, rows=rows, sets=index.sets | sets, columns=index.columns | columns)


def find_first_moment(index: SearchIndex, history: RecordHistory) -> float:
    """Return since when the audience has seen the organization that it has seen for longest; infinite if it sees none."""
    pasts = ((history.find(record.id), row) for row, record in index.rows.number_records())
    updated = index.columns["UPDATED"]
    return min((past.since if past else float(updated[row]) for past, row in pasts), default=np.inf)


def _split_changed(index: SearchIndex, history: RecordHistory, moment: float) -> tuple[list[ChangedRow], BitMap]:
    """Return the rows that changed since a moment with their past, and those that the audience has not seen all the time."""
    candidates = to_row_set(np.flatnonzero(index.columns["UPDATED"] >= moment)) & index.rows.live_rows
    changed: list[ChangedRow] = []
    new_rows: list[int] = []
    for row, record in zip(candidates, index.rows.list_records(candidates), strict=True):
        past = history.find(record.id)
        if past is None or past.since >= moment:  # without an entry, it was not changed since it was added
            new_rows.append(row)
        else:
            changed.append((row, past))
    return changed, BitMap(new_rows)


def _group_toggled(changed: list[ChangedRow], moment: float) -> Mapping[str, Mapping[str, BitMap]]:
    """Return by set and key the rows that have the key today and had it not then, or the other way round."""
    groups: dict[frozenset[SetKey], list[int]] = {}
    for row, past in changed:
        if keys := _find_toggled(past, moment):
            groups.setdefault(keys, []).append(row)
    rows_by_key: dict[str, dict[str, list[int]]] = {name: {} for name in PAST_SETS}
    for keys, rows in groups.items():
        for name, key in keys:
            rows_by_key[name].setdefault(key, []).extend(rows)
    return {name: {key: BitMap(rows) for key, rows in own.items()} for name, own in rows_by_key.items()}


def _find_toggled(past: RecordPast, moment: float) -> frozenset[SetKey]:
    """Return the keys that differ between a moment and today. What was added and taken away again does not."""
    toggled: frozenset[SetKey] = frozenset()
    for change in reversed(past.changes):
        if change.moment < moment:
            break
        toggled = toggled ^ change.keys if toggled else change.keys
    return toggled


def _drop_new_parents(parents: RowSets, rows: Rows) -> RowSets:
    """Return the branches of the organizations that were there: as if the others had never been a parent."""
    return parents.select(lambda identity: rows.find_row(identity) is not None)


def _restore_column(column: NDArray[np.float64], name: str, changed: list[ChangedRow], moment: float) -> NDArray[np.float64]:
    earlier = dict(_iter_earlier(name, changed, moment))
    if not earlier:
        return column
    restored = column.copy()
    restored[list(earlier)] = list(earlier.values())
    return restored


def _iter_earlier(name: str, changed: list[ChangedRow], moment: float) -> Iterator[tuple[int, float]]:
    """Yield rows with the values that a column had for them, the newest of a row first, so that the last one is the earliest."""
    for row, past in changed:
        for change in reversed(past.changes):
            if change.moment < moment:
                break
            yield from ((row, value) for column, value in change.numbers if column == name)
