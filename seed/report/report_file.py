"""The report as a file: JSON, CSV or XLSX, by its ending."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from directory.errors import BadInput
from seed.output_files import write_atomically
from seed.report.field_changes import FieldChange
from seed.report.plan_report import EvidenceReport, PlanReport, ProblemReport, RowReport
from seed.report.table_files import write_csv_file, write_xlsx_file

REPORT_HEADINGS = ("file", "row", "fate", "name", "organization", "changes", "proposed", "evidence", "problems", "repairs")


def write_report(told: PlanReport, path: Path) -> None:
    """Writes every row with its fate. Raises BadInput for another ending, or a place that cannot be written to."""
    write = REPORT_WRITERS.get(path.suffix.lower())
    if write is None:
        raise BadInput(f"A report ends in {', '.join(REPORT_WRITERS)}; {path.name} does not.", argument="report")
    try:
        write(told, path)
    except OSError as problem:
        raise BadInput(f"{path} cannot be written: {problem.strerror}.", argument="report") from problem


def _write_json_report(told: PlanReport, path: Path) -> None:
    with write_atomically(path) as out:
        out.write(msgspec.json.format(msgspec.json.encode(told)) + b"\n")


def _write_csv_report(told: PlanReport, path: Path) -> None:
    write_csv_file(path, REPORT_HEADINGS, _build_rows(told))


def _write_xlsx_report(told: PlanReport, path: Path) -> None:
    write_xlsx_file(path, REPORT_HEADINGS, _build_rows(told))


def _build_rows(told: PlanReport) -> Iterator[Sequence[str]]:
    for item in told.items:
        yield _build_cells(item)
    for one in told.missing_organizations:
        yield ("", "", "missing", one.name, one.organization, "", "", "", "", "")


def _build_cells(item: RowReport) -> Sequence[str]:
    lists = (
        [_format_change(one) for one in item.changes],
        [_format_change(one) for one in item.proposed],
        [_format_evidence(one) for one in item.evidence],
        [format_problem(one) for one in item.problems],
        [f"{one.column}: {one.before!r} to {one.after!r} {one.reason}".rstrip() for one in item.repairs],
    )
    return (item.file, str(item.row), item.fate, item.name, item.organization or "", *("\n".join(lines) for lines in lists))


def _format_change(change: FieldChange) -> str:
    return f"{change.field}: {change.old or 'not stated'} → {change.new or 'not stated'}"


def _format_evidence(evidence: EvidenceReport) -> str:
    return (
        f"{evidence.name} ({evidence.organization}), {evidence.verdict.lower()} {evidence.score}: {'; '.join(evidence.because)}"
    )


def format_problem(trouble: ProblemReport) -> str:
    where = (
        f'{trouble.column} "{trouble.value}"' if trouble.column and trouble.value is not None else trouble.column or trouble.path
    )
    return f"{where}: {trouble.message} ({trouble.code})" if where else f"{trouble.message} ({trouble.code})"


REPORT_WRITERS: dict[str, Callable[[PlanReport, Path], None]] = {
    ".json": _write_json_report,
    ".csv": _write_csv_report,
    ".xlsx": _write_xlsx_report,
}
