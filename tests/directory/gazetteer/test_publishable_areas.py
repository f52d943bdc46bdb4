"""Every place that is published by default may lie in at least five ZIP codes, whatever was stated about it."""

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

ISSUE_AREAS = {"CITY": (), "COUNTY": ("immigration",), "HIDDEN": ("gender-violence",)}  # by default disclosure
MIN_CODES = 5
STATED_FIELDS: Mapping[str, tuple[str, ...]] = {  # what is stated about a place
    "city and ZIP code": ("city", "state", "postal_code"),
    "ZIP code": ("postal_code",),
    "city": ("city", "state"),
    "city and county": ("city", "county", "state"),
    "county": ("county", "state"),
    "state": ("state",),
}
_DIGITS = re.compile(r"\d")  # the name of a city has none
ACCEPTED = "another accepted city name and ZIP code"
Groups = defaultdict[tuple[Location, ...], set[str]]


class Row(NamedTuple):
    """A ZIP code in the gazetteer. `is_standard` is False for PO boxes and codes of a single recipient."""

    stated_fields: dict[str, str]
    is_standard: bool
    accepted_names: list[str]  # other names of its city


@cache
def _list_rows() -> list[Row]:
    return [row for row in map(_parse_row, zipcodes.list_all()) if row]  # type: ignore[no-untyped-call]


def _parse_row(row: dict[str, str]) -> Row | None:
    place = get_gazetteer().find_postal_code(row["zip_code"])
    if place is None or row["city"] in MILITARY_CITIES:
        return None
    stated = {"postal_code": row["zip_code"], "city": row["city"], "state": row["state"], "county": place.county or ""}
    return Row(stated, row["zip_code_type"] == "STANDARD" and bool(row["active"]), row["acceptable_cities"])  # type: ignore[arg-type]


@cache
def _locate_all(known: str) -> list[tuple[Row, StoredLocation]]:
    """Return each ZIP code about which this can be stated, with the location that states just this."""
    sites: dict[tuple[str, ...], StoredLocation] = {}
    located_rows = []
    for row in _list_rows():
        for stated in _iter_statements(row, known):
            key = tuple(stated.values())
            if key not in sites:
                sites[key] = locate(LocationDraft(**stated), id="place")
            located_rows.append((row, sites[key]))
    return located_rows


def _iter_statements(row: Row, known: str) -> Iterator[dict[str, str]]:
    if known == ACCEPTED:
        with_name = {field: row.stated_fields[field] for field in STATED_FIELDS["city and ZIP code"]}
        yield from ({**with_name, "city": name} for name in row.accepted_names if not _DIGITS.search(name))
    elif all(row.stated_fields[field] for field in STATED_FIELDS[known]):
        yield {field: row.stated_fields[field] for field in STATED_FIELDS[known]}


@cache
def _group_by_published_locations(known: str, default: str) -> Groups:
    """Group the ZIP codes by what is published about them, without those about which nothing is published."""
    seen: dict[StoredLocation, tuple[Location, ...]] = {}
    groups = Groups(set)
    for row, site in _locate_all(known):
        if site not in seen:
            seen[site] = publish_places(an_entry(sites=(site,), issue_areas=ISSUE_AREAS[default])).locations
        if seen[site]:
            groups[seen[site]].add(row.stated_fields["postal_code"])
    return groups


@cache
def _standard_codes() -> frozenset[str]:
    return frozenset(row.stated_fields["postal_code"] for row in _list_rows() if row.is_standard)


def _select_standard(codes: set[str]) -> set[str]:
    return codes & _standard_codes()


@pytest.mark.slow
@pytest.mark.parametrize("default", ISSUE_AREAS)
@pytest.mark.parametrize("known", STATED_FIELDS)
def test_at_least_five_zip_codes_are_published_as_the_same(known: str, default: str) -> None:
    sizes = {area: _select_standard(codes) for area, codes in _group_by_published_locations(known, default).items()}
    small = [f"{area[0].address}: {sorted(codes)}" for area, codes in sizes.items() if 0 < len(codes) < MIN_CODES]
    assert not small, "\n".join(small)
    assert sizes


@pytest.mark.slow
@pytest.mark.parametrize("default", ISSUE_AREAS)
def test_what_is_published_about_any_address_is_published_about_five_zip_codes(default: str) -> None:
    """This includes PO boxes and alternative postal names of cities."""
    codes: defaultdict[Location, set[str]] = defaultdict(set)
    for known in (*STATED_FIELDS, ACCEPTED):
        for area, published in _group_by_published_locations(known, default).items():
            codes[_normalize_city(area[0])] |= _select_standard(published)
    small = {str(area): sorted(zip_codes) for area, zip_codes in codes.items() if len(zip_codes) < MIN_CODES}
    assert not small, "\n".join(f"{area}: {zip_codes}" for area, zip_codes in small.items())


def _normalize_city(location: Location) -> Location:
    address = location.address
    assert address is not None
    return replace(location, address=replace(address, city=address.city and make_place_key(address.city)))
