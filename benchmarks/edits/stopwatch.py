"""Time the parts of a snapshot update after an edit, by wrapping the functions of each part."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from directory.search.organization_links import OrganizationLinks
from directory.search.published_points import PublishedPoints
from directory.search.region_sets import RegionSets
from directory.search.row_sets import RowSets
from directory.search.rows import Rows
from directory.search.search_index import SearchIndex
from directory.search.snapshot import Snapshot
from directory.search.text.word_index import WordIndex
from directory.snapshots.record_publisher import RecordPublisher
from directory.snapshots.snapshot_set import SnapshotSet
from directory.store.store import Store

_END = object()
WRITING = "writing, until the commit"
FOLLOWING = "advancing the snapshots from it, altogether"
# Part -> the owner and name of its function. A part is indented under the part that calls it.
PARTS: dict[str, tuple[object, str]] = {
    WRITING: (Store, Store.write.__name__),
    FOLLOWING: (SnapshotSet, SnapshotSet.apply_revision.__name__),
    "· publishing the records": (RecordPublisher, RecordPublisher.publish.__name__),
    "· the snapshot": (Snapshot, Snapshot.with_changes.__name__),
    "· · links": (OrganizationLinks, OrganizationLinks.with_changes.__name__),
    "· · the index": (SearchIndex, SearchIndex.with_changes.__name__),
    "· · · rows": (Rows, Rows.with_changes.__name__),
    "· · · sets": (RowSets, RowSets.with_changes.__name__),
    "· · · places": (PublishedPoints, PublishedPoints.with_changes.__name__),
    "· · · regions": (RegionSets, "__init__"),
    "· · · words": (WordIndex, WordIndex.with_changes.__name__),
    "· the snapshots of narrower audiences": (Snapshot, Snapshot.follow.__name__),
    "the search": (Snapshot, Snapshot.find.__name__),
}

FOLLOWING_PARTS = [part for part in PARTS if part.startswith("· ") and not part.startswith("· ·")]


@contextmanager
def time_parts() -> Iterator[dict[str, float]]:
    """Yield the seconds spent in each part, summed over its calls. They are complete when the block ends."""
    seconds: dict[str, float] = dict.fromkeys(PARTS, 0.0)
    originals = {part: getattr(owner, name) for part, (owner, name) in PARTS.items()}
    for part, (owner, name) in PARTS.items():
        setattr(owner, name, _wrap_function(originals[part], part, seconds))
    try:
        yield seconds
    finally:
        for part, (owner, name) in PARTS.items():
            setattr(owner, name, originals[part])


def _wrap_function(function: Callable[..., Any], part: str, seconds: dict[str, float]) -> Callable[..., Any]:
    @wraps(function)
    def call_and_time(*arguments: Any, **options: Any) -> Any:
        start = time.perf_counter()
        try:
            result = function(*arguments, **options)
        finally:
            seconds[part] += time.perf_counter() - start
        return _time_iterator(result, part, seconds) if isinstance(result, Iterator) else result

    return call_and_time


def _time_iterator(steps: Iterator[Any], part: str, seconds: dict[str, float]) -> Iterator[Any]:
    """Yield the items of an iterator and time each step, but not what the caller does between them."""
    while True:
        start = time.perf_counter()
        step = next(steps, _END)
        seconds[part] += time.perf_counter() - start
        if step is _END:
            return
        yield step
