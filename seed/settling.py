"""Answers to doubtful rows: whom each is about, as a person decided."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from seed.items import Plan, PlannedRow
from seed.rows import Row


def with_answers(plan: Plan, answers: Mapping[int, str]) -> Iterator[Row]:
    """The rows of the plan, to be planned again: those at these positions (from 0) with an id, a slug or "new" as the answer."""
    for position, item in enumerate(plan.items):
        row = item.row
        yield replace(row, fields={**row.fields, "same_as": answers[position]}) if position in answers else row


def list_rows_to_review(plan: Plan) -> Sequence[tuple[int, PlannedRow]]:
    """The doubtful rows with their positions."""
    return [(position, item) for position, item in enumerate(plan.items) if item.candidates]
