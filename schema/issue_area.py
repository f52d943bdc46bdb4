"""IssueArea: what organizations work on, from broad to narrow."""

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from directory.question import Page
from directory.search.found import Found
from directory.text import fold
from directory.vocabulary import ISSUE_AREAS, Term
from schema.connection import After, Before, First, Last, Listing, PageInfo, listing
from schema.context import Info
from schema.fields import COMPUTED, COUNT, LABEL, PAGE, READ, attribute, computed
from schema.filters import SEARCH, WORDS, Filter, OrderBy, Text, question, with_issue_area
from schema.ids import GlobalId
from schema.node import Node
from schema.terms import label

if TYPE_CHECKING:
    from schema.organizations import OrganizationConnection


def _id(root: Term) -> str:
    return str(GlobalId("IssueArea", root.slug))


SynonymLanguage = Annotated[str | None, strawberry.argument(description="A BCP 47 tag; every language unless given.")]


def _synonyms(root: Term, language: SynonymLanguage = None) -> list[str]:
    if language is not None:
        return list(root.synonyms.get(language) or root.synonyms.get(language.partition("-")[0], ()))
    return [synonym for synonyms in root.synonyms.values() for synonym in synonyms]


def _broader(root: Term) -> list[Term]:
    return [ISSUE_AREAS.require(slug) for slug in root.broader]


def _narrower(root: Term) -> list[Term]:
    return [ISSUE_AREAS.require(slug) for slug in ISSUE_AREAS.narrower(root.slug)]


def _ntee_codes(root: Term) -> tuple[str, ...]:
    return root.ntee


def _count(root: Term, info: Info) -> int:
    return info.context.snapshot.count_term("issue_areas", root.slug)


def _organizations(
    root: Term,
    info: Info,
    query: Text = None,
    chosen: Filter = None,
    order_by: OrderBy = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Found:
    snapshot = info.context.snapshot
    whole = question(snapshot, query, chosen, order_by, Page(first, after, last, before))
    return snapshot.find(with_issue_area(whole, root.slug))


@strawberry.type(description="What an organization works on. A term stands for everything narrower too.")
class IssueArea(Node):
    id: strawberry.ID = computed(_id, "Opaque and stable.", cost=COMPUTED)
    slug: str = attribute("What filters name it by.")
    label: str = computed(label, "What people read.", cost=LABEL)
    synonyms: list[str] = computed(_synonyms, "Other words that lead to it.", cost=COMPUTED, length=23)
    definition: str | None = attribute("What is meant by it, in a sentence.")
    broader: list["IssueArea"] = computed(_broader, "The terms directly above; there may be several.", cost=COMPUTED, length=1)
    narrower: list["IssueArea"] = computed(_narrower, "The terms directly below.", cost=COMPUTED, length=3)
    ntee_codes: list[str] = computed(
        _ntee_codes, "The codes of the National Taxonomy of Exempt Entities (NTEE-CC) that lead to it.", cost=COMPUTED, length=3
    )
    organization_count: int = computed(_count, "How many active members work on it or on something narrower.", cost=COUNT)
    organizations: Annotated["OrganizationConnection", strawberry.lazy("schema.organizations")] | None = computed(
        _organizations,
        "Organizations that work on it or on something narrower; null when refused.",
        cost=SEARCH,
        size=PAGE,
        words=WORDS,
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, Term)


@strawberry.type(description="One issue area of a page.")
class IssueAreaEdge:
    cursor: str = attribute("Where it stands in the list.")
    node: IssueArea = attribute("The issue area.")


@strawberry.type(description="A page of issue areas, by slug.")
class IssueAreaConnection:
    edges: list[IssueAreaEdge] = attribute("The issue areas with their cursors.", paged=True)
    nodes: list[IssueArea] = attribute("The issue areas alone.", cost=READ, paged=True)
    page_info: PageInfo = attribute("Where the page ends, and whether there is more.")
    total_count: int = attribute("How many there are on all pages.")


def issue_areas(query: str | None, broader: str | None, page: Page) -> Listing[Term]:
    """Those whose label or a synonym begins, word for word, with the words of `query`. Raises UnknownTerm and BadCursor."""
    slugs = ISSUE_AREAS.closure(broader) - {broader} if broader is not None else frozenset(ISSUE_AREAS.terms)
    words = distinct_words(query)
    if words:
        slugs &= {slug for phrase, leads in ISSUE_AREAS.phrases().items() if begins(phrase.split(), words) for slug in leads}
    found = [ISSUE_AREAS.require(slug) for slug in sorted(slugs)]
    return listing(found, _slug, page, "issueAreas", words, broader)


def distinct_words(query: str | None) -> list[str]:
    """The folded words of a query, each once; [] for none."""
    return list(dict.fromkeys(fold(query).split())) if query else []


def begins(phrase: list[str], words: list[str]) -> bool:
    """Whether every one of the folded words begins one of the phrase."""
    return all(any(part.startswith(word) for part in phrase) for word in words)


def _slug(term: Term) -> str:
    return term.slug
