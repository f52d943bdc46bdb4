"""Write the report of a plan to a JSON, CSV or XLSX file, and rows to correct to a corrections file."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import UNSET

from directory.curation.revision_summary import RevisionSummary
from directory.errors import BadInput
from directory.export.output_files import write_atomically, write_csv_file, write_xlsx_file
from directory.matching.evidence import Verdict
from directory.matching.weights import POSSIBLE_FROM, SAME_FROM
from seed.field_changes import FieldChange
from seed.plan.planned_row import Plan, PlannedRow, RowAction
from seed.plan_report import EvidenceReport, PlanReport, ProblemReport, RowReport, build_row_report, needs_correction
from seed.resolve.row_statement import LEAVE_REMOVED
from seed.sources.dataset import Dataset
from seed.sources.own_tables import CORRECTION_COLUMNS, REASON_COLUMN, SAME_AS_COLUMN

REPORT_HEADINGS = (
    "file",
    "row",
    "fate",
    "name",
    "organization",
    "changes",
    "proposed",
    "evidence",
    "problems",
    "left out",
    "repairs",
    "visibility",
)


def write_report(report: PlanReport, path: Path) -> None:
    """Write the report in the format of the file's extension.

    Raises BadInput for another extension, or if the file cannot be written.
    """
    write = REPORT_WRITERS.get(path.suffix.lower())
    if write is None:
        raise BadInput(f"{path.name} is not a report file; use the extension {', '.join(REPORT_WRITERS)}.", argument="report")
    try:
        write(report, path)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.", argument="report") from error


def _write_json_report(report: PlanReport, path: Path) -> None:
    with write_atomically(path) as out:
        out.write(msgspec.json.format(msgspec.json.encode(report)) + b"\n")


def _write_csv_report(report: PlanReport, path: Path) -> None:
    write_csv_file(path, REPORT_HEADINGS, _build_rows(report))


def _write_xlsx_report(report: PlanReport, path: Path) -> None:
    write_xlsx_file(path, REPORT_HEADINGS, _build_rows(report))


def _build_rows(report: PlanReport) -> Iterator[Sequence[str]]:
    for item in report.items:
        yield _build_cells(item)
    for missing in report.missing_organizations:
        yield ("", "", "missing", missing.name, missing.organization, *[""] * (len(REPORT_HEADINGS) - 5))
    if report.receipt is not UNSET:
        yield from _build_receipt_rows(report.receipt)


def _build_receipt_rows(summary: RevisionSummary) -> Iterator[Sequence[str]]:
    """Yield a row for each part of records that is public now and was not before, or that stays private."""
    for fate, parts in (("public now", summary.public), ("not public", summary.private)):
        for part in parts:
            names = "\n".join(f"{record.name} ({record.slug})" for record in part.records)
            count = "1 record" if part.count == 1 else f"{part.count} records"
            yield ("", "", fate, part.label, count, names, *[""] * (len(REPORT_HEADINGS) - 6))


def _build_cells(item: RowReport) -> Sequence[str]:
    lists = (
        [_format_change(change) for change in item.changes],
        [_format_change(change) for change in item.proposed],
        [*map(_format_evidence, item.evidence), *([f"{item.left_removed}: left removed"] if item.left_removed else [])],
        [format_problem(problem) for problem in item.problems],
        [format_problem(problem) for problem in item.left_out],
        [f"{repair.column}: {repair.before!r} to {repair.after!r} {repair.reason}".rstrip() for repair in item.repairs],
        [f"{decision.value}: {decision.seen_by} ({decision.reason})" for decision in item.visibility],
    )
    return (item.file, str(item.row), item.fate, item.name, item.organization or "", *("\n".join(lines) for lines in lists))


def _format_change(change: FieldChange) -> str:
    return f"{change.field}: {change.old or 'not stated'} → {change.new or 'not stated'}"


def _format_evidence(evidence: EvidenceReport) -> str:
    return f"{evidence.name} ({evidence.organization}): {describe_match(evidence)}: {'; '.join(evidence.because)}"


def describe_match(evidence: EvidenceReport) -> str:
    """Return the verdict in words, with the points and what they mean."""
    if evidence.is_namesake:
        return f"another organization with the same name, {evidence.score:.0f} points (perhaps the same from {POSSIBLE_FROM:.0f})"
    verdict = "very probably the same" if evidence.verdict == Verdict.SAME else "perhaps the same"
    verdict = "possible, was removed" if evidence.was_removed else verdict
    return f"{verdict}, {evidence.score:.0f} points (perhaps from {POSSIBLE_FROM:.0f}, very probably from {SAME_FROM:.0f})"


def format_problem(problem: ProblemReport) -> str:
    """Return the problem as one line: column and cell (or field), and message."""
    place = format_place(problem)
    return f"{place}: {problem.message}" if place else problem.message


def format_place(problem: ProblemReport) -> str:
    """Return the column and cell of the problem, or its field; "" if it is about the whole row."""
    has_cell = problem.column and problem.value is not None
    return f'{problem.column} "{problem.value}"' if has_cell else problem.column or problem.path


REPORT_WRITERS: dict[str, Callable[[PlanReport, Path], None]] = {
    ".json": _write_json_report,
    ".csv": _write_csv_report,
    ".xlsx": _write_xlsx_report,
}


SOURCE_ID_COLUMN = "source_id"  # added if no column of the source holds its record numbers
CORRECTIONS_EXTENSIONS = (".csv", ".xlsx", ".ndjson")


def write_corrections(plan: Plan, dataset: Dataset, path: Path) -> int:
    """Write the rows that are refused, doubtful or lack a value, and return their number. No file is written if there are none.

    Raises BadInput for another extension, for a table of rows that did not come from a table, for NDJSON of rows that did, and if
    the file cannot be written.
    """
    items = [item for item in plan.items if needs_correction(item)]
    if path.suffix.lower() not in CORRECTIONS_EXTENSIONS:
        raise BadInput(
            f"{path.name} is not a corrections file; use the extension {', '.join(CORRECTIONS_EXTENSIONS)}.",
            argument="corrections",
        )
    if items:
        try:
            _write_rows(items, dataset, path)
        except OSError as error:
            raise BadInput(f"{path} cannot be written: {error.strerror}.", argument="corrections") from error
    return len(items)


def _write_rows(items: list[PlannedRow], dataset: Dataset, path: Path) -> None:
    if path.suffix.lower() == ".ndjson":
        if any(item.row.cells and item.row.fields for item in items):
            sentence = "These rows came from a table; use the extension .csv or .xlsx, so their columns are kept."
            raise BadInput(sentence, argument="corrections")
        with write_atomically(path) as out:
            out.writelines(msgspec.json.encode(_build_json_row(item)) + b"\n" for item in items)
        return
    if any(not item.row.cells for item in items):
        raise BadInput("These rows did not come from a table; use the extension .ndjson.", argument="corrections")
    headings = _list_headings(items, dataset)
    rows = ([*_list_cells(item, headings), dataset.key, _stated_same_as(item), format_reasons(item)] for item in items)
    write = write_csv_file if path.suffix.lower() == ".csv" else write_xlsx_file
    write(path, (*headings, *CORRECTION_COLUMNS), rows)


def _list_headings(items: list[PlannedRow], dataset: Dataset) -> tuple[str, ...]:
    """Return all headings of the dataset, so its profile also fits the corrections file."""
    headings = dict.fromkeys((*dataset.headings, *(heading for item in items for heading in item.row.cells)))
    if any(_needs_source_id_column(item) for item in items):
        headings[SOURCE_ID_COLUMN] = None
    return tuple(heading for heading in headings if heading not in CORRECTION_COLUMNS)


def _list_cells(item: PlannedRow, headings: tuple[str, ...]) -> list[str]:
    source_id = {SOURCE_ID_COLUMN: item.row.source_id or ""} if _needs_source_id_column(item) else {}
    cells = {**item.row.cells, **source_id}
    return [cells.get(heading, "") for heading in headings]


def _needs_source_id_column(item: PlannedRow) -> bool:
    source_id = item.row.source_id
    return source_id is not None and not any(source_id == cell.strip() for cell in item.row.cells.values())


def _build_json_row(item: PlannedRow) -> dict[str, object]:
    fields = json.loads(json.dumps(dict(item.row.fields), default=str))
    return {**fields, SAME_AS_COLUMN: _stated_same_as(item) or None, REASON_COLUMN: format_reasons(item)}


def _stated_same_as(item: PlannedRow) -> str:
    same_as = item.row.fields.get("same_as")
    return same_as if isinstance(same_as, str) else ""


def format_reasons(item: PlannedRow) -> str:
    """Return why the row needs correction, with one reason on each line."""
    return "\n".join(_list_reasons(item))


def describe_lone_row(item: PlannedRow) -> str:
    """Return why a row is doubtful that may be about no record of the directory."""
    if item.row.is_person:
        return "named only by rows about people, and not in the directory"
    return "the name is that of a person, and nothing says that it is an organization"


def _list_reasons(item: PlannedRow) -> Iterator[str]:
    report = build_row_report(item)
    yield from (format_problem(problem) for problem in report.problems)
    yield from (f"Not imported: {format_problem(problem)}" for problem in report.left_out)
    if item.action is RowAction.REVIEW and not item.candidates:
        yield (
            f"{report.name}: {describe_lone_row(item)}. In the column {SAME_AS_COLUMN}, enter "
            f'"new" to create it, or the slug of the organization that it is.'
        )
    for evidence in report.evidence if item.action is RowAction.REVIEW else ():
        name = f"{evidence.name}, which was removed" if evidence.was_removed else evidence.name
        meaning = f'to restore it, "{LEAVE_REMOVED}" to leave it removed' if evidence.was_removed else "if it is"
        question = f'May be {name}: in the column {SAME_AS_COLUMN}, enter {evidence.organization} {meaning}, or "new" if not.'
        yield f"{question} {'; '.join(evidence.because)}"
