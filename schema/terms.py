"""Community, WorkArea and Language: terms of the flat vocabularies."""

from typing import Annotated

import strawberry

from directory.vocabulary import Term
from schema.context import Info
from schema.fields import COMPUTED, COUNT, LABEL, attribute, computed

LabelLanguage = Annotated[str, strawberry.argument(description="A BCP 47 tag; English where there is no label in it.")]


def label(root: Term, language: LabelLanguage = "en") -> str:
    return root.label(language)


def _count_community(root: Term, info: Info) -> int:
    return info.context.snapshot.count_term("communities", root.slug)


def _count_work_area(root: Term, info: Info) -> int:
    return info.context.snapshot.count_term("work_areas", root.slug)


def _tag(root: Term) -> str:
    return root.slug


@strawberry.type(description="Whom an organization works for and with: a community served.")
class Community:
    slug: str = attribute("What filters name it by.")
    label: str = computed(label, "What people read.", cost=LABEL)
    organization_count: int = computed(_count_community, "How many active members serve it or a narrower one.", cost=COUNT)


@strawberry.type(description="How an organization works: organizing, education, law, policy, arts …")
class WorkArea:
    slug: str = attribute("What filters name it by.")
    label: str = computed(label, "What people read.", cost=LABEL)
    organization_count: int = computed(_count_work_area, "How many active members work so, or in a narrower way.", cost=COUNT)


@strawberry.type(description="A language an organization works in.")
class Language:
    tag: str = computed(_tag, "Its BCP 47 tag, which filters name it by.", cost=COMPUTED)
    label: str = computed(label, "What people read.", cost=LABEL)
