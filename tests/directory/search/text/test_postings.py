from array import array

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from directory.search.text.postings import CHUNK_BITS, PASSAGE_END, Postings, TokenNumbers

ROWS = st.sampled_from([0, 1, 2, 7, (1 << CHUNK_BITS) - 1, 1 << CHUNK_BITS, 5 << CHUNK_BITS])
TEXTS = st.dictionaries(ROWS, st.lists(st.lists(st.integers(0, 3), max_size=5), max_size=3))
PHRASES = st.lists(st.integers(0, 5), min_size=1, max_size=4)


def numbers(passages: list[list[int]]) -> TokenNumbers:
    return np.array([token for passage in passages for token in (*passage, PASSAGE_END)], np.uint32)


def build(texts: dict[int, list[list[int]]]) -> Postings:
    rows = sorted(texts)
    columns = [numbers(texts[row]) for row in rows]
    tokens = array("I", b"".join(column.tobytes() for column in columns))
    return Postings.build(rows, [len(column) for column in columns], tokens, 4)


def find_rows(phrase: list[int], texts: dict[int, list[list[int]]]) -> list[int]:
    return [row for row, passages in sorted(texts.items()) if any(_contains(phrase, passage) for passage in passages)]


def _contains(phrase: list[int], passage: list[int]) -> bool:
    return any(passage[at : at + len(phrase)] == phrase for at in range(len(passage)))


@given(TEXTS, PHRASES)
def test_a_phrase_matches_within_one_passage(texts: dict[int, list[list[int]]], phrase: list[int]) -> None:
    assert list(build(texts).match_phrase(phrase)) == find_rows(phrase, texts)


@given(TEXTS, TEXTS, PHRASES)
def test_a_change_gives_the_same_postings_as_a_rebuild(
    texts: dict[int, list[list[int]]], edits: dict[int, list[list[int]]], phrase: list[int]
) -> None:
    old = build(texts)
    before = {row: numbers(texts[row]) for row in edits if row in texts}
    after = {row: numbers(passages) for row, passages in edits.items() if passages}
    new = old.with_changes(before, after)
    assert list(new.match_phrase(phrase)) == find_rows(phrase, {**texts, **edits})
    for token in range(5):
        assert new.match_any([token]) == build({**texts, **edits}).match_any([token])
    assert list(old.match_phrase(phrase)) == find_rows(phrase, texts)


def test_empty_postings_match_nothing() -> None:
    assert not build({}).match_phrase([0, 1])
    assert not build({}).match_any([0, 7])
