"""Every row with its fate, as plain values: what the JSON holds, and the tables are made of."""

from collections.abc import Iterator

from msgspec import UNSET, Struct, UnsetType

from directory.drafts.problems import Problem
from directory.records import StoredOrganization
from seed.plan.planned_row import Plan, PlannedRow, RowAction
from seed.report.field_changes import FieldChange, list_changes, list_proposals
from seed.rows import Row
from seed.sources.hsds.unmapped import UNMAPPED_PREFIX


class ProblemReport(Struct, frozen=True):
    """`column` is the file's heading, None where the row has none; `path` the field, `value` the cell as it was read."""

    column: str | None
    path: str
    value: str | None
    code: str
    message: str


class EvidenceReport(Struct, frozen=True):
    """Why a row is, or may be, about a kept record."""

    organization: str  # its slug
    name: str
    verdict: str
    score: float
    because: tuple[str, ...]


class RepairReport(Struct, frozen=True):
    column: str
    before: str
    after: str
    reason: str


class RowReport(Struct, frozen=True, kw_only=True):
    file: str
    row: int
    fate: str
    name: str
    organization: str | None  # the slug of the record, where the row is about one or makes one
    changes: tuple[FieldChange, ...]
    proposed: tuple[FieldChange, ...]
    evidence: tuple[EvidenceReport, ...]
    problems: tuple[ProblemReport, ...]
    repairs: tuple[RepairReport, ...]
    unknown_terms: dict[str, tuple[str, ...]]
    not_taken: dict[str, str]  # what the source says and no field here holds


class MissingRecordReport(Struct, frozen=True):
    organization: str  # its slug
    name: str
    is_its_own: bool  # nobody else states anything of it, so that --retire-missing would remove it


class PlanReport(Struct, frozen=True, kw_only=True):
    """Rows are the sum of the five fates. `missing` records came from this source and are not in it any more."""

    rows: int
    created: int
    changed: int
    unchanged: int
    doubtful: int
    refused: int
    missing: int
    notes: tuple[str, ...]
    items: tuple[RowReport, ...]
    missing_organizations: tuple[MissingRecordReport, ...]
    revision: int | UnsetType = UNSET  # under which it was written; absent for a plan that was only shown


def build_plan_report(plan: Plan, notes: tuple[str, ...] = (), revision: int | None = None) -> PlanReport:
    """The whole plan in plain values."""
    counts = {fate.value.lower(): count for fate, count in plan.counts.items()}
    return PlanReport(
        rows=len(plan.items),
        missing=len(plan.missing_records),
        notes=notes,
        items=tuple(build_row_report(item) for item in plan.items),
        missing_organizations=tuple(
            MissingRecordReport(one.record.slug, one.record.name, one.is_retirable) for one in plan.missing_records
        ),
        revision=UNSET if revision is None else revision,
        **counts,
    )


def build_row_report(item: PlannedRow) -> RowReport:
    return RowReport(
        file=item.row.file,
        row=item.row.number,
        fate=item.action.value.lower(),
        name=display_name(item),
        organization=_affected_record(item).slug if _affected_record(item) else None,  # type: ignore[union-attr]
        changes=list_changes(item),
        proposed=list_proposals(item),
        evidence=tuple(_build_evidence(item)),
        problems=tuple(build_problem_report(problem, item.row) for problem in item.problems),
        repairs=tuple(RepairReport(one.column, one.before, one.after, one.reason) for one in item.row.repairs),
        unknown_terms=dict(item.row.unknown_terms),
        not_taken={
            name.removeprefix(UNMAPPED_PREFIX): text for name, text in item.row.cells.items() if name.startswith(UNMAPPED_PREFIX)
        },
    )


def display_name(item: PlannedRow) -> str:
    """The name that the row states, else the record's; "" where neither is."""
    stated = item.row.fields.get("name")
    record = _affected_record(item)
    return stated if isinstance(stated, str) else record.name if record else ""


def build_problem_report(problem: Problem, row: Row) -> ProblemReport:
    """The problem at its column: the heading from which the field came, and what stood there."""
    column = next((row.columns[key] for key in _list_column_keys(problem) if key in row.columns), None)
    if column is None and problem.path_text in row.cells:
        column = problem.path_text
    return ProblemReport(
        column, problem.path_text, row.cells.get(column) if column else None, problem.code.value, problem.message
    )


def _list_column_keys(problem: Problem) -> Iterator[str]:
    """The path, the flat field of it, then what it lies in: locations[0].state, location.state, locations[0], locations."""
    yield problem.path_text
    if len(problem.path) == 3:
        group, position, field = problem.path
        number = int(position) + 1
        yield f"{str(group).removesuffix('s')}{number if number > 1 else ''}.{field}"
    for length in range(len(problem.path) - 1, 0, -1):
        yield Problem(problem.path[:length], problem.code, "").path_text


def _affected_record(item: PlannedRow) -> StoredOrganization | None:
    return item.record_after or item.record_before


def _build_evidence(item: PlannedRow) -> Iterator[EvidenceReport]:
    if item.evidence and item.record_before is not None:
        score = sum(one.points for one in item.evidence)
        yield EvidenceReport(
            item.record_before.slug, item.record_before.name, "SAME", round(score, 2), tuple(one.detail for one in item.evidence)
        )
    for one in item.candidates:
        judgement = one.match_result
        because = tuple(evidence.detail for evidence in judgement.evidence)
        yield EvidenceReport(one.slug, one.name, judgement.verdict.value, round(judgement.score, 2), because)


def needs_correction(item: PlannedRow) -> bool:
    return item.action in (RowAction.REJECT, RowAction.REVIEW)
