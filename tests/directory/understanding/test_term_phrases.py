import pytest

from directory.understanding.term_phrases import KINDS_FACET, get_term_phrases


@pytest.mark.parametrize(
    ("phrase", "term"),
    [
        ("people of color", ("communities", "people-of-color")),  # a label here, a synonym of racial justice
        ("personas de color", ("communities", "people-of-color")),
        ("young people", ("communities", "youth")),
        ("tenants", ("issue_areas", "tenants")),  # a label of the community, and the slug of the issue area
        ("women", ("issue_areas", "women")),
        ("worker centers", (KINDS_FACET, "WORKER_CENTER")),
        ("grassroots groups", (KINDS_FACET, "GRASSROOTS_GROUP")),
        ("unions", (KINDS_FACET, "UNION")),
        ("lawyers", ("work_areas", "law")),
        ("farmworkers", ("communities", "farmworkers")),
        ("sex workers", ("communities", "sex-workers")),
    ],
)
def test_what_a_phrase_means(phrase: str, term: tuple[str, str]) -> None:
    assert get_term_phrases().meanings[phrase] == term


@pytest.mark.parametrize("word", ["network", "red", "campaign", "collective", "derechos", "other kind"])
def test_words_that_are_too_general_are_not_terms(word: str) -> None:
    assert get_term_phrases().meanings.get(word, ("", ""))[0] != KINDS_FACET
