"""Which theme a phrase of running text means: an issue area, a work area, a community, a kind of organization, a language."""

from collections.abc import Iterator
from functools import cache

from directory.question import FACETS
from directory.text import fold
from directory.understanding.function_words import KIND_PHRASES, NON_TERM_WORDS, PhraseTable
from directory.vocabulary.terms import LANGUAGES

KINDS_FACET = "kinds"
_TERM_FACETS = ("issue_areas", "work_areas", "communities")  # languages need a word about speaking


@cache
def get_term_phrases() -> PhraseTable[tuple[str, str]]:
    """Facet, or KINDS, and slug by phrase. With plurals and singulars that no vocabulary lists.

    A phrase of several facets means that of which it is exactly a label; where that tells nothing, the first.
    """
    meanings: dict[str, list[tuple[str, str]]] = {}
    for phrase, theme in _iter_term_phrases():
        meanings.setdefault(phrase, []).append(theme)
    listed = {phrase: _choose_term(phrase, several) for phrase, several in meanings.items()}
    other = {
        (phrase[:-1] if phrase.endswith("s") else f"{phrase}s"): theme
        for phrase, theme in listed.items()
        if len(phrase) > 3 and theme[0] != KINDS_FACET
    }
    return PhraseTable({phrase: theme for phrase, theme in {**other, **listed}.items() if phrase not in NON_TERM_WORDS})


@cache
def get_language_phrases() -> PhraseTable[tuple[str, ...]]:
    return PhraseTable(LANGUAGES.phrases())


def _iter_term_phrases() -> Iterator[tuple[str, tuple[str, str]]]:
    for facet in _TERM_FACETS:
        yield from ((phrase, (facet, slugs[0])) for phrase, slugs in FACETS[facet].phrases().items())
    yield from ((phrase, (KINDS_FACET, kind)) for phrase, kind in KIND_PHRASES.meanings.items())


def _choose_term(phrase: str, several: list[tuple[str, str]]) -> tuple[str, str]:
    labelled = [theme for theme in several if _is_label(phrase, *theme)]
    # a slug is as plain a name as a label, so that "tenants", which is both, stays undecided
    rivals = [theme for theme in several if theme not in labelled and fold(theme[1]) == phrase]
    return labelled[0] if len(labelled) == 1 and not rivals else several[0]


def _is_label(phrase: str, facet: str, slug: str) -> bool:
    return facet == KINDS_FACET or phrase in {fold(label) for label in FACETS[facet].require(slug).labels.values()}
