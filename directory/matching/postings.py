"""Who has a key: rows of an index by word, telephone number, street or whatever they are found by."""

from collections.abc import Iterable

from pyroaring import BitMap

NO_ROWS = BitMap()


class KeyPostings:
    """Sets of rows by key. Most keys are one row's alone, which is kept as a plain number: a set takes ten times the memory.

    Keys are kept as their hashes, for the same reason. Should two ever have one, somebody is compared who need not be.
    """

    def __init__(self) -> None:
        self._rows_by_key: dict[int, int | BitMap] = {}

    def add(self, keys: Iterable[str], row: int) -> None:
        for key in map(hash, keys):
            kept = self._rows_by_key.setdefault(key, row)
            if isinstance(kept, BitMap):
                kept.add(row)
            elif kept != row:
                self._rows_by_key[key] = BitMap((kept, row))

    def discard(self, keys: Iterable[str], row: int) -> None:
        for key in map(hash, keys):
            kept = self._rows_by_key.get(key)
            if isinstance(kept, BitMap):
                kept.discard(row)
                if not kept:
                    del self._rows_by_key[key]
            elif kept == row:
                del self._rows_by_key[key]

    def __contains__(self, key: str) -> bool:
        return hash(key) in self._rows_by_key

    def find_rows(self, key: str) -> BitMap:
        """The rows with the key, not to be changed; an empty set where nobody has it."""
        kept = self._rows_by_key.get(hash(key))
        if kept is None:
            return NO_ROWS
        return kept if isinstance(kept, BitMap) else BitMap((kept,))
