"""OrganizationMap: the matches as marks, few enough to draw."""

import strawberry

from directory.geo import Precision
from schema.fields import attribute
from schema.organization import Organization
from schema.point import BoundingBox, Point


@strawberry.type(description="One mark of a map: one organization, or several that lie close together.")
class MapMark:
    point: Point = attribute("Where to draw it.")
    count: int = attribute("How many organizations it stands for.")
    bounds: BoundingBox = attribute("The box around their published points.")
    organization: Organization | None = attribute("The organization, when it is one.")
    precision: Precision | None = attribute("How exactly its place is told, when it is one.")


@strawberry.type(description="The matches with a published point in view, gathered into marks.")
class OrganizationMap:
    marks: list[MapMark] = attribute("The marks, the largest first.", paged=True)
    bounds: BoundingBox | None = attribute("The box around all matches with a published point; null when there are none.")
    without_point: int = attribute("How many matches no map can show, because they publish no point.")
