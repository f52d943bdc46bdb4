"""Records as JSON, for other programs and to be read back: one a line (NDJSON), or all in one document.

A record is what `as_stated` gives, and beside it `published`, which nobody states and reading back leaves aside: the version of
each place that is drawn on a map, and when something of the record that this audience sees last changed.
"""

from collections.abc import Iterable
from typing import IO, Any

import msgspec

from directory.records import Audience, Location, Organization
from seed.export.draft_fields import to_draft_fields, to_json_value
from seed.export.export_info import ExportInfo

PUBLISHED_FIELD = "published"


def build_record(organization: Organization, audience: Audience) -> dict[str, Any]:
    """JSON-ready. `published.locations` are in the order of `locations`."""
    locations = [_build_published_location(location) for location in organization.locations]
    published = {"updated_at": to_json_value(organization.updated_at), "locations": locations}
    return {**to_draft_fields(organization, audience), PUBLISHED_FIELD: published}


def write_lines(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """One record a line, in UTF-8."""
    for organization in organizations:
        out.write(msgspec.json.encode(build_record(organization, info.audience)) + b"\n")


def write_document(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """One JSON object: `about`, and `organizations`, of which each stands on a line of its own."""
    head = {
        "title": info.title,
        "audience": info.audience.value,
        "version": info.version,
        "exported_at": to_json_value(info.exported_at),
        "fictional": info.fictional,
    }
    out.write(b'{"about": ' + msgspec.json.encode(head) + b',\n"organizations": [')
    comma = b"\n"
    for organization in organizations:
        out.write(comma + msgspec.json.encode(build_record(organization, info.audience)))
        comma = b",\n"
    out.write(b"\n]}\n")


def _build_published_location(location: Location) -> dict[str, Any]:
    """The point is a true one only where `precision` is EXACT or STREET; else the true place lies within `radius_km` of it."""
    return {
        "id": location.id,
        "precision": location.precision.value,
        "latitude": location.point.latitude if location.point else None,
        "longitude": location.point.longitude if location.point else None,
        "radius_km": location.radius_km,
        "regions": list(location.regions),
    }
