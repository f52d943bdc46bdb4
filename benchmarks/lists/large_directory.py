"""Measure planning a long list into a large directory: the time, and the memory beyond that of the directory's records.

Run as a module with "records" or "plan", a file and the URL of a database, it prints a PlanningMeasurement as JSON.
"""

import shutil
import sys
import time
from pathlib import Path
from random import Random

import msgspec
from msgspec import Struct

from benchmarks import targets
from benchmarks.fictional_networks import NOW, SEED, find_or_create_database
from benchmarks.http.server_processes import read_resident_megabytes, run_module
from benchmarks.lists.fictional_lists import LIST_KINDS, write_csv
from benchmarks.lists.seeding import load_list
from benchmarks.tables import Table, compare_with_target, format_megabytes, format_seconds
from directory.gazetteer.gazetteer import get_gazetteer
from directory.store.store import Store
from seed.plan.import_plan import plan_import
from seed.resolve.record_resolver import RecordResolver


class PlanningMeasurement(Struct, frozen=True):
    """`megabytes` is by how much the process grew: with the records and slugs of the directory, or with the whole plan, too."""

    rows: int
    seconds: float
    megabytes: float


def build_table(size: int, databases: Path, folder: Path) -> Table:
    """Plan a list in the format of the IRS, with at most `size` rows, into a fictional directory of `size` records."""
    generate, _, rows = LIST_KINDS["irs"]
    file, copy = folder / "irs-2026-07.csv", folder / "large.sqlite3"
    write_csv(file, generate(Random(SEED), min(rows, size)))
    shutil.copy(find_or_create_database(size, databases).file, copy)
    records, plan = (_measure_in_process(step, file, f"sqlite:///{copy}") for step in ("records", "plan"))
    extra = plan.megabytes - records.megabytes
    limits = (targets.LARGE_PLAN_SECONDS, targets.LARGE_PLAN_MEGABYTES) if size >= targets.LARGE_PLAN_RECORDS else (None, None)
    columns = ("measure", "records", "rows", "measured", "target", "")
    cells = [
        ("planning", format_seconds(plan.seconds), *compare_with_target(plan.seconds, limits[0], format_seconds)),
        ("memory of the records and slugs that planning reads", format_megabytes(records.megabytes), "", ""),
        ("memory of planning beyond that", format_megabytes(extra), *compare_with_target(extra, limits[1], format_megabytes)),
    ]
    lines = [(measure, f"{size:,}", f"{plan.rows:,}", *others) for measure, *others in cells]
    return Table("A list in the format of the IRS, into a large directory", columns, lines)


def _measure_in_process(step: str, file: Path, url: str) -> PlanningMeasurement:
    return msgspec.json.decode(run_module("benchmarks.lists.large_directory", [step, str(file), url]), type=PlanningMeasurement)


def main(step: str, file: Path, url: str) -> None:
    get_gazetteer()  # loading it from its cache file is part of starting the program
    store = Store.open(url)
    store.migrate()  # a database that was kept may be older
    before, start = read_resident_megabytes(), time.perf_counter()
    if step == "records":
        with store.begin_read() as reading:
            kept: object = RecordResolver(reading)
        rows = 0
    else:
        kept = plan = plan_import(load_list(file), store, today=NOW.date())
        rows = len(plan.items)
    seconds, megabytes = time.perf_counter() - start, read_resident_megabytes() - before
    print(msgspec.json.encode(PlanningMeasurement(rows, seconds, megabytes)).decode())
    del kept
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
