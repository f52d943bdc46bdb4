"""Point and BoundingBox."""

import strawberry

from schema.fields import attribute_field


@strawberry.type(description="A point on the earth, in decimal degrees (WGS 84).")
class Point:
    latitude: float = attribute_field("-90 to 90, north is positive.")
    longitude: float = attribute_field("-180 to 180, east is positive.")


@strawberry.type(description="An area between two parallels and two meridians, in degrees; west > east crosses the antimeridian.")
class BoundingBox:
    south: float = attribute_field("The southern edge.")
    west: float = attribute_field("The western edge.")
    north: float = attribute_field("The northern edge.")
    east: float = attribute_field("The eastern edge.")
