"""Compose summaries and descriptions from the sentences in phrases.toml and the organization's subject."""

from functools import cache
from random import Random
from typing import Any

from cli.fictional.phrases import PHRASES, draw_one
from cli.fictional.subjects import Subject
from directory.fields import FIELDS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, WORK_AREAS, Vocabulary

SUMMARY_WORDS = range(10, 26)
DESCRIPTION_WORDS = range(30, 61)
ENOUGH_WORDS = 35  # no further sentence is added to a description with this many words
SHARE_IN_SPANISH = 0.08
SHARE_WITH_DESCRIPTION = 0.60
SHARE_WITH_EXAMPLE = 1 / 3
_DEFAULT_COMMUNITY = {"en": "neighbors", "es": "la vecindad"}
_MAX_TOPIC_WORDS = 5


def compose_summary(rng: Random, subject: Subject, town: str, language: str) -> str:
    """Return one sentence, if possible with a number of words in SUMMARY_WORDS."""
    phrases, words = PHRASES.sentence_parts(language), _build_template_values(rng, subject, town, language)
    opening = draw_one(rng, phrases.openings)
    middle = draw_one(rng, phrases.middles) if rng.random() < 0.6 else ""
    for closing in rng.sample(phrases.closings, len(phrases.closings)):
        for text in (f"{opening}{middle} {closing}.", f"{opening} {closing}."):
            summary = text.format_map(words)
            if _count_words(summary) in SUMMARY_WORDS:
                return summary
    return f"{opening} {closing}".format_map(words)


def compose_description(rng: Random, subject: Subject, town: str, language: str) -> str:
    """Return several sentences with a number of words in DESCRIPTION_WORDS."""
    words = _build_template_values(rng, subject, town, language)
    sentences = PHRASES.sentence_parts(language).sentences
    chosen, length = [], 0
    for sentence in rng.sample(sentences, len(sentences)):
        text = sentence.format_map(words)
        if length + _count_words(text) < DESCRIPTION_WORDS.stop:
            chosen.append(text)
            length += _count_words(text)
        if length >= ENOUGH_WORDS:
            break
    return " ".join(chosen)


def draw_example_texts(organization_id: str, language: str) -> dict[str, Any]:
    """Return examples of the field registry for some fields.

    The id is the seed, so that a new field changes nothing else in a fictional network.
    """
    texts = {}
    for name, field in FIELDS.items():
        rng = Random(f"{name}:{organization_id}")  # noqa: S311 - must be reproducible
        if field.examples and rng.random() < SHARE_WITH_EXAMPLE:
            texts[name] = rng.choice(field.examples[language])
    return texts


def draw_topic(rng: Random, issue_area: str, language: str) -> str:
    """Return a short name of an issue area for use inside a sentence."""
    return draw_one(rng, _list_topics(issue_area, language))


def _build_template_values(rng: Random, subject: Subject, town: str, language: str) -> dict[str, str]:
    return {
        "town": town,
        "topic": draw_topic(rng, subject.issue_areas[0], language),
        "other": draw_topic(rng, draw_one(rng, subject.issue_areas), language),
        "community": _format_label(COMMUNITIES, draw_one(rng, subject.communities), language)
        if subject.communities
        else _DEFAULT_COMMUNITY[language],
        "work": _format_label(WORK_AREAS, draw_one(rng, subject.work_areas), language),
    }


@cache
def _list_topics(slug: str, language: str) -> tuple[str, ...]:
    """Return the short names of an issue area: its label and its synonyms."""
    term = ISSUE_AREAS.require(slug)
    names = (_format_label(ISSUE_AREAS, slug, language), *term.synonyms.get(language, ()))
    return tuple(name for name in names if _count_words(name) <= _MAX_TOPIC_WORDS) or names[:1]


@cache
def _format_label(vocabulary: Vocabulary, slug: str, language: str) -> str:
    """Return the label for use inside a sentence, in lower case unless it starts with a proper name."""
    label = vocabulary.require(slug).label(language)
    return label if label.split()[0] in PHRASES.proper else label[0].lower() + label[1:]


def _count_words(text: str) -> int:
    return len(text.split())
