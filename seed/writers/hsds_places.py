"""Published places as HSDS locations: the point that is published, and an address only where all that HSDS requires is told."""

from collections.abc import Iterator, Sequence
from typing import Any

from directory.geo import Disclosure, Precision
from directory.records import Address, Location, Organization
from seed.writers.hsds_profile import Record, attribute, id_of, profile_term

REQUIRED = {"street": "street", "city": "city", "state": "state", "postal_code": "postal code"}  # beside the country
TRUE_POINTS = (Precision.EXACT, Precision.STREET)
_IN_FIELDS = ("name", "latitude", "longitude")  # of a stated place
_IN_ADDRESSES = (*REQUIRED, "country")


def locations(organization: Organization, places: Sequence[dict[str, Any]]) -> list[Record]:
    """In their order. `places` are the same ones as stated (stated_places.py)."""
    return [_location(one, place) for one, place in zip(organization.locations, places, strict=True)]


def _location(location: Location, place: dict[str, Any]) -> Record:
    address = location.address
    missing = _missing(address)
    found: Record = {"id": location.id, "location_type": "physical"}
    if location.name:
        found["name"] = location.name
    if location.point:
        found |= {"latitude": location.point.latitude, "longitude": location.point.longitude}
    if address and not missing:
        found["addresses"] = [_address(address, location.id)]
    told = [*_told(location, place, missing)]
    found["attributes"] = [attribute(location.id, "location", profile_term(code), value) for code, value in told]
    return found


def _told(location: Location, place: dict[str, Any], missing: list[str]) -> Iterator[tuple[str, str]]:
    yield "precision", location.precision.value
    if location.radius_km is not None:
        yield "radius_km", str(location.radius_km)
    if missing:
        yield "address", _reason(place, missing)
    for part, value in place.items():
        if part not in _IN_FIELDS and (missing or part not in _IN_ADDRESSES):
            yield part, "true" if value is True else str(value)


def _missing(address: Address | None) -> list[str]:
    return [word for part, word in REQUIRED.items() if address is None or not getattr(address, part)]


def _reason(place: dict[str, Any], missing: list[str]) -> str:
    disclosure = Disclosure(place["disclosure"])
    if disclosure is Disclosure.EXACT:
        return f"Incomplete: no {' and no '.join(missing)} is stated."
    return f"Withheld: the place is told by {disclosure.value} alone."


def _address(address: Address, owner: str) -> Record:
    return {
        "id": id_of(owner, "address"),
        "address_1": address.street,
        "city": address.city,
        "state_province": address.state,
        "postal_code": address.postal_code,
        "country": address.country,
        "address_type": "physical",
    }
