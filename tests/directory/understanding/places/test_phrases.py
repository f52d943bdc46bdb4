import pytest

from directory.gazetteer.place import Place
from directory.understanding.places.intent import is_direction, may_follow_place_word, may_stand_alone
from directory.understanding.places.phrases import (
    PlaceMatch,
    PlaceReading,
    match_place,
    match_place_after_article,
    suggest_places,
)
from directory.understanding.places.regions import PlaceOrRegion, find_city_region, find_narrowest_region, is_county, is_large
from directory.understanding.sentence import Sentence


def get_key(place: PlaceOrRegion) -> str:
    return place.id if isinstance(place, Place) else place


def match_at(words: str, at: int = 0) -> PlaceMatch:
    match = match_place(Sentence(words), at)
    assert match
    return match


@pytest.mark.parametrize(
    ("phrase", "place"),
    [
        ("Atlanta", "city:US-GA:atlanta"),
        ("New York", "city:US-NY:new york"),
        ("Georgia", "US-GA"),
        ("the South", "US-SOUTH"),
        ("Bay Area", "BAY-AREA"),
        ("the Bay", "BAY-AREA"),
        ("Fulton County, GA", "US-GA-121"),
        ("30312", "zip:30312"),
        ("Mexico", "MX"),
        ("Jordan", "JO"),
        ("US", "US"),
        ("IN", "US-IN"),
        ("in", None),
        ("unicornland", None),
        ("99999", None),
        ("Florida, New York", "US-FL"),
        ("Washington, DC", "city:US-DC:washington"),
        ("el paso", "city:US-TX:el paso"),
        ("St. Louis", "city:US-MO:saint louis"),
        ("Appalachia", "APPALACHIA"),
        ("Appalachia, VA", "city:US-VA:appalachia"),
        ("Bay, Arkansas", "city:US-AR:bay"),
    ],
)
def test_what_a_phrase_means(phrase: str, place: str | None) -> None:
    match = match_place(Sentence(phrase), 0)
    assert (match and get_key(match.meaning.place)) == place


@pytest.mark.parametrize("phrase", ["Springfield", "Fulton County", "the Valley"])
def test_a_name_of_several_places_has_candidates(phrase: str) -> None:
    meaning = match_at(phrase).meaning
    assert meaning.places == ()
    assert len(meaning.candidates) > 1


@pytest.mark.parametrize(
    ("phrase", "reading"),
    [
        ("the Northwest", PlaceReading.DISPUTED),
        ("Harlem", PlaceReading.NEIGHBORHOOD),
        ("Northern Neck", PlaceReading.APPROXIMATE),
        ("pittsburg pa", PlaceReading.MISSPELLED),
        ("Atlanta", None),
    ],
)
def test_a_reading_that_must_be_explained(phrase: str, reading: PlaceReading | None) -> None:
    assert match_at(phrase).meaning.reading is reading


def test_an_article_belongs_to_a_name_or_is_left_out() -> None:
    assert match_place_after_article(Sentence("the Bronx"), 0)[0] == 0
    skipped, match = match_place_after_article(Sentence("el Valle de San Joaquín"), 0)
    assert (skipped, match and match.name) == (1, "valle de san joaquin")


@pytest.mark.parametrize(
    ("words", "at", "alone", "after_in"),
    [
        ("tulsa renters", 0, True, True),
        ("hope", 0, False, False),
        ("Flint water", 0, True, True),
        ("mexico", 0, False, True),
        ("help in Hope, AR", 2, True, True),
        ("reading groups", 0, False, True),
        ("moms in Georgia", 2, True, True),
    ],
)
def test_whether_a_name_is_meant_as_a_place(words: str, at: int, alone: bool, after_in: bool) -> None:
    sentence, match = Sentence(words), match_at(words, at)
    assert may_stand_alone(match, sentence, at) is alone
    assert may_follow_place_word(match, sentence, at, is_weak=False, is_origin=False) is after_in


def test_a_country_of_origin_is_not_where_an_organization_is() -> None:
    sentence = Sentence("refugees from Haiti")
    assert not may_follow_place_word(match_at("refugees from Haiti", 2), sentence, 2, is_weak=False, is_origin=True)


def test_a_direction_is_a_part_of_a_place() -> None:
    sentence = Sentence("the west of Texas")
    match = match_place(sentence, 0)
    assert match is not None
    assert is_direction(sentence, 0, match)
    assert not is_direction(Sentence("the west"), 0, match_at("the west"))


@pytest.mark.parametrize(
    ("phrase", "city_region", "region"),
    [
        ("New York", "NEW-YORK-CITY", "NEW-YORK-CITY"),
        ("Washington", "US-DC", "US-DC"),
        ("Hagatna, GU", "US-GU", "US-GU"),
        ("Brooklyn, NY", "US-NY-047", "US-NY-047"),
        ("Norfolk, VA", "US-VA-710", "US-VA-710"),
        ("Chicago", None, "US-IL-031"),
        ("San Francisco", None, "US-METRO-41860"),
        ("Philadelphia", None, "US-METRO-37980"),
        ("Atlanta", None, "US-METRO-12060"),
        ("Appalachia, VA", None, "US-VA-195"),
        ("30312", None, "US-GA-121"),
    ],
)
def test_the_region_of_a_place(phrase: str, city_region: str | None, region: str) -> None:
    place = match_at(phrase).meaning.place
    assert find_narrowest_region(place) == region
    assert (find_city_region(place) if isinstance(place, Place) else None) == city_region


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Atlantta", ["city:US-GA:atlanta"]),
        ("Atlantta big dreams", ["city:US-GA:atlanta"]),
        ("xyzzyxyzzy", []),
        ("Atlanta", []),
        ("Springfield", []),
        ("", []),
    ],
)
def test_misspelled_places(words: str, expected: list[str]) -> None:
    assert [get_key(place) for place in suggest_places(words)][:1] == expected


def test_large_places_and_counties() -> None:
    houston, hope = match_at("Houston").meaning.place, match_at("Hope, AR").meaning.place
    assert (is_large(houston), is_large(hope), is_large("US-GA")) == (True, False, True)
    assert (is_county("US-GA-121"), is_county("US-GA"), is_county(houston)) == (True, False, False)
