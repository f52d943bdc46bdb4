"""Where a number fits inside an outline."""

import numpy as np
import pytest

from tests.web.maps.built_outlines import needs_outlines
from web.maps.area_map import load_state_map
from web.maps.label_spots import CHARACTER_WIDTH, TEXT_HEIGHT, find_label_spot, measure_clearance
from web.maps.side_labels import SIDE_LABELS

WIDE = np.array([[0.0, 0], [60, 0], [60, 20], [0, 20]])
HOOK = np.array([[0.0, 0], [100, 0], [100, 10], [40, 10], [40, 60], [0, 60]])  # the middle of its box is outside


def test_the_clearance_is_the_distance_to_the_border() -> None:
    spots = np.array([[30.0, 10], [5, 10], [30, 30], [-3, 10]])
    assert measure_clearance(spots, WIDE).tolist() == [10, 5, -10, -3]


def test_the_clearance_of_a_wide_ellipse_counts_its_width_in_its_own_measure() -> None:
    assert measure_clearance(np.array([[15.0, 10]]), WIDE, shape=3.0).tolist() == [5]


@pytest.mark.parametrize("ring", [WIDE, HOOK, HOOK[::-1]])
def test_the_spot_is_inside_with_the_most_room(ring: np.ndarray) -> None:
    spot = find_label_spot(ring)
    assert measure_clearance(np.array([[spot.x, spot.y]]), ring)[0] > 0
    assert list(spot.sizes) == sorted(spot.sizes, reverse=True)


def test_a_number_of_the_largest_size_touches_the_border() -> None:
    spot = find_label_spot(WIDE)
    assert (spot.x, spot.y) == pytest.approx((30, 10), abs=1)
    assert spot.get_size(1) * TEXT_HEIGHT == pytest.approx(20 / 0.9, rel=0.1)
    assert spot.get_size(9) == spot.get_size(4)
    assert 4 * CHARACTER_WIDTH * spot.get_size(4) <= 60 / 0.9 + 1


@needs_outlines
def test_every_state_has_its_label_inside_or_beside_the_map() -> None:
    states = load_state_map()
    assert states
    for code, shape in states.shapes.items():
        if shape.path:
            assert measure_clearance(np.array([[shape.spot.x, shape.spot.y]]), shape.ring)[0] > 0, code
        else:
            assert shape.side_label == SIDE_LABELS[code]
