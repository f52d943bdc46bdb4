"""What becomes of rows: a plan, one item a row."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.matching.evidence import Evidence, MatchResult
from directory.records import StoredOrganization
from directory.store.ledger.edits import Edit, Put, Remove
from seed.rows import Row


class RowAction(StrEnum):
    CREATE = "CREATED"
    UPDATE = "CHANGED"
    SKIP = "UNCHANGED"
    REVIEW = "DOUBTFUL"
    REJECT = "REFUSED"


class DuplicateCandidate(Struct, frozen=True):
    """A record that a doubtful row may be about, and why."""

    id: str
    slug: str
    name: str
    match_result: MatchResult


class PlannedRow(Struct, frozen=True, kw_only=True):
    """One row and what becomes of it.

    `entry` is the record as it will be, None where the row is refused or doubtful; `before` as it is kept, None for a new one.
    `fields` of Entry are those that change, `proposed` those that the row states otherwise than a person who edited them later:
    these stay. `evidence` says why the row is about this record, `likely` whom a doubtful one may be about, best first.
    `problems` say why a row is refused.
    """

    row: Row
    action: RowAction
    record_after: StoredOrganization | None = None
    record_before: StoredOrganization | None = None
    revision: int = 0  # at which the record was last changed when this was planned, 0 for a new one
    changed_fields: tuple[str, ...] = ()
    proposed_fields: tuple[str, ...] = ()
    proposed_record: StoredOrganization | None = None  # the record as the row would have it, where fields are proposed
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[DuplicateCandidate, ...] = ()
    problems: tuple[Problem, ...] = ()


class MissingRecord(Struct, frozen=True):
    """A kept record that came from the dataset and is not in it any more.

    `is_its_own`: nobody else has stated anything of it or refers to it, and it is not the network itself: it may be retired.
    """

    record: StoredOrganization
    revision: int
    is_retirable: bool


class Plan(Struct, frozen=True):
    items: tuple[PlannedRow, ...]
    missing_records: tuple[MissingRecord, ...] = ()

    def select(self, *actions: RowAction) -> "Plan":
        """The part of the plan with these fates."""
        return Plan(tuple(item for item in self.items if item.action in actions))

    @property
    def counts(self) -> dict[RowAction, int]:
        counted = dict.fromkeys(RowAction, 0)
        for item in self.items:
            counted[item.action] += 1
        return counted

    @property
    def edits(self) -> list[Edit]:
        """What is to be written. Each holds only while its record is as it was when the plan was made."""
        written = (item for item in self.items if item.action in (RowAction.CREATE, RowAction.UPDATE))
        return [Put(item.record_after, item.revision) for item in written if item.record_after]

    @property
    def retirements(self) -> list[Edit]:
        """Removes the missing records that only this dataset knew."""
        return [Remove(one.record.id, one.revision) for one in self.missing_records if one.is_retirable]


def with_answers(plan: Plan, answers: Mapping[int, str]) -> Iterator[Row]:
    """The rows of the plan, to be planned again: those at these positions (from 0) with an id, a slug or "new" as the answer."""
    for position, item in enumerate(plan.items):
        row = item.row
        yield replace(row, fields={**row.fields, "same_as": answers[position]}) if position in answers else row


def list_rows_to_review(plan: Plan) -> Sequence[tuple[int, PlannedRow]]:
    """The doubtful rows with their positions."""
    return [(position, item) for position, item in enumerate(plan.items) if item.candidates]
