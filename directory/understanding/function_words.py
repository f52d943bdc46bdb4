"""The small words of English and Spanish, and what they mean for the words after them: data/en.toml and data/es.toml.

All phrases are folded. A table of both languages is used where a phrase means the same in either.
"""

import tomllib
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from directory.records import OrganizationKind
from directory.text import fold

DATA = Path(__file__).with_name("data")
LANGUAGES = ("en", "es")  # in this order where it matters
T = TypeVar("T")
_NAME_TABLES = ("irregular", "ordinary_city_names", "state_abbreviations", "exact_words")


class PhraseTable(Generic[T]):
    """Folded phrases and their meanings. `max_words_by_first_word`: the length of the longest phrase that starts with a word."""

    def __init__(self, meanings: Mapping[str, T]) -> None:
        self.meanings = meanings
        self.max_words_by_first_word: dict[str, int] = {}
        for phrase in meanings:
            words = phrase.split()
            self.max_words_by_first_word[words[0]] = max(len(words), self.max_words_by_first_word.get(words[0], 0))


class PlaceRelation(Enum):
    """How an organization is related to a place."""

    NEAR = "near"
    IN = "in"
    LOCATED = "located in"
    SERVING = "serving"
    NAMED = "named"  # without a word before it: "tulsa renters"


class Excludable(Enum):
    """What words like "without" may exclude."""

    ANYTHING = "anything"
    PLACE = "place"
    NO_PLACE = "no place"


class FoundedRelation(Enum):
    """How the year of founding is related to the year that follows."""

    BEFORE = "before"
    AFTER = "after"
    SINCE = "since"
    IN = "in"
    BETWEEN = "between"


@cache
def _read_words(language: str) -> dict[str, str]:
    return tomllib.loads((DATA / f"{language}.toml").read_text(encoding="utf-8"))


def _list_phrases(language: str, name: str) -> list[str]:
    phrases = (fold(phrase) for phrase in _read_words(language).get(name, "").split("|"))
    return list(dict.fromkeys(phrase for phrase in phrases if phrase))


def _list_words(language: str, name: str) -> frozenset[str]:
    return frozenset(fold(_read_words(language).get(name, "")).split())


def _unite_words(name: str) -> frozenset[str]:
    return frozenset().union(*(_list_words(language, name) for language in LANGUAGES))


def _build_table(meanings: Mapping[str, T]) -> PhraseTable[T]:
    """Return the phrases of both languages; `meanings` maps the names of tables in the files to meanings."""
    pairs = (
        (phrase, meaning) for name, meaning in meanings.items() for lang in LANGUAGES for phrase in _list_phrases(lang, name)
    )
    table: dict[str, T] = {}
    for phrase, meaning in pairs:
        table.setdefault(phrase, meaning)
    return PhraseTable(table)


def _combine_in_and_serving() -> Iterable[str]:
    """Yield combinations like "in or serving", "serving or based in" and "en o que sirven a"."""
    for language in LANGUAGES:
        serving, conjunctions = _list_phrases(language, "serving"), _list_phrases(language, "or")
        for place in (*_list_phrases(language, "in"), *_list_phrases(language, "located")):
            for phrase in serving:
                for conjunction in (*conjunctions, "and", "y"):
                    yield f"{place} {conjunction} {phrase}"
                    yield f"{phrase} {conjunction} {place}"


DETERMINERS: Mapping[str, frozenset[str]] = {
    language: frozenset(_list_phrases(language, "determiners")) for language in LANGUAGES
}
ALL_DETERMINERS = DETERMINERS["en"] | DETERMINERS["es"]
_RELATIONS = {
    "located": PlaceRelation.LOCATED,
    "serving": PlaceRelation.SERVING,
    "near": PlaceRelation.NEAR,
    "in": PlaceRelation.IN,
}
PLACE_WORDS = PhraseTable({**dict.fromkeys(_combine_in_and_serving(), PlaceRelation.IN), **_build_table(_RELATIONS).meanings})
HERE_PHRASES = _build_table({"here": None})
HERE_NAMES = _build_table({"here_names": None})
NATIONWIDE_PHRASES = _build_table({"nationwide": None})
ANYWHERE_PHRASES = _build_table({"anywhere": None})
EXCLUSIONS = _build_table(
    {"exclusions": Excludable.ANYTHING, "place_exclusions": Excludable.PLACE, "dissociations": Excludable.NO_PLACE}
)
DISMISSALS = _build_table({"dismissals": None})
SECULAR_WORDS = _build_table({"secular": None})
NEGATIONS = _build_table({"negations": None})
NEGATION_FILLERS = _build_table({"negation_fillers": None})
OR_WORDS = _build_table({"or": None})
AND_WORDS = _build_table({"and": None})
DISTANCE_STARTS = _build_table({"distance_starts": None})
DISTANCE_ENDS = _build_table({"distance_ends": None})
TIME_UNITS = _build_table({"hours_and_minutes": None})
MILES = frozenset(["mile", "miles", "mi", "milla", "millas"])
KILOMETERS = frozenset(["km", "kms", "kilometer", "kilometers", "kilometre", "kilometres", "kilometro", "kilometros"])
SELF_PHRASES = _build_table({"self": None})
POSSESSIVES = _build_table({"possessives": None})
EXCLUDED_KINDS = _build_table(
    {"public_bodies": OrganizationKind.PUBLIC_BODY, "national_organizations": OrganizationKind.NATIONAL_ORGANIZATION}
)
DIRECTIONS = _build_table({"directions": None})
DIRECTION_TAILS = _build_table({"direction_tails": None})
STATE_ABBREVIATIONS: Mapping[str, str] = dict(pair.split() for pair in _list_phrases("en", "state_abbreviations"))
SPEAK_PHRASES = _build_table({"speak": None})
SPEAKING_WORDS = _build_table({"speaking": None})
FOUNDED_PHRASES = _build_table(
    {
        "founded_before": FoundedRelation.BEFORE,
        "founded_after": FoundedRelation.AFTER,
        "founded_since": FoundedRelation.SINCE,
        "founded_in": FoundedRelation.IN,
        "founded_between": FoundedRelation.BETWEEN,
    }
)


@cache
def load_ordinary_words(language: str) -> frozenset[str]:
    """Return folded words of a language that are no typos of other words and no names."""
    lines = (DATA / f"ordinary_words_{language}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


STOP_WORDS_BY_LANGUAGE: Mapping[str, frozenset[str]] = {language: _list_words(language, "stop_words") for language in LANGUAGES}
STOP_WORDS = STOP_WORDS_BY_LANGUAGE["en"] | STOP_WORDS_BY_LANGUAGE["es"]
EXACT_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(_list_phrases(language, "exact_words")) for language in LANGUAGES
}
ORDINARY_CITY_NAMES = frozenset(name for language in LANGUAGES for name in _list_phrases(language, "ordinary_city_names"))
IRREGULAR_FORMS: Mapping[str, Mapping[str, str]] = {
    language: dict(pair.split() for pair in _list_phrases(language, "irregular")) for language in LANGUAGES
}


@cache
def list_small_words(language: str) -> frozenset[str]:
    """Return every word of a language's tables that is not a noun of the domain: what tells the language of a sentence."""
    tables = (name for name in _read_words(language) if name not in _NAME_TABLES)
    words = (word for name in tables for phrase in _list_phrases(language, name) for word in phrase.split())
    return frozenset(words)
