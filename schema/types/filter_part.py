"""FilterPart, Relaxation, Understanding and Suggestion: searches as removable parts, and suggested searches."""

import strawberry

from directory.filters import filter_parts
from directory.filters.filter_parts import list_filter_parts
from directory.filters.query_strings import format_query_string
from directory.search import relaxations, suggestions
from directory.search.suggestions import SuggestionKind
from directory.understanding import understand
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS
from schema.fields import COMPUTED_POINTS, LABEL_POINTS, attribute_field, computed_field
from schema.types.global_ids import Node, NodeRecord
from schema.types.terms import LabelLanguageArgument

QUESTION_POINTS = 1.5  # a search as parts or as a query string


def _resolve_label(root: filter_parts.FilterPart, language: LabelLanguageArgument = "en") -> str:
    return root.label(language)


@strawberry.type(description="One part of a search, to display as a removable chip.")
class FilterPart:
    field: str = attribute_field("The filter it belongs to, as named in the query string `search`.")
    value: str = attribute_field("The value: a slug, a code or search words.")
    label: str = computed_field(_resolve_label, "The text to display.", cost=LABEL_POINTS)


def _resolve_question(root: relaxations.Relaxation) -> tuple[filter_parts.FilterPart, ...]:
    return list_filter_parts(root.question)


def _resolve_search(root: relaxations.Relaxation | suggestions.Suggestion | understand.Understanding) -> str:
    return format_query_string(root.question)


@strawberry.type(description="A way to loosen a search that has no results.")
class Relaxation:
    without: list[FilterPart] = attribute_field(
        "The parts to remove. They can include `membership` ACTIVE even if the search did not set it, because it is the default.",
        cost=COMPUTED_POINTS,
        length=1,
    )
    instead: list[FilterPart] = attribute_field(
        "The parts to add in their place; empty if removing is enough.", cost=COMPUTED_POINTS, length=1
    )
    question: list[FilterPart] = computed_field(
        _resolve_question, "All parts of the changed search.", cost=QUESTION_POINTS, length=3
    )
    count: int = attribute_field("The number of matches of the changed search.")
    search: str = computed_field(_resolve_search, "The changed search as a canonical query string.", cost=QUESTION_POINTS)


def _resolve_remaining_query(root: understand.Understanding) -> str | None:
    return root.text or None


@strawberry.type(description="Words that could mean several places.")
class AmbiguousWords:
    words: str = attribute_field("The words as typed.")
    candidates: list[str] = attribute_field(
        "The most important places with this name, each with its state. Use one in place of the words.", length=6
    )


@strawberry.type(description="A search in plain words, interpreted with the vocabularies and the gazetteer.")
class Understanding:
    query: str | None = computed_field(
        _resolve_remaining_query,
        "The remaining words, which are searched as text; null if every word was understood.",
        cost=COMPUTED_POINTS,
    )
    parts: list[FilterPart] = attribute_field("All parts of the search, including the remaining words.", length=4)
    ambiguous: list[AmbiguousWords] = attribute_field(
        "Words that could mean several places. They are searched as text; ask the user which place is meant.", length=1
    )
    left_out: list[str] = attribute_field(
        'Words such as "near us" that need a location only the user can supply. They are ignored.', length=1
    )
    search: str = computed_field(
        _resolve_search,
        "The search as a canonical query string, for use in URLs.",
        cost=QUESTION_POINTS,
    )


def _resolve_suggested_node(root: suggestions.Suggestion) -> NodeRecord | None:
    if root.kind is SuggestionKind.ISSUE_AREA and root.term:
        return ISSUE_AREAS.get(root.term)
    return root.organization or root.place or (REGIONS.get(root.region) if root.region else None)


@strawberry.type(description="A suggestion that completes the text typed so far.")
class Suggestion:
    kind: SuggestionKind = attribute_field("The kind of suggestion.")
    label: str = attribute_field("The text to display.")
    search: str = computed_field(_resolve_search, "The suggested search as a canonical query string.", cost=QUESTION_POINTS)
    node: Node | None = computed_field(
        _resolve_suggested_node,
        "The suggested object; null for communities and work areas, which have no id.",
        cost=COMPUTED_POINTS,
    )
