"""A cache of prepared documents that drops the least recently used ones to bound memory."""

from collections import OrderedDict
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_CHARACTERS = 250_000  # of all texts
BYTES_PER_CHARACTER = 200  # the most memory that a prepared document takes for each character of its text
MIN_WEIGHT = 500  # characters: shorter texts count as this many


class DocumentCache(Generic[T]):
    """Values by the text of their document. Threads can share one: if another thread drops a value, it is prepared again."""

    def __init__(self, characters: int = MAX_CHARACTERS) -> None:
        self._max_characters, self._character_count = characters, 0
        self._values: OrderedDict[str, T] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    @property
    def characters(self) -> int:
        """The total weight of the cached texts."""
        return self._character_count

    def __contains__(self, text: str) -> bool:
        return text in self._values

    def get(self, text: str) -> T | None:
        value = self._values.get(text)
        if value is not None:
            # Another thread may have dropped it in the meantime.
            with suppress(KeyError):
                self._values.move_to_end(text)
        return value

    def store(self, text: str, value: T) -> None:
        if text in self._values:
            return
        self._values[text] = value
        self._character_count += _weigh(text)
        while self._character_count > self._max_characters and len(self._values) > 1:
            oldest_text, _ = self._values.popitem(last=False)
            self._character_count -= _weigh(oldest_text)

    def clear(self) -> None:
        self._values.clear()
        self._character_count = 0


def _weigh(text: str) -> int:
    return max(len(text), MIN_WEIGHT)
