"""How places in sentences become conditions."""

import pytest

from benchmarks.words.scoring import iter_clauses
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import KM_PER_MILE
from directory.question import Nationwide, RegionMatch
from directory.understanding.places.conditions import NEAR_MILES
from directory.understanding.understand import understand
from tests.directory.understanding.readings import ATLANTA, read


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("housing within 50 miles of Atlanta", {"issueAreas:housing", "place:city:US-GA:atlanta"}),
        ("25-mile radius of 30312", {"place:zip:30312"}),
        ("vivienda a 30 km de Atlanta", {"issueAreas:housing", "place:city:US-GA:atlanta"}),
        ("housing within 100 miles of Georgia", {"issueAreas:housing", "place:state:US-GA"}),
        ("housing 1 hour from Atlanta", {"issueAreas:housing", "place:city:US-GA:atlanta"}),
        ("housing within 50 miles", {"issueAreas:housing"}),
        ("housing within 50 parsecs of Atlanta", {"issueAreas:housing", ATLANTA}),
    ],
)
def test_distances(words: str, clauses: set[str]) -> None:
    assert read(words) == clauses


@pytest.mark.parametrize(
    ("words", "km"),
    [
        ("within 20 miles of Atlanta", 20 * KM_PER_MILE),
        ("within 2.5 km of Atlanta, GA", 2.5),
        ("30 minutes from Atlanta", 30 * KM_PER_MILE),
        ("a 2 horas de Atlanta", 120 * KM_PER_MILE),
    ],
)
def test_a_distance_is_a_circle_and_nothing_else(words: str, km: float) -> None:
    question = understand(words).question
    assert question.near
    assert question.near.radius_km == pytest.approx(km, abs=0.1)
    assert question.clauses == ()


@pytest.mark.parametrize("words", ["within 0 miles of Atlanta", "within 99999 miles of Atlanta"])
def test_an_impossible_distance_leaves_the_place(words: str) -> None:
    assert read(words) == {ATLANTA}


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("wage theft help el paso", {"issueAreas:workers", "place:city:US-TX:el paso | region:US-TX-141"}),
        ("tulsa renters", {"communities:tenants | issueAreas:tenants", "place:city:US-OK:tulsa | region:US-METRO-46140"}),
        ("Las Vegas", {"place:city:US-NV:las vegas | region:US-NV-003"}),
        ("St. Louis, MO housing", {"issueAreas:housing", "place:city:US-MO:saint louis | region:US-METRO-41180"}),
        (
            "tenants Springfield, IL",
            {"communities:tenants | issueAreas:tenants", "place:city:US-IL:springfield | region:US-IL-167"},
        ),
        ("housing in Lawrence Mass", {"issueAreas:housing", "region:US-MA-009"}),
        ("food Philly", {"issueAreas:food-water", "place:city:US-PA:philadelphia | region:US-METRO-37980"}),
        ("housing in LA", {"issueAreas:housing", "region:US-CA-037"}),
        ("tenants tx", {"communities:tenants | issueAreas:tenants", "region:US-TX"}),
        ("Fulton County, GA", {"region:US-GA-121"}),
        ("near Fulton County, GA", {"place:county:US-GA-121 | region:US-GA-121"}),
        ("housing near Georgia", {"issueAreas:housing", "region:US-GA"}),
        ("in the US", {"region:US"}),
        ("housing in Mexico", {"issueAreas:housing", "region:MX"}),
        ("housing in GA", {"issueAreas:housing", "region:US-GA"}),
        ("housing in or", {"issueAreas:housing"}),
        ("housing in OR", {"issueAreas:housing", "region:US-OR"}),
        ("housing in me and others", {"issueAreas:housing"}),
        ("nationwide", {"nationwide:true"}),
        ("vivienda a nivel nacional", {"issueAreas:housing", "nationwide:true"}),
        ("nationwide in Georgia", {"nationwide:true", "region:US-GA"}),
        ("in Washington", {"region:US-DC"}),
        ("in Brooklyn", {"region:US-NY-047"}),
        ("en Nueva York", {"region:NEW-YORK-CITY"}),
        ("Kansas City", {"place:city:US-MO:kansas city | region:US-METRO-28140"}),
        ("housing Kansas", {"issueAreas:housing", "region:US-KS"}),
        ("New York City", {"region:NEW-YORK-CITY"}),
        ("cancer alley", {"issueAreas:environment", "region:US-LA"}),
        ("lead pipes benton harbor", {"issueAreas:food-water", "place:city:US-MI:benton harbor | region:US-MI-021"}),
        ("Standing Rock", {"issueAreas:indigenous", "region:STANDING-ROCK"}),
        ("housing at Angola", {"issueAreas:housing", "region:US-LA"}),
        ("housing in Angola", {"issueAreas:housing", "region:AO"}),
        ("tenants LA", {"communities:tenants | issueAreas:tenants", "place:city:US-CA:los angeles | region:US-CA-037"}),
        ("I need an ID in Boise", {"region:US-ID-001"}),
        ("a center in Chelsea, MA that wants housing partners in Ohio", {"issueAreas:housing", "region:US-OH"}),
        ("at Rikers", {"issueAreas:incarceration", "region:NEW-YORK-CITY"}),
        ("in Dodge City", {"region:US-KS-057"}),
    ],
)
def test_places(words: str, clauses: set[str]) -> None:
    assert read(words) == clauses


@pytest.mark.parametrize(
    ("words", "region"),
    [
        ("tenants in the Twin Cities", "TWIN-CITIES"),
        ("health clinics in Appalachia", "APPALACHIA"),
        ("health in the Delta", "DELTA"),
        ("housing in the Bay", "BAY-AREA"),
        ("water in the Navajo Nation", "NAVAJO-NATION"),
        ("agua en la Nación Navajo", "NAVAJO-NATION"),
        ("refugiados en las Ciudades Gemelas", "TWIN-CITIES"),
    ],
)
def test_a_well_known_region_is_not_a_small_town(words: str, region: str) -> None:
    assert f"region:{region}" in read(words)


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("housing in the Northwest", "“the Northwest” was read as Idaho, Oregon and Washington."),
        ("vivienda en el Noroeste", "«el Noroeste» se interpretó como"),
        ("tenants in Harlem", "“Harlem” was read as its city, New York, NY."),
    ],
)
def test_a_note_says_how_a_name_was_read(words: str, note: str) -> None:
    (text,) = understand(words).notes
    assert text.startswith(note)


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("housing in Georgia and Alabama", {"issueAreas:housing", "region:US-AL | region:US-GA"}),
        ("Georgia, Alabama, Florida", {"region:US-AL | region:US-FL | region:US-GA"}),
        (
            "tenants near Atlanta or Chicago",
            {"communities:tenants | issueAreas:tenants", "region:US-IL-031 | region:US-METRO-12060"},
        ),
        ("near Atlanta in Georgia", {ATLANTA}),
        ("housing in Columbus, Georgia", {"issueAreas:housing", "region:US-GA-215"}),
        ("Gallup, Farmington", {"region:US-NM-031 | region:US-NM-045"}),
        ("Boston, Springfield and Worcester", {"region:US-MA-013 | region:US-MA-025 | region:US-MA-027"}),
        ("Washington and Oregon", {"region:US-OR | region:US-WA"}),
        ("New York and California", {"region:US-CA | region:US-NY"}),
        ("Washington DC and Maryland", {"region:US-DC | region:US-MD"}),
    ],
)
def test_several_places_are_alternatives_and_a_larger_one_only_explains(words: str, clauses: set[str]) -> None:
    assert read(words) == clauses


@pytest.mark.parametrize(
    "words",
    [
        "groups in or serving Georgia that work on housing",
        "housing, in and serving Georgia",
        "housing serving or located in Georgia",
        "grupos de vivienda en o que sirven a Georgia",
    ],
)
def test_in_or_serving_matches_either_relation(words: str) -> None:
    assert understand(words).question.regions.by is RegionMatch.LOCATED_OR_SERVING


def test_organizations_that_work_nationwide_can_be_excluded_from_a_place() -> None:
    assert understand("housing in Texas, not nationwide").question.regions.nationwide is Nationwide.EXCLUDE
    (note,) = understand("housing, not nationwide").notes
    assert note.startswith("“nationwide” was not excluded")


def test_the_relation_to_a_region() -> None:
    assert understand("serving Georgia").question.regions.by is RegionMatch.SERVING
    assert understand("que atienden a Georgia").question.regions.by is RegionMatch.SERVING
    assert understand("based in Texas").question.regions.by is RegionMatch.LOCATED


def test_based_in_a_city_covers_all_of_its_postal_codes() -> None:
    city = get_gazetteer().resolve("Houston")
    near = understand("based in Houston").question.near
    assert near
    assert near.radius_km
    assert city.radius_km <= near.radius_km < city.radius_km + KM_PER_MILE


def test_near_a_city_is_within_reach_of_it() -> None:
    ((circle, serving),) = understand("near Atlanta").question.clauses
    if circle.near is None:
        circle, serving = serving, circle
    assert circle.near
    assert circle.near.radius_km == pytest.approx(NEAR_MILES * KM_PER_MILE)
    assert (serving.regions.any_of, serving.regions.by) == (("US-METRO-12060",), RegionMatch.SERVING)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("housing near Zzyzxville", ("Zzyzxville",)),
        ("tenants near unicornland for lawyers", ("unicornland",)),
        ("housing near Atlanta", ()),
        ("housing in Springfield", ()),
        ("in the", ()),
        ('in "Atlantta"', ()),
    ],
)
def test_unknown_places_are_reported_and_need_not_occur(words: str, expected: tuple[str, ...]) -> None:
    assert tuple(place.words for place in understand(words).unknown_places) == expected
    assert understand(words).text in ("", words, '"Atlantta"')


def test_an_unknown_place_comes_with_the_nearest_known_ones() -> None:
    understood = understand("housing near Xalamazoo")
    (unknown,) = understood.unknown_places
    candidates = unknown.suggest()
    assert [getattr(candidate.place, "id", candidate.place) for candidate in candidates][:1] == ["city:US-MI:kalamazoo"]
    assert "issueAreas:housing" in {" | ".join(clause) for clause in iter_clauses(candidates[0].question)}


@pytest.mark.parametrize(
    "words",
    [
        "near us",
        "cerca de nosotros",
        "in my neighborhood",
        "donde vivo",
        "near my house",
        "within 10 miles of me",
        "a 10 millas de aquí",
    ],
)
def test_only_the_person_knows_where_they_are(words: str) -> None:
    understood = understand(f"housing {words}")
    assert (understood.needs_from_asker, read(f"housing {words}")) == ((words,), {"issueAreas:housing"})


def test_a_person_who_names_a_place_is_not_asked_where_they_are() -> None:
    assert understand("housing in our county in Georgia").needs_from_asker == ()
    assert understand("housing in our county, not in Georgia").needs_from_asker == ("in our county",)


def test_a_name_of_several_places_is_asked_back() -> None:
    understood = understand("housing in Springfield")
    assert read("housing in Springfield") == {"issueAreas:housing"}
    (ambiguous,) = understood.ambiguous
    assert ambiguous.words == "Springfield"
    questions = [set(map(" | ".join, iter_clauses(candidate.question))) for candidate in ambiguous.candidates]
    assert {"issueAreas:housing", "region:US-IL-167"} in questions
    assert understand("Springfield").text == ""
    assert understand("Springfield housing in Illinois").ambiguous == ()


@pytest.mark.parametrize(
    ("words", "likeliest", "other"),
    [
        ("health in Appalachia", "APPALACHIA", "city:US-VA:appalachia"),
        ("tenants in Harlem", "city:US-NY:new york", "city:US-GA:harlem"),
        ("housing in Madera", "city:US-CA:madera", "city:US-PA:madera"),
        ("housing in Washington", "city:US-DC:washington", "US-WA"),
        ("housing in New York", "city:US-NY:new york", "US-NY"),
    ],
)
def test_a_town_is_offered_beside_a_likelier_place_of_its_name(words: str, likeliest: str, other: str) -> None:
    (ambiguous,) = understand(words).ambiguous
    assert ambiguous.likeliest
    assert getattr(ambiguous.likeliest.place, "id", ambiguous.likeliest.place) == likeliest
    assert other in [getattr(candidate.place, "id", candidate.place) for candidate in ambiguous.candidates]
    assert all(candidate.question != ambiguous.likeliest.question for candidate in ambiguous.candidates)


def test_a_likely_place_can_be_told_from_one_that_must_be_chosen() -> None:
    (springfield,) = understand("housing in Springfield").ambiguous
    assert springfield.likeliest is None
