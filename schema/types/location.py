"""Location: where an organization is, as far as published; and Place, an entry of the gazetteer."""

from typing import Any

import strawberry

from directory import records
from directory.gazetteer import place
from directory.gazetteer.place import PlaceKind
from directory.geo import Precision
from directory.vocabulary import regions
from schema.fields import COMPUTED_POINTS, attribute_field, computed_field
from schema.types.global_ids import GlobalId, Node
from schema.types.region import Point, Region, require_regions


@strawberry.type(description="An address. Parts that are not published are null.")
class Address:
    street: str | None = attribute_field("The house number and street.")
    city: str | None = attribute_field("The city.")
    county: str | None = attribute_field("The county.")
    state: str | None = attribute_field('The abbreviation of the state, such as "GA".')
    postal_code: str | None = attribute_field("The postal code.")
    country: str = attribute_field("The ISO 3166-1 code of the country, two letters.")


def _resolve_location_regions(root: records.Location) -> list[regions.Region]:
    return require_regions(root.regions)


@strawberry.type(description="A location of an organization, shown only as precisely as the organization allows.")
class Location:
    id: strawberry.ID = attribute_field("A stable key to tell locations apart. It does not work with `node`.")
    name: str | None = attribute_field('The name of the location, such as "Main office".')
    address: Address | None = attribute_field("The published parts of the address.")
    point: Point | None = attribute_field(
        "The published point. Unless `precision` is EXACT, this is the center of the published area, not the real place."
    )
    precision: Precision = attribute_field("How precisely the location is published.")
    radius_km: float | None = attribute_field(
        "The largest distance in kilometers between `point` and the real place. On a map, draw a circle rather than a pin."
    )
    regions: list[Region] = computed_field(
        _resolve_location_regions, "The regions that contain the published area.", cost=COMPUTED_POINTS, length=6
    )
    is_primary: bool = attribute_field("Whether this is the main location of the organization.")


def _resolve_place_id(root: place.Place) -> str:
    return str(GlobalId("Place", root.id))


def _resolve_place_regions(root: place.Place) -> list[regions.Region]:
    return require_regions(root.regions)


@strawberry.type(description="A place in the gazetteer: a ZIP code area, city, county, state or larger region.")
class Place(Node):
    id: strawberry.ID = computed_field(_resolve_place_id, "An opaque id that does not change.", cost=COMPUTED_POINTS)
    name: str = attribute_field("The name to display, with the state.")
    kind: PlaceKind = attribute_field("The kind of place.")
    point: Point = attribute_field("The center of the place.")
    regions: list[Region] = computed_field(
        _resolve_place_regions, "The regions that contain the place, smallest first.", cost=COMPUTED_POINTS, length=5
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, place.Place)
