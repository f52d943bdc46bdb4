"""A chunked list changes like a list, and its earlier versions stay as they were."""

from random import Random

import pytest

from directory.search.chunked_list import CHUNK_LENGTH, ChunkedList


@pytest.mark.parametrize("length", [0, 1, CHUNK_LENGTH - 1, CHUNK_LENGTH, 3 * CHUNK_LENGTH + 7])
def test_changes_are_the_same_as_those_of_a_list(length: int) -> None:
    rng = Random(length)  # noqa: S311
    expected = list(range(length))
    chunked = ChunkedList.build(expected)
    for _ in range(20):
        before, unchanged = chunked, list(expected)
        changes = {rng.randrange(len(expected)): rng.random() for _ in range(rng.randrange(3)) if expected}
        more = [rng.random() for _ in range(rng.choice((0, 1, 5, CHUNK_LENGTH + 1)))]
        chunked = chunked.with_changes(changes, more)  # type: ignore[arg-type]
        for position, entry in changes.items():
            expected[position] = entry  # type: ignore[call-overload]
        expected += more  # type: ignore[arg-type]
        assert list(chunked) == expected
        assert [chunked[position] for position in range(len(chunked))] == expected
        assert chunked.select(range(len(chunked))) == expected
        assert list(before) == unchanged


def test_unchanged_chunks_are_shared() -> None:
    chunked = ChunkedList.build(list(range(3 * CHUNK_LENGTH)))
    changed = chunked.with_changes({CHUNK_LENGTH: -1}, [7])
    assert [one is other for one, other in zip(chunked._chunks, changed._chunks, strict=False)] == [True, False, True]
    assert chunked.with_changes({}) is chunked


def test_a_position_past_the_end_is_refused() -> None:
    with pytest.raises(IndexError):
        ChunkedList.build([1, 2])[2]
