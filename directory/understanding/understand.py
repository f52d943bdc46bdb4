"""Words of a person -> Question, by vocabulary and gazetteer alone: the same words always give the same question.

Read from left to right, the longest phrase first. A word about place ("near", "in", "serving", "cerca de") takes the place that
follows; ZIP codes and regions of the United States are places without one, and so is a city when nothing else is left. Where a
phrase is both a theme and a place, it is the theme, unless it follows such a word and is a region or a large city; a phrase of
several vocabularies means that of which it is exactly a label, else the issue area, the work area, the community, the kind.

"In" and "serving" ask for the narrowest known region that all of the city lies in, as a circle would miss all who serve the city
and stand elsewhere or nowhere. Where the region is more than the city (Cook County for Chicago; Georgia for Atlanta, which lies
in several counties), the city is the origin of distances, so that who is nearest comes first. "Near", "within 20 miles of" and
"based in" ask for a circle.

Nothing is guessed: what is not understood, or names several places, stays text, in its own spelling. The small words around
what was understood are dropped.
"""

import re
from collections.abc import Callable

from msgspec import Struct

from directory.errors import AmbiguousPlace
from directory.filters.filter_parts import FilterPart, list_filter_parts
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import HALF_EARTH_KM, KM_PER_MILE
from directory.question import Question
from directory.text import fold
from directory.text_limits import check_length
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

__all__ = ["AmbiguousWords", "Understanding", "understand"]

_MAX_EXTRA_CITY_WORDS = 3  # words that a city's name may have after a state's, as in "Kansas City" and "Virginia Beach, Virginia"
_POSTAL_CODE = re.compile(r"\d{5}(-\d{4})?", re.ASCII)
_NUMBER = re.compile(r"\d{1,5}(\.\d+)?", re.ASCII)


class Understanding(Struct, frozen=True):
    """`text` is what was left, also in `question`.

    `ambiguous` are names of several places, which stay text; `unplaced` words that stand where a place should and are none that
    is known, which stay text too; `left_out` words such as "near us", of which only the asker could make a place.
    """

    question: Question
    text: str
    parts: tuple[FilterPart, ...]
    ambiguous: tuple[AmbiguousWords, ...] = ()
    left_out: tuple[str, ...] = ()
    unknown_places: tuple[str, ...] = ()


def understand(words: str, is_name: Callable[[str], bool] | None = None) -> Understanding:
    """`is_name` says whether words are an organization's name or acronym: such are text as a whole.

    BadInput for more than 500 characters.
    """
    check_length("query", words)
    if is_name and is_name(words):
        question = Question(text=words)
        return Understanding(question, question.text, list_filter_parts(question))
    reading = PhraseParser(words)
    at = 0
    while at < len(reading.tokens):
        at += _parse_at(reading, at) if reading.tokens[at].folded_text else 1
    question = reading.build_question()
    told = (tuple(reading.ambiguous_words), tuple(reading.ignored_words), reading.find_unknown_places())
    return Understanding(question, question.text, list_filter_parts(question), *told)


# ---------------------------------------------------------------- steps: each tells how many tokens it dealt with


def _parse_at(reading: PhraseParser, at: int) -> int:
    return next((length for step in _STEPS if (length := step(reading, at))), 1)


def _parse_language(reading: PhraseParser, at: int) -> int:
    before, _ = reading.match_phrase(at, LANGUAGE_PREFIXES)
    length, phrase = reading.match_phrase(at + before, get_language_phrases())
    after = reading.match_phrase(at + before + length, LANGUAGE_SUFFIXES)[0] if length else 0
    if not (before or after) or not length:
        return 0
    _add_term(reading.terms, "languages", get_language_phrases().meanings[phrase][0])
    return reading.consume(at, before + length + after)


def _parse_distance(reading: PhraseParser, at: int) -> int:
    """ "within 50 miles of Atlanta", "a 30 km de Houston", "25-mile radius around 30312"."""
    number = at + reading.match_phrase(at, DISTANCE_STARTS)[0]
    if number + 1 >= len(reading.tokens) or not _NUMBER.fullmatch(reading.tokens[number].text):
        return 0
    unit = reading.tokens[number + 1].folded_text
    end, _ = reading.match_phrase(number + 2, DISTANCE_ENDS)
    km = float(reading.tokens[number].text) * (KM_PER_MILE if unit in MILES else 1)
    if not end or unit not in MILES | KILOMETERS or not 0 < km <= HALF_EARTH_KM:
        return 0
    before = number + 2 + end - at
    length = _consume_place_after_article(reading, at + before, PlaceRelation.NEAR, km)
    return length and reading.consume(at, before) + length


def _parse_here(reading: PhraseParser, at: int) -> int:
    length, _ = reading.match_phrase(at, HERE_PHRASES)
    if length == 1 and (taken := _parse_place(reading, at)):  # "nearby Atlanta"
        return taken
    if length:
        reading.ignored_words.append(reading.text_at(at, length))
    return reading.consume(at, length)


def _parse_nationwide(reading: PhraseParser, at: int) -> int:
    length, _ = reading.match_phrase(at, NATIONWIDE_PHRASES)
    reading.is_nationwide |= bool(length)
    return reading.consume(at, length)


def _parse_place(reading: PhraseParser, at: int) -> int:
    before, phrase = reading.match_phrase(at, PLACE_WORDS)
    if not before:
        return 0
    length = _consume_place_after_article(reading, at + before, PLACE_WORDS.meanings[phrase])
    if not length:
        reading.expected_place_positions.append(at + before)
    return length and reading.consume(at, before) + length


def _parse_negation(reading: PhraseParser, at: int) -> int:
    """ "not police" stays text: taken for "police" it would ask the opposite."""
    before, _ = reading.match_phrase(at, NEGATIONS)
    length, _ = _find_term(reading, at + before) if before else (0, "")
    return reading.keep_as_text(at, before + length) if length else 0


def _parse_exclusion(reading: PhraseParser, at: int) -> int:
    before, _ = reading.match_phrase(at, EXCLUSION_PHRASES)
    length, phrase = _find_term(reading, at + before) if before and not _find_term(reading, at)[0] else (0, "")
    if not length:
        return 0
    if get_term_phrases().meanings[phrase][0] == KINDS_FACET:  # which no question leaves out
        return reading.keep_as_text(at, before + length)
    _add_term(reading.excluded_terms, *get_term_phrases().meanings[phrase])
    return reading.consume(at, before + length)


def _parse_term_or_region(reading: PhraseParser, at: int) -> int:
    length, phrase = _find_term(reading, at)
    longer, region = reading.match_phrase(at, get_us_region_phrases())
    if longer > length and reading.may_look_up_places:
        taken = _parse_longer_city_name(reading, at, longer) or _parse_region(reading, at, longer, region)
        if taken:
            return taken
    if not length:
        return 0
    _add_term(reading.terms, *get_term_phrases().meanings[phrase])
    reading.matches_any_term |= at > 0 and reading.tokens[at - 1].folded_text in OR_WORDS
    return reading.consume(at, length)


def _parse_longer_city_name(reading: PhraseParser, at: int, region: int) -> int:
    """A city whose own name begins with a region's and goes on: Kansas City. Not Florida, New York, which may be two states."""
    name = " ".join(token.folded_text for token in reading.tokens[at : at + region])
    for length, folded in reading.iter_phrases(at, region + _MAX_EXTRA_CITY_WORDS):
        try:
            place = reading.find_place(at, length, folded) if length > region else None
        except AmbiguousPlace as refusal:
            return reading.keep_ambiguous_as_text(at, length, refusal)
        if place and not isinstance(place, str) and place.city and fold(place.city) != name:
            return reading.consume_place(at, length, place, PlaceRelation.NEAR)
    return 0


def _parse_region(reading: PhraseParser, at: int, length: int, folded: str) -> int:
    try:
        place = reading.find_place(at, length, folded)
    except AmbiguousPlace as refusal:
        return reading.keep_ambiguous_as_text(at, length, refusal)
    return (
        reading.consume_place(at, length, place, PlaceRelation.IN if isinstance(place, str) else PlaceRelation.NEAR)
        if place
        else 0
    )


def _parse_postal_code(reading: PhraseParser, at: int) -> int:
    said = reading.tokens[at].text
    place = get_gazetteer().find_postal_code(said) if reading.near is None and _POSTAL_CODE.fullmatch(said) else None
    return reading.consume_place(at, 1, place, PlaceRelation.NEAR) if place else 0


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


# ---------------------------------------------------------------- places and themes


def _consume_place_after_article(reading: PhraseParser, at: int, way: PlaceRelation, radius_km: float | None = None) -> int:
    """Takes the place that begins at a token, also behind an article; a name of several places is kept as text."""
    length = _consume_place_at(reading, at, way, radius_km)
    if length or at >= len(reading.tokens) or reading.tokens[at].folded_text not in ARTICLES:
        return length
    length = _consume_place_at(reading, at + 1, way, radius_km)
    return length and reading.consume(at, 1) + length


def _consume_place_at(reading: PhraseParser, at: int, way: PlaceRelation, radius_km: float | None) -> int:
    theme, _ = _find_term(reading, at)
    for length, folded in reading.iter_phrases(at, MAX_PLACE_WORDS) if reading.may_look_up_places else ():
        if length < theme:
            return 0
        try:
            place = reading.find_place(at, length, folded)
        except AmbiguousPlace as refusal:
            return 0 if length == theme else reading.keep_ambiguous_as_text(at, length, refusal)
        if place:
            return (
                0
                if length == theme and not is_prominent_place(place)
                else reading.consume_place(at, length, place, way, radius_km)
            )
    return 0


def _find_term(reading: PhraseParser, at: int) -> tuple[int, str]:
    """The longest theme that begins at a token: its length and its phrase; (0, "") for none."""
    return reading.match_phrase(at, get_term_phrases())


def _add_term(terms: dict[str, list[str]], facet: str, slug: str) -> None:
    if slug not in terms.setdefault(facet, []):
        terms[facet].append(slug)
