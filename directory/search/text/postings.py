"""Postings: which rows contain which tokens in one field, and the tokens in order to find phrases."""

from array import array
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

from directory.search.row_sets import EMPTY_ROWS, to_row_set, unite

TokenNumbers = NDArray[np.uint32]

PASSAGE_END = 0xFFFFFFFF  # follows each passage, so no phrase matches across two passages
CHUNK_BITS = 12  # an edit copies a chunk of 4,096 rows; larger chunks slow down edits, smaller ones searches


class PassageChunk(Struct, frozen=True):
    """The rows of one chunk in any order, where each starts in `tokens`, and their tokens."""

    rows: TokenNumbers
    starts: NDArray[np.int64]
    tokens: TokenNumbers

    def with_changes(self, texts: Mapping[int, TokenNumbers]) -> "PassageChunk":
        """Return a copy with new texts for these rows; an empty text removes its row."""
        lengths = np.diff(self.starts, append=len(self.tokens))
        is_unchanged = np.isin(self.rows, np.array(list(texts), np.uint32), invert=True)
        added = {row: text for row, text in texts.items() if len(text)}
        rows = np.concatenate((self.rows[is_unchanged], np.array(list(added), np.uint32)))
        lengths = np.concatenate((lengths[is_unchanged], np.array([len(text) for text in added.values()], np.int64)))
        tokens = np.concatenate((self._select_tokens(is_unchanged), *added.values()))
        return PassageChunk(rows, np.cumsum(lengths) - lengths, tokens)

    def _select_tokens(self, row_mask: NDArray[np.bool_]) -> TokenNumbers:
        edges = [*self.starts.tolist(), len(self.tokens)]
        token_mask = np.ones(len(self.tokens), np.bool_)
        for position in np.flatnonzero(~row_mask):
            token_mask[edges[position] : edges[position + 1]] = False
        return self.tokens[token_mask]

    def get_tokens(self, row: int) -> TokenNumbers:
        """Return the tokens of a row; empty if it has none."""
        positions = np.flatnonzero(self.rows == row)
        if not len(positions):
            return _NO_TOKENS
        position = int(positions[0])
        end = self.starts[position + 1] if position + 1 < len(self.starts) else len(self.tokens)
        return self.tokens[self.starts[position] : end]

    def find_phrase(self, phrase: Sequence[int], rarest: int) -> TokenNumbers:
        """Return the rows that contain the phrase; `rarest` is the position of its rarest token, which is searched first."""
        starts = np.flatnonzero(self.tokens == phrase[rarest]) - rarest
        starts = starts[(starts >= 0) & (starts + len(phrase) <= len(self.tokens))]
        for offset, token in enumerate(phrase):
            starts = starts[self.tokens[starts + offset] == token] if offset != rarest else starts
        rows: TokenNumbers = self.rows[np.searchsorted(self.starts, starts, side="right") - 1]
        return rows


class Passages:
    """The tokens of one field of all rows, in order. Immutable."""

    def __init__(self, chunks: Mapping[int, PassageChunk]) -> None:
        self._chunks = chunks

    @classmethod
    def build(cls, rows: TokenNumbers, lengths: NDArray[np.int64], tokens: TokenNumbers) -> "Passages":
        """Build from ascending rows, their numbers of tokens, and all tokens with PASSAGE_END after each passage."""
        has_tokens = lengths > 0
        rows, lengths = rows[has_tokens], lengths[has_tokens]
        starts = np.cumsum(lengths) - lengths
        chunk_numbers, firsts = np.unique(rows >> CHUNK_BITS, return_index=True)
        ends = [*firsts.tolist()[1:], len(rows)][: len(firsts)]
        bounds = [*zip(firsts.tolist(), ends, strict=True)]
        edges = [*starts.tolist(), len(tokens)]
        chunks = (
            PassageChunk(rows[start:end], starts[start:end] - edges[start], tokens[edges[start] : edges[end]])
            for start, end in bounds
        )
        return cls(dict(zip(chunk_numbers.tolist(), chunks, strict=True)))

    def with_changes(self, texts: Mapping[int, TokenNumbers]) -> "Passages":
        """Return a copy with new texts for these rows; an empty text removes its row."""
        chunks = dict(self._chunks)
        texts_by_chunk: dict[int, dict[int, TokenNumbers]] = {}
        for row, tokens in texts.items():
            texts_by_chunk.setdefault(row >> CHUNK_BITS, {})[row] = tokens
        for number, chunk_texts in texts_by_chunk.items():
            chunks[number] = chunks.get(number, _EMPTY_CHUNK).with_changes(chunk_texts)
        return Passages(chunks)

    def get_tokens(self, row: int) -> TokenNumbers:
        """Return the tokens of a row, with PASSAGE_END after each passage; empty if it has none."""
        return self._chunks.get(row >> CHUNK_BITS, _EMPTY_CHUNK).get_tokens(row)

    def find_phrase(self, phrase: Sequence[int], rarest: int, candidate_rows: BitMap) -> BitMap:
        """Return the candidates that contain the phrase. Only chunks with candidates, which have all its tokens, are read."""
        rows = [
            self._chunks[number].find_phrase(phrase, rarest)
            for number in _iter_chunk_numbers(candidate_rows)
            if number in self._chunks
        ]
        return to_row_set(np.concatenate(rows)) & candidate_rows if rows else EMPTY_ROWS


_NO_TOKENS: TokenNumbers = np.empty(0, np.uint32)
_EMPTY_CHUNK = PassageChunk(_NO_TOKENS, np.empty(0, np.int64), _NO_TOKENS)


def _iter_chunk_numbers(rows: BitMap) -> Iterable[int]:
    row = rows.next_set_bit(0) if rows else None
    while row is not None:
        yield row >> CHUNK_BITS
        after = ((row >> CHUNK_BITS) + 1) << CHUNK_BITS
        row = rows.next_set_bit(after) if after <= rows.max() else None


TokensByRow = Mapping[int, TokenNumbers]  # the tokens of a field by row, with PASSAGE_END after each passage


class Postings:
    """One field of all rows. Immutable, and the sets it returns must not be changed."""

    def __init__(self, sets: list[BitMap | None], passages: Passages) -> None:
        self._sets = sets  # by token number; may be shorter than the lexicon
        self._passages = passages

    @classmethod
    def build(cls, rows: Sequence[int], lengths: Sequence[int], tokens: "array[int]", size: int) -> "Postings":
        """Build from ascending rows, their numbers of tokens, and all tokens with PASSAGE_END after each passage.

        `size` is the number of words in the lexicon.
        """
        row_numbers, counts = np.array(rows, np.uint32), np.array(lengths, np.int64)
        numbers = np.frombuffer(tokens, np.uint32) if len(tokens) else np.empty(0, np.uint32)
        return cls(_build_sets(np.repeat(row_numbers, counts), numbers, size), Passages.build(row_numbers, counts, numbers))

    def match_any(self, tokens: Iterable[int]) -> BitMap:
        """Return the rows that contain at least one of the tokens."""
        sets, size = self._sets, len(self._sets)
        return unite(rows for token in tokens if token < size and (rows := sets[token]))

    def match_phrase(self, tokens: Sequence[int], mask: BitMap | None = None) -> BitMap:
        """Return the rows that contain the tokens next to each other, in this order, in one passage.

        `mask` limits the rows before any of them is read; None means all rows.
        """
        rows_by_position = [self._get_rows(token) if mask is None else self._get_rows(token) & mask for token in tokens]
        if not all(rows_by_position):
            return EMPTY_ROWS
        candidate_rows = BitMap.intersection(*rows_by_position)
        if len(tokens) == 1 or not candidate_rows:
            return candidate_rows
        rarest = min(range(len(tokens)), key=lambda position: (len(rows_by_position[position]), position))
        return self._passages.find_phrase(tokens, rarest, candidate_rows)

    def with_changes(self, before: TokensByRow, after: TokensByRow) -> "Postings":
        """Return the postings with the texts of `before` replaced by those of `after`; a row may be in either or both."""
        rows = before.keys() | after.keys()
        changed = {row: after.get(row, _NO_TOKENS) for row in rows if not _is_same_text(before.get(row), after.get(row))}
        if not changed:
            return self
        sets, copies = self._sets.copy(), dict[int, BitMap]()
        for row in changed:
            old, new = _collect_tokens(before.get(row)), _collect_tokens(after.get(row))
            for token in old - new:
                self._copy_set_once(copies, token).discard(row)
            for token in new - old:
                self._copy_set_once(copies, token).add(row)
        sets += [None] * (max(copies, default=-1) + 1 - len(sets))
        for token, rows_with_token in copies.items():
            sets[token] = rows_with_token or None
        return Postings(sets, self._passages.with_changes(changed))

    def has_token(self, token: int, mask: BitMap | None) -> bool:
        """Whether a row contains the token. `mask` limits the rows; None means all rows."""
        rows = self._get_rows(token)
        return bool(rows) if mask is None else rows.intersect(mask)

    def mark_tokens(self, size: int, mask: BitMap | None) -> NDArray[np.bool_]:
        """Return for each of the first `size` tokens whether `has_token`."""
        sets = (rows if mask is None else rows and rows.intersect(mask) for rows in self._sets)
        marks = np.fromiter(map(bool, sets), np.bool_, len(self._sets))
        return np.concatenate((marks, np.zeros(size - len(marks), np.bool_)))

    def list_tokens(self, row: int) -> set[int]:
        """Return the tokens of a row."""
        return _collect_tokens(self._passages.get_tokens(row))

    def _get_rows(self, token: int) -> BitMap:
        return (self._sets[token] if token < len(self._sets) else None) or EMPTY_ROWS

    def _copy_set_once(self, copies: dict[int, BitMap], token: int) -> BitMap:
        if token not in copies:
            copies[token] = BitMap(self._get_rows(token))
        return copies[token]


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
