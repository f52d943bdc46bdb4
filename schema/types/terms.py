"""Community, WorkArea and Language: the terms that describe an organization besides its issue areas."""

from typing import Annotated

import strawberry

from directory.vocabulary.terms import Term
from schema.context import Info
from schema.fields import COMPUTED_POINTS, COUNT_POINTS, LABEL_POINTS, Dependence, attribute_field, computed_field

LabelLanguageArgument = Annotated[
    str, strawberry.argument(description='A BCP 47 tag, such as "es". The label is in English if there is none in this language.')
]


def resolve_label(root: Term, language: LabelLanguageArgument = "en") -> str:
    return root.label(language)


def _resolve_community_count(root: Term, info: Info) -> int:
    return info.context.snapshot.count_term("communities", root.slug)


def _resolve_work_area_count(root: Term, info: Info) -> int:
    return info.context.snapshot.count_term("work_areas", root.slug)


def _resolve_tag(root: Term) -> str:
    return root.slug


@strawberry.type(description="A community that organizations serve.")
class Community:
    slug: str = attribute_field("The key used in filters.")
    label: str = computed_field(resolve_label, "The name to display.", cost=LABEL_POINTS)
    organization_count: int = computed_field(
        _resolve_community_count,
        "The number of active members that serve this community or a narrower one.",
        cost=COUNT_POINTS,
        depends_on=Dependence.SNAPSHOT,
    )


@strawberry.type(description="A kind of work that organizations do, such as organizing, education, law, policy or arts.")
class WorkArea:
    slug: str = attribute_field("The key used in filters.")
    label: str = computed_field(resolve_label, "The name to display.", cost=LABEL_POINTS)
    organization_count: int = computed_field(
        _resolve_work_area_count,
        "The number of active members that do this kind of work or a narrower one.",
        cost=COUNT_POINTS,
        depends_on=Dependence.SNAPSHOT,
    )


@strawberry.type(description="A language that organizations work in.")
class Language:
    tag: str = computed_field(_resolve_tag, 'The BCP 47 tag used in filters, such as "es".', cost=COMPUTED_POINTS)
    label: str = computed_field(resolve_label, "The name to display.", cost=LABEL_POINTS)
