"""/places, the lists of regions of one kind, and the pages of regions."""

import gzip
import html
import re
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from tests.web.pages.conftest import find_links, read_count, read_text
from tests.web.pages.test_theme_pages import read_links_with_counts
from web.maps.area_map import load_state_map
from web.pages.browse.find_regions import MAX_NAME_LENGTH
from web.pages.browse.region_group_page import GROUPS, group_by_letter
from web.pages.browse.regions import ListedRegion, compute_sort_key, get_proper_name, shorten_names

REGION_SAMPLES = [
    "US-GA",
    "US",
    "US-SOUTH",
    "US-NEW-ENGLAND",
    "US-METRO-12060",
    "NAVAJO-NATION",
    "APPALACHIA",
    "US-GA-121",
    "CA",
    "FR",
]
MAX_BYTES = 40_000


def list_codes(links: list[str]) -> list[str]:
    return [link.removeprefix("/places/") for link in links]


def count_local(visitor: TestClient, code: str) -> int:
    """Return the number of organizations located in a region or serving it, without nationwide ones."""
    return read_count(visitor.get(f"/?region={code}&nationwide=EXCLUDE"))


@pytest.mark.slow
def test_every_state_has_the_number_of_the_search_for_it(visitor: TestClient) -> None:
    counts = dict(read_links_with_counts(visitor.get("/places")))
    states = [region.code for region in REGIONS if region.kind == RegionKind.STATE and region.code.startswith("US-")]
    assert len(states) == 57
    for code in states:
        assert counts[f"/places/{code}"] == count_local(visitor, code), code


def test_divisions_are_listed_below_their_census_regions(visitor: TestClient) -> None:
    codes = list_codes(find_links(visitor.get("/places"), r"^/places/US-[A-Z]{3}"))
    kinds = [REGIONS.require(code).kind for code in codes]
    starts = [place for place, kind in enumerate(kinds) if kind == RegionKind.CENSUS_REGION]
    assert len(starts) == 4
    assert len(codes) == 13
    for start, end in pairwise([*starts, len(codes)]):
        assert set(codes[start + 1 : end]) == set(REGIONS.contained_codes(codes[start], RegionKind.CENSUS_DIVISION))


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.path)
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_the_list_of_a_kind_is_complete_and_in_order(visitor: TestClient, group: Any, prefix: str) -> None:
    response = visitor.get(prefix + group.path)
    expected = {region.code for region in REGIONS if region.kind == group.kind}
    links = [link for link, _ in read_links_with_counts(response)]
    assert {link.removeprefix(f"{prefix}/places/") for link in links} == expected
    labels = re.findall(r'<a href="[^"]*/places/[A-Z][^"]*">([^<]*)</a>', response.text)
    assert len(labels) == len(expected)
    assert labels == sorted(labels, key=lambda label: compute_sort_key(get_proper_name(html.unescape(label))))
    letters = find_links(response, "^#[A-Z0-9]$")
    assert letters == [f"#{letter}" for letter in re.findall(r'<h2 id="(.)">', response.text)]
    assert len(letters) > 2
    assert len(gzip.compress(response.content, 5)) < MAX_BYTES / 2


def test_tribal_areas_are_below_the_letters_of_their_proper_names(visitor: TestClient) -> None:
    letters = [re.findall(r'<h2 id="(.)">', visitor.get(f"/{code}/places/tribal-areas").text) for code in ("en", "es")]
    assert letters[0] == letters[1]
    section = re.search(r'<h2 id="N">.*?</section>', visitor.get("/es/places/tribal-areas").text, re.DOTALL)
    assert section
    assert re.findall(r">([^<]+)</a>", section[0]) == ["Nación Navajo"]


def test_numbers_of_metro_areas_are_those_of_the_searches_for_them(visitor: TestClient) -> None:
    for link, count in read_links_with_counts(visitor.get("/places/metro-areas"))[::40]:
        assert count == count_local(visitor, link.removeprefix("/places/"))


@pytest.mark.parametrize("code", REGION_SAMPLES)
def test_the_numbers_on_the_page_of_a_region_are_those_of_searches(visitor: TestClient, code: str) -> None:
    response = visitor.get(f"/places/{code}")
    lead = re.search(r'<p class="lead">\s*([\d,]+)', response.text)
    assert lead
    assert int(lead[1].replace(",", "")) == count_local(visitor, code)
    numbers = dict(re.findall(r'<h2 id="(located|serving)">[^<]*<span class="number">([\d,]+)', response.text))
    searches = {"located": f"region={code}&by=LOCATED", "serving": f"region={code}&by=SERVING&nationwide=EXCLUDE"}
    assert numbers == {name: f"{read_count(visitor.get(f'/?{search}')):,}" for name, search in searches.items()}
    for link, count in _sample(read_links_with_counts(response)):
        found = visitor.get(link) if "?" in link else visitor.get(f"/?region={link.removeprefix('/places/')}&nationwide=EXCLUDE")
        assert read_count(found) == count, link
    for link in find_links(response, "nationwide=ONLY"):
        assert f">{read_count(visitor.get(link))} more work" in response.text


def _sample(links: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return links[:: len(links) // 12 + 1]


def test_a_state_lists_its_counties_and_the_regions_around_it(visitor: TestClient) -> None:
    response = visitor.get("/places/US-GA")
    listed = list_codes([link for link, _ in read_links_with_counts(response)])
    counties = [REGIONS.require(code).name for code in listed if code.startswith("US-GA-")]
    expected = [REGIONS.require(code).name for code in REGIONS.contained_codes("US-GA", RegionKind.COUNTY)]
    assert counties == sorted(expected, key=compute_sort_key)
    assert "US-METRO-12060" in listed
    assert {f"/places/{code}" for code in REGIONS.containing_codes("US-GA")} <= set(find_links(response, "^/places/"))


@pytest.mark.parametrize("path", ["/places", "/places/US-GA"])
def test_the_map_leads_to_pages_of_places_and_has_the_numbers_of_the_list(visitor: TestClient, path: str) -> None:
    response = visitor.get(path)
    areas = re.findall(r'<a class="s\d" href="([^"]+)"[^>]*><title>[^<]*: ([\d,]+) organizations?</title>', response.text)
    if load_state_map() is None:
        pytest.skip("the outlines are not built (./dev front)")
    assert len(areas) > 40
    counts = dict(read_links_with_counts(response))
    assert [(link, int(number)) for link, number in areas] == [(link, counts[link]) for link, _ in areas]


def test_counties_of_a_state_within_a_region_are_on_the_page_of_the_state(visitor: TestClient) -> None:
    codes = list_codes(find_links(visitor.get("/places/APPALACHIA"), "^/places/"))
    assert "US-WV" in codes
    assert "US-GA-011" in codes
    assert not [code for code in codes if code.startswith("US-WV-")]


@pytest.mark.parametrize("code", ["US", "US-SOUTH"])
def test_a_wide_region_leads_to_counties_through_its_states(visitor: TestClient, code: str) -> None:
    codes = list_codes(find_links(visitor.get(f"/places/{code}"), "^/places/"))
    assert "US-GA" in codes
    assert not [each for each in codes if re.fullmatch(r"US-[A-Z]{2}-\d{3}|US-METRO-\d+", each)]


def test_the_first_organizations_are_those_of_the_searches(visitor: TestClient) -> None:
    shown = find_links(visitor.get("/places/US-TX"), "^/organizations/")
    located = find_links(visitor.get("/?region=US-TX&by=LOCATED"), r"^/organizations/[^?]+$")[:10]
    serving = find_links(visitor.get("/?region=US-TX&by=SERVING&nationwide=EXCLUDE"), r"^/organizations/[^?]+$")[:10]
    assert located
    assert serving
    assert shown == located + serving


@pytest.mark.parametrize("code", ["us-ga", "GA-US", "US-XX", "30312", "%00", "%2e%2e", "A" * 2_000, "metro-areas/A"])
def test_a_region_that_does_not_exist_has_no_page(visitor: TestClient, code: str) -> None:
    assert visitor.get(f"/places/{code}").status_code == 404


@pytest.mark.parametrize("code", REGION_SAMPLES)
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_pages_of_regions_are_small(visitor: TestClient, code: str, prefix: str) -> None:
    response = visitor.get(f"{prefix}/places/{code}")
    assert response.status_code == 200
    assert len(gzip.compress(response.content, 5)) < MAX_BYTES / 2


# ---------------------------------------------------------------- places by name


def find_by_name(visitor: TestClient, name: str) -> Response:
    return visitor.get(f"/places?name={quote(name)}")


def test_a_region_is_found_by_its_name(visitor: TestClient) -> None:
    response = find_by_name(visitor, "fulton county")
    assert "/places/US-GA-121" in find_links(response, "^/places/US-GA-")
    assert "Places called “fulton county”" in read_text(response)
    count = count_local(visitor, "US-METRO-12060")
    assert f"Atlanta metro area (metro area) {count} " in read_text(find_by_name(visitor, "greater atlanta"))


def test_a_city_or_zip_code_leads_to_the_search_near_it(visitor: TestClient) -> None:
    for name, expected in (("springfield", "/?near=Springfield,+IL"), ("30312", "/?near=30312")):
        links = find_links(find_by_name(visitor, name), r"^/\?near=")
        assert expected in [link.replace("%2C", ",") for link in links]
        for link in links:
            response = visitor.get(link)
            assert response.status_code == 200
            assert 'class="notice error"' not in response.text


@pytest.mark.parametrize("name", ["xqzzy", "***", "<b>bold</b>", '" onfocus="alert(1)', "🍎"])
def test_a_name_that_nothing_has_is_said_and_escaped(visitor: TestClient, name: str) -> None:
    response = find_by_name(visitor, name)
    assert response.status_code == 200
    assert "No place is called" in read_text(response)
    assert "<b>bold" not in response.text
    assert '" onfocus' not in response.text
    assert "/places/US-GA" in find_links(response, "^/places/")


def test_a_name_that_is_too_long_is_refused_in_words(visitor: TestClient) -> None:
    assert "This name is too long" in read_text(find_by_name(visitor, "a" * (MAX_NAME_LENGTH + 1)))
    assert "No place is called" in read_text(find_by_name(visitor, "a" * MAX_NAME_LENGTH))


def test_a_list_that_is_cut_says_so(visitor: TestClient) -> None:
    assert re.search(r"the first 50 of [\d,]+ regions", read_text(find_by_name(visitor, "county")))


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Abilene, TX metro area", "Akron, OH metro area"], ["Abilene, TX", "Akron, OH"]),
        (["Área metropolitana de Abilene", "Área metropolitana de Albany"], ["Abilene", "Albany"]),
        (["Navajo Nation", "Pine Ridge Reservation"], ["Navajo Nation", "Pine Ridge Reservation"]),
        (["Appling County, GA", "Bacon County, GA"], ["Appling", "Bacon"]),
        (["Fairfax County, VA", "Fairfax City, VA"], ["County", "City"]),
        (["Cape Cod"], ["Cape Cod"]),
        ([], []),
    ],
)
def test_names_lose_the_words_that_all_of_them_share(names: list[str], expected: list[str]) -> None:
    assert shorten_names(names) == expected


def test_numbers_in_names_are_in_order_and_accents_do_not_matter() -> None:
    names = ["Federal region 10", "Federal region 2", "Águila", "Delta", "Ávila"]
    assert sorted(names, key=compute_sort_key) == ["Águila", "Ávila", "Delta", "Federal region 2", "Federal region 10"]


def test_letters_are_without_accents() -> None:
    regions = tuple(ListedRegion(name, name, "", 0) for name in ("Águila", "Albany", "Delta"))
    assert [(group.letter, len(group.regions)) for group in group_by_letter(regions)] == [("A", 2), ("D", 1)]
