"""Origins of distances: from what a person or an address says to a Near, in one place for every door."""

import re
from collections.abc import Callable
from typing import TypeAlias

from directory.errors import UnknownPlace
from directory.gazetteer import gazetteer
from directory.geo import Point
from directory.question import Near

COORDINATE_DECIMALS = 4  # of a degree, about 10 m: enough for an origin, and short in an address
ORGANIZATION = "organization:"  # before an organization's id

OriginOf: TypeAlias = Callable[[str], tuple[Point, str] | None]
"""From an organization's id to its first published point and its name; None when there is none to be seen."""

_COORDINATES = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*", re.ASCII)


def near(said: str, radius_km: float | None = None, origin_of: OriginOf | None = None) -> Near:
    """The Near of a place's id ("city:US-GA:atlanta"), "organization:<id>", "33.75,-84.39" or words ("Atlanta, GA", "30312").

    Its `said` is the shortest form that leads here again; coordinates are rounded to four decimals. Organizations are known
    through `origin_of` alone. UnknownPlace, AmbiguousPlace; BadInput for coordinates or a radius that cannot be.
    """
    coordinates = _COORDINATES.fullmatch(said)
    if coordinates:
        return at(Point(float(coordinates[1]), float(coordinates[2])), radius_km)
    if said.startswith(ORGANIZATION):
        return _at_organization(said, radius_km, origin_of)
    place = gazetteer().place(said) or gazetteer().resolve(said)
    return Near(place.point, radius_km, place.id, place.name)


def at(point: Point, radius_km: float | None = None) -> Near:
    """The Near of a point, rounded to four decimals."""
    latitude, longitude = (round(degrees, COORDINATE_DECIMALS) + 0.0 for degrees in (point.latitude, point.longitude))
    said = f"{_plain(latitude)},{_plain(longitude)}"
    return Near(Point(latitude, longitude), radius_km, said, said.replace(",", ", "))


def _plain(degrees: float) -> str:
    return f"{degrees:.{COORDINATE_DECIMALS}f}".rstrip("0").rstrip(".")


def _at_organization(said: str, radius_km: float | None, origin_of: OriginOf | None) -> Near:
    # whether it is absent, hidden or without a published point is not told
    found = origin_of(said.removeprefix(ORGANIZATION)) if origin_of else None
    if found is None:
        raise UnknownPlace("No published place of such an organization is known. Name another place.", value=said, suggestions=[])
    point, name = found
    return Near(point, radius_km, said, name)
