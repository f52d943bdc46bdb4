from random import Random

import numpy as np

from directory.search.grid import GRID_BITS, compute_cell_codes, find_cell_ranges


def test_the_cells_inside_a_coarser_cell_have_successive_codes() -> None:
    latitudes, longitudes = np.array([10.0, 10.001, -10.0, 10.0, -10.0]), np.array([20.0, 20.001, 20.0, -20.0, -20.0])
    quarters = compute_cell_codes(latitudes, longitudes) >> np.uint64(2 * (GRID_BITS - 1))
    assert quarters.tolist() == [3, 3, 1, 2, 0]  # north-east, south-east, north-west and south-west


def test_points_at_the_edges_of_the_world_are_in_a_cell() -> None:
    latitudes, longitudes = (grid.ravel() for grid in np.meshgrid([-90.0, 0.0, 90.0], [-180.0, 0.0, 180.0]))
    codes = compute_cell_codes(latitudes, longitudes)
    assert len(set(codes.tolist())) == 9
    assert codes.max() < 1 << (2 * GRID_BITS)


def test_few_ranges_cover_an_area_and_not_much_around_it() -> None:
    rng = Random(3)  # noqa: S311
    for _ in range(200):
        south, west, size = rng.uniform(-80, 70), rng.uniform(-170, 160), 10 ** rng.uniform(-5, 1)
        ranges = find_cell_ranges(south, west, south + size, west + size)
        assert 1 <= len(ranges) <= 25
        assert ranges == sorted(ranges)
        corners = compute_cell_codes(np.array([south, south + size]), np.array([west, west + size])).tolist()
        assert all(any(start <= code < end for start, end in ranges) for code in corners)
        outside = compute_cell_codes(np.array([south, south + 3 * size]), np.array([west + 3 * size, west])).tolist()
        assert not any(start <= code < end for start, end in ranges for code in outside)
