"""Resolve the origin of distances that a person or a URL gives into a `Near`, the same in every interface."""

import re
from collections.abc import Callable
from typing import TypeAlias

from directory.errors import UnknownPlace
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Point
from directory.question import Near

COORDINATE_DECIMALS = 4  # of a degree, about 10 m: precise enough for an origin, and short in a URL
ORGANIZATION_PREFIX = "organization:"  # before an organization's id

OriginLookup: TypeAlias = Callable[[str], tuple[Point, str] | None]
"""Takes the id of an organization; returns its first published point and its name, or None if there is no such point."""

_COORDINATES = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*", re.ASCII)


def resolve_near(text: str, radius_km: float | None = None, find_origin: OriginLookup | None = None) -> Near:
    """Return the Near for a place's id ("city:US-GA:atlanta"), "organization:<id>", "33.75,-84.39" or words ("Atlanta, GA").

    Its `reference` is the shortest text that gives the same Near. Coordinates are rounded to four decimals. `find_origin` is
    needed for organizations. Raises UnknownPlace, AmbiguousPlace, or BadInput for invalid coordinates or an invalid radius.
    """
    coordinates = _COORDINATES.fullmatch(text)
    if coordinates:
        return near_point(Point(float(coordinates[1]), float(coordinates[2])), radius_km)
    if text.startswith(ORGANIZATION_PREFIX):
        return _resolve_organization(text, radius_km, find_origin)
    place = get_gazetteer().get_place(text) or get_gazetteer().resolve(text)
    return Near(place.point, radius_km, place.id, place.name)


def is_coordinates(reference: str) -> bool:
    """Whether the reference of a Near is a point without a name: "33.75,-84.39"."""
    return _COORDINATES.fullmatch(reference) is not None


def near_point(point: Point, radius_km: float | None = None) -> Near:
    """Return the Near for a point, with its coordinates rounded to four decimals."""
    latitude, longitude = (round(degrees, COORDINATE_DECIMALS) + 0.0 for degrees in (point.latitude, point.longitude))
    reference = f"{_format_degrees(latitude)},{_format_degrees(longitude)}"
    return Near(Point(latitude, longitude), radius_km, reference, reference.replace(",", ", "))


def _format_degrees(degrees: float) -> str:
    return f"{degrees:.{COORDINATE_DECIMALS}f}".rstrip("0").rstrip(".")


def _resolve_organization(text: str, radius_km: float | None, find_origin: OriginLookup | None) -> Near:
    origin = find_origin(text.removeprefix(ORGANIZATION_PREFIX)) if find_origin else None
    if origin is None:  # the message does not reveal whether the organization is missing, hidden or has no point
        raise UnknownPlace("This organization has no published place. Use another place.", value=text, suggestions=[])
    point, name = origin
    return Near(point, radius_km, text, name)
