"""The cache of prepared documents and whole answers drops the least recently used ones when it is full."""

from schema.execution.byte_cache import ByteCache


def test_the_least_recently_used_value_is_dropped_first() -> None:
    cache: ByteCache[int] = ByteCache(3)
    for number, key in enumerate("abc"):
        cache.store(key, number, 1)
    assert cache.get("a") == 0
    cache.store("d", 3, 1)
    assert [key for key in "abcd" if key in cache] == ["a", "c", "d"]


def test_large_values_count_for_their_size() -> None:
    cache: ByteCache[int] = ByteCache(3)
    cache.store("a", 1, 1)
    cache.store("b", 2, 1)
    cache.store("c", 3, 2)
    assert ("a" in cache, len(cache), cache.bytes) == (False, 2, 3)


def test_a_value_that_is_stored_again_counts_with_its_new_size() -> None:
    cache: ByteCache[int] = ByteCache(4)
    for size in (1, 3, 2):
        cache.store("a", size, size)
    cache.store("b", 2, 2)
    assert (len(cache), cache.get("a"), cache.bytes) == (2, 2, 4)


def test_the_last_value_stays_however_large_it_is() -> None:
    cache: ByteCache[int] = ByteCache(1)
    cache.store("a", 1, 10)
    assert len(cache) == 1
    cache.clear()
    assert (len(cache), cache.get("a"), cache.bytes) == (0, None, 0)
