"""Who has a key: rows of an index by word, telephone number, street or whatever they are found by."""

from collections.abc import Iterable

from pyroaring import BitMap

NOBODY = BitMap()


class Postings:
    """Sets of rows by key. Most keys are one row's alone, which is kept as a plain number: a set takes ten times the memory.

    Keys are kept as their hashes, for the same reason. Should two ever have one, somebody is compared who need not be.
    """

    def __init__(self) -> None:
        self._rows: dict[int, int | BitMap] = {}

    def add(self, keys: Iterable[str], row: int) -> None:
        for key in map(hash, keys):
            kept = self._rows.setdefault(key, row)
            if isinstance(kept, BitMap):
                kept.add(row)
            elif kept != row:
                self._rows[key] = BitMap((kept, row))

    def discard(self, keys: Iterable[str], row: int) -> None:
        for key in map(hash, keys):
            kept = self._rows.get(key)
            if isinstance(kept, BitMap):
                kept.discard(row)
                if not kept:
                    del self._rows[key]
            elif kept == row:
                del self._rows[key]

    def __contains__(self, key: str) -> bool:
        return hash(key) in self._rows

    def rows(self, key: str) -> BitMap:
        """The rows with the key, not to be changed; an empty set where nobody has it."""
        kept = self._rows.get(hash(key))
        if kept is None:
            return NOBODY
        return kept if isinstance(kept, BitMap) else BitMap((kept,))
