"""Issue areas, communities, work areas and languages: the words an organization is described and found by.

Each vocabulary is a file of directory/vocabulary/data, checked when it is loaded: whoever imports this module has sound ones.
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
from directory.slugs import is_slug
from directory.text import fold

DATA = Path(__file__).with_name("data")
LABEL_LANGUAGES = ("en", "es")  # every label is there in these
ARTICLE_NUMBERS = range(1, 31)  # the Universal Declaration of Human Rights
SUGGESTION_LIMIT = 5
SUGGESTION_CUTOFF = 65  # rapidfuzz's ratio, 0 to 100, from which a known phrase is suggested for an unknown one
SUGGESTION_MARGIN = 15  # points behind the likest from which nothing more is suggested
MAX_SUGGESTION_QUERY_LENGTH = 80  # characters; a longer value is no misspelling of a term

_NTEE_CODE = re.compile(r"[A-Z][0-9]{2}")
T = TypeVar("T")


class Term(Struct, frozen=True):
    """One term. `disclosure` is the strictest that its organizations' places are told by, unless they decide otherwise."""

    slug: str
    labels: dict[str, str]  # by language; "en" and "es" are always there
    synonyms: dict[str, tuple[str, ...]]  # by language; one may be absent
    definition: str | None
    broader: tuple[str, ...]  # slugs
    ntee: tuple[str, ...]  # NTEE-CC codes, three characters
    articles: tuple[int, ...]  # of the Universal Declaration of Human Rights, 1 to 30
    disclosure: Disclosure | None  # its own; Vocabulary.disclosure counts the broader ones in

    def label(self, language: str = "en") -> str:
        """In that language ("es-MX" is served by "es"), or in English where there is none."""
        return self.labels.get(language) or self.labels.get(language.partition("-")[0]) or self.labels["en"]


class Article(Struct, frozen=True):
    """One article of the Universal Declaration of Human Rights and what it is about, in our words, by language."""

    number: int
    subjects: dict[str, str]

    def subject(self, language: str = "en") -> str:
        return self.subjects.get(language) or self.subjects.get(language.partition("-")[0]) or self.subjects["en"]


class Vocabulary:
    """One facet: its terms and how they hang together. Immutable. Iterates over its terms in the order of their file."""

    def __init__(self, name: str, terms: Iterable[Term], *, slugs_are_words: bool = True) -> None:
        """The terms must be sound: `load` checks them. `slugs_are_words`: people may type a slug as a phrase."""
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
        """The term; raises UnknownTerm, which suggests the nearest ones."""
        return self.terms.get(slug) or self._raise_unknown_term(slug)

    def narrower_slugs(self, slug: str) -> tuple[str, ...]:
        """The terms directly below; () for none. Raises UnknownTerm."""
        return self._narrower_slugs.get(self.require(slug).slug, ())

    def closure(self, slug: str) -> frozenset[str]:
        """The term and everything narrower, however far below. Raises UnknownTerm."""
        return self._descendants[self.require(slug).slug] | {slug}

    def ancestors(self, slug: str) -> frozenset[str]:
        """Everything broader, however far above, without the term itself. Raises UnknownTerm."""
        return self._ancestors[self.require(slug).slug]

    def strictest_disclosure(self, slugs: Iterable[str]) -> Disclosure | None:
        """The strictest default of these terms and of everything broader; None where none sets one. Raises UnknownTerm."""
        strictest: Disclosure | None = None
        for term in {above for slug in slugs for above in (slug, *self.ancestors(slug))}:
            if default := self.terms[term].disclosure:
                strictest = stricter_disclosure(strictest, default) if strictest else default
        return strictest

    def phrases(self) -> Mapping[str, tuple[str, ...]]:
        """Every folded label, synonym and slug (unless slugs are codes), with the slugs it leads to, best first."""
        return self._phrases

    def find(self, words: str) -> tuple[Term, ...]:
        """The terms whose slug, label or synonym in any language these words are, once folded; best first, () for none."""
        coded = [self.terms[words]] if words in self.terms else []
        spoken = [self.terms[slug] for slug in self._phrases.get(fold(words), ()) if slug != words]
        return (*coded, *spoken)

    def suggest(self, words: str, limit: int = SUGGESTION_LIMIT) -> tuple[str, ...]:
        """Slugs of the terms that are spelled most like these words, nearest first; () where none is near."""
        if len(words) > MAX_SUGGESTION_QUERY_LENGTH:
            return ()
        near = process.extract(
            fold(words), self._phrases.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=SUGGESTION_CUTOFF, limit=None
        )
        near.sort(key=lambda found: (-found[1], found[2]))
        likest = [phrase for phrase, likeness, _ in near if likeness > near[0][1] - SUGGESTION_MARGIN]
        slugs = dict.fromkeys(slug for phrase in likest for slug in self._phrases[phrase])
        return tuple(slugs)[:limit]

    def _raise_unknown_term(self, slug: str) -> NoReturn:
        shown = slug if len(slug) <= MAX_SUGGESTION_QUERY_LENGTH else slug[:MAX_SUGGESTION_QUERY_LENGTH] + "…"
        raise UnknownTerm(
            f'There is no {self.name} "{shown}".',
            suggest=partial(self.suggest, slug),
            advice=f"Choose one of the {len(self)} that are listed.",
            vocabulary=self.name,
            value=shown,
        )


def _invert(links: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    back: dict[str, list[str]] = {slug: [] for slug in links}
    for slug, others in links.items():
        for other in others:
            back[other].append(slug)
    return {slug: tuple(others) for slug, others in back.items()}


def _find_reachable(links: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    @cache
    def beyond(slug: str) -> frozenset[str]:
        return frozenset(links[slug]).union(*(beyond(other) for other in links[slug]))

    return {slug: beyond(slug) for slug in links}


def _collect_phrases(terms: Iterable[Term], slugs_are_words: bool) -> dict[str, tuple[str, ...]]:
    ranked: list[tuple[int, str, str]] = []  # slugs before labels before synonyms
    for term in terms:
        ranked += [(0, term.slug, term.slug)] if slugs_are_words else []
        ranked += [(1, label, term.slug) for label in term.labels.values()]
        ranked += [(2, synonym, term.slug) for synonyms in term.synonyms.values() for synonym in synonyms]
    leads: dict[str, dict[str, None]] = {}
    for _, phrase, slug in sorted(ranked, key=lambda entry: entry[0]):
        leads.setdefault(fold(phrase), {})[slug] = None
    return {phrase: tuple(slugs) for phrase, slugs in leads.items()}


# ---------------------------------------------------------------- files


class _TermRow(Struct, frozen=True, forbid_unknown_fields=True):
    label: dict[str, str]
    synonyms: dict[str, tuple[str, ...]] = {}
    definition: str | None = None
    broader: tuple[str, ...] = ()
    ntee: tuple[str, ...] = ()
    articles: tuple[int, ...] = ()
    disclosure: Disclosure | None = None


class _VocabularyFile(Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    terms: dict[str, _TermRow]
    shared: tuple[str, ...] = ()  # the phrases that are meant to lead to several terms
    slugs_are_words: bool = True


class _InstrumentsFile(Struct, frozen=True, forbid_unknown_fields=True):
    udhr: dict[str, dict[str, str]]


def load_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary in that TOML file. Raises BadInput that names the file, the term and what is wrong with it."""
    file = _read_toml(path, _VocabularyFile)
    for slug, entry in file.terms.items():
        for problem in _find_problems(slug, entry, file.terms):
            _refuse_file(path, slug, problem)
    _refuse_cycles(path, file.terms)
    vocabulary = Vocabulary(file.name, (_build_term(*item) for item in file.terms.items()), slugs_are_words=file.slugs_are_words)
    _refuse_undeclared_sharing(path, vocabulary.phrases(), {fold(phrase) for phrase in file.shared})
    return vocabulary


def load_articles(path: Path) -> Mapping[int, Article]:
    """The articles 1 to 30 in that TOML file, by number. Raises BadInput that names the file and the article."""
    subjects = _read_toml(path, _InstrumentsFile).udhr
    for number in {str(number) for number in ARTICLE_NUMBERS} ^ subjects.keys():
        _refuse_file(path, f"article {number}", "must be there once, and the articles are 1 to 30")
    for number, subject in subjects.items():
        if not all(subject.get(language, "").strip() for language in LABEL_LANGUAGES):
            _refuse_file(path, f"article {number}", "needs its subject in en and es")
    return MappingProxyType({number: Article(number, subjects[str(number)]) for number in ARTICLE_NUMBERS})


def _read_toml(path: Path, shape: type[T]) -> T:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=shape)
    except (msgspec.MsgspecError, ValueError) as problem:
        raise BadInput(f"{path.name} is no vocabulary file: {problem}.", file=path.name) from problem


def _build_term(slug: str, entry: _TermRow) -> Term:
    fields: dict[str, Any] = {name: getattr(entry, name) for name in ("synonyms", "definition", "broader", "ntee", "articles")}
    return Term(slug=slug, labels=entry.label, disclosure=entry.disclosure, **fields)


def _find_problems(slug: str, entry: _TermRow, terms: Mapping[str, _TermRow]) -> Iterator[str]:
    if not is_slug(slug):
        yield "a slug is lower-case letters and digits, joined by single hyphens"
    yield from (f'needs a label in "{language}"' for language in LABEL_LANGUAGES if not entry.label.get(language))
    spoken = [*entry.label.values(), *(phrase for phrases in entry.synonyms.values() for phrase in phrases)]
    yield from (f'"{phrase}" is no phrase: it has no letter or digit' for phrase in spoken if not fold(phrase))
    yield from (f'its broader term "{other}" is not in the file' for other in entry.broader if other not in terms)
    yield from (f"{number} is no article: they are 1 to 30" for number in entry.articles if number not in ARTICLE_NUMBERS)
    yield from (
        f'"{code}" is no NTEE-CC code of a letter and two digits' for code in entry.ntee if not _NTEE_CODE.fullmatch(code)
    )
    lists = (entry.broader, entry.ntee, entry.articles, *entry.synonyms.values())
    yield from (f"{list(values)} names something twice" for values in lists if len(set(values)) < len(values))


def _refuse_cycles(path: Path, terms: Mapping[str, _TermRow]) -> None:
    left = {slug: set(entry.broader) for slug, entry in terms.items()}
    while free := {slug for slug, broader in left.items() if not broader}:
        left = {slug: broader - free for slug, broader in left.items() if slug not in free}
    if left:
        _refuse_file(path, ", ".join(sorted(left)), "broader terms lead in a circle")


def _refuse_undeclared_sharing(path: Path, phrases: Mapping[str, tuple[str, ...]], meant: set[str]) -> None:
    shared = {phrase for phrase, slugs in phrases.items() if len(slugs) > 1}
    for phrase in sorted(shared - meant):
        _refuse_file(path, " and ".join(phrases[phrase]), f'both claim "{phrase}"; take it from one, or list it under "shared"')
    for phrase in sorted(meant - shared):
        _refuse_file(path, "shared", f'"{phrase}" does not lead to several terms')


def _refuse_file(path: Path, where: str, problem: str) -> NoReturn:
    raise BadInput(f"{path.name}, {where}: {problem}.", file=path.name, term=where)


ISSUE_AREAS = load_vocabulary(DATA / "issue_areas.toml")
COMMUNITIES = load_vocabulary(DATA / "communities.toml")
WORK_AREAS = load_vocabulary(DATA / "work_areas.toml")
LANGUAGES = load_vocabulary(DATA / "languages.toml")
ARTICLES = load_articles(DATA / "instruments.toml")
