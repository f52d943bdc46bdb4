"""Seeding: how long lists take from the file to the directory, and what planning them needs beside the plan.

Run as a module of its own, with a step, a file and a database's address, it takes that step and prints what it took.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

import msgspec
from msgspec import Struct

from benchmarks.lists import CHANGED_ROWS, KINDS, changed, write
from benchmarks.networks import NOW, SEED
from benchmarks.processes import printed
from benchmarks.tables import Table, megabytes, milliseconds, seconds, verdict
from directory.gazetteer import gazetteer
from directory.store import Store
from seed.apply import apply
from seed.dataset import Dataset
from seed.instructions import Instructions
from seed.items import Fate, Plan
from seed.opening import opened
from seed.plan import plan

PLANNED = APPLIED = 10.0  # seconds, promised for the IRS's list of one city
ROWS_PER_SECOND = 2_000.0
PROMISED_FROM = 10_000  # rows; of short lists figures say how long a process takes to begin
WRITTEN = (Fate.CREATED, Fate.CHANGED)


class Took(Struct, frozen=True):
    """What one step took, in a process of its own. What it does not do took nothing."""

    rows: int
    fates: dict[Fate, int] = {}
    reading: float = 0.0  # seconds
    planning: float = 0.0
    applying: float = 0.0
    plan: float = 0.0  # megabytes, with what is remembered for the next one
    beside: float = 0.0  # the most that was taken beside it while it was made

    def count(self, *fates: Fate) -> int:
        return sum(self.fates.get(fate, 0) for fate in fates)


class Seeded(Struct, frozen=True):
    """A list on its way into an empty directory, then the same again; `changed` is None where nobody knows what could be.

    `kind` is None for somebody's own, of which nothing is promised but that it changes nothing when it comes again.
    """

    kind: str | None
    read: Took
    first: Took
    again: Took
    changed: Took | None
    altered: int
    memory: Took


def measure(kind: str, most: int, folder: Path) -> Seeded:
    """The invented list of that kind, of at most so many rows."""
    make, street, rows = KINDS[kind]
    count = min(rows, most)
    file, other = folder / f"{kind}-2026-05.csv", folder / f"{kind}-changed-2026-06.csv"
    write(file, make(Random(SEED), count))
    write(other, changed(make(Random(SEED), count), street))
    return _measured(kind, file, other, count // CHANGED_ROWS, folder)


def anybodys(file: Path, folder: Path) -> Seeded:
    """Somebody's own file. Raises BadInput, or TooLarge, where it cannot be seeded."""
    sum(1 for _ in _dataset(file).rows)
    return _measured(None, file, None, 0, folder)


def _measured(kind: str | None, file: Path, other: Path | None, altered: int, folder: Path) -> Seeded:
    url, empty = (f"sqlite:///{folder / name}-{file.stem}.sqlite3" for name in ("seeded", "empty"))
    read, first, again = (_took(step, file, url) for step in ("read", "seed", "plan"))
    third = _took("plan", other, url) if other else None
    return Seeded(kind, read, first, again, third, altered, _took("memory", file, empty))


def _took(step: str, file: Path, url: str) -> Took:
    return msgspec.json.decode(printed("benchmarks.seeding", [step, str(file), url]), type=Took)


# ---------------------------------------------------------------- in a process of its own


def main(step: str, file: Path, database_url: str) -> None:
    gazetteer()  # kept on disk by whoever asked first; reading it in is part of starting the program
    store = Store.open(database_url)
    store.migrate()
    print(msgspec.json.encode(_STEPS[step](file, store)).decode())
    store.close()


def _read(file: Path, _store: Store) -> Took:
    began = time.perf_counter()
    rows = sum(1 for _ in _dataset(file).rows)
    return Took(rows, reading=time.perf_counter() - began)


def _plan(file: Path, store: Store) -> Took:
    planned, spent = _planned(file, store)
    return Took(len(planned.items), planned.counts, planning=spent)


def _seed(file: Path, store: Store) -> Took:
    planned, spent = _planned(file, store)
    began = time.perf_counter()
    apply(planned, store, now=NOW, reason="measured")
    return Took(len(planned.items), planned.counts, planning=spent, applying=time.perf_counter() - began)


def _memory(file: Path, store: Store) -> Took:
    tracemalloc.start()
    planned, _ = _planned(file, store)
    held, most = tracemalloc.get_traced_memory()
    return Took(len(planned.items), planned.counts, plan=held / 1e6, beside=(most - held) / 1e6)


def _planned(file: Path, store: Store) -> tuple[Plan, float]:
    began = time.perf_counter()
    planned = plan(_dataset(file), store, today=NOW.date())
    return planned, time.perf_counter() - began


def _dataset(file: Path) -> Dataset:
    return opened(file, Instructions(today=NOW.date(), key="measured"), sys.stdin.buffer)


_STEPS: dict[str, Callable[[Path, Store], Took]] = {"read": _read, "plan": _plan, "seed": _seed, "memory": _memory}


# ---------------------------------------------------------------- as people read it


_TITLES = {
    "irs": "A list in the form of the IRS's",
    "spreadsheet": "A spreadsheet without numbers to know anybody again by",
    None: "Somebody's own list",
}


def tables(measured: Sequence[Seeded]) -> list[Table]:
    return [Table(_TITLES[one.kind], ("what", "rows", "measured", "target", ""), list(_rows(one))) for one in measured]


def _rows(one: Seeded) -> Iterator[tuple[str, ...]]:
    first, memory = one.first, one.memory
    spent, pace = first.planning + first.applying, first.rows / (first.planning + first.applying)
    is_long = one.kind is not None and first.rows >= PROMISED_FROM
    planned, applied = (PLANNED, APPLIED) if is_long and one.kind == "irs" else (None, None)
    told = [
        ("reading the file, alone", seconds(one.read.reading), "", ""),
        ("planning into an empty directory", seconds(first.planning), *verdict(first.planning, planned, seconds)),
        ("· a row", milliseconds(first.planning / first.rows), "", ""),
        ("· created, doubtful, refused", _counts(first, Fate.CREATED, Fate.DOUBTFUL, Fate.REFUSED), "", ""),
        ("applying", seconds(first.applying), *verdict(first.applying, applied, seconds)),
        ("· planning and applying", f"{seconds(spent)}, {_pace(pace)}", *_quick_enough(pace, is_long)),
        ("planning again", seconds(one.again.planning), *verdict(one.again.planning, planned, seconds)),
        ("· created and changed", _counts(one.again, *WRITTEN), *verdict(one.again.count(*WRITTEN), 0, _number)),
        *_of_changes(one),
        ("memory of the plan", megabytes(memory.plan), "", ""),
        ("most memory beside it while it is made", megabytes(memory.beside), "", ""),
    ]
    return ((what, f"{first.rows:,}", *cells) for what, *cells in told)


def _of_changes(one: Seeded) -> Iterator[tuple[str, ...]]:
    if one.changed:
        yield "planning again, every tenth row changed", seconds(one.changed.planning), "", ""
        missed = abs(one.changed.count(Fate.CHANGED) - one.altered) + one.changed.count(Fate.CREATED)
        yield "· changed and created", _counts(one.changed, Fate.CHANGED, Fate.CREATED), f"{one.altered:,} / 0", _met(not missed)


def _quick_enough(pace: float, is_long: bool) -> tuple[str, str]:
    return verdict(pace, ROWS_PER_SECOND if is_long else None, _pace, at_least=True)


def _met(is_met: bool) -> str:
    return "met" if is_met else "**missed**"


def _counts(took: Took, *fates: Fate) -> str:
    return " / ".join(f"{took.count(fate):,}" for fate in fates)


def _number(value: float) -> str:
    return f"{value:,.0f}"


def _pace(rows_per_second: float) -> str:
    return f"{rows_per_second:,.0f} rows a second"


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
