"""The communities, ways of working and languages of an organization that were asked for. Issue areas are part of every result."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct

from directory.filters.labels import lower_first_letter
from directory.vocabulary.terms import COMMUNITIES, LANGUAGES, WORK_AREAS, Vocabulary
from web.pages.languages import Language, mark
from web.pages.page import PageRequest
from web.pages.search.search_form import CLAUSE, Pair, SearchForm


class _Facet(Struct, frozen=True):
    """`key` is that of a search; `field` and `id_field` are those of the document, `text` stands before the terms."""

    key: str
    field: str
    variable: str
    id_field: str
    vocabulary: Vocabulary
    text: str


FACETS = (
    _Facet("community", "communities", "withCommunities", "slug", COMMUNITIES, mark("For")),
    _Facet("work", "workAreas", "withWorkAreas", "slug", WORK_AREAS, mark("How it works:")),
    _Facet("language", "languages", "withLanguages", "tag", LANGUAGES, mark("In these languages:")),
)


class MatchedTerms(Struct, frozen=True):
    """The labels of the terms of one facet that match, with the words before them: "For", "tenants"."""

    text: str
    labels: tuple[str, ...]


def find_matched_terms(
    request: PageRequest, form: SearchForm, search: str, pairs: Iterable[Pair]
) -> Mapping[str, tuple[MatchedTerms, ...]]:
    """Return what matches by the slugs of the organizations on this page of the list; {} if the search asks for no such term.

    `search` is the search in the form that the API returns, and `pairs` are its pairs.
    """
    asked = _list_asked_terms(pairs)
    if not asked:
        return {}
    variables = {facet.variable: facet.key in asked for facet in FACETS}
    page = {name: value for name, value in form.build_variables().items() if name not in ("words", "search")}
    found = request.ask("matched_terms", search=search, **page, **variables).data.get("organizations")
    nodes = found["nodes"] if found else ()
    return {node["slug"]: tuple(_match_terms(node, asked, request.language)) for node in nodes}


def _list_asked_terms(pairs: Iterable[Pair]) -> Mapping[str, set[str]]:
    """Return the terms that a search asks for, by the keys of their facets. Those of alternatives are among them."""
    asked: dict[str, set[str]] = defaultdict(set)
    for key, value in _iter_pairs(pairs):
        facet = key.removesuffix(".all")
        if any(facet == one.key for one in FACETS):
            asked[facet].add(value)
    return asked


def _iter_pairs(pairs: Iterable[Pair]) -> Iterator[Pair]:
    for key, value in pairs:
        if key == CLAUSE:
            for alternative in value.split("|"):
                yield from _iter_pairs(parse_qsl(alternative))
        else:
            yield key, value


def _match_terms(node: Mapping[str, Any], asked: Mapping[str, set[str]], language: Language) -> Iterator[MatchedTerms]:
    for facet in FACETS:
        terms = asked.get(facet.key, set())
        labels = [
            lower_first_letter(term["label"], facet.field, language.code)
            for term in node.get(facet.field, ())
            if not terms.isdisjoint((term[facet.id_field], *facet.vocabulary.ancestors(term[facet.id_field])))
        ]
        if labels:
            yield MatchedTerms(language.gettext(facet.text), tuple(labels))
