"""Documents that were prepared before, those asked for last, in bounded memory."""

from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_CHARACTERS = 250_000  # of all texts
BYTES_PER_CHARACTER = 200  # that what is made of a text takes for each of its characters, at most
MIN_WEIGHT = 500  # characters that a text counts for at least


class DocumentCache(Generic[T]):
    """By text. Threads may share one: what another has just dropped is made again."""

    def __init__(self, characters: int = MAX_CHARACTERS) -> None:
        self._max_characters, self._character_count = characters, 0
        self._values: OrderedDict[str, T] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    @property
    def characters(self) -> int:
        """What the texts count for."""
        return self._character_count

    def __contains__(self, text: str) -> bool:
        return text in self._values

    def get(self, text: str) -> T | None:
        made = self._values.get(text)
        if made is not None:
            try:
                self._values.move_to_end(text)
            except KeyError:
                return made  # dropped meanwhile
        return made

    def store(self, text: str, made: T) -> None:
        if text in self._values:
            return
        self._values[text] = made
        self._character_count += _weigh(text)
        while self._character_count > self._max_characters and len(self._values) > 1:
            dropped, _ = self._values.popitem(last=False)
            self._character_count -= _weigh(dropped)

    def clear(self) -> None:
        self._values.clear()
        self._character_count = 0


def _weigh(text: str) -> int:
    return max(len(text), MIN_WEIGHT)
