"""Summaries and descriptions: sentences of phrases.toml about the words of an organization's themes."""

from functools import cache
from random import Random

from directory.vocabulary import COMMUNITIES, ISSUE_AREAS, WORK_AREAS, Vocabulary
from seed.fictional.phrases import PHRASES, one
from seed.fictional.subjects import Subject

SUMMARY_WORDS = range(10, 26)
DESCRIPTION_WORDS = range(30, 61)
ENOUGH_WORDS = 35  # after which no further sentence is told
SHARE_IN_SPANISH = 0.08
SHARE_WITH_DESCRIPTION = 0.60
_NOBODY = {"en": "neighbors", "es": "la vecindad"}
_LONGEST_TOPIC = 5  # words


def summary(rng: Random, subject: Subject, town: str, language: str) -> str:
    phrases, words = PHRASES.sentences(language), _words(rng, subject, town, language)
    opening = one(rng, phrases.openings)
    middle = one(rng, phrases.middles) if rng.random() < 0.6 else ""
    for closing in rng.sample(phrases.closings, len(phrases.closings)):
        for text in (f"{opening}{middle} {closing}.", f"{opening} {closing}."):
            told = text.format_map(words)
            if _length(told) in SUMMARY_WORDS:
                return told
    return f"{opening} {closing}".format_map(words)


def description(rng: Random, subject: Subject, town: str, language: str) -> str:
    words = _words(rng, subject, town, language)
    sentences = PHRASES.sentences(language).sentences
    told, length = [], 0
    for sentence in rng.sample(sentences, len(sentences)):
        text = sentence.format_map(words)
        if length + _length(text) < DESCRIPTION_WORDS.stop:
            told.append(text)
            length += _length(text)
        if length >= ENOUGH_WORDS:
            break
    return " ".join(told)


def _words(rng: Random, subject: Subject, town: str, language: str) -> dict[str, str]:
    return {
        "town": town,
        "topic": one(rng, _topics(subject.issue_areas[0], language)),
        "other": one(rng, _topics(one(rng, subject.issue_areas), language)),
        "community": _label(COMMUNITIES, one(rng, subject.communities), language) if subject.communities else _NOBODY[language],
        "work": _label(WORK_AREAS, one(rng, subject.work_areas), language),
    }


@cache
def _topics(slug: str, language: str) -> tuple[str, ...]:
    """What people call an issue area, its label and its synonyms."""
    term = ISSUE_AREAS.require(slug)
    spoken = (_label(ISSUE_AREAS, slug, language), *term.synonyms.get(language, ()))
    return tuple(words for words in spoken if _length(words) <= _LONGEST_TOPIC) or spoken[:1]


@cache
def _label(vocabulary: Vocabulary, slug: str, language: str) -> str:
    """The label as it stands inside a sentence."""
    label = vocabulary.require(slug).label(language)
    return label if label.split()[0] in PHRASES.proper else label[0].lower() + label[1:]


def _length(text: str) -> int:
    return len(text.split())
