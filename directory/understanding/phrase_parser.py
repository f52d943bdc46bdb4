"""`PhraseParser`: the words of one search, and what has been understood of them so far."""

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

NEAR_MILES = 50  # "near": about an hour's drive, a distance at which groups still meet in person
MAX_PLACE_WORDS = 6  # words, as in "San Luis Obispo County California"
MAX_PLACE_LOOKUPS = 100  # for each search, to limit the time to a few milliseconds
MIN_CITY_RADIUS_MILES = 10  # "based in" a city or ZIP code: an organization may be this far from the center of its city

_TOKEN = re.compile(r'"[^"]*"?|\d{5}-\d{4}(?!\w)|\d+(?:\.\d+)?|[^\W\d](?:[\w.’\'`ʻ]*\w)?|&')


class Token(Struct, frozen=True):
    start: int
    end: int
    text: str
    folded_text: str  # "" for quoted words, which are searched literally

    @property
    def first_word(self) -> str:
        return self.folded_text.partition(" ")[0]


class AmbiguousWords(Struct, frozen=True):
    """Words that may mean several places, with the largest of these by name and state."""

    words: str
    candidates: tuple[str, ...]


class PhraseParser:
    """Collects the parts of a question from left to right.

    Methods that consume tokens return the number of tokens; 0 if they did not consume any.
    """

    def __init__(self, words: str) -> None:
        self.words = words
        self.tokens = [
            Token(*match.span(), match[0], "" if match[0].startswith('"') else fold(match[0])) for match in _TOKEN.finditer(words)
        ]
        self.terms: dict[str, list[str]] = {}  # by facet
        self.excluded_terms: dict[str, list[str]] = {}
        self.matches_any_term = False
        self.regions: list[str] = []
        self._place_relations: set[PlaceRelation] = set()  # of the regions
        self.is_nationwide = False
        self.near: Near | None = None
        self.ambiguous_words: list[AmbiguousWords] = []
        self.expected_place_positions: list[int] = []  # the tokens where a place was expected
        self.ignored_words: list[str] = []
        self._place_lookups = 0
        self._consumed_positions: set[int] = set()
        self._text_positions: set[int] = set()

    def _folded_word_at(self, at: int) -> str:
        return self.tokens[at].folded_text if at < len(self.tokens) else ""

    def iter_phrases(self, at: int, longest: int) -> Iterator[tuple[int, str]]:
        """Yield the folded phrases of up to `longest` tokens with their lengths, longest first. Quoted words end a phrase."""
        folded_words: list[str] = []
        for token in self.tokens[at : at + longest]:
            if not token.folded_text:
                break
            folded_words.append(token.folded_text)
        for length in range(len(folded_words), 0, -1):
            yield length, " ".join(folded_words[:length])

    def match_phrase(self, at: int, table: PhraseTable[Any]) -> tuple[int, str]:
        """Return the length and text of the longest phrase of the table at this token. (0, "") if there is none."""
        longest = table.max_words_by_first_word.get(self.tokens[at].first_word, 0) if at < len(self.tokens) else 0
        if longest:
            for length, phrase in self.iter_phrases(at, longest):
                if phrase in table.meanings:
                    return length, phrase
        return 0, ""

    def find_place(self, at: int, length: int, folded: str) -> PlaceOrRegion | None:
        """Return the place that a phrase means, None if there is none. Raises AmbiguousPlace."""
        self._place_lookups += 1
        if length > 1 and self._is_function_word(at + length - 1):
            return None
        return resolve_place_phrase(self.text_at(at, length), folded)

    def _is_function_word(self, at: int) -> bool:
        """Whether "in", "or" or "de" is a word here and not a state: "near Atlanta in Georgia" is not Atlanta, Indiana."""
        token = self.tokens[at]
        is_small_word = (
            len(token.folded_text) == STATE_ABBREVIATION_LENGTH and token.folded_text in STOP_WORDS and not token.text.isupper()
        )
        return is_small_word and at + 1 < len(self.tokens)

    @property
    def may_look_up_places(self) -> bool:
        """Whether the limit for place lookups is not reached yet."""
        return self._place_lookups < MAX_PLACE_LOOKUPS

    def text_at(self, at: int, length: int) -> str:
        return self.words[self.tokens[at].start : self.tokens[at + length - 1].end]

    def consume(self, at: int, length: int) -> int:
        """Mark these tokens as understood."""
        self._consumed_positions.update(range(at, at + length))
        return length

    def keep_as_text(self, at: int, length: int) -> int:
        """Mark these tokens as text, even if they are stop words."""
        self._text_positions.update(range(at, at + length))
        return length

    def consume_place(
        self, at: int, length: int, place: PlaceOrRegion, relation: PlaceRelation, radius_km: float | None = None
    ) -> int:
        """Use the place as a region or as a circle.

        "Near" a city, ZIP code or county, and any place with a radius, is a circle. Other places are regions. A city or ZIP
        code then stands for its region and is also the origin of distances.
        """
        if radius_km is not None or _is_circle(place, relation):
            return self._consume_circle(at, length, place, relation, radius_km)
        if isinstance(place, Place):
            if self.near is not None and self.near.radius_km is not None:
                return 0
            if self.near is None and find_city_region(place) is None:
                self.near = Near(place.point, None, place.id, place.name)
        region = find_narrowest_region(place)
        if region not in self.regions:
            self.regions.append(region)
        self._place_relations.add(relation)
        return self.consume(at, length)

    def _consume_circle(
        self, at: int, length: int, place: PlaceOrRegion, relation: PlaceRelation, radius_km: float | None
    ) -> int:
        origin = get_gazetteer().find_region(place) if isinstance(place, str) else place
        if origin is None or (self.near is not None and self.near.radius_km is not None):
            return 0
        miles = NEAR_MILES if relation is PlaceRelation.NEAR else max(MIN_CITY_RADIUS_MILES, ceil(origin.radius_km / KM_PER_MILE))
        self.near = Near(origin.point, radius_km or round(miles * KM_PER_MILE, 4), origin.id, origin.name)
        return self.consume(at, length)

    @property
    def region_match(self) -> RegionMatch:
        """How organizations must be related to the regions. Different relations are combined into LOCATED_OR_SERVING."""
        only = next(iter(self._place_relations)) if len(self._place_relations) == 1 else PlaceRelation.IN
        return {PlaceRelation.LOCATED: RegionMatch.LOCATED, PlaceRelation.SERVING: RegionMatch.SERVING}.get(
            only, RegionMatch.LOCATED_OR_SERVING
        )

    def keep_ambiguous_as_text(self, at: int, length: int, refusal: AmbiguousPlace) -> int:
        """Mark these tokens as text and remember the places they may mean."""
        candidates = refusal.params["candidates"]
        self.ambiguous_words.append(AmbiguousWords(self.text_at(at, length), tuple(candidates)))  # type: ignore[arg-type]
        return self.keep_as_text(at, length)

    def find_unknown_places(self) -> tuple[str, ...]:
        """Return the phrases after words like "near" that are not known as anything. A phrase ends before a stop word."""
        remaining, phrases = set(self._list_remaining_positions()) - self._text_positions, []
        for position in self.expected_place_positions:
            at, length = position + (self._folded_word_at(position) in ARTICLES), 0
            while at + length in remaining and self.tokens[at + length].folded_text:
                length += 1
            phrases += [self.text_at(at, length)] if length else []
        return tuple(dict.fromkeys(phrases))

    # ------------------------------------------------------------ the result

    def build_question(self) -> Question:
        """Return the question. Words that were not understood become its text."""
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
        included, excluded = tuple(self.terms.get(facet, ())), tuple(self.excluded_terms.get(facet, ()))
        if len(included) < 2 or self.matches_any_term:
            return TermFilter(any_of=included, none_of=excluded)
        return TermFilter(all_of=included, none_of=excluded)

    def _consume_remaining_place(self) -> None:
        """Use all remaining words as a place if they are the name of a city, as in "tenants Atlanta"."""
        remaining = self._list_remaining_positions()
        if (
            not remaining
            or self.near
            or len(remaining) > MAX_PLACE_WORDS
            or remaining[-1] - remaining[0] >= len(remaining)
            or self._text_positions.intersection(remaining)
        ):
            return
        phrase = self.text_at(remaining[0], len(remaining))
        folded = fold(phrase)
        try:
            place = resolve_place_phrase(phrase, folded) if '"' not in phrase else None
        except AmbiguousPlace as refusal:
            self.keep_ambiguous_as_text(remaining[0], len(remaining), refusal)
            return
        if (
            place
            and not isinstance(place, str)
            and (fold(place.name) == folded or (is_prominent_place(place) and folded not in NON_CITY_WORDS))
        ):
            self.consume_place(remaining[0], len(remaining), place, PlaceRelation.NEAR)

    def _list_remaining_positions(self) -> list[int]:
        """Return the tokens that are neither understood nor stop words."""
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


def _is_circle(place: PlaceOrRegion, relation: PlaceRelation) -> bool:
    if isinstance(place, str):
        return relation is PlaceRelation.NEAR and is_county(place)
    return relation is PlaceRelation.NEAR or (relation is PlaceRelation.LOCATED and find_city_region(place) is None)
