"""NearFilter: the place from which distances are measured."""

from functools import partial
from typing import NoReturn

import strawberry

from directory.errors import BadInput, UnknownPlace
from directory.filters import origins
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place
from directory.geo import KM_PER_MILE, Point
from directory.question import Near
from directory.search.snapshot import Snapshot
from directory.vocabulary.regions import REGIONS
from schema.fields import input_field
from schema.types import global_ids
from schema.types.enums import DistanceUnit

KM_PER_UNIT = {DistanceUnit.KILOMETER: 1.0, DistanceUnit.MILE: KM_PER_MILE}
MAX_SHOWN_VALUE = 80  # characters of a value that an error repeats


@strawberry.input(description="A point on the earth, in decimal degrees (WGS 84).")
class PointInput:
    latitude: float = input_field("The latitude, -90 to 90. North is positive.")
    longitude: float = input_field("The longitude, -180 to 180. East is positive.")


@strawberry.input(one_of=True, description="A place. Pass exactly one of these fields.")
class PlaceInput:
    point: PointInput | None = input_field("Coordinates.", default=strawberry.UNSET)
    name: str | None = input_field(
        'A place name, such as "Atlanta", "Fulton County, GA" or "Georgia". '
        "If several places have this name, the error lists them.",
        default=strawberry.UNSET,
    )
    postal_code: str | None = input_field("A US ZIP code with five digits.", default=strawberry.UNSET)
    region: str | None = input_field("The code of a region. Distances are measured from its center.", default=strawberry.UNSET)
    organization: strawberry.ID | None = input_field(
        "The id of an organization. Distances are measured from its first published point.", default=strawberry.UNSET
    )
    place: strawberry.ID | None = input_field("The id of a Place, as returned by `places`.", default=strawberry.UNSET)


@strawberry.input(
    description="Measures distances from a place. With a radius, returns only organizations within it; "
    "without one, excludes none."
)
class NearFilter:
    place: PlaceInput = input_field("The place to measure from.")
    radius: float | None = input_field(
        "The maximum distance, greater than 0 and at most half the circumference of the earth.", default=None
    )
    unit: DistanceUnit = input_field("The unit of the radius.", default=DistanceUnit.KILOMETER)


def build_near(near_filter: NearFilter, snapshot: Snapshot) -> Near:
    """Return the origin of distances. Raises BadInput, UnknownRegion, UnknownPlace or AmbiguousPlace."""
    radius = near_filter.radius * KM_PER_UNIT[near_filter.unit] if near_filter.radius is not None else None
    place = near_filter.place
    if place.point:
        return origins.near_point(Point(place.point.latitude, place.point.longitude), radius)
    if place.organization:
        key = global_ids.parse_organization_id(place.organization, "organization")
        return origins.resolve_near(origins.ORGANIZATION_PREFIX + key, radius, partial(find_organization_origin, snapshot))
    origin = _find_place(place)
    return Near(origin.point, radius, origin.id, origin.name)


def find_organization_origin(snapshot: Snapshot, key: str) -> tuple[Point, str] | None:
    """Return the first published point and the name of an organization; None if there is no such point."""
    organization = snapshot.get_organization(key)
    return (organization.points[0], organization.name) if organization and organization.points else None


def _find_place(place: PlaceInput) -> Place:
    if place.name:
        return get_gazetteer().resolve(place.name)
    if place.postal_code:
        return get_gazetteer().find_postal_code(place.postal_code) or _raise_unknown_place(place.postal_code)
    if place.region:
        return get_gazetteer().find_region(REGIONS.require(place.region).code) or _raise_unknown_center(place.region)
    if place.place:
        key = global_ids.parse_global_id(place.place, "place")
        return (get_gazetteer().get_place(key.key) if key.type == "Place" else None) or _raise_unknown_place(place.place)
    raise BadInput("A place needs a value for one of point, name, postalCode, region, organization or place.", argument="place")


def _raise_unknown_place(value: str) -> NoReturn:
    value = value[:MAX_SHOWN_VALUE]
    raise UnknownPlace(f"The gazetteer has no place {value!r}. Find one with `places`.", value=value, suggestions=[])


def _raise_unknown_center(code: str) -> NoReturn:
    """Refuse a region without a center. Suggest others that are called so: US-GA (Georgia) for GA, which is Gabon."""
    region = REGIONS.require(code)
    raise UnknownPlace(
        f"The gazetteer has no center of the region {code} ({region.name}).",
        suggest=lambda: [other.code for other in REGIONS.find(code) if get_gazetteer().find_region(other.code)],
        advice="Find a place with `places`.",
        value=code,
    )
