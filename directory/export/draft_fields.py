"""Convert published records to draft fields: the content of our own exports, and the result of importing them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct

from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Disclosure, Precision
from directory.records import Address, Audience, Contact, Location, Organization, Profile, PublishedRecord, Source
from directory.vocabulary.regions import HOME_COUNTRY

# Points of other precisions are centers of areas, and not part of a draft.
TRUE_POINT_PRECISIONS = (Precision.EXACT, Precision.STREET)
_REFERENCE_FIELDS = ("parent", "relations")
_COPIED_FIELDS = (*Profile.__struct_fields__, *_REFERENCE_FIELDS)
_DISCLOSURE_BY_PRECISION = {
    Precision.POSTAL_CODE: Disclosure.POSTAL_CODE,
    Precision.CITY: Disclosure.CITY,
    Precision.COUNTY: Disclosure.COUNTY,
    Precision.STATE: Disclosure.STATE,
}


def list_location_fields(record: PublishedRecord) -> list[dict[str, Any]]:
    """Return the fields of a LocationDraft for each location, in order. `disclosure` is always one of them.

    `is_primary` is left out for an only location.
    """
    has_several = len(record.locations) > 1
    return [_location_fields(location, record.id, has_several) for location in record.locations]


def find_strictest_disclosure(locations: list[dict[str, Any]]) -> str | None:
    """Return the strictest disclosure of the locations: HIDDEN if there are none, None if it is EXACT (the default)."""
    disclosures = (Disclosure(location["disclosure"]) for location in locations)
    strictest = max(disclosures, key=lambda disclosure: disclosure.strictness, default=Disclosure.HIDDEN)
    return None if strictest is Disclosure.EXACT else strictest.value


def _location_fields(location: Location, organization_id: str, has_several: bool) -> dict[str, Any]:
    address = location.address or Address(HOME_COUNTRY)
    disclosure = _infer_disclosure(location, address, organization_id)
    point = location.point if location.precision in TRUE_POINT_PRECISIONS else None
    fields = {
        "name": location.name,
        "street": address.street,
        "city": address.city,
        "county": _gazetteer_county(address.county, address.state) if address.country == HOME_COUNTRY and address.state else None,
        "state": _format_state(address, location),
        "postal_code": address.postal_code,
        "country": address.country,
        "latitude": point.latitude if point else None,
        "longitude": point.longitude if point else None,
        "known": location.precision.value if location.precision is Precision.STREET else None,
        "disclosure": disclosure.value,
        "is_primary": True if location.is_primary and has_several else None,
    }
    return {field: value for field, value in fields.items() if value is not None}


def _infer_disclosure(location: Location, address: Address, organization_id: str) -> Disclosure:
    """Return a disclosure that publishes the same. Only EXACT publishes names, streets, true points and foreign postal codes."""
    is_foreign = address.country != HOME_COUNTRY
    has_true_point = location.precision in TRUE_POINT_PRECISIONS
    if location.name or address.street or has_true_point or (is_foreign and address.postal_code):
        return Disclosure.EXACT
    if location.precision is not Precision.UNKNOWN:
        return _DISCLOSURE_BY_PRECISION[location.precision]
    if location.id == _hidden_location_id(organization_id, address):
        return Disclosure.HIDDEN
    return Disclosure.CITY if address.city else Disclosure.STATE


def _hidden_location_id(organization_id: str, address: Address) -> str:
    """Return the id that publishing gives to a hidden location, of which at most the state is public."""
    area = f"{address.country}-{address.state}" if address.state else address.country
    return str(uuid5(UUID(organization_id), f"hidden:{area}"))


def _format_state(address: Address, location: Location) -> str | None:
    """Return the letters of a US state or the ISO 3166-2 code of a foreign one; None if it is unknown."""
    if address.state is None:
        region = location.regions[0] if location.regions else ""
        is_state = region.startswith(f"{HOME_COUNTRY}-") and region.count("-") == 1
        return region if is_state and location.precision is Precision.UNKNOWN else None
    return address.state if address.country == HOME_COUNTRY else f"{address.country}-{address.state}"


@lru_cache(maxsize=8192)
def _gazetteer_county(name: str | None, state: str) -> str | None:
    """Return the county if the gazetteer has it. Others cannot be stated in a draft; they follow from the ZIP code."""
    return name if name and get_gazetteer().find_county_by_name(name, state) else None


def to_draft_fields(organization: Organization, audience: Audience = Audience.PUBLIC) -> dict[str, Any]:
    """Return `id` and the fields of an OrganizationDraft that reproduce this record for this audience, except `updated_at`.

    Values are JSON-ready: str, int, float, bool, lists and dicts, with enumerations as values and dates in ISO 8601. Empty
    values are left out everywhere, so importing the fields never clears a field that this audience does not see.

    A published record does not state its audience. Contacts get `audience`, and so does the record, unless that is PUBLIC.
    """
    fields = {field: to_json_value(value) for field in _COPIED_FIELDS if _is_stated(value := getattr(organization, field))}
    if locations := list_location_fields(organization):
        fields["locations"] = locations
    if organization.contacts:
        fields["contacts"] = [_contact_fields(contact, audience) for contact in organization.contacts]
    if organization.sources:
        fields["sources"] = format_sources(organization.sources, fields.get("locations", []))
    if audience is not Audience.PUBLIC:
        fields["audience"] = audience.value
    return fields


def to_json_value(value: Any) -> Any:
    """Return the value as JSON-ready data. Empty fields of structs are left out."""
    if isinstance(value, Struct):
        return {field: to_json_value(part) for field in value.__struct_fields__ if _is_stated(part := getattr(value, field))}
    if isinstance(value, tuple):
        return [to_json_value(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, dt.date) else value


def _is_stated(value: object) -> bool:
    return value is not None and value != ()


def _contact_fields(contact: Contact, audience: Audience) -> dict[str, Any]:
    return {**to_json_value(contact), "audience": audience.value}


def format_sources(sources: Iterable[Source], locations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the fields of a SourceDraft for each source of a record with these `locations`."""
    return [dict(_source_fields(source, locations)) for source in sources]


def _source_fields(source: Source, locations: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a source. It reveals locations (`tells`) as exactly as the record publishes them."""
    for field in ("field", "title", "url", "date"):
        if _is_stated(value := getattr(source, field)):
            yield field, to_json_value(value)
    if source.field == "locations" and (disclosure := find_strictest_disclosure(locations)):
        yield "tells", disclosure
