"""OrganizationMap: the matches as marks, few enough to draw."""

import strawberry

from directory.geo import Precision
from schema.fields import attribute_field
from schema.organization import Organization
from schema.point import BoundingBox, Point


@strawberry.type(description="One mark of a map: one organization, or several that lie close together.")
class MapMark:
    point: Point = attribute_field("Where to draw it.")
    count: int = attribute_field("How many organizations it stands for.")
    bounds: BoundingBox = attribute_field("The box around their published points.")
    organization: Organization | None = attribute_field("The organization, when it is one.")
    precision: Precision | None = attribute_field("How exactly its place is told, when it is one.")


@strawberry.type(description="The matches with a published point in view, gathered into marks.")
class OrganizationMap:
    marks: list[MapMark] = attribute_field("The marks, the largest first.", paged=True)
    bounds: BoundingBox | None = attribute_field("The box around all matches with a published point; null when there are none.")
    without_point: int = attribute_field("How many matches no map can show, because they publish no point.")
