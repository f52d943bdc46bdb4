import numpy as np
import pytest
from pyroaring import BitMap

from directory.search.text.postings import CHUNK_BITS, PASSAGE_END, Passages

FAR = 3 << CHUNK_BITS
TOKENS = np.array([1, 2, PASSAGE_END, 3, PASSAGE_END, 2, 1, 2, 3, PASSAGE_END], np.uint32)
PASSAGES = Passages.build(np.array([4, 5, FAR], np.uint32), np.array([5, 0, 5]), TOKENS)  # row 5 has no text
EVERYWHERE = BitMap([4, 5, FAR])


@pytest.mark.parametrize("rarest", [0, 1])
def test_a_phrase_is_found_whichever_token_is_rarest(rarest: int) -> None:
    assert list(PASSAGES.find_phrase([1, 2], rarest, EVERYWHERE)) == [4, FAR]
    assert list(PASSAGES.find_phrase([2, 3], rarest, EVERYWHERE)) == [FAR]
    assert list(PASSAGES.find_phrase([3, 2], rarest, EVERYWHERE)) == []


def test_only_the_chunks_of_the_rows_asked_for_are_read() -> None:
    assert list(PASSAGES.find_phrase([1, 2], 0, BitMap([4]))) == [4]
    assert list(PASSAGES.find_phrase([1, 2], 0, BitMap())) == []
    assert list(PASSAGES.find_phrase([1, 2], 0, BitMap([9 << CHUNK_BITS]))) == []


def test_a_change_removes_and_adds_rows() -> None:
    changed = PASSAGES.with_changes({4: np.empty(0, np.uint32), 9 << CHUNK_BITS: np.array([1, 2, PASSAGE_END], np.uint32)})
    assert list(changed.find_phrase([1, 2], 0, BitMap([4, FAR, 9 << CHUNK_BITS]))) == [FAR, 9 << CHUNK_BITS]
    assert list(PASSAGES.find_phrase([1, 2], 0, EVERYWHERE)) == [4, FAR]
