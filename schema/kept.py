"""Documents that were prepared before, those asked for last, in bounded memory."""

from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")

CHARACTERS = 250_000  # of all texts
BYTES = 200  # that what is made of a text takes for each of its characters, at most
SMALLEST = 500  # characters that a text counts for at least


class Kept(Generic[T]):
    """By text. Threads may share one: what another has just dropped is made again."""

    def __init__(self, characters: int = CHARACTERS) -> None:
        self._most, self._held = characters, 0
        self._made: OrderedDict[str, T] = OrderedDict()

    def __len__(self) -> int:
        return len(self._made)

    @property
    def characters(self) -> int:
        """What the texts count for."""
        return self._held

    def __contains__(self, text: str) -> bool:
        return text in self._made

    def get(self, text: str) -> T | None:
        made = self._made.get(text)
        if made is not None:
            try:
                self._made.move_to_end(text)
            except KeyError:
                return made  # dropped meanwhile
        return made

    def keep(self, text: str, made: T) -> None:
        if text in self._made:
            return
        self._made[text] = made
        self._held += _weight(text)
        while self._held > self._most and len(self._made) > 1:
            dropped, _ = self._made.popitem(last=False)
            self._held -= _weight(dropped)

    def clear(self) -> None:
        self._made.clear()
        self._held = 0


def _weight(text: str) -> int:
    return max(len(text), SMALLEST)
