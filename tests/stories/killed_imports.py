"""python -m tests.stories.killed_imports URL FILE: import FILE repeatedly, killed by SIGKILL at a later step each time.

A step is a planned row, a database statement or a commit, before and after. Prints one line for each import: the step, and the
state of the store. The last import is not killed; then "whole" is printed.
"""

import os
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

from sqlalchemy import event

from directory.live import Directory
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.rows import Row
from seed.sources.dataset import ReadOptions
from seed.sources.dataset_loader import load_dataset
from tests.builders import NOW

NEVER = -1


class ImportSteps:
    """Counts the steps of one import, and kills the process at the given step, unless that is NEVER."""

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
    plan = plan_import(dataset, store, today=NOW.date(), progress=steps.count_rows)
    apply_plan(plan, Directory(store), now=NOW, reason="import of members")
    steps.count_step()
    store.close()


def main(url: str, file: Path) -> None:
    load_what_imports_need(file)
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


def load_what_imports_need(file: Path) -> None:
    """Import the file once into another database, so that no child has to load gazetteer and word lists again."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/other.sqlite3"
        with closing(Store.open(url)) as store:
            store.migrate()
        run_import(url, file, ImportSteps(NEVER))


def describe_store(url: str) -> str:
    """Return the number of organizations, the revision, and inconsistencies in the store."""
    store = Store.open(url)
    try:
        with store.begin_read() as transaction:
            organization_count = sum(1 for _ in transaction.load_organizations())
            revision = transaction.load_head().revision
        return f"{organization_count} {revision} {'; '.join(find_ledger_inconsistencies(store)) or 'sound'}"
    finally:
        store.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
