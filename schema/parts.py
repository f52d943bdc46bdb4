"""FilterPart, Relaxation, Understanding and Suggestion: questions in words, and what to ask instead."""

import strawberry

from directory import parts as core
from directory.parts import parts, search
from directory.regions import REGIONS
from directory.search import relaxations, suggestions
from directory.search.suggestions import SuggestionKind
from directory.understand import Understanding as Understood
from directory.vocabulary import ISSUE_AREAS
from schema.fields import COMPUTED, LABEL, attribute, computed
from schema.node import Node, Record
from schema.terms import LabelLanguage

QUESTION = 1.5  # points for a question in parts or as a query string


def _label(root: core.FilterPart, language: LabelLanguage = "en") -> str:
    return root.label(language)


@strawberry.type(description="One part of a question, for a page to show and to remove.")
class FilterPart:
    field: str = attribute("What it asks about, as the keys of `search` name it.")
    value: str = attribute("What it asks for: a slug, a code, words.")
    label: str = computed(_label, "What people read.", cost=LABEL)


def _without(root: relaxations.Relaxation) -> tuple[core.FilterPart, ...]:
    return root.without


def _question(root: relaxations.Relaxation) -> tuple[core.FilterPart, ...]:
    return parts(root.question)


def _search(root: relaxations.Relaxation | suggestions.Suggestion | Understood) -> str:
    return search(root.question)


@strawberry.type(description="What to drop from a question that nothing matches, or to ask instead.")
class Relaxation:
    without: list[FilterPart] = attribute(
        "The parts to drop; `membership` ACTIVE where members alone were asked for, as they are unless others are named.",
        cost=COMPUTED,
        length=1,
    )
    instead: list[FilterPart] = attribute(
        "The parts to take in their place; empty where dropping is enough.", cost=COMPUTED, length=1
    )
    question: list[FilterPart] = computed(_question, "The parts that are asked then.", cost=QUESTION, length=3)
    count: int = attribute("How many organizations that would give.")
    search: str = computed(_search, "What is asked then, as the canonical query string.", cost=QUESTION)


def _left(root: Understood) -> str | None:
    return root.text or None


@strawberry.type(description="Words that name several places.")
class AmbiguousWords:
    words: str = attribute("As they were said.")
    candidates: list[str] = attribute("The foremost of these places by name and state, to say instead.", length=6)


@strawberry.type(description="What a person's words mean, by the vocabularies and the gazetteer.")
class Understanding:
    query: str | None = computed(_left, "The words that were left, to be searched as text; null when none were.", cost=COMPUTED)
    parts: list[FilterPart] = attribute("The whole question, those words among it.", length=4)
    ambiguous: list[AmbiguousWords] = attribute("Names of several places, searched as text, to ask back about.", length=1)
    left_out: list[str] = attribute('Words such as "near us", of which only the asker can make a place.', length=1)
    search: str = computed(
        _search, "The whole question as the canonical query string of pages, downloads and feeds.", cost=QUESTION
    )


def _suggested(root: suggestions.Suggestion) -> Record | None:
    if root.kind is SuggestionKind.ISSUE_AREA and root.term:
        return ISSUE_AREAS.get(root.term)
    return root.organization or root.place or (REGIONS.get(root.region) if root.region else None)


@strawberry.type(description="Where the words typed so far may lead.")
class Suggestion:
    kind: SuggestionKind = attribute("What it leads to.")
    label: str = attribute("What people read.")
    search: str = computed(_search, "The question it stands for, as the canonical query string.", cost=QUESTION)
    node: Node | None = computed(
        _suggested, "The record itself; null for communities and work areas, which have no id.", cost=COMPUTED
    )
