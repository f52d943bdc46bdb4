"""Map free tags to terms of the vocabularies. Unknown tags are reported with the most similar terms."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import Struct

from directory.drafts.draft_parts import LIST_LIMIT
from directory.errors import BadInput
from directory.text import fold
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Term, Vocabulary

TERM_CACHE_SIZE = 1 << 15  # tags; columns repeat them

VOCABULARIES: Mapping[str, Vocabulary] = {
    "issue_areas": ISSUE_AREAS,
    "communities": COMMUNITIES,
    "work_areas": WORK_AREAS,
    "languages": LANGUAGES,
}
THEME_FIELDS = ("issue_areas", "communities", "work_areas")
_VOCABULARY_LABELS = {
    "issue_areas": "an issue area",
    "communities": "a community",
    "work_areas": "a work area",
    "languages": "a language",
}
IGNORED_TAG = ""  # a profile maps a tag to this to ignore it without a report
MAX_SUGGESTIONS = 5  # terms suggested for an unknown tag
MAX_TAG_LENGTH = 200  # characters; longer texts are not tags
_TAG_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;\n|•·]\s*")
_TAG_COMMAS = re.compile(r"(?:(?<!\s)\s+)?,\s*")
_LANGUAGE_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;,\n|/&]\s*|(?<!\s)\s+(?:and|y)\s+")
_REGIONAL_LANGUAGE = re.compile(r"([A-Za-z]{2,3})[-_][A-Za-z]{2,4}")


class TagMeaning(Struct, frozen=True):
    """The meaning of one tag: pairs of draft field and slug, or of `service_areas` and region code.

    `terms` is () for a tag that is ignored or unknown. An unknown tag may have `suggestions`.
    """

    terms: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    suggestions: tuple[str, ...] = ()
    is_ignored: bool = False

    @property
    def is_unknown(self) -> bool:
        return not self.terms and not self.is_ignored


def split_tags(value: str | Iterable[str], field: str) -> list[str]:
    """Return the distinct tags of a cell.

    A text is split at semicolons, line breaks and bars, and at commas unless it is a term as a whole. A value that the profile
    has already split is not split again. Raises BadInput for more than LIST_LIMIT tags.
    """
    if isinstance(value, str):
        parts = (_LANGUAGE_SEPARATORS if field == "languages" else _TAG_SEPARATORS).split(value)
        pieces = [tag for part in parts for tag in ([part] if _is_term(part, field) else _TAG_COMMAS.split(part))]
    else:
        pieces = list(value)
    tags = list(dict.fromkeys(tag for piece in pieces if (tag := piece.strip(" \t#.,;"))))
    if len(tags) > LIST_LIMIT:
        raise BadInput(f"These are {len(tags)} values; shorten the list to at most {LIST_LIMIT}.")
    return tags


@lru_cache(maxsize=TERM_CACHE_SIZE)
def find_term(tag: str, field: str) -> TagMeaning:
    """Return the meaning of the tag in the field's own vocabulary, otherwise (for themes) in the other two.

    The field "tags" searches all three theme vocabularies.
    """
    own = THEME_FIELDS if field == "tags" else (field,)
    others = tuple(other for other in THEME_FIELDS if field in THEME_FIELDS and other != field)
    if terms_by_field := _find_terms(tag, own) or _find_terms(tag, others):
        return _build_meaning(tag, terms_by_field, own)
    if len(tag) > MAX_TAG_LENGTH:
        return TagMeaning()
    suggestions = [slug if len(own) == 1 else f"{name}:{slug}" for name in own for slug in VOCABULARIES[name].suggest(tag)]
    suggestions += [f"{name}:{slug}" for name in others for slug in VOCABULARIES[name].suggest(tag)]
    return TagMeaning(suggestions=tuple(suggestions[:MAX_SUGGESTIONS]))


def find_mapped_term(tag: str, field: str, terms: Mapping[str, str]) -> TagMeaning | None:
    """Return the meaning that the profile gives to the tag; None if the profile does not map it.

    `terms` maps tags to "slug", "vocabulary:slug", or "" to ignore the tag. An unknown slug makes the tag unknown, with
    suggestions for that slug.
    """
    target = terms.get(tag)
    if target is None:
        target = _fold_keys(tuple(terms.items())).get(fold(tag)) if terms else None
    if target is None:
        return None
    if target.strip() == IGNORED_TAG:
        return TagMeaning(is_ignored=True)
    vocabulary, _, slug = target.rpartition(":")
    fields = [vocabulary.strip()] if vocabulary else [*((field,) if field in VOCABULARIES else ()), *THEME_FIELDS]
    known = next((name for name in fields if name in VOCABULARIES and slug.strip() in VOCABULARIES[name]), None)
    return TagMeaning(((known, slug.strip()),)) if known else TagMeaning(suggestions=find_term(slug.strip(), field).suggestions)


@lru_cache(maxsize=8)
def _fold_keys(terms: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {fold(tag): target for tag, target in terms}


def _is_term(text: str, field: str) -> bool:
    return "," not in text or bool(find_term(text.strip(), field).terms)


def _find_terms(tag: str, fields: Iterable[str]) -> list[tuple[str, Term]]:
    """Return the best term of each vocabulary. Terms with the tag as their label come before those with it as a synonym."""
    best = [(field, terms[0]) for field in fields if (terms := VOCABULARIES[field].find(_normalize_tag(tag, field)))]
    return sorted(best, key=lambda pair: not _is_label(pair[1], tag))


def _normalize_tag(tag: str, field: str) -> str:
    regional = _REGIONAL_LANGUAGE.fullmatch(tag) if field == "languages" else None
    return regional[1].lower() if regional else tag.lower() if field == "languages" and len(tag) < 4 else tag


def _is_label(term: Term, tag: str) -> bool:
    return fold(tag) in {fold(term.slug), *(fold(label) for label in term.labels.values())}


def _build_meaning(tag: str, terms_by_field: list[tuple[str, Term]], own: tuple[str, ...]) -> TagMeaning:
    field, term = terms_by_field[0]
    reasons = [] if field in own else [f"read as {_VOCABULARY_LABELS[field]}"]
    also = [other for other in VOCABULARIES[field].find(_normalize_tag(tag, field)) if other != term]
    reasons += [f"also means {other.label()}" for other in also]
    if field in own and len(own) > 1:
        reasons += [
            f"is {_VOCABULARY_LABELS[other]} as well"
            for other, other_term in terms_by_field[1:]
            if _is_label(other_term, tag) == _is_label(term, tag)
        ]
    return TagMeaning(((field, term.slug),), "; ".join(reasons))
