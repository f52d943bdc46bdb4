"""Suggestions while someone types: names that start with the words, or that complete a sentence.

If no term or place starts with the words, typos in them are corrected.
"""

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from directory.question import QUERY_LIMIT, WORD_LIMIT, Page, Question, check_length
from directory.records import MembershipStatus
from directory.search.snapshot import Snapshot
from directory.search.text.text_match import TextTier
from directory.suggestions.completions import correct_words, list_all_small_words, suggest_completions
from directory.suggestions.places import get_size_sort_key, suggest_places
from directory.suggestions.records import suggest_records
from directory.suggestions.suggestion import FACET_KINDS, Suggestion, SuggestionKind
from directory.suggestions.terms import suggest_terms
from directory.text import fold

QUOTES = frozenset('"“”„«»')  # names are not searched as phrases
_KIND_RANKS = {kind: rank for rank, kind in enumerate(SuggestionKind)}
_PLACE_KINDS = (SuggestionKind.REGION, SuggestionKind.PLACE)


def suggest(snapshot: Snapshot, words: str, first: int = 8) -> list[Suggestion]:
    """Return at most `first` suggestions; [] if there are none.

    Names that start with the words come first: exact names, then terms whose label starts with them, then other names with a word
    that does, then matches of another name; each group is sorted by kind. Every kind with matches has at least one suggestion, if
    there is room. Terms with the most members come first, and the largest places. If there is room, suggestions that complete a
    sentence follow. If only organizations are found, or nothing, suggestions for the words without typos come before them.
    Raises BadInput for a text that is too long.
    """
    check_length("query", words)
    found = _suggest_names_and_completions(snapshot, words, first)
    if any(one.kind is not SuggestionKind.ORGANIZATION or one.is_exact for one in found):
        return found
    corrected = correct_words(words, snapshot)
    corrected = corrected if corrected and len(corrected) <= QUERY_LIMIT else None
    others = _suggest_names_and_completions(snapshot, corrected, first) if corrected else []
    organizations = found or [one for one in others if one.kind is SuggestionKind.ORGANIZATION]
    others = [replace(one, is_exact=False) for one in others if one.kind is not SuggestionKind.ORGANIZATION]
    return [*others[: first - min(len(organizations), first // 2)], *organizations][:first]


def _suggest_names_and_completions(snapshot: Snapshot, words: str, first: int) -> list[Suggestion]:
    """Return names, then completions. If there are only names of organizations, they leave half of the room to completions."""
    names = _suggest_names(snapshot, words, first)
    has_only_organizations = all(one.kind is SuggestionKind.ORGANIZATION and not one.is_exact for one in names)
    room = max(first - len(names), first // 2 if has_only_organizations else 0)
    completions = suggest_completions(snapshot, words, room) if room else []
    terms = [one.question for one in names if one.term]
    others = [one for one in completions if one.question not in terms]
    return [*names[: first - len(others)], *others]


def _suggest_names(snapshot: Snapshot, words: str, first: int) -> list[Suggestion]:
    """Return at most `first` suggestions of names that start with the words; [] if there are none."""
    folded = fold(words)
    if not folded:
        return []
    kinds = [
        list(islice(_suggest_organizations(snapshot, words, first), first)),
        *_suggest_terms(snapshot, folded, first),
        *suggest_places(words, folded, first),
        *suggest_records(snapshot, words, first),
    ]
    return sorted(_mix_kinds(kinds, first), key=_get_sort_key)


def _suggest_terms(snapshot: Snapshot, folded: str, first: int) -> list[list[Suggestion]]:
    """Suggest terms of each facet. If there are none, a small word at the end is left out: "housing in" is the start of more."""
    found = [suggest_terms(snapshot, facet, kind, folded)[:first] for facet, kind in FACET_KINDS.items()]
    before, _, last = folded.rpartition(" ")
    if any(found) or not before or last not in list_all_small_words():
        return found
    shorter = [suggest_terms(snapshot, facet, kind, before) for facet, kind in FACET_KINDS.items()]
    return [[replace(one, is_exact=False) for one in terms if one.is_exact and one.starts_label] for terms in shorter]


def _get_sort_key(suggestion: Suggestion) -> tuple[bool, bool, bool, int, bool, int]:
    group = not suggestion.is_exact, suggestion.is_other_name, not suggestion.starts_label
    if suggestion.kind not in _PLACE_KINDS:
        return *group, _KIND_RANKS[suggestion.kind], False, 0
    return *group, _KIND_RANKS[SuggestionKind.REGION], *get_size_sort_key(suggestion)


def _mix_kinds(kinds: list[list[Suggestion]], first: int) -> list[Suggestion]:
    """Take one suggestion of each kind per round; in a round, exact names come first and matches of other names last."""
    ranked = [
        (round_number, not suggestion.is_exact, suggestion.is_other_name, suggestion)
        for kind in kinds
        for round_number, suggestion in enumerate(kind)
    ]
    return [suggestion for *_, suggestion in sorted(ranked, key=lambda entry: entry[:3])[:first]]


def _suggest_organizations(snapshot: Snapshot, words: str, first: int) -> Iterator[Suggestion]:
    """Suggest members, and organizations with exactly this name whether members or not. None for more words than a search has."""
    words = fold(words) if not QUOTES.isdisjoint(words) else words
    if len(words.split()) > WORD_LIMIT:
        return
    question = Question(text=words, page=Page(first=first))
    members = snapshot.find(question).page.hits
    matches = snapshot.find(replace(question, membership=tuple(MembershipStatus))).page.hits if snapshot.is_name(words) else []
    others = [hit for hit in matches if hit.organization.membership.status is not MembershipStatus.ACTIVE]
    for hit in [*(hit for hit in others if hit.match.tier is TextTier.EXACT_NAME), *members]:
        tier = hit.match.tier
        if tier not in (TextTier.EXACT_NAME, TextTier.NAMES):
            return
        yield Suggestion(
            kind=SuggestionKind.ORGANIZATION,
            is_exact=tier is TextTier.EXACT_NAME,
            organization=hit.organization,
        )
