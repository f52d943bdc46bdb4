"""The rows of a plan by what happens with them, so that a page of a large plan is found at once."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from directory.text import fold
from seed.field_changes import list_visibility
from seed.personal_contacts import PersonalContact, list_personal_contacts
from seed.plan.planned_row import Plan, PlannedRow, RowAction
from seed.plan_report import RowQuestion, display_name, list_row_questions
from seed.rows import Row


class RowKey(NamedTuple):
    """What identifies a row of the file in every plan."""

    file: str
    number: int

    @classmethod
    def of(cls, row: Row) -> "RowKey":
        return cls(row.file, row.number)


class RowFilter(StrEnum):
    """Which rows a page shows. The values are in its address."""

    ALL = "all"
    DOUBTFUL = "doubtful"
    DECIDED = "decided"
    REJECTED = "rejected"
    LEFT_OUT = "left-out"
    CHANGED = "changed"
    EDITED = "edited"
    CREATED = "created"
    CONTACTS = "contacts"
    UNCHANGED = "unchanged"


_FILTER_BY_ACTION = {
    RowAction.CREATE: RowFilter.CREATED,
    RowAction.UPDATE: RowFilter.CHANGED,
    RowAction.SKIP: RowFilter.UNCHANGED,
    RowAction.REVIEW: RowFilter.DOUBTFUL,
    RowAction.REJECT: RowFilter.REJECTED,
    RowAction.CONTACT: RowFilter.CONTACTS,
}


class PlanIndex:
    """A plan, and the positions (from 0) of its rows for each filter except DECIDED, which depends on the answers."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.questions: dict[RowKey, RowQuestion] = {
            RowKey.of(question.item.row): question for question in list_row_questions(plan)
        }
        self._positions: dict[RowFilter, list[int]] = {each: [] for each in RowFilter}
        for position, item in enumerate(plan.items):
            for each in _list_filters(item):
                self._positions[each].append(position)

    @cached_property
    def position_by_key(self) -> dict[RowKey, int]:
        return {RowKey.of(item.row): position for position, item in enumerate(self.plan.items)}

    def list_positions(self, row_filter: RowFilter, words: str = "") -> Sequence[int]:
        """Return the positions of the rows, in order: of those whose name contains the words, if there are any."""
        positions, folded = self._positions[row_filter], fold(words)
        if not folded:
            return positions
        return [position for position in positions if folded in fold(display_name(self.plan.items[position]))]

    @cached_property
    def visibility_counts(self) -> Counter[tuple[str, str]]:
        """Of how many new values it is true that these people see them for this reason."""
        return Counter((each.seen_by, each.reason) for item in self.plan.items for each in list_visibility(item))

    @cached_property
    def personal_contacts(self) -> list[tuple[PlannedRow, PersonalContact]]:
        """Telephone numbers and personal mailboxes in texts that would be public."""
        return [(item, contact) for item in self.plan.items for contact in list_personal_contacts(item)]

    @property
    def counts(self) -> dict[RowFilter, int]:
        return {each: len(positions) for each, positions in self._positions.items()}


def _list_filters(item: PlannedRow) -> Sequence[RowFilter]:
    others = ((RowFilter.LEFT_OUT, item.left_out), (RowFilter.EDITED, item.proposed_fields))
    return [RowFilter.ALL, _FILTER_BY_ACTION[item.action], *(each for each, reason in others if reason)]
