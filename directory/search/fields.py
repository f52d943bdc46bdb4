"""What of an organization is searched word by word, as passages: quoted words stand together within one passage.

Contacts, streets, postal codes, identifiers, links and sources are not among it.
"""

from collections.abc import Callable

from directory.records import Address, Organization
from directory.regions import REGIONS


def names(organization: Organization) -> list[str]:
    """The name, then the others: legal, former, translated, acronyms ..."""
    return [organization.name, *(other.name for other in organization.names)]


def addresses(organization: Organization) -> list[Address]:
    """The published addresses."""
    return [location.address for location in organization.locations if location.address is not None]


def place_lines(address: Address) -> list[str]:
    """City and county, each with the state as written and by its name: "Atlanta, GA", "Atlanta, Georgia"; [] where none is told."""
    areas = [area for area in (address.city, address.county) if area]
    states = _states(address)
    if not areas or not states:
        return areas or states
    return [f"{area}, {state}" for area in areas for state in states]


def _states(address: Address) -> list[str]:
    if address.state is None:
        return []
    region = REGIONS.get(f"{address.country}-{address.state}")
    return list(dict.fromkeys([address.state, *([region.name] if region else [])]))


def _places(organization: Organization) -> list[str]:
    return list(dict.fromkeys(line for address in addresses(organization) for line in place_lines(address)))


FIELDS: dict[str, Callable[[Organization], list[str]]] = {
    "names": names,
    "places": _places,
    "summary": lambda organization: [organization.summary] if organization.summary else [],
    "description": lambda organization: [organization.description] if organization.description else [],
}
