"""Write the corrections file: the rows with values to correct and the doubtful ones, to be fixed and imported again.

It has the columns of the original file and three more: the source, the reason, and `same_as`. A person enters the slug of a
record, "new" or "removed" into `same_as` to decide which record a doubtful row refers to.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec

from directory.errors import BadInput
from seed.output_files import write_atomically
from seed.plan.planned_row import Plan, PlannedRow, RowAction
from seed.report.plan_report import build_row_report, needs_correction
from seed.report.report_file import format_problem, write_csv_file, write_xlsx_file
from seed.resolve.row_statement import LEAVE_REMOVED
from seed.sources.corrections_file import CORRECTION_COLUMNS, REASON_COLUMN, SAME_AS_COLUMN
from seed.sources.dataset import Dataset

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


def _list_reasons(item: PlannedRow) -> Iterator[str]:
    report = build_row_report(item)
    yield from (format_problem(problem) for problem in report.problems)
    yield from (f"Not imported: {format_problem(problem)}" for problem in report.left_out)
    if item.action is RowAction.REVIEW and not item.candidates:
        name = report.name
        yield (
            f"{name} is named only by rows about people, and is not in the directory: in the column {SAME_AS_COLUMN}, enter "
            f'"new" to create it, or the slug of the organization that it is.'
        )
    for evidence in report.evidence if item.action is RowAction.REVIEW else ():
        name = f"{evidence.name}, which was removed" if evidence.was_removed else evidence.name
        meaning = f'to restore it, "{LEAVE_REMOVED}" to leave it removed' if evidence.was_removed else "if it is"
        question = f'May be {name}: in the column {SAME_AS_COLUMN}, enter {evidence.organization} {meaning}, or "new" if not.'
        yield f"{question} {'; '.join(evidence.because)}"
