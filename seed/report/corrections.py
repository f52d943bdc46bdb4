"""The rows that a person has to look at, as a file to correct and feed again.

It has the columns of the file they came from, and three more: which source that was, why the row came back, and `same_as`, in
which a person answers whom a doubtful row is about: the slug of a record, or "new".
"""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec

from directory.errors import BadInput
from seed.output_files import write_atomically
from seed.plan.planned_row import Plan, PlannedRow
from seed.report.plan_report import build_row_report, needs_correction
from seed.report.report_file import format_problem
from seed.report.table_files import write_csv_file, write_xlsx_file
from seed.sources.corrections_file import CORRECTION_COLUMNS, REASON_COLUMN, SAME_AS_COLUMN
from seed.sources.dataset import Dataset

SOURCE_ID_COLUMN = "source_id"  # the column of the source's own numbers, where none of its columns holds these
CORRECTIONS_EXTENSIONS = (".csv", ".xlsx", ".ndjson")


def write_corrections(plan: Plan, dataset: Dataset, path: Path) -> int:
    """Writes the refused and doubtful rows of the dataset and tells how many; no file where there are none.

    Raises BadInput for another ending, where rows of no table are asked for as one, and where rows of a table are asked for
    without its columns.
    """
    items = [item for item in plan.items if needs_correction(item)]
    if path.suffix.lower() not in CORRECTIONS_EXTENSIONS:
        raise BadInput(
            f"The file of rows to correct ends in {', '.join(CORRECTIONS_EXTENSIONS)}; {path.name} does not.",
            argument="corrections",
        )
    if items:
        try:
            _write_rows(items, dataset, path)
        except OSError as problem:
            raise BadInput(f"{path} cannot be written: {problem.strerror}.", argument="corrections") from problem
    return len(items)


def _write_rows(items: list[PlannedRow], dataset: Dataset, path: Path) -> None:
    if path.suffix.lower() == ".ndjson":
        if any(item.row.cells and item.row.fields for item in items):
            sentence = "These rows came from a table; let their file end in .csv or .xlsx, so that it has the columns of that."
            raise BadInput(sentence, argument="corrections")
        with write_atomically(path) as out:
            out.writelines(msgspec.json.encode(_build_json_row(item)) + b"\n" for item in items)
        return
    if any(not item.row.cells for item in items):
        raise BadInput("These rows came from no table; let their file end in .ndjson.", argument="corrections")
    headings = _list_headings(items, dataset)
    rows = ([*_list_cells(item, headings), dataset.key, _stated_same_as(item), format_reasons(item)] for item in items)
    write = write_csv_file if path.suffix.lower() == ".csv" else write_xlsx_file
    write(path, (*headings, *CORRECTION_COLUMNS), rows)


def _list_headings(items: list[PlannedRow], dataset: Dataset) -> tuple[str, ...]:
    """Those of the dataset, all of them, so that its profile fits these rows too."""
    found = dict.fromkeys((*dataset.headings, *(heading for item in items for heading in item.row.cells)))
    found |= dict.fromkeys([SOURCE_ID_COLUMN] if any(_needs_source_id_column(item) for item in items) else [])
    return tuple(heading for heading in found if heading not in CORRECTION_COLUMNS)


def _list_cells(item: PlannedRow, headings: tuple[str, ...]) -> list[str]:
    number = {SOURCE_ID_COLUMN: item.row.source_id or ""} if _needs_source_id_column(item) else {}
    return [{**item.row.cells, **number}.get(heading, "") for heading in headings]


def _needs_source_id_column(item: PlannedRow) -> bool:
    number = item.row.source_id
    return number is not None and not any(number == cell.strip() for cell in item.row.cells.values())


def _build_json_row(item: PlannedRow) -> dict[str, object]:
    stated = json.loads(json.dumps(dict(item.row.fields), default=str))
    return {**stated, SAME_AS_COLUMN: _stated_same_as(item) or None, REASON_COLUMN: format_reasons(item)}


def _stated_same_as(item: PlannedRow) -> str:
    stated = item.row.fields.get("same_as")
    return stated if isinstance(stated, str) else ""


def format_reasons(item: PlannedRow) -> str:
    """Why the row came back, a line each."""
    return "\n".join(_list_reasons(item))


def _list_reasons(item: PlannedRow) -> Iterator[str]:
    told = build_row_report(item)
    yield from (format_problem(trouble) for trouble in told.problems)
    for one in told.evidence:
        yield f'May be {one.name}: write {one.organization} or "new" into {SAME_AS_COLUMN}. {"; ".join(one.because)}'
