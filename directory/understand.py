"""Words of a person -> Question, by vocabulary and gazetteer alone: the same words always give the same question.

Read from left to right, the longest phrase first. A word about place ("near", "in", "serving", "cerca de") takes the place that
follows; ZIP codes, states and larger regions of the United States are places without one. Where a phrase is both a theme and a place, it
is a theme, unless it follows such a word and is a region or a large city. Nothing is guessed: what is not understood, or names several
places, stays text, in its own spelling. Small words around what was understood are dropped.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from math import ceil

from msgspec import Struct

from directory.errors import AmbiguousPlace, BadInput
from directory.gazetteer import Place, PlaceKind, gazetteer
from directory.geo import HALF_EARTH_KM, KM_PER_MILE
from directory.parts import FilterPart, parts
from directory.phrases import (
    ARTICLES,
    CHOICE,
    DENYING,
    DISTANCE_ENDS,
    DISTANCE_STARTS,
    FILLERS,
    HERE,
    KILOMETERS,
    LEAVING_OUT,
    LONGEST,
    MILES,
    NATIONWIDE,
    PLACE_WORDS,
    SPOKEN_AFTER,
    SPOKEN_BEFORE,
    Way,
)
from directory.question import FACETS, TEXT_LIMIT, Nationwide, Near, Question, RegionFilter, RegionMatch, TermFilter
from directory.regions import HOME, REGIONS, RegionKind
from directory.text import fold

NEAR_MILES = 50  # "near": an hour's drive, the distance over which groups meet in person
CITY_LEAST_MILES = 10  # "in" a city or ZIP code; places are told by their city's middle, which may lie this far off
LARGE_CITY = 10  # standard postal codes, from which a city's bare name is a place

_TOKEN = re.compile(r'"[^"]*"?|\d{5}-\d{4}(?!\w)|\d+(?:\.\d+)?|[^\W\d](?:[\w.’\'`ʻ]*\w)?|&')
_POSTAL_CODE = re.compile(r"\d{5}(-\d{4})?", re.ASCII)
_STATE_LETTERS = 2


class Understanding(Struct, frozen=True):
    """`text` is what was left, also in `question`. `ambiguous` are names of several places, which stay in it;
    `left_out` are words such as "near us", that only the asker could make a place of."""

    question: Question
    text: str
    parts: tuple[FilterPart, ...]
    ambiguous: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def understand(words: str, is_name: Callable[[str], bool] | None = None) -> Understanding:
    """`is_name` says whether words are an organization's name or acronym: those are text as a whole.

    BadInput for more than 500 characters.
    """
    if len(words) > TEXT_LIMIT:
        raise BadInput(f"A search text has at most {TEXT_LIMIT} characters; shorten it.", argument="query")
    reading = _Reading(words)
    if not (is_name and is_name(words)):
        reading.read()
    question = reading.question()
    return Understanding(question, question.text, parts(question), tuple(reading.ambiguous), tuple(reading.left_out))


class _Token(Struct, frozen=True):
    start: int
    end: int
    said: str
    folded: str  # "" for quoted words, which are meant literally


class _Reading:
    """What has been understood of some words so far."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.tokens = [
            _Token(*match.span(), match[0], "" if match[0].startswith('"') else fold(match[0])) for match in _TOKEN.finditer(words)
        ]
        self.taken: set[int] = set()  # tokens that were understood
        self.kept: set[int] = set()  # tokens that stay text, whatever they are
        self.terms: dict[str, list[str]] = {}
        self.left_away: dict[str, list[str]] = {}
        self.choices = False
        self.regions: list[str] = []
        self.by = RegionMatch.LOCATED_OR_SERVING
        self.nationwide = Nationwide.INCLUDE
        self.near: Near | None = None
        self.ambiguous: list[str] = []
        self.left_out: list[str] = []

    def read(self) -> None:
        at = 0
        while at < len(self.tokens):
            at += max(1, next((length for step in _STEPS if (length := step(self, at))), 0))
        self._read_what_is_left()

    def phrases(self, at: int, longest: int = LONGEST) -> Iterator[tuple[int, str]]:
        """The phrases that begin at a token and their lengths, longest first; none holds quoted words."""
        folded: list[str] = []
        for token in self.tokens[at : at + longest]:
            if not token.folded:
                break
            folded.append(token.folded)
        for length in range(len(folded), 0, -1):
            yield length, " ".join(folded[:length])

    def one_of(self, at: int, known: "frozenset[str] | dict[str, Way]") -> int:
        """The length of the longest known phrase at a token; 0 for none."""
        return next((length for length, phrase in self.phrases(at, 4) if phrase in known), 0)

    def take(self, at: int, length: int) -> int:
        self.taken.update(range(at, at + length))
        return length

    def said(self, at: int, length: int) -> str:
        return self.words[self.tokens[at].start : self.tokens[at + length - 1].end]

    # ------------------------------------------------------------ places

    def place(self, at: int, way: Way, radius_km: float | None = None) -> int:
        """Takes the place that begins at a token, if there is one, and tells its length; 0 for none."""
        for length, phrase in self.phrases(at):
            if length == 1 and len(phrase) <= _STATE_LETTERS and not self.tokens[at].said.isupper():
                continue  # "in", "or", "me" are states only when written IN, OR, ME
            understood = self._place_named(phrase, self.said(at, length), way, radius_km)
            if understood:
                theme, _ = _theme(self, at)
                strong = self.regions or self.near
                return 0 if theme > length or (theme == length and not strong) else self.take(at, length)
        return 1 + self.place(at + 1, way, radius_km) if False else 0

    def _place_named(self, phrase: str, said: str, way: Way, radius_km: float | None) -> bool:
        raise NotImplementedError
