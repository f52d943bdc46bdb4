"""Parsing steps for negation: "without police", "not churches or unions", "outside of California", "no deportations"."""

from msgspec.structs import replace

from directory.records import OrganizationKind
from directory.understanding.function_words import (
    AND_WORDS,
    DISMISSALS,
    EXCLUDED_KINDS,
    EXCLUSIONS,
    NEGATION_FILLERS,
    NEGATIONS,
    OR_WORDS,
    PLACE_WORDS,
    SECULAR_WORDS,
    STOP_WORDS,
    Excludable,
    PlaceRelation,
)
from directory.understanding.mentions import IgnoredMention, Mention, PlaceMention, TermMention
from directory.understanding.parser import Parser
from directory.understanding.places.intent import build_place_mention, is_region_or_large
from directory.understanding.places.phrases import match_place
from directory.understanding.terms.steps import build_language_mention, find_language
from directory.vocabulary.phrases import KINDS_FACET, Choice, Meaning
from directory.vocabulary.terms import ISSUE_AREAS

LACK_WORDS = frozenset({"without", "sin", "no"})
LIST_WORDS = frozenset({"ni"})  # exclude only several things: "ni iglesias ni sindicatos"
STRONG_NEGATIONS = frozenset({"not", "non"})
# What people lack, and so look for: "without a lawyer", "no shelter".
NEEDS: frozenset[Choice] = frozenset(
    (
        *(("issue_areas", slug) for slug in (*ISSUE_AREAS.closure("economic-social-cultural"), "reproductive")),
        *(("work_areas", slug) for slug in ("legal-services", "law", "direct-services", "healing", "education")),
    )
)
AVOIDED = frozenset({"policing", "faith"})  # themes that stand for those who are not to be involved
FAITH = Meaning(((KINDS_FACET, OrganizationKind.FAITH_ORGANIZATION.value),))


def parse_dismissal(parser: Parser, at: int) -> list[Mention]:
    """Ignore what follows "I do not need" and "not looking for"; exclude religious organizations for "secular"."""
    if length := parser.sentence.match_phrase(at, SECULAR_WORDS)[0]:
        return [TermMention(start=at, length=length, meaning=FAITH, is_excluded=True)]
    length, _ = parser.sentence.match_phrase(at, DISMISSALS)
    dismissed = _list_excluded(parser, at + length, Excludable.ANYTHING) if length else []
    if not dismissed:
        return []
    end = dismissed[-1].start + dismissed[-1].length
    return [IgnoredMention(start=at, length=end - at)]


def parse_exclusion(parser: Parser, at: int) -> list[Mention]:
    """Parse "without police", "not churches or unions", "outside of California", "que no sean iglesias", "-church"."""
    if parser.sentence.tokens[at].follows_minus and (first := _find_excluded(parser, at, Excludable.ANYTHING)):
        return [first]
    length, phrase = parser.sentence.match_phrase(at, EXCLUSIONS)
    if not length:
        return []
    excluded = _list_excluded(parser, at + length, EXCLUSIONS.meanings[phrase])
    if phrase in LIST_WORDS and len(excluded) < 2:
        return []
    if EXCLUSIONS.meanings[phrase] is Excludable.NO_PLACE and any(not _may_be_avoided(mention) for mention in excluded):
        return [IgnoredMention(start=at, length=excluded[-1].start + excluded[-1].length - at, is_refused=True)]
    if excluded and phrase in LACK_WORDS and (parser.follows_people(at) or _is_need(parser, excluded[0])):
        excluded = [replace(mention, is_excluded=False) for mention in excluded]  # "veterans without housing"
    if excluded:
        return [IgnoredMention(start=at, length=excluded[0].start - at), *excluded]
    is_place_word = phrase in PLACE_WORDS.meanings or EXCLUSIONS.meanings[phrase] is Excludable.PLACE
    if is_place_word or (phrase in LACK_WORDS and parser.follows_people(at)):
        return []
    return [IgnoredMention(start=at, length=length), *_ignore_unknown(parser, at + length)]


def _may_be_avoided(mention: TermMention | PlaceMention) -> bool:
    """Whether organizations that "do not work with" this can be told by their terms: churches, the police. Those that do not work
    with ICE are among those that work on immigration.
    """
    if isinstance(mention, PlaceMention):
        return False
    themes = {slug for facet, slug in mention.meaning.choices if facet in ("issue_areas", "communities")}
    return not themes or not AVOIDED.isdisjoint(themes)


def _is_need(parser: Parser, mention: TermMention | PlaceMention) -> bool:
    """Whether a person lacks this: "without a lawyer". In the plural, they do not want it: "without lawyers"."""
    is_plural = parser.sentence.word_at(mention.start + mention.length - 1).endswith("s")
    return isinstance(mention, TermMention) and not is_plural and not NEEDS.isdisjoint(mention.meaning.choices)


def _ignore_unknown(parser: Parser, at: int) -> list[Mention]:
    """Ignore the word that a person wants to exclude if it is not known as anything: to look for it would be the opposite.

    What follows after "or" is excluded.
    """
    at = _skip_fillers(parser, at)
    if at >= len(parser.sentence) or parser.sentence.word_at(at) in STOP_WORDS:
        return []
    joint, _ = parser.sentence.match_phrase(at + 1, OR_WORDS)
    others = _list_excluded(parser, at + 1 + joint, Excludable.ANYTHING) if joint else []
    return [IgnoredMention(start=at, length=1, is_refused=True), *others]


def parse_negation(parser: Parser, at: int) -> list[Mention]:
    """Parse "not police" and "no churches". "No deportations" is a demand unless something else was asked for before."""
    length, phrase = parser.sentence.match_phrase(at, NEGATIONS)
    excluded = _list_excluded(parser, at + length, Excludable.ANYTHING) if length else []
    first = excluded[0] if excluded and not (phrase in LACK_WORDS and _is_need(parser, excluded[0])) else None
    if first is None or not (_is_no_theme(first) or phrase in STRONG_NEGATIONS or _follows_wish(parser)):
        return []
    return [IgnoredMention(start=at, length=first.start - at), *excluded]


def _is_no_theme(mention: TermMention | PlaceMention) -> bool:
    """Whether "no" before it can only exclude it: a kind of organization, or how they work. "No prisons" is a demand."""
    facets = {facet for facet, _ in mention.meaning.choices} if isinstance(mention, TermMention) else {"places"}
    return facets <= {KINDS_FACET, "work_areas"}


def _follows_wish(parser: Parser) -> bool:
    """Whether something was asked for before, other than by a demand: "housing, no police", not "no police, no prisons"."""
    wishes = (one for one in parser.mentions if isinstance(one, TermMention | PlaceMention))
    return any(one.start == 0 or parser.sentence.word_at(one.start - 1) not in NEGATIONS.meanings for one in wishes)


def _list_excluded(parser: Parser, at: int, excludable: Excludable) -> list[TermMention | PlaceMention]:
    """Return what is excluded from a token on: one thing, several joined by "or", or several places or kinds in a row."""
    mentions: list[TermMention | PlaceMention] = []
    is_joined = True
    while at < len(parser.sentence):
        at = _skip_fillers(parser, at)
        mention = _find_excluded(parser, at, excludable) if at < len(parser.sentence) else None
        if mention is None or not (is_joined or _are_alike(mentions[-1], mention)):
            break
        mentions.append(mention)
        at = mention.start + mention.length
        is_joined = bool(parser.sentence.match_phrase(at, OR_WORDS)[0])
        if not is_joined and _ends_list(parser, at, mention):
            break
        at += _count_joint(parser, at)
    return mentions


def _count_joint(parser: Parser, at: int) -> int:
    """Return the length of an "or" or "and"."""
    return parser.sentence.match_phrase(at, OR_WORDS)[0] or parser.sentence.match_phrase(at, AND_WORDS)[0]


def _ends_list(parser: Parser, at: int, last: TermMention | PlaceMention) -> bool:
    """Whether a comma is the end of what is excluded: "no churches, unions", but not "no churches, unions or courts"."""
    if at >= len(parser.sentence) or not parser.sentence.tokens[at].follows_break:
        return False
    following = _find_excluded(parser, at, Excludable.ANYTHING if isinstance(last, PlaceMention) else Excludable.NO_PLACE)
    end = following.start + following.length if following else at
    is_list = bool(_count_joint(parser, end)) or (end < len(parser.sentence) and parser.sentence.tokens[end].follows_break)
    return following is None or not _are_alike(last, following) or not is_list


def _are_alike(one: TermMention | PlaceMention, other: TermMention | PlaceMention) -> bool:
    """Whether both are places, or both kinds: "outside DC and Virginia", but not "no police and more housing"."""
    if isinstance(one, TermMention) and isinstance(other, TermMention):
        return all(facet == KINDS_FACET for facet, _ in (*one.meaning.choices, *other.meaning.choices))
    return isinstance(one, PlaceMention) and isinstance(other, PlaceMention)


def _skip_fillers(parser: Parser, at: int) -> int:
    while length := parser.sentence.match_phrase(at, NEGATION_FILLERS)[0]:
        match = match_place(parser.sentence, at)
        if parser.find_term(at)[0] > length or (match and match.length > length):
            break
        at += length
    return at


def _find_excluded(parser: Parser, at: int, excludable: Excludable) -> TermMention | PlaceMention | None:
    if parser.sentence.tokens[at].is_quoted:
        return None
    length, meaning = parser.find_term(at)
    match = None if excludable is Excludable.NO_PLACE else match_place(parser.sentence, at)
    if match and not is_region_or_large(match) and not parser.sentence.tokens[at].text[0].isupper():
        match = None  # "outside the courthouse"
    if match and (match.length > length or (match.length == length and is_region_or_large(match))):
        return replace(build_place_mention(at, match.length, match, PlaceRelation.IN), is_excluded=True)
    if excludable is Excludable.PLACE:
        return None
    language_length, tag = find_language(parser, at)
    if language_length > length:
        return replace(build_language_mention(at, language_length, tag), is_excluded=True)
    kind_length, words = parser.sentence.match_phrase(at, EXCLUDED_KINDS)
    if kind_length > length:
        kind = Meaning(((KINDS_FACET, EXCLUDED_KINDS.meanings[words].value),))
        return TermMention(start=at, length=kind_length, meaning=kind, is_excluded=True)
    return TermMention(start=at, length=length, meaning=meaning, is_excluded=True) if meaning and meaning.choices else None
