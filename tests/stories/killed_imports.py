"""python -m tests.stories.killed_imports URL FILE: imports FILE again and again and dies at every step in turn, each time by
SIGKILL.

A step is a row that is planned, a statement of the database, or a commit, before and after. Prints a line for each: the step, and
how many organizations there were after it. The last import is not killed, and ends with "whole".
"""

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from sqlalchemy import event

from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.rows import Row
from seed.sources.dataset import ReadOptions
from seed.sources.dataset_loader import load_dataset
from tests.builders import NOW


class ImportSteps:
    """Counts the steps of one import, and dies at one of them."""

    def __init__(self, last: int) -> None:
        self.steps_left = last

    def count_step(self, *_: object, **__: object) -> None:
        if self.steps_left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.steps_left -= 1

    def count_rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.count_step()
            yield row


def run_import(url: str, file: Path, steps: ImportSteps) -> None:
    store = Store.open(url)
    for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(store.database.engine, moment, steps.count_step)
    dataset = load_dataset(file, ReadOptions(key="members"), sys.stdin.buffer)
    planned = plan_import(dataset, store, today=NOW.date(), progress=steps.count_rows)
    apply_plan(planned, store, now=NOW, reason="import of members")
    steps.count_step()
    store.close()


def main(url: str, file: Path) -> None:
    for last in count():
        child = os.fork()
        if child == 0:
            run_import(url, file, ImportSteps(last))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(f"{last} {describe_store(url)}", flush=True)
        if not os.WIFSIGNALED(status):
            print("whole" if os.waitstatus_to_exitcode(status) == 0 else "failed", flush=True)
            return


def describe_store(url: str) -> str:
    """How many organizations there are, at which revision, and on what the parts of the store disagree."""
    store = Store.open(url)
    try:
        with store.begin_read() as reading:
            kept = sum(1 for _ in reading.load_organizations())
            revision = reading.load_head().revision
        return f"{kept} {revision} {'; '.join(find_ledger_inconsistencies(store)) or 'sound'}"
    finally:
        store.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
