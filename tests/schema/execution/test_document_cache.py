"""The cache of prepared documents drops the least recently used ones when it is full."""

from schema.execution.document_cache import MIN_WEIGHT, DocumentCache


def test_the_least_recently_used_document_is_dropped_first() -> None:
    cache: DocumentCache[int] = DocumentCache(3 * MIN_WEIGHT)
    for number, text in enumerate("abc"):
        cache.store(text, number)
    assert cache.get("a") == 0
    cache.store("d", 3)
    assert [text for text in "abcd" if text in cache] == ["a", "c", "d"]


def test_long_texts_count_for_their_length() -> None:
    cache: DocumentCache[int] = DocumentCache(3 * MIN_WEIGHT)
    cache.store("a", 1)
    cache.store("b", 2)
    cache.store("c" * 2 * MIN_WEIGHT, 3)
    assert ("a" in cache, len(cache)) == (False, 2)


def test_a_text_is_stored_and_counted_once() -> None:
    cache: DocumentCache[int] = DocumentCache(2 * MIN_WEIGHT)
    for _ in range(10):
        cache.store("a", 1)
    cache.store("b", 2)
    assert (len(cache), cache.get("a")) == (2, 1)


def test_the_last_document_stays_however_long_it_is() -> None:
    cache: DocumentCache[int] = DocumentCache(MIN_WEIGHT)
    cache.store("a" * 10 * MIN_WEIGHT, 1)
    assert len(cache) == 1
    cache.clear()
    assert (len(cache), cache.get("a")) == (0, None)


def test_a_cleared_cache_has_room_again() -> None:
    cache: DocumentCache[int] = DocumentCache(2 * MIN_WEIGHT)
    for texts in ("ab", "cd"):
        for text in texts:
            cache.store(text, 1)
        assert len(cache) == 2
        cache.clear()
