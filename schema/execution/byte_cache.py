"""A cache that drops the least recently used values to bound the memory that all of them take."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class ByteCache(Generic[T]):
    """Values by key, each with its size in bytes. Threads can share one: if another thread drops a value, it is made again."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes, self._bytes, self._lock = max_bytes, 0, Lock()
        self._values: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._values

    @property
    def bytes(self) -> int:
        """The total size of the values."""
        return self._bytes

    def get(self, key: Hashable) -> T | None:
        """Return the value of a key; None if there is none."""
        entry = self._values.get(key)
        if entry is None:
            return None
        try:  # noqa: SIM105 - a context manager would take longer than the rest
            self._values.move_to_end(key)
        except KeyError:  # another thread has dropped it in the meantime
            pass
        return entry[0]

    def store(self, key: Hashable, value: T, size: int) -> None:
        """Store a value, in place of the one before. The newest value stays, however large it is."""
        with self._lock:
            _, size_before = self._values.pop(key, (None, 0))
            self._values[key] = value, size
            self._bytes += size - size_before
            while self._bytes > self._max_bytes and len(self._values) > 1:
                _, (_, dropped_size) = self._values.popitem(last=False)
                self._bytes -= dropped_size

    def clear(self) -> None:
        self._values.clear()
        self._bytes = 0
