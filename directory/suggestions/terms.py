"""Terms whose label or synonym starts with the words: from any word on for a list of names, from the first one in a sentence."""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from operator import attrgetter

from msgspec import Struct

from directory.filters.labels import lower_first_letter
from directory.question import FACETS
from directory.search.snapshot import Snapshot
from directory.suggestions.suggestion import Suggestion, SuggestionKind
from directory.text import fold

_MAX_CHARACTER = "\U0010ffff"
_LABEL_FIELDS = {"issue_areas": "issueAreas", "communities": "communities", "work_areas": "workAreas"}


class _TermPhrase(Struct, frozen=True, order=True):
    """A label or synonym, starting at one of its words."""

    ending: str
    skips_words: bool  # whether words before it were left out
    is_synonym: bool
    position: int  # of the term in its vocabulary
    slug: str
    language: str
    name: str  # the whole label or synonym as written


def suggest_terms(snapshot: Snapshot, facet: str, kind: SuggestionKind, folded: str) -> list[Suggestion]:
    """Suggest the terms that have a label or synonym in which the words start at any word."""
    best_first = sorted(_find_phrases(facet, folded), key=lambda phrase: _get_phrase_sort_key(phrase, folded))
    best_by_slug = {phrase.slug: phrase for phrase in reversed(best_first)}
    suggestions = [
        Suggestion(
            kind=kind,
            is_exact=_is_exact(phrase, folded),
            is_other_name=phrase.is_synonym and not _is_exact(phrase, folded),
            starts_label=not (phrase.is_synonym or phrase.skips_words),
            term=phrase.slug,
        )
        for phrase in best_by_slug.values()
    ]
    counts = {slug: snapshot.count_term(facet, slug) for slug in best_by_slug}
    return sorted(suggestions, key=lambda term: (not term.is_exact, term.is_other_name, -counts[term.term or ""], term.label()))


def complete_terms(
    snapshot: Snapshot, facet: str, kind: SuggestionKind, folded: str, language: str
) -> Iterator[tuple[str, Suggestion]]:
    """Yield the terms that have a label or synonym of this language that starts with the words, most frequent first.

    Each comes with this name, as it is written inside of a sentence: the label, or else the shortest synonym, in the plural
    if there is one.
    """
    phrases = [one for one in _find_phrases(facet, folded) if one.language == language and not one.skips_words]
    best: dict[str, _TermPhrase] = {}
    for phrase in sorted(phrases, key=lambda one: (one.is_synonym, len(one.name), one.name)):
        shorter = best.setdefault(phrase.slug, phrase)
        if shorter.is_synonym and phrase.name in (f"{shorter.name}s", f"{shorter.name}es"):  # the plural sounds better
            best[phrase.slug] = phrase
    for phrase in sorted(best.values(), key=lambda one: (one.is_synonym, -snapshot.count_term(facet, one.slug), one.position)):
        name = phrase.name if phrase.is_synonym else lower_first_letter(phrase.name, _LABEL_FIELDS[facet], language)
        yield name, Suggestion(kind=kind, is_other_name=phrase.is_synonym, term=phrase.slug)


def _find_phrases(facet: str, folded: str) -> list[_TermPhrase]:
    phrases = _list_term_phrases(facet)
    start, end = (bisect_left(phrases, ending, key=attrgetter("ending")) for ending in (folded, folded + _MAX_CHARACTER))
    return phrases[start:end]


@lru_cache(maxsize=len(FACETS))
def _list_term_phrases(facet: str) -> list[_TermPhrase]:
    phrases: set[_TermPhrase] = set()
    for position, term in enumerate(FACETS[facet]):
        names = [(language, False, label) for language, label in term.labels.items()]
        names += [(language, True, synonym) for language, synonyms in term.synonyms.items() for synonym in synonyms]
        for language, is_synonym, name in names:
            folded = fold(name).split()
            phrases.update(
                _TermPhrase(" ".join(folded[start:]), start > 0, is_synonym, position, term.slug, language, name)
                for start in range(len(folded))
            )
    return sorted(phrases)


def _get_phrase_sort_key(phrase: _TermPhrase, folded: str) -> tuple[bool, bool, bool, bool, int, str]:
    is_exact, is_english = _is_exact(phrase, folded), phrase.language == "en"
    return not is_exact, phrase.is_synonym, phrase.skips_words, not is_english, phrase.position, phrase.language


def _is_exact(phrase: _TermPhrase, folded: str) -> bool:
    return phrase.ending == folded and not phrase.skips_words
