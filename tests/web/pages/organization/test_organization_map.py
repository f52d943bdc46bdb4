"""The map on the page of an organization, from what the API returns about its places."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.web.maps.built_outlines import needs_outlines
from tests.web.pages.conftest import find_svgs
from web.maps.marks import Shape
from web.pages.languages import LANGUAGES
from web.pages.organization.facts import format_region
from web.pages.organization.organization_map import build_organization_map, choose_mark

ENGLISH = LANGUAGES["en"]
POINT = {"latitude": 33.749, "longitude": -84.388}
FULTON = [
    {"code": "US-GA-121", "kind": "COUNTY", "name": "Fulton County"},
    {"code": "US-METRO-12060", "kind": "METRO_AREA", "name": "Atlanta"},
    {"code": "US-GA", "kind": "STATE", "name": "Georgia"},
    {"code": "US", "kind": "COUNTRY", "name": "United States"},
]
PRECISIONS = ["EXACT", "STREET", "POSTAL_CODE", "CITY", "COUNTY", "STATE", "UNKNOWN"]


def a_location(precision: str, **fields: Any) -> dict[str, Any]:
    """Build a location as the API returns it."""
    defaults = {"name": None, "address": None, "point": POINT, "radiusKm": 9.0, "regions": FULTON, "isPrimary": False}
    return {**defaults, "precision": precision, **fields}


def a_region(code: str, kind: str, name: str = "A region") -> dict[str, Any]:
    return {"code": code, "kind": kind, "name": name}


@needs_outlines
@pytest.mark.parametrize(
    ("precision", "shape"),
    [
        ("EXACT", Shape.SQUARE),
        ("STREET", Shape.SQUARE),
        ("POSTAL_CODE", Shape.CIRCLE),
        ("CITY", Shape.CIRCLE),
        ("COUNTY", Shape.COUNTY),
        ("STATE", Shape.STATE),
        ("UNKNOWN", None),
    ],
)
def test_the_shape_follows_from_the_precision(precision: str, shape: Shape | None) -> None:
    mark = choose_mark("A", a_location(precision))
    assert (mark.shape if mark else None) == shape


@pytest.mark.parametrize("precision", [each for each in PRECISIONS if each not in ("EXACT", "STREET")])
@pytest.mark.parametrize("radius", [None, 0.0, 9.0])
def test_an_approximate_place_is_never_a_square(precision: str, radius: float | None) -> None:
    mark = choose_mark("A", a_location(precision, radiusKm=radius))
    assert mark is None or mark.shape is not Shape.SQUARE


@needs_outlines
def test_areas_are_drawn_without_the_published_point() -> None:
    for precision in ("COUNTY", "STATE"):
        mark = choose_mark("A", a_location(precision))
        assert mark
        assert mark.longitude == mark.latitude == mark.radius_km == 0


def test_a_county_without_an_outline_is_a_circle_around_it() -> None:
    regions = [a_region("US-AK-063", "COUNTY"), a_region("US-AK", "STATE")]
    mark = choose_mark("A", a_location("COUNTY", regions=regions, radiusKm=120.0))
    assert mark
    assert (mark.shape, mark.radius_km, mark.region) == (Shape.CIRCLE, 120.0, "US-AK")


@pytest.mark.parametrize(
    "fields",
    [
        {"precision": "EXACT", "point": None},
        {"precision": "CITY", "radiusKm": None},
        {"precision": "EXACT", "regions": [a_region("MX-SON", "STATE"), a_region("MX", "COUNTRY")]},
        {"precision": "STATE", "regions": []},
    ],
)
def test_places_that_cannot_be_drawn_are_only_in_the_list(fields: dict[str, Any]) -> None:
    assert choose_mark("A", a_location(**fields)) is None
    assert build_organization_map([a_location(**fields)], [], ENGLISH) is None


@needs_outlines
def test_letters_are_those_of_the_list() -> None:
    map = build_organization_map([a_location("UNKNOWN"), a_location("CITY"), a_location("EXACT", isPrimary=True)], [], ENGLISH)
    assert map
    assert map.letters == {"A", "C"}  # the main place comes first, the unknown one second


@needs_outlines
@pytest.mark.parametrize(
    ("region", "is_drawn"),
    [
        (a_region("US-GA", "STATE"), True),
        (a_region("US-GA-121", "COUNTY"), True),
        (a_region("US-SOUTH", "CENSUS_REGION"), True),
        (a_region("US-METRO-12060", "METRO_AREA"), True),
        (a_region("BAY-AREA", "CUSTOM"), True),
        (a_region("US", "COUNTRY"), False),
        (a_region("MX-SON", "STATE"), False),
    ],
)
def test_areas_that_are_served_are_outlined(region: dict[str, Any], is_drawn: bool) -> None:
    map = build_organization_map([a_location("EXACT")], [region], ENGLISH)
    assert map
    assert bool(map.outlines.service_areas) == is_drawn
    assert list(map.service_areas) == ([format_region(region, ENGLISH)] if is_drawn else [])


@needs_outlines
def test_counties_with_the_same_name_are_told_apart() -> None:
    counties = [a_region("US-GA-301", "COUNTY", "Warren County"), a_region("US-OH-165", "COUNTY", "Warren County")]
    map = build_organization_map([], counties, ENGLISH)
    assert map
    assert map.service_areas == ["Warren County, GA", "Warren County, OH"]


locations = st.builds(
    a_location,
    st.sampled_from(PRECISIONS),
    point=st.one_of(st.none(), st.just(POINT)),
    radiusKm=st.one_of(st.none(), st.floats(0.5, 300)),
    isPrimary=st.booleans(),
    regions=st.sampled_from([FULTON, FULTON[2:], FULTON[3:], []]),
)


@given(st.lists(locations, max_size=6))
@settings(deadline=None)
def test_there_are_as_many_squares_as_published_addresses_at_most(places: list[dict[str, Any]]) -> None:
    map = build_organization_map(places, [], ENGLISH)
    published = [place for place in places if place["precision"] in ("EXACT", "STREET")]
    assert len(map.squares if map else ()) <= len(published)


@given(st.lists(locations, min_size=1, max_size=6))
@settings(deadline=None)
def test_a_map_is_the_same_wherever_an_unpublished_point_lies(places: list[dict[str, Any]]) -> None:
    """A county or a state is drawn as a whole, so the map does not depend on any point in it."""
    moved = [
        {**place, "point": {"latitude": 31.0, "longitude": -83.0}}
        if place["precision"] in ("COUNTY", "STATE", "UNKNOWN")
        else place
        for place in places
    ]
    in_county = [place for place in places if place["precision"] != "COUNTY" or FULTON[0] in place["regions"]]
    if len(in_county) == len(places):
        assert build_organization_map(moved, [], ENGLISH) == build_organization_map(places, [], ENGLISH)


@needs_outlines
def test_the_page_has_the_map_and_the_same_letters_in_its_list(visitor: TestClient) -> None:
    document = "{ organizations(first: 100) { nodes { slug locations { precision } } } }"
    nodes = visitor.post("/graphql", json={"query": document}, headers={"Accept": "application/json"}).json()
    seen = set()
    for node in nodes["data"]["organizations"]["nodes"]:
        shapes = tuple(sorted(place["precision"] for place in node["locations"]))
        if shapes in seen or not shapes or set(shapes) == {"UNKNOWN"}:
            continue
        seen.add(shapes)
        outlines, texts = find_svgs(visitor.get(f"/organizations/{node['slug']}"))
        assert outlines.get("role") == "img"
        assert outlines.get("aria-label")
        letters = [text.text for text in texts.iter("text") if text.get("class") is None]
        assert len(letters) == len([place for place in shapes if place != "UNKNOWN"])
        squares = [each for each in texts.iter("rect") if each.get("class") == "address"]
        assert len(squares) == len([place for place in shapes if place in ("EXACT", "STREET")])
        assert "nan" not in ET.tostring(outlines, "unicode").lower()
    assert len(seen) > 5
