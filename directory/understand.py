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
from directory.gazetteer import gazetteer
from directory.geo import HALF_EARTH_KM, KM_PER_MILE
from directory.parts import FilterPart, parts
from directory.phrases import (
    ARTICLES,
    CHOICE,
    DENYING,
    DISTANCE_ENDS,
    DISTANCE_STARTS,
    HERE,
    KILOMETERS,
    LEAVING_OUT,
    MILES,
    NATIONWIDE,
    PLACE_WORDS,
    SPOKEN_AFTER,
    SPOKEN_BEFORE,
    Way,
)
from directory.question import Question
from directory.reading import PLACE_LONGEST, AmbiguousWords, Reading
from directory.said_places import home_phrases, is_strong
from directory.said_themes import KINDS, languages, themes
from directory.text import fold
from directory.text_limits import check_length

__all__ = ["AmbiguousWords", "Understanding", "understand"]

_LONGER_NAMES = 3  # words that a city's name may have after a state's, as in "Kansas City" and "Virginia Beach, Virginia"
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
    unplaced: tuple[str, ...] = ()


def understand(words: str, is_name: Callable[[str], bool] | None = None) -> Understanding:
    """`is_name` says whether words are an organization's name or acronym: such are text as a whole.

    BadInput for more than 500 characters.
    """
    check_length("query", words)
    if is_name and is_name(words):
        question = Question(text=words)
        return Understanding(question, question.text, parts(question))
    reading = Reading(words)
    at = 0
    while at < len(reading.tokens):
        at += _step(reading, at) if reading.tokens[at].folded else 1
    question = reading.question()
    told = (tuple(reading.ambiguous), tuple(reading.left_out), reading.unplaced())
    return Understanding(question, question.text, parts(question), *told)


# ---------------------------------------------------------------- steps: each tells how many tokens it dealt with


def _step(reading: Reading, at: int) -> int:
    return next((length for step in _STEPS if (length := step(reading, at))), 1)


def _language(reading: Reading, at: int) -> int:
    before, _ = reading.one_of(at, SPOKEN_BEFORE)
    length, phrase = reading.one_of(at + before, languages())
    after = reading.one_of(at + before + length, SPOKEN_AFTER)[0] if length else 0
    if not (before or after) or not length:
        return 0
    _add(reading.terms, "languages", languages().meanings[phrase][0])
    return reading.take(at, before + length + after)


def _distance(reading: Reading, at: int) -> int:
    """ "within 50 miles of Atlanta", "a 30 km de Houston", "25-mile radius around 30312"."""
    number = at + reading.one_of(at, DISTANCE_STARTS)[0]
    if number + 1 >= len(reading.tokens) or not _NUMBER.fullmatch(reading.tokens[number].said):
        return 0
    unit = reading.tokens[number + 1].folded
    end, _ = reading.one_of(number + 2, DISTANCE_ENDS)
    km = float(reading.tokens[number].said) * (KM_PER_MILE if unit in MILES else 1)
    if not end or unit not in MILES | KILOMETERS or not 0 < km <= HALF_EARTH_KM:
        return 0
    before = number + 2 + end - at
    length = _place_from(reading, at + before, Way.NEAR, km)
    return length and reading.take(at, before) + length


def _here(reading: Reading, at: int) -> int:
    length, _ = reading.one_of(at, HERE)
    if length == 1 and (taken := _place(reading, at)):  # "nearby Atlanta"
        return taken
    if length:
        reading.left_out.append(reading.said(at, length))
    return reading.take(at, length)


def _nationwide(reading: Reading, at: int) -> int:
    length, _ = reading.one_of(at, NATIONWIDE)
    reading.nationwide |= bool(length)
    return reading.take(at, length)


def _place(reading: Reading, at: int) -> int:
    before, phrase = reading.one_of(at, PLACE_WORDS)
    if not before:
        return 0
    length = _place_from(reading, at + before, PLACE_WORDS.meanings[phrase])
    if not length:
        reading.expected.append(at + before)
    return length and reading.take(at, before) + length


def _denied(reading: Reading, at: int) -> int:
    """ "not police" stays text: taken for "police" it would ask the opposite."""
    before, _ = reading.one_of(at, DENYING)
    length, _ = _theme(reading, at + before) if before else (0, "")
    return reading.keep(at, before + length) if length else 0


def _unwanted(reading: Reading, at: int) -> int:
    before, _ = reading.one_of(at, LEAVING_OUT)
    length, phrase = _theme(reading, at + before) if before and not _theme(reading, at)[0] else (0, "")
    if not length:
        return 0
    if themes().meanings[phrase][0] == KINDS:  # which no question leaves out
        return reading.keep(at, before + length)
    _add(reading.unwanted, *themes().meanings[phrase])
    return reading.take(at, before + length)


def _theme_or_region(reading: Reading, at: int) -> int:
    length, phrase = _theme(reading, at)
    longer, region = reading.one_of(at, home_phrases())
    if longer > length and reading.patient:
        taken = _city_called_like(reading, at, longer) or _region(reading, at, longer, region)
        if taken:
            return taken
    if not length:
        return 0
    _add(reading.terms, *themes().meanings[phrase])
    reading.any_suffices |= at > 0 and reading.tokens[at - 1].folded in CHOICE
    return reading.take(at, length)


def _city_called_like(reading: Reading, at: int, region: int) -> int:
    """A city whose own name begins with a region's and goes on: Kansas City. Not Florida, New York, which may be two states."""
    name = " ".join(token.folded for token in reading.tokens[at : at + region])
    for length, folded in reading.phrases(at, region + _LONGER_NAMES):
        try:
            place = reading.place(at, length, folded) if length > region else None
        except AmbiguousPlace as refusal:
            return reading.keep_ambiguous(at, length, refusal)
        if place and not isinstance(place, str) and place.city and fold(place.city) != name:
            return reading.take_place(at, length, place, Way.NEAR)
    return 0


def _region(reading: Reading, at: int, length: int, folded: str) -> int:
    try:
        place = reading.place(at, length, folded)
    except AmbiguousPlace as refusal:
        return reading.keep_ambiguous(at, length, refusal)
    return reading.take_place(at, length, place, Way.IN if isinstance(place, str) else Way.NEAR) if place else 0


def _postal_code(reading: Reading, at: int) -> int:
    said = reading.tokens[at].said
    place = gazetteer().postal_code(said) if reading.near is None and _POSTAL_CODE.fullmatch(said) else None
    return reading.take_place(at, 1, place, Way.NEAR) if place else 0


_STEPS = (_language, _distance, _here, _nationwide, _place, _denied, _unwanted, _theme_or_region, _postal_code)


# ---------------------------------------------------------------- places and themes


def _place_from(reading: Reading, at: int, way: Way, radius_km: float | None = None) -> int:
    """Takes the place that begins at a token, also behind an article; a name of several places is kept as text."""
    length = _place_at(reading, at, way, radius_km)
    if length or at >= len(reading.tokens) or reading.tokens[at].folded not in ARTICLES:
        return length
    length = _place_at(reading, at + 1, way, radius_km)
    return length and reading.take(at, 1) + length


def _place_at(reading: Reading, at: int, way: Way, radius_km: float | None) -> int:
    theme, _ = _theme(reading, at)
    for length, folded in reading.phrases(at, PLACE_LONGEST) if reading.patient else ():
        if length < theme:
            return 0
        try:
            place = reading.place(at, length, folded)
        except AmbiguousPlace as refusal:
            return 0 if length == theme else reading.keep_ambiguous(at, length, refusal)
        if place:
            return 0 if length == theme and not is_strong(place) else reading.take_place(at, length, place, way, radius_km)
    return 0


def _theme(reading: Reading, at: int) -> tuple[int, str]:
    """The longest theme that begins at a token: its length and its phrase; (0, "") for none."""
    return reading.one_of(at, themes())


def _add(terms: dict[str, list[str]], facet: str, slug: str) -> None:
    if slug not in terms.setdefault(facet, []):
        terms[facet].append(slug)
