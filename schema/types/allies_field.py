"""The fields `Query.allies` and `Organization.allies`: their arguments, and the request that they make."""

from typing import Annotated, Any

import strawberry
from msgspec.structs import replace
from strawberry.types.lazy_type import LazyType

from directory import records
from directory.errors import BadInput
from directory.partners.allies.allies import AllyPage, find_allies
from directory.partners.allies.draft import MAX_DRAFT_VALUES, GroupDraft, describe_draft
from directory.partners.allies.request import (
    MAX_GROUP,
    AllyRequest,
    AllyWeights,
    PartnerProfile,
    check_group_size,
    describe_organization,
)
from directory.partners.allies.seeks_and_offers import MAX_SUBJECTS
from directory.question import Page, Question
from directory.search.snapshot import Snapshot
from schema.context import Info
from schema.fields import PAGE_SIZE, Dependence, InputPrice, computed_field, input_field
from schema.types.condition_prices import FILTER_PRICE, REGION, WORD, WORDS_PRICE, count_sentence_words
from schema.types.global_ids import parse_organization_id
from schema.types.near_filter import NearFilter, PlaceInput, build_near
from schema.types.organization_filter import OrganizationFilter
from schema.types.organizations_field import build_question
from schema.types.pagination import AfterArgument, BeforeArgument, FirstArgument, LastArgument
from schema.types.partner_enums import AllyMode

ALLIES_POINTS, ALLIES_POINTS_PER_THOUSAND = 45.0, 5.0
SOUGHT_WORD = "word that is sought or offered"

_CONNECTION_TYPE = LazyType[Any, Any]("AllyConnection", "schema.types.ally") | None


@strawberry.input(
    name="AllyWeights",
    description="How much a reason of each kind contributes at most: a number from 0 to 100. Reasons that many members share "
    "contribute less. A weight that is not set keeps its default.",
)
class AllyWeightsInput:
    issue_area: float | None = input_field(
        "Each issue area that both work on; for complements, issue areas that are new. Default 1.", default=None
    )
    broader_issue_area: float | None = input_field(
        "Each broader issue area that includes those of both. Default 0.25.", default=None
    )
    community: float | None = input_field("Each community that both serve. Default 0.6.", default=None)
    work_area: float | None = input_field("Each way in which both work. Default 0.3.", default=None)
    coalition: float | None = input_field("Each coalition to which both belong. Default 0.8.", default=None)
    region: float | None = input_field(
        "The rarest region in which both are, and the rarest that both serve. Default 0.5.", default=None
    )
    distance: float | None = input_field("Being at the same place; 0 from 200 km. Default 0.5.", default=None)
    seeks_and_offers: float | None = input_field("Everything that is sought and offered. Default 1.", default=None)


@strawberry.input(description="A group that is not listed in the directory. It is not stored. At least one field is needed.")
class AllyDraftInput:
    issue_areas: list[str] | None = input_field("The issue areas it works on, by slug.", default=None)
    communities: list[str] | None = input_field("The communities it serves, by slug.", default=None)
    work_areas: list[str] | None = input_field("The ways in which it works, by slug.", default=None)
    regions: list[str] | None = input_field("The regions it serves, by code.", default=None)
    place: PlaceInput | None = input_field("Where it is.", default=None)
    seeks: str | None = input_field("What it looks for in partners, at most 500 characters.", default=None)
    offers: str | None = input_field("What it can give to partners, at most 500 characters.", default=None)
    words: str | None = input_field(
        'A sentence that describes it, in English or Spanish, such as "a tenants\' group in Chicago". It is understood as '
        "`understand` does. At most 500 characters.",
        default=None,
    )


OrganizationsArgument = Annotated[
    list[strawberry.ID] | None,
    strawberry.argument(description=f"The ids of the organizations that look for allies together, at most {MAX_GROUP}."),
]
DraftArgument = Annotated[
    AllyDraftInput | None, strawberry.argument(description="A group that is not listed, alone or together with `organizations`.")
]
ModeArgument = Annotated[AllyMode, strawberry.argument(description="How to look for allies.")]
WeightsArgument = Annotated[AllyWeightsInput | None, strawberry.argument(description="How much each kind of reason counts.")]
NearArgument = Annotated[
    NearFilter | None,
    strawberry.argument(description="Measure `distance` from here. With a radius, only organizations within it are suggested."),
]
AllyFilterArgument = Annotated[
    OrganizationFilter | None,
    strawberry.argument(name="filter", description="Which organizations can be suggested. Without it, all active members."),
]


def _resolve_allies(
    info: Info,
    organizations: OrganizationsArgument = None,
    draft: DraftArgument = None,
    mode: ModeArgument = AllyMode.SAME_THEMES,
    weights: WeightsArgument = None,
    near: NearArgument = None,
    organization_filter: AllyFilterArgument = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> AllyPage:
    snapshot = info.context.snapshot
    request = AllyRequest(
        group=(*_list_profiles(snapshot, organizations or []), *([_describe(draft, snapshot)] if draft else [])),
        mode=mode,
        weights=_build_weights(weights),
        conditions=_build_conditions(snapshot, organization_filter, near),
        page=Page(first, after, last, before),
    )
    return find_allies(snapshot, request, info.context.now.date())


def _resolve_own_allies(
    root: records.Organization,
    info: Info,
    mode: ModeArgument = AllyMode.SAME_THEMES,
    near: NearArgument = None,
    organization_filter: AllyFilterArgument = None,
    first: FirstArgument = None,
    after: AfterArgument = None,
    last: LastArgument = None,
    before: BeforeArgument = None,
) -> AllyPage:
    snapshot = info.context.snapshot
    request = AllyRequest(
        group=(describe_organization(root),),
        mode=mode,
        conditions=_build_conditions(snapshot, organization_filter, near),
        page=Page(first, after, last, before),
    )
    return find_allies(snapshot, request, info.context.now.date())


def _list_profiles(snapshot: Snapshot, ids: list[strawberry.ID]) -> list[PartnerProfile]:
    """Return the profiles of listed organizations. Raises BadInput for an id that the audience does not see."""
    check_group_size(len(ids))
    records = [snapshot.find_by_id(parse_organization_id(value, "organizations")) for value in ids]
    if missing := [value for value, record in zip(ids, records, strict=True) if record is None]:
        sentence = f"There is no organization with the id {missing[0]}. Leave it out, or describe the group in `draft`."
        raise BadInput(sentence, argument="organizations", value=missing[0])
    return [describe_organization(record) for record in records if record is not None]


def _describe(draft: AllyDraftInput, snapshot: Snapshot) -> PartnerProfile:
    return describe_draft(
        GroupDraft(
            issue_areas=draft.issue_areas or (),
            communities=draft.communities or (),
            work_areas=draft.work_areas or (),
            regions=draft.regions or (),
            place=build_near(NearFilter(place=draft.place), snapshot) if draft.place else None,
            seeks=draft.seeks or "",
            offers=draft.offers or "",
            words=draft.words or "",
        ),
        snapshot,
    )


def _build_weights(weights: AllyWeightsInput | None) -> AllyWeights:
    given = {name: getattr(weights, name) for name in AllyWeights.__struct_fields__} if weights else {}
    return AllyWeights(**{name: value for name, value in given.items() if value is not None})


def _build_conditions(snapshot: Snapshot, organization_filter: OrganizationFilter | None, near: NearFilter | None) -> Question:
    question = build_question(snapshot, None, organization_filter, None, Page())
    if near is None:
        return question
    if question.origin is not None:
        raise BadInput("Pass the place to measure from in `near` or in the filter, not in both.", argument="near")
    return replace(question, near=build_near(near, snapshot))


def _count_group(ids: Any) -> dict[str, float]:
    return {"organization": min(len(ids) if isinstance(ids, list) else 1, MAX_GROUP) - 1 if ids else 0}


def _count_draft(draft: Any) -> dict[str, float]:
    """Count what a draft has, in the words of the documentation. Never fails: the values have not been checked yet."""
    if not isinstance(draft, dict):
        return {"draft": 1 if draft else 0}
    regions = draft.get("regions")
    sought = sum(count_sentence_words(draft.get(name)).get(WORD, 0) for name in ("seeks", "offers"))
    return {
        "draft": 1,
        REGION: min(len(regions), MAX_DRAFT_VALUES) if isinstance(regions, list) else 0,
        SOUGHT_WORD: min(sought, 2 * MAX_SUBJECTS),
        **count_sentence_words(draft.get("words")),
    }


def _count_radius(near: Any) -> dict[str, float]:
    return {"radius": 1 if isinstance(near, dict) and near.get("radius") is not None else 0}


_OWN_PRICES = {"filter": FILTER_PRICE, "near": InputPrice(_count_radius, {"radius": (6.0, 2.0)})}
_PRICES = {
    **_OWN_PRICES,
    "organizations": InputPrice(_count_group, {"organization": (25.0, 2.0)}),
    "draft": InputPrice(_count_draft, {"draft": (0.0, 0.0), REGION: (5.0, 0.15), SOUGHT_WORD: (15.0, 0.1), **WORDS_PRICE.points}),
}
_DESCRIPTION = (
    "Organizations that would make good partners, with the reasons. Those that they know already are in `ties`; null if the "
    "request is refused."
)


def allies_field() -> Any:
    """Declare the field of the root."""
    return computed_field(
        _resolve_allies,
        _DESCRIPTION,
        cost=ALLIES_POINTS,
        points_per_thousand=ALLIES_POINTS_PER_THOUSAND,
        points_by_input=_PRICES,
        size=PAGE_SIZE,
        graphql_type=_CONNECTION_TYPE,
        depends_on=Dependence.REQUEST,
    )


def own_allies_field() -> Any:
    """Declare the field of an organization."""
    return computed_field(
        _resolve_own_allies,
        _DESCRIPTION,
        cost=ALLIES_POINTS,
        points_per_thousand=ALLIES_POINTS_PER_THOUSAND,
        points_by_input=_OWN_PRICES,
        size=PAGE_SIZE,
        graphql_type=_CONNECTION_TYPE,
        depends_on=Dependence.REQUEST,
    )
