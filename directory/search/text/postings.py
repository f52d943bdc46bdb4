"""Where words stand: the token numbers of one field, row by row, to find words that stand together."""

from array import array
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.search.rows import EMPTY_ROWS

TokenNumbers = NDArray[np.uint32]

PASSAGE_END = 0xFFFFFFFF  # stands behind each passage, so that no phrase runs over it
CHUNK_BITS = 12  # an edit copies the 4,096 rows around it; more would be slower to edit, fewer slower to search


class PassageChunk(Struct, frozen=True):
    """The rows of one stretch, in any order, where each begins in `tokens`, and their tokens."""

    rows: TokenNumbers
    starts: NDArray[np.int64]
    tokens: TokenNumbers

    def with_changes(self, texts: Mapping[int, TokenNumbers]) -> "PassageChunk":
        """With these rows' texts in the place of what they were; an empty one takes its row out."""
        lengths = np.diff(self.starts, append=len(self.tokens))
        kept = np.isin(self.rows, np.array(list(texts), np.uint32), invert=True)
        come = {row: text for row, text in texts.items() if len(text)}
        rows = np.concatenate((self.rows[kept], np.array(list(come), np.uint32)))
        lengths = np.concatenate((lengths[kept], np.array([len(text) for text in come.values()], np.int64)))
        tokens = np.concatenate((self._select_tokens(kept), *come.values()))
        return PassageChunk(rows, np.cumsum(lengths) - lengths, tokens)

    def _select_tokens(self, row_mask: NDArray[np.bool_]) -> TokenNumbers:
        edges = [*self.starts.tolist(), len(self.tokens)]
        gone = [slice(edges[at], edges[at + 1]) for at in np.flatnonzero(~row_mask)]
        left = np.ones(len(self.tokens), np.bool_)
        for stretch in gone:
            left[stretch] = False
        return self.tokens[left]

    def find_phrase(self, phrase: Sequence[int], rarest: int) -> TokenNumbers:
        """The rows in which the phrase stands; `rarest` is the position of its rarest token, which is looked for first."""
        at = np.flatnonzero(self.tokens == phrase[rarest]) - rarest
        at = at[(at >= 0) & (at + len(phrase) <= len(self.tokens))]
        for offset, token in enumerate(phrase):
            at = at[self.tokens[at + offset] == token] if offset != rarest else at
        found: TokenNumbers = self.rows[np.searchsorted(self.starts, at, side="right") - 1]
        return found


class Passages:
    """One field of all rows. Immutable."""

    def __init__(self, chunks: Mapping[int, PassageChunk]) -> None:
        self._chunks = chunks

    @classmethod
    def build(cls, rows: TokenNumbers, lengths: NDArray[np.int64], tokens: TokenNumbers) -> "Passages":
        """`rows` ascend; each has as many of the tokens as its length says, END behind each passage."""
        kept = lengths > 0
        rows, lengths = rows[kept], lengths[kept]
        starts = np.cumsum(lengths) - lengths
        stretches, firsts = np.unique(rows >> CHUNK_BITS, return_index=True)
        ends = [*firsts.tolist()[1:], len(rows)][: len(firsts)]
        bounds = [*zip(firsts.tolist(), ends, strict=True)]
        edges = [*starts.tolist(), len(tokens)]
        chunks = (PassageChunk(rows[a:b], starts[a:b] - edges[a], tokens[edges[a] : edges[b]]) for a, b in bounds)
        return cls(dict(zip(stretches.tolist(), chunks, strict=True)))

    def with_changes(self, texts: Mapping[int, TokenNumbers]) -> "Passages":
        """With these rows' texts in the place of what they were; an empty one takes its row out."""
        chunks = dict(self._chunks)
        stretches: dict[int, dict[int, TokenNumbers]] = {}
        for row, tokens in texts.items():
            stretches.setdefault(row >> CHUNK_BITS, {})[row] = tokens
        for stretch, own in stretches.items():
            chunks[stretch] = chunks.get(stretch, _EMPTY_CHUNK).with_changes(own)
        return Passages(chunks)

    def find_phrase(self, phrase: Sequence[int], rarest: int, candidate_rows: BitMap) -> BitMap:
        """The rows, of those `among` which have all the tokens, in which the phrase stands."""
        found = [
            self._chunks[stretch].find_phrase(phrase, rarest)
            for stretch in _iter_chunk_numbers(candidate_rows)
            if stretch in self._chunks
        ]
        return BitMap(array("I", np.concatenate(found).tobytes())) if found else BitMap()


_EMPTY_CHUNK = PassageChunk(np.empty(0, np.uint32), np.empty(0, np.int64), np.empty(0, np.uint32))


def _iter_chunk_numbers(rows: BitMap) -> Iterable[int]:
    row = rows.next_set_bit(0) if rows else None
    while row is not None:
        yield row >> CHUNK_BITS
        after = ((row >> CHUNK_BITS) + 1) << CHUNK_BITS
        row = rows.next_set_bit(after) if after <= rows.max() else None


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
