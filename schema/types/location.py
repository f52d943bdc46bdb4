"""Location: a place of an organization, as far as it is published."""

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


@strawberry.type(description="What is published of an address.")
class Address:
    street: str | None = attribute_field("House number and street.")
    city: str | None = attribute_field("The city.")
    county: str | None = attribute_field("The county.")
    state: str | None = attribute_field('The state, by its letters: "GA".')
    postal_code: str | None = attribute_field("The postal code.")
    country: str = attribute_field("The country, by its ISO 3166-1 code of two letters.")


def _resolve_location_regions(root: records.Location) -> list[regions.Region]:
    return require_regions(root.regions)


@strawberry.type(description="A place of an organization, as far as the organization lets it be told.")
class Location:
    id: strawberry.ID = attribute_field("Stable, and good for telling locations apart; `node` does not find it.")
    name: str | None = attribute_field("What the place is called: Main office.")
    address: Address | None = attribute_field("What is published of its address.")
    point: Point | None = attribute_field(
        "The published point: the middle of the area that is told, unless the precision is EXACT."
    )
    precision: Precision = attribute_field("The coarser of what may be told and what is known.")
    radius_km: float | None = attribute_field(
        "How far from the point the true place may be, in kilometers: draw an area, not a pin."
    )
    regions: list[Region] = computed_field(
        _resolve_location_regions, "The regions that the published area lies in.", cost=COMPUTED_POINTS, length=6
    )
    is_primary: bool = attribute_field("Whether it is the organization's main place.")


def _resolve_place_id(root: place.Place) -> str:
    return str(GlobalId("Place", root.id))


def _resolve_place_regions(root: place.Place) -> list[regions.Region]:
    return require_regions(root.regions)


@strawberry.type(description="A place of the gazetteer: the area of a ZIP code, a city, a county, a state.")
class Place(Node):
    id: strawberry.ID = computed_field(_resolve_place_id, "Opaque and stable.", cost=COMPUTED_POINTS)
    name: str = attribute_field("What people read, with the state.")
    kind: PlaceKind = attribute_field("What sort of place it is.")
    point: Point = attribute_field("Its middle.")
    regions: list[Region] = computed_field(
        _resolve_place_regions, "The regions it lies in, narrowest first.", cost=COMPUTED_POINTS, length=5
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, place.Place)
