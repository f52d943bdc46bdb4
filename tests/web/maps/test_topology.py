"""Decoding of TopoJSON, against a topology that was written by hand."""

import msgspec
import numpy as np
import pytest

from web.maps.topology import Topology, decode_topology, find_outer_arcs

# Two squares side by side, three and two degrees wide, with one border. The western one has a hole, the eastern one an island:
#
#   a at (10, 40) ... b at (13, 40) ... c at (15, 40)
#   :   [hole]        :                 :
#   f at (10, 38) ... e at (13, 38) ... d at (15, 38)
SQUARES = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.25], "translate": [10, 38]},
    "arcs": [
        [[6, 8], [0, -8]],  # 0: from b to e, the border
        [[6, 0], [-6, 0], [0, 8], [6, 0]],  # 1: from e to f, a and b
        [[6, 8], [4, 0], [0, -8], [-4, 0]],  # 2: from b to c, d and e
        [[1, 1], [0, 2], [2, 0], [0, -2], [-2, 0]],  # 3: the hole
        [[20, 20], [1, 0], [0, 1], [-1, -1]],  # 4: the island
    ],
    "objects": {
        "states": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "01", "arcs": [[0, 1], [3]]},
                {"type": "MultiPolygon", "id": "02", "arcs": [[[2, -1]], [[4]]]},
                {"type": "Polygon", "arcs": [[4]]},
                {"type": None, "id": "03"},
            ],
        },
        "nation": {"type": "MultiPolygon", "arcs": [[[2, 1]], [[4]]]},
    },
}


@pytest.fixture(scope="module")
def squares() -> Topology:
    return decode_topology(msgspec.json.encode(SQUARES))


def test_points_are_sums_of_differences_scaled_and_moved(squares: Topology) -> None:
    assert squares.arcs.get(0).tolist() == [[13, 40], [13, 38]]
    assert squares.arcs.get(1).tolist() == [[13, 38], [10, 38], [10, 40], [13, 40]]
    assert squares.arcs.get(3).tolist() == [[10.5, 38.25], [10.5, 38.75], [11.5, 38.75], [11.5, 38.25], [10.5, 38.25]]
    assert len(squares.arcs) == 5


def test_a_negative_reference_is_an_arc_backward(squares: Topology) -> None:
    assert squares.arcs.get(~0).tolist() == [[13, 38], [13, 40]]
    assert squares.arcs.get(~1).tolist() == squares.arcs.get(1)[::-1].tolist()


def test_areas_have_all_their_rings_and_those_without_an_id_are_left_out(squares: Topology) -> None:
    assert squares.rings["states"] == {"01": ((0, 1), (3,)), "02": ((2, -1), (4,))}
    assert squares.rings["nation"] == {}


def test_a_ring_is_joined_from_arcs_without_repeated_points(squares: Topology) -> None:
    assert squares.arcs.join((0, 1)).tolist() == [[13, 40], [13, 38], [10, 38], [10, 40]]
    assert squares.arcs.join((2, -1)).tolist() == [[13, 40], [15, 40], [15, 38], [13, 38]]


def test_the_outline_of_a_group_has_no_borders_inside(squares: Topology) -> None:
    rings = squares.rings["states"]
    assert find_outer_arcs([rings["01"], rings["02"]]) == [1, 3, 2, 4]
    assert find_outer_arcs([rings["01"]]) == [0, 1, 3]
    assert find_outer_arcs([]) == []


def test_points_can_be_left_out(squares: Topology) -> None:
    chosen = np.ones(len(squares.arcs.points), dtype=bool)
    chosen[3] = False  # the second point of arc 1
    smaller = squares.arcs.select(chosen)
    assert smaller.get(1).tolist() == [[13, 38], [10, 40], [13, 40]]
    assert smaller.get(0).tolist() == squares.arcs.get(0).tolist()
    assert smaller.get(4).tolist() == squares.arcs.get(4).tolist()


def test_a_file_without_quantization_is_refused() -> None:
    document = {key: value for key, value in SQUARES.items() if key != "transform"}
    with pytest.raises(KeyError):
        decode_topology(msgspec.json.encode(document))
