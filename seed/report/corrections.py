"""The rows that a person has to look at, as a file to correct and feed again.

It has the columns of the file they came from, and three more: which source that was, why the row came back, and `same_as`, in
which a person answers whom a doubtful row is about: the slug of a record, or "new".
"""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec

from directory.errors import BadInput
from seed.came_back import ADDED, REASON, SAME_AS
from seed.dataset import Dataset
from seed.items import Item, Plan
from seed.replacing import replaced
from seed.report.files import trouble_line
from seed.report.items import is_to_correct, item_told
from seed.report.tables import write_csv, write_xlsx

NUMBER = "source_id"  # the column of the source's own numbers, where none of its columns holds these
ENDINGS = (".csv", ".xlsx", ".ndjson")


def write_corrections(plan: Plan, dataset: Dataset, path: Path) -> int:
    """Writes the refused and doubtful rows of the dataset and tells how many; no file where there are none.

    Raises BadInput for another ending, where rows of no table are asked for as one, and where rows of a table are asked for
    without its columns.
    """
    items = [item for item in plan.items if is_to_correct(item)]
    if path.suffix.lower() not in ENDINGS:
        raise BadInput(f"The file of rows to correct ends in {', '.join(ENDINGS)}; {path.name} does not.", argument="corrections")
    if items:
        try:
            _write(items, dataset, path)
        except OSError as problem:
            raise BadInput(f"{path} cannot be written: {problem.strerror}.", argument="corrections") from problem
    return len(items)


def _write(items: list[Item], dataset: Dataset, path: Path) -> None:
    if path.suffix.lower() == ".ndjson":
        if any(item.row.cells and item.row.stated for item in items):
            sentence = "These rows came from a table; let their file end in .csv or .xlsx, so that it has the columns of that."
            raise BadInput(sentence, argument="corrections")
        with replaced(path) as out:
            out.writelines(msgspec.json.encode(_record(item)) + b"\n" for item in items)
        return
    if any(not item.row.cells for item in items):
        raise BadInput("These rows came from no table; let their file end in .ndjson.", argument="corrections")
    headings = _headings(items, dataset)
    rows = ([*_cells(item, headings), dataset.key, _same_as(item), reason(item)] for item in items)
    write = write_csv if path.suffix.lower() == ".csv" else write_xlsx
    write(path, (*headings, *ADDED), rows)


def _headings(items: list[Item], dataset: Dataset) -> tuple[str, ...]:
    """Those of the dataset, all of them, so that its profile fits these rows too."""
    found = dict.fromkeys((*dataset.headings, *(heading for item in items for heading in item.row.cells)))
    found |= dict.fromkeys([NUMBER] if any(_has_unwritten_number(item) for item in items) else [])
    return tuple(heading for heading in found if heading not in ADDED)


def _cells(item: Item, headings: tuple[str, ...]) -> list[str]:
    number = {NUMBER: item.row.source_id or ""} if _has_unwritten_number(item) else {}
    return [{**item.row.cells, **number}.get(heading, "") for heading in headings]


def _has_unwritten_number(item: Item) -> bool:
    number = item.row.source_id
    return number is not None and not any(number == cell.strip() for cell in item.row.cells.values())


def _record(item: Item) -> dict[str, object]:
    stated = json.loads(json.dumps(dict(item.row.stated), default=str))
    return {**stated, SAME_AS: _same_as(item) or None, REASON: reason(item)}


def _same_as(item: Item) -> str:
    stated = item.row.stated.get("same_as")
    return stated if isinstance(stated, str) else ""


def reason(item: Item) -> str:
    """Why the row came back, a line each."""
    return "\n".join(_reasons(item))


def _reasons(item: Item) -> Iterator[str]:
    told = item_told(item)
    yield from (trouble_line(trouble) for trouble in told.problems)
    for one in told.evidence:
        yield f'May be {one.name}: write {one.organization} or "new" into {SAME_AS}. {"; ".join(one.because)}'
