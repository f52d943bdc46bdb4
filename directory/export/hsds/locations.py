"""Build HSDS locations: the published point, and an address only if every part that HSDS requires is published."""

from collections.abc import Iterator, Sequence
from typing import Any

from directory.export.hsds.profile import HsdsObject, build_attribute, derive_part_id, profile_term
from directory.geo import Disclosure
from directory.records import Address, Location, Organization

# In addition to the country, which every address has.
REQUIRED_ADDRESS_PARTS = {"street": "street", "city": "city", "state": "state", "postal_code": "postal code"}
_LOCATION_COLUMNS = ("name", "latitude", "longitude")
_ADDRESS_COLUMNS = (*REQUIRED_ADDRESS_PARTS, "country")


def build_locations(organization: Organization, location_fields: Sequence[dict[str, Any]]) -> list[HsdsObject]:
    """Return the HSDS locations in order. `location_fields` are the draft fields of the same locations."""
    pairs = zip(organization.locations, location_fields, strict=True)
    return [_build_location(location, fields) for location, fields in pairs]


def _build_location(location: Location, fields: dict[str, Any]) -> HsdsObject:
    address = location.address
    missing = _list_missing_parts(address)
    record: HsdsObject = {"id": location.id, "location_type": "physical"}
    if location.name:
        record["name"] = location.name
    if location.point:
        record |= {"latitude": location.point.latitude, "longitude": location.point.longitude}
    if address and not missing:
        record["addresses"] = [_build_address(address, location.id)]
    attributes = _list_attributes(location, fields, missing)
    record["attributes"] = [build_attribute(location.id, "location", profile_term(code), value) for code, value in attributes]
    return record


def _list_attributes(location: Location, fields: dict[str, Any], missing: list[str]) -> Iterator[tuple[str, str]]:
    yield "precision", location.precision.value
    if location.radius_km is not None:
        yield "radius_km", str(location.radius_km)
    if missing:
        yield "address", _explain_missing_address(fields, missing)
    for part, value in fields.items():
        if part not in _LOCATION_COLUMNS and (missing or part not in _ADDRESS_COLUMNS):
            yield part, "true" if value is True else str(value)


def _list_missing_parts(address: Address | None) -> list[str]:
    return [word for part, word in REQUIRED_ADDRESS_PARTS.items() if address is None or not getattr(address, part)]


def _explain_missing_address(fields: dict[str, Any], missing: list[str]) -> str:
    disclosure = Disclosure(fields["disclosure"])
    if disclosure is Disclosure.EXACT:
        return f"Incomplete: no {' and no '.join(missing)} is stated."
    return f"Withheld: the disclosure of this location is {disclosure.value}."


def _build_address(address: Address, owner: str) -> HsdsObject:
    return {
        "id": derive_part_id(owner, "address"),
        "address_1": address.street,
        "city": address.city,
        "state_province": address.state,
        "postal_code": address.postal_code,
        "country": address.country,
        "address_type": "physical",
    }
