"""Made-up summaries and descriptions have the right length, subject and language."""

from collections import Counter

from cli.fictional.descriptions import DESCRIPTION_WORDS, SUMMARY_WORDS
from directory.vocabulary.terms import ISSUE_AREAS
from tests.cli.fictional.example_network import list_members

SPANISH_WORDS = {"con", "y", "de", "por", "en", "una"}


def is_spanish(text: str) -> bool:
    return len(SPANISH_WORDS & set(text.split())) >= 2


def test_summaries_have_10_to_25_words() -> None:
    assert all(organization.summary and len(organization.summary.split()) in SUMMARY_WORDS for organization in list_members())


def test_descriptions_have_30_to_60_words() -> None:
    assert all(
        len(organization.description.split()) in DESCRIPTION_WORDS for organization in list_members() if organization.description
    )


def test_no_placeholder_is_left() -> None:
    assert not [
        organization.slug
        for organization in list_members()
        if "{" in f"{organization.name}{organization.summary}{organization.description}"
    ]


def test_a_summary_names_the_first_theme() -> None:
    for organization in list_members():
        term = ISSUE_AREAS.require(organization.issue_areas[0])
        names = [*term.labels.values(), *(word for words in term.synonyms.values() for word in words)]
        assert organization.summary is not None
        assert any(words.lower() in organization.summary.lower() for words in names)


def test_about_a_twelfth_is_written_in_spanish_and_lists_that_language() -> None:
    spanish = [organization for organization in list_members() if organization.summary and is_spanish(organization.summary)]
    assert 0.05 < len(spanish) / len(list_members()) < 0.11
    assert all("es" in organization.languages for organization in spanish)


def test_texts_differ() -> None:
    counts = Counter(organization.summary for organization in list_members())
    assert counts.most_common(1)[0][1] <= 3
