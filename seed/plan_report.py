"""What people see of a plan as plain values: the report, the questions about doubtful rows, and the streets they ask for.

The JSON report is the encoding of these values; tables are made from it. The terminal and the review page ask the same questions.
"""

import datetime as dt
from collections.abc import Iterator

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from directory.curation.revision_summary import RevisionSummary
from directory.drafts.problems import Problem
from directory.geo import Disclosure
from directory.records import RecordKind, StoredRecord
from directory.store.ledger.edits import IMPORT_ACTOR, EditOutcome, Receipt, RecordId
from directory.store.store import Store
from directory.store.viewed_places import view_streets
from seed.field_changes import FieldChange, VisibilityDecision, list_changes, list_proposals, list_visibility
from seed.plan.planned_row import DuplicateCandidate, Plan, PlannedRow, RowAction, list_rows_to_review
from seed.resolve.row_statement import LEAVE_REMOVED, NEW_RECORD
from seed.rows import Repair, Row
from seed.sources.hsds.organization import UNMAPPED_PREFIX


class ProblemReport(Struct, frozen=True):
    """A problem of a row. `column` is the heading in the file, or None; `path` is the field; `value` is the original cell."""

    column: str | None
    path: str
    value: str | None
    code: str
    message: str


class EvidenceReport(Struct, frozen=True):
    """Why a row refers, or may refer, to a record. `was_removed`: a person removed it, or it was hidden and removed.

    `is_namesake`: the row is created although this record has the same name.
    """

    organization: str  # its slug
    name: str
    verdict: str
    score: float
    because: tuple[str, ...]
    was_removed: bool = False
    is_namesake: bool = False


class RowReport(Struct, frozen=True, kw_only=True):
    file: str
    row: int
    fate: str
    name: str
    organization: str | None  # the slug of the record that the row updates or creates
    changes: tuple[FieldChange, ...]
    proposed: tuple[FieldChange, ...]
    evidence: tuple[EvidenceReport, ...]
    left_removed: str | None  # the name of the record that a person decided to leave removed
    repeats: str | None  # the earlier row that describes the same organization, whose values are used instead
    problems: tuple[ProblemReport, ...]
    left_out: tuple[ProblemReport, ...]  # of values without which the row is imported
    repairs: tuple[Repair, ...]
    visibility: tuple[VisibilityDecision, ...]
    unknown_terms: dict[str, tuple[str, ...]]
    not_taken: dict[str, str]  # values in the source that the directory has no field for


class MissingRecordReport(Struct, frozen=True):
    organization: str  # its slug
    name: str
    is_its_own: bool  # only this source states it, so --retire-missing would remove it


class PlanReport(Struct, frozen=True, kw_only=True):
    """The whole report. `rows` is the sum of `contact` and the five counts after `rows`.

    `contact` counts rows about people that became contacts of the organization in another row; `missing` counts records no
    longer in the source. `left_removed` counts unchanged rows whose records a person leaves removed. `values_left_out` counts
    values that could not be used, in rows that are imported or doubtful.
    """

    rows: int
    created: int
    changed: int
    unchanged: int
    doubtful: int
    refused: int
    missing: int
    values_left_out: int
    contact: int
    left_removed: int
    notes: tuple[str, ...]
    items: tuple[RowReport, ...]
    missing_organizations: tuple[MissingRecordReport, ...]
    revision: int | UnsetType = UNSET  # absent if the plan was not applied
    receipt: RevisionSummary | UnsetType = UNSET  # absent if nothing was written


def build_plan_report(
    plan: Plan, notes: tuple[str, ...] = (), revision: int | None = None, receipt: RevisionSummary | None = None
) -> PlanReport:
    """Return the report of a plan. `revision` is the one that applied it, or None; `receipt` says what that one changed."""
    counts = {action.value.lower(): count for action, count in plan.counts.items()}
    return PlanReport(
        rows=len(plan.items),
        missing=len(plan.missing_records),
        values_left_out=plan.left_out_count,
        left_removed=plan.left_removed_count,
        notes=notes,
        items=tuple(build_row_report(item) for item in plan.items),
        missing_organizations=tuple(
            MissingRecordReport(missing.record.slug, missing.record.name, missing.is_retirable)
            for missing in plan.missing_records
        ),
        revision=UNSET if revision is None else revision,
        receipt=UNSET if receipt is None else receipt,
        **counts,
    )


def build_row_report(item: PlannedRow) -> RowReport:
    record = _affected_record(item)
    return RowReport(
        file=item.row.file,
        row=item.row.number,
        fate=item.action.value.lower(),
        name=display_name(item),
        organization=record.slug if record else None,
        changes=list_changes(item),
        proposed=list_proposals(item),
        evidence=tuple(_build_evidence(item)),
        left_removed=item.left_removed.name if item.left_removed else None,
        repeats=f"{item.repeats.file}, row {item.repeats.number}" if item.repeats else None,
        problems=tuple(build_problem_report(problem, item.row) for problem in item.problems),
        left_out=tuple(build_problem_report(problem, item.row) for problem in item.left_out),
        repairs=item.row.repairs,
        visibility=list_visibility(item),
        unknown_terms=dict(item.row.unknown_terms),
        not_taken={
            name.removeprefix(UNMAPPED_PREFIX): text for name, text in item.row.cells.items() if name.startswith(UNMAPPED_PREFIX)
        },
    )


def display_name(item: PlannedRow) -> str:
    """Return the name in the row, otherwise the record's name, otherwise the number of a provision; "" if there is none."""
    name, number = item.row.fields.get("name"), item.row.fields.get("number")
    record = _affected_record(item)
    return name if isinstance(name, str) else record.name if record else number if isinstance(number, str) else ""


def build_problem_report(problem: Problem, row: Row) -> ProblemReport:
    """Return the problem with its column and cell: the heading that the field came from, and the original text."""
    column = next((row.columns[key] for key in _list_column_keys(problem) if key in row.columns), None)
    if column is None and problem.path_text in row.cells:
        column = problem.path_text
    return ProblemReport(
        column, problem.path_text, row.cells.get(column) if column else None, problem.code.value, problem.message
    )


def _list_column_keys(problem: Problem) -> Iterator[str]:
    """Yield keys of `Row.columns` for the problem: locations[0].state, location.state, locations[0], locations."""
    yield problem.path_text
    if len(problem.path) == 3:
        group, position, field = problem.path
        number = int(position) + 1
        yield f"{str(group).removesuffix('s')}{number if number > 1 else ''}.{field}"
    for length in range(len(problem.path) - 1, 0, -1):
        yield Problem(problem.path[:length], problem.code, "").path_text


def _affected_record(item: PlannedRow) -> StoredRecord | None:
    return item.record_after or item.record_before


def _build_evidence(item: PlannedRow) -> Iterator[EvidenceReport]:
    if item.evidence and item.record_before is not None:
        score = sum(evidence.points for evidence in item.evidence)
        details = tuple(evidence.detail for evidence in item.evidence)
        yield EvidenceReport(item.record_before.slug, item.record_before.name, "SAME", round(score, 2), details)
    for candidate in (*item.candidates, *item.namesakes):
        match, is_namesake = candidate.match_result, candidate in item.namesakes
        details = tuple(evidence.detail for evidence in match.evidence)
        verdict, score = match.verdict.value, round(match.score, 2)
        yield EvidenceReport(candidate.slug, candidate.name, verdict, score, details, candidate.was_removed, is_namesake)


def needs_correction(item: PlannedRow) -> bool:
    """Whether a person has to correct the row or a value of it, or choose its record."""
    return item.action in (RowAction.REJECT, RowAction.REVIEW) or bool(item.left_out)


def format_outcomes(receipt: Receipt, plan: Plan) -> str:
    """Count what was written. Records that only remember doubtful rows and decisions do not count as changed."""
    counts = {outcome: receipt.count(outcome) for outcome in EditOutcome if outcome is not EditOutcome.UNCHANGED}
    counts[EditOutcome.CHANGED] -= len(plan.reminders)
    return ", ".join(f"{count:,} {outcome.value.lower()}" for outcome, count in counts.items())


def format_remembered_rows(plan: Plan) -> Iterator[str]:
    """Yield what later imports of the list know of the rows for which there was or is something to decide."""
    matches = [item.row_match for item in plan.items if item.row_match]
    decided = sum(match.is_decided for match in matches)
    if undecided := len(matches) - decided:
        rows = "1 doubtful row" if undecided == 1 else f"{undecided:,} doubtful rows"
        yield f"Not decided: {rows}. The next import of this list asks again."
    if decided:
        decisions = "1 decision" if decided == 1 else f"{decided:,} decisions"
        yield f"Remembered: {decisions}. The next import of this list does not ask again."


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


def view_changed_streets(plan: Plan, store: Store, *, now: dt.datetime, reason: str, actor: str = IMPORT_ACTOR) -> Plan:
    """Return the plan with the private streets that its rows change or propose to change.

    A revision of the ledger records who looked, when, why, and at which records, before this returns. Without such streets
    nothing is recorded. Plans of other kinds than organizations are returned as they are.
    """
    ids: dict[RecordId, list[str]] = {}
    for item in plan.items:
        locations = list(_list_withheld_locations(item))
        if locations and item.record_before is not None:
            ids.setdefault(RecordId(RecordKind.ORGANIZATION, item.record_before.id), []).extend(locations)
    streets = view_streets(store, ids, actor=actor, now=now, reason=reason)
    items = (replace(item, viewed_streets=_select_streets(item, streets)) if streets else item for item in plan.items)
    return replace(plan, items=tuple(items))


def _list_withheld_locations(item: PlannedRow) -> Iterator[str]:
    """Yield the ids of the stored locations that the row changes and whose streets are not public."""
    after = item.record_after if "sites" in item.changed_fields else item.proposed_record
    if item.record_before is None or after is None or "sites" not in (*item.changed_fields, *item.proposed_fields):
        return
    for site in item.record_before.sites:
        if site not in after.sites and site.disclosure is not Disclosure.EXACT:
            yield site.id


def _select_streets(item: PlannedRow, streets: dict[str, str]) -> dict[str, str]:
    return {location_id: streets[location_id] for location_id in _list_withheld_locations(item) if location_id in streets}
