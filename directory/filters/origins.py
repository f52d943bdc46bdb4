"""Origins of distances: from what a person or an address says to a Near, in one place for every door."""

import re
from collections.abc import Callable
from typing import TypeAlias

from directory.errors import UnknownPlace
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Point
from directory.question import Near

COORDINATE_DECIMALS = 4  # of a degree, about 10 m: enough for an origin, and short in an address
ORGANIZATION_PREFIX = "organization:"  # before an organization's id

OriginLookup: TypeAlias = Callable[[str], tuple[Point, str] | None]
"""From an organization's id to its first published point and its name; None when there is none to be seen."""

_COORDINATES = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*", re.ASCII)


def resolve_near(text: str, radius_km: float | None = None, find_origin: OriginLookup | None = None) -> Near:
    """The Near of a place's id ("city:US-GA:atlanta"), "organization:<id>", "33.75,-84.39" or words ("Atlanta, GA", "30312").

    Its `said` is the shortest form that leads here again; coordinates are rounded to four decimals. Organizations are known
    through `origin_of` alone. UnknownPlace, AmbiguousPlace; BadInput for coordinates or a radius that cannot be.
    """
    coordinates = _COORDINATES.fullmatch(text)
    if coordinates:
        return near_point(Point(float(coordinates[1]), float(coordinates[2])), radius_km)
    if text.startswith(ORGANIZATION_PREFIX):
        return _resolve_organization(text, radius_km, find_origin)
    place = get_gazetteer().get_place(text) or get_gazetteer().resolve(text)
    return Near(place.point, radius_km, place.id, place.name)


def near_point(point: Point, radius_km: float | None = None) -> Near:
    """The Near of a point, rounded to four decimals."""
    latitude, longitude = (round(degrees, COORDINATE_DECIMALS) + 0.0 for degrees in (point.latitude, point.longitude))
    said = f"{_format_degrees(latitude)},{_format_degrees(longitude)}"
    return Near(Point(latitude, longitude), radius_km, said, said.replace(",", ", "))


def _format_degrees(degrees: float) -> str:
    return f"{degrees:.{COORDINATE_DECIMALS}f}".rstrip("0").rstrip(".")


def _resolve_organization(text: str, radius_km: float | None, find_origin: OriginLookup | None) -> Near:
    # whether it is absent, hidden or without a published point is not told
    found = find_origin(text.removeprefix(ORGANIZATION_PREFIX)) if find_origin else None
    if found is None:
        raise UnknownPlace("No published place of such an organization is known. Name another place.", value=text, suggestions=[])
    point, name = found
    return Near(point, radius_km, text, name)
