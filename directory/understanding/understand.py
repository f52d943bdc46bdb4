"""Turn a person's words into a Question, by means of the vocabularies and the gazetteer. The result is deterministic.

Words are read from left to right, the longest phrase first. After a place word ("near", "in", "serving", "cerca de") a place is
expected. ZIP codes and regions of the United States need no place word, nor does a city if nothing else remains. A phrase that
is both a term and a place is the term, unless it is a region or a large city after a place word. A phrase in several
vocabularies means the one that has it as a label; otherwise the issue area, the work area, the community, the kind.

"In" and "serving" mean the narrowest region that contains the whole city. A circle would miss organizations that serve the city
from elsewhere or have no location. If the region is larger than the city (Cook County for Chicago; Georgia for Atlanta, which
lies in several counties), the city becomes the origin of distances, so that the nearest come first. "Near", "within 20 miles of"
and "based in" mean a circle.

Nothing is guessed: words that are not understood or may mean several places stay text, in their original spelling. Stop words
around what was understood are dropped.
"""

import re
from collections.abc import Callable

from msgspec import Struct

from directory.errors import AmbiguousPlace
from directory.filters.filter_parts import FilterPart, list_filter_parts
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import HALF_EARTH_KM, KM_PER_MILE
from directory.question import Question, check_length
from directory.text import fold
from directory.understanding.function_words import (
    ARTICLES,
    DISTANCE_ENDS,
    DISTANCE_STARTS,
    EXCLUSION_PHRASES,
    HERE_PHRASES,
    KILOMETERS,
    LANGUAGE_PREFIXES,
    LANGUAGE_SUFFIXES,
    MILES,
    NATIONWIDE_PHRASES,
    NEGATIONS,
    OR_WORDS,
    PLACE_WORDS,
    PlaceRelation,
)
from directory.understanding.phrase_parser import MAX_PLACE_WORDS, AmbiguousWords, PhraseParser
from directory.understanding.place_phrases import get_us_region_phrases, is_prominent_place
from directory.understanding.term_phrases import KINDS_FACET, get_language_phrases, get_term_phrases

_MAX_EXTRA_CITY_WORDS = 3  # words that may follow a state in the name of a city: "Kansas City", "Virginia Beach, Virginia"
_POSTAL_CODE = re.compile(r"\d{5}(-\d{4})?", re.ASCII)
_NUMBER = re.compile(r"\d{1,5}(\.\d+)?", re.ASCII)


class Understanding(Struct, frozen=True):
    """The question, its filter parts and its text, and which words need attention.

    `ambiguous`: words that may mean several places; they stay text. `unknown_places`: words after a place word that are not a
    known place; they stay text too. `left_out`: words such as "near us", whose place only the person knows.
    """

    question: Question
    text: str
    parts: tuple[FilterPart, ...]
    ambiguous: tuple[AmbiguousWords, ...] = ()
    left_out: tuple[str, ...] = ()
    unknown_places: tuple[str, ...] = ()


def understand(words: str, is_name: Callable[[str], bool] | None = None) -> Understanding:
    """Return what the words mean. Raises BadInput for more than 500 characters.

    `is_name`: whether words are the name or acronym of an organization. Such words are used as text and not parsed.
    """
    check_length("query", words)
    if is_name and is_name(words):
        question = Question(text=words)
        return Understanding(question, question.text, list_filter_parts(question))
    parser = PhraseParser(words)
    at = 0
    while at < len(parser.tokens):
        at += _parse_at(parser, at) if parser.tokens[at].folded_text else 1
    question = parser.build_question()
    return Understanding(
        question,
        question.text,
        list_filter_parts(question),
        ambiguous=tuple(parser.ambiguous_words),
        left_out=tuple(parser.ignored_words),
        unknown_places=parser.find_unknown_places(),
    )


# ---------------------------------------------------------------- steps: each returns the number of tokens it handled


def _parse_at(parser: PhraseParser, at: int) -> int:
    return next((length for step in _STEPS if (length := step(parser, at))), 1)


def _parse_language(parser: PhraseParser, at: int) -> int:
    before, _ = parser.match_phrase(at, LANGUAGE_PREFIXES)
    length, phrase = parser.match_phrase(at + before, get_language_phrases())
    after = parser.match_phrase(at + before + length, LANGUAGE_SUFFIXES)[0] if length else 0
    if not (before or after) or not length:
        return 0
    _add_term(parser.terms, "languages", get_language_phrases().meanings[phrase][0])
    return parser.consume(at, before + length + after)


def _parse_distance(parser: PhraseParser, at: int) -> int:
    """Parse "within 50 miles of Atlanta", "a 30 km de Houston" or "25-mile radius around 30312"."""
    number = at + parser.match_phrase(at, DISTANCE_STARTS)[0]
    if number + 1 >= len(parser.tokens) or not _NUMBER.fullmatch(parser.tokens[number].text):
        return 0
    unit = parser.tokens[number + 1].folded_text
    end, _ = parser.match_phrase(number + 2, DISTANCE_ENDS)
    km = float(parser.tokens[number].text) * (KM_PER_MILE if unit in MILES else 1)
    if not end or unit not in MILES | KILOMETERS or not 0 < km <= HALF_EARTH_KM:
        return 0
    before = number + 2 + end - at
    length = _consume_place_after_article(parser, at + before, PlaceRelation.NEAR, km)
    return length and parser.consume(at, before) + length


def _parse_here(parser: PhraseParser, at: int) -> int:
    length, _ = parser.match_phrase(at, HERE_PHRASES)
    if length == 1 and (place_length := _parse_place(parser, at)):  # "nearby Atlanta"
        return place_length
    if length:
        parser.ignored_words.append(parser.text_at(at, length))
    return parser.consume(at, length)


def _parse_nationwide(parser: PhraseParser, at: int) -> int:
    length, _ = parser.match_phrase(at, NATIONWIDE_PHRASES)
    parser.is_nationwide |= bool(length)
    return parser.consume(at, length)


def _parse_place(parser: PhraseParser, at: int) -> int:
    before, phrase = parser.match_phrase(at, PLACE_WORDS)
    if not before:
        return 0
    length = _consume_place_after_article(parser, at + before, PLACE_WORDS.meanings[phrase])
    if not length:
        parser.expected_place_positions.append(at + before)
    return length and parser.consume(at, before) + length


def _parse_negation(parser: PhraseParser, at: int) -> int:
    """Keep "not police" as text, because the term "police" would mean the opposite."""
    before, _ = parser.match_phrase(at, NEGATIONS)
    length, _ = _find_term(parser, at + before) if before else (0, "")
    return parser.keep_as_text(at, before + length) if length else 0


def _parse_exclusion(parser: PhraseParser, at: int) -> int:
    before, _ = parser.match_phrase(at, EXCLUSION_PHRASES)
    length, phrase = _find_term(parser, at + before) if before and not _find_term(parser, at)[0] else (0, "")
    if not length:
        return 0
    if get_term_phrases().meanings[phrase][0] == KINDS_FACET:  # a Question cannot exclude kinds
        return parser.keep_as_text(at, before + length)
    _add_term(parser.excluded_terms, *get_term_phrases().meanings[phrase])
    return parser.consume(at, before + length)


def _parse_term_or_region(parser: PhraseParser, at: int) -> int:
    length, phrase = _find_term(parser, at)
    region_length, region = parser.match_phrase(at, get_us_region_phrases())
    if region_length > length and parser.may_look_up_places:
        place_length = _parse_longer_city_name(parser, at, region_length) or _parse_region(parser, at, region_length, region)
        if place_length:
            return place_length
    if not length:
        return 0
    _add_term(parser.terms, *get_term_phrases().meanings[phrase])
    parser.matches_any_term |= at > 0 and parser.tokens[at - 1].folded_text in OR_WORDS
    return parser.consume(at, length)


def _parse_longer_city_name(parser: PhraseParser, at: int, region_length: int) -> int:
    """Parse a city whose name starts with a region: "Kansas City". Not "Florida, New York", which may be two states."""
    name = " ".join(token.folded_text for token in parser.tokens[at : at + region_length])
    for length, folded in parser.iter_phrases(at, region_length + _MAX_EXTRA_CITY_WORDS):
        try:
            place = parser.find_place(at, length, folded) if length > region_length else None
        except AmbiguousPlace as refusal:
            return parser.keep_ambiguous_as_text(at, length, refusal)
        if place and not isinstance(place, str) and place.city and fold(place.city) != name:
            return parser.consume_place(at, length, place, PlaceRelation.NEAR)
    return 0


def _parse_region(parser: PhraseParser, at: int, length: int, folded: str) -> int:
    try:
        place = parser.find_place(at, length, folded)
    except AmbiguousPlace as refusal:
        return parser.keep_ambiguous_as_text(at, length, refusal)
    if not place:
        return 0
    return parser.consume_place(at, length, place, PlaceRelation.IN if isinstance(place, str) else PlaceRelation.NEAR)


def _parse_postal_code(parser: PhraseParser, at: int) -> int:
    code = parser.tokens[at].text
    place = get_gazetteer().find_postal_code(code) if parser.near is None and _POSTAL_CODE.fullmatch(code) else None
    return parser.consume_place(at, 1, place, PlaceRelation.NEAR) if place else 0


_STEPS = (
    _parse_language,
    _parse_distance,
    _parse_here,
    _parse_nationwide,
    _parse_place,
    _parse_negation,
    _parse_exclusion,
    _parse_term_or_region,
    _parse_postal_code,
)


# ---------------------------------------------------------------- places and terms


def _consume_place_after_article(parser: PhraseParser, at: int, relation: PlaceRelation, radius_km: float | None = None) -> int:
    """Consume the place at this token, or after an article. A name of several places is kept as text."""
    length = _consume_place_at(parser, at, relation, radius_km)
    if length or at >= len(parser.tokens) or parser.tokens[at].folded_text not in ARTICLES:
        return length
    length = _consume_place_at(parser, at + 1, relation, radius_km)
    return length and parser.consume(at, 1) + length


def _consume_place_at(parser: PhraseParser, at: int, relation: PlaceRelation, radius_km: float | None) -> int:
    term_length, _ = _find_term(parser, at)
    for length, folded in parser.iter_phrases(at, MAX_PLACE_WORDS) if parser.may_look_up_places else ():
        if length < term_length:
            return 0
        try:
            place = parser.find_place(at, length, folded)
        except AmbiguousPlace as refusal:
            return 0 if length == term_length else parser.keep_ambiguous_as_text(at, length, refusal)
        if place:
            is_term = length == term_length and not is_prominent_place(place)
            return 0 if is_term else parser.consume_place(at, length, place, relation, radius_km)
    return 0


def _find_term(parser: PhraseParser, at: int) -> tuple[int, str]:
    """Return the length and text of the longest term at this token. (0, "") if there is none."""
    return parser.match_phrase(at, get_term_phrases())


def _add_term(terms: dict[str, list[str]], facet: str, slug: str) -> None:
    if slug not in terms.setdefault(facet, []):
        terms[facet].append(slug)
