import pytest

from directory.errors import ErrorCode, UnknownTerm
from directory.geo import Disclosure
from directory.text import fold
from directory.vocabulary.terms import ARTICLES, COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Vocabulary

ALL = [ISSUE_AREAS, COMMUNITIES, WORK_AREAS, LANGUAGES]
EXPECTED_COMMUNITIES = (
    "black indigenous latinx asian lgbtqia disabled-people undocumented-workers incarcerated-people unhoused-people "
    "people-in-poverty muslim immigrants-refugees youth elders families-of-prisoners black-workers tenants women farmworkers"
)
EXPECTED_ISSUE_AREAS = (
    "housing tenants homelessness immigration refugees detention-deportation incarceration aging-prison reentry policing "
    "death-penalty racial-justice black-liberation indigenous islamophobia workers economic-justice women gender-violence "
    "reproductive lgbtq disability children-youth older-people health food-water environment education-hre arts-culture "
    "democracy accountability trafficking economic-social-cultural equality migration criminal-legal-system faith "
    "cultural-rights land-trusts solitary unemployment speech-privacy asian latinx"
)
EXPECTED_WORK_AREAS = (
    "organizing education documentation law policy scholarship arts advocacy alliance-building healing narrative direct-services "
    "political-education lobbying litigation"
)


@pytest.fixture(params=ALL, ids=lambda vocabulary: vocabulary.name)
def vocabulary(request: pytest.FixtureRequest) -> Vocabulary:
    vocabulary: Vocabulary = request.param
    return vocabulary


# ---------------------------------------------------------------- the vocabulary files


@pytest.mark.parametrize(
    ("facet", "expected"),
    [(ISSUE_AREAS, EXPECTED_ISSUE_AREAS), (COMMUNITIES, EXPECTED_COMMUNITIES), (WORK_AREAS, EXPECTED_WORK_AREAS)],
)
def test_the_terms_of_the_network_exist(facet: Vocabulary, expected: str) -> None:
    assert [slug for slug in expected.split() if slug not in facet] == []


def test_the_common_languages_exist() -> None:
    assert len(LANGUAGES) >= 60
    assert {"en", "es", "ht", "zh", "vi", "tl", "ko", "ar", "nv", "ase", "mam", "quc", "mix"} <= set(LANGUAGES.terms)


def test_every_term_has_both_labels_and_is_found_by_each_phrase(vocabulary: Vocabulary) -> None:
    for term in vocabulary:
        assert {"en", "es"} <= term.labels.keys()
        for phrase in (term.slug, *term.labels.values(), *(words for synonyms in term.synonyms.values() for words in synonyms)):
            assert term in vocabulary.find(phrase), phrase


def test_no_synonym_repeats_its_term(vocabulary: Vocabulary) -> None:
    for term in vocabulary:
        for synonyms in term.synonyms.values():
            folded = [fold(words) for words in synonyms]
            assert len(set(folded)) == len(folded), (term.slug, sorted(words for words in folded if folded.count(words) > 1))
        for language, synonyms in term.synonyms.items():
            assert fold(term.labels.get(language, "")) not in {fold(words) for words in synonyms}, term.slug


def test_issue_areas_and_work_areas_are_defined() -> None:
    for term in (*ISSUE_AREAS, *WORK_AREAS):
        assert term.definition()
        assert term.definition("es-MX") == term.definitions["es"] != term.definition("en") == term.definition("fr")
    assert COMMUNITIES.require("tenants").definition("es") is None


def test_issue_areas_can_be_found_in_spanish() -> None:
    assert [term.slug for term in ISSUE_AREAS if not term.synonyms.get("es")] == []


def test_the_graph_is_closed_and_no_term_is_broader_than_itself(vocabulary: Vocabulary) -> None:
    for term in vocabulary:
        assert set(term.broader) <= set(vocabulary.terms)
        assert term.slug not in vocabulary.ancestors(term.slug)
        assert all(term.slug in vocabulary.narrower_slugs(broader) for broader in term.broader)


def test_closure_and_ancestors_are_inverse(vocabulary: Vocabulary) -> None:
    for term in vocabulary:
        for other in vocabulary:
            below = other.slug in vocabulary.closure(term.slug) - {term.slug}
            assert below == (term.slug in vocabulary.ancestors(other.slug))


def test_only_declared_phrases_mean_several_terms(vocabulary: Vocabulary) -> None:
    several = {phrase: slugs for phrase, slugs in vocabulary.phrases().items() if len(slugs) > 1}
    black_lives_matter = ("policing", "black-liberation")
    assert several == ({"blm": black_lives_matter, "black lives matter": black_lives_matter} if vocabulary is ISSUE_AREAS else {})


def test_phrases_are_folded_and_mean_terms(vocabulary: Vocabulary) -> None:
    for phrase, slugs in vocabulary.phrases().items():
        assert phrase
        assert phrase == fold(phrase)
        assert set(slugs) <= set(vocabulary.terms)


def test_a_vocabulary_is_immutable() -> None:
    with pytest.raises(TypeError):
        ISSUE_AREAS.terms["housing"] = ISSUE_AREAS.require("tenants")  # type: ignore[index]
    with pytest.raises(TypeError):
        ISSUE_AREAS.phrases()["housing"] = ()  # type: ignore[index]


# ---------------------------------------------------------------- broader and narrower


def test_the_closure_contains_all_narrower_terms() -> None:
    closure = ISSUE_AREAS.closure("incarceration")
    assert {"incarceration", "aging-prison", "detention-deportation", "reentry", "death-penalty", "solitary"} == closure
    assert {"tenants", "arts-culture", "unemployment", "reproductive"} <= ISSUE_AREAS.closure("economic-social-cultural")


def test_several_broader_terms() -> None:
    assert ISSUE_AREAS.require("detention-deportation").broader == ("immigration", "incarceration")
    above = {"immigration", "migration", "incarceration", "criminal-legal-system"}
    assert ISSUE_AREAS.ancestors("detention-deportation") == above
    assert ISSUE_AREAS.narrower_slugs("housing") == ("tenants", "homelessness", "land-trusts")
    assert ISSUE_AREAS.narrower_slugs("tenants") == ()
    assert COMMUNITIES.ancestors("black-workers") == {"black", "people-of-color", "workers"}
    assert "cmn" in LANGUAGES.closure("zh")


@pytest.mark.parametrize("look_up", [ISSUE_AREAS.closure, ISSUE_AREAS.narrower_slugs, ISSUE_AREAS.ancestors, ISSUE_AREAS.require])
def test_an_unknown_term_is_refused_with_suggestions(look_up: object) -> None:
    with pytest.raises(UnknownTerm) as refusal:
        look_up("housng")  # type: ignore[operator]
    assert refusal.value.code is ErrorCode.UNKNOWN_TERM
    assert refusal.value.params == {"vocabulary": "issue area", "value": "housng", "suggestions": ["housing"]}
    assert refusal.value.user_message == 'There is no issue area "housng". Did you mean housing?'


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Housing", "housing"),
        ("housing-rights", "housing"),
        ("tennants", "tenants"),
        ("inmigracin", "immigration"),
        ("prisson", "incarceration"),
    ],
)
def test_the_nearest_by_slug_label_or_synonym(words: str, first: str) -> None:
    assert ISSUE_AREAS.suggest(words)[0] == first


@pytest.mark.parametrize("words", ["", "?", "zzzzqq", "x" * 100_000])
def test_nothing_near_suggests_nothing(words: str) -> None:
    assert ISSUE_AREAS.suggest(words) == ()
    with pytest.raises(UnknownTerm) as refusal:
        ISSUE_AREAS.require(words)
    assert len(refusal.value.user_message) < 250
    assert refusal.value.params["suggestions"] == []


def test_get_says_none_and_membership_answers() -> None:
    assert ISSUE_AREAS.get("housng") is None
    assert "housng" not in ISSUE_AREAS
    assert None not in ISSUE_AREAS
    assert "housing" in ISSUE_AREAS


# ---------------------------------------------------------------- finding terms by words


@pytest.mark.parametrize(
    ("facet", "words", "slug"),
    [
        (ISSUE_AREAS, "Vivienda", "housing"),
        (ISSUE_AREAS, "desalojos", "tenants"),
        (ISSUE_AREAS, "INQUILINOS", "tenants"),
        (ISSUE_AREAS, "renters", "tenants"),
        (ISSUE_AREAS, "inmigración", "immigration"),
        (ISSUE_AREAS, "inmigracion", "immigration"),
        (ISSUE_AREAS, "immigrants", "immigration"),
        (ISSUE_AREAS, "economic social & cultural rights", "economic-social-cultural"),
        (ISSUE_AREAS, "Women’s rights", "women"),
        (ISSUE_AREAS, "aging-prison", "aging-prison"),
        (ISSUE_AREAS, "aging prison", "aging-prison"),
        (ISSUE_AREAS, "niñez", "children-youth"),
        (ISSUE_AREAS, "LGBTQ", "lgbtq"),
        (WORK_AREAS, "abogados", "law"),
        (WORK_AREAS, "abogadas", "law"),
        (WORK_AREAS, "lawyers", "law"),
        (WORK_AREAS, "legal aid", "legal-services"),
        (WORK_AREAS, "grupos comunitarios", "organizing"),
        (COMMUNITIES, "familias de presos", "families-of-prisoners"),
        (LANGUAGES, "español", "es"),
        (LANGUAGES, "中文", "zh"),
        (LANGUAGES, "Kreyòl", "ht"),
        (LANGUAGES, "am", "am"),
    ],
)
def test_words_find_their_term(facet: Vocabulary, words: str, slug: str) -> None:
    assert [term.slug for term in facet.find(words)] == [slug]


@pytest.mark.parametrize("words", ["", "  ", "—", "housng", "housing near Atlanta"])
def test_other_words_find_nothing(words: str) -> None:
    assert ISSUE_AREAS.find(words) == ()


def test_language_tags_are_not_phrases() -> None:
    assert not {"am", "so", "es", "to", "my", "it"} & LANGUAGES.phrases().keys()


def test_labels_fall_back_to_the_wider_language_then_to_english() -> None:
    housing = ISSUE_AREAS.require("housing")
    assert housing.label() == "Housing"
    assert housing.label("es") == housing.label("es-MX") == "Vivienda"
    assert housing.label("tlh") == housing.label("") == "Housing"
    assert ARTICLES[26].subject("es-PR") == "Educación"
    assert ARTICLES[26].subject("tlh") == "Education"


# ---------------------------------------------------------------- disclosure


@pytest.mark.parametrize(
    ("slugs", "default"),
    [
        ([], None),
        (["housing"], None),
        (["gender-violence"], Disclosure.HIDDEN),
        (["reproductive"], Disclosure.COUNTY),
        (["immigration"], Disclosure.COUNTY),
        (["refugees"], Disclosure.COUNTY),
        (["detention-deportation"], Disclosure.COUNTY),
        (["trafficking"], Disclosure.HIDDEN),
        (["housing", "refugees"], Disclosure.COUNTY),
        (["gender-violence", "refugees"], Disclosure.HIDDEN),
        (["refugees", "gender-violence"], Disclosure.HIDDEN),
        (["migration"], None),
        (["women"], None),
    ],
)
def test_the_strictest_default_of_terms_and_all_broader(slugs: list[str], default: Disclosure | None) -> None:
    assert ISSUE_AREAS.strictest_disclosure(slugs) is default


def test_the_default_of_an_unknown_term_is_refused() -> None:
    with pytest.raises(UnknownTerm):
        ISSUE_AREAS.strictest_disclosure(["housing", "gender-violense"])


# ---------------------------------------------------------------- articles


def test_thirty_articles_in_both_languages() -> None:
    assert list(ARTICLES) == list(range(1, 31))
    assert all(article.number == number and article.subjects.keys() == {"en", "es"} for number, article in ARTICLES.items())
