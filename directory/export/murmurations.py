"""Export as Murmurations profiles of the schema organizations_schema-v1.0.0: NDJSON, one profile per line.

A Murmurations index fetches each profile from its own address, so each line is the content of one address. `locality` and
`region` are fields of the Murmurations library outside that schema. Only EXACT points are exported as `geolocation`, and only
published streets as `full_address`. Profiles are public: an e-mail address and a telephone number are exported only for the
public audience, and never those of a named person.
"""

import datetime as dt
from collections.abc import Iterable
from typing import IO, Any

import msgspec

from directory.export.export_info import ExportInfo
from directory.geo import Precision
from directory.records import Address, Audience, Location, MembershipStatus, NameKind, Organization, OrganizationKind
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, WORK_AREAS

SCHEMA = "organizations_schema-v1.0.0"
MEMBER_OF = "https://schema.org/memberOf"
FICTIONAL_TAG = "fictional"
NICKNAME_KINDS = (NameKind.SHORT, NameKind.ACRONYM, NameKind.ALSO_KNOWN_AS)
_LOCAL_KINDS = (RegionKind.COUNTY,)

MurmurationsProfile = dict[str, Any]


def write(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """Write one profile per line."""
    for organization in organizations:
        out.write(msgspec.json.encode(build_profile(organization, info)) + b"\n")


def build_profile(organization: Organization, info: ExportInfo) -> MurmurationsProfile:
    """Return the profile of an organization, without empty fields."""
    location = next((location for location in organization.locations if location.is_primary), None)
    profile = {
        "linked_schemas": [SCHEMA],
        "name": organization.name,
        "nickname": next((other.name for kind in NICKNAME_KINDS for other in organization.names if other.kind is kind), None),
        "primary_url": organization.website,
        "tags": _list_tags(organization, info),
        "urls": _deduplicate([{"name": link.kind, "url": link.url} for link in organization.links]),
        "description": organization.summary or organization.description,
        "starts_at": _year_timestamp(organization.founded) if organization.founded else None,
        "geographic_scope": _geographic_scope(organization.service_areas),
        **(_office_contact(organization) if info.audience is Audience.PUBLIC else {}),
        "relationships": _list_relationships(organization, info),
        "unique_id": organization.id,
        **(_location_fields(location) if location else {}),
    }
    return {name: value for name, value in profile.items() if value is not None and value != []}


def _list_tags(organization: Organization, info: ExportInfo) -> list[str]:
    terms = [ISSUE_AREAS.require(slug) for slug in organization.issue_areas]
    terms += [COMMUNITIES.require(slug) for slug in organization.communities]
    terms += [WORK_AREAS.require(slug) for slug in organization.work_areas]
    return _deduplicate([*([FICTIONAL_TAG] if info.fictional else ()), *(term.label() for term in terms)])


def _deduplicate(values: list[Any]) -> list[Any]:
    return [value for position, value in enumerate(values) if value not in values[:position]]


def _year_timestamp(year: int) -> int:
    """Return January 1 of the year in seconds since 1970, the form that the schema requires for a year."""
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
