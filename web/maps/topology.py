"""Read TopoJSON: outlines that share their borders.

A topology has arcs, and each ring of a polygon is a list of references to arcs. A border between two areas is one arc that both
refer to, so simplifying arcs one by one never opens a gap between neighbors. The format: https://github.com/topojson/topojson-specification
(version 1.0.1). Only quantized topologies of polygons are read.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

Points: TypeAlias = NDArray[np.float64]  # one row for each point: longitude and latitude in degrees, or x and y on a plane
Ring: TypeAlias = tuple[int, ...]  # references to arcs: 3 is the fourth arc, ~3 the same arc backward

_POLYGON_DEPTHS = {"Polygon": 1, "MultiPolygon": 2}


class Arcs(NamedTuple):
    """The points of all arcs one after another. Arc `i` is `points[starts[i] : starts[i + 1]]`."""

    points: Points
    starts: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def get(self, reference: int) -> Points:
        """Return the points of an arc, backward if the reference is negative."""
        arc = reference if reference >= 0 else ~reference
        points = self.points[self.starts[arc] : self.starts[arc + 1]]
        return points if reference >= 0 else points[::-1]

    def join(self, ring: Ring) -> Points:
        """Return the points of a closed ring, the first not repeated at the end."""
        return np.concatenate([self.get(reference)[:-1] for reference in ring])

    def select(self, chosen: NDArray[np.bool_]) -> "Arcs":
        """Return the arcs without the points that are not chosen."""
        counts = np.concatenate(([0], np.cumsum(chosen)))
        return Arcs(self.points[chosen], counts[self.starts])


class Topology(NamedTuple):
    """`rings` are those of each object by the ids of its areas, holes included."""

    arcs: Arcs
    rings: Mapping[str, Mapping[str, tuple[Ring, ...]]]


def read_topology(path: Path) -> Topology:
    """Read a file. Areas without an id are left out. Raises KeyError or ValueError if it is not a quantized topology."""
    return decode_topology(path.read_bytes())


def decode_topology(content: bytes) -> Topology:
    document = msgspec.json.decode(content)
    return Topology(
        _decode_arcs(document["arcs"], document["transform"]),
        {name: _collect_rings(value.get("geometries", ())) for name, value in document["objects"].items()},
    )


def _decode_arcs(arcs: list[list[list[int]]], transform: Mapping[str, list[float]]) -> Arcs:
    """Return the arcs in degrees. In the file, each point is a difference from the one before it, in steps of the scale."""
    starts = np.concatenate(([0], np.cumsum([len(arc) for arc in arcs], dtype=np.intp)))
    steps = np.array(list(chain.from_iterable(chain.from_iterable(arcs))), dtype=np.int64).reshape(-1, 2)
    totals = np.cumsum(steps, axis=0)
    offsets = np.concatenate((np.zeros((1, 2), dtype=np.int64), totals))[starts[:-1]]  # totals before each arc
    positions = totals - np.repeat(offsets, np.diff(starts), axis=0)
    return Arcs(positions * np.array(transform["scale"]) + np.array(transform["translate"]), starts)


def _collect_rings(geometries: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Ring, ...]]:
    areas: dict[str, tuple[Ring, ...]] = {}
    for geometry in geometries:
        if "id" in geometry and geometry.get("type") in _POLYGON_DEPTHS:
            polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
            areas[geometry["id"]] = tuple(tuple(ring) for polygon in polygons for ring in polygon)
    return areas


def find_outer_arcs(areas: Iterable[tuple[Ring, ...]]) -> list[int]:
    """Return the arcs around a group of areas: those that only one of them has."""
    counts = Counter(reference if reference >= 0 else ~reference for rings in areas for ring in rings for reference in ring)
    return [arc for arc, count in counts.items() if count == 1]
