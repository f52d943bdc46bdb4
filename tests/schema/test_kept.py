"""What was prepared is kept, but not without end."""

from schema.kept import SMALLEST, Kept


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept: Kept[int] = Kept(3 * SMALLEST)
    for number, text in enumerate("abc"):
        kept.keep(text, number)
    assert kept.get("a") == 0
    kept.keep("d", 3)
    assert [text for text in "abcd" if text in kept] == ["a", "c", "d"]


def test_long_texts_count_for_their_length() -> None:
    kept: Kept[int] = Kept(3 * SMALLEST)
    kept.keep("a", 1)
    kept.keep("b", 2)
    kept.keep("c" * 2 * SMALLEST, 3)
    assert ("a" in kept, len(kept)) == (False, 2)


def test_a_text_is_kept_once_and_weighs_once() -> None:
    kept: Kept[int] = Kept(2 * SMALLEST)
    for _ in range(10):
        kept.keep("a", 1)
    kept.keep("b", 2)
    assert (len(kept), kept.get("a")) == (2, 1)


def test_one_is_kept_however_long_it_is() -> None:
    kept: Kept[int] = Kept(SMALLEST)
    kept.keep("a" * 10 * SMALLEST, 1)
    assert len(kept) == 1
    kept.clear()
    assert (len(kept), kept.get("a")) == (0, None)


def test_whatever_was_cleared_weighs_nothing() -> None:
    kept: Kept[int] = Kept(2 * SMALLEST)
    for texts in ("ab", "cd"):
        for text in texts:
            kept.keep(text, 1)
        assert len(kept) == 2
        kept.clear()
