"""Parsing steps for terms: phrases, languages, years and quoted words."""

import re

from directory.question import YearRange
from directory.records import OrganizationKind
from directory.text import fold
from directory.understanding.function_words import (
    ALL_DETERMINERS,
    AND_WORDS,
    FOUNDED_PHRASES,
    OR_WORDS,
    POSSESSIVES,
    SPEAK_PHRASES,
    SPEAKING_WORDS,
    FoundedRelation,
)
from directory.understanding.mentions import CoalitionMention, IgnoredMention, Mention, QuotedMention, TermMention, YearMention
from directory.understanding.parser import Parser
from directory.understanding.places.phrases import match_place
from directory.understanding.sentence import Sentence
from directory.understanding.terms.meanings import get_language_names
from directory.vocabulary.phrases import KINDS_FACET, Choice, Meaning

PUBLIC_BODY: Choice = (KINDS_FACET, OrganizationKind.PUBLIC_BODY.value)
MIN_OVERLAPPING_WORDS = 2
OWN_FACETS = {KINDS_FACET, "work_areas"}  # "our church", "our food pantry"
_YEAR = re.compile(r"(1[6-9]|20)\d\d", re.ASCII)


def parse_quoted(parser: Parser, at: int) -> list[Mention]:
    token = parser.sentence.tokens[at]
    if token.is_quoted:
        return [QuotedMention(start=at, length=1) if fold(token.text) else IgnoredMention(start=at, length=1)]
    return []


def parse_years(parser: Parser, at: int) -> list[Mention]:
    """Parse "founded before 1980", "created in 1995" or "fundadas entre 1990 y 2000"."""
    length, phrase = parser.sentence.match_phrase(at, FOUNDED_PHRASES)
    if not length:
        return []
    first = _read_year(parser.sentence, at + length)
    if first is None:
        return []
    relation = FOUNDED_PHRASES.meanings[phrase]
    if relation is FoundedRelation.BETWEEN:
        last = _read_year(parser.sentence, at + length + 2)
        years = YearRange(min(first, last), max(first, last)) if last else YearRange(first, None)
        return [YearMention(start=at, length=length + (3 if last else 1), years=years)]
    ranges = {
        FoundedRelation.BEFORE: YearRange(None, first - 1),
        FoundedRelation.AFTER: YearRange(first + 1, None),
        FoundedRelation.SINCE: YearRange(first, None),
        FoundedRelation.IN: YearRange(first, first),
    }
    return [YearMention(start=at, length=length + 1, years=ranges[relation])]


def _read_year(sentence: Sentence, at: int) -> int | None:
    text = sentence.word_at(at)
    return int(text) if _YEAR.fullmatch(text) else None


def parse_long_phrase(parser: Parser, at: int) -> list[Mention]:
    """Parse a phrase of several words, before its first word is taken for a negation or a preposition: "without papers"."""
    length, meaning = parser.find_term(at)
    match = match_place(parser.sentence, at)
    if length < 2 or meaning is None or (match and match.length + match.meaning.may_name_theme > length):
        return []
    return [build_term_mention(parser, at, length, meaning), *_list_overlapping(parser, at, length, meaning)]


def _list_overlapping(parser: Parser, at: int, length: int, meaning: Meaning) -> list[Mention]:
    """Return the phrase that starts within a phrase and reaches further: "women of color" in "trans women of color".

    A phrase that only says how people work does not hide what they work on: "document police killings".
    """
    is_method = {facet for facet, _ in meaning.choices} == {"work_areas"}
    for start in range(at + 1, at + length):
        other_length, other = parser.find_term(start)
        if other is None or other_length < MIN_OVERLAPPING_WORDS:
            continue
        is_matter = any(facet in ("issue_areas", "communities") for facet, _ in other.choices)
        if (is_method and is_matter) or (other_length > length and start + other_length > at + length):
            return [TermMention(start=start, length=other_length, meaning=other)]
    return []


def build_term_mention(parser: Parser, at: int, length: int, meaning: Meaning) -> TermMention | IgnoredMention:
    """Return the mention of a term, and whether it says who asks: "we are a union", "my church", or "at city hall".

    Words that say nothing are ignored.
    """
    if not meaning.choices:
        return IgnoredMention(start=at, length=length)
    facets = {facet for facet, _ in meaning.choices}
    is_venue = meaning.choices == (PUBLIC_BODY,) and parser.follows_preposition(at)
    is_own = facets <= OWN_FACETS and at > 0 and parser.sentence.word_at(at - 1) in POSSESSIVES.meanings
    is_asker = "communities" not in facets and (parser.may_be_asker(at) or parser.is_subject_of_search(at, length))
    return TermMention(start=at, length=length, meaning=meaning, is_asker=is_venue or is_own or is_asker)


def parse_language(parser: Parser, at: int) -> list[Mention]:
    """Parse "speak Spanish or Arabic", "Spanish-speaking", "que hablen kreyòl", and names that always mean a language."""
    sentence = parser.sentence
    before, _ = sentence.match_phrase(at, SPEAK_PHRASES)
    start = at + before + (sentence.word_at(at + before) in ALL_DETERMINERS)
    length, tag = find_language(parser, start)
    if not length or _is_place_name(parser, start, length):
        return []
    after = sentence.match_phrase(start + length, SPEAKING_WORDS)[0]
    bare_length, _ = sentence.match_phrase(start, get_language_names(bare=True))
    if not (before or after) and (not bare_length or parser.find_term(start)[1] is not None):
        return []  # "Haitian families"
    end = start + length + after
    return [build_language_mention(at, end - at, tag), *_list_other_languages(parser, end)]


def _list_other_languages(parser: Parser, at: int) -> list[Mention]:
    """Return the languages that follow one after "or" or "and"."""
    mentions: list[Mention] = []
    while joint := parser.sentence.match_phrase(at, OR_WORDS)[0] or parser.sentence.match_phrase(at, AND_WORDS)[0]:
        length, tag = find_language(parser, at + joint)
        if not length:
            break
        mentions.append(build_language_mention(at + joint, length, tag))
        at += joint + length
    return mentions


def build_language_mention(start: int, length: int, tag: str) -> TermMention:
    return TermMention(start=start, length=length, meaning=Meaning((("languages", tag),)))


def find_language(parser: Parser, at: int) -> tuple[int, str]:
    if at >= len(parser.sentence):
        return 0, ""
    length, name = parser.sentence.match_phrase(at, get_language_names())
    return length, get_language_names().meanings.get(name, "")


def _is_place_name(parser: Parser, at: int, length: int) -> bool:
    """Whether the words are part of a longer name: "Dakota del Norte", "Navajo Nation"."""
    match = match_place(parser.sentence, at)
    return match is not None and match.length > length


def parse_record(parser: Parser, at: int) -> list[Mention]:
    """Parse the name of a coalition, or the number of a provision."""
    words = [token.word for token in parser.sentence.tokens]
    length, meaning = parser.record_phrases.match(words, at)
    if meaning is None:
        return []
    if meaning.coalition is not None:
        return [CoalitionMention(start=at, length=length, slug=meaning.coalition)]
    choices = tuple(("issue_areas", slug) for slug in meaning.issue_areas)
    return [TermMention(start=at, length=length, meaning=Meaning(choices))]
