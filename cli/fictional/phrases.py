"""What the fictional network is made of, read from phrases.toml, and how a share of it is drawn."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from directory.records import OrganizationKind

T = TypeVar("T")


class TownNames(Struct, frozen=True, forbid_unknown_fields=True):
    first: tuple[str, ...]
    second: tuple[str, ...]


class KindPhrases(Struct, frozen=True, forbid_unknown_fields=True):
    """`en` and `es` end or open a name; `work` are work areas, the usual ones of this kind first."""

    weight: float
    en: tuple[str, ...]
    es: tuple[str, ...]
    work: tuple[str, ...]


class ThemePhrases(Struct, frozen=True, forbid_unknown_fields=True):
    """`en` and `es` are what a name says of the theme; `kinds` and `communities` go with it more often than by chance."""

    en: tuple[str, ...]
    es: str
    communities: tuple[str, ...]
    kinds: tuple[OrganizationKind, ...] = ()


class SentenceParts(Struct, frozen=True, forbid_unknown_fields=True):
    openings: tuple[str, ...]
    middles: tuple[str, ...]
    closings: tuple[str, ...]
    sentences: tuple[str, ...]


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

    def sentence_parts(self, language: str) -> SentenceParts:
        return self.es if language == "es" else self.en


PHRASES = msgspec.toml.decode(Path(__file__).with_name("phrases.toml").read_bytes(), type=FictionalPhrases)


class WeightedChoice(Generic[T]):
    """Values drawn as often as their weights say. Weights need not add up to anything."""

    def __init__(self, values: Sequence[T], weights: Iterable[float]) -> None:
        self._values = values
        self._cumulative_weights = list(accumulate(weights))

    def draw(self, rng: Random) -> T:
        return self._values[bisect_right(self._cumulative_weights, rng.random() * self._cumulative_weights[-1])]


def weight_by_rank(values: Sequence[T], exponent: float = 1.0) -> WeightedChoice[T]:
    """Zipf's law: the second value is drawn half as often as the first (at exponent 1), the third a third as often."""
    return WeightedChoice(values, (1 / rank**exponent for rank in range(1, len(values) + 1)))


def draw_some(rng: Random, values: Sequence[T], least: int, most: int) -> tuple[T, ...]:
    """Between `least` and `most` different values, fewer where there are not as many."""
    return tuple(rng.sample(values, min(len(values), rng.randint(least, most))))


def draw_one(rng: Random, values: Sequence[T]) -> T:
    """Any of the values; three times as quick as Random.choice, and as fair for lists as short as ours."""
    return values[int(rng.random() * len(values))]
