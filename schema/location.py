"""Location: a place of an organization, as far as it is published."""

import strawberry

from directory import records, regions
from directory.geo import Precision
from schema.fields import COMPUTED, attribute, computed
from schema.point import Point
from schema.region import Region, regions_of


@strawberry.type(description="What is published of an address.")
class Address:
    street: str | None = attribute("House number and street.")
    city: str | None = attribute("The city.")
    county: str | None = attribute("The county.")
    state: str | None = attribute('The state, by its letters: "GA".')
    postal_code: str | None = attribute("The postal code.")
    country: str = attribute("The country, by its ISO 3166-1 code of two letters.")


def _regions(root: records.Location) -> list[regions.Region]:
    return regions_of(root.regions)


@strawberry.type(description="A place of an organization, as far as the organization lets it be told.")
class Location:
    id: strawberry.ID = attribute("Stable, and good for telling locations apart; `node` does not find it.")
    name: str | None = attribute("What the place is called: Main office.")
    address: Address | None = attribute("What is published of its address.")
    point: Point | None = attribute("The published point: the middle of the area that is told, unless the precision is EXACT.")
    precision: Precision = attribute("The coarser of what may be told and what is known.")
    radius_km: float | None = attribute("How far from the point the true place may be, in kilometers: draw an area, not a pin.")
    regions: list[Region] = computed(_regions, "The regions that the published area lies in.", cost=COMPUTED, length=6)
    is_primary: bool = attribute("Whether it is the organization's main place.")
