"""The rows that a person has to look at, as a file to correct and feed again.

It has the columns of the file they came from, and three more: which source that was, why the row came back, and `same_as`, in
which a person answers whom a doubtful row is about: the slug of a record, or "new".
"""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec

from directory.errors import BadInput
from seed.came_back import REASON, SOURCE
from seed.items import Item, Plan
from seed.kept import SAME_AS
from seed.report.files import trouble_line
from seed.report.items import is_to_correct, item_told
from seed.report.tables import write_csv, write_xlsx

OURS = (SOURCE, SAME_AS, REASON)
ENDINGS = (".csv", ".xlsx", ".ndjson")


def write_corrections(plan: Plan, key: str, path: Path) -> int:
    """Writes the refused and doubtful rows of the dataset with that key and tells how many; no file where there are none.

    Raises BadInput for another ending, and where rows of no table are asked for as one.
    """
    items = [item for item in plan.items if is_to_correct(item)]
    if path.suffix.lower() not in ENDINGS:
        raise BadInput(f"The file of rows to correct ends in {', '.join(ENDINGS)}; {path.name} does not.", argument="corrections")
    if items:
        try:
            _write(items, key, path)
        except OSError as problem:
            raise BadInput(f"{path} cannot be written: {problem.strerror}.", argument="corrections") from problem
    return len(items)


def _write(items: list[Item], key: str, path: Path) -> None:
    if path.suffix.lower() == ".ndjson":
        path.write_bytes(b"".join(msgspec.json.encode(_record(item)) + b"\n" for item in items))
        return
    if any(not item.row.cells for item in items):
        raise BadInput("These rows came from no table; let their file end in .ndjson.", argument="corrections")
    headings = tuple(dict.fromkeys(heading for item in items for heading in item.row.cells if heading not in OURS))
    rows = ([*(item.row.cells.get(heading, "") for heading in headings), key, _same_as(item), reason(item)] for item in items)
    write = write_csv if path.suffix.lower() == ".csv" else write_xlsx
    write(path, (*headings, *OURS), rows)


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
