"""The questions about doubtful rows of a plan: which record is a row about? The terminal and the review page ask the same."""

from collections.abc import Iterator

from msgspec import Struct

from seed.plan.planned_row import DuplicateCandidate, Plan, PlannedRow, list_rows_to_review
from seed.report.plan_report import display_name
from seed.resolve.row_statement import LEAVE_REMOVED, NEW_RECORD


class RowChoice(Struct, frozen=True):
    """One answer. `answer` is what `same_as` contains then; `candidate` is the record that it names.

    Without a candidate, the answer is NEW_RECORD, or LEAVE_REMOVED if a candidate was removed.
    """

    answer: str
    candidate: DuplicateCandidate | None = None


class RowQuestion(Struct, frozen=True):
    """A doubtful row, its position in the plan (from 0), and the possible answers. Without an answer it stays doubtful."""

    position: int
    item: PlannedRow
    choices: tuple[RowChoice, ...]


def list_row_questions(plan: Plan) -> Iterator[RowQuestion]:
    """Yield a question for each doubtful row. Rows about people that name one unknown organization make one question."""
    possible: set[str] = set()
    for position, item in list_rows_to_review(plan):
        if not item.candidates and display_name(item) in possible:
            continue
        possible |= set() if item.candidates else {display_name(item)}
        records = tuple(RowChoice(candidate.answer, candidate) for candidate in item.candidates)
        removed = (RowChoice(LEAVE_REMOVED),) if any(candidate.was_removed for candidate in item.candidates) else ()
        yield RowQuestion(position, item, (*records, *removed, RowChoice(NEW_RECORD)))
