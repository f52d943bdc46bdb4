"""Enums of allies, coverage and plans. Import them from here, so that they are described before a field uses them."""

from directory.partners.allies.evidence import AllyReasonKind
from directory.partners.allies.request import AllyMode
from directory.partners.allies.ties import TieKind
from directory.partners.coverage.cells import CoverageVerdict
from directory.partners.coverage.question import CoverageFacet
from directory.partners.plans.certificate import PlanProof
from directory.partners.plans.plan import GapReason
from schema.types.enums import describe_enum

__all__ = ["AllyMode", "AllyReasonKind", "CoverageFacet", "CoverageVerdict", "GapReason", "PlanProof", "TieKind"]

describe_enum(
    AllyMode,
    "AllyMode",
    "How to look for allies.",
    SAME_THEMES="Those who share issue areas, communities, ways of working and coalitions; of those, the ones nearby count more.",
    SAME_PLACE_OTHER_THEMES="Those who are nearby or serve the same regions, and work on other issue areas.",
    SEEKS_AND_OFFERS="Those who offer what is sought, and those who seek what is offered.",
)
describe_enum(
    AllyReasonKind,
    "AllyReasonKind",
    "The kind of a reason.",
    SHARED_ISSUE_AREA="Both work on an issue area.",
    SHARED_BROADER_ISSUE_AREA="Both work on topics that belong to an issue area; at least one does not state it itself.",
    SHARED_COMMUNITY="Both serve a community.",
    SHARED_BROADER_COMMUNITY="Both serve communities that belong to a broader one.",
    SHARED_WORK_AREA="Both work in a way.",
    SHARED_BROADER_WORK_AREA="Both work in ways that belong to a broader one.",
    SHARED_COALITION="Both belong to a coalition.",
    SAME_REGION="Both are located in a region.",
    SERVES_SAME_REGION="Service areas of both overlap.",
    NEARBY="Their published places are near each other.",
    COMPLEMENTS="It works on issue areas on which the others do not.",
    OFFERS_WHAT_IT_SEEKS="It offers, or does, what is sought.",
    SEEKS_WHAT_IT_OFFERS="It seeks what is offered.",
)
describe_enum(
    TieKind,
    "AllyTieKind",
    "Why an organization is known already.",
    PARENT="A member of the group is a branch of it.",
    BRANCH="It is a branch of a member of the group, or of the same organization.",
    RELATION="One of the two states a relation to the other.",
)
describe_enum(
    CoverageFacet,
    "CoverageFacet",
    "The vocabulary whose terms are the rows of a coverage matrix.",
    ISSUE_AREA="Topics that organizations work on.",
    COMMUNITY="Communities that organizations serve.",
    WORK_AREA="Kinds of work that organizations do.",
)
describe_enum(
    CoverageVerdict,
    "CoverageVerdict",
    "Whether somebody covers a cell of a coverage matrix.",
    COVERED="At least one organization counts.",
    NONE="None counts, and all members of the row state where they work.",
    UNKNOWN="None counts, but some members of the row do not state where they work and may work here, or no member of the row "
    "was verified in the last year.",
)
describe_enum(
    PlanProof,
    "PlanProof",
    "How it is proven that a coalition plan needs a number of members.",
    NOTHING_TO_CHOOSE="The included members alone cover everything that can be covered.",
    SEPARATE_CELLS="No candidate covers two of the cells of the certificate.",
    WEIGHTED_CELLS="What the candidates weigh in the cells of the certificate is less than what the cells need.",
    EXHAUSTIVE_SEARCH="All choices of fewer members were ruled out one by one.",
)
describe_enum(
    GapReason,
    "PlanGapReason",
    "Why a cell of a coalition plan lacks members: the first of these that applies.",
    MAX_SIZE="Enough members could cover it, but the plan may not have more members.",
    EXCLUDED="Enough members could cover it if none was excluded.",
    FILTER="Enough organizations could cover it, but some do not match the filter.",
    NO_MEMBER="Too few organizations in the directory work on the issue area in the region.",
)
