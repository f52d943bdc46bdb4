"""Write the report of a plan to a JSON, CSV or XLSX file."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import xlsxwriter
from msgspec import UNSET

from directory.curation.revision_summary import RevisionSummary
from directory.errors import BadInput
from directory.export.formula_escaping import escape_csv_cell, escape_text_cell
from directory.matching.evidence import Verdict
from directory.matching.weights import POSSIBLE_FROM, SAME_FROM
from seed.output_files import write_atomically
from seed.report.field_changes import FieldChange
from seed.report.plan_report import EvidenceReport, PlanReport, ProblemReport, RowReport

MAX_CELL_LENGTH = 32_767  # characters; a spreadsheet drops longer cells


def write_csv_file(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file that only its owner may read, because rows may hold private data.

    Raises OSError, and then keeps an existing file.
    """
    with write_atomically(path) as out:
        text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
        csv.writer(text).writerows([escape_csv_cell(cell) for cell in row] for row in (headings, *rows))
        text.detach()


def write_xlsx_file(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write an XLSX file like `write_csv_file`. A text that is too long for a cell ends in an ellipsis."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with write_atomically(path) as out, xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate((headings, *rows)):
            sheet.write_row(number, 0, [_truncate(escape_text_cell(cell)) for cell in row])


def _truncate(text: str) -> str:
    return text if len(text) <= MAX_CELL_LENGTH else f"{text[: MAX_CELL_LENGTH - 1]}…"


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
    place = problem.column or problem.path
    if problem.column and problem.value is not None:
        place = f'{problem.column} "{problem.value}"'
    return f"{place}: {problem.message}" if place else problem.message


REPORT_WRITERS: dict[str, Callable[[PlanReport, Path], None]] = {
    ".json": _write_json_report,
    ".csv": _write_csv_report,
    ".xlsx": _write_xlsx_report,
}
