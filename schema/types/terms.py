"""Community, WorkArea and Language: the terms that describe an organization besides its issue areas."""

from typing import Annotated, Any

import strawberry

from directory.vocabulary.terms import CommunityTerm, LanguageTerm, Term, WorkAreaTerm
from schema.context import Info
from schema.fields import COMPUTED_POINTS, COUNT_POINTS, LABEL_POINTS, Dependence, attribute_field, computed_field
from schema.types.global_ids import TYPE_NAMES, VOCABULARIES, GlobalId, Node

LabelLanguageArgument = Annotated[
    str, strawberry.argument(description='A BCP 47 tag, such as "es". The label is in English if there is none in this language.')
]
DefinitionLanguageArgument = Annotated[
    str,
    strawberry.argument(
        description='A BCP 47 tag, such as "es". The definition is in English if there is none in this language.'
    ),
]
SynonymLanguageArgument = Annotated[
    str | None, strawberry.argument(description='A BCP 47 tag, such as "es". Without it, synonyms in all languages are returned.')
]


def resolve_id(root: Term) -> str:
    return str(GlobalId(TYPE_NAMES[type(root)], root.slug))


def resolve_label(root: Term, language: LabelLanguageArgument = "en") -> str:
    return root.label(language)


def resolve_definition(root: Term, language: DefinitionLanguageArgument = "en") -> str | None:
    return root.definition(language)


def resolve_synonyms(root: Term, language: SynonymLanguageArgument = None) -> list[str]:
    if language is not None:
        return list(root.synonyms.get(language) or root.synonyms.get(language.partition("-")[0], ()))
    return [synonym for synonyms in root.synonyms.values() for synonym in synonyms]


def resolve_broader(root: Term) -> list[Term]:
    vocabulary = VOCABULARIES[TYPE_NAMES[type(root)]]
    return [vocabulary.require(slug) for slug in root.broader]


def resolve_narrower(root: Term) -> list[Term]:
    vocabulary = VOCABULARIES[TYPE_NAMES[type(root)]]
    return [vocabulary.require(slug) for slug in vocabulary.narrower_slugs(root.slug)]


def _resolve_community_count(root: Term, info: Info) -> int:
    return info.context.snapshot.count_term("communities", root.slug)


def _resolve_work_area_count(root: Term, info: Info) -> int:
    return info.context.snapshot.count_term("work_areas", root.slug)


def _resolve_tag(root: Term) -> str:
    return root.slug


@strawberry.type(description="A community that organizations serve. A community includes all narrower ones.")
class Community(Node):
    id: strawberry.ID = computed_field(resolve_id, "An opaque id that does not change.", cost=COMPUTED_POINTS)
    slug: str = attribute_field("The key used in filters.")
    label: str = computed_field(resolve_label, "The name to display.", cost=LABEL_POINTS)
    synonyms: list[str] = computed_field(
        resolve_synonyms, "Other words that a search recognizes as this community.", cost=COMPUTED_POINTS, length=8
    )
    broader: list["Community"] = computed_field(
        resolve_broader, "The communities one level up. There can be more than one.", cost=COMPUTED_POINTS, length=1
    )
    narrower: list["Community"] = computed_field(
        resolve_narrower, "The communities one level down.", cost=COMPUTED_POINTS, length=3
    )
    organization_count: int = computed_field(
        _resolve_community_count,
        "The number of active members that serve this community or a narrower one.",
        cost=COUNT_POINTS,
        depends_on=Dependence.SNAPSHOT,
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, CommunityTerm)


@strawberry.type(
    description="A kind of work that organizations do, such as organizing, education, law, policy or arts. "
    "A work area includes all narrower ones."
)
class WorkArea(Node):
    id: strawberry.ID = computed_field(resolve_id, "An opaque id that does not change.", cost=COMPUTED_POINTS)
    slug: str = attribute_field("The key used in filters.")
    label: str = computed_field(resolve_label, "The name to display.", cost=LABEL_POINTS)
    synonyms: list[str] = computed_field(
        resolve_synonyms, "Other words that a search recognizes as this work area.", cost=COMPUTED_POINTS, length=13
    )
    definition: str | None = computed_field(resolve_definition, "What the work area covers, in one sentence.", cost=LABEL_POINTS)
    broader: list["WorkArea"] = computed_field(
        resolve_broader, "The work areas one level up. There can be more than one.", cost=COMPUTED_POINTS, length=1
    )
    narrower: list["WorkArea"] = computed_field(
        resolve_narrower, "The work areas one level down.", cost=COMPUTED_POINTS, length=1
    )
    organization_count: int = computed_field(
        _resolve_work_area_count,
        "The number of active members that do this kind of work or a narrower one.",
        cost=COUNT_POINTS,
        depends_on=Dependence.SNAPSHOT,
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, WorkAreaTerm)


@strawberry.type(description="A language that organizations work in.")
class Language(Node):
    id: strawberry.ID = computed_field(resolve_id, "An opaque id that does not change.", cost=COMPUTED_POINTS)
    tag: str = computed_field(_resolve_tag, 'The BCP 47 tag used in filters, such as "es".', cost=COMPUTED_POINTS)
    label: str = computed_field(resolve_label, "The name to display.", cost=LABEL_POINTS)
    synonyms: list[str] = computed_field(
        resolve_synonyms, "Other names of the language, including its own.", cost=COMPUTED_POINTS, length=2
    )

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        return isinstance(value, LanguageTerm)
