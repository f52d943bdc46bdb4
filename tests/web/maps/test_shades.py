"""Classes of counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.maps.shades import LIMITS, Shades


@pytest.mark.parametrize(
    ("counts", "limits"),
    [
        ([], (1, 2, 3, 5, 7)),
        ([0, 1, 12], (1, 2, 3, 5, 7)),
        ([1, 23], (1, 2, 3, 5, 7)),
        ([1, 24], (1, 3, 6, 10, 20)),
        ([0, 2, 900], (1, 50, 100, 250, 500)),
        ([10, 14], (1, 11, 12, 14, 16)),  # every area has at least 10
        ([0, 10, 14], (1, 2, 3, 5, 7)),
    ],
)
def test_limits_suit_the_counts(counts: list[int], limits: tuple[int, ...]) -> None:
    assert Shades.choose(counts).limits == limits


def test_the_classes_of_the_design() -> None:
    names = [Shades.choose([0, 7]).find_name(count) for count in range(9)]
    assert names == ["s0", "s1", "s2", "s3", "s3", "s4", "s4", "s5", "s5"]


@given(st.lists(st.integers(0, 20_000), max_size=60))
def test_the_legend_says_the_class_of_every_count(counts: list[int]) -> None:
    shades = Shades.choose(counts)
    classes = shades.list_classes()
    assert [each.first for each in classes[1:]] == [(each.last or 0) + 1 for each in classes[:-1]]
    for count in counts:
        (found,) = (each for each in classes if each.first <= count and (each.last is None or count <= each.last))
        assert found.name == shades.find_name(count)


def test_limits_are_ordered() -> None:
    assert all(limits[0] == 1 and list(limits) == sorted(set(limits)) for limits in LIMITS)
    assert [limits[-1] for limits in LIMITS] == sorted(limits[-1] for limits in LIMITS)
