import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import AmbiguousPlace, BadInput
from directory.filters.filter_parts import list_filter_parts
from directory.filters.query_strings import format_query_string
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import KM_PER_MILE
from directory.question import Question
from directory.understanding.function_words import PLACE_WORDS
from directory.understanding.phrase_parser import NEAR_MILES, AmbiguousWords
from directory.understanding.understand import understand

NEAR_ATLANTA = "near=city:US-GA:atlanta&radius=80.4672"


@pytest.mark.parametrize(
    ("words", "query_string"),
    [
        ("tenant groups near Atlanta", f"issue=tenants&{NEAR_ATLANTA}"),
        ("housing in the South", "issue=housing&region=US-SOUTH"),
        ("abogados de inmigración en Texas", "issue=immigration&work=law&region=US-TX"),
        ("NNIRR", "q=NNIRR"),
        ("30312", "near=zip:30312&radius=80.4672"),
        ("30312-1234", "near=zip:30312&radius=80.4672"),
        ("99999", "q=99999"),
        ("", ""),
        ("  \t ", ""),
        ("?!", "q=%3F%21"),
        ("the", "q=the"),
    ],
)
def test_what_people_type(words: str, query_string: str) -> None:
    assert format_query_string(understand(words).question) == query_string


@pytest.mark.parametrize(
    ("words", "query_string"),
    [
        ("housing within 50 miles of Atlanta", f"issue=housing&{NEAR_ATLANTA}"),
        ("25-mile radius of 30312", "near=zip:30312&radius=40.2336"),
        ("vivienda dentro de 20 millas de Atlanta", "issue=housing&near=city:US-GA:atlanta&radius=32.18688"),
        ("vivienda a 30 km de Atlanta", "issue=housing&near=city:US-GA:atlanta&radius=30"),
        ("housing within 2.5 km of Atlanta, GA", "issue=housing&near=city:US-GA:atlanta&radius=2.5"),
        ("housing within 100 miles of Georgia", "issue=housing&near=state:US-GA&radius=160.9344"),
        ("within 0 miles of Atlanta", "q=within+0+miles+of+Atlanta"),
        ("within 99999 miles of Atlanta", "q=within+99999+miles+of+Atlanta"),
        ("housing within 50 miles", "q=50+miles&issue=housing"),
        ("housing within 50 parsecs of Atlanta", "q=50+parsecs+Atlanta&issue=housing"),
    ],
)
def test_distances(words: str, query_string: str) -> None:
    assert format_query_string(understand(words).question) == query_string


@pytest.mark.parametrize(
    ("words", "query_string"),
    [
        ("based in Chicago", "near=city:US-IL:chicago&radius=25.7495"),
        ("Chicago", "near=city:US-IL:chicago&radius=80.4672"),
        ("Atlanta tenants", f"issue=tenants&{NEAR_ATLANTA}"),
        ("tenants Springfield, IL", "issue=tenants&near=city:US-IL:springfield&radius=80.4672"),
        ("inquilinos cerca de Nueva York", "issue=tenants&near=city:US-NY:new+york&radius=80.4672"),
        ("con sede en Los Ángeles", "near=city:US-CA:los+angeles&radius=28.9682"),
        ("housing near St. Louis, MO", "issue=housing&near=city:US-MO:saint+louis&radius=80.4672"),
        ("nearby Atlanta", NEAR_ATLANTA),
        ("near Fulton County, GA", "near=county:US-GA-121&radius=80.4672"),
        ("Fulton County, GA", "region=US-GA-121"),
        ("groups in Los Angeles County", "region=US-CA-037"),
        ("serving Georgia", "region=US-GA&by=SERVING"),
        ("worker centers based in Texas", "kind=WORKER_CENTER&region=US-TX&by=LOCATED"),
        ("housing near Georgia", "issue=housing&region=US-GA"),
        ("housing in Georgia and Alabama", "issue=housing&region=US-AL&region=US-GA"),
        ("Georgia", "region=US-GA"),
        ("vivienda en el sur", "issue=housing&region=US-SOUTH"),
        ("in the US", "region=US"),
        ("housing in Mexico", "issue=housing&region=MX"),
        ("housing in GA", "issue=housing&region=US-GA"),
        ("housing in or", "issue=housing"),
        ("nationwide", "region=US&by=SERVING&nationwide=ONLY"),
        ("vivienda a nivel nacional", "issue=housing&region=US&by=SERVING&nationwide=ONLY"),
        ("nationwide in Georgia", "region=US-GA&nationwide=ONLY"),
        ("tenants near Atlanta or Chicago", f"q=Chicago&issue=tenants&{NEAR_ATLANTA}"),
        ("tenants in unicornland", "q=unicornland&issue=tenants"),
    ],
)
def test_places(words: str, query_string: str) -> None:
    assert format_query_string(understand(words).question) == query_string


@pytest.mark.parametrize(
    ("words", "query_string"),
    [
        ("housing and immigration", "issue.all=housing&issue.all=immigration"),
        ("vivienda o inmigración", "issue=housing&issue=immigration"),
        ("lawyers who speak Spanish", "work=law&language=es"),
        ("Spanish-speaking organizers", "work=organizing&language=es"),
        ("abogados que hablan español", "work=law&language=es"),
        ("Spanish", "q=Spanish"),
        ("personas sin hogar", "issue=homelessness"),
        ("vivienda sin policía", "issue=housing&issue.not=policing"),
        ("housing without police", "issue=housing&issue.not=policing"),
        ("not police", "q=not+police"),
        ("derechos de los inquilinos", "issue=tenants"),
        ('"right to counsel" housing', "q=%22right+to+counsel%22&issue=housing"),
        ('"housing"', "q=%22housing%22"),
        ("Détroit-Züri Kollektiv for housing", "q=D%C3%A9troit-Z%C3%BCri+Kollektiv&issue=housing"),
        ("mobile clinics", "q=mobile&issue=health"),
    ],
)
def test_terms_and_remaining_text(words: str, query_string: str) -> None:
    assert format_query_string(understand(words).question) == query_string


@pytest.mark.parametrize(
    ("words", "query_string"),
    [
        ("in New York", "region=NEW-YORK-CITY"),
        ("en Nueva York", "region=NEW-YORK-CITY"),
        ("in Washington", "region=US-DC"),
        ("in Brooklyn", "region=US-NY-047"),
        ("in Virginia Beach", "region=US-VA-810"),
        ("in Chicago", "region=US-IL-031&near=city:US-IL:chicago"),
        ("in 30312", "region=US-GA-121&near=zip:30312"),
        ("en San Francisco", "region=BAY-AREA&near=city:US-CA:san+francisco"),
        ("in Atlanta", "region=US-GA&near=city:US-GA:atlanta"),
        ("serving Chicago", "region=US-IL-031&by=SERVING&near=city:US-IL:chicago"),
        ("que sirven a Washington", "region=US-DC&by=SERVING"),
        ("based in New York", "region=NEW-YORK-CITY&by=LOCATED"),
        ("in or serving Oakland", "region=US-CA-001&near=city:US-CA:oakland"),
        ("in Chicago and in Detroit", "region=US-IL-031&region=US-MI-163&near=city:US-IL:chicago"),
        ("in Chicago within 5 km of 60601", "region=US-IL-031&near=zip:60601&radius=5"),
        ("near Atlanta in Georgia", f"region=US-GA&{NEAR_ATLANTA}"),
        ("near Portland or", "near=city:US-OR:portland&radius=80.4672"),
        ("near Atlanta in Chicago", f"q=Chicago&{NEAR_ATLANTA}"),
    ],
)
def test_in_a_city_is_the_region_it_is_or_lies_in(words: str, query_string: str) -> None:
    assert format_query_string(understand(words).question) == query_string


@pytest.mark.parametrize(
    "words",
    [
        "groups in or serving Georgia that work on housing",
        "housing, in and serving Georgia",
        "housing serving or located in Georgia",
        "housing in Georgia or serving Georgia",
        "grupos de vivienda en o que sirven a Georgia",
        "vivienda en y que atienden a Georgia",
    ],
)
def test_in_or_serving_matches_either_relation(words: str) -> None:
    assert format_query_string(understand(words).question) == "issue=housing&region=US-GA"


@pytest.mark.parametrize(
    ("words", "query_string"),
    [
        ("Kansas City", "near=city:US-MO:kansas+city&radius=80.4672"),
        ("tenants Kansas City, KS", "issue=tenants&near=city:US-KS:kansas+city&radius=80.4672"),
        ("Virginia Beach housing", "issue=housing&near=city:US-VA:virginia+beach&radius=80.4672"),
        ("housing Kansas", "issue=housing&region=US-KS"),
        ("New York City", "region=NEW-YORK-CITY"),
        ("Georgia, Alabama, Florida", "region=US-AL&region=US-FL&region=US-GA"),
        ("California Maryland", "region=US-CA&region=US-MD"),
    ],
)
def test_the_longer_name_of_a_city_comes_before_a_state(words: str, query_string: str) -> None:
    assert format_query_string(understand(words).question) == query_string


@pytest.mark.parametrize(
    ("words", "query_string"),
    [
        ("worker centers in Illinois", "kind=WORKER_CENTER&region=US-IL"),
        ("centro de trabajadores en Illinois", "kind=WORKER_CENTER&region=US-IL"),
        ("unions or networks in Georgia", "kind=NETWORK&kind=UNION&region=US-GA"),
        ("housing without unions", "q=without+unions&issue=housing"),
        ("immigrant network", "q=network&issue=immigration"),
    ],
)
def test_kinds(words: str, query_string: str) -> None:
    assert format_query_string(understand(words).question) == query_string


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("housing near Atlantta", ("Atlantta",)),
        ("vivienda en el Sprngfeld", ("Sprngfeld",)),
        ("tenants in unicornland for lawyers", ("unicornland",)),
        ("housing near Atlanta", ()),
        ("housing in Springfield", ()),
        ("in the", ()),
        ('in "Atlantta"', ()),
    ],
)
def test_unknown_places_are_reported(words: str, expected: tuple[str, ...]) -> None:
    assert understand(words).unknown_places == expected


def test_near_us_is_left_out_and_reported() -> None:
    understood = understand("who works on evictions near us")
    assert (format_query_string(understood.question), understood.left_out) == ("issue=tenants", ("near us",))
    assert understand("inquilinos cerca de nosotros").left_out == ("cerca de nosotros",)


def list_candidates(words: str) -> tuple[str, ...]:
    with pytest.raises(AmbiguousPlace) as refusal:
        get_gazetteer().resolve(words)
    return tuple(refusal.value.params["candidates"])  # type: ignore[arg-type]


def test_a_name_of_several_places_is_not_guessed() -> None:
    understood = understand("housing in Springfield")
    assert (format_query_string(understood.question), understood.text, understood.ambiguous) == (
        "q=Springfield&issue=housing",
        "Springfield",
        (AmbiguousWords("Springfield", list_candidates("Springfield")),),
    )
    assert {"Springfield, IL", "Springfield, MA"} < set(understood.ambiguous[0].candidates)
    assert [one.words for one in understand("Fulton County").ambiguous] == ["Fulton County"]
    assert understand("Springfield").text == "Springfield"


def test_the_name_of_an_organization_is_not_parsed() -> None:
    names = {"National Homelessness Law Center", "Tenants Near Atlanta"}
    for name in names:
        assert understand(name, names.__contains__).question == Question(text=name)
        assert understand(name).question != Question(text=name)


def test_the_parts_are_those_of_the_question() -> None:
    understood = understand("housing near Atlanta")
    assert understood.parts == list_filter_parts(understood.question)
    assert [part.label() for part in understood.parts] == ["Housing", f"within {NEAR_MILES} miles of Atlanta, GA"]


def test_based_in_a_city_covers_all_of_its_postal_codes() -> None:
    city = get_gazetteer().resolve("Houston")
    near = understand("based in Houston").question.near
    assert near
    assert near.radius_km
    assert city.radius_km <= near.radius_km < city.radius_km + KM_PER_MILE


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(BadInput):
        understand("a " * 251)


pieces = st.sampled_from(
    [
        "housing",
        "Atlanta",
        "Springfield",
        "Georgia",
        "the South",
        "GA",
        "us",
        "30312",
        "50 miles of",
        "españól",
        '"',
        ",",
        "and",
        "or",
        "not",
        "without",
        "sin",
        "NNIRR",
        "speaking",
        "Spanish",
        "nationwide",
        "Fulton County",
        *sorted(PLACE_WORDS.meanings),
    ]
)


@given(st.lists(pieces | st.text(max_size=5), max_size=30).map(" ".join).filter(lambda words: len(words) <= 500))
def test_any_words_can_be_parsed_and_no_text_is_invented(words: str) -> None:
    understood = understand(words)
    assert understood == understand(words)
    assert understood.question.text == understood.text
    if understood.text != " ".join(words.split()):
        assert understood.parts or understood.left_out
    assert all(word in words for word in understood.text.split())
