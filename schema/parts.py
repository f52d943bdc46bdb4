"""FilterPart, Relaxation, Understanding and Suggestion: questions in words, and what to ask instead."""

import strawberry

from directory import parts as core
from directory.parts import parts, search
from directory.search import relaxations, suggestions
from directory.search.suggestions import SuggestionKind
from schema.fields import attribute, computed
from schema.node import Node, Record
from schema.terms import LabelLanguage


def _label(root: core.FilterPart, language: LabelLanguage = "en") -> str:
    return root.label(language)


@strawberry.type(description="One part of a question, for a page to show and to remove.")
class FilterPart:
    field: str = attribute("What it asks about, as the keys of `search` name it.")
    value: str = attribute("What it asks for: a slug, a code, words.")
    label: str = computed(_label, "What people read.")


def _without(root: relaxations.Relaxation) -> tuple[core.FilterPart, ...]:
    return root.without


def _question(root: relaxations.Relaxation) -> tuple[core.FilterPart, ...]:
    return parts(root.question)


def _search(root: "relaxations.Relaxation | suggestions.Suggestion | Understood") -> str:
    return search(root.question)


@strawberry.type(description="What to drop from a question that nothing matches.")
class Relaxation:
    without: list[FilterPart] = attribute("The parts to drop.")
    question: list[FilterPart] = computed(_question, "The parts that stay.")
    count: int = attribute("How many organizations that would give.")
    search: str = computed(_search, "What stays, as the canonical query string.")
