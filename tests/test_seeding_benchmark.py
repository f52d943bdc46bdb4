"""The fictional lists of the seeding benchmark are realistic, and each step does what it measures. Speed is not tested."""

import csv
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from benchmarks.__main__ import main
from benchmarks.fictional_networks import NOW
from benchmarks.lists.fictional_lists import (
    LIST_KINDS,
    SHARE_IN_ONE_HOUSE,
    change_streets,
    generate_irs_rows,
    generate_spreadsheet_rows,
    write_csv,
)
from benchmarks.lists.large_directory import build_table
from benchmarks.lists.row_path import RowTracer
from benchmarks.lists.seeding import SeedingMeasurement, StepMeasurement, build_tables, load_list, measure_file, measure_kind
from directory.drafts.normalize import parse_ein
from directory.errors import BadInput
from directory.store.store import Store
from directory.text import fold
from directory.vocabulary.slugs import slugify
from seed.plan.import_plan import plan_import
from seed.plan.planned_row import RowAction
from seed.sources.irs import is_irs_table

ROWS = 40
PATH_ROWS = 400  # more than the rows in which caches fill


def a_rng(seed: int = 1) -> Random:
    return Random(seed)  # noqa: S311


@pytest.mark.parametrize("kind", LIST_KINDS)
def test_a_list_is_the_same_in_every_run(kind: str) -> None:
    generate, street, _ = LIST_KINDS[kind]
    rows = list(generate(a_rng(), ROWS))
    assert rows == list(generate(a_rng(), ROWS)) != list(generate(a_rng(2), ROWS))
    assert len(rows) == ROWS
    pairs = zip(rows, change_streets(rows, street), strict=True)
    changed_numbers = [number for number, (row, changed_row) in enumerate(pairs, 1) if row != changed_row]
    assert changed_numbers == [10, 20, 30, 40]


def test_the_irs_list_is_recognized_and_has_a_shared_address() -> None:
    rows = list(generate_irs_rows(a_rng(), 2_000))
    assert is_irs_table(list(rows[0]))
    assert len({row["EIN"] for row in rows}) == len(rows)
    assert all(row["NAME"].isupper() and row["STATE"] and row["ZIP"][5] == "-" for row in rows)
    (_, shared_count), (_, other_count) = Counter(row["STREET"] for row in rows).most_common(2)
    assert shared_count > SHARE_IN_ONE_HOUSE / 2 * len(rows) > other_count


def test_names_are_mostly_different() -> None:
    names = {row["Organization"] for row in generate_spreadsheet_rows(a_rng(), 500)}
    assert len(names) > 490


@pytest.mark.slow
@pytest.mark.parametrize("kind", LIST_KINDS)
def test_every_row_is_created_then_unchanged_then_changed(kind: str, tmp_path: Path) -> None:
    seeding = measure_kind(kind, ROWS, tmp_path)
    assert seeding.changed_plan is not None
    steps = (seeding.read_step, seeding.first_plan, seeding.second_plan, seeding.changed_plan, seeding.memory_step)
    assert [step.rows for step in steps] == [ROWS] * 5
    assert seeding.first_plan.count_actions(RowAction.CREATE) == seeding.second_plan.count_actions(RowAction.SKIP) == ROWS
    assert (seeding.changed_plan.count_actions(RowAction.UPDATE), seeding.changed_plan.count_actions(RowAction.SKIP)) == (
        ROWS // 10,
        ROWS - ROWS // 10,
    )
    assert seeding.first_plan.table_rows > ROWS
    assert seeding.memory_step.plan_megabytes > 0 < seeding.memory_step.extra_megabytes
    (table,) = build_tables([seeding])
    assert "**missed**" not in table.to_markdown()


@pytest.mark.parametrize(("kind", "most_files"), [("irs", 32), ("spreadsheet", 48)])
def test_a_row_passes_through_few_files(kind: str, most_files: int, tmp_path: Path) -> None:
    """Somebody who follows a row has to read these files. The target is targets.ROW_PATH_FILES, for a long list."""
    rows = LIST_KINDS[kind][0](a_rng(), PATH_ROWS)
    write_csv(tmp_path / "list.csv", rows)
    store = Store.open(f"sqlite:///{tmp_path}/empty.sqlite3")
    store.migrate()
    tracer = RowTracer()
    plan_import(load_list(tmp_path / "list.csv"), store, today=NOW.date(), progress=tracer.trace)
    store.close()
    files = tracer.finish().files
    assert 20 < len(files) <= most_files, files


def test_the_path_of_a_row_has_the_files_that_run_for_most_rows() -> None:
    tracer = RowTracer(skipped_rows=10)
    for number in tracer.trace(range(110)):
        if number == 5:
            parse_ein("12-3456789")  # before counting begins
        if number >= 20:
            fold("Ñandú")
            fold("again")
        if number % 10 == 0:
            slugify("A rare row")
    path = tracer.finish()
    assert path.files == ("directory/text.py",)
    assert 1.8 <= path.calls < 2.5
    assert sys.getprofile() is None


def test_a_list_that_is_too_short_has_no_path() -> None:
    tracer = RowTracer(skipped_rows=10)
    assert [fold(str(number)) for number in tracer.trace(range(5))] == ["0", "1", "2", "3", "4"]
    assert tracer.finish().files == ()


def test_a_row_that_is_written_again_misses_the_target() -> None:
    first, second = (
        StepMeasurement(5, {RowAction.CREATE: 5}, planning_seconds=1.0, applying_seconds=1.0),
        StepMeasurement(5, {RowAction.SKIP: 4, RowAction.UPDATE: 1}),
    )
    assert (
        "**missed**"
        not in build_tables([SeedingMeasurement(None, first, first, StepMeasurement(5), None, 0, first)])[0].to_markdown()
    )
    assert "**missed**" in build_tables([SeedingMeasurement(None, first, first, second, None, 0, first)])[0].to_markdown()


def test_a_change_that_is_not_detected_misses_the_target() -> None:
    first, changed = StepMeasurement(5, planning_seconds=1.0), StepMeasurement(5, {RowAction.UPDATE: 2})
    assert (
        "**missed**"
        not in build_tables([SeedingMeasurement("irs", first, first, StepMeasurement(5), changed, 2, first)])[0].to_markdown()
    )
    assert (
        "**missed**"
        in build_tables([SeedingMeasurement("irs", first, first, StepMeasurement(5), changed, 3, first)])[0].to_markdown()
    )


def test_an_empty_or_missing_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.csv").write_text("")
    for name in ("no.csv", "nseeding.csv"):
        with pytest.raises(BadInput):
            measure_file(tmp_path / name, tmp_path)


@pytest.mark.slow
def test_the_command_measures_a_file_and_prints_no_path_of_this_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(tmp_path / "members.csv", generate_spreadsheet_rows(a_rng(), 5))
    assert main(["seeding", "--dry-run", "--file", str(tmp_path / "members.csv")]) == 0
    output = capsys.readouterr().out
    assert "Your list" in output
    assert "--file FILE" in output
    assert str(tmp_path) not in output


def test_the_command_refuses_with_a_sentence_and_a_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seeding", "--file", str(tmp_path / "nseeding.csv")]) == 2
    assert "nseeding.csv cannot be read" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["matching", "--file", "members.csv"])


def test_written_rows_are_read_back(tmp_path: Path) -> None:
    rows = list(generate_irs_rows(a_rng(), 3))
    write_csv(tmp_path / "irs.csv", rows)
    with (tmp_path / "irs.csv").open(newline="") as text:
        assert list(csv.DictReader(text)) == rows


@pytest.mark.slow
def test_a_list_is_planned_into_a_large_directory(tmp_path: Path) -> None:
    (tmp_path / "databases").mkdir()
    table = build_table(300, tmp_path / "databases", tmp_path)
    assert [row[1:3] for row in table.rows] == [("300", "300")] * 3
    assert all(row[4:] == ("", "") for row in table.rows), "a small directory has no targets"
