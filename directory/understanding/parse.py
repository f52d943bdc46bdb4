"""Parse a sentence into mentions, from left to right.

Each step looks at the words from one token on. The longest phrase wins: phrases of several words come before negations and
prepositions, and a place comes before a term if its name is longer.
"""

from collections.abc import Iterable, Iterator

from directory.understanding.exclusions import parse_dismissal, parse_exclusion, parse_negation
from directory.understanding.mentions import Mention, PlaceMention, QuotedMention, TermMention, UnknownPlaceMention
from directory.understanding.parser import Parser, Step
from directory.understanding.places.steps import (
    parse_anywhere,
    parse_distance,
    parse_here,
    parse_nationwide,
    parse_place,
    parse_term_or_place,
)
from directory.understanding.record_phrases import NO_PHRASES, RecordPhrases
from directory.understanding.sentence import Sentence
from directory.understanding.terms.steps import parse_language, parse_long_phrase, parse_quoted, parse_record, parse_years

MAX_MENTIONS = 24  # each is compared with all others; what comes after them is left over
_STEPS: tuple[Step, ...] = (
    parse_quoted,
    parse_record,
    parse_years,
    parse_distance,
    parse_nationwide,
    parse_anywhere,
    parse_long_phrase,
    parse_here,
    parse_dismissal,
    parse_exclusion,
    parse_negation,
    parse_language,
    parse_place,
    parse_term_or_place,
)


def parse(sentence: Sentence, language: str, record_phrases: RecordPhrases = NO_PHRASES) -> list[Mention]:
    """Return the first mentions of a sentence in their order, at most MAX_MENTIONS and those of one more step.

    Phrases of the other language count where this one has none.
    """
    parser, at = Parser(sentence, language, record_phrases), 0
    while at < len(sentence) and len(parser.mentions) < MAX_MENTIONS:
        at = _parse_at(parser, at)
    return parser.mentions


def _parse_at(parser: Parser, at: int) -> int:
    """Add the mentions at a token and return the position after them."""
    for step in _STEPS:
        mentions = step(parser, at)
        if mentions and not _runs_into_record(parser, at, mentions):
            parser.mentions += [*(theme for place in mentions for theme in _list_themes(parser, place)), *mentions]
            return mentions[-1].start + mentions[-1].length
    return at + 1


def _runs_into_record(parser: Parser, at: int, mentions: list[Mention]) -> bool:
    """Return whether a phrase goes on into the name of a record: "work on article" in "who works on article 25"."""
    end = mentions[-1].start + mentions[-1].length
    return any(at < position < end for position in parser.record_positions if at not in parser.record_positions)


def _list_themes(parser: Parser, mention: Mention) -> list[TermMention]:
    """Return the theme that the name of an area stands for besides the place: "Cancer Alley", "Rikers"."""
    if not isinstance(mention, PlaceMention) or not mention.meaning.may_name_theme:
        return []
    start = mention.start + mention.length - mention.name_length
    length, meaning = parser.find_term(start)
    is_theme = meaning is not None and length == mention.name_length and not mention.is_excluded
    return [TermMention(start=start, length=length, meaning=meaning)] if meaning and is_theme else []


def iter_positions(mentions: Iterable[Mention]) -> Iterator[int]:
    """Yield the tokens that the mentions cover, except those that stay words: unknown places and quoted words."""
    for mention in mentions:
        if not isinstance(mention, UnknownPlaceMention | QuotedMention):
            yield from range(mention.start, mention.start + mention.length)
