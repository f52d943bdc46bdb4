"""Coalition plans: the smallest set of members that covers issue areas in regions, and why fewer are not enough."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

import strawberry

from directory.errors import BadInput
from directory.partners.plans import plan
from directory.partners.plans.plan_sentences import describe_certificate, describe_notes
from directory.partners.plans.request import (
    MAX_CELLS,
    MAX_LISTED,
    MAX_MEMBERS,
    MAX_PER_CELL,
    PlanRequest,
    parse_plan_line,
)
from directory.question import Nationwide, Page, RegionMatch
from directory.search.snapshot import Snapshot
from schema.context import Info
from schema.fields import COMPUTED_POINTS, Dependence, InputPrice, attribute_field, computed_field, input_field
from schema.types.condition_prices import (
    CONDITION_POINTS,
    SEARCH_PRICE,
    count_filter_conditions,
    count_query_string_conditions,
    count_sentence_words,
)
from schema.types.global_ids import parse_organization_id
from schema.types.near_filter import find_organization_origin
from schema.types.organization import Organization
from schema.types.organization_filter import OrganizationFilter
from schema.types.organizations_field import POINTS_PER_WORD, build_question
from schema.types.partner_enums import PlanProof
from schema.types.plan_cell import SENTENCE_POINTS, PlanCell, PlanGap
from schema.types.terms import LabelLanguageArgument

# The worker's time among them. Hard problems take longer; their actual time is charged (schema/execution/execute.py).
PLAN_POINTS, PLAN_POINTS_PER_THOUSAND = 300.0, 30.0
CELL, EXTRA_NEED, WORD = "issue area in a region", "member that it needs beyond the first", "word of the query"
CELL_POINTS = {CELL: (12.0, 0.15), EXTRA_NEED: (15.0, 0.1)}
WORD_POINTS = {WORD: (POINTS_PER_WORD["query"], 0.0)}
_LINE_KEYS = re.compile(r"(?:^|[?&])(issue|region)=")
_PER_CELL = re.compile(r"(?:^|&)per=(\d)")


@strawberry.input(description="A coalition to plan: each of the issue areas in each of the regions needs members.")
class CoalitionPlanInput:
    issue_areas: list[str] = input_field("Issue areas, by slug. Each includes everything narrower. At most 20.")
    regions: list[str] = input_field(
        f'Regions, by code, such as "US-GA". At most 60; issue areas times regions are at most {MAX_CELLS}.'
    )
    by: RegionMatch = input_field(
        "What counts: being located in the region, serving it, or either.", default=RegionMatch.LOCATED_OR_SERVING
    )
    nationwide: Nationwide = input_field(
        "Whether nationwide organizations count as serving a region.", default=Nationwide.EXCLUDE
    )
    include: list[strawberry.ID] | None = input_field(
        f"Organizations that are in every plan, at most {MAX_LISTED}. They need not match the filter.", default=None
    )
    exclude: list[strawberry.ID] | None = input_field(
        f"Organizations that are in no plan, such as those that said no. At most {MAX_LISTED}.", default=None
    )
    max_size: int | None = input_field(
        f"The largest number of members, 1 to {MAX_MEMBERS}. If it is too small, the plan covers as much as possible.",
        default=None,
    )
    per_cell: int = input_field(f"How many members each issue area needs in each region, 1 to {MAX_PER_CELL}.", default=1)
    query: str | None = input_field("Words that the other members must match, as in `organizations(query:)`.", default=None)
    filter: OrganizationFilter | None = input_field(
        "Which organizations may be in the plan. Without it, all active members.", default=None
    )


@strawberry.type(description="A member of a plan, and what it adds.")
class PlanMember:
    organization: Organization = attribute_field("The organization.")
    included: bool = computed_field(
        lambda root: root.is_included, "Whether it was to be included, so that it is in every plan.", cost=COMPUTED_POINTS
    )
    covers: list[PlanCell] = attribute_field("The cells of the plan that it covers.", length=6)
    covers_alone: list[PlanCell] = attribute_field("The cells that would have too few members without it.", length=3)
    adds: int = attribute_field("How many cells are complete with it and the members before it in the list, and not without it.")
    alternatives: list[Organization] = attribute_field(
        f"At most {plan.MAX_ALTERNATIVES} who could stand in for it: each covers all of `coversAlone`. Preferred ones first.",
        length=3,
    )
    search_without: str | None = computed_field(
        lambda root: root.line_without,
        "The plan without this member, for `coalitionPlan(search:)`: when it says no. Null if that line would be longer than "
        f"8,000 characters or exclude more than {MAX_LISTED} organizations.",
        cost=COMPUTED_POINTS,
    )


def _resolve_reason(root: plan.Plan, language: LabelLanguageArgument = "en") -> str:
    return describe_certificate(root, language)


@strawberry.type(
    description="Why a plan cannot be smaller, checked with integers and not taken from the solver. The cells of one candidate "
    "weigh at most `capacity` together, apart from an `excess` of all of them together. So at least "
    "(sum of weight x need - excess) / capacity members are needed beside the included ones, rounded up."
)
class PlanCertificate:
    optimal: bool = computed_field(
        lambda root: root.certificate.is_optimal,
        "Whether it is proven that no smaller plan covers as much. For a plan that `maxSize` limits: that no other plan of that "
        "size completes more cells.",
        cost=COMPUTED_POINTS,
    )
    lower_bound: int = computed_field(
        lambda root: root.certificate.lower_bound,
        "The number of members, included ones among them, that a plan without `maxSize` needs at least. This is proven.",
        cost=COMPUTED_POINTS,
    )
    proof: PlanProof = computed_field(lambda root: root.certificate.proof, "How the lower bound is proven.", cost=COMPUTED_POINTS)
    reason: str = computed_field(_resolve_reason, "Why fewer members are not enough, in words.", cost=SENTENCE_POINTS)
    cells: list[PlanCell] = computed_field(
        lambda root: root.certificate.cells,
        "The cells that together force the lower bound. Empty if all choices were ruled out one by one.",
        cost=COMPUTED_POINTS,
        length=10,
    )
    weights: list[int] = computed_field(
        lambda root: root.certificate.weights, "The weight of each of these cells.", cost=COMPUTED_POINTS, length=10
    )
    needs: list[int] = computed_field(
        lambda root: root.certificate.needs,
        "How many members each of these cells needs beside the included ones.",
        cost=COMPUTED_POINTS,
        length=10,
    )
    capacity: int = computed_field(
        lambda root: root.certificate.capacity,
        "What the cells of one candidate weigh at most, apart from `excess`; 0 without cells.",
        cost=COMPUTED_POINTS,
    )
    excess: int = computed_field(
        lambda root: root.certificate.excess,
        "By how much the cells of some candidates weigh more than `capacity`, all of them together.",
        cost=COMPUTED_POINTS,
    )
    timed_out: bool = computed_field(
        lambda root: root.certificate.is_timed_out,
        "Whether the search was stopped by the clock. Then the same request may give another plan on another machine.",
        cost=COMPUTED_POINTS,
    )


def _resolve_notes(root: plan.Plan, language: LabelLanguageArgument = "en") -> list[str]:
    return describe_notes(root, language)


@strawberry.type(
    description="A plan: the smallest set of members that covers all cells or, if that is impossible, all that can be covered. "
    "Among plans of the same size, the members are closer together, verified more recently and share more issue areas."
)
class CoalitionPlan:
    members: list[PlanMember] = attribute_field(
        "The members: included ones by name, then always the one that fills the most of what is missing.", length=8
    )
    covered: int = attribute_field("The number of cells with enough members.")
    total: int = attribute_field("The number of cells: issue areas times regions.")
    uncovered: list[PlanGap] = attribute_field("The cells that lack members.", length=3)
    certificate: PlanCertificate = computed_field(
        lambda root: root, "How many members are needed at least, and why.", cost=COMPUTED_POINTS
    )
    search: str | None = computed_field(
        lambda root: root.line,
        "The plan in one line, to share it: `coalitionPlan(search:)` takes it back. Null if it is longer than 8,000 characters.",
        cost=COMPUTED_POINTS,
    )
    notes: list[str] = computed_field(
        _resolve_notes,
        "Sentences for the user: organizations to include or exclude that are not listed.",
        cost=COMPUTED_POINTS,
        length=1,
    )


PlanInputArgument = Annotated[
    CoalitionPlanInput | None, strawberry.argument(name="input", description="What to cover. Pass this or `search`.")
]
PlanSearchArgument = Annotated[
    str | None,
    strawberry.argument(
        description="A plan in one line, as `CoalitionPlan.search` and `PlanMember.searchWithout` return it. "
        "At most 8,000 characters."
    ),
]
WithoutArgument = Annotated[
    list[strawberry.ID] | None,
    strawberry.argument(description="Organizations to leave out in addition. They are no longer included."),
]


def _resolve_plan(
    info: Info, plan_input: PlanInputArgument = None, search: PlanSearchArgument = None, without: WithoutArgument = None
) -> plan.Plan:
    context = info.context
    if context.single_use_fields:
        context.single_use_fields.claim("coalitionPlan")
    request = _build_request(context.snapshot, plan_input, search)
    if without:
        request = plan.leave_out(context.snapshot, request, _parse_ids(without, "without"))
    today = context.now.date()
    if context.solve_cover is None:
        return plan.plan_coalition(context.snapshot, request, today)
    planned = plan.plan_coalition(context.snapshot, request, today, context.solve_cover)
    if context.single_use_fields:
        context.single_use_fields.other_cpu_seconds += planned.cpu_seconds
    return planned


def _build_request(snapshot: Snapshot, plan_input: CoalitionPlanInput | None, search: str | None) -> PlanRequest:
    if (plan_input is None) == (search is None):
        raise BadInput("Pass either `input` or `search`: what to cover, or a plan in one line.", argument="input")
    if plan_input is None:
        return parse_plan_line(search or "", partial(find_organization_origin, snapshot))
    return PlanRequest(
        issue_areas=tuple(plan_input.issue_areas),
        regions=tuple(plan_input.regions),
        by=plan_input.by,
        nationwide=plan_input.nationwide,
        include=_parse_ids(plan_input.include, "include"),
        exclude=_parse_ids(plan_input.exclude, "exclude"),
        max_size=plan_input.max_size,
        per_cell=plan_input.per_cell,
        filter=build_question(snapshot, plan_input.query, plan_input.filter, None, Page()),
    )


def _parse_ids(ids: list[strawberry.ID] | None, argument: str) -> tuple[str, ...]:
    if ids and len(ids) > MAX_LISTED:
        sentence = f"`{argument}` takes at most {MAX_LISTED} values; there are {len(ids)}."
        raise BadInput(sentence, argument=argument, limit=MAX_LISTED)
    return tuple(parse_organization_id(key, argument) for key in ids or ())


# ---------------------------------------------------------------- prices


def _count_cells(issue_areas: int, regions: int, per_cell: int) -> dict[str, float]:
    cells = min(issue_areas * regions, MAX_CELLS)
    return {CELL: cells, EXTRA_NEED: cells * (max(1, min(per_cell, MAX_PER_CELL)) - 1)}


def count_plan_input(value: Any) -> Mapping[str, float]:
    """Count the cells of a CoalitionPlanInput and the conditions of its filter. The value has not been checked yet."""
    if not isinstance(value, dict):
        return {}
    issue_areas, regions = (len(part) if isinstance(part := value.get(name), list) else 1 for name in ("issueAreas", "regions"))
    per_cell = value.get("perCell")
    counts = _count_cells(issue_areas, regions, per_cell if isinstance(per_cell, int) else 1)
    words = {WORD: count_sentence_words(value.get("query")).get("word", 0)}
    return counts | words | dict(count_filter_conditions(value.get("filter")))


def count_plan_line(value: Any) -> Mapping[str, float]:
    """Count the cells of a plan in one line and the conditions of its filter. Nothing for an empty text."""
    counts = count_query_string_conditions(value)
    if not counts:
        return {}
    keys = _LINE_KEYS.findall(value)
    per_cell = _PER_CELL.search(value)
    cells = _count_cells(keys.count("issue"), keys.count("region"), int(per_cell[1]) if per_cell else 1)
    return dict(counts) | cells


INPUT_PRICE = InputPrice(count_plan_input, {**CELL_POINTS, **WORD_POINTS, **CONDITION_POINTS})
LINE_PRICE = InputPrice(count_plan_line, {**SEARCH_PRICE.points, **CELL_POINTS})


def coalition_plan_field(description: str) -> Any:
    """Declare the field of the root. It is null if the plan is refused."""
    return computed_field(
        _resolve_plan,
        description,
        cost=PLAN_POINTS,
        points_per_thousand=PLAN_POINTS_PER_THOUSAND,
        points_by_input={"input": INPUT_PRICE, "search": LINE_PRICE},
        graphql_type=CoalitionPlan | None,
        depends_on=Dependence.REQUEST,
        is_slow=True,
    )
