"""No place published by default tells in which of fewer than five ZIP codes it lies, whatever was known of it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

import pytest
import zipcodes
from msgspec.structs import replace

from directory.drafts.draft_parts import LocationDraft
from directory.drafts.geocoding import locate
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import make_place_key
from directory.gazetteer.postal_columns import MILITARY_CITIES
from directory.published_places import publish_places
from directory.records import Location, StoredLocation
from tests.directory.test_publish_places import an_entry

THEMES = {"CITY": (), "COUNTY": ("immigration",), "HIDDEN": ("gender-violence",)}  # a default disclosure, and what asks for it
ENOUGH = 5
KNOWN: Mapping[str, tuple[str, ...]] = {  # what is stated of a place
    "city and ZIP code": ("city", "state", "postal_code"),
    "ZIP code": ("postal_code",),
    "city": ("city", "state"),
    "city and county": ("city", "county", "state"),
    "county": ("county", "state"),
    "state": ("state",),
}
_DIGITS = re.compile(r"\d")  # no city is written with any
ACCEPTED = "another accepted city name and ZIP code"
Groups = defaultdict[tuple[Location, ...], set[str]]


class Row(NamedTuple):
    """A ZIP code as the gazetteer knows it. `is_standard` is False where nobody lives: a PO box or a single recipient."""

    stated: dict[str, str]
    is_standard: bool
    accepted: list[str]  # other names of its city


@cache
def _rows() -> list[Row]:
    return [row for row in map(_row, zipcodes.list_all()) if row]  # type: ignore[no-untyped-call]


def _row(row: dict[str, str]) -> Row | None:
    place = get_gazetteer().find_postal_code(row["zip_code"])
    if place is None or row["city"] in MILITARY_CITIES:
        return None
    stated = {"postal_code": row["zip_code"], "city": row["city"], "state": row["state"], "county": place.county or ""}
    return Row(stated, row["zip_code_type"] == "STANDARD" and bool(row["active"]), row["acceptable_cities"])  # type: ignore[arg-type]


@cache
def _located(known: str) -> list[tuple[Row, StoredLocation]]:
    """Each ZIP code of which so much can be known, with the place of somebody who states just that."""
    sites: dict[tuple[str, ...], StoredLocation] = {}
    found = []
    for row in _rows():
        for stated in _stated(row, known):
            key = tuple(stated.values())
            if key not in sites:
                sites[key] = locate(LocationDraft(**stated), id="place")
            found.append((row, sites[key]))
    return found


def _stated(row: Row, known: str) -> Iterator[dict[str, str]]:
    if known == ACCEPTED:
        with_name = {field: row.stated[field] for field in KNOWN["city and ZIP code"]}
        yield from ({**with_name, "city": name} for name in row.accepted if not _DIGITS.search(name))
    elif all(row.stated[field] for field in KNOWN[known]):
        yield {field: row.stated[field] for field in KNOWN[known]}


@cache
def _published(known: str, default: str) -> Groups:
    """The ZIP codes that are published as the same, by all that is published; none of those of which nothing is published."""
    seen: dict[StoredLocation, tuple[Location, ...]] = {}
    groups = Groups(set)
    for row, site in _located(known):
        if site not in seen:
            seen[site] = publish_places(an_entry(sites=(site,), issue_areas=THEMES[default])).locations
        if seen[site]:
            groups[seen[site]].add(row.stated["postal_code"])
    return groups


@cache
def _standard_codes() -> frozenset[str]:
    return frozenset(row.stated["postal_code"] for row in _rows() if row.is_standard)


def _standard(codes: set[str]) -> set[str]:
    return codes & _standard_codes()


@pytest.mark.slow
@pytest.mark.parametrize("default", THEMES)
@pytest.mark.parametrize("known", KNOWN)
def test_at_least_five_zip_codes_are_published_as_the_same(known: str, default: str) -> None:
    sizes = {area: _standard(codes) for area, codes in _published(known, default).items()}
    small = [f"{area[0].address}: {sorted(codes)}" for area, codes in sizes.items() if 0 < len(codes) < ENOUGH]
    assert not small, "\n".join(small)
    assert sizes


@pytest.mark.slow
@pytest.mark.parametrize("default", THEMES)
def test_what_is_published_of_any_address_is_published_of_five_zip_codes(default: str) -> None:
    """Also of PO boxes, where nobody lives, and of the other city names that the post accepts."""
    codes: defaultdict[Location, set[str]] = defaultdict(set)
    for known in (*KNOWN, ACCEPTED):
        for area, published in _published(known, default).items():
            codes[_in_any_spelling(area[0])] |= _standard(published)
    small = {str(area): sorted(found) for area, found in codes.items() if len(found) < ENOUGH}
    assert not small, "\n".join(f"{area}: {found}" for area, found in small.items())


def _in_any_spelling(location: Location) -> Location:
    address = location.address
    assert address is not None
    return replace(location, address=replace(address, city=address.city and make_place_key(address.city)))
