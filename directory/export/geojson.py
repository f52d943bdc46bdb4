"""Export for maps: GeoJSON (RFC 7946) with a Feature for each published location; longitude before latitude, WGS 84.

Points are published points. If `precision` is EXACT or STREET, the point is the location itself. Otherwise it is the center of an
area, and the location is within `radius_km` of it. A location without a published point, and an organization without a location,
have no geometry. Properties are plain values that every map program can read; lists are separated by semicolons.
"""

from collections.abc import Iterable, Iterator
from typing import IO, Any

import msgspec

from directory.export.draft_fields import to_json_value
from directory.export.export_info import ExportInfo, build_export_header
from directory.export.flat_columns import LIST_SEPARATOR
from directory.fields import MAP_ORDER, arrange_fields
from directory.records import Address, Location, Organization

_PLAIN_FIELDS = {name: field for name, field in arrange_fields(MAP_ORDER).items() if field.geojson is None}
_TEXT_PROPERTIES = tuple(name for name, field in _PLAIN_FIELDS.items() if not field.is_list and field.has_sources)
_FURTHER_PROPERTIES = tuple(name for name in _PLAIN_FIELDS if name not in _TEXT_PROPERTIES)
_ADDRESS_FIELDS = ("street", "city", "county", "state", "postal_code", "country")


def write(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """Write one FeatureCollection, with each feature on its own line."""
    header = msgspec.json.encode(build_export_header(info))
    out.write(b'{"type": "FeatureCollection",\n"about": ' + header + b',\n"features": [')
    separator = b"\n"
    for organization in organizations:
        for feature in build_features(organization):
            out.write(separator + msgspec.json.encode(feature))
            separator = b",\n"
    out.write(b"\n]}\n")


def build_features(organization: Organization) -> Iterator[dict[str, Any]]:
    """Yield the features of one organization; always at least one."""
    properties = _organization_properties(organization)
    for location in organization.locations:
        yield _build_feature(location.id, _build_geometry(location), {**properties, **_location_properties(location)})
    if not organization.locations:
        yield _build_feature(organization.id, None, properties)


def _build_feature(id: str, geometry: dict[str, Any] | None, properties: dict[str, Any]) -> dict[str, Any]:
    known = {name: value for name, value in properties.items() if value is not None}
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": known}


def _build_geometry(location: Location) -> dict[str, Any] | None:
    point = location.point
    return {"type": "Point", "coordinates": [point.longitude, point.latitude]} if point else None


def _organization_properties(organization: Organization) -> dict[str, Any]:
    return {
        "organization_id": organization.id,
        "slug": organization.slug,
        "name": organization.name,
        **_plain_properties(organization, _TEXT_PROPERTIES),
        "membership": organization.membership.status.value,
        **_plain_properties(organization, _FURTHER_PROPERTIES),
    }


def _plain_properties(organization: Organization, names: Iterable[str]) -> dict[str, Any]:
    values = {name: to_json_value(getattr(organization, name)) for name in names}
    return {name: LIST_SEPARATOR.join(value) or None if isinstance(value, list) else value for name, value in values.items()}


def _location_properties(location: Location) -> dict[str, Any]:
    address = location.address or Address("")
    return {
        "location_name": location.name,
        **{part: getattr(address, part) or None for part in _ADDRESS_FIELDS},
        "is_primary": location.is_primary,
        "precision": location.precision.value,
        "radius_km": location.radius_km,
    }
