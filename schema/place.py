"""Place: what the gazetteer knows."""

from typing import Any

import strawberry

from directory import gazetteer, regions
from directory.gazetteer import PlaceKind
from schema.fields import COMPUTED, attribute, computed
from schema.ids import GlobalId
from schema.node import Node
from schema.point import Point
from schema.region import Region, regions_of


def _id(root: gazetteer.Place) -> str:
    return str(GlobalId("Place", root.id))


def _regions(root: gazetteer.Place) -> list[regions.Region]:
    return regions_of(root.regions)


@strawberry.type(description="A place of the gazetteer: the area of a ZIP code, a city, a county, a state.")
class Place(Node):
    id: strawberry.ID = computed(_id, "Opaque and stable.", cost=COMPUTED)
    name: str = attribute("What people read, with the state.")
    kind: PlaceKind = attribute("What sort of place it is.")
    point: Point = attribute("Its middle.")
    regions: list[Region] = computed(_regions, "The regions it lies in, narrowest first.", cost=COMPUTED, length=5)

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, gazetteer.Place)
