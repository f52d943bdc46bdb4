"""What has been understood of a person's words so far: which words, and what they come to."""

import re
from collections.abc import Iterator
from math import ceil
from typing import Any

from msgspec import Struct

from directory.errors import AmbiguousPlace
from directory.gazetteer import Place, gazetteer
from directory.geo import KM_PER_MILE
from directory.phrases import ARTICLES, FILLERS, NO_CITIES, Phrases, Way
from directory.question import FACETS, Nationwide, Near, Question, RegionFilter, RegionMatch, TermFilter
from directory.records import OrganizationKind
from directory.regions import HOME
from directory.said_places import STATE_LETTERS, Meant, is_county, is_strong, meant, own_region, region_of
from directory.said_themes import KINDS
from directory.text import fold

NEAR_MILES = 50  # "near": about an hour's drive, over which groups still meet in person
PLACE_LONGEST = 6  # words, as in "San Luis Obispo County California"
PLACES_MOST = 100  # phrases that are looked up as places, a few milliseconds' worth: nobody names so many
CITY_LEAST_MILES = 10  # "based in" a city or ZIP code: who tells the city alone stands at its middle, which may be this far off

_TOKEN = re.compile(r'"[^"]*"?|\d{5}-\d{4}(?!\w)|\d+(?:\.\d+)?|[^\W\d](?:[\w.’\'`ʻ]*\w)?|&')


class Token(Struct, frozen=True):
    start: int
    end: int
    said: str
    folded: str  # "" for quoted words, which are meant literally

    @property
    def first(self) -> str:
        return self.folded.partition(" ")[0]


class AmbiguousWords(Struct, frozen=True):
    """Words that name several places, and what to say instead: the foremost of them by name and state."""

    words: str
    candidates: tuple[str, ...]


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
        self._ways: set[Way] = set()  # in which regions are meant
        self.nationwide = False
        self.near: Near | None = None
        self.ambiguous: list[AmbiguousWords] = []
        self.expected: list[int] = []  # where a place should have stood
        self.left_out: list[str] = []
        self._asked = 0
        self._taken: set[int] = set()
        self._kept: set[int] = set()

    def _folded(self, at: int) -> str:
        return self.tokens[at].folded if at < len(self.tokens) else ""

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
        return None if length > 1 and self._is_small_word(at + length - 1) else meant(self.said(at, length), folded)

    def _is_small_word(self, at: int) -> bool:
        """Whether "in", "or" or "de" is no state's letters here: "near Atlanta in Georgia" is not Atlanta, Indiana."""
        token = self.tokens[at]
        small = len(token.folded) == STATE_LETTERS and token.folded in FILLERS and not token.said.isupper()
        return small and at + 1 < len(self.tokens)

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
        """A region filters; what is near a city, ZIP code or county, or so far from anything, is a circle.

        A city or ZIP code that is worked in, or served, stands for its region, and is the origin of distances in it.
        """
        if radius_km is not None or _is_circle(place, way):
            return self._take_circle(at, length, place, way, radius_km)
        if isinstance(place, Place):
            if self.near is not None and self.near.radius_km is not None:
                return 0
            if self.near is None and own_region(place) is None:
                self.near = Near(place.point, None, place.id, place.name)
        region = region_of(place)
        if region not in self.regions:
            self.regions.append(region)
        self._ways.add(way)
        return self.take(at, length)

    def _take_circle(self, at: int, length: int, place: Meant, way: Way, radius_km: float | None) -> int:
        origin = gazetteer().region(place) if isinstance(place, str) else place
        if origin is None or (self.near is not None and self.near.radius_km is not None):
            return 0
        miles = NEAR_MILES if way is Way.NEAR else max(CITY_LEAST_MILES, ceil(origin.radius_km / KM_PER_MILE))
        self.near = Near(origin.point, radius_km or round(miles * KM_PER_MILE, 4), origin.id, origin.name)
        return self.take(at, length)

    @property
    def by(self) -> RegionMatch:
        """Regions that were meant in different ways are meant either way."""
        only = next(iter(self._ways)) if len(self._ways) == 1 else Way.IN
        return {Way.LOCATED: RegionMatch.LOCATED, Way.SERVING: RegionMatch.SERVING}.get(only, RegionMatch.LOCATED_OR_SERVING)

    def keep_ambiguous(self, at: int, length: int, refusal: AmbiguousPlace) -> int:
        candidates = refusal.params["candidates"]
        self.ambiguous.append(AmbiguousWords(self.said(at, length), tuple(candidates)))  # type: ignore[arg-type]
        return self.keep(at, length)

    def unplaced(self) -> tuple[str, ...]:
        """What stands behind a word about place, up to a small word, and was not understood as anything."""
        left, found = set(self._left()) - self._kept, []
        for expected in self.expected:
            at, length = expected + (self._folded(expected) in ARTICLES), 0
            while at + length in left and self.tokens[at + length].folded:
                length += 1
            found += [self.said(at, length)] if length else []
        return tuple(dict.fromkeys(found))

    # ------------------------------------------------------------ the result

    def question(self) -> Question:
        self._take_last_place()
        regions = self.regions or ([HOME] if self.nationwide else [])
        by = RegionMatch.SERVING if self.nationwide and not self.regions else self.by
        terms: dict[str, Any] = {facet: self._filter(facet) for facet in FACETS}
        return Question(
            text=self._text(),
            **terms,
            kinds=tuple(OrganizationKind(kind) for kind in self.terms.get(KINDS, ())),
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
        except AmbiguousPlace as refusal:
            self.keep_ambiguous(left[0], len(left), refusal)
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


def _is_circle(place: Meant, way: Way) -> bool:
    if isinstance(place, str):
        return way is Way.NEAR and is_county(place)
    return way is Way.NEAR or (way is Way.LOCATED and own_region(place) is None)
