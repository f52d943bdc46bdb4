"""The cells of a coalition plan, and those that lack members."""

import strawberry

from directory.partners.plans import candidates, plan
from directory.partners.plans.plan_sentences import describe_cell, describe_gap
from directory.vocabulary import regions
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS, Term
from schema.fields import COMPUTED_POINTS, LABEL_POINTS, attribute_field, computed_field
from schema.types.issue_area import IssueArea
from schema.types.organization import Organization
from schema.types.partner_enums import GapReason
from schema.types.region import Region
from schema.types.terms import LabelLanguageArgument

SENTENCE_POINTS = 0.5


def _resolve_issue_area(root: candidates.PlanCell) -> Term:
    return ISSUE_AREAS.require(root.issue_area)


def _resolve_region(root: candidates.PlanCell) -> regions.Region:
    return REGIONS.require(root.region)


def _resolve_label(root: candidates.PlanCell, language: LabelLanguageArgument = "en") -> str:
    return describe_cell(root, language)


@strawberry.type(description="A combination that a plan should cover: an issue area, with everything narrower, in a region.")
class PlanCell:
    issue_area: IssueArea = computed_field(_resolve_issue_area, "The issue area.", cost=COMPUTED_POINTS)
    region: Region = computed_field(_resolve_region, "The region.", cost=COMPUTED_POINTS)
    label: str = computed_field(_resolve_label, 'The text to display, such as "housing in New England".', cost=LABEL_POINTS)


def _resolve_reason_text(root: plan.PlanGap, language: LabelLanguageArgument = "en") -> str:
    return describe_gap(root, language)


@strawberry.type(description="A cell that has fewer members than it should.")
class PlanGap:
    cell: PlanCell = attribute_field("The cell.")
    missing: int = attribute_field("The number of members that it lacks.")
    reason: GapReason = attribute_field("Why.")
    text: str = computed_field(_resolve_reason_text, "Why, as a sentence.", cost=SENTENCE_POINTS)
    nearest: list[Organization] = attribute_field(
        f"At most {plan.MAX_NEAREST} members who are closest to covering it: those that could if `maxSize` was larger, else "
        "those that work on the issue area elsewhere, nearest to the center of the region first. "
        f"Empty for all but the first {plan.MAX_EXPLAINED_GAPS} gaps.",
        length=plan.MAX_NEAREST,
    )
