"""The field `organizations`: its arguments, their conversion to a Question, and the search."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from functools import partial
from typing import Annotated, Any

import msgspec
import strawberry
from strawberry.types.lazy_type import LazyType

from directory.errors import BadInput
from directory.filters.query_strings import parse_query_string
from directory.question import Filter, Page, Question, SortOrder, combine_questions
from directory.search.search_result import SearchResult
from directory.search.snapshot import Snapshot
from directory.understanding.understand import Understanding, understand
from directory.vocabulary.region_files import Region
from directory.vocabulary.terms import Term
from schema.context import Info
from schema.fields import PAGE_SIZE, Dependence, InputPrice, computed_field
from schema.types.condition_prices import FILTER_PRICE, SEARCH_PRICE, WORDS_PRICE
from schema.types.enums import OrderDirection
from schema.types.near_filter import find_organization_origin
from schema.types.organization_filter import OrganizationFilter, OrganizationOrder, build_conditions
from schema.types.pagination import AfterArgument, BeforeArgument, FirstArgument, LastArgument

SEARCH_POINTS, SEARCH_POINTS_PER_THOUSAND = 3.0, 0.25  # a search; the fields of its result are priced separately
POINTS_PER_WORD = {"query": 7.0}

TextArgument = Annotated[
    str | None,
    strawberry.argument(
        description="Words to search for. All must match, directly or as a synonym of a term. "
        'Put a phrase in quotes: "fair housing". At most 500 characters.'
    ),
]
WordsArgument = Annotated[
    str | None,
    strawberry.argument(
        description='A search in plain words, in English or Spanish, such as "who works on evictions near Atlanta". It is '
        "understood as `understand` does; the field `understanding` says how. Conditions of other arguments apply too. "
        "At most 500 characters."
    ),
]
SearchArgument = Annotated[
    str | None,
    strawberry.argument(
        description='A search as a query string, such as "issue=housing&region=US-GA": the form that `understand`, `suggest` and '
        "`relaxations` return and that addresses of pages use. At most 8,000 characters."
    ),
]
FilterArgument = Annotated[
    OrganizationFilter | None,
    strawberry.argument(name="filter", description="Which organizations to return. Without it, all active members."),
]
OrderByArgument = Annotated[
    OrganizationOrder | None, strawberry.argument(description="The order of the results. Without it, by relevance.")
]

# A name instead of an import: OrganizationConnection contains IssueArea and Region, which contain it.
_CONNECTION_TYPE = LazyType[Any, Any]("OrganizationConnection", "schema.types.organization_connection") | None


def organizations_field(description: str) -> Any:
    """Declare the field of the root, which also understands words and query strings."""

    def resolve_organizations(
        info: Info,
        query: TextArgument = None,
        words: WordsArgument = None,
        search: SearchArgument = None,
        organization_filter: FilterArgument = None,
        order_by: OrderByArgument = None,
        first: FirstArgument = None,
        after: AfterArgument = None,
        last: LastArgument = None,
        before: BeforeArgument = None,
    ) -> SearchResult:
        snapshot, page = info.context.snapshot, Page(first, after, last, before)
        understanding = _understand(words, snapshot) if words and not words.isspace() else None
        others = [understanding.question] if understanding else []
        others += [parse_query_string(search, partial(find_organization_origin, snapshot))] if search else []
        if others:
            own = build_question(snapshot, query, organization_filter, None, Page())
            question = _combine(own, others, organization_filter, order_by, page)
        else:
            question = build_question(snapshot, query, organization_filter, order_by, page)
        with _name_argument("words" if understanding and not query else "query"):
            result = snapshot.find(question, info.context.now.date())
        return _attach_understanding(result, understanding) if understanding else result

    return _declare_search(resolve_organizations, description, words=WORDS_PRICE, search=SEARCH_PRICE)


def narrowed_organizations_field(description: str, narrow: Callable[[Question, Any], Question]) -> Any:
    """Declare a field that runs a search limited to the record that has the field. `narrow` limits the question."""

    def resolve_organizations(
        root: Any,
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
        question = build_question(snapshot, query, organization_filter, order_by, Page(first, after, last, before))
        return snapshot.find(narrow(question, root), info.context.now.date())

    return _declare_search(resolve_organizations, description)


def _declare_search(resolver: Callable[..., SearchResult], description: str, **prices: InputPrice) -> Any:
    """Declare a field that returns an OrganizationConnection; null if the search is refused. `prices` are those of arguments."""
    return computed_field(
        resolver,
        description,
        cost=SEARCH_POINTS,
        size=PAGE_SIZE,
        points_per_word=POINTS_PER_WORD,
        points_by_input={"filter": FILTER_PRICE, **prices},
        points_per_thousand=SEARCH_POINTS_PER_THOUSAND,
        graphql_type=_CONNECTION_TYPE,
        depends_on=Dependence.REQUEST,
        keeps=_consists_of_choices,
    )


def _consists_of_choices(result: SearchResult) -> bool:
    return result.understanding is None and result.question.consists_of_choices


def build_question(
    snapshot: Snapshot,
    query: str | None,
    organization_filter: OrganizationFilter | None,
    order: OrganizationOrder | None,
    page: Page,
) -> Question:
    """Convert the arguments of a search to a Question. `snapshot` locates the organization of `near`.

    Raises BadInput or one of its subclasses.
    """
    conditions = build_conditions(organization_filter, snapshot) if organization_filter else {}
    return Question(text=query or "", order=_build_order(order) if order else SortOrder(), page=page, **conditions)


def build_unordered_question(
    snapshot: Snapshot, query: str | None, search: str | None, organization_filter: OrganizationFilter | None
) -> Question:
    """Return the question whose conditions are those of these arguments together. Raises BadInput or one of its subclasses."""
    own = build_question(snapshot, query, organization_filter, None, Page())
    if not search:
        return own
    parsed = parse_query_string(search, partial(find_organization_origin, snapshot))
    return msgspec.structs.replace(_combine(own, [parsed], organization_filter, None, Page()), order=SortOrder())


def _build_order(order: OrganizationOrder) -> SortOrder:
    return SortOrder(order.field, order.direction is OrderDirection.DESCENDING)


def _combine(
    own: Question,
    others: Sequence[Question],
    organization_filter: OrganizationFilter | None,
    order: OrganizationOrder | None,
    page: Page,
) -> Question:
    """Return the question whose conditions are those of all arguments. Without `orderBy`, the first other order applies."""
    orders = (one.order for one in others if one.order != SortOrder())
    sort_order = _build_order(order) if order else next(orders, SortOrder())
    combined = combine_questions([own, *others], sort_order, page)
    if organization_filter is None or not organization_filter.membership:
        return combined
    stated = Filter(membership=own.membership)  # even ACTIVE, which would otherwise give way to the status of another question
    return msgspec.structs.replace(combined, clauses=(*combined.clauses, (stated,)))


def _understand(words: str, snapshot: Snapshot) -> Understanding:
    with _name_argument("words"):
        return understand(words, snapshot)


@contextmanager
def _name_argument(argument: str) -> Iterator[None]:
    """Let the refusal of a search text name the argument that the text comes from."""
    try:
        yield
    except BadInput as refusal:
        if argument != "query" and refusal.params.get("argument") == "query":
            raise BadInput(refusal.user_message, **{**refusal.params, "argument": argument}) from refusal
        raise


def _attach_understanding(result: SearchResult, understanding: Understanding) -> SearchResult:
    own = copy(result)  # the result may be one that other requests share
    understanding.is_located = result.question.origin is not None
    own.understanding = understanding
    return own


def narrow_to_issue_area(original: Question, issue_area: Term) -> Question:
    """Return the same question, limited to organizations that work on this issue area."""
    terms = original.issue_areas
    narrowed = msgspec.structs.replace(terms, all_of=(*terms.all_of, issue_area.slug))
    return msgspec.structs.replace(original, issue_areas=narrowed)


def narrow_to_region(original: Question, region: Region) -> Question:
    """Return the same question, limited to this region. Raises BadInput if it already names regions."""
    if original.regions.any_of:
        raise BadInput(
            "Remove `regions.anyOf` from the filter: inside a region, the search is already limited to it.", argument="filter"
        )
    return msgspec.structs.replace(original, regions=msgspec.structs.replace(original.regions, any_of=(region.code,)))
