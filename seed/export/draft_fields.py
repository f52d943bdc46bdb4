"""A published record as somebody would state it: what every export of ours holds, and what reading one back gives."""

import datetime as dt
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct

from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Disclosure, Precision
from directory.records import Address, Audience, Contact, Location, Organization, Profile, Source

HOME_COUNTRY = "US"
_TRUE_POINT_PRECISIONS = (
    Precision.EXACT,
    Precision.STREET,
)  # of all others the point is the middle of an area, and nobody states that
_DISCLOSURE_BY_PRECISION = {
    Precision.POSTAL_CODE: Disclosure.POSTAL_CODE,
    Precision.CITY: Disclosure.CITY,
    Precision.COUNTY: Disclosure.COUNTY,
    Precision.STATE: Disclosure.STATE,
}


def list_location_fields(organization: Organization) -> list[dict[str, Any]]:
    """The places in their order, each as a LocationDraft's fields; `disclosure` always stands among them.

    The only place is the primary one without saying so.
    """
    several = len(organization.locations) > 1
    return [_location_fields(location, organization.id, several) for location in organization.locations]


def find_strictest_disclosure(places: list[dict[str, Any]]) -> str | None:
    """The strictest of their disclosures, HIDDEN for no places; None where it is EXACT, which needs no mention."""
    told = max((Disclosure(place["disclosure"]) for place in places), key=lambda one: one.strictness, default=Disclosure.HIDDEN)
    return None if told is Disclosure.EXACT else told.value


def _location_fields(location: Location, organization_id: str, several: bool) -> dict[str, Any]:
    address = location.address or Address(HOME_COUNTRY)
    disclosure = _infer_disclosure(location, address, organization_id)
    point = location.point if location.precision in _TRUE_POINT_PRECISIONS else None
    place = {
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
        "is_primary": True if location.is_primary and several else None,
    }
    return {field: value for field, value in place.items() if value is not None}


def _infer_disclosure(location: Location, address: Address, organization_id: str) -> Disclosure:
    """With which the same is told. EXACT alone tells a name, a street, a true point and a postal code abroad."""
    is_abroad = address.country != HOME_COUNTRY
    if location.name or address.street or location.precision in _TRUE_POINT_PRECISIONS or (is_abroad and address.postal_code):
        return Disclosure.EXACT
    if location.precision is not Precision.UNKNOWN:
        return _DISCLOSURE_BY_PRECISION[location.precision]
    if location.id == _hidden_location_id(organization_id, address):
        return Disclosure.HIDDEN
    return Disclosure.CITY if address.city else Disclosure.STATE


def _hidden_location_id(organization_id: str, address: Address) -> str:
    """What publication calls a hidden place, of which it tells the state at most."""
    area = f"{address.country}-{address.state}" if address.state else address.country
    return str(uuid5(UUID(organization_id), f"hidden:{area}"))


def _format_state(address: Address, location: Location) -> str | None:
    """At home by its letters, abroad by its code, as it is to be written there."""
    if address.state is None:
        own = location.regions[0] if location.regions else ""
        return (
            own
            if own.startswith(f"{HOME_COUNTRY}-") and own.count("-") == 1 and location.precision is Precision.UNKNOWN
            else None
        )
    return address.state if address.country == HOME_COUNTRY else f"{address.country}-{address.state}"


@lru_cache(maxsize=8192)
def _gazetteer_county(name: str | None, state: str) -> str | None:
    """Without those that cannot be stated, as the gazetteer has no place for them; these follow from the ZIP code."""
    return name if name and get_gazetteer().find_county_by_name(name, state) else None


_REFERENCE_FIELDS = ("parent", "relations")
_COPIED_FIELDS = (*Profile.__struct_fields__, *_REFERENCE_FIELDS)


def to_draft_fields(organization: Organization, audience: Audience = Audience.PUBLIC) -> dict[str, Any]:
    """The fields of an OrganizationDraft, and `id`, that make this very record again for this audience, but for `updated_at`.

    Values are JSON-ready: str, int, float, bool, lists and dicts, enumerations by their values, dates and moments in ISO 8601.
    What is not stated is left out, in parts of the record too, so that nothing here ever clears a field: what this audience is
    not told is not taken away when the record is fed back.

    A record does not tell to whom it is shown. Contacts are stated as shown to `audience` and no wider, and so is the record
    itself, unless that is PUBLIC.
    """
    stated = {field: to_json_value(value) for field in _COPIED_FIELDS if _is_stated(value := getattr(organization, field))}
    if locations := list_location_fields(organization):
        stated["locations"] = locations
    if organization.contacts:
        stated["contacts"] = [_contact_fields(contact, audience) for contact in organization.contacts]
    if organization.sources:
        stated["sources"] = [dict(_source_fields(source, stated.get("locations", []))) for source in organization.sources]
    if audience is not Audience.PUBLIC:
        stated["audience"] = audience.value
    return stated


def to_json_value(value: Any) -> Any:
    """The value as JSON has it; of a struct the fields that are stated."""
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


def _source_fields(source: Source, locations: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    """A source of places is told only where these are told as exactly as it tells them: so it tells them no more exactly."""
    for field in ("field", "title", "url", "date"):
        if _is_stated(value := getattr(source, field)):
            yield field, to_json_value(value)
    if source.field == "locations" and (tells := find_strictest_disclosure(locations)):
        yield "tells", tells
