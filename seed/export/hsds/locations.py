"""Published places as HSDS locations: the point that is published, and an address only where all that HSDS requires is told."""

from collections.abc import Iterator, Sequence
from typing import Any

from directory.geo import Disclosure, Precision
from directory.records import Address, Location, Organization
from seed.export.hsds.profile import HsdsObject, build_attribute, derive_part_id, profile_term

REQUIRED_ADDRESS_PARTS = {
    "street": "street",
    "city": "city",
    "state": "state",
    "postal_code": "postal code",
}  # beside the country
TRUE_POINT_PRECISIONS = (Precision.EXACT, Precision.STREET)
_LOCATION_COLUMNS = ("name", "latitude", "longitude")  # of a stated place
_ADDRESS_COLUMNS = (*REQUIRED_ADDRESS_PARTS, "country")


def build_locations(organization: Organization, places: Sequence[dict[str, Any]]) -> list[HsdsObject]:
    """In their order. `places` are the same ones as stated (stated_places.py)."""
    return [_build_location(one, place) for one, place in zip(organization.locations, places, strict=True)]


def _build_location(location: Location, place: dict[str, Any]) -> HsdsObject:
    address = location.address
    missing = _list_missing_parts(address)
    found: HsdsObject = {"id": location.id, "location_type": "physical"}
    if location.name:
        found["name"] = location.name
    if location.point:
        found |= {"latitude": location.point.latitude, "longitude": location.point.longitude}
    if address and not missing:
        found["addresses"] = [_build_address(address, location.id)]
    told = [*_list_attributes(location, place, missing)]
    found["attributes"] = [build_attribute(location.id, "location", profile_term(code), value) for code, value in told]
    return found


def _list_attributes(location: Location, place: dict[str, Any], missing: list[str]) -> Iterator[tuple[str, str]]:
    yield "precision", location.precision.value
    if location.radius_km is not None:
        yield "radius_km", str(location.radius_km)
    if missing:
        yield "address", _explain_missing_address(place, missing)
    for part, value in place.items():
        if part not in _LOCATION_COLUMNS and (missing or part not in _ADDRESS_COLUMNS):
            yield part, "true" if value is True else str(value)


def _list_missing_parts(address: Address | None) -> list[str]:
    return [word for part, word in REQUIRED_ADDRESS_PARTS.items() if address is None or not getattr(address, part)]


def _explain_missing_address(place: dict[str, Any], missing: list[str]) -> str:
    disclosure = Disclosure(place["disclosure"])
    if disclosure is Disclosure.EXACT:
        return f"Incomplete: no {' and no '.join(missing)} is stated."
    return f"Withheld: the place is told by {disclosure.value} alone."


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
