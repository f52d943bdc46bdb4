"""Measure the import of lists: the time of each step, and the memory of planning.

Run as a module with a step, a file and the URL of a database, it runs that step and prints a StepMeasurement as JSON.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

import msgspec
from msgspec import Struct
from sqlalchemy import func, select

from benchmarks import targets
from benchmarks.fictional_networks import NOW, SEED
from benchmarks.http.server_processes import run_module
from benchmarks.lists.fictional_lists import CHANGE_INTERVAL, LIST_KINDS, change_streets, write_csv
from benchmarks.lists.row_path import RowPath, RowTracer
from benchmarks.tables import Table, compare_with_target, format_megabytes, format_milliseconds, format_seconds
from directory.gazetteer.gazetteer import get_gazetteer
from directory.live import Directory
from directory.store.records.tables import metadata
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import Plan, RowAction
from seed.sources.dataset import Dataset, ReadOptions
from seed.sources.dataset_loader import load_dataset

WRITING_ACTIONS = (RowAction.CREATE, RowAction.UPDATE)


class StepMeasurement(Struct, frozen=True):
    """The measurements of one step in its own process. Parts that the step does not have are 0."""

    rows: int
    action_counts: dict[RowAction, int] = {}
    reading_seconds: float = 0.0
    planning_seconds: float = 0.0
    applying_seconds: float = 0.0
    plan_megabytes: float = 0.0  # of the plan and caches
    extra_megabytes: float = 0.0  # the peak in addition to that while planning
    table_rows: int = 0  # in all tables of the database
    path: RowPath = RowPath((), 0.0)  # of a row from the file to the plan

    def count_actions(self, *actions: RowAction) -> int:
        return sum(self.action_counts.get(action, 0) for action in actions)


class SeedingMeasurement(Struct, frozen=True):
    """The import of a list into an empty directory, then of the same list, then of a changed seeding.

    For a file of the user, `kind` and `changed_plan` are None; the only target is that the second import changes nothing.
    """

    kind: str | None
    read_step: StepMeasurement
    first_plan: StepMeasurement
    second_plan: StepMeasurement
    changed_plan: StepMeasurement | None
    changed_rows: int
    memory_step: StepMeasurement
    path_step: StepMeasurement = StepMeasurement(0)


def measure_kind(kind: str, most: int, folder: Path) -> SeedingMeasurement:
    """Measure a fictional list of this kind, with at most `most` rows."""
    generate, street, rows = LIST_KINDS[kind]
    count = min(rows, most)
    file, changed_file = folder / f"{kind}-2026-05.csv", folder / f"{kind}-changed-2026-06.csv"
    write_csv(file, generate(Random(SEED), count))
    write_csv(changed_file, change_streets(generate(Random(SEED), count), street))
    return _measure_steps(kind, file, changed_file, count // CHANGE_INTERVAL, folder)


def measure_file(file: Path, folder: Path) -> SeedingMeasurement:
    """Measure a file of the user. Raises BadInput or TooLarge if it cannot be imported."""
    sum(1 for _ in load_list(file).rows)
    return _measure_steps(None, file, None, 0, folder)


def _measure_steps(
    kind: str | None, file: Path, changed_file: Path | None, changed_rows: int, folder: Path
) -> SeedingMeasurement:
    url, empty = (f"sqlite:///{folder / name}-{file.stem}.sqlite3" for name in ("seeded", "empty"))
    read_step, first_plan, second_plan = (_run_step(step, file, url) for step in ("read", "seed", "plan"))
    changed_plan = _run_step("plan", changed_file, url) if changed_file else None
    memory_step, path_step = (_run_step(step, file, empty) for step in ("memory", "path"))
    return SeedingMeasurement(kind, read_step, first_plan, second_plan, changed_plan, changed_rows, memory_step, path_step)


def _run_step(step: str, file: Path, url: str) -> StepMeasurement:
    return msgspec.json.decode(run_module("benchmarks.lists.seeding", [step, str(file), url]), type=StepMeasurement)


# Steps, each in its own process


def main(step: str, file: Path, database_url: str) -> None:
    get_gazetteer()  # loading it from its cache file is part of starting the program
    store = Store.open(database_url)
    store.migrate()
    print(msgspec.json.encode(_STEPS[step](file, store)).decode())
    store.close()


def _read_step(file: Path, _store: Store) -> StepMeasurement:
    start = time.perf_counter()
    rows = sum(1 for _ in load_list(file).rows)
    return StepMeasurement(rows, reading_seconds=time.perf_counter() - start)


def _plan_step(file: Path, store: Store) -> StepMeasurement:
    plan, seconds = _build_plan(file, store)
    return StepMeasurement(len(plan.items), plan.counts, planning_seconds=seconds)


def _seed_step(file: Path, store: Store) -> StepMeasurement:
    plan, seconds = _build_plan(file, store)
    start = time.perf_counter()
    apply_plan(plan, Directory(store), now=NOW, reason="measured")
    applying = time.perf_counter() - start
    return StepMeasurement(
        len(plan.items), plan.counts, planning_seconds=seconds, applying_seconds=applying, table_rows=_count_table_rows(store)
    )


def _count_table_rows(store: Store) -> int:
    with store.database.begin_read() as connection:
        counts = (connection.execute(select(func.count()).select_from(table)).scalar_one() for table in metadata.sorted_tables)
        return sum(counts)


def _memory_step(file: Path, store: Store) -> StepMeasurement:
    tracemalloc.start()
    plan, _ = _build_plan(file, store)
    plan_bytes, peak_bytes = tracemalloc.get_traced_memory()
    return StepMeasurement(
        len(plan.items), plan.counts, plan_megabytes=plan_bytes / 1e6, extra_megabytes=(peak_bytes - plan_bytes) / 1e6
    )


def _path_step(file: Path, store: Store) -> StepMeasurement:
    tracer = RowTracer()
    plan = plan_import(load_list(file), store, today=NOW.date(), progress=tracer.trace)
    return StepMeasurement(len(plan.items), plan.counts, path=tracer.finish())


def _build_plan(file: Path, store: Store) -> tuple[Plan, float]:
    start = time.perf_counter()
    plan = plan_import(load_list(file), store, today=NOW.date())
    return plan, time.perf_counter() - start


def load_list(file: Path) -> Dataset:
    return load_dataset(file, ReadOptions(today=NOW.date(), key="measured"), sys.stdin.buffer)


_STEPS: dict[str, Callable[[Path, Store], StepMeasurement]] = {
    "read": _read_step,
    "plan": _plan_step,
    "seed": _seed_step,
    "memory": _memory_step,
    "path": _path_step,
}


# Tables


_TITLES = {
    "irs": "A list in the format of the IRS",
    "spreadsheet": "A spreadsheet without identifiers",
    None: "Your list",
}


def build_tables(measurements: Sequence[SeedingMeasurement]) -> list[Table]:
    columns = ("measure", "rows", "measured", "target", "")
    return [Table(_TITLES[seeding.kind], columns, list(_build_rows(seeding))) for seeding in measurements]


def _build_rows(seeding: SeedingMeasurement) -> Iterator[tuple[str, ...]]:
    first, memory = seeding.first_plan, seeding.memory_step
    seconds = first.planning_seconds + first.applying_seconds
    pace = first.rows / seconds
    is_long = seeding.kind is not None and first.rows >= targets.IMPORT_ROWS
    planning_target, applying_target, rows_target = (
        (targets.PLANNING_SECONDS, targets.APPLYING_SECONDS, targets.TABLE_ROWS)
        if is_long and seeding.kind == "irs"
        else (None, None, None)
    )
    rows = [
        ("reading the file, alone", format_seconds(seeding.read_step.reading_seconds), "", ""),
        (
            "planning into an empty directory",
            format_seconds(first.planning_seconds),
            *compare_with_target(first.planning_seconds, planning_target, format_seconds),
        ),
        ("· per row", format_milliseconds(first.planning_seconds / first.rows), "", ""),
        ("· created, doubtful, refused", _format_counts(first, RowAction.CREATE, RowAction.REVIEW, RowAction.REJECT), "", ""),
        (
            "applying",
            format_seconds(first.applying_seconds),
            *compare_with_target(first.applying_seconds, applying_target, format_seconds),
        ),
        (
            "· planning and applying",
            f"{format_seconds(seconds)}, {_format_pace(pace)}",
            *_compare_pace(pace, seeding.kind if is_long else None),
        ),
        (
            "SQL rows in all tables",
            _format_number(first.table_rows),
            *compare_with_target(first.table_rows, rows_target, _format_number),
        ),
        (
            "planning again",
            format_seconds(seeding.second_plan.planning_seconds),
            *compare_with_target(seeding.second_plan.planning_seconds, planning_target, format_seconds),
        ),
        (
            "· created and changed",
            _format_counts(seeding.second_plan, *WRITING_ACTIONS),
            *compare_with_target(seeding.second_plan.count_actions(*WRITING_ACTIONS), 0, _format_number),
        ),
        *_build_change_rows(seeding),
        (
            "project files that a row passes through",
            _format_number(len(seeding.path_step.path.files)),
            *compare_with_target(len(seeding.path_step.path.files), targets.ROW_PATH_FILES if is_long else None, _format_number),
        ),
        ("· calls of their functions", _format_number(seeding.path_step.path.calls), "", ""),
        ("memory of the plan", format_megabytes(memory.plan_megabytes), "", ""),
        ("peak memory while planning, in addition", format_megabytes(memory.extra_megabytes), "", ""),
    ]
    return ((measure, f"{first.rows:,}", *cells) for measure, *cells in rows)


def _build_change_rows(seeding: SeedingMeasurement) -> Iterator[tuple[str, ...]]:
    if seeding.changed_plan:
        yield "planning again, every tenth row changed", format_seconds(seeding.changed_plan.planning_seconds), "", ""
        plan = seeding.changed_plan
        is_met = plan.count_actions(RowAction.UPDATE) == seeding.changed_rows and not plan.count_actions(RowAction.CREATE)
        yield (
            "· changed and created",
            _format_counts(seeding.changed_plan, RowAction.UPDATE, RowAction.CREATE),
            f"{seeding.changed_rows:,} / 0",
            _format_met(is_met),
        )


def _compare_pace(pace: float, kind: str | None) -> tuple[str, str]:
    return compare_with_target(pace, targets.IMPORTED_ROWS_A_SECOND.get(kind or ""), _format_pace, at_least=True)


def _format_met(is_met: bool) -> str:
    return "met" if is_met else "**missed**"


def _format_counts(step: StepMeasurement, *actions: RowAction) -> str:
    return " / ".join(f"{step.count_actions(action):,}" for action in actions)


def _format_number(value: float) -> str:
    return f"{value:,.0f}"


def _format_pace(rows_per_second: float) -> str:
    return f"{rows_per_second:,.0f} rows a second"


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
