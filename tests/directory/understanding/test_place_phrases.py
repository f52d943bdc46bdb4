import pytest

from directory.errors import AmbiguousPlace
from directory.gazetteer.place import Place
from directory.text import fold
from directory.understanding.place_phrases import (
    find_city_region,
    find_narrowest_region,
    get_us_region_phrases,
    is_county,
    is_prominent_place,
    resolve_place_phrase,
    suggest_places,
)


def resolve_key(phrase: str) -> str | None:
    place = resolve_place_phrase(phrase, fold(phrase))
    return place.id if isinstance(place, Place) else place


@pytest.mark.parametrize(
    ("phrase", "place"),
    [
        ("Atlanta", "city:US-GA:atlanta"),
        ("New York", "city:US-NY:new york"),
        ("Georgia", "US-GA"),
        ("the South", "US-SOUTH"),
        ("Bay Area", "BAY-AREA"),
        ("Fulton County, GA", "US-GA-121"),
        ("30312", "zip:30312"),
        ("Mexico", "MX"),
        ("Jordan", "JO"),
        ("US", "US"),
        ("IN", "US-IN"),
        ("in", None),
        ("unicornland", None),
    ],
)
def test_what_a_phrase_means(phrase: str, place: str | None) -> None:
    assert resolve_key(phrase) == place


@pytest.mark.parametrize("phrase", ["Springfield", "Fulton County", "Hope"])
def test_a_name_of_several_places_is_refused(phrase: str) -> None:
    with pytest.raises(AmbiguousPlace):
        resolve_place_phrase(phrase, fold(phrase))


@pytest.mark.parametrize(
    ("phrase", "city_region", "region"),
    [
        ("New York", "NEW-YORK-CITY", "NEW-YORK-CITY"),
        ("Washington", "US-DC", "US-DC"),
        ("Hagatna, GU", "US-GU", "US-GU"),
        ("The Bronx", None, "US-NY-005"),
        ("Brooklyn, NY", "US-NY-047", "US-NY-047"),
        ("Norfolk, VA", "US-VA-710", "US-VA-710"),
        ("Chicago", None, "US-IL-031"),
        ("Wyoming, NY", None, "US-NY-121"),
        ("San Francisco", None, "BAY-AREA"),
        ("Atlanta", None, "US-GA"),
        ("30312", None, "US-GA-121"),
    ],
)
def test_the_region_of_a_place(phrase: str, city_region: str | None, region: str) -> None:
    place = resolve_place_phrase(phrase, fold(phrase))
    assert place
    assert find_narrowest_region(place) == region
    assert (find_city_region(place) if isinstance(place, Place) else None) == city_region


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Atlantta", ("Atlantta", ("Atlanta, GA",))),
        ("Atlantta big dreams", ("Atlantta", ("Atlanta, GA",))),
        ("xyzzyxyzzy", None),
        ("Atlanta", None),
        ("Springfield", None),
        ("", None),
    ],
)
def test_misspelled_places(words: str, expected: tuple[str, tuple[str, ...]] | None) -> None:
    assert suggest_places(words) == expected


def test_prominent_places_and_counties() -> None:
    houston, hope = resolve_place_phrase("Houston", "houston"), resolve_place_phrase("Hope, AR", "hope ar")
    assert houston
    assert hope
    assert (is_prominent_place(houston), is_prominent_place(hope), is_prominent_place("US-GA")) == (True, False, True)
    assert (is_county("US-GA-121"), is_county("US-GA"), is_county(houston)) == (True, False, False)


def test_foreign_regions_need_a_place_word() -> None:
    assert "georgia" in get_us_region_phrases().meanings
    assert not {"mexico", "jordan", "haiti"} & get_us_region_phrases().meanings.keys()
