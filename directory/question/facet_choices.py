"""The values of a facet that a question chooses, and the question that choosing another one leads to.

Of a facet, a choice replaces what `any_of` is for its field, and every clause whose alternatives all choose values of that field.
Everything else stays: required and excluded values, and clauses with alternatives of other fields.
"""

from typing import Any

from msgspec.structs import replace

from directory.question.conditions import FACETS
from directory.question.filter import Clause, find_choice
from directory.question.question import Question
from directory.records import OrganizationKind

KIND_FACET = "kinds"
REGION_FACET = "regions"
CHOICE_FACETS = (*FACETS, KIND_FACET, REGION_FACET)


def belongs_to_facet(clause: Clause, facet: str) -> bool:
    """Return whether all alternatives of a clause choose values of a facet of CHOICE_FACETS."""
    choices = map(find_choice, clause)
    return all(choice is not None and choice[0] == facet for choice in choices)


def list_facet_values(question: Question, facet: str) -> frozenset[str]:
    """Return the values of a facet that a choice would replace."""
    values = {*_list_values(getattr(question, facet))}
    for clause in question.clauses:
        if belongs_to_facet(clause, facet):
            values.update(value for alternative in clause for value in _list_values(getattr(alternative, facet)))
    return frozenset(values)


def choose_facet_value(question: Question, facet: str, value: str) -> Question:
    """Return the question with this value in place of all values of the facet. Its total is the count of the value."""
    chosen: Any = (OrganizationKind(value),) if facet == KIND_FACET else replace(getattr(question, facet), any_of=(value,))
    clauses = tuple(clause for clause in question.clauses if not belongs_to_facet(clause, facet))
    return replace(question, **{facet: chosen, "clauses": clauses})


def _list_values(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else value.any_of
