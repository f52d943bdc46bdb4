"""Which rows hold a token: one field's sets by token number, and where the tokens stand."""

from array import array
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from pyroaring import BitMap

from directory.search.passages import PASSAGE_END, Passages, TokenNumbers
from directory.search.sets import EMPTY_ROWS

TokensByRow = Mapping[int, TokenNumbers]  # by row: the tokens of a field, END behind each passage


class Postings:
    """One field of all rows. Immutable; the sets that are handed out must not be changed."""

    def __init__(self, sets: list[BitMap | None], passages: Passages) -> None:
        self._sets = sets  # by token number; tokens numbered since are not in it
        self._passages = passages

    @classmethod
    def build(cls, rows: Sequence[int], lengths: Sequence[int], tokens: "array[int]", size: int) -> "Postings":
        """`rows` ascend; each has as many of the tokens as its length says, END behind each passage; numbers are below `size`."""
        row_numbers, counts = np.array(rows, np.uint32), np.array(lengths, np.int64)
        numbers = np.frombuffer(tokens, np.uint32) if len(tokens) else np.empty(0, np.uint32)
        return cls(_build_sets(np.repeat(row_numbers, counts), numbers, size), Passages.build(row_numbers, counts, numbers))

    def match_any(self, tokens: Iterable[int]) -> BitMap:
        """The rows that hold at least one of the tokens."""
        found = [rows for token in tokens if (rows := self._get_rows(token))]
        if len(found) == 1:
            return found[0]
        return BitMap.union(*found) if found else EMPTY_ROWS

    def match_phrase(self, tokens: Sequence[int]) -> BitMap:
        """The rows in which the tokens stand together, in this order, in one passage."""
        holding = [self._get_rows(token) for token in tokens]
        if not all(holding):
            return EMPTY_ROWS
        among = BitMap.intersection(*holding)
        if len(tokens) == 1 or not among:
            return among
        rarest = min(range(len(tokens)), key=lambda position: (len(holding[position]), position))
        return self._passages.find_phrase(tokens, rarest, among)

    def with_changes(self, before: TokensByRow, after: TokensByRow) -> "Postings":
        """With `after` in the place of `before`: rows may be in either or in both."""
        rows = before.keys() | after.keys()
        changed = {row: after.get(row, _NO_TOKENS) for row in rows if not _is_same_text(before.get(row), after.get(row))}
        if not changed:
            return self
        sets, own = self._sets.copy(), dict[int, BitMap]()
        for row in changed:
            old, new = _collect_tokens(before.get(row)), _collect_tokens(after.get(row))
            for token in old - new:
                self._copy_set_once(own, token).discard(row)
            for token in new - old:
                self._copy_set_once(own, token).add(row)
        sets += [None] * (max(own, default=-1) + 1 - len(sets))
        for token, found in own.items():
            sets[token] = found or None
        return Postings(sets, self._passages.with_changes(changed))

    def _get_rows(self, token: int) -> BitMap:
        return (self._sets[token] if token < len(self._sets) else None) or EMPTY_ROWS

    def _copy_set_once(self, own: dict[int, BitMap], token: int) -> BitMap:
        if token not in own:
            own[token] = BitMap(self._get_rows(token))
        return own[token]


_NO_TOKENS: TokenNumbers = np.empty(0, np.uint32)


def _build_sets(rows: TokenNumbers, tokens: TokenNumbers, size: int) -> list[BitMap | None]:
    words = tokens != PASSAGE_END
    keys = np.sort(tokens[words].astype(np.uint64) << np.uint64(32) | rows[words])
    tokens_in_order = (keys >> np.uint64(32)).astype(np.int64)
    ordered = array("I", (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32).tobytes())
    ends = np.searchsorted(tokens_in_order, np.arange(size), side="right").tolist()
    return [BitMap(ordered[start:end]) if end > start else None for start, end in zip([0, *ends], ends, strict=False)]


def _is_same_text(one: TokenNumbers | None, other: TokenNumbers | None) -> bool:
    return np.array_equal(_NO_TOKENS if one is None else one, _NO_TOKENS if other is None else other)


def _collect_tokens(text: TokenNumbers | None) -> set[int]:
    return set() if text is None else set(text.tolist()) - {PASSAGE_END}
