"""Where the distances of a search start, for its maps: "near Atlanta, GA"."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct

from directory.filters.labels import format_near
from directory.filters.origins import ORGANIZATION_PREFIX, resolve_near
from directory.geo import Point, Precision
from schema.types.near_filter import find_organization_origin
from web.pages.page import PageRequest
from web.pages.search.search_form import CLAUSE, NEAR, RADIUS

PRECISE = (Precision.EXACT, Precision.STREET)


class SearchOrigin(Struct, frozen=True):
    """`radius_km` is None without a limit of distance. `label` is that of the chip: "within 50 miles of Atlanta, GA"."""

    point: Point
    radius_km: float | None
    label: str

    @property
    def coordinates(self) -> str:
        """What the map of places reads (web/front/pages/map-origin.ts): "33.749,-84.388,80.4672", without a limit two numbers."""
        numbers = (self.point.latitude, self.point.longitude, self.radius_km)
        return ",".join(f"{number:.10g}" for number in numbers if number is not None)


def find_search_origin(request: PageRequest, parts: Sequence[Mapping[str, Any]], unit: str) -> SearchOrigin | None:
    """Return the origin of a search that was answered, None if it has none. `parts` are those of its question.

    Its label is that of its part. If that is the radius alone, it is in the unit, "km" or "mi". An organization that does not
    publish its street is no origin here: a cross at the center of its county, with its name, would mark somebody else.
    """
    part, value = next(((part, value) for part in parts for value in _list_origins(part)), (None, None))
    if part is None or value is None:
        return None
    reference, *others = parse_qsl(f"{NEAR}={value}")
    if not _is_precise(request, reference[1]):
        return None
    radius = dict(others).get(RADIUS)
    find_origin = partial(find_organization_origin, request.context.snapshot)
    near = resolve_near(reference[1], float(radius) if radius else None, find_origin)
    label = format_near(near, request.language.code, unit) if part["field"] == NEAR else part["label"]
    return SearchOrigin(near.point, near.radius_km, label)


def _is_precise(request: PageRequest, reference: str) -> bool:
    """Return whether the origin is not an organization, or one whose first point is that of its street."""
    if not reference.startswith(ORGANIZATION_PREFIX):
        return True
    organization = request.context.snapshot.get_organization(reference.removeprefix(ORGANIZATION_PREFIX))
    locations = (location for location in organization.locations if location.point) if organization else ()
    return next((location.precision for location in locations), None) in PRECISE


def _list_origins(part: Mapping[str, Any]) -> Iterator[str]:
    """Yield the origin that a part is about, or that is one of its alternatives."""
    if part["field"] == NEAR:
        yield part["value"]
    if part["field"] == CLAUSE:
        yield from (one["value"] for one in part["alternatives"] if one["field"] == NEAR)
