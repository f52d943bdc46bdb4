"""The phrases of the fictional network, loaded from phrases.toml, and functions that draw random values."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from directory.records import OrganizationKind
from directory.vocabulary.choices import CoalitionKind

T = TypeVar("T")


class TownNames(Struct, frozen=True, forbid_unknown_fields=True):
    first: tuple[str, ...]
    second: tuple[str, ...]


class KindPhrases(Struct, frozen=True, forbid_unknown_fields=True):
    """The words for a kind in names (at the end in English, at the start in Spanish) and its usual work areas."""

    weight: float
    en: tuple[str, ...]
    es: tuple[str, ...]
    work: tuple[str, ...]


class ThemePhrases(Struct, frozen=True, forbid_unknown_fields=True):
    """The words for a theme in names, and the kinds and communities that often go with it."""

    en: tuple[str, ...]
    es: str
    communities: tuple[str, ...]
    kinds: tuple[OrganizationKind, ...] = ()


class SentenceParts(Struct, frozen=True, forbid_unknown_fields=True):
    openings: tuple[str, ...]
    middles: tuple[str, ...]
    closings: tuple[str, ...]
    sentences: tuple[str, ...]


class CoalitionKindPhrases(Struct, frozen=True, forbid_unknown_fields=True):
    """The words for a kind in names, at the end in English and at the start in Spanish."""

    weight: float
    en: tuple[str, ...]
    es: tuple[str, ...]


class CoalitionTexts(Struct, frozen=True, forbid_unknown_fields=True):
    roles: tuple[str, ...]
    notes: tuple[str, ...]
    summaries: tuple[str, ...]


class CoalitionPhrases(Struct, frozen=True, forbid_unknown_fields=True):
    kinds: dict[CoalitionKind, CoalitionKindPhrases]
    en: CoalitionTexts
    es: CoalitionTexts


class EventTexts(Struct, frozen=True, forbid_unknown_fields=True):
    """The words for kinds of events in titles, at the end in English and at the start in Spanish; names of places; summaries."""

    kinds: tuple[str, ...]
    halls: tuple[str, ...]
    summaries: tuple[str, ...]


class EventPhrases(Struct, frozen=True, forbid_unknown_fields=True):
    actors: tuple[str, ...]
    en: EventTexts
    es: EventTexts


class SubjectPhrases(Struct, frozen=True, forbid_unknown_fields=True):
    """What a recommendation or an article is about. A recommendation gets its issue areas when it is drawn."""

    en: str
    es: str
    issue_areas: tuple[str, ...] = ()


class InstrumentPhrases(Struct, frozen=True, forbid_unknown_fields=True):
    state_forms: tuple[str, ...]
    responses: tuple[str, ...]
    recommendations: tuple[SubjectPhrases, ...]
    articles: tuple[SubjectPhrases, ...]


class FictionalPhrases(Struct, frozen=True, forbid_unknown_fields=True):
    proper: frozenset[str]
    area_codes: tuple[str, ...]
    images: tuple[str, ...]
    given_names: tuple[str, ...]
    family_names: tuple[str, ...]
    streets: tuple[str, ...]
    towns: TownNames
    kinds: dict[OrganizationKind, KindPhrases]
    themes: dict[str, ThemePhrases]  # by issue area, the commonest first
    en: SentenceParts
    es: SentenceParts
    coalitions: CoalitionPhrases
    events: EventPhrases
    time_zones: dict[str, tuple[str, ...]]  # states by the name of their time zone
    instruments: InstrumentPhrases

    def sentence_parts(self, language: str) -> SentenceParts:
        return self.es if language == "es" else self.en


PHRASES = msgspec.toml.decode(Path(__file__).with_name("phrases.toml").read_bytes(), type=FictionalPhrases)


class WeightedChoice(Generic[T]):
    """Draws each value with a probability proportional to its weight. The weights need not add up to 1."""

    def __init__(self, values: Sequence[T], weights: Iterable[float]) -> None:
        self._values = values
        self._cumulative_weights = list(accumulate(weights))

    def draw(self, rng: Random) -> T:
        return self._values[bisect_right(self._cumulative_weights, rng.random() * self._cumulative_weights[-1])]


def weight_by_rank(values: Sequence[T], exponent: float = 1.0) -> WeightedChoice[T]:
    """Weight the values by Zipf's law: with exponent 1, the second is drawn half as often as the first, the third a third."""
    return WeightedChoice(values, (1 / rank**exponent for rank in range(1, len(values) + 1)))


def draw_some(rng: Random, values: Sequence[T], least: int, most: int) -> tuple[T, ...]:
    """Return between `least` and `most` different values, or all values if there are fewer."""
    return tuple(rng.sample(values, min(len(values), rng.randint(least, most))))


def draw_one(rng: Random, values: Sequence[T]) -> T:
    """Return one of the values. Three times as fast as Random.choice, and equally uniform for short lists."""
    return values[int(rng.random() * len(values))]
