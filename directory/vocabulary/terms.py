"""The vocabularies of terms that describe an organization: issue areas, communities, work areas and languages.

Each vocabulary is a file in directory/vocabulary/data. All of them are loaded and validated when this module is imported.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar

import msgspec
from msgspec import Struct
from rapidfuzz import fuzz, process

from directory.errors import BadInput, UnknownTerm
from directory.geo import Disclosure, stricter_disclosure
from directory.text import fold
from directory.vocabulary.slugs import is_slug

DATA = Path(__file__).with_name("data")
LABEL_LANGUAGES = ("en", "es")  # every label exists in these
ARTICLE_NUMBERS = range(1, 31)  # the Universal Declaration of Human Rights
SUGGESTION_LIMIT = 5
SUGGESTION_CUTOFF = 65  # rapidfuzz ratio, 0 to 100; less similar phrases are not suggested
SUGGESTION_MARGIN = 15  # points; phrases this far behind the most similar one are not suggested
MAX_SUGGESTION_QUERY_LENGTH = 80  # characters; a longer value is not a misspelled term

_COPIED_FIELDS = ("synonyms", "broader", "ntee", "articles", "issue_area")
_NTEE_CODE = re.compile(r"[A-Z][0-9]{2}")
T = TypeVar("T")


class Term(Struct, frozen=True):
    """One term of a vocabulary."""

    slug: str
    labels: dict[str, str]  # by language; always has "en" and "es"
    synonyms: dict[str, tuple[str, ...]]  # by language; a language may be missing
    definitions: dict[str, str]  # by language; {}, or "en" and "es"
    broader: tuple[str, ...]  # slugs
    ntee: tuple[str, ...]  # NTEE-CC codes of three characters
    articles: tuple[int, ...]  # articles of the Universal Declaration of Human Rights, 1 to 30
    disclosure: Disclosure | None  # the default for places; Vocabulary.strictest_disclosure includes broader terms
    issue_area: str | None = None  # for a community: the issue area of the same matter, as people use the same words for both

    def label(self, language: str = "en") -> str:
        """Return the label in the language ("es-MX" falls back to "es"), or in English if there is none."""
        return self.labels.get(language) or self.labels.get(language.partition("-")[0]) or self.labels["en"]

    def definition(self, language: str = "en") -> str | None:
        """Return what the term covers, in the language as for `label`. None if the vocabulary does not define its terms."""
        return self.definitions.get(language) or self.definitions.get(language.partition("-")[0]) or self.definitions.get("en")


class IssueAreaTerm(Term, frozen=True):
    """A term of ISSUE_AREAS."""


class CommunityTerm(Term, frozen=True):
    """A term of COMMUNITIES."""


class WorkAreaTerm(Term, frozen=True):
    """A term of WORK_AREAS."""


class LanguageTerm(Term, frozen=True):
    """A term of LANGUAGES; its slug is a BCP 47 tag."""


class Article(Struct, frozen=True):
    """One article of the Universal Declaration of Human Rights. `subjects` summarizes it, by language."""

    number: int
    subjects: dict[str, str]

    def subject(self, language: str = "en") -> str:
        return self.subjects.get(language) or self.subjects.get(language.partition("-")[0]) or self.subjects["en"]


class Vocabulary:
    """An immutable vocabulary: its terms and their hierarchy. Iterates over the terms in the order of the file."""

    def __init__(self, name: str, terms: Iterable[Term], *, slugs_are_words: bool = True) -> None:
        """The terms must be valid; `load_vocabulary` checks them. `slugs_are_words`: a slug is also a phrase people type."""
        self.name = name
        self.terms: Mapping[str, Term] = MappingProxyType({term.slug: term for term in terms})
        self._narrower_slugs = _invert({slug: term.broader for slug, term in self.terms.items()})
        self._ancestors = _find_reachable({slug: term.broader for slug, term in self.terms.items()})
        self._descendants = _find_reachable(self._narrower_slugs)
        self._phrases: Mapping[str, tuple[str, ...]] = MappingProxyType(_collect_phrases(self.terms.values(), slugs_are_words))

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms.values())

    def __len__(self) -> int:
        return len(self.terms)

    def __contains__(self, slug: object) -> bool:
        return slug in self.terms

    def get(self, slug: str) -> Term | None:
        return self.terms.get(slug)

    def require(self, slug: str) -> Term:
        """Return the term. Raises UnknownTerm with suggestions."""
        return self.terms.get(slug) or self._raise_unknown_term(slug)

    def narrower_slugs(self, slug: str) -> tuple[str, ...]:
        """Return the slugs one level below; () for none. Raises UnknownTerm."""
        return self._narrower_slugs.get(self.require(slug).slug, ())

    def closure(self, slug: str) -> frozenset[str]:
        """Return the slugs of the term and of all narrower terms, at any depth. Raises UnknownTerm."""
        return self._descendants[self.require(slug).slug] | {slug}

    def ancestors(self, slug: str) -> frozenset[str]:
        """Return the slugs of all broader terms, at any height, without the term itself. Raises UnknownTerm."""
        return self._ancestors[self.require(slug).slug]

    def strictest_disclosure(self, slugs: Iterable[str]) -> Disclosure | None:
        """Return the strictest default of these terms and all broader ones; None if none has a default. Raises UnknownTerm."""
        strictest: Disclosure | None = None
        for term_slug in {broader for slug in slugs for broader in (slug, *self.ancestors(slug))}:
            if default := self.terms[term_slug].disclosure:
                strictest = stricter_disclosure(strictest, default) if strictest else default
        return strictest

    def phrases(self) -> Mapping[str, tuple[str, ...]]:
        """Return every folded label, synonym and slug (unless slugs are codes) with the slugs it may mean, best first."""
        return self._phrases

    def find(self, words: str) -> tuple[Term, ...]:
        """Return the terms with this slug, label or synonym in any language, after folding. Best first; () for none."""
        by_slug = [self.terms[words]] if words in self.terms else []
        by_phrase = [self.terms[slug] for slug in self._phrases.get(fold(words), ()) if slug != words]
        return (*by_slug, *by_phrase)

    def suggest(self, words: str, limit: int = SUGGESTION_LIMIT) -> tuple[str, ...]:
        """Return the slugs of the terms spelled most like these words, nearest first. () if none is similar."""
        if len(words) > MAX_SUGGESTION_QUERY_LENGTH:
            return ()
        matches = process.extract(
            fold(words), self._phrases.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=SUGGESTION_CUTOFF, limit=None
        )
        matches.sort(key=lambda match: (-match[1], match[2]))
        phrases = [phrase for phrase, ratio, _ in matches if ratio > matches[0][1] - SUGGESTION_MARGIN]
        slugs = dict.fromkeys(slug for phrase in phrases for slug in self._phrases[phrase])
        return tuple(slugs)[:limit]

    def _raise_unknown_term(self, slug: str) -> NoReturn:
        value = slug if len(slug) <= MAX_SUGGESTION_QUERY_LENGTH else slug[:MAX_SUGGESTION_QUERY_LENGTH] + "…"
        raise UnknownTerm(
            f'There is no {self.name} "{value}".',
            suggest=partial(self.suggest, slug),
            advice=f"Choose one of the {len(self)} listed terms.",
            vocabulary=self.name,
            value=value,
        )


def _invert(links: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    inverse: dict[str, list[str]] = {slug: [] for slug in links}
    for slug, others in links.items():
        for other in others:
            inverse[other].append(slug)
    return {slug: tuple(others) for slug, others in inverse.items()}


def _find_reachable(links: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    @cache
    def find_reachable_from(slug: str) -> frozenset[str]:
        return frozenset(links[slug]).union(*(find_reachable_from(other) for other in links[slug]))

    return {slug: find_reachable_from(slug) for slug in links}


def _collect_phrases(terms: Iterable[Term], slugs_are_words: bool) -> dict[str, tuple[str, ...]]:
    ranked: list[tuple[int, str, str]] = []  # slugs before labels before synonyms
    for term in terms:
        ranked += [(0, term.slug, term.slug)] if slugs_are_words else []
        ranked += [(1, label, term.slug) for label in term.labels.values()]
        ranked += [(2, synonym, term.slug) for synonyms in term.synonyms.values() for synonym in synonyms]
    slugs_by_phrase: dict[str, dict[str, None]] = {}  # dicts as ordered sets
    for _, phrase, slug in sorted(ranked, key=lambda item: item[0]):
        slugs_by_phrase.setdefault(fold(phrase), {})[slug] = None
    return {phrase: tuple(slugs) for phrase, slugs in slugs_by_phrase.items()}


# ---------------------------------------------------------------- files


class _TermRow(Struct, frozen=True, forbid_unknown_fields=True):
    label: dict[str, str]
    synonyms: dict[str, tuple[str, ...]] = {}
    definition: dict[str, str] = {}
    broader: tuple[str, ...] = ()
    ntee: tuple[str, ...] = ()
    articles: tuple[int, ...] = ()
    disclosure: Disclosure | None = None
    issue_area: str | None = None


class _VocabularyFile(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    terms: dict[str, _TermRow]
    shared: tuple[str, ...] = ()  # the phrases that may mean several terms
    slugs_are_words: bool = True


class _InstrumentsFile(Struct, frozen=True, forbid_unknown_fields=True):
    udhr: dict[str, dict[str, str]]


def load_vocabulary(path: Path, term_class: type[Term] = Term) -> Vocabulary:
    """Return the vocabulary in a TOML file, with terms of this class.

    Raises BadInput that names the file, the term and the problem.
    """
    file = _read_toml(path, _VocabularyFile)
    for slug, entry in file.terms.items():
        for problem in _find_problems(slug, entry, file.terms):
            _refuse_file(path, slug, problem)
    _refuse_cycles(path, file.terms)
    terms = [_build_term(term_class, slug, entry) for slug, entry in file.terms.items()]
    vocabulary = Vocabulary(file.name, terms, slugs_are_words=file.slugs_are_words)
    _refuse_undeclared_sharing(path, vocabulary.phrases(), {fold(phrase) for phrase in file.shared})
    return vocabulary


def load_articles(path: Path) -> Mapping[int, Article]:
    """Return the articles 1 to 30 in a TOML file, by number. Raises BadInput that names the file and the article."""
    subjects = _read_toml(path, _InstrumentsFile).udhr
    for number in {str(number) for number in ARTICLE_NUMBERS} ^ subjects.keys():
        _refuse_file(path, f"article {number}", "the file must have the articles 1 to 30, each once")
    for number, subject in subjects.items():
        if not all(subject.get(language, "").strip() for language in LABEL_LANGUAGES):
            _refuse_file(path, f"article {number}", "needs its subject in en and es")
    return MappingProxyType({number: Article(number, subjects[str(number)]) for number in ARTICLE_NUMBERS})


def _read_toml(path: Path, shape: type[T]) -> T:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=shape)
    except (msgspec.MsgspecError, ValueError) as problem:
        raise BadInput(f"{path.name} is not a valid vocabulary file: {problem}.", file=path.name) from problem


def _build_term(term_class: type[Term], slug: str, entry: _TermRow) -> Term:
    fields: dict[str, Any] = {name: getattr(entry, name) for name in _COPIED_FIELDS}
    return term_class(slug=slug, labels=entry.label, definitions=entry.definition, disclosure=entry.disclosure, **fields)


def _find_problems(slug: str, entry: _TermRow, terms: Mapping[str, _TermRow]) -> Iterator[str]:
    if not is_slug(slug):
        yield "a slug must be lower-case letters and digits joined by single hyphens"
    texts = [("label", entry.label)] + ([("definition", entry.definition)] if entry.definition else [])
    yield from (f'needs a {name} in "{each}"' for name, text in texts for each in LABEL_LANGUAGES if not text.get(each))
    phrases = [*entry.label.values(), *(synonym for synonyms in entry.synonyms.values() for synonym in synonyms)]
    yield from (f'the phrase "{phrase}" has no letter or digit' for phrase in phrases if not fold(phrase))
    yield from (f'its broader term "{other}" is not in the file' for other in entry.broader if other not in terms)
    yield from (f"there is no article {number}, only 1 to 30" for number in entry.articles if number not in ARTICLE_NUMBERS)
    yield from (
        f'"{code}" is not an NTEE-CC code (a letter and two digits)' for code in entry.ntee if not _NTEE_CODE.fullmatch(code)
    )
    lists = (entry.broader, entry.ntee, entry.articles, *entry.synonyms.values())
    yield from (f"{list(values)} contains a value twice" for values in lists if len(set(values)) < len(values))


def _refuse_cycles(path: Path, terms: Mapping[str, _TermRow]) -> None:
    remaining = {slug: set(entry.broader) for slug, entry in terms.items()}
    while roots := {slug for slug, broader in remaining.items() if not broader}:
        remaining = {slug: broader - roots for slug, broader in remaining.items() if slug not in roots}
    if remaining:
        _refuse_file(path, ", ".join(sorted(remaining)), "the broader terms form a cycle")


def _refuse_undeclared_sharing(path: Path, phrases: Mapping[str, tuple[str, ...]], declared: set[str]) -> None:
    shared = {phrase for phrase, slugs in phrases.items() if len(slugs) > 1}
    for phrase in sorted(shared - declared):
        slugs = " and ".join(phrases[phrase])
        _refuse_file(path, slugs, f'both have the phrase "{phrase}"; remove it from one, or list it under "shared"')
    for phrase in sorted(declared - shared):
        _refuse_file(path, "shared", f'"{phrase}" does not belong to several terms')


def _refuse_file(path: Path, where: str, problem: str) -> NoReturn:
    raise BadInput(f"{path.name}, {where}: {problem}.", file=path.name, term=where)


ISSUE_AREAS = load_vocabulary(DATA / "issue_areas.toml", IssueAreaTerm)
COMMUNITIES = load_vocabulary(DATA / "communities.toml", CommunityTerm)
WORK_AREAS = load_vocabulary(DATA / "work_areas.toml", WorkAreaTerm)
LANGUAGES = load_vocabulary(DATA / "languages.toml", LanguageTerm)
ARTICLES = load_articles(DATA / "instruments.toml")
for _community in COMMUNITIES:
    if _community.issue_area is not None:
        ISSUE_AREAS.require(_community.issue_area)
