"""Look up the term that a phrase in running text means: an issue area, work area, community, kind or language."""

from collections.abc import Iterator
from functools import cache

from directory.question import FACETS
from directory.text import fold
from directory.understanding.function_words import KIND_PHRASES, NON_TERM_WORDS, PhraseTable
from directory.vocabulary.terms import LANGUAGES

KINDS_FACET = "kinds"
_TERM_FACETS = ("issue_areas", "work_areas", "communities")  # a language needs a word like "speaking"


@cache
def get_term_phrases() -> PhraseTable[tuple[str, str]]:
    """Return facet (or KINDS_FACET) and slug by phrase, with plurals and singulars that are not in the vocabularies.

    If several facets have the phrase, it means the one that has it as a label; if this does not decide, the first.
    """
    candidates: dict[str, list[tuple[str, str]]] = {}
    for phrase, term in _iter_term_phrases():
        candidates.setdefault(phrase, []).append(term)
    listed = {phrase: _choose_term(phrase, terms) for phrase, terms in candidates.items()}
    derived = {
        (phrase[:-1] if phrase.endswith("s") else f"{phrase}s"): term
        for phrase, term in listed.items()
        if len(phrase) > 3 and term[0] != KINDS_FACET
    }
    return PhraseTable({phrase: term for phrase, term in {**derived, **listed}.items() if phrase not in NON_TERM_WORDS})


@cache
def get_language_phrases() -> PhraseTable[tuple[str, ...]]:
    return PhraseTable(LANGUAGES.phrases())


def _iter_term_phrases() -> Iterator[tuple[str, tuple[str, str]]]:
    for facet in _TERM_FACETS:
        yield from ((phrase, (facet, slugs[0])) for phrase, slugs in FACETS[facet].phrases().items())
    yield from ((phrase, (KINDS_FACET, kind)) for phrase, kind in KIND_PHRASES.meanings.items())


def _choose_term(phrase: str, terms: list[tuple[str, str]]) -> tuple[str, str]:
    by_label = [term for term in terms if _is_label(phrase, *term)]
    # A slug counts as much as a label: "tenants" is both, in different facets, and stays undecided.
    by_slug = [term for term in terms if term not in by_label and fold(term[1]) == phrase]
    return by_label[0] if len(by_label) == 1 and not by_slug else terms[0]


def _is_label(phrase: str, facet: str, slug: str) -> bool:
    return facet == KINDS_FACET or phrase in {fold(label) for label in FACETS[facet].require(slug).labels.values()}
