"""The marks of a map."""

from msgspec import Struct

from directory.geo import Box, Point, Precision
from directory.records import Organization
from directory.search.published_points import PublishedPoints
from directory.search.rows import Rows


class MapMark(Struct, frozen=True, gc=False):
    """A cluster of points. `organization` is None for several organizations."""

    point: Point  # the mean of the points
    count: int  # organizations
    organization: Organization | None
    edges: tuple[float, float, float, float] | None = None  # south, west, north and east; None for a single point

    @property
    def bounds(self) -> Box:
        """The box around the points."""
        point = self.point
        return Box(*(self.edges or (point.latitude, point.longitude, point.latitude, point.longitude)))

    @property
    def precision(self) -> Precision | None:
        """The precision of the single organization's location, the coarsest of several; None for several organizations."""
        if self.organization is None:
            return None
        bounds = self.bounds
        locations = (location for location in self.organization.locations if location.point and location.point in bounds)
        return max((location.precision for location in locations), key=lambda precision: precision.coarseness)


class PointMark(MapMark, frozen=True, gc=False):
    """The mark of a single published point. All maps of an index that show the point alone share it."""


def build_point_mark(points: PublishedPoints, rows: Rows, position: int) -> PointMark:
    """Return the mark of a single published point. It shares the point with the record."""
    organization = rows[int(points.rows[position])]
    own_points = organization.points
    if len(own_points) == 1:
        return PointMark(own_points[0], 1, organization)
    place = points.latitudes[position], points.longitudes[position]
    return PointMark(next(point for point in own_points if (point.latitude, point.longitude) == place), 1, organization)
