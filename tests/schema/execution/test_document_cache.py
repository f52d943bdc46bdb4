"""What was prepared is kept, but not without end."""

from schema.execution.document_cache import MIN_WEIGHT, DocumentCache


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept: DocumentCache[int] = DocumentCache(3 * MIN_WEIGHT)
    for number, text in enumerate("abc"):
        kept.store(text, number)
    assert kept.get("a") == 0
    kept.store("d", 3)
    assert [text for text in "abcd" if text in kept] == ["a", "c", "d"]


def test_long_texts_count_for_their_length() -> None:
    kept: DocumentCache[int] = DocumentCache(3 * MIN_WEIGHT)
    kept.store("a", 1)
    kept.store("b", 2)
    kept.store("c" * 2 * MIN_WEIGHT, 3)
    assert ("a" in kept, len(kept)) == (False, 2)


def test_a_text_is_kept_once_and_weighs_once() -> None:
    kept: DocumentCache[int] = DocumentCache(2 * MIN_WEIGHT)
    for _ in range(10):
        kept.store("a", 1)
    kept.store("b", 2)
    assert (len(kept), kept.get("a")) == (2, 1)


def test_one_is_kept_however_long_it_is() -> None:
    kept: DocumentCache[int] = DocumentCache(MIN_WEIGHT)
    kept.store("a" * 10 * MIN_WEIGHT, 1)
    assert len(kept) == 1
    kept.clear()
    assert (len(kept), kept.get("a")) == (0, None)


def test_whatever_was_cleared_weighs_nothing() -> None:
    kept: DocumentCache[int] = DocumentCache(2 * MIN_WEIGHT)
    for texts in ("ab", "cd"):
        for text in texts:
            kept.store(text, 1)
        assert len(kept) == 2
        kept.clear()
