"""A layered map behaves like a dict that is copied and changed."""

from hypothesis import given
from hypothesis import strategies as st

from directory.search import layered_map
from directory.search.layered_map import LayeredMap

KEYS = st.integers(0, 12)
STEPS = st.lists(st.tuples(st.lists(KEYS, max_size=3), st.dictionaries(KEYS, st.integers(), max_size=3)), max_size=12)


@given(st.dictionaries(KEYS, st.integers()), STEPS)
def test_a_map_equals_a_changed_dict(base: dict[int, int], steps: list[tuple[list[int], dict[int, int]]]) -> None:
    expected, actual = dict(base), LayeredMap(base)
    for removed, added in steps:
        earlier, earlier_items = actual, dict(actual)
        expected = {key: value for key, value in expected.items() if key not in removed} | added
        actual = actual.with_changes(removed, added)
        assert dict(earlier) == earlier_items
        assert (dict(actual), len(actual)) == (expected, len(expected))
        assert [actual.find(key) for key in range(13)] == [expected.get(key) for key in range(13)]
        assert [key in actual for key in range(13)] == [key in expected for key in range(13)]


def test_many_changes_become_a_new_base() -> None:
    changed = LayeredMap({-1: 0}).with_changes([-1], {number: number for number in range(layered_map.MAX_CHANGES)})
    assert changed._changes == {}
    assert dict(changed) == {number: number for number in range(layered_map.MAX_CHANGES)}
    few = LayeredMap({-1: 0}).with_changes([-1], {0: 0})
    assert few._base == {-1: 0}
