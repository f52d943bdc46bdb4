"""Suggestion: what a person may mean by the words typed so far."""

import strawberry

from directory.filters.query_strings import format_query_string
from directory.suggestions import suggestion
from directory.suggestions.suggestion import SuggestionKind
from directory.vocabulary.regions import REGIONS
from schema.fields import COMPUTED_POINTS, LABEL_POINTS, attribute_field, computed_field
from schema.types.filter_part import QUESTION_POINTS
from schema.types.global_ids import Node, NodeRecord
from schema.types.terms import LabelLanguageArgument


def _resolve_label(root: suggestion.Suggestion, language: LabelLanguageArgument = "en") -> str:
    return root.label(language)


def _resolve_search(root: suggestion.Suggestion) -> str:
    return format_query_string(root.question)


def _resolve_node(root: suggestion.Suggestion) -> NodeRecord | None:
    found = root.organization or root.place or root.record or root.find_term()
    return found or (REGIONS.get(root.region) if root.region else None)


@strawberry.type(description="A suggestion that completes the text typed so far.")
class Suggestion:
    kind: SuggestionKind = attribute_field("The kind of suggestion.")
    label: str = computed_field(
        _resolve_label,
        "The text to display, in the language of `language` even if the words are in another one. Names are not translated, and "
        "a completed sentence stays in its language.",
        cost=LABEL_POINTS,
    )
    search: str = computed_field(_resolve_search, "The suggested search as a canonical query string.", cost=QUESTION_POINTS)
    node: Node | None = computed_field(_resolve_node, "The suggested object.", cost=COMPUTED_POINTS)
