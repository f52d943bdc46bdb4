"""IssueArea: what organizations work on, from broad to narrow."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from directory.question import Page
from directory.search.search_result import SearchResult
from directory.text import fold
from directory.vocabulary.terms import ISSUE_AREAS, Term
from schema.context import Info
from schema.fields import COMPUTED_POINTS, COUNT_POINTS, LABEL_POINTS, PAGE_SIZE, READ_POINTS, attribute_field, computed_field
from schema.types.global_ids import GlobalId, Node
from schema.types.organization_filter import (
    POINTS_PER_WORD,
    SEARCH_POINTS,
    FilterArgument,
    OrderByArgument,
    TextArgument,
    build_question,
    narrow_to_issue_area,
)
from schema.types.pagination import AfterArgument, BeforeArgument, FirstArgument, LastArgument, ListPage, PageInfo, paginate
from schema.types.terms import resolve_label

if TYPE_CHECKING:
    from schema.types.organization_connection import OrganizationConnection


def _resolve_id(root: Term) -> str:
    return str(GlobalId("IssueArea", root.slug))


SynonymLanguageArgument = Annotated[str | None, strawberry.argument(description="A BCP 47 tag; every language unless given.")]


def _resolve_synonyms(root: Term, language: SynonymLanguageArgument = None) -> list[str]:
    if language is not None:
        return list(root.synonyms.get(language) or root.synonyms.get(language.partition("-")[0], ()))
    return [synonym for synonyms in root.synonyms.values() for synonym in synonyms]


def _resolve_broader(root: Term) -> list[Term]:
    return [ISSUE_AREAS.require(slug) for slug in root.broader]


def _resolve_narrower(root: Term) -> list[Term]:
    return [ISSUE_AREAS.require(slug) for slug in ISSUE_AREAS.narrower_slugs(root.slug)]


def _resolve_ntee_codes(root: Term) -> tuple[str, ...]:
    return root.ntee


def _resolve_organization_count(root: Term, info: Info) -> int:
    return info.context.snapshot.count_term("issue_areas", root.slug)


def _resolve_organizations(
    root: Term,
    info: Info,
    query: TextArgument = None,
    organization_filter: FilterArgument = None,
    order_by: OrderByArgument = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> SearchResult:
    snapshot = info.context.snapshot
    whole = build_question(snapshot, query, organization_filter, order_by, Page(first, after, last, before))
    return snapshot.find(narrow_to_issue_area(whole, root.slug))


@strawberry.type(description="What an organization works on. A term stands for everything narrower too.")
class IssueArea(Node):
    id: strawberry.ID = computed_field(_resolve_id, "Opaque and stable.", cost=COMPUTED_POINTS)
    slug: str = attribute_field("What filters name it by.")
    label: str = computed_field(resolve_label, "What people read.", cost=LABEL_POINTS)
    synonyms: list[str] = computed_field(_resolve_synonyms, "Other words that lead to it.", cost=COMPUTED_POINTS, length=23)
    definition: str | None = attribute_field("What is meant by it, in a sentence.")
    broader: list["IssueArea"] = computed_field(
        _resolve_broader, "The terms directly above; there may be several.", cost=COMPUTED_POINTS, length=1
    )
    narrower: list["IssueArea"] = computed_field(_resolve_narrower, "The terms directly below.", cost=COMPUTED_POINTS, length=3)
    ntee_codes: list[str] = computed_field(
        _resolve_ntee_codes,
        "The codes of the National Taxonomy of Exempt Entities (NTEE-CC) that lead to it.",
        cost=COMPUTED_POINTS,
        length=3,
    )
    organization_count: int = computed_field(
        _resolve_organization_count, "How many active members work on it or on something narrower.", cost=COUNT_POINTS
    )
    organizations: Annotated["OrganizationConnection", strawberry.lazy("schema.types.organization_connection")] | None = (
        computed_field(
            _resolve_organizations,
            "Organizations that work on it or on something narrower; null when refused.",
            cost=SEARCH_POINTS,
            size=PAGE_SIZE,
            words=POINTS_PER_WORD,
        )
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, Term)


@strawberry.type(description="One issue area of a page.")
class IssueAreaEdge:
    cursor: str = attribute_field("Where it stands in the list.")
    node: IssueArea = attribute_field("The issue area.")


@strawberry.type(description="A page of issue areas, by slug.")
class IssueAreaConnection:
    edges: list[IssueAreaEdge] = attribute_field("The issue areas with their cursors.", paged=True)
    nodes: list[IssueArea] = attribute_field("The issue areas alone.", cost=READ_POINTS, paged=True)
    page_info: PageInfo = attribute_field("Where the page ends, and whether there is more.")
    total_count: int = attribute_field("How many there are on all pages.")


def list_issue_areas(query: str | None, broader: str | None, page: Page) -> ListPage[Term]:
    """Those whose label or a synonym begins, word for word, with the words of `query`. Raises UnknownTerm and BadCursor."""
    slugs = ISSUE_AREAS.closure(broader) - {broader} if broader is not None else frozenset(ISSUE_AREAS.terms)
    words = split_distinct_words(query)
    if words:
        slugs &= {
            slug
            for phrase, leads in ISSUE_AREAS.phrases().items()
            if has_words_beginning_with(phrase.split(), words)
            for slug in leads
        }
    found = [ISSUE_AREAS.require(slug) for slug in sorted(slugs)]
    return paginate(found, _get_slug, page, "issueAreas", words, broader)


def split_distinct_words(query: str | None) -> list[str]:
    """The folded words of a query, each once; [] for none."""
    return list(dict.fromkeys(fold(query).split())) if query else []


def has_words_beginning_with(phrase: list[str], words: list[str]) -> bool:
    """Whether every one of the folded words begins one of the phrase."""
    return all(any(part.startswith(word) for part in phrase) for word in words)


def _get_slug(term: Term) -> str:
    return term.slug
