"""Export as JSON that can be imported again: one record per line (NDJSON), or all in one document.

A record consists of its draft fields and `published`, which an import ignores: the location points for maps, and the time of the
last change that this audience sees.
"""

from collections.abc import Iterable
from typing import IO, Any

import msgspec

from directory.export.draft_fields import to_draft_fields, to_json_value
from directory.export.export_info import ExportInfo, build_export_header
from directory.records import Audience, Location, Organization, PublishedRecord

PUBLISHED_FIELD = "published"


def build_record(organization: Organization, audience: Audience) -> dict[str, Any]:
    """Return the JSON-ready record. `published.locations` has the order of `locations`."""
    return {**to_draft_fields(organization, audience), PUBLISHED_FIELD: build_published_fields(organization)}


def build_published_fields(record: PublishedRecord) -> dict[str, Any]:
    """Return the content of `published` of a record of any kind."""
    locations = [_build_published_location(location) for location in record.locations]
    return {"updated_at": to_json_value(record.updated_at), "locations": locations}


def write_lines(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """Write one record per line, in UTF-8."""
    for organization in organizations:
        out.write(msgspec.json.encode(build_record(organization, info.audience)) + b"\n")


def write_document(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """Write one JSON object: `about`, and `organizations` with each record on its own line."""
    out.write(b'{"about": ' + msgspec.json.encode(build_export_header(info)) + b',\n"organizations": [')
    separator = b"\n"
    for organization in organizations:
        out.write(separator + msgspec.json.encode(build_record(organization, info.audience)))
        separator = b",\n"
    out.write(b"\n]}\n")


def _build_published_location(location: Location) -> dict[str, Any]:
    """Return the published part of a location. Unless `precision` is EXACT or STREET, it is within `radius_km` of the point."""
    return {
        "id": location.id,
        "precision": location.precision.value,
        "latitude": location.point.latitude if location.point else None,
        "longitude": location.point.longitude if location.point else None,
        "radius_km": location.radius_km,
        "regions": list(location.regions),
    }
