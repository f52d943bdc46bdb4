import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.errors import BadInput
from directory.filters.filter_parts import list_filter_parts
from directory.question import Question
from directory.understanding.function_words import PLACE_WORDS
from directory.understanding.record_phrases import NO_PHRASES
from directory.understanding.understand import understand
from tests.directory.understanding.readings import ATLANTA, LAWYERS, read

REENTRY = "communities:formerly-incarcerated-people | issueAreas:reentry"


@pytest.fixture(autouse=True, scope="module")
def _load_tables() -> None:
    understand("housing near Atlanta")  # the first sentence takes longer than hypothesis allows


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("tenant groups near Atlanta", {"communities:tenants | issueAreas:tenants", ATLANTA}),
        ("who else works on evictions near Atlanta?", {"issueAreas:tenants", ATLANTA}),
        ("housing in the South", {"issueAreas:housing", "region:US-SOUTH"}),
        ("abogados de inmigración en Texas", {"issueAreas:immigration", LAWYERS, "region:US-TX"}),
        ("NNIRR", {"query:nnirr"}),
        ("30312", {"place:zip:30312 | region:US-GA-121"}),
        ("30312-1234", {"place:zip:30312 | region:US-GA-121"}),
        ("99999", {"query:99999"}),
        ("", set()),
        ("  \t ", set()),
    ],
)
def test_what_people_type(words: str, clauses: set[str]) -> None:
    assert read(words) == clauses


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("housing and immigration", {"issueAreas:housing", "issueAreas:immigration"}),
        ("vivienda o desalojos", {"issueAreas:housing | issueAreas:tenants"}),
        ("lawyers who speak Spanish", {"workAreas:law", "languages:es"}),
        ("Spanish-speaking organizers", {"workAreas:organizing", "languages:es"}),
        ("abogados que hablan español", {LAWYERS, "languages:es"}),
        ("alguien que hable kreyòl", {"languages:ht"}),
        ("ASL", {"languages:ase"}),
        ("groups in North Dakota", {"region:US-ND"}),
        ("grupos en Dakota del Norte", {"region:US-ND"}),
        ("churches or unions in Georgia", {"kinds:FAITH_ORGANIZATION | kinds:UNION", "region:US-GA"}),
        ("formerly incarcerated women", {REENTRY, "communities:women | issueAreas:women"}),
        ("people who got out of prison", {REENTRY}),
        ("personas que salieron de la cárcel", {REENTRY}),
        ("black lung clinics", {"issueAreas:health"}),
        ("un abogado", {LAWYERS}),
        ('"right to counsel" housing', {"query:right to counsel", "issueAreas:housing"}),
        ('"housing"', {"query:housing"}),
    ],
)
def test_terms(words: str, clauses: set[str]) -> None:
    assert read(words) == clauses


@pytest.mark.parametrize("word", ["coalition", "partner", "allies", "network", "campaign", "join", "alianza", "red"])
def test_words_of_intent_are_no_filters(word: str) -> None:
    assert read(f"{word} housing Georgia") == {"issueAreas:housing", "region:US-GA"}


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("housing founded before 1980", None, 1979),
        ("groups started since 2010", 2010, None),
        ("fundadas entre 2000 y 1990", 1990, 2000),
        ("created in 1995", 1995, 1995),
    ],
)
def test_years(words: str, first: int | None, last: int | None) -> None:
    founded = understand(words).question.founded
    assert (founded.first, founded.last) == (first, last)


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("our church wants to help refugees", {"communities:immigrants-refugees | issueAreas:refugees"}),
        ("mi sindicato y la vivienda", {"issueAreas:housing"}),
        ("church refugees", {"communities:immigrants-refugees | issueAreas:refugees", "kinds:FAITH_ORGANIZATION"}),
        ("our church", {"kinds:FAITH_ORGANIZATION"}),
    ],
)
def test_a_persons_own_organization_is_no_filter_beside_others(words: str, clauses: set[str]) -> None:
    assert read(words) == clauses


def test_words_that_are_left_over_are_optional() -> None:
    understood = understand("who is fighting luxury evictions in Atlanta with zeppelins?")
    assert understood.optional_words == ("luxury", "zeppelins")
    assert understood.text == ""
    assert understand("luxury zeppelins").text == "luxury zeppelins"


@pytest.mark.parametrize(
    ("words", "corrections", "clauses"),
    [
        (
            "evicton help in Atlnta",
            [("evicton", "eviction"), ("Atlnta", "Atlanta")],
            {"issueAreas:tenants", "region:US-METRO-12060"},
        ),
        ("deportasion en Texas", [("deportasion", "deportación")], {"issueAreas:detention-deportation", "region:US-TX"}),
        ("housing in Huston", [("Huston", "Houston")], {"issueAreas:housing", "region:US-TX"}),
        ("housing in Huston, ID", [], {"issueAreas:housing", "region:US-ID-027"}),
        ("housing pittsburg PA", [], {"issueAreas:housing", "place:city:US-PA:pittsburgh | region:US-PA-003"}),
        ("food in portland mane", [("mane", "maine")], {"issueAreas:food-water", "region:US-ME-005"}),
        ("horses with a mane", [], {"query:horses with a mane"}),
        ("housing grops", [("grops", "groups")], {"issueAreas:housing"}),
        ("anti asain hate", [("asain", "asian")], {"issueAreas:asian"}),  # not "again"
        ("biolencia domestica", [("biolencia", "violencia")], {"issueAreas:gender-violence"}),
    ],
)
def test_typos(words: str, corrections: list[tuple[str, str]], clauses: set[str]) -> None:
    understood = understand(words)
    assert [(correction.original, correction.replacement) for correction in understood.corrections] == corrections
    assert {clause.replace("US-METRO-26420", "US-TX") for clause in read(words)} == clauses


def test_a_correction_can_be_undone() -> None:
    understood = understand("evicton help in Atlnta", uncorrected={"Atlnta"})
    assert [correction.original for correction in understood.corrections] == ["evicton"]
    assert understood.optional_words == ("Atlnta",)
    (_, atlanta) = understand("evicton help in Atlnta").corrections
    assert atlanta.undo() == understood.question


class DirectoryNames:
    """The words of a directory with two organizations."""

    record_phrases = NO_PHRASES

    def is_name(self, words: str) -> bool:
        return words == "Tenants Near Atlanta"

    def has_word(self, word: str) -> bool:
        return word == "tenants"

    def find_name_word(self, word: str) -> str | None:
        return "highlander" if word == "hihglander" else None


def test_the_name_of_an_organization_is_not_parsed() -> None:
    assert understand("Tenants Near Atlanta", DirectoryNames()).question == Question(text="Tenants Near Atlanta")
    assert understand("Tenants Near Atlanta").question != Question(text="Tenants Near Atlanta")
    named = understand("hihglander in Tennessee", DirectoryNames())
    assert [(correction.original, correction.replacement) for correction in named.corrections] == [("hihglander", "highlander")]
    assert named.optional_words == ("highlander",)
    unknown = understand("hihglander qwertz", DirectoryNames())
    assert (unknown.text, unknown.unknown_words) == ("highlander", ("qwertz",))
    assert unknown.notes == ("No record contains “qwertz”.",)


def test_if_no_word_is_known_nothing_is_found_instead_of_everything() -> None:
    understood = understand("qwertz asdf", DirectoryNames())
    assert (understood.text, understood.unknown_words) == ("qwertz asdf", ("qwertz", "asdf"))


def test_the_parts_are_those_of_the_question() -> None:
    understood = understand("housing near Atlanta")
    assert understood.parts == list_filter_parts(understood.question)
    assert [part.label() for part in understood.parts] == ["Housing", "near Atlanta, GA"]


@pytest.mark.parametrize(
    ("words", "clauses"),
    [
        ("housing " + "x" * 101, {"issueAreas:housing"}),
        ("housing founded after 1990 founded before 1980", {"issueAreas:housing", "founded:-1979"}),
        ('"' * 500, set()),
        ("housing " * 60, {"issueAreas:housing"}),
        (" ".join(f"xq{number}" for number in range(70)), {"query:" + " ".join(f"xq{number}" for number in range(32))}),
        ("housing in SLC", {"issueAreas:housing", "region:US-UT-035"}),
        ("I am not looking for a shelter", set()),
    ],
)
def test_a_search_that_cannot_be_as_typed_is_the_nearest_one(words: str, clauses: set[str]) -> None:
    assert read(words) == clauses


def test_a_repeated_name_is_asked_back_once() -> None:
    understood = understand(("Lee," * 125)[:500])
    assert [name.words for name in understood.ambiguous] == ["Lee"]
    assert len(understand("Springfield, Lee, Jay, Fox, Ava, Fairview, Midway").ambiguous) == 5
    assert len(understand("Huston " * 71).corrections) <= 4


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(BadInput):
        understand("a " * 251)


@pytest.mark.parametrize(
    "words", ["housing " * 60, "🏠" * 100, "\u05e9\u05dc\u05d5\u05dd", '"unbalanced', "not", "¿?", "sin " * 100, "a or " * 90]
)
def test_strange_texts_get_an_honest_answer(words: str) -> None:
    understood = understand(words[:500])
    assert understood.question is not None
    assert len(understood.optional_words) <= 8


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
        *sorted(PLACE_WORDS.meanings)[:40],
    ]
)


@given(st.lists(pieces | st.text(max_size=5), max_size=30).map(" ".join).filter(lambda words: len(words) <= 500))
def test_any_words_can_be_parsed_and_no_text_is_invented(words: str) -> None:
    understood = understand(words)
    assert understood.question == understand(words).question
    assert all(word in words for word in understood.text.split())
