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


def key(said: str) -> str | None:
    place = resolve_place_phrase(said, fold(said))
    return place.id if isinstance(place, Place) else place


@pytest.mark.parametrize(
    ("said", "place"),
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
def test_what_a_phrase_means(said: str, place: str | None) -> None:
    assert key(said) == place


@pytest.mark.parametrize("said", ["Springfield", "Fulton County", "Hope"])
def test_a_name_of_several_places_is_refused(said: str) -> None:
    with pytest.raises(AmbiguousPlace):
        resolve_place_phrase(said, fold(said))


@pytest.mark.parametrize(
    ("said", "own", "region"),
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
def test_the_region_of_a_place(said: str, own: str | None, region: str) -> None:
    place = resolve_place_phrase(said, fold(said))
    assert place
    assert find_narrowest_region(place) == region
    assert (find_city_region(place) if isinstance(place, Place) else None) == own


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Atlantta", ("Atlantta", ("Atlanta, GA",))),
        ("Atlantta big dreams", ("Atlantta", ("Atlanta, GA",))),
        ("xyzzyxyzzy", None),
        ("Atlanta", None),
        ("Springfield", None),
        ("", None),
    ],
)
def test_misspelt_places(words: str, found: tuple[str, tuple[str, ...]] | None) -> None:
    assert suggest_places(words) == found


def test_how_sure_a_name_is() -> None:
    houston, hope = resolve_place_phrase("Houston", "houston"), resolve_place_phrase("Hope, AR", "hope ar")
    assert houston
    assert hope
    assert (is_prominent_place(houston), is_prominent_place(hope), is_prominent_place("US-GA")) == (True, False, True)
    assert (is_county("US-GA-121"), is_county("US-GA"), is_county(houston)) == (True, False, False)


def test_names_of_regions_abroad_need_a_word_about_place() -> None:
    assert "georgia" in get_us_region_phrases().meanings
    assert not {"mexico", "jordan", "haiti"} & get_us_region_phrases().meanings.keys()
