import pytest

from directory.said_themes import KINDS, themes


@pytest.mark.parametrize(
    ("phrase", "theme"),
    [
        ("people of color", ("communities", "people-of-color")),  # a label here, a synonym of racial justice
        ("personas de color", ("communities", "people-of-color")),
        ("young people", ("communities", "youth")),
        ("tenants", ("issue_areas", "tenants")),  # a label of the community, and the slug of the issue area
        ("women", ("issue_areas", "women")),
        ("worker centers", (KINDS, "WORKER_CENTER")),
        ("grassroots groups", (KINDS, "GRASSROOTS_GROUP")),
        ("unions", (KINDS, "UNION")),
        ("lawyers", ("work_areas", "law")),
        ("farmworkers", ("communities", "farmworkers")),
        ("sex workers", ("communities", "sex-workers")),
    ],
)
def test_what_a_phrase_means(phrase: str, theme: tuple[str, str]) -> None:
    assert themes().meanings[phrase] == theme


@pytest.mark.parametrize("word", ["network", "red", "campaign", "collective", "derechos", "other kind"])
def test_words_that_say_too_little_are_no_themes(word: str) -> None:
    assert themes().meanings.get(word, ("", ""))[0] != KINDS
