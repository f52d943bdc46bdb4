"""Count the project files that a row of a list passes through, from the file to the plan.

Functions of a file on the path run for each row, or for each batch of rows often enough to be called once for every second row.
What runs only at the start, or for a few unusual rows, is not on the path.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import TypeVar

from msgspec import Struct

ROOT = Path(__file__).parents[2]
SKIPPED_ROWS = 100  # in which caches fill and modules are loaded
MIN_CALLS = 0.5  # of a file's functions for each row

T = TypeVar("T")


class RowPath(Struct, frozen=True):
    """`files` are the files of the project on the path, by name. `calls` is the number of calls of their functions for a row."""

    files: tuple[str, ...]
    calls: float


class RowTracer:
    """Counts calls by file, from the row after the first SKIPPED_ROWS until `finish`."""

    def __init__(self, skipped_rows: int = SKIPPED_ROWS) -> None:
        self._skipped_rows = skipped_rows
        self._rows = 0
        self._calls = Counter[str]()

    def trace(self, rows: Iterable[T]) -> Iterator[T]:
        """Yield the rows. Counting begins after the first ones."""
        for number, row in enumerate(rows, start=1):
            yield row
            if number == self._skipped_rows:
                sys.setprofile(self._count)
            self._rows = number

    def finish(self) -> RowPath:
        """Stop counting, and return the path of the rows. It has no files if there were no rows after the first ones."""
        sys.setprofile(None)
        rows = self._rows - self._skipped_rows
        by_file = Counter[str]()
        for file, calls in self._calls.items():
            if (name := _name_project_file(file)) is not None:
                by_file[name] += calls
        files = {name: calls for name, calls in by_file.items() if rows > 0 and calls >= MIN_CALLS * rows}
        return RowPath(tuple(sorted(files)), sum(files.values()) / rows if files else 0.0)

    def _count(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            self._calls[frame.f_code.co_filename] += 1


def _name_project_file(file: str) -> str | None:
    """Return the name of a file of the project, from its root; None for other files and for this one."""
    path = Path(file)
    if not path.is_relative_to(ROOT) or file == __file__:
        return None
    name = path.relative_to(ROOT).as_posix()
    return None if name.startswith((".", "benchmarks/")) else name
