"""FilterPart, Relaxation, Understanding and Suggestion: questions in words, and what to ask instead."""

import strawberry

from directory.filters import filter_parts as core
from directory.filters.filter_parts import format_query_string, list_filter_parts
from directory.search import relaxations, suggestions
from directory.search.suggestions import SuggestionKind
from directory.understanding.understand import Understanding as Understood
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS
from schema.fields import COMPUTED_POINTS, LABEL_POINTS, attribute_field, computed_field
from schema.types.global_ids import Node, NodeRecord
from schema.types.terms import LabelLanguageArgument

QUESTION_POINTS = 1.5  # points for a question in parts or as a query string


def _resolve_label(root: core.FilterPart, language: LabelLanguageArgument = "en") -> str:
    return root.label(language)


@strawberry.type(description="One part of a question, for a page to show and to remove.")
class FilterPart:
    field: str = attribute_field("What it asks about, as the keys of `search` name it.")
    value: str = attribute_field("What it asks for: a slug, a code, words.")
    label: str = computed_field(_resolve_label, "What people read.", cost=LABEL_POINTS)


def _resolve_without(root: relaxations.Relaxation) -> tuple[core.FilterPart, ...]:
    return root.without


def _resolve_question(root: relaxations.Relaxation) -> tuple[core.FilterPart, ...]:
    return list_filter_parts(root.question)


def _resolve_search(root: relaxations.Relaxation | suggestions.Suggestion | Understood) -> str:
    return format_query_string(root.question)


@strawberry.type(description="What to drop from a question that nothing matches, or to ask instead.")
class Relaxation:
    without: list[FilterPart] = attribute_field(
        "The parts to drop; `membership` ACTIVE where members alone were asked for, as they are unless others are named.",
        cost=COMPUTED_POINTS,
        length=1,
    )
    instead: list[FilterPart] = attribute_field(
        "The parts to take in their place; empty where dropping is enough.", cost=COMPUTED_POINTS, length=1
    )
    question: list[FilterPart] = computed_field(
        _resolve_question, "The parts that are asked then.", cost=QUESTION_POINTS, length=3
    )
    count: int = attribute_field("How many organizations that would give.")
    search: str = computed_field(_resolve_search, "What is asked then, as the canonical query string.", cost=QUESTION_POINTS)


def _resolve_remaining_query(root: Understood) -> str | None:
    return root.text or None


@strawberry.type(description="Words that name several places.")
class AmbiguousWords:
    words: str = attribute_field("As they were said.")
    candidates: list[str] = attribute_field("The foremost of these places by name and state, to say instead.", length=6)


@strawberry.type(description="What a person's words mean, by the vocabularies and the gazetteer.")
class Understanding:
    query: str | None = computed_field(
        _resolve_remaining_query, "The words that were left, to be searched as text; null when none were.", cost=COMPUTED_POINTS
    )
    parts: list[FilterPart] = attribute_field("The whole question, those words among it.", length=4)
    ambiguous: list[AmbiguousWords] = attribute_field("Names of several places, searched as text, to ask back about.", length=1)
    left_out: list[str] = attribute_field('Words such as "near us", of which only the asker can make a place.', length=1)
    search: str = computed_field(
        _resolve_search, "The whole question as the canonical query string of pages, downloads and feeds.", cost=QUESTION_POINTS
    )


def _resolve_suggested_node(root: suggestions.Suggestion) -> NodeRecord | None:
    if root.kind is SuggestionKind.ISSUE_AREA and root.term:
        return ISSUE_AREAS.get(root.term)
    return root.organization or root.place or (REGIONS.get(root.region) if root.region else None)


@strawberry.type(description="Where the words typed so far may lead.")
class Suggestion:
    kind: SuggestionKind = attribute_field("What it leads to.")
    label: str = attribute_field("What people read.")
    search: str = computed_field(
        _resolve_search, "The question it stands for, as the canonical query string.", cost=QUESTION_POINTS
    )
    node: Node | None = computed_field(
        _resolve_suggested_node, "The record itself; null for communities and work areas, which have no id.", cost=COMPUTED_POINTS
    )
