"""Match: why an organization is among the answers."""

import strawberry

from directory.search import reasons
from directory.search.regions import RegionReason
from directory.search.words import TextTier
from directory.vocabulary import ISSUE_AREAS, Term
from schema.fields import COMPUTED_POINTS, attribute_field, computed_field
from schema.issue_area import IssueArea


@strawberry.type(description="A stretch of text.")
class TextSegment:
    text: str = attribute_field("The text.")
    matched: bool = attribute_field("Whether it is what the question's words found.")


@strawberry.type(description="A field in which words of the question were found.")
class Highlight:
    field: str = attribute_field("The field of Organization.")
    segments: list[TextSegment] = attribute_field("Its text, cut where matched and other text meet.", length=3)


def _resolve_matched_issue_area(root: reasons.IssueAreaMatch) -> Term:
    return ISSUE_AREAS.require(root.issue_area)


def _resolve_through(root: reasons.IssueAreaMatch) -> Term | None:
    return ISSUE_AREAS.require(root.broader_term) if root.broader_term else None


@strawberry.type(description="An issue area of the organization that the question asked for.")
class IssueAreaMatch:
    issue_area: IssueArea = computed_field(
        _resolve_matched_issue_area, "The one that the organization works on.", cost=COMPUTED_POINTS
    )
    through: IssueArea | None = computed_field(
        _resolve_through, "The broader one that was asked for; null when it was asked for itself.", cost=COMPUTED_POINTS
    )


@strawberry.type(description="Why an organization is here. Each part is there only where the question asked for it.")
class Match:
    tier: TextTier | None = attribute_field("Where the words were found.")
    highlights: list[Highlight] = attribute_field("The fields in which they were found.", length=2)
    region_reason: RegionReason | None = attribute_field("Its strongest tie to the regions asked for.")
    issue_areas: list[IssueAreaMatch] = attribute_field("Those of its issue areas that were asked for.", length=1)
