"""What has been understood of a person's words so far: which words, and what they come to."""

import re
from collections.abc import Iterator
from math import ceil
from typing import Any

from msgspec import Struct

from directory.errors import AmbiguousPlace
from directory.gazetteer import gazetteer
from directory.geo import KM_PER_MILE
from directory.phrases import FILLERS, NO_CITIES, Phrases, Way
from directory.question import FACETS, Nationwide, Near, Question, RegionFilter, RegionMatch, TermFilter
from directory.regions import HOME
from directory.said_places import Meant, is_county, is_strong, meant
from directory.text import fold

NEAR_MILES = 50  # "near": about an hour's drive, over which groups still meet in person
PLACE_LONGEST = 6  # words, as in "San Luis Obispo County California"
PLACES_MOST = 50  # phrases that are looked up as places, a millisecond's worth: nobody names so many
CITY_LEAST_MILES = 10  # "in" a city or ZIP code: who tells the city alone stands at its middle, which may be this far off

_TOKEN = re.compile(r'"[^"]*"?|\d{5}-\d{4}(?!\w)|\d+(?:\.\d+)?|[^\W\d](?:[\w.’\'`ʻ]*\w)?|&')


class Token(Struct, frozen=True):
    start: int
    end: int
    said: str
    folded: str  # "" for quoted words, which are meant literally

    @property
    def first(self) -> str:
        return self.folded.partition(" ")[0]


class Reading:
    """Understanding words, from left to right. Methods that take something tell how many tokens; 0 when there is nothing."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.tokens = [
            Token(*match.span(), match[0], "" if match[0].startswith('"') else fold(match[0])) for match in _TOKEN.finditer(words)
        ]
        self.terms: dict[str, list[str]] = {}  # by facet
        self.unwanted: dict[str, list[str]] = {}
        self.any_suffices = False
        self.regions: list[str] = []
        self.by = RegionMatch.LOCATED_OR_SERVING
        self.nationwide = False
        self.near: Near | None = None
        self.ambiguous: list[str] = []
        self.left_out: list[str] = []
        self._asked = 0
        self._taken: set[int] = set()
        self._kept: set[int] = set()

    def phrases(self, at: int, longest: int) -> Iterator[tuple[int, str]]:
        """The folded phrases that begin at a token, with their lengths, longest first; none holds quoted words."""
        folded: list[str] = []
        for token in self.tokens[at : at + longest]:
            if not token.folded:
                break
            folded.append(token.folded)
        for length in range(len(folded), 0, -1):
            yield length, " ".join(folded[:length])

    def one_of(self, at: int, known: Phrases[Any]) -> tuple[int, str]:
        """The longest known phrase at a token, with its length; (0, "") for none."""
        longest = known.longest.get(self.tokens[at].first, 0) if at < len(self.tokens) else 0
        if longest:
            for length, phrase in self.phrases(at, longest):
                if phrase in known.meanings:
                    return length, phrase
        return 0, ""

    def place(self, at: int, length: int, folded: str) -> Meant | None:
        """The place that a phrase means, None when it means none. AmbiguousPlace."""
        self._asked += 1
        return meant(self.said(at, length), folded)

    @property
    def patient(self) -> bool:
        """Whether places are still looked up."""
        return self._asked < PLACES_MOST

    def said(self, at: int, length: int) -> str:
        return self.words[self.tokens[at].start : self.tokens[at + length - 1].end]

    def take(self, at: int, length: int) -> int:
        self._taken.update(range(at, at + length))
        return length

    def keep(self, at: int, length: int) -> int:
        """These tokens stay text, whatever they are."""
        self._kept.update(range(at, at + length))
        return length

    def take_place(self, at: int, length: int, place: Meant, way: Way, radius_km: float | None = None) -> int:
        """Regions filter by region; cities, ZIP codes, counties that are only near, and distances from anything are an origin."""
        if isinstance(place, str) and radius_km is None and not (way is Way.NEAR and is_county(place)):
            if place not in self.regions:
                self.regions.append(place)
            self.by = {Way.LOCATED: RegionMatch.LOCATED, Way.SERVING: RegionMatch.SERVING}.get(way, self.by)
            return self.take(at, length)
        origin = gazetteer().region(place) if isinstance(place, str) else place
        if origin is None or self.near is not None:
            return 0
        miles = NEAR_MILES if way is Way.NEAR else max(CITY_LEAST_MILES, ceil(origin.radius_km / KM_PER_MILE))
        self.near = Near(origin.point, radius_km or round(miles * KM_PER_MILE, 4), origin.id, origin.name)
        return self.take(at, length)

    def keep_ambiguous(self, at: int, length: int) -> int:
        self.ambiguous.append(self.said(at, length))
        return self.keep(at, length)

    # ------------------------------------------------------------ the result

    def question(self) -> Question:
        self._take_last_place()
        regions = self.regions or ([HOME] if self.nationwide else [])
        by = RegionMatch.SERVING if self.nationwide and not self.regions else self.by
        terms: dict[str, Any] = {facet: self._filter(facet) for facet in FACETS}
        return Question(
            text=self._text(),
            **terms,
            regions=RegionFilter(tuple(regions), by=by, nationwide=Nationwide.ONLY if self.nationwide else Nationwide.INCLUDE)
            if regions
            else RegionFilter(),
            near=self.near,
        )

    def _filter(self, facet: str) -> TermFilter:
        wanted, unwanted = tuple(self.terms.get(facet, ())), tuple(self.unwanted.get(facet, ()))
        if len(wanted) < 2 or self.any_suffices:
            return TermFilter(any_of=wanted, none_of=unwanted)
        return TermFilter(all_of=wanted, none_of=unwanted)

    def _take_last_place(self) -> None:
        """What is left may be a city without a word about place: "tenants Atlanta", when that is all that is left."""
        left = self._left()
        if not left or self.near or len(left) > PLACE_LONGEST or left[-1] - left[0] >= len(left) or self._kept.intersection(left):
            return
        said = self.said(left[0], len(left))
        folded = fold(said)
        try:
            place = meant(said, folded) if '"' not in said else None
        except AmbiguousPlace:
            self.keep_ambiguous(left[0], len(left))
            return
        if (
            place
            and not isinstance(place, str)
            and (fold(place.name) == folded or (is_strong(place) and folded not in NO_CITIES))
        ):
            self.take_place(left[0], len(left), place, Way.NEAR)

    def _left(self) -> list[int]:
        """Tokens that are neither understood nor small words."""
        return [
            at
            for at, token in enumerate(self.tokens)
            if at not in self._taken and (at in self._kept or token.folded not in FILLERS)
        ]

    def _text(self) -> str:
        if not (self.terms or self.unwanted or self.regions or self.nationwide or self.near or self.left_out):
            return self.words
        runs: list[list[int]] = []
        for at in self._left():
            if runs and runs[-1][-1] == at - 1:
                runs[-1].append(at)
            else:
                runs.append([at])
        return " ".join(self.said(run[0], len(run)) for run in runs)
