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

from benchmarks.fictional_lists import CHANGE_INTERVAL, LIST_KINDS, change_streets, write_csv
from benchmarks.fictional_networks import NOW, SEED
from benchmarks.server_processes import run_module
from benchmarks.tables import Table, compare_with_target, format_megabytes, format_milliseconds, format_seconds
from directory.gazetteer.gazetteer import get_gazetteer
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import Plan, RowAction
from seed.sources.dataset import Dataset, ReadOptions
from seed.sources.dataset_loader import load_dataset

PLANNING_TARGET = APPLYING_TARGET = 10.0  # seconds, promised for the IRS's list of one city
ROWS_PER_SECOND = 2_000.0
MIN_ROWS_FOR_TARGETS = 10_000  # rows; of short lists figures say how long a process takes to begin
WRITING_ACTIONS = (RowAction.CREATE, RowAction.UPDATE)


class StepMeasurement(Struct, frozen=True):
    """What one step took, in a process of its own. What it does not do took nothing."""

    rows: int
    action_counts: dict[RowAction, int] = {}
    reading_seconds: float = 0.0  # seconds
    planning_seconds: float = 0.0
    applying_seconds: float = 0.0
    plan_megabytes: float = 0.0  # megabytes, with what is remembered for the next one
    extra_megabytes: float = 0.0  # the most that was taken beside it while it was made

    def count_actions(self, *fates: RowAction) -> int:
        return sum(self.action_counts.get(fate, 0) for fate in fates)


class SeedingMeasurement(Struct, frozen=True):
    """A list on its way into an empty directory, then the same again; `changed` is None where nobody knows what could be.

    `kind` is None for somebody's own, of which nothing is promised but that it changes nothing when it comes again.
    """

    kind: str | None
    read_step: StepMeasurement
    first_plan: StepMeasurement
    second_plan: StepMeasurement
    changed_plan: StepMeasurement | None
    changed_rows: int
    memory_step: StepMeasurement


def measure_kind(kind: str, most: int, folder: Path) -> SeedingMeasurement:
    """The invented list of that kind, of at most so many rows."""
    make, street, rows = LIST_KINDS[kind]
    count = min(rows, most)
    file, other = folder / f"{kind}-2026-05.csv", folder / f"{kind}-changed-2026-06.csv"
    write_csv(file, make(Random(SEED), count))
    write_csv(other, change_streets(make(Random(SEED), count), street))
    return _measure_steps(kind, file, other, count // CHANGE_INTERVAL, folder)


def measure_file(file: Path, folder: Path) -> SeedingMeasurement:
    """Somebody's own file. Raises BadInput, or TooLarge, where it cannot be seeded."""
    sum(1 for _ in _load_dataset(file).rows)
    return _measure_steps(None, file, None, 0, folder)


def _measure_steps(kind: str | None, file: Path, other: Path | None, altered: int, folder: Path) -> SeedingMeasurement:
    url, empty = (f"sqlite:///{folder / name}-{file.stem}.sqlite3" for name in ("seeded", "empty"))
    read, first, again = (_run_step(step, file, url) for step in ("read", "seed", "plan"))
    third = _run_step("plan", other, url) if other else None
    return SeedingMeasurement(kind, read, first, again, third, altered, _run_step("memory", file, empty))


def _run_step(step: str, file: Path, url: str) -> StepMeasurement:
    return msgspec.json.decode(run_module("benchmarks.seeding", [step, str(file), url]), type=StepMeasurement)


# ---------------------------------------------------------------- in a process of its own


def main(step: str, file: Path, database_url: str) -> None:
    get_gazetteer()  # kept on disk by whoever asked first; reading it in is part of starting the program
    store = Store.open(database_url)
    store.migrate()
    print(msgspec.json.encode(_STEPS[step](file, store)).decode())
    store.close()


def _read_step(file: Path, _store: Store) -> StepMeasurement:
    began = time.perf_counter()
    rows = sum(1 for _ in _load_dataset(file).rows)
    return StepMeasurement(rows, reading_seconds=time.perf_counter() - began)


def _plan_step(file: Path, store: Store) -> StepMeasurement:
    planned, spent = _build_plan(file, store)
    return StepMeasurement(len(planned.items), planned.counts, planning_seconds=spent)


def _seed_step(file: Path, store: Store) -> StepMeasurement:
    planned, spent = _build_plan(file, store)
    began = time.perf_counter()
    apply_plan(planned, store, now=NOW, reason="measured")
    return StepMeasurement(
        len(planned.items), planned.counts, planning_seconds=spent, applying_seconds=time.perf_counter() - began
    )


def _memory_step(file: Path, store: Store) -> StepMeasurement:
    tracemalloc.start()
    planned, _ = _build_plan(file, store)
    held, most = tracemalloc.get_traced_memory()
    return StepMeasurement(len(planned.items), planned.counts, plan_megabytes=held / 1e6, extra_megabytes=(most - held) / 1e6)


def _build_plan(file: Path, store: Store) -> tuple[Plan, float]:
    began = time.perf_counter()
    planned = plan_import(_load_dataset(file), store, today=NOW.date())
    return planned, time.perf_counter() - began


def _load_dataset(file: Path) -> Dataset:
    return load_dataset(file, ReadOptions(today=NOW.date(), key="measured"), sys.stdin.buffer)


_STEPS: dict[str, Callable[[Path, Store], StepMeasurement]] = {
    "read": _read_step,
    "plan": _plan_step,
    "seed": _seed_step,
    "memory": _memory_step,
}


# ---------------------------------------------------------------- as people read it


_TITLES = {
    "irs": "A list in the form of the IRS's",
    "spreadsheet": "A spreadsheet without numbers to know anybody again by",
    None: "Somebody's own list",
}


def build_tables(measured: Sequence[SeedingMeasurement]) -> list[Table]:
    return [Table(_TITLES[one.kind], ("what", "rows", "measured", "target", ""), list(_build_rows(one))) for one in measured]


def _build_rows(one: SeedingMeasurement) -> Iterator[tuple[str, ...]]:
    first, memory = one.first_plan, one.memory_step
    spent, pace = first.planning_seconds + first.applying_seconds, first.rows / (first.planning_seconds + first.applying_seconds)
    is_long = one.kind is not None and first.rows >= MIN_ROWS_FOR_TARGETS
    planned, applied = (PLANNING_TARGET, APPLYING_TARGET) if is_long and one.kind == "irs" else (None, None)
    told = [
        ("reading the file, alone", format_seconds(one.read_step.reading_seconds), "", ""),
        (
            "planning into an empty directory",
            format_seconds(first.planning_seconds),
            *compare_with_target(first.planning_seconds, planned, format_seconds),
        ),
        ("· a row", format_milliseconds(first.planning_seconds / first.rows), "", ""),
        ("· created, doubtful, refused", _format_counts(first, RowAction.CREATE, RowAction.REVIEW, RowAction.REJECT), "", ""),
        (
            "applying",
            format_seconds(first.applying_seconds),
            *compare_with_target(first.applying_seconds, applied, format_seconds),
        ),
        ("· planning and applying", f"{format_seconds(spent)}, {_format_pace(pace)}", *_compare_pace(pace, is_long)),
        (
            "planning again",
            format_seconds(one.second_plan.planning_seconds),
            *compare_with_target(one.second_plan.planning_seconds, planned, format_seconds),
        ),
        (
            "· created and changed",
            _format_counts(one.second_plan, *WRITING_ACTIONS),
            *compare_with_target(one.second_plan.count_actions(*WRITING_ACTIONS), 0, _format_number),
        ),
        *_build_change_rows(one),
        ("memory of the plan", format_megabytes(memory.plan_megabytes), "", ""),
        ("most memory beside it while it is made", format_megabytes(memory.extra_megabytes), "", ""),
    ]
    return ((what, f"{first.rows:,}", *cells) for what, *cells in told)


def _build_change_rows(one: SeedingMeasurement) -> Iterator[tuple[str, ...]]:
    if one.changed_plan:
        yield "planning again, every tenth row changed", format_seconds(one.changed_plan.planning_seconds), "", ""
        missed = abs(one.changed_plan.count_actions(RowAction.UPDATE) - one.changed_rows) + one.changed_plan.count_actions(
            RowAction.CREATE
        )
        yield (
            "· changed and created",
            _format_counts(one.changed_plan, RowAction.UPDATE, RowAction.CREATE),
            f"{one.changed_rows:,} / 0",
            _format_met(not missed),
        )


def _compare_pace(pace: float, is_long: bool) -> tuple[str, str]:
    return compare_with_target(pace, ROWS_PER_SECOND if is_long else None, _format_pace, at_least=True)


def _format_met(is_met: bool) -> str:
    return "met" if is_met else "**missed**"


def _format_counts(took: StepMeasurement, *fates: RowAction) -> str:
    return " / ".join(f"{took.count_actions(fate):,}" for fate in fates)


def _format_number(value: float) -> str:
    return f"{value:,.0f}"


def _format_pace(rows_per_second: float) -> str:
    return f"{rows_per_second:,.0f} rows a second"


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
