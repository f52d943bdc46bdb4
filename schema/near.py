"""Near: the place a client names, as the origin of distances."""

from functools import partial
from typing import NoReturn

import strawberry

from directory import origins
from directory.errors import BadInput, UnknownPlace
from directory.gazetteer import Place, gazetteer
from directory.geo import KM_PER_MILE, Point
from directory.question import Near
from directory.regions import REGIONS
from directory.search.snapshot import Snapshot
from schema import ids
from schema.enums import DistanceUnit
from schema.fields import given


@strawberry.input(description="A point on the earth, in decimal degrees (WGS 84).")
class PointInput:
    latitude: float = given("-90 to 90, north is positive.")
    longitude: float = given("-180 to 180, east is positive.")


@strawberry.input(one_of=True, description="A place, said in exactly one of these ways.")
class PlaceInput:
    point: PointInput | None = given("By its coordinates.", default=strawberry.UNSET)
    name: str | None = given(
        'By what people call it: "Atlanta", "Fulton County, GA", "Georgia". Several of one name are refused.',
        default=strawberry.UNSET,
    )
    postal_code: str | None = given("By a US ZIP code of five digits.", default=strawberry.UNSET)
    region: str | None = given("By a region's code: its middle.", default=strawberry.UNSET)
    organization: strawberry.ID | None = given("By an organization's id: its first published point.", default=strawberry.UNSET)
    place: strawberry.ID | None = given("By the id of a Place, as `places` gives it.", default=strawberry.UNSET)


@strawberry.input(description="Around a place. Without a radius it sets distances and order, and leaves nobody out.")
class NearFilter:
    place: PlaceInput = given("The middle.")
    radius: float | None = given("More than 0 and at most half the earth.", default=None)
    unit: DistanceUnit = given("What the radius is counted in.", default=DistanceUnit.KILOMETER)


def near(given: NearFilter, snapshot: Snapshot) -> Near:
    """Raises BadInput, UnknownRegion, UnknownPlace or AmbiguousPlace."""
    radius = given.radius * KM_PER_UNIT[given.unit] if given.radius is not None else None
    place = given.place
    if place.point:
        return origins.at(Point(place.point.latitude, place.point.longitude), radius)
    if place.organization:
        key = ids.organization(place.organization, "organization")
        return origins.near(origins.ORGANIZATION + key, radius, partial(_origin_of, snapshot))
    found = _place(place)
    return Near(found.point, radius, found.id, found.name)


KM_PER_UNIT = {DistanceUnit.KILOMETER: 1.0, DistanceUnit.MILE: KM_PER_MILE}


def _origin_of(snapshot: Snapshot, key: str) -> tuple[Point, str] | None:
    found = snapshot.organization(key)
    return (found.points[0], found.name) if found and found.points else None


def _place(place: PlaceInput) -> Place:
    if place.name:
        return gazetteer().resolve(place.name)
    if place.postal_code:
        return gazetteer().postal_code(place.postal_code) or _unknown(place.postal_code)
    if place.region:
        return gazetteer().region(REGIONS.require(place.region).code) or _unknown(place.region)
    if place.place:
        asked = ids.read(place.place, "place")
        return (gazetteer().place(asked.key) if asked.type == "Place" else None) or _unknown(place.place)
    raise BadInput(
        "A place needs one of point, name, postalCode, region, organization and place, and not empty.", argument="place"
    )


def _unknown(value: str) -> NoReturn:
    raise UnknownPlace(f"The gazetteer knows no place {value[:80]!r}. Ask `places` for one.", value=value[:80], suggestions=[])
