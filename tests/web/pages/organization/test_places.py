"""Places in words."""

from typing import Any

import pytest

from web.pages.languages import LANGUAGES
from web.pages.organization.places import build_places, format_letter

GEORGIA = {"code": "US-GA", "kind": "STATE", "name": "Georgia"}
COUNTRY = {"code": "US", "kind": "COUNTRY", "name": "United States"}


def a_location(precision: str, **address: Any) -> dict[str, Any]:
    parts = dict.fromkeys(("street", "city", "county", "state", "postalCode"))
    return {
        "name": None,
        "address": {**parts, "country": "US", **address},
        "point": {"latitude": 33.7, "longitude": -84.3},
        "precision": precision,
        "radiusKm": None,
        "regions": [GEORGIA, COUNTRY],
        "isPrimary": False,
    }


def describe(location: dict[str, Any], language: str = "en") -> tuple[str, str]:
    (place,) = build_places([location], LANGUAGES[language])
    return place.title, place.precision


@pytest.mark.parametrize(
    ("location", "title", "precision"),
    [
        (
            a_location("EXACT", street="1 Main St", city="Atlanta", state="GA", postalCode="30303"),
            "Atlanta, GA 30303",
            "Published",
        ),
        (a_location("STREET", street="Main St", city="Atlanta", state="GA"), "Atlanta, GA", "Street published."),
        (a_location("POSTAL_CODE", city="Atlanta", state="GA", postalCode="30303"), "Atlanta, GA 30303", "ZIP code area."),
        (a_location("POSTAL_CODE", state="GA", postalCode="30303"), "GA 30303", "ZIP code area."),
        (a_location("CITY", city="Atlanta", state="GA"), "Atlanta, GA", "City only."),
        (a_location("COUNTY", county="Levy County", state="FL"), "Levy County, FL", "County only."),
        (a_location("STATE", state="GA"), "Georgia", "State only."),
        (a_location("CITY", city="Toronto", state="ON", country="CA"), "Toronto, ON, CA", "City only."),
    ],
)
def test_a_place_says_how_precisely_it_is_published(location: dict[str, Any], title: str, precision: str) -> None:
    place = describe(location)
    assert place[0] == title
    assert place[1].startswith(precision)


def test_an_area_states_its_radius() -> None:
    location = a_location("CITY", city="Atlanta", state="GA") | {"radiusKm": 24.0}
    assert describe(location)[1] == "City only. Somewhere within about 15 miles of its center."


def test_only_places_that_are_drawn_are_on_the_map() -> None:
    (place,) = build_places([a_location("UNKNOWN", state="GA") | {"point": None}], LANGUAGES["en"], drawn=())
    assert (place.title, place.is_on_map) == ("Georgia", False)
    assert place.precision == "Nothing more precise is published, so it is not on the map."


def test_a_place_without_anything_is_not_stated() -> None:
    location = a_location("UNKNOWN") | {"address": None, "point": None, "regions": []}
    assert describe(location)[0] == "Location not stated"


def test_the_main_place_comes_first_and_is_named_if_there_are_others() -> None:
    main, other = a_location("STATE", state="GA") | {"isPrimary": True}, a_location("CITY", city="Savannah", state="GA")
    places = build_places([other, main], LANGUAGES["en"])
    assert [(place.letter, place.title, place.is_main) for place in places] == [
        ("A", "Georgia", True),
        ("B", "Savannah, GA", False),
    ]
    assert not build_places([main], LANGUAGES["en"])[0].is_main


def test_letters_never_end() -> None:
    assert [format_letter(number) for number in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]
