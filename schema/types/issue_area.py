"""IssueArea: the hierarchy of topics that organizations work on."""

from typing import Annotated, Any

import strawberry

from directory.question import Filter, Page, TermFilter
from directory.question.record_question import RecordQuestion
from directory.records import PublishedRecord, RecordKind
from directory.text import split_distinct_words
from directory.vocabulary.terms import ISSUE_AREAS, IssueAreaTerm, Term
from schema.context import Info
from schema.fields import (
    COMPUTED_POINTS,
    COUNT_POINTS,
    LABEL_POINTS,
    READ_POINTS,
    Dependence,
    ListSize,
    attribute_field,
    computed_field,
)
from schema.types.global_ids import Node
from schema.types.organizations_field import narrow_to_issue_area, narrowed_organizations_field
from schema.types.pagination import FirstArgument, ListPage, PageInfo, paginate
from schema.types.terms import resolve_broader, resolve_definition, resolve_id, resolve_label, resolve_narrower, resolve_synonyms


def _resolve_ntee_codes(root: Term) -> tuple[str, ...]:
    return root.ntee


def _resolve_provisions(root: Term, info: Info, first: FirstArgument = None) -> list[PublishedRecord]:
    conditions = Filter(issue_areas=TermFilter(any_of=(root.slug,)))
    question = RecordQuestion(kind=RecordKind.PROVISION, conditions=conditions, page=Page(first=first))
    return info.context.snapshot.find_records(question).nodes


def _resolve_organization_count(root: Term, info: Info) -> int:
    return info.context.snapshot.count_term("issue_areas", root.slug)


@strawberry.type(description="A topic that organizations work on. An issue area includes all narrower ones.")
class IssueArea(Node):
    id: strawberry.ID = computed_field(resolve_id, "An opaque id that does not change.", cost=COMPUTED_POINTS)
    slug: str = attribute_field("The key used in filters.")
    label: str = computed_field(resolve_label, "The name to display.", cost=LABEL_POINTS)
    synonyms: list[str] = computed_field(
        resolve_synonyms, "Other words that a search recognizes as this issue area.", cost=COMPUTED_POINTS, length=23
    )
    definition: str | None = computed_field(resolve_definition, "What the issue area covers, in one sentence.", cost=LABEL_POINTS)
    broader: list["IssueArea"] = computed_field(
        resolve_broader, "The issue areas one level up. There can be more than one.", cost=COMPUTED_POINTS, length=1
    )
    narrower: list["IssueArea"] = computed_field(
        resolve_narrower, "The issue areas one level down.", cost=COMPUTED_POINTS, length=3
    )
    ntee_codes: list[str] = computed_field(
        _resolve_ntee_codes,
        "The codes of the National Taxonomy of Exempt Entities (NTEE-CC) that map to this issue area.",
        cost=COMPUTED_POINTS,
        length=3,
    )
    provisions: list[Annotated["Provision", strawberry.lazy("schema.types.instrument")]] = computed_field(  # type: ignore[name-defined]  # noqa: F821
        _resolve_provisions,
        "The articles and recommendations about this issue area or a narrower one.",
        cost=4,
        size=ListSize(("first",), 20, 100),
    )
    organization_count: int = computed_field(
        _resolve_organization_count,
        "The number of active members that work on this issue area or a narrower one.",
        cost=COUNT_POINTS,
        depends_on=Dependence.SNAPSHOT,
    )
    organizations: Any = narrowed_organizations_field(
        "Search organizations that work on this issue area or a narrower one.", narrow_to_issue_area
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, IssueAreaTerm)


@strawberry.type(description="One issue area on a page, with its cursor.")
class IssueAreaEdge:
    cursor: str = attribute_field("The position of the issue area in the list.")
    node: IssueArea = attribute_field("The issue area.")


@strawberry.type(description="A page of issue areas, ordered by slug.")
class IssueAreaConnection:
    edges: list[IssueAreaEdge] = attribute_field("The issue areas with their cursors.", is_page=True)
    nodes: list[IssueArea] = attribute_field("The issue areas without their cursors.", cost=READ_POINTS, is_page=True)
    page_info: PageInfo = attribute_field("The cursors of the page, and whether there are more pages.")
    total_count: int = attribute_field("The number of issue areas on all pages.")


def list_issue_areas(query: str | None, broader: str | None, page: Page) -> ListPage[Term]:
    """Return the issue areas with a label or synonym that has all words of `query`, or words that begin with them.

    `broader` limits them to those below an issue area. Raises UnknownTerm and BadCursor.
    """
    slugs = ISSUE_AREAS.closure(broader) - {broader} if broader is not None else frozenset(ISSUE_AREAS.terms)
    words = split_distinct_words(query)
    if words:
        slugs &= {
            slug
            for phrase, phrase_slugs in ISSUE_AREAS.phrases().items()
            if _has_words_beginning_with(phrase.split(), words)
            for slug in phrase_slugs
        }
    terms = [ISSUE_AREAS.require(slug) for slug in sorted(slugs)]
    return paginate(terms, _get_slug, page, "issueAreas", words, broader)


def _has_words_beginning_with(phrase: list[str], words: list[str]) -> bool:
    """Return whether each of the folded words is the beginning of a word of the phrase."""
    return all(any(part.startswith(word) for part in phrase) for word in words)


def _get_slug(term: Term) -> str:
    return term.slug
