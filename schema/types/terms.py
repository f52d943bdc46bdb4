"""Community, WorkArea and Language: terms of the flat vocabularies."""

from typing import Annotated

import strawberry

from directory.vocabulary.terms import Term
from schema.context import Info
from schema.fields import COMPUTED_POINTS, COUNT_POINTS, LABEL_POINTS, attribute_field, computed_field

LabelLanguageArgument = Annotated[str, strawberry.argument(description="A BCP 47 tag; English where there is no label in it.")]


def resolve_label(root: Term, language: LabelLanguageArgument = "en") -> str:
    return root.label(language)


def _resolve_community_count(root: Term, info: Info) -> int:
    return info.context.snapshot.count_term("communities", root.slug)


def _resolve_work_area_count(root: Term, info: Info) -> int:
    return info.context.snapshot.count_term("work_areas", root.slug)


def _resolve_tag(root: Term) -> str:
    return root.slug


@strawberry.type(description="Whom an organization works for and with: a community served.")
class Community:
    slug: str = attribute_field("What filters name it by.")
    label: str = computed_field(resolve_label, "What people read.", cost=LABEL_POINTS)
    organization_count: int = computed_field(
        _resolve_community_count, "How many active members serve it or a narrower one.", cost=COUNT_POINTS
    )


@strawberry.type(description="How an organization works: organizing, education, law, policy, arts …")
class WorkArea:
    slug: str = attribute_field("What filters name it by.")
    label: str = computed_field(resolve_label, "What people read.", cost=LABEL_POINTS)
    organization_count: int = computed_field(
        _resolve_work_area_count, "How many active members work so, or in a narrower way.", cost=COUNT_POINTS
    )


@strawberry.type(description="A language an organization works in.")
class Language:
    tag: str = computed_field(_resolve_tag, "Its BCP 47 tag, which filters name it by.", cost=COMPUTED_POINTS)
    label: str = computed_field(resolve_label, "What people read.", cost=LABEL_POINTS)
