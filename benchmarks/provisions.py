"""Measure the import of a list of recommendations: `python -m benchmarks.provisions` prints the seconds of each step.

The list is made up: numbers as in a report of the Universal Periodic Review, summaries of our own, and the mistakes of lists that
people keep in spreadsheets.
"""

import csv
import datetime as dt
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random

from msgspec import Struct

from directory.kinds.instrument import StoredInstrument, StoredProvision
from directory.live import Directory
from directory.store.ledger.edits import Put
from directory.store.store import Store
from directory.vocabulary.choices import InstrumentKind
from seed.plan.import_plan import apply_plan
from seed.plan.planned_row import Plan
from seed.plan.provision_plan import plan_provisions
from seed.sources.dataset import ReadOptions
from seed.sources.provision_table import load_provisions

RECOMMENDATION_COUNT = 340  # about as many as in the report of 2020
TARGET_SECONDS = 2.0  # to read, plan and apply them
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
REVIEW = StoredInstrument(
    id="6f57ae6f-a125-5004-a2c5-c3a6799035e7", slug="upr-usa-2020", name="Review of 2020", kind=InstrumentKind.REVIEW
)
HEADINGS = ("Official number", "Cycle", "Recommending state", "Our summary", "Themes", "State's response")
SPANISH_HEADINGS = ("Número oficial", "Ciclo", "Estado que recomienda", "Resumen", "Temas", "Respuesta")
CHAPTER = 26  # of the report; its recommendations are 26.1, 26.2 and so on

_STATES = ("Norway", "Chile", "Côte d'Ivoire", "New Zealand", "Bolivia (Plurinational State of)", "Timor-Leste", "Kenya", "Fiji")
_VERBS = (
    "End",
    "Stop",
    "Investigate",
    "Repeal laws that allow",
    "Spend less on",
    "Report each year on",
    "Let communities review",
)
_OBJECTS = (
    "evictions during an emergency",
    "solitary confinement of young people",
    "the death penalty",
    "detention of families who ask for asylum",
    "water shutoffs in cities",
    "force by police at protests",
    "unpaid work in prisons",
    "segregation in schools",
)
_FURTHER = (
    "Start with the states where it happens most.",
    "Those affected take part in each decision, and the U.S. Congress hears from them once a year.",
    "Publish the figures by race, gender and income.",
    "",
)
_THEMES = (
    "housing",
    "Housing; Tenants",
    "policing, racial-justice",
    "death-penalty",
    "vivienda",
    "Immigration",
    "education-hre",
    "",
)
_RESPONSES = ("Supported", "Supported in part", "Noted", "")

Row = tuple[str, ...]


def build_rows(count: int = RECOMMENDATION_COUNT, *, seed: int = 1) -> list[Row]:
    """Return the cells of valid rows, in the order of HEADINGS. Numbers differ; the same seed gives the same rows."""
    random = Random(seed)
    return [_build_row(position, random) for position in range(count)]


def _build_row(position: int, random: Random) -> Row:
    cycle = "2" if position % 10 == 9 else "3"
    summary = f"{random.choice(_VERBS)} {random.choice(_OBJECTS)}. {random.choice(_FURTHER)}".strip()
    if position % 50 == 7:
        summary = f"{summary} {'Include each county, parish and borough. ' * 12}".strip()
    themes, response = random.choice(_THEMES), random.choice(_RESPONSES)
    return (f"{CHAPTER}.{position + 1}", cycle, random.choice(_STATES), summary, themes, response)


def write_rows(path: Path, rows: Sequence[Row], headings: Row = HEADINGS) -> Path:
    """Write a CSV file and return its path."""
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([headings, *rows])
    return path


class ProvisionImport(Struct, frozen=True):
    """The seconds of each step, in an empty directory that has only the instrument."""

    rows: int
    planning_seconds: float  # with reading
    applying_seconds: float
    second_plan_seconds: float  # of the same list again

    @property
    def total_seconds(self) -> float:
        return self.planning_seconds + self.applying_seconds


def measure_import(path: Path, folder: Path) -> ProvisionImport:
    """Import a list into a new directory in the folder, twice. The second import must change nothing."""
    with closing(Store.open(f"sqlite:///{folder / 'directory.sqlite3'}")) as store:
        store.migrate()
        directory = Directory(store)
        directory.write([Put(REVIEW)], actor="benchmark", now=NOW, reason="the instrument")
        start = time.perf_counter()
        plan = _plan(path, store)
        planned = time.perf_counter()
        receipt = apply_plan(plan, directory, now=NOW, reason="benchmark")
        applied = time.perf_counter()
        again = _plan(path, store)
        finished = time.perf_counter()
        assert not again.edits
        return ProvisionImport(len(receipt.results), planned - start, applied - planned, finished - applied)


def _plan(path: Path, store: Store) -> Plan[StoredProvision]:
    dataset = load_provisions(path, ReadOptions(today=NOW.date()), sys.stdin.buffer)
    return plan_provisions(dataset, store, instrument=REVIEW.slug)


def format_measurement(measured: ProvisionImport) -> Iterator[str]:
    """Yield the lines that the command prints."""
    yield f"{measured.rows:,} recommendations: {measured.total_seconds:.2f} s (target: {TARGET_SECONDS:g} s)"
    yield f"  read and planned in {measured.planning_seconds:.2f} s, applied in {measured.applying_seconds:.2f} s"
    yield f"  the same list again, which changes nothing: {measured.second_plan_seconds:.2f} s"


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        measured = measure_import(write_rows(folder / "recommendations.csv", build_rows()), folder)
    print("\n".join(format_measurement(measured)))


if __name__ == "__main__":
    main()
