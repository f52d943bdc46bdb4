"""What has been understood of a person's words so far: which words, and what they come to."""

import re
from collections.abc import Iterator
from math import ceil
from typing import Any

from msgspec import Struct

from directory.errors import AmbiguousPlace
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place
from directory.geo import KM_PER_MILE
from directory.question import FACETS, Nationwide, Near, Question, RegionFilter, RegionMatch, TermFilter
from directory.records import OrganizationKind
from directory.text import fold
from directory.understanding.function_words import ARTICLES, NON_CITY_WORDS, STOP_WORDS, PhraseTable, PlaceRelation
from directory.understanding.place_phrases import (
    STATE_ABBREVIATION_LENGTH,
    PlaceOrRegion,
    find_city_region,
    find_narrowest_region,
    is_county,
    is_prominent_place,
    resolve_place_phrase,
)
from directory.understanding.term_phrases import KINDS_FACET
from directory.vocabulary.regions import HOME_COUNTRY

NEAR_MILES = 50  # "near": about an hour's drive, over which groups still meet in person
MAX_PLACE_WORDS = 6  # words, as in "San Luis Obispo County California"
MAX_PLACE_LOOKUPS = 100  # phrases that are looked up as places, a few milliseconds' worth: nobody names so many
MIN_CITY_RADIUS_MILES = (
    10  # "based in" a city or ZIP code: who tells the city alone stands at its middle, which may be this far off
)

_TOKEN = re.compile(r'"[^"]*"?|\d{5}-\d{4}(?!\w)|\d+(?:\.\d+)?|[^\W\d](?:[\w.’\'`ʻ]*\w)?|&')


class Token(Struct, frozen=True):
    start: int
    end: int
    text: str
    folded_text: str  # "" for quoted words, which are meant literally

    @property
    def first_word(self) -> str:
        return self.folded_text.partition(" ")[0]


class AmbiguousWords(Struct, frozen=True):
    """Words that name several places, and what to say instead: the foremost of them by name and state."""

    words: str
    candidates: tuple[str, ...]


class PhraseParser:
    """Understanding words, from left to right. Methods that take something tell how many tokens; 0 when there is nothing."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.tokens = [
            Token(*match.span(), match[0], "" if match[0].startswith('"') else fold(match[0])) for match in _TOKEN.finditer(words)
        ]
        self.terms: dict[str, list[str]] = {}  # by facet
        self.excluded_terms: dict[str, list[str]] = {}
        self.matches_any_term = False
        self.regions: list[str] = []
        self._place_relations: set[PlaceRelation] = set()  # in which regions are meant
        self.is_nationwide = False
        self.near: Near | None = None
        self.ambiguous_words: list[AmbiguousWords] = []
        self.expected_place_positions: list[int] = []  # where a place should have stood
        self.ignored_words: list[str] = []
        self._place_lookups = 0
        self._consumed_positions: set[int] = set()
        self._text_positions: set[int] = set()

    def _folded_word_at(self, at: int) -> str:
        return self.tokens[at].folded_text if at < len(self.tokens) else ""

    def iter_phrases(self, at: int, longest: int) -> Iterator[tuple[int, str]]:
        """The folded phrases that begin at a token, with their lengths, longest first; none holds quoted words."""
        folded: list[str] = []
        for token in self.tokens[at : at + longest]:
            if not token.folded_text:
                break
            folded.append(token.folded_text)
        for length in range(len(folded), 0, -1):
            yield length, " ".join(folded[:length])

    def match_phrase(self, at: int, known: PhraseTable[Any]) -> tuple[int, str]:
        """The longest known phrase at a token, with its length; (0, "") for none."""
        longest = known.max_words_by_first_word.get(self.tokens[at].first_word, 0) if at < len(self.tokens) else 0
        if longest:
            for length, phrase in self.iter_phrases(at, longest):
                if phrase in known.meanings:
                    return length, phrase
        return 0, ""

    def find_place(self, at: int, length: int, folded: str) -> PlaceOrRegion | None:
        """The place that a phrase means, None when it means none. AmbiguousPlace."""
        self._place_lookups += 1
        return (
            None
            if length > 1 and self._is_function_word(at + length - 1)
            else resolve_place_phrase(self.text_at(at, length), folded)
        )

    def _is_function_word(self, at: int) -> bool:
        """Whether "in", "or" or "de" is no state's letters here: "near Atlanta in Georgia" is not Atlanta, Indiana."""
        token = self.tokens[at]
        small = (
            len(token.folded_text) == STATE_ABBREVIATION_LENGTH and token.folded_text in STOP_WORDS and not token.text.isupper()
        )
        return small and at + 1 < len(self.tokens)

    @property
    def may_look_up_places(self) -> bool:
        """Whether places are still looked up."""
        return self._place_lookups < MAX_PLACE_LOOKUPS

    def text_at(self, at: int, length: int) -> str:
        return self.words[self.tokens[at].start : self.tokens[at + length - 1].end]

    def consume(self, at: int, length: int) -> int:
        self._consumed_positions.update(range(at, at + length))
        return length

    def keep_as_text(self, at: int, length: int) -> int:
        """These tokens stay text, whatever they are."""
        self._text_positions.update(range(at, at + length))
        return length

    def consume_place(
        self, at: int, length: int, place: PlaceOrRegion, way: PlaceRelation, radius_km: float | None = None
    ) -> int:
        """A region filters; what is near a city, ZIP code or county, or so far from anything, is a circle.

        A city or ZIP code that is worked in, or served, stands for its region, and is the origin of distances in it.
        """
        if radius_km is not None or _is_circle(place, way):
            return self._consume_circle(at, length, place, way, radius_km)
        if isinstance(place, Place):
            if self.near is not None and self.near.radius_km is not None:
                return 0
            if self.near is None and find_city_region(place) is None:
                self.near = Near(place.point, None, place.id, place.name)
        region = find_narrowest_region(place)
        if region not in self.regions:
            self.regions.append(region)
        self._place_relations.add(way)
        return self.consume(at, length)

    def _consume_circle(self, at: int, length: int, place: PlaceOrRegion, way: PlaceRelation, radius_km: float | None) -> int:
        origin = get_gazetteer().find_region(place) if isinstance(place, str) else place
        if origin is None or (self.near is not None and self.near.radius_km is not None):
            return 0
        miles = NEAR_MILES if way is PlaceRelation.NEAR else max(MIN_CITY_RADIUS_MILES, ceil(origin.radius_km / KM_PER_MILE))
        self.near = Near(origin.point, radius_km or round(miles * KM_PER_MILE, 4), origin.id, origin.name)
        return self.consume(at, length)

    @property
    def region_match(self) -> RegionMatch:
        """Regions that were meant in different ways are meant either way."""
        only = next(iter(self._place_relations)) if len(self._place_relations) == 1 else PlaceRelation.IN
        return {PlaceRelation.LOCATED: RegionMatch.LOCATED, PlaceRelation.SERVING: RegionMatch.SERVING}.get(
            only, RegionMatch.LOCATED_OR_SERVING
        )

    def keep_ambiguous_as_text(self, at: int, length: int, refusal: AmbiguousPlace) -> int:
        candidates = refusal.params["candidates"]
        self.ambiguous_words.append(AmbiguousWords(self.text_at(at, length), tuple(candidates)))  # type: ignore[arg-type]
        return self.keep_as_text(at, length)

    def find_unknown_places(self) -> tuple[str, ...]:
        """What stands behind a word about place, up to a small word, and was not understood as anything."""
        left, found = set(self._list_remaining_positions()) - self._text_positions, []
        for expected in self.expected_place_positions:
            at, length = expected + (self._folded_word_at(expected) in ARTICLES), 0
            while at + length in left and self.tokens[at + length].folded_text:
                length += 1
            found += [self.text_at(at, length)] if length else []
        return tuple(dict.fromkeys(found))

    # ------------------------------------------------------------ the result

    def build_question(self) -> Question:
        self._consume_remaining_place()
        regions = self.regions or ([HOME_COUNTRY] if self.is_nationwide else [])
        by = RegionMatch.SERVING if self.is_nationwide and not self.regions else self.region_match
        terms: dict[str, Any] = {facet: self._build_term_filter(facet) for facet in FACETS}
        return Question(
            text=self._build_remaining_text(),
            **terms,
            kinds=tuple(OrganizationKind(kind) for kind in self.terms.get(KINDS_FACET, ())),
            regions=RegionFilter(tuple(regions), by=by, nationwide=Nationwide.ONLY if self.is_nationwide else Nationwide.INCLUDE)
            if regions
            else RegionFilter(),
            near=self.near,
        )

    def _build_term_filter(self, facet: str) -> TermFilter:
        wanted, unwanted = tuple(self.terms.get(facet, ())), tuple(self.excluded_terms.get(facet, ()))
        if len(wanted) < 2 or self.matches_any_term:
            return TermFilter(any_of=wanted, none_of=unwanted)
        return TermFilter(all_of=wanted, none_of=unwanted)

    def _consume_remaining_place(self) -> None:
        """What is left may be a city without a word about place: "tenants Atlanta", when that is all that is left."""
        left = self._list_remaining_positions()
        if (
            not left
            or self.near
            or len(left) > MAX_PLACE_WORDS
            or left[-1] - left[0] >= len(left)
            or self._text_positions.intersection(left)
        ):
            return
        said = self.text_at(left[0], len(left))
        folded = fold(said)
        try:
            place = resolve_place_phrase(said, folded) if '"' not in said else None
        except AmbiguousPlace as refusal:
            self.keep_ambiguous_as_text(left[0], len(left), refusal)
            return
        if (
            place
            and not isinstance(place, str)
            and (fold(place.name) == folded or (is_prominent_place(place) and folded not in NON_CITY_WORDS))
        ):
            self.consume_place(left[0], len(left), place, PlaceRelation.NEAR)

    def _list_remaining_positions(self) -> list[int]:
        """Tokens that are neither understood nor small words."""
        return [
            at
            for at, token in enumerate(self.tokens)
            if at not in self._consumed_positions and (at in self._text_positions or token.folded_text not in STOP_WORDS)
        ]

    def _build_remaining_text(self) -> str:
        if not (self.terms or self.excluded_terms or self.regions or self.is_nationwide or self.near or self.ignored_words):
            return self.words
        runs: list[list[int]] = []
        for at in self._list_remaining_positions():
            if runs and runs[-1][-1] == at - 1:
                runs[-1].append(at)
            else:
                runs.append([at])
        return " ".join(self.text_at(run[0], len(run)) for run in runs)


def _is_circle(place: PlaceOrRegion, way: PlaceRelation) -> bool:
    if isinstance(place, str):
        return way is PlaceRelation.NEAR and is_county(place)
    return way is PlaceRelation.NEAR or (way is PlaceRelation.LOCATED and find_city_region(place) is None)
