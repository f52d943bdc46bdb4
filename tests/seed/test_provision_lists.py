"""Import whole lists of recommendations, as long as that of a review."""

import datetime as dt
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.provisions import HEADINGS, REVIEW, SPANISH_HEADINGS, Row, build_rows, measure_import, write_rows
from directory.curation.undo import undo
from directory.kinds.instrument import StoredProvision
from directory.live import Directory
from directory.records import RecordKind
from directory.store.ledger.edits import Put
from directory.store.store import Store
from seed.plan.import_plan import apply_plan
from seed.plan.planned_row import Plan, RowAction
from seed.plan.provision_plan import plan_provisions
from seed.sources.dataset import ReadOptions
from seed.sources.provision_table import load_provisions

NOW = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
LATER = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)


@pytest.fixture
def directory(any_store: Store) -> Directory:
    directory = Directory(any_store)
    directory.write([Put(REVIEW)], actor="staff", now=NOW, reason="the review")
    return directory


def load_names(directory: Directory) -> list[str]:
    return [record.name for record, _ in directory.store.load_records(RecordKind.PROVISION)]


def count_actions(plan: Plan[StoredProvision]) -> Counter[RowAction]:
    return Counter(item.action for item in plan.items)


def plan_file(directory: Directory, path: Path) -> Plan[StoredProvision]:
    dataset = load_provisions(path, ReadOptions(today=NOW.date()), sys.stdin.buffer)
    return plan_provisions(dataset, directory.store, instrument=REVIEW.slug)


def write_list_with_mistakes(path: Path) -> tuple[Path, Counter[RowAction]]:
    """Write 340 rows, of which some have a mistake. Return the file and the number of rows by action."""
    rows: list[Row] = build_rows()
    rows[3] = ("", *rows[3][1:])  # no number
    rows[17] = (*rows[17][:3], "", *rows[17][4:])  # no summary
    rows[20] = (rows[21][0], rows[21][1], *rows[20][2:])  # the number of the next row
    rows[40] = (*rows[40][:3], "x" * 1_001, *rows[40][4:])  # too long
    rows[60] = (*rows[60][:4], "housng; xyzzy", rows[60][5])  # unknown themes are left out
    assert len(rows) == 340
    return write_rows(path, rows), Counter({RowAction.CREATE: 335, RowAction.REJECT: 5})


def test_every_row_of_a_long_list_is_accounted_for(directory: Directory, tmp_path: Path) -> None:
    path, expected = write_list_with_mistakes(tmp_path / "upr.csv")
    plan = plan_file(directory, path)
    assert count_actions(plan) == expected
    receipt = apply_plan(plan, directory, now=NOW, reason="test")
    assert receipt.revision == 2  # one revision for all rows
    names = load_names(directory)
    assert len(names) == 335
    assert all(0 < len(name) <= 200 for name in names)
    again = plan_file(directory, path)
    assert count_actions(again) == {RowAction.SKIP: 335, RowAction.REJECT: 5}
    assert apply_plan(again, directory, now=LATER, reason="test").revision == 2
    undo(directory, 2, actor="directory undo", now=LATER)
    assert load_names(directory) == []


def test_spanish_headings_in_another_order_give_the_same_records(directory: Directory, tmp_path: Path) -> None:
    rows = build_rows(40)
    apply_plan(plan_file(directory, write_rows(tmp_path / "upr.csv", rows)), directory, now=NOW, reason="test")
    backward = [tuple(reversed(row)) for row in rows]
    path = write_rows(tmp_path / "upr en.csv", backward, tuple(reversed(SPANISH_HEADINGS)))
    assert count_actions(plan_file(directory, path)) == {RowAction.SKIP: 40}


def test_the_generated_lists_reach_the_interesting_cases() -> None:
    rows = build_rows()
    assert len({row[:2] for row in rows}) == len(rows)
    assert len(HEADINGS) == len(rows[0])
    for position in (4, 5):  # themes and responses: some rows state none
        assert {bool(row[position]) for row in rows} == {True, False}
    assert {row[1] for row in rows} == {"2", "3"}
    assert max(len(row[3]) for row in rows) > 400  # a summary whose first sentence is only a part of it


def test_the_benchmark_measures_an_import(tmp_path: Path) -> None:
    start = time.perf_counter()
    measured = measure_import(write_rows(tmp_path / "upr.csv", build_rows(10)), tmp_path)
    assert measured.rows == 10
    assert 0 < measured.total_seconds < time.perf_counter() - start
