"""EnumLabel: the texts to display for the values of an enum."""

from enum import StrEnum
from typing import Annotated

import strawberry

from directory.vocabulary.choice_labels import CHOICES, Choice
from schema.fields import LABEL_POINTS, attribute_field, computed_field
from schema.types.enums import describe_enum
from schema.types.terms import LabelLanguageArgument

ENUM_LENGTH = 16  # values of the longest enum


class LabeledType(StrEnum):
    """The enums whose values have labels. The value is the name in choice_labels.CHOICES and in GraphQL."""

    ORGANIZATION_KIND = "OrganizationKind"
    MEMBERSHIP_STATUS = "MembershipStatus"
    NAME_KIND = "NameKind"
    COALITION_KIND = "CoalitionKind"
    COALITION_STATUS = "CoalitionStatus"
    INSTRUMENT_KIND = "InstrumentKind"
    RELATION_KIND = "RelationKind"
    PRECISION = "Precision"
    REGION_KIND = "RegionKind"
    PLACE_KIND = "PlaceKind"
    SUGGESTION_KIND = "SuggestionKind"
    REGION_REASON = "RegionReason"
    RELAXATION_KIND = "RelaxationKind"
    TEXT_TIER = "TextTier"
    REGION_MATCH = "RegionMatch"
    NATIONWIDE = "Nationwide"
    ORGANIZATION_ORDER_FIELD = "OrganizationOrderField"
    ORDER_DIRECTION = "OrderDirection"
    DISTANCE_UNIT = "DistanceUnit"
    COVERAGE_FACET = "CoverageFacet"
    COVERAGE_VERDICT = "CoverageVerdict"
    CHANGE_KIND = "ChangeKind"
    AUDIENCE = "Audience"
    ALLY_MODE = "AllyMode"
    ALLY_REASON_KIND = "AllyReasonKind"
    ALLY_TIE_KIND = "AllyTieKind"
    PLAN_PROOF = "PlanProof"
    PLAN_GAP_REASON = "PlanGapReason"


describe_enum(
    LabeledType,
    "LabeledType",
    "An enum of this schema, of whose values `enumLabels` returns the labels.",
    **{each.name: f"The enum {each.value}." for each in LabeledType},
)

LabeledTypeArgument = Annotated[LabeledType, strawberry.argument(description="The enum.")]


def _resolve_label(root: Choice, language: LabelLanguageArgument = "en") -> str:
    return root.label(language)


@strawberry.type(description="A value of an enum with the text to display.")
class EnumLabel:
    value: str = attribute_field("The value, as it is written in filters and answers.")
    label: str = computed_field(_resolve_label, "The text to display.", cost=LABEL_POINTS)


def resolve_enum_labels(enum: LabeledTypeArgument) -> tuple[Choice, ...]:
    """Return the values of an enum in the order of their declaration."""
    return CHOICES[enum]
