"""The map of a search: links whose counts are those of the searches they lead to."""

import gzip
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.web.maps.built_outlines import needs_outlines
from tests.web.pages.conftest import find_svgs, read_count, read_text
from tests.web.pages.search.test_search_page import ask
from web.maps import area_map
from web.maps.atlas import Atlas

SEARCHES = [
    "issue=housing",
    "order=NAME",
    "region=US-GA&issue=housing",
    "region=US-TX-201",
    "region=US-SOUTH&community=tenants",
    "region=US-GA&region=US-FL",
    "near=Atlanta, GA&radius=400&unit=km",
    "any=issue=housing|community=tenants",
    "by=LOCATED&region=US-SOUTH&issue=housing",
    "by=SERVING&region=US-GA",
    "nationwide=EXCLUDE&region=US-IL",
    "words=housing for families",
]
MAP_BUDGET, COUNTIES_BUDGET = 8_000, 9_000  # compressed bytes that a map adds to a page; Texas has 254 counties
COUNT_IN_NAME = re.compile(r"(.+): ([\d,]+) organizations?")


def find_areas(response: Response) -> dict[str, tuple[str, int]]:
    """Return the address and the count of each area with a link on the map, by its name."""
    (outlines, _) = find_svgs(response)
    areas = {}
    for link in outlines.iter("a"):
        match = COUNT_IN_NAME.fullmatch(link.findtext("title") or "")
        assert match, ET.tostring(link)
        areas[match[1]] = (link.attrib["href"], int(match[2].replace(",", "")))
    return areas


def find_list(response: Response) -> dict[str, tuple[str, int]]:
    """Return the same from the list below the map."""
    rows = re.search(r'<ul class="areas">(.*?)</ul>', response.text, re.DOTALL)
    assert rows
    found = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a> <span class="number">([\d,]+)', rows[1])
    return {name: (address.replace("&amp;", "&"), int(count.replace(",", ""))) for address, name, count in found}


def read_pairs(address: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(address).query)


@needs_outlines
@pytest.mark.parametrize("search", SEARCHES)
def test_counts_are_those_of_the_searches_that_areas_lead_to(visitor: TestClient, search: str) -> None:
    """Nationwide organizations are in the list of every area but not in its count, as the page says."""
    areas = find_areas(visitor.get(f"/?{search}"))
    assert areas
    document = "query($s: String) { organizations(search: $s) { totalCount } }"
    for address, count in list(areas.values())[:: max(1, len(areas) // 5)]:
        pairs = [(key, value) for key, value in read_pairs(address) if key not in ("nationwide", "unit")]
        local = "&".join(f"{key}={value.replace('&', '%26')}" for key, value in [*pairs, ("nationwide", "EXCLUDE")])
        assert ask(visitor, document, s=local)["organizations"]["totalCount"] == count
        assert read_count(visitor.get(address)) >= count


@needs_outlines
@pytest.mark.parametrize("search", SEARCHES)
def test_the_list_has_the_same_areas_and_counts(visitor: TestClient, search: str) -> None:
    response = visitor.get(f"/?{search}")
    assert find_areas(response).items() <= find_list(response).items()


@needs_outlines
@pytest.mark.parametrize("search", SEARCHES[:-1])
def test_links_keep_the_other_filters(visitor: TestClient, search: str) -> None:
    given = {pair for pair in parse_qsl(search) if pair[0] not in ("region", "near", "order")}
    for address, _ in find_areas(visitor.get(f"/?{search}")).values():
        pairs = read_pairs(address)
        assert given <= set(pairs)
        assert len([key for key, _ in pairs if key == "region"]) == 1


@needs_outlines
def test_links_stay_in_the_language_of_the_page(visitor: TestClient) -> None:
    outlines, _ = find_svgs(visitor.get("/es/?issue=housing"))
    links = list(outlines.iter("a"))
    assert links
    assert all(link.attrib["href"].startswith("/es/?") for link in links)


@needs_outlines
def test_numbers_on_the_map_are_those_of_the_links(visitor: TestClient) -> None:
    response = visitor.get("/?order=NAME")
    outlines, texts = find_svgs(response)
    numbers = [int((text.text or "").split()[-1]) for text in texts.iter("text")]
    counts = [count for _, count in find_areas(response).values()]
    assert sorted(number for number in numbers if number) == sorted(counts)
    assert texts.get("aria-hidden") == "true"  # the links say the same
    assert outlines.get("role") == "group"


@needs_outlines
def test_areas_without_organizations_are_no_links(visitor: TestClient) -> None:
    areas = find_areas(visitor.get("/?issue=housing"))
    assert areas
    assert all(count > 0 for _, count in areas.values())
    assert len(areas) < 56


@needs_outlines
def test_an_area_without_organizations_that_was_asked_for_is_marked_and_no_link(visitor: TestClient) -> None:
    response = visitor.get("/?region=US-AS&region=US-GU&order=NAME&nationwide=INCLUDE")
    outlines, _ = find_svgs(response)
    marked = [each for each in outlines.iter() if each.get("aria-current")]
    assert [each.findtext("title") for each in marked] == ["American Samoa: 0 organizations", "Guam: 0 organizations"]
    assert {each.tag for each in marked} == {"g"}
    assert not {"American Samoa", "Guam"} & find_list(response).keys()


@needs_outlines
def test_a_state_shows_its_counties_and_a_way_back(visitor: TestClient) -> None:
    response = visitor.get("/?issue=housing&region=US-GA")
    assert all(name.endswith(", GA") for name in find_areas(response))
    assert "Map of Georgia by county" in read_text(response)
    back = re.search(r'<a href="([^"]+)"[^>]*>All states</a>', response.text)
    assert back
    assert read_pairs(back[1].replace("&amp;", "&")) == [("issue", "housing")]
    alone = visitor.get("/?region=US-GA")
    assert '<a href="/?order=NAME" data-update>All states</a>' in alone.text


@needs_outlines
def test_the_areas_that_were_asked_for_are_marked(visitor: TestClient) -> None:
    outlines, _ = find_svgs(visitor.get("/?region=US-GA&region=US-FL"))
    marked = [link.findtext("title") or "" for link in outlines.iter("a") if link.get("aria-current") == "true"]
    assert [name.partition(":")[0] for name in marked] == ["Florida", "Georgia"]
    (counties, _) = find_svgs(visitor.get("/?region=US-TX-201"))
    marked = [each.findtext("title") or "" for each in counties.iter() if each.get("aria-current") == "true"]
    assert [name.partition(":")[0] for name in marked] == ["Harris County, TX"]


@needs_outlines
def test_the_legend_names_every_class(visitor: TestClient) -> None:
    response = visitor.get("/?issue=housing")
    legend = re.findall(r'<li class="(s\d)">([^<]+)</li>', response.text)
    assert [name for name, _ in legend] == ["s0", "s1", "s2", "s3", "s4", "s5"]
    assert [text for _, text in legend] == ["0", "1", "2", "3–4", "5–6", "7+"]


@pytest.mark.parametrize(
    ("search", "sentence"),
    [
        (
            "order=NAME",
            "serving it. Nationwide organizations are not counted, but the list of each area includes them.",
        ),
        ("by=LOCATED&region=US-SOUTH", "Organizations located in each area."),
        ("by=SERVING&region=US-SOUTH", "Organizations serving each area. Nationwide organizations are not counted, but the list"),
    ],
)
def test_the_page_says_what_is_counted(visitor: TestClient, search: str, sentence: str) -> None:
    assert sentence in read_text(visitor.get(f"/?{search}"))


def test_nothing_is_said_about_nationwide_organizations_that_no_list_has(visitor: TestClient) -> None:
    text = read_text(visitor.get("/?nationwide=EXCLUDE&region=US-SOUTH"))
    assert "located in each area or serving it." in text
    assert "Nationwide organizations are not counted" not in text


def test_the_page_says_how_many_do_not_state_where_they_are(visitor: TestClient) -> None:
    document = "{ organizations { facets { locationNotStated } } }"
    count = ask(visitor, document)["organizations"]["facets"]["locationNotStated"]
    assert count > 1
    assert f"{count} organizations of this list do not state where they are" in read_text(visitor.get("/?order=NAME"))


@needs_outlines
@pytest.mark.parametrize(
    "text", ['"><script>alert(1)</script>', "</title></svg><img src=x onerror=alert(1)>", "&lt;\u2028\u0007'`"]
)
def test_hostile_words_are_escaped_in_links(visitor: TestClient, text: str) -> None:
    response = visitor.get("/", params={"optional": text, "issue": "housing"})
    outlines, _ = find_svgs(response)
    assert "<script>alert" not in response.text
    assert "<img" not in response.text
    for link in outlines.iter("a"):
        assert link.attrib["href"].startswith("/?")
        assert {child.tag for child in link} <= {"title", "path", "rect"}


@needs_outlines
@pytest.mark.parametrize("search", SEARCHES)
def test_the_drawing_is_well_formed_and_has_only_numbers(visitor: TestClient, search: str) -> None:
    for drawing in find_svgs(visitor.get(f"/?{search}")):
        markup = ET.tostring(drawing, "unicode")
        assert not re.search(r"\b(nan|inf|None|style)\b", markup)


@needs_outlines
@pytest.mark.parametrize(("search", "budget"), [("order=NAME", MAP_BUDGET), ("region=US-TX", COUNTIES_BUDGET)])
def test_a_map_adds_few_bytes(visitor: TestClient, search: str, budget: int) -> None:
    page = visitor.get(f"/?{search}").text
    without = re.sub(r'<svg class="map-.*?</svg>', "", page, flags=re.DOTALL)
    sizes = [len(gzip.compress(text.encode(), 5)) for text in (page, without)]
    assert 1_000 < sizes[0] - sizes[1] <= budget


def test_without_outlines_the_page_has_the_list_alone(
    visitor: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(area_map, "ATLAS", Atlas(tmp_path))
    for load in (area_map.load_state_map, area_map.load_county_map):
        load.cache_clear()
    try:
        response = visitor.get("/?issue=housing&order=NAME", headers={"Cache-Control": "no-cache"})
        assert find_svgs(response) == []
        assert len(find_list(response)) > 5
        assert "<details open>" in response.text
        assert find_svgs(visitor.get("/?region=US-GA&order=NAME")) == []
    finally:
        for load in (area_map.load_state_map, area_map.load_county_map):
            load.cache_clear()
