"""The plan of an import: one PlannedRow for each row, and the records missing from the source."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Generic, TypeAlias

from msgspec import Struct
from msgspec.structs import replace
from typing_extensions import TypeVar

from directory.drafts.problems import Problem
from directory.matching.evidence import Evidence, MatchResult
from directory.records import RowMatch, StoredOrganization, StoredRecord
from directory.store.ledger.edits import Edit, Put, Remove
from directory.store.ledger.removal_decisions import RemovalDecision
from seed.rows import Row

R_co = TypeVar("R_co", bound=StoredRecord, default=StoredRecord, covariant=True)


class RowAction(StrEnum):
    """What the import does with a row. The values appear in reports.

    CONTACT: the row is about a person, who becomes a contact of the organization in another row.
    """

    CREATE = "CREATED"
    UPDATE = "CHANGED"
    SKIP = "UNCHANGED"
    REVIEW = "DOUBTFUL"
    REJECT = "REFUSED"
    CONTACT = "CONTACT"


WRITE_ACTIONS = (RowAction.CREATE, RowAction.UPDATE)


class DuplicateCandidate(Struct, frozen=True):
    """A record that a doubtful row may refer to, with the evidence.

    `is_new`: an earlier row of the file creates it, so its id differs in every plan. `was_removed`: it is not in the directory
    any more; a person removed it, or it was hidden.
    """

    id: str
    slug: str
    name: str
    match_result: MatchResult
    is_new: bool = False
    was_removed: bool = False

    @property
    def answer(self) -> str:
        """What `same_as` contains if the row refers to this record."""
        return self.slug if self.is_new else self.id


class PlannedRow(Struct, Generic[R_co], frozen=True, kw_only=True):
    """One row and what the import does with it. The records are of any kind, unless the type names one.

    - `record_after` is the record after the import; None for a refused or doubtful row. `record_before` is the stored record;
      None for a new one.
    - `changed_fields` are the fields of the stored record that change.
    - `proposed_fields` differ from the row but are kept, because a person edited them later.
    - `evidence` explains why the row refers to this record. `candidates` are the possible records of a doubtful row, best first.
      A doubtful row about a person has none if no record is possible.
    - `namesakes` have the name of a new record and are not it, for example because they are at another place.
    - `row_match` is what later imports must know of a doubtful row, or of one whose record a person chose; otherwise None.
    - `left_removed` is the removed record of a row that is skipped because a person decided that the record stays removed.
    - `repeats` is an earlier row of the file that describes the same record, whose values are used instead.
    - `viewed_streets` are private streets of its locations, by location id, that a person asked to see (seed/plan_report.py).
    - `problems` explain why a row is refused. `left_out` are those of values without which a row is imported.
    """

    row: Row
    action: RowAction
    record_after: R_co | None = None
    record_before: R_co | None = None
    revision: int = 0  # of the last change to the record before planning; 0 for a new one
    changed_fields: tuple[str, ...] = ()
    proposed_fields: tuple[str, ...] = ()
    proposed_record: R_co | None = None  # the record with the values of the row; None if no field is proposed
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[DuplicateCandidate, ...] = ()
    namesakes: tuple[DuplicateCandidate, ...] = ()
    row_match: RowMatch | None = None
    left_removed: R_co | None = None
    repeats: Row | None = None
    viewed_streets: Mapping[str, str] = {}
    problems: tuple[Problem, ...] = ()
    left_out: tuple[Problem, ...] = ()


class MissingRecord(Struct, frozen=True):
    """A stored record that came from the dataset but is no longer in it.

    It is retirable if no other source or person has stated any of it, no other record refers to it, and it is not the network's
    own record.
    """

    record: StoredOrganization
    revision: int
    is_retirable: bool


class Plan(Struct, Generic[R_co], frozen=True):
    """All rows of an import in order, and the records missing from the source.

    `reminders` are edits of records that no row changes. They only remember doubtful rows and decisions for later imports.
    `revision` is that of the directory with which the rows were compared, None if it does not matter.
    """

    items: tuple[PlannedRow[R_co], ...]
    missing_records: tuple[MissingRecord, ...] = ()
    reminders: tuple[Put, ...] = ()
    revision: int | None = None

    def select(self, *actions: RowAction) -> "Plan[R_co]":
        """Return a plan with only the rows of these actions, without missing records."""
        return Plan(tuple(item for item in self.items if item.action in actions))

    @property
    def counts(self) -> dict[RowAction, int]:
        """The number of rows by action, including zeros."""
        counts = dict.fromkeys(RowAction, 0)
        for item in self.items:
            counts[item.action] += 1
        return counts

    @property
    def writes_something(self) -> bool:
        """Whether applying the plan may write: a record, the removal of one, or that a row was doubtful."""
        changed = any(item.action in (RowAction.CREATE, RowAction.UPDATE) for item in self.items)
        return changed or bool(self.missing_records or self.reminders or self.removal_decisions)

    @property
    def left_out_count(self) -> int:
        """The number of values that are left out of rows that are imported or may be."""
        return sum(len(item.left_out) for item in self.items)

    @property
    def left_removed_count(self) -> int:
        """The number of rows that are skipped because a person decided that their records stay removed."""
        return sum(item.left_removed is not None for item in self.items)

    @property
    def removal_decisions(self) -> list[RemovalDecision]:
        """What the import remembers of these rows."""
        return [
            RemovalDecision(item.row_match.origin, item.row_match.row_key, item.left_removed.id)
            for item in self.items
            if item.left_removed is not None and item.row_match is not None
        ]

    @property
    def needs_a_person(self) -> bool:
        """Whether a row is refused or doubtful, or lacks a value of its file."""
        return any(item.left_out or item.action in (RowAction.REJECT, RowAction.REVIEW) for item in self.items)

    @property
    def edits(self) -> list[Edit]:
        """The records to write. An edit fails if its record changed after planning."""
        written = (item for item in self.items if item.action in WRITE_ACTIONS)
        return [Put(item.record_after, item.revision) for item in written if item.record_after]

    @property
    def retirements(self) -> list[Edit]:
        """The removals of all retirable missing records."""
        return [Remove(missing.record.id, missing.revision) for missing in self.missing_records if missing.is_retirable]


OrganizationRow: TypeAlias = PlannedRow[StoredOrganization]
OrganizationPlan: TypeAlias = Plan[StoredOrganization]


def with_answers(plan: Plan, answers: Mapping[int, str]) -> Iterator[Row]:
    """Yield the rows of the plan, to be planned again, with a person's answers in `same_as`.

    `answers` maps positions (from 0) to an id, a slug or "new".
    """
    for position, item in enumerate(plan.items):
        row = item.row
        yield replace(row, fields={**row.fields, "same_as": answers[position]}) if position in answers else row


def list_rows_to_review(plan: Plan) -> Sequence[tuple[int, PlannedRow]]:
    """Return the doubtful rows with their positions (from 0)."""
    return [(position, item) for position, item in enumerate(plan.items) if item.action is RowAction.REVIEW]
