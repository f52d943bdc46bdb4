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

from directory.store import Store, disagreements
from seed.apply import apply
from seed.instructions import Instructions
from seed.opening import opened
from seed.plan import plan
from seed.rows import Row
from tests.builders import NOW


class Steps:
    """Counts the steps of one import, and dies at one of them."""

    def __init__(self, last: int) -> None:
        self.left = last

    def step(self, *_: object, **__: object) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def watched(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.step()
            yield row


def run(url: str, file: Path, steps: Steps) -> None:
    store = Store.open(url)
    for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(store.database.engine, moment, steps.step)
    dataset = opened(file, Instructions(key="members"), sys.stdin.buffer)
    planned = plan(dataset, store, today=NOW.date(), progress=steps.watched)
    apply(planned, store, now=NOW, reason="import of members")
    steps.step()
    store.close()


def main(url: str, file: Path) -> None:
    for last in count():
        child = os.fork()
        if child == 0:
            run(url, file, Steps(last))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(f"{last} {state(url)}", flush=True)
        if not os.WIFSIGNALED(status):
            print("whole" if os.waitstatus_to_exitcode(status) == 0 else "failed", flush=True)
            return


def state(url: str) -> str:
    """How many organizations there are, at which revision, and on what the parts of the store disagree."""
    store = Store.open(url)
    try:
        with store.reading() as reading:
            kept = sum(1 for _ in reading.entries())
            revision = reading.head().revision
        return f"{kept} {revision} {'; '.join(disagreements(store)) or 'sound'}"
    finally:
        store.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
