"""Which part of following an edit takes how long: the functions of each part are timed while it is followed."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from directory import live
from directory.live import Directory
from directory.search.published_points import PublishedPoints
from directory.search.region_sets import RegionSets
from directory.search.rows import Rows, RowSets
from directory.search.search_index import SearchIndex
from directory.search.snapshot import OrganizationLinks, Snapshot
from directory.search.text.word_index import WordIndex
from directory.store.read_transaction import ReadTransaction

_END = object()
FOLLOWING = "following the ledger, altogether"
PARTS: dict[str, tuple[object, str]] = {
    FOLLOWING: (Directory, "follow"),
    "· what was touched (read from the ledger)": (ReadTransaction, "since"),
    "· the records (read from the tables)": (ReadTransaction, "entries"),
    "· what the public sees of them": (live, "publish"),
    "· the feed of changes (read from the ledger)": (ReadTransaction, "seen_changes"),
    "· the snapshot": (Snapshot, "changed"),
    "· · links": (OrganizationLinks, "changed"),
    "· · the index": (SearchIndex, "changed"),
    "· · · rows": (Rows, "changed"),
    "· · · sets": (RowSets, "changed"),
    "· · · places": (PublishedPoints, "changed"),
    "· · · regions": (RegionSets, "__init__"),
    "· · · words": (WordIndex, "changed"),
    "the answer": (Snapshot, "find"),
}

FOLLOWING_PARTS = [part for part in PARTS if part.startswith("· ") and not part.startswith("· ·")]


@contextmanager
def time_parts() -> Iterator[dict[str, float]]:
    """Seconds by part, added up over its calls; complete when the block is left."""
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
    def timed(*arguments: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            made = function(*arguments, **named)
        finally:
            seconds[part] += time.perf_counter() - began
        return _time_iterator(made, part, seconds) if isinstance(made, Iterator) else made

    return timed


def _time_iterator(steps: Iterator[Any], part: str, seconds: dict[str, float]) -> Iterator[Any]:
    """What a function hands out one by one; the time that its caller takes in between is not counted."""
    while True:
        began = time.perf_counter()
        step = next(steps, _END)
        seconds[part] += time.perf_counter() - began
        if step is _END:
            return
        yield step
