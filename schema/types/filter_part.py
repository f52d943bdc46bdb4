"""FilterPart and Relaxation: searches as removable parts, and searches that find more."""

from collections.abc import Iterable

import strawberry

from directory.filters import filter_parts
from directory.filters.filter_parts import list_filter_parts, remove_nested_part
from directory.filters.query_strings import format_query_string
from directory.question import Question
from directory.search import relaxations
from directory.search.relaxations import RelaxationKind
from schema.context import Info
from schema.fields import COMPUTED_POINTS, Dependence, attribute_field, computed_field
from schema.types.global_ids import GlobalId
from schema.types.terms import LabelLanguageArgument

ID_FIELDS = ("ids", "parent")  # whose values are ids of organizations
ID_SEPARATOR = ","
QUESTION_POINTS = 1.5  # a search as parts or as a query string
PARTS_POINTS = 5.0  # a search as parts, which may have alternatives
PART_SEARCH_POINTS = 20.0  # a search without one of its parts
PART_LABEL_POINTS = 0.05


class LocatedPart(filter_parts.FilterPart, frozen=True, eq=False):
    """A part of a question, with the parts above it, from the one of the question to the one that has it as an alternative."""

    parents: "tuple[LocatedPart, ...]" = ()


def list_parts(question: Question) -> list[filter_parts.FilterPart]:
    """Return the parts of a question, each with the question that it can be removed from."""
    return _locate_parts(list_filter_parts(question), question)


def _locate_parts(
    parts: Iterable[filter_parts.FilterPart], question: Question | None, parents: tuple[LocatedPart, ...] = ()
) -> list[filter_parts.FilterPart]:
    return [_locate_part(part, question, parents) for part in parts]


def _locate_part(part: filter_parts.FilterPart, question: Question | None, parents: tuple[LocatedPart, ...] = ()) -> LocatedPart:
    return LocatedPart(part.field, part.value, part.near, part.is_additional_term, part.alternatives, question, parents)


def _resolve_label(root: filter_parts.FilterPart, info: Info, language: LabelLanguageArgument = "en") -> str:
    return root.label(language, info.context.snapshot.find_name)


def _resolve_value(root: filter_parts.FilterPart) -> str:
    if root.field not in ID_FIELDS:
        return root.value
    return ID_SEPARATOR.join(str(GlobalId("Organization", key)) for key in root.value.split(ID_SEPARATOR))


def _resolve_part_search(root: filter_parts.FilterPart) -> str:
    parents = root.parents if isinstance(root, LocatedPart) else ()
    return format_query_string(remove_nested_part(root.question, (*parents, root)) if root.question else Question())


def _resolve_alternatives(root: filter_parts.FilterPart) -> list[filter_parts.FilterPart]:
    located = root if isinstance(root, LocatedPart) else _locate_part(root, root.question)
    return _locate_parts(root.alternatives, root.question, (*located.parents, located))


@strawberry.type(description="One part of a search, to display as a removable chip.")
class FilterPart:
    field: str = attribute_field(
        "The filter it belongs to, as named in the API; `issueAreas` is short for `issueAreas.anyOf`, and `kinds.noneOf` is "
        "`excludedKinds`. `any` is a condition with several alternatives, one of which must be met; `all` is an alternative of "
        "several conditions."
    )
    value: str = computed_field(
        _resolve_value,
        "The value, as the filter takes it: a slug, a code, an id, search words. Several `ids` are separated by commas. For "
        "`optionalWords`, `near`, `within`, `founded`, `orderBy`, `any` and `all`, it is their text in a query string.",
        cost=COMPUTED_POINTS,
    )
    label: str = computed_field(_resolve_label, "The text to display.", cost=PART_LABEL_POINTS, depends_on=Dependence.SNAPSHOT)
    search: str = computed_field(
        _resolve_part_search, "The search without this part, as a canonical query string.", cost=PART_SEARCH_POINTS
    )
    alternatives: list["FilterPart"] = computed_field(
        _resolve_alternatives, "The alternatives of `any`, or the conditions of `all`.", cost=COMPUTED_POINTS, length=1
    )


def _resolve_question(root: relaxations.Relaxation) -> list[filter_parts.FilterPart]:
    return list_parts(root.question)


def _resolve_search(root: relaxations.Relaxation) -> str:
    return format_query_string(root.question)


@strawberry.type(description="A way to loosen a search that has no results.")
class Relaxation:
    kind: RelaxationKind = attribute_field("What is changed. Relaxations that are closest in meaning come first.")
    without: list[FilterPart] = attribute_field(
        "The parts to remove. They can include `membership` ACTIVE even if the search did not set it, because it is the default.",
        cost=COMPUTED_POINTS,
        length=1,
    )
    instead: list[FilterPart] = attribute_field(
        "The parts to add in their place; empty if removing is enough.", cost=COMPUTED_POINTS, length=1
    )
    question: list[FilterPart] = computed_field(
        _resolve_question, "All parts of the changed search.", cost=PARTS_POINTS, length=3
    )
    count: int = attribute_field("The number of matches of the changed search.")
    search: str = computed_field(_resolve_search, "The changed search as a canonical query string.", cost=QUESTION_POINTS)
