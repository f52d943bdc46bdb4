"""Near: the place a client names, as the origin of distances."""

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


@strawberry.input(description="A point on the earth, in decimal degrees (WGS 84).")
class PointInput:
    latitude: float = input_field("-90 to 90, north is positive.")
    longitude: float = input_field("-180 to 180, east is positive.")


@strawberry.input(one_of=True, description="A place, said in exactly one of these ways.")
class PlaceInput:
    point: PointInput | None = input_field("By its coordinates.", default=strawberry.UNSET)
    name: str | None = input_field(
        'By what people call it: "Atlanta", "Fulton County, GA", "Georgia". Several of one name are refused.',
        default=strawberry.UNSET,
    )
    postal_code: str | None = input_field("By a US ZIP code of five digits.", default=strawberry.UNSET)
    region: str | None = input_field("By a region's code: its middle.", default=strawberry.UNSET)
    organization: strawberry.ID | None = input_field(
        "By an organization's id: its first published point.", default=strawberry.UNSET
    )
    place: strawberry.ID | None = input_field("By the id of a Place, as `places` gives it.", default=strawberry.UNSET)


@strawberry.input(description="Around a place. Without a radius it sets distances and order, and leaves nobody out.")
class NearFilter:
    place: PlaceInput = input_field("The middle.")
    radius: float | None = input_field("More than 0 and at most half the earth.", default=None)
    unit: DistanceUnit = input_field("What the radius is counted in.", default=DistanceUnit.KILOMETER)


def build_near(near_filter: NearFilter, snapshot: Snapshot) -> Near:
    """Raises BadInput, UnknownRegion, UnknownPlace or AmbiguousPlace."""
    radius = near_filter.radius * KM_PER_UNIT[near_filter.unit] if near_filter.radius is not None else None
    place = near_filter.place
    if place.point:
        return origins.near_point(Point(place.point.latitude, place.point.longitude), radius)
    if place.organization:
        key = global_ids.parse_organization_id(place.organization, "organization")
        return origins.resolve_near(origins.ORGANIZATION_PREFIX + key, radius, partial(_find_organization_origin, snapshot))
    found = _find_place(place)
    return Near(found.point, radius, found.id, found.name)


KM_PER_UNIT = {DistanceUnit.KILOMETER: 1.0, DistanceUnit.MILE: KM_PER_MILE}


def _find_organization_origin(snapshot: Snapshot, key: str) -> tuple[Point, str] | None:
    found = snapshot.get_organization(key)
    return (found.points[0], found.name) if found and found.points else None


def _find_place(place: PlaceInput) -> Place:
    if place.name:
        return get_gazetteer().resolve(place.name)
    if place.postal_code:
        return get_gazetteer().find_postal_code(place.postal_code) or _raise_unknown_place(place.postal_code)
    if place.region:
        return get_gazetteer().find_region(REGIONS.require(place.region).code) or _raise_unknown_place(place.region)
    if place.place:
        asked = global_ids.parse_global_id(place.place, "place")
        return (get_gazetteer().get_place(asked.key) if asked.type == "Place" else None) or _raise_unknown_place(place.place)
    raise BadInput(
        "A place needs one of point, name, postalCode, region, organization and place, and not empty.", argument="place"
    )


def _raise_unknown_place(value: str) -> NoReturn:
    raise UnknownPlace(f"The gazetteer knows no place {value[:80]!r}. Ask `places` for one.", value=value[:80], suggestions=[])
