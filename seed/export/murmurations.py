"""Records as Murmurations profiles of the schema organizations_schema-v1.0.0: NDJSON, one profile a line.

A Murmurations index fetches each profile from an address of its own, so that a line is what one such address serves. `locality`
and `region` are fields of the Murmurations library beside that schema. `geolocation` is told for EXACT points alone,
`full_address` only where the street is published. Profiles are made for everybody to read: an e-mail address and a telephone
number are told only in an export for the public, and of no named person.
"""

import datetime as dt
from collections.abc import Iterable
from typing import IO, Any

import msgspec

from directory.geo import Precision
from directory.records import Address, Audience, Location, MembershipStatus, NameKind, Organization, OrganizationKind
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, WORK_AREAS
from seed.export.export_info import ExportInfo

SCHEMA = "organizations_schema-v1.0.0"
MEMBER_OF = "https://schema.org/memberOf"
FICTIONAL_TAG = "fictional"  # a tag
NICKNAME_KINDS = (NameKind.SHORT, NameKind.ACRONYM, NameKind.ALSO_KNOWN_AS)
_LOCAL_KINDS = (RegionKind.COUNTY,)

MurmurationsProfile = dict[str, Any]


def write(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    for organization in organizations:
        out.write(msgspec.json.encode(build_profile(organization, info)) + b"\n")


def build_profile(organization: Organization, info: ExportInfo) -> MurmurationsProfile:
    """The profile of one organization; what is not stated is not in it."""
    one = organization
    place = next((location for location in one.locations if location.is_primary), None)
    found = {
        "linked_schemas": [SCHEMA],
        "name": one.name,
        "nickname": next((other.name for kind in NICKNAME_KINDS for other in one.names if other.kind is kind), None),
        "primary_url": one.website,
        "tags": _list_tags(one, info),
        "urls": _deduplicate([{"name": link.kind, "url": link.url} for link in one.links]),
        "description": one.summary or one.description,
        "starts_at": _year_timestamp(one.founded) if one.founded else None,
        "geographic_scope": _geographic_scope(one.service_areas),
        **(_office_contact(one) if info.audience is Audience.PUBLIC else {}),
        "relationships": _list_relationships(one, info),
        "unique_id": one.id,
        **(_location_fields(place) if place else {}),
    }
    return {name: value for name, value in found.items() if value is not None and value != []}


def _list_tags(organization: Organization, info: ExportInfo) -> list[str]:
    terms = [ISSUE_AREAS.require(slug) for slug in organization.issue_areas]
    terms += [COMMUNITIES.require(slug) for slug in organization.communities]
    terms += [WORK_AREAS.require(slug) for slug in organization.work_areas]
    return _deduplicate([*([FICTIONAL_TAG] if info.fictional else ()), *(term.label() for term in terms)])


def _deduplicate(values: list[Any]) -> list[Any]:
    return [value for position, value in enumerate(values) if value not in values[:position]]


def _year_timestamp(year: int) -> int:
    """The first of January in seconds since 1970, as the schema wants it for a year."""
    return int(dt.datetime(year, 1, 1, tzinfo=dt.UTC).timestamp())


def _geographic_scope(areas: tuple[str, ...]) -> str | None:
    kinds = [REGIONS.require(code).kind for code in areas]
    countries = kinds.count(RegionKind.COUNTRY)
    if countries:
        return "international" if countries > 1 else "national"
    return None if not kinds else "local" if all(kind in _LOCAL_KINDS for kind in kinds) else "regional"


def _office_contact(organization: Organization) -> MurmurationsProfile:
    impersonal = [contact for contact in organization.contacts if contact.name is None]
    email = next((contact.email for contact in impersonal if contact.email), None)
    phone = next((contact.phone for contact in impersonal if contact.phone), None)
    return {"contact_details": {"email": email} if email else None, "telephone": phone}


def _list_relationships(organization: Organization, info: ExportInfo) -> list[MurmurationsProfile]:
    is_member = organization.membership.status is MembershipStatus.ACTIVE and organization.kind is not OrganizationKind.NETWORK
    return [{"predicate_url": MEMBER_OF, "object_url": info.base_url}] if is_member and info.base_url else []


def _location_fields(location: Location) -> MurmurationsProfile:
    address = location.address or Address("")
    point = location.point if location.precision is Precision.EXACT else None
    return {
        "full_address": _format_address(address) if address.street else None,
        "locality": address.city,
        "region": address.state,
        "country_iso_3166": address.country or None,
        "geolocation": {"lat": point.latitude, "lon": point.longitude} if point else None,
    }


def _format_address(address: Address) -> str:
    region = " ".join(part for part in (address.state, address.postal_code) if part)
    return ", ".join(part for part in (address.street, address.city, region, address.country) if part)
