import pytest

from directory.filters.query_strings import format_query_string
from directory.suggestions.completions import MAX_COMPLETIONS, MAX_TAILS, correct_words
from directory.suggestions.suggest import suggest
from directory.suggestions.suggestion import SuggestionKind
from directory.understanding.understand import understand
from tests.builders import an_organization
from tests.directory.suggestions.test_suggest import a_snapshot

SNAPSHOT = a_snapshot(
    an_organization("Harbor Tenants Union", issue_areas=("tenants",)),
    an_organization("Fair Roof Network", issue_areas=("housing",)),
)


def list_searches(words: str) -> dict[str, str]:
    return {one.label(): format_query_string(one.question) for one in suggest(SNAPSHOT, words)}


@pytest.mark.parametrize(
    ("words", "label", "search"),
    [
        ("housing near atl", "housing near Atlanta, GA", "issue=housing&any=near=city:US-GA:atlanta"),
        ("vivienda en geor", "vivienda en Georgia", "issue=housing&region=US-GA"),
        ("housing and imm", "housing and immigrants' rights", "issue.all=housing&issue.all=immigration"),
        ("food or hous", "food or housing", "issue=food-water&issue=housing"),
        ("food near 3031", "food near 30312", "issue=food-water&any=near=zip:30312"),
        (
            "food near Atlanta or chica",
            "food near Atlanta or Chicago, IL",
            "issue=food-water&region=US-IL-031&region=US-METRO-12060",
        ),
        ("tenants in new y", "tenants in New York State", "region=US-NY&"),
        ("vivienda en nueva y", "vivienda en el estado de Nueva York", "region=US-NY"),
        ("tenants in new york c", "tenants in New York City", "region=NEW-YORK-CITY&"),
        ("housing in the sou", "housing in the South", "issue=housing&region=US-SOUTH"),
        ("housing near nyc", "housing near New York City", "issue=housing&region=NEW-YORK-CITY"),
        ("farmworkers moms in chica", "farmworkers moms in Chicago, IL", "US-IL-031"),
    ],
)
def test_the_last_words_of_a_sentence_are_completed(words: str, label: str, search: str) -> None:
    found = list_searches(words)
    assert label in found
    assert search in found[label]


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("who works on housi", "who works on housing"),
        ("who helps with evic", "who helps with evictions"),
        ("quien ayuda a inmig", "quien ayuda a inmigrantes y refugiados"),
        ("quien ayuda a las muj", "quien ayuda a las mujeres"),
        ("grupos en Chic", "grupos en Chicago, IL"),
        ("organizaciones en Nueva Y", "organizaciones en el estado de Nueva York"),
        ("organizaciones en Nueva Y", "organizaciones en New York, NY"),
        ("groups in Chic", "groups in Chicago, IL"),
        ("in Chic", "in Chicago, IL"),
    ],
)
def test_small_words_may_stand_before_a_name(words: str, label: str) -> None:
    assert label in list_searches(words)


@pytest.mark.parametrize(
    ("words", "label", "search"),
    [
        ("housing not in Tex", "housing not in Texas", "issue=housing&region.not=US-TX&by=LOCATED"),
        ("housing without pol", "housing without policing and state violence", "issue=housing&issue.not=policing"),
        (
            "housing not in Texas or Geor",
            "housing not in Texas or Georgia",
            "issue=housing&region.not=US-GA&region.not=US-TX&by=LOCATED",
        ),
    ],
)
def test_a_negation_stays_a_negation(words: str, label: str, search: str) -> None:
    assert list_searches(words)[label] == search


@pytest.mark.parametrize(
    "words",
    [
        "housing not in Tex",
        "food or hous",
        "tenants in new y",
        "groups in Chic",
        "evicton in Atlan",
        "abogados de inmig",
        "housing and ten",
    ],
)
def test_a_completion_leads_to_what_is_read_in_it(words: str) -> None:
    completions = [one for one in suggest(SNAPSHOT, words) if one.sentence]
    for one in completions:
        assert one.question == understand(one.label(), SNAPSHOT).question
    assert completions
    assert len({format_query_string(one.question) for one in completions}) == len(completions)


@pytest.mark.parametrize(
    "words",
    [
        "my landlord wont fix the he",  # small words
        "housing near us",
        "cancer al",
        "housing near",
        "housing but not chur",  # towns
        "i need help with my imm",
        "housing h",
    ],
)
def test_a_sentence_is_not_completed_by_what_nobody_means(words: str) -> None:
    assert not any(one.sentence for one in suggest(SNAPSHOT, words))


def test_a_completion_changes_the_search() -> None:
    assert "housing and housing" not in list_searches("housing and hous")


def test_other_countries_need_several_letters() -> None:
    assert not any("Saudi" in label or "Santa" in label for label in list_searches("inmigrantes en el sa"))
    assert "inmigrantes en El Salvador" in list_searches("inmigrantes en el sa")
    assert "grupos de mujeres en Suecia" in list_searches("grupos de mujeres en Suec")
    assert "grupos de mujeres en Suecia" not in list_searches("grupos de mujeres en Sue")


def test_a_sentence_stays_in_its_language() -> None:
    (suggestion,) = [one for one in suggest(SNAPSHOT, "vivienda y trab") if one.term == "workers" and one.sentence]
    assert suggestion.label("en") == suggestion.label("es")
    assert suggestion.label("en").startswith("vivienda y trabaj")


def test_a_sentence_is_not_completed_by_organizations_or_if_its_start_is_not_understood() -> None:
    assert all(one.kind is not SuggestionKind.ORGANIZATION for one in suggest(SNAPSHOT, "housing in harbor"))
    assert suggest(SNAPSHOT, "qwertz asdf atl") == []


def test_names_come_before_completions() -> None:
    assert next(iter(list_searches("fair roof"))) == "Fair Roof Network"


def test_organizations_leave_room_for_completions() -> None:
    many = a_snapshot(*(an_organization(f"Housing in Savage Valley {number}") for number in range(20)))
    sentences = [one.sentence for one in suggest(many, "housing in sa")]
    assert sentences[:4] == [""] * 4
    assert "housing in San Antonio, TX" in sentences[4:]


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("housng", {"Housing"}),
        ("vivenda", {"Housing"}),
        ("evicton", {"Tenants' rights and eviction"}),
        ("desalogo", {"Tenants' rights and eviction"}),
        ("evicton in Atlan", {"eviction in Atlanta, GA"}),
        ("housng in Atlnta", {"housing in Atlanta, GA"}),
        ("harbro tenants", {"Harbor Tenants Union"}),
    ],
)
def test_typos_are_corrected(words: str, labels: set[str]) -> None:
    assert labels <= list_searches(words).keys()


def test_a_misspelt_theme_comes_before_organizations() -> None:
    snapshot = a_snapshot(*(an_organization(f"Housing Union {number}") for number in range(20)))
    found = suggest(snapshot, "housng")
    assert (found[0].term, found[0].is_exact) == ("housing", False)
    assert [one.kind for one in found[-4:]] == [SuggestionKind.ORGANIZATION] * 4


def test_words_without_typos_are_not_changed() -> None:
    assert correct_words("housing in Atlanta", SNAPSHOT) is None
    assert correct_words("housng, in  Atlnta!", SNAPSHOT) == "housing, in  Atlanta!"


def test_a_long_sentence_is_divided_in_few_ways() -> None:
    assert MAX_TAILS < 5
    assert suggest(SNAPSHOT, "zz " * 30 + "atl") == []
    assert len(suggest(SNAPSHOT, "housing in s")) <= MAX_COMPLETIONS
