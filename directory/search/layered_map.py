"""A map that returns a changed copy without copying most of it.

A snapshot of 100,000 records holds maps of this size. Copying one takes a millisecond, and freeing the previous copy another one.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

MAX_CHANGES = 1_000  # more are written into a new base


class LayeredMap(Mapping[K, V], Generic[K, V]):
    """An immutable map of values that are not None: a large base, which all copies share, and few changes to it."""

    __slots__ = ("_base", "_changes")

    def __init__(self, base: dict[K, V], changes: dict[K, V | None] | None = None) -> None:
        self._base = base
        self._changes = changes or {}  # None for a key that was removed

    def with_changes(self, removed: Iterable[K], added: Mapping[K, V]) -> "LayeredMap[K, V]":
        """Return the map without the removed keys, then with the added entries. Unknown keys may be removed."""
        changes = {**self._changes, **dict.fromkeys(removed), **added}
        changed = LayeredMap(self._base, changes)
        return changed if len(changes) <= MAX_CHANGES else LayeredMap(dict(changed.items()))

    def __getitem__(self, key: K) -> V:
        value = self._changes[key] if key in self._changes else self._base.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def find(self, key: K) -> V | None:
        """Return the value of a key; None if there is none. Faster than `get`."""
        return self._changes[key] if key in self._changes else self._base.get(key)

    def __iter__(self) -> Iterator[K]:
        yield from (key for key in self._base if key not in self._changes)
        yield from (key for key, value in self._changes.items() if value is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)
