"""What the conditions of a search add to its price, counted in an OrganizationFilter, a query string or a sentence.

Counting takes microseconds and never fails: the values have not been checked yet.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from directory.geo import KM_PER_MILE
from directory.question import MAX_NESTING, QUERY_LIMIT, SEARCH_LIMIT, WORD_LIMIT
from schema.fields import InputPrice

ALTERNATIVE, REGION, ID, RANGE = "alternative", "region", "id", "box, date or range of years"
PLACE, UNLIMITED_PLACE, CIRCLE = "place to measure from", "such place without a radius", "radius"
WIDE_KM = 2_500  # the radius of a circle that contains most of a country
WIDTH = f"{WIDE_KM:,} km of a radius (at most one for each radius)"
# A circle costs by the organizations in it. From a place without a radius, the distance of every match is measured.
CONDITION_POINTS: Mapping[str, tuple[float, float]] = {
    ALTERNATIVE: (7.0, 0.0),
    REGION: (1.2, 0.04),
    ID: (0.7, 0.0),
    RANGE: (1.0, 0.8),
    PLACE: (12.0, 0.0),
    UNLIMITED_PLACE: (0.0, 3.0),
    CIRCLE: (6.0, 0.3),
    WIDTH: (5.0, 7.8),
}
QUERY_STRING, KEY, SENTENCE, WORD = "query string", "key", "sentence", "word"

_RANGE_FIELDS = ("within", "verifiedSince", "verificationDue", "updatedSince", "joinedSince", "founded")
_RANGE_KEYS = "within|verified|due|updated|joined|founded"
_MAX_ENCODINGS = MAX_NESTING + 1  # how often a text in a query string is percent-encoded
_KINDS_BY_PATTERN = {
    re.compile(r"\||\bany="): ALTERNATIVE,
    re.compile(r"\bregion(?:\.not)?="): REGION,
    re.compile(r"\b(?:id|parent)="): ID,
    re.compile(rf"\b(?:{_RANGE_KEYS})="): RANGE,
    re.compile("="): KEY,
}
_RADIUS = re.compile(r"\bradius=([\d.e+]*)")
_WORD = re.compile(r"\w+")


def count_filter_conditions(value: Any) -> Mapping[str, float]:
    """Count the conditions of a filter and of the filters in it."""
    counts: dict[str, float] = dict.fromkeys(CONDITION_POINTS, 0)
    _add_conditions(value, counts)
    return _count_places(counts)


def count_query_string_conditions(text: Any) -> Mapping[str, float]:
    """Count the conditions of a query string: its keys, and those of its alternatives. Nothing for an empty text."""
    if not isinstance(text, str) or not text or len(text) > SEARCH_LIMIT:
        return {}
    for _ in range(_MAX_ENCODINGS if "%" in text else 0):
        text = unquote(text)
    counts: dict[str, float] = {kind: len(pattern.findall(text)) for pattern, kind in _KINDS_BY_PATTERN.items()}
    radii = _RADIUS.findall(text)
    counts |= {QUERY_STRING: 1, PLACE: "near=" in text, CIRCLE: len(radii), WIDTH: sum(map(_measure_width, radii))}
    return _count_places(counts)


def count_sentence_words(text: Any) -> Mapping[str, float]:
    """Count the words of a sentence, at most WORD_LIMIT. Nothing for an empty text."""
    if not isinstance(text, str) or not text or text.isspace():
        return {}
    return {SENTENCE: 1, WORD: min(len(_WORD.findall(text[:QUERY_LIMIT])), WORD_LIMIT)}


FILTER_PRICE = InputPrice(count_filter_conditions, CONDITION_POINTS)
SEARCH_PRICE = InputPrice(count_query_string_conditions, {QUERY_STRING: (15.0, 0.0), KEY: (0.25, 0.0), **CONDITION_POINTS})
WORDS_PRICE = InputPrice(count_sentence_words, {SENTENCE: (70.0, 0.8), WORD: (10.0, 0.0)})


def _add_conditions(value: Any, counts: dict[str, float]) -> None:
    if not isinstance(value, dict):
        return
    regions, near = value.get("regions"), value.get("near")
    if isinstance(regions, dict):
        counts[REGION] += sum(len(_to_list(regions.get(name))) for name in ("anyOf", "noneOf"))
    if isinstance(near, dict):
        counts[PLACE] = 1
        counts[CIRCLE] += near.get("radius") is not None
        counts[WIDTH] += _measure_width(near.get("radius"), near.get("unit"))
    counts[ID] += len(_to_list(value.get("ids"))) + len(_to_list(value.get("parent")))
    counts[RANGE] += sum(value.get(name) is not None for name in _RANGE_FIELDS)
    for inner in (*_to_list(value.get("and")), *_to_list(value.get("or"))):
        counts[ALTERNATIVE] += 1
        _add_conditions(inner, counts)


def _measure_width(radius: Any, unit: Any = None) -> float:
    """Return the radius of a circle in units of WIDE_KM, at most 1; 1 if it is not known, and 0 without a radius."""
    if radius is None:
        return 0
    if isinstance(radius, bool):  # not valid, or not known
        return 1
    try:
        return max(0.0, min(1.0, float(radius) * (KM_PER_MILE if unit == "MILE" else 1) / WIDE_KM))
    except (TypeError, ValueError, OverflowError):
        return 1


def _count_places(counts: dict[str, float]) -> Mapping[str, float]:
    """A search has one place. It limits nothing if there is no circle around it."""
    return counts | {UNLIMITED_PLACE: 1 if counts[PLACE] and not counts[CIRCLE] else 0}


def _to_list(value: Any) -> list[Any]:
    """Return a value that stands for a list of one, as in GraphQL."""
    return value if isinstance(value, list) else [] if value is None else [value]
