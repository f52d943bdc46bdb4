"""Place: what the gazetteer knows."""

from typing import Any

import strawberry

from directory import places, regions
from directory.places import PlaceKind
from schema.fields import COMPUTED_POINTS, attribute_field, computed_field
from schema.ids import GlobalId
from schema.node import Node
from schema.point import Point
from schema.region import Region, require_regions


def _resolve_place_id(root: places.Place) -> str:
    return str(GlobalId("Place", root.id))


def _resolve_place_regions(root: places.Place) -> list[regions.Region]:
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
        return isinstance(value, places.Place)
