"""States or counties as outlines on the plane of the map."""

from collections.abc import Collection, Mapping

import numpy as np
from msgspec import Struct

from web.maps.outlines import simplify
from web.maps.projection import INSETS, MAINLAND, Inset
from web.maps.topology import Arcs, Points, Ring, find_outer_arcs

STATE_CODE_LENGTH = 5  # "US-GA"; a county is "US-GA-121"


class Areas(Struct, frozen=True):
    """`rings` are the outlines of each area by its region code, as references to arcs."""

    arcs: Arcs
    rings: Mapping[str, tuple[Ring, ...]]

    def list_polygons(self, code: str) -> list[Points]:
        """Return the rings of an area as points."""
        return [self.arcs.join(ring) for ring in self.rings[code]]

    def list_borders(self, codes: Collection[str]) -> list[Points]:
        """Return the lines around a group of areas, without the borders between them."""
        return [self.arcs.get(arc) for arc in find_outer_arcs(self.rings[code] for code in codes)]

    def select(self, codes: Collection[str]) -> "Areas":
        """Return only these areas, with only the arcs that they need."""
        numbers = {arc: number for number, arc in enumerate(self._find_arcs(codes))}
        parts = [self.arcs.get(arc) for arc in numbers]
        starts = np.cumsum([0, *map(len, parts)])
        rings = {code: tuple(_renumber(ring, numbers) for ring in self.rings[code]) for code in codes}
        return Areas(Arcs(np.concatenate(parts), starts), rings)

    def project(self) -> "Areas":
        """Return the areas on the plane, in kilometers, each in its inset."""
        points = MAINLAND.project(self.arcs.points)
        for inset in INSETS[1:]:
            chosen = self._find_points(inset)
            points[chosen] = inset.project(self.arcs.points[chosen])
        return Areas(Arcs(points, self.arcs.starts), self.rings)

    def move(self, origin: tuple[float, float], unit: float) -> "Areas":
        """Return the areas on a grid. `origin` is the point of the plane at its zero, `unit` the kilometers of one step."""
        return Areas(Arcs((self.arcs.points - np.array(origin)) / unit, self.arcs.starts), self.rings)

    def simplify(self, min_area: float) -> "Areas":
        return Areas(simplify(self.arcs, min_area), self.rings)

    def _find_arcs(self, codes: Collection[str]) -> list[int]:
        references = (reference for code in codes for ring in self.rings[code] for reference in ring)
        return sorted({reference if reference >= 0 else ~reference for reference in references})

    def _find_points(self, inset: Inset) -> Points:
        """Return the positions of all points of the areas in an inset."""
        codes = [code for code in self.rings if code[:STATE_CODE_LENGTH] in inset.states]
        starts = self.arcs.starts
        ranges = [np.arange(starts[arc], starts[arc + 1]) for arc in self._find_arcs(codes)]
        return np.concatenate(ranges) if ranges else np.array([], dtype=int)


def _renumber(ring: Ring, numbers: Mapping[int, int]) -> Ring:
    return tuple(numbers[reference] if reference >= 0 else ~numbers[~reference] for reference in ring)
