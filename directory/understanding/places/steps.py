"""Parsing steps for places: after a word like "in", on their own, within a distance, and "near us"."""

import re

from directory.geo import HALF_EARTH_KM, KM_PER_MILE
from directory.understanding.function_words import (
    ALL_DETERMINERS,
    ANYWHERE_PHRASES,
    DISTANCE_ENDS,
    DISTANCE_STARTS,
    HERE_NAMES,
    HERE_PHRASES,
    KILOMETERS,
    MILES,
    NATIONWIDE_PHRASES,
    NEGATIONS,
    PLACE_WORDS,
    STOP_WORDS,
    TIME_UNITS,
    PlaceRelation,
)
from directory.understanding.mentions import (
    AnywhereMention,
    HereMention,
    Mention,
    NationwideMention,
    UnknownPlaceMention,
)
from directory.understanding.parser import Parser
from directory.understanding.places.intent import (
    build_place_mention,
    is_direction,
    is_rather_term,
    may_follow_place_word,
    may_stand_alone,
)
from directory.understanding.places.phrases import (
    STATE_ABBREVIATION_LENGTH,
    PlaceMatch,
    match_place,
    match_place_after_article,
)
from directory.understanding.terms.steps import build_term_mention

WEAK_PLACE_WORDS = frozenset({"de", "del", "por", "by", "at", "out of", "inside", "a", "along"})
ORIGIN_WORDS = frozenset({"from", "de", "desde", "del", "out of"})
MAX_UNKNOWN_PLACE_WORDS = 3
KM_PER_HOUR = 60 * KM_PER_MILE  # "an hour from": by car
_NUMBER = re.compile(r"\d{1,5}(\.\d+)?", re.ASCII)


def parse_here(parser: Parser, at: int) -> list[Mention]:
    """Parse "near us", "in my town", "near my house" and "cerca de aquí"."""
    before, phrase = parser.sentence.match_phrase(at, PLACE_WORDS)
    if before and PLACE_WORDS.meanings[phrase] is PlaceRelation.NEAR:
        name_length, _ = parser.sentence.match_phrase(at + before, HERE_NAMES)
        if name_length:
            return [HereMention(start=at, length=before + name_length)]
    length, _ = parser.sentence.match_phrase(at, HERE_PHRASES)
    if length < parser.sentence.match_phrase(at, PLACE_WORDS)[0] or (length == 1 and parse_place(parser, at)):
        return []  # "cerca de la planta", "nearby Atlanta"
    return [HereMention(start=at, length=length)] if length else []


def parse_nationwide(parser: Parser, at: int) -> list[Mention]:
    length, _ = parser.sentence.match_phrase(at, NATIONWIDE_PHRASES)
    is_excluded = at > 0 and parser.sentence.word_at(at - 1) in NEGATIONS.meanings
    return [NationwideMention(start=at, length=length, is_excluded=is_excluded)] if length else []


def parse_anywhere(parser: Parser, at: int) -> list[Mention]:
    length, _ = parser.sentence.match_phrase(at, ANYWHERE_PHRASES)
    return [AnywhereMention(start=at, length=length)] if length else []


def parse_distance(parser: Parser, at: int) -> list[Mention]:
    """Parse "within 50 miles of Atlanta", "a 30 km de Houston", "an hour from Tulsa", and "10 miles from my house"."""
    sentence = parser.sentence
    number = at + sentence.match_phrase(at, DISTANCE_STARTS)[0]
    if number + 2 >= len(sentence) or not _NUMBER.fullmatch(sentence.tokens[number].text):
        return []
    km = _read_distance(float(sentence.tokens[number].text), sentence.word_at(number + 1))
    end, _ = sentence.match_phrase(number + 2, DISTANCE_ENDS)
    if km is None or not end or not 0 < km <= HALF_EARTH_KM:
        return []
    start = number + 2 + end
    if here_length := sentence.match_phrase(start, HERE_NAMES)[0]:
        return [HereMention(start=at, length=start + here_length - at)]
    skipped, match = match_place_after_article(sentence, start) if start < len(sentence) else (0, None)
    if match is None:
        return []
    length = start + skipped + match.length - at
    return [build_place_mention(at, length, match, PlaceRelation.NEAR, km)]


def _read_distance(number: float, unit: str) -> float | None:
    if unit in MILES:
        return number * KM_PER_MILE
    if unit in TIME_UNITS.meanings:
        return round(number * KM_PER_HOUR / (1 if unit.startswith(("h", "hr")) else 60), 1)
    return number if unit in KILOMETERS else None


def parse_place(parser: Parser, at: int) -> list[Mention]:
    """Parse a place after a word like "in", or report words after "near" that are not a known place."""
    before, phrase = parser.sentence.match_phrase(at, PLACE_WORDS)
    start = at + before
    if not before or start >= len(parser.sentence):
        return []
    if (own := match_place(parser.sentence, at)) and own.length > before:  # "at Angola" is the prison, not the country
        return [build_place_mention(at, own.length, own, PlaceRelation.IN)]
    relation = PLACE_WORDS.meanings[phrase]
    skipped, match = match_place_after_article(parser.sentence, start)
    if match and not is_rather_term(parser, start + skipped, match) and not is_direction(parser.sentence, start + skipped, match):
        is_weak, is_origin = phrase in WEAK_PLACE_WORDS, phrase in ORIGIN_WORDS
        if may_follow_place_word(match, parser.sentence, start + skipped, is_weak=is_weak, is_origin=is_origin):
            return [build_place_mention(at, before + skipped + match.length, match, relation)]
    if match is not None or phrase in WEAK_PLACE_WORDS:
        return []
    return _parse_place_after_modifier(parser, at, start, relation) or _parse_unknown_place(parser, at, start, relation)


def _parse_place_after_modifier(parser: Parser, at: int, start: int, relation: PlaceRelation) -> list[Mention]:
    """Parse a capitalized place after one capitalized word that is not known: "en Ambos Nogales", "in Olde Towne Arvada"."""
    sentence = parser.sentence
    if not _may_name_place(parser, start, PlaceRelation.IN, is_first=True) or start + 1 >= len(sentence):
        return []
    match = match_place(sentence, start + 1)
    if match is None or not match.meaning.places or not sentence.tokens[start + 1].text[0].isupper():
        return []
    return [build_place_mention(at, start + 1 + match.length - at, match, relation)]


def _parse_unknown_place(parser: Parser, at: int, start: int, relation: PlaceRelation) -> list[Mention]:
    length = 0
    while length < MAX_UNKNOWN_PLACE_WORDS and _may_name_place(parser, start + length, relation, is_first=not length):
        length += 1
    return [UnknownPlaceMention(start=start, length=length)] if length else []


def _may_name_place(parser: Parser, at: int, relation: PlaceRelation, *, is_first: bool) -> bool:
    if at >= len(parser.sentence) or parser.sentence.tokens[at].is_quoted:
        return False
    token = parser.sentence.tokens[at]
    is_word = token.word in STOP_WORDS or parser.find_term(at)[0] or token.word.isdigit()
    is_marked = token.text[0].isupper() or relation is PlaceRelation.NEAR
    return not is_word and is_marked and (is_first or not token.follows_break)


def parse_term_or_place(parser: Parser, at: int) -> list[Mention]:
    length, meaning = parser.find_term(at)
    match = match_place(parser.sentence, at)
    is_longer = match is not None and (not meaning or match.length + match.meaning.may_name_theme > length)
    if match and is_longer and may_stand_alone(match, parser.sentence, at):
        starts_with_article = match.length > 1 and parser.sentence.word_at(at) in ALL_DETERMINERS
        is_article_and_term = starts_with_article and parser.find_term(at + 1)[0] == match.length - 1
        if not is_article_and_term and not is_rather_term(parser, at, match) and not _is_word_after_article(parser, at, match):
            return [build_place_mention(at, match.length, match, PlaceRelation.NAMED)]
    return [build_term_mention(parser, at, length, meaning)] if meaning else []


def _is_word_after_article(parser: Parser, at: int, match: PlaceMatch) -> bool:
    """Whether a code of two letters is a word: "an ID", "my OR"."""
    return len(match.name) == STATE_ABBREVIATION_LENGTH and at > 0 and parser.sentence.word_at(at - 1) in ALL_DETERMINERS
