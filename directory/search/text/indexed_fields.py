"""The texts of a record that are searched word by word, as passages. A quoted phrase must occur within one passage.

The text of a field must be the same for every audience that sees the field: all audiences share one index of its words.

Contacts, streets, postal codes, identifiers, links and sources are not searched.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeAlias

from msgspec import Struct

from directory.fields import FIELDS, TEXT_FIELDS
from directory.records import Address, Audience, Organization, PublishedRecord
from directory.text import fold
from directory.vocabulary.regions import REGIONS


def list_addresses(record: PublishedRecord) -> list[Address]:
    """Return the published addresses."""
    return [location.address for location in record.locations if location.address is not None]


def build_place_lines(address: Address) -> list[str]:
    """Return city and county, each with every name of the state: "Taos, NM", "Taos, New Mexico", "Taos, Nuevo México".

    If there is no state, return city and county alone; if there is neither, the names of the state; [] if nothing is known.
    """
    areas = [area for area in (address.city, address.county) if area]
    states = _list_state_names(address)
    if not areas or not states:
        return areas or states
    return [f"{area}, {state}" for area in areas for state in states]


def _list_state_names(address: Address) -> list[str]:
    if address.state is None:
        return []
    region = REGIONS.get(f"{address.country}-{address.state}")
    names = [region.name, region.name_es or region.name] if region else []
    return list(dict.fromkeys([address.state, *names]))


@lru_cache(maxsize=1 << 14)  # thousands of organizations share a city
def _fold_place_lines(country: str, state: str | None, county: str | None, city: str | None) -> tuple[str, ...]:
    return tuple(map(fold, build_place_lines(Address(country, state, county, city))))


def _build_name_passages(organization: Organization) -> list[str]:
    return [fold(organization.name), *(fold(other.name) for other in organization.names)]


def build_place_passages(record: PublishedRecord) -> list[str]:
    """Return the names of the published places, folded."""
    addresses = ((address.country, address.state, address.county, address.city) for address in list_addresses(record))
    return list(dict.fromkeys(line for parts in addresses for line in _fold_place_lines(*parts)))


def _build_text_reader(field: str) -> Callable[[Organization], list[str]]:
    get_text = attrgetter(field)
    return lambda organization: [fold(text)] if (text := get_text(organization)) else []


class IndexedField(Struct, frozen=True):
    """A field whose words are searched: its folded passages, the narrowest audience that sees it, and its TextTier."""

    build_passages: Callable[[Any], list[str]]
    audience: Audience = Audience.PUBLIC
    tier: str = "NAMES"


IndexedFields: TypeAlias = Mapping[str, IndexedField]

INDEXED_FIELDS: IndexedFields = {
    "names": IndexedField(_build_name_passages),
    "places": IndexedField(build_place_passages, tier="PLACES_AND_COMMUNITIES"),
    **{
        field: IndexedField(_build_text_reader(field), FIELDS[field].audience, FIELDS[field].searched_in or "")
        for field in TEXT_FIELDS
    },
}
