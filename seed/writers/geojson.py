"""Records for maps: GeoJSON (RFC 7946), a Feature for each published location, longitude before latitude, WGS 84.

A point is what is published: only where `precision` is EXACT or STREET is it the place itself, else the middle of an area, around
which the place lies within `radius_km`. A location that is told without a point, and an organization without a location, have no
geometry. Properties are plain values, so that every map program can read them; lists are parted by semicolons.
"""

from collections.abc import Iterable, Iterator
from typing import IO, Any

import msgspec

from directory.records import Address, Location, Organization
from seed.writers.about import About
from seed.writers.flat import BETWEEN
from seed.writers.stated import plain

_LISTS = ("issue_areas", "communities", "work_areas", "service_areas", "languages")
_OF_A_PLACE = ("street", "city", "county", "state", "postal_code", "country")


def write(organizations: Iterable[Organization], out: IO[bytes], about: About) -> None:
    """One FeatureCollection; each feature stands on a line of its own."""
    head = {
        "title": about.title,
        "audience": about.audience.value,
        "version": about.version,
        "exported_at": plain(about.exported_at),
        "fictional": about.fictional,
    }
    out.write(b'{"type": "FeatureCollection",\n"about": ' + msgspec.json.encode(head) + b',\n"features": [')
    comma = b"\n"
    for organization in organizations:
        for feature in features(organization):
            out.write(comma + msgspec.json.encode(feature))
            comma = b",\n"
    out.write(b"\n]}\n")


def features(organization: Organization) -> Iterator[dict[str, Any]]:
    """Those of one organization, of which there is always one."""
    said = _said(organization)
    for location in organization.locations:
        yield _feature(location.id, _geometry(location), {**said, **_place(location)})
    if not organization.locations:
        yield _feature(organization.id, None, said)


def _feature(id: str, geometry: dict[str, Any] | None, properties: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    stated = {name: value for name, value in properties.items() if value is not None}
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": stated}


def _geometry(location: Location) -> dict[str, Any] | None:
    point = location.point
    return {"type": "Point", "coordinates": [point.longitude, point.latitude]} if point else None


def _said(organization: Organization) -> dict[str, Any]:
    return {
        "organization_id": organization.id,
        "slug": organization.slug,
        "name": organization.name,
        "kind": organization.kind.value,
        "summary": organization.summary,
        "website": organization.website,
        "founded": organization.founded,
        "membership": organization.membership.status.value,
        "verified_at": plain(organization.verified_at),
        **{field: BETWEEN.join(getattr(organization, field)) or None for field in _LISTS},
    }


def _place(location: Location) -> dict[str, Any]:
    address = location.address or Address("")
    return {
        "location_name": location.name,
        **{part: getattr(address, part) or None for part in _OF_A_PLACE},
        "is_primary": location.is_primary,
        "precision": location.precision.value,
        "radius_km": location.radius_km,
    }
