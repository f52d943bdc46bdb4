"""Invented summaries and descriptions: of the promised length, about the organization's themes, in its language."""

from collections import Counter

from cli.fictional.descriptions import DESCRIPTION_WORDS, SUMMARY_WORDS
from cli.fictional.organizations import generate_fictional_organizations
from directory.vocabulary.terms import ISSUE_AREAS

MEMBERS = list(generate_fictional_organizations(1_500))[1:]
SPANISH_WORDS = {"con", "y", "de", "por", "en", "una"}


def is_spanish(text: str) -> bool:
    return len(SPANISH_WORDS & set(text.split())) >= 2


def test_summaries_have_10_to_25_words() -> None:
    assert all(one.summary and len(one.summary.split()) in SUMMARY_WORDS for one in MEMBERS)


def test_descriptions_have_30_to_60_words() -> None:
    assert all(len(one.description.split()) in DESCRIPTION_WORDS for one in MEMBERS if one.description)


def test_nothing_is_left_to_be_filled_in() -> None:
    assert not [one.slug for one in MEMBERS if "{" in f"{one.name}{one.summary}{one.description}"]


def test_a_summary_speaks_of_the_first_theme() -> None:
    for one in MEMBERS:
        term = ISSUE_AREAS.require(one.issue_areas[0])
        spoken = [*term.labels.values(), *(word for words in term.synonyms.values() for word in words)]
        assert one.summary is not None
        assert any(words.lower() in one.summary.lower() for words in spoken)


def test_about_a_twelfth_is_written_in_spanish_and_says_so() -> None:
    spanish = [one for one in MEMBERS if one.summary and is_spanish(one.summary)]
    assert 0.05 < len(spanish) / len(MEMBERS) < 0.11
    assert all("es" in one.languages for one in spanish)


def test_texts_differ() -> None:
    counts = Counter(one.summary for one in MEMBERS)
    assert counts.most_common(1)[0][1] <= 3
