"""Where words stand: the token numbers of one field, row by row, to find words that stand together."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from pyroaring import BitMap

Numbers = NDArray[np.uint32]

END = 0xFFFFFFFF  # stands behind each passage, so that no phrase runs over it
CHUNK_BITS = 10  # an edit copies the 1,024 rows around it, and nothing else


class Chunk(Struct, frozen=True):
    """The rows of one stretch, ascending, where each begins in `tokens`, and their tokens."""

    rows: Numbers
    starts: NDArray[np.int64]
    tokens: Numbers

    @classmethod
    def of(cls, texts: Mapping[int, Numbers]) -> "Chunk":
        rows = sorted(row for row, tokens in texts.items() if len(tokens))
        lengths = np.array([len(texts[row]) for row in rows], np.int64)
        tokens = np.concatenate([texts[row] for row in rows]) if rows else np.empty(0, np.uint32)
        return cls(np.array(rows, np.uint32), np.cumsum(lengths) - lengths, tokens)

    def changed(self, texts: Mapping[int, Numbers]) -> "Chunk":
        """With these rows' texts in the place of what they were; an empty one takes its row out."""
        own = dict(zip(self.rows.tolist(), np.split(self.tokens, self.starts[1:]), strict=True)) if len(self.rows) else {}
        return Chunk.of({**own, **texts})

    def together(self, phrase: Sequence[int], rarest: int) -> Numbers:
        """The rows in which the phrase stands; `rarest` is the position of its rarest token, which is looked for first."""
        at = np.flatnonzero(self.tokens == phrase[rarest]) - rarest
        at = at[(at >= 0) & (at + len(phrase) <= len(self.tokens))]
        for offset, token in enumerate(phrase):
            at = at[self.tokens[at + offset] == token] if offset != rarest else at
        found: Numbers = self.rows[np.searchsorted(self.starts, at, side="right") - 1]
        return found


class Passages:
    """One field of all rows. Immutable."""

    def __init__(self, chunks: Mapping[int, Chunk]) -> None:
        self._chunks = chunks

    @classmethod
    def of(cls, rows: Numbers, lengths: NDArray[np.int64], tokens: Numbers) -> "Passages":
        """`rows` ascend; each has as many of the tokens as its length says, END behind each passage."""
        kept = lengths > 0
        rows, lengths = rows[kept], lengths[kept]
        starts = np.cumsum(lengths) - lengths
        stretches, firsts = np.unique(rows >> CHUNK_BITS, return_index=True)
        ends = [*firsts.tolist()[1:], len(rows)][: len(firsts)]
        bounds = [*zip(firsts.tolist(), ends, strict=True)]
        edges = [*starts.tolist(), len(tokens)]
        chunks = (Chunk(rows[a:b], starts[a:b] - edges[a], tokens[edges[a] : edges[b]]) for a, b in bounds)
        return cls(dict(zip(stretches.tolist(), chunks, strict=True)))

    def changed(self, texts: Mapping[int, Numbers]) -> "Passages":
        """With these rows' texts in the place of what they were; an empty one takes its row out."""
        chunks = dict(self._chunks)
        stretches: dict[int, dict[int, Numbers]] = {}
        for row, tokens in texts.items():
            stretches.setdefault(row >> CHUNK_BITS, {})[row] = tokens
        for stretch, own in stretches.items():
            chunks[stretch] = chunks[stretch].changed(own) if stretch in chunks else Chunk.of(own)
        return Passages(chunks)

    def together(self, phrase: Sequence[int], rarest: int, among: BitMap) -> BitMap:
        """The rows, of those `among` which have all the tokens, in which the phrase stands."""
        found = [self._chunks[stretch].together(phrase, rarest) for stretch in _stretches(among) if stretch in self._chunks]
        return BitMap(np.concatenate(found).tolist()) if found else BitMap()


def _stretches(rows: BitMap) -> Iterable[int]:
    row = rows.next_set_bit(0) if rows else None
    while row is not None:
        yield row >> CHUNK_BITS
        after = ((row >> CHUNK_BITS) + 1) << CHUNK_BITS
        row = rows.next_set_bit(after) if after <= rows.max() else None
