"""The lists that seeding is measured with are what they say, and each step does what it is to measure; how fast, no test says."""

import csv
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from benchmarks.__main__ import main
from benchmarks.fictional_lists import (
    LIST_KINDS,
    SHARE_IN_ONE_HOUSE,
    change_streets,
    generate_irs_rows,
    generate_spreadsheet_rows,
    write_csv,
)
from benchmarks.seeding import SeedingMeasurement, StepMeasurement, build_tables, measure_file, measure_kind
from directory.errors import BadInput
from seed.plan.planned_row import RowAction
from seed.sources.irs import is_irs_table

ROWS = 40


def a_rng(seed: int = 1) -> Random:
    return Random(seed)  # noqa: S311


@pytest.mark.parametrize("kind", LIST_KINDS)
def test_a_list_is_the_same_in_every_run(kind: str) -> None:
    make, street, _ = LIST_KINDS[kind]
    rows = list(make(a_rng(), ROWS))
    assert rows == list(make(a_rng(), ROWS)) != list(make(a_rng(2), ROWS))
    assert len(rows) == ROWS
    differ = [
        number for number, (one, other) in enumerate(zip(rows, change_streets(rows, street), strict=True), 1) if one != other
    ]
    assert differ == [10, 20, 30, 40]


def test_the_irss_list_is_taken_for_one_and_has_its_crowded_house() -> None:
    rows = list(generate_irs_rows(a_rng(), 2_000))
    assert is_irs_table(list(rows[0]))
    assert len({row["EIN"] for row in rows}) == len(rows)
    assert all(row["NAME"].isupper() and row["STATE"] and row["ZIP"][5] == "-" for row in rows)
    (_, in_house), (_, elsewhere) = Counter(row["STREET"] for row in rows).most_common(2)
    assert in_house > SHARE_IN_ONE_HOUSE / 2 * len(rows) > elsewhere


def test_names_are_as_different_as_those_of_organizations() -> None:
    names = {row["Organization"] for row in generate_spreadsheet_rows(a_rng(), 500)}
    assert len(names) > 490


@pytest.mark.slow
@pytest.mark.parametrize("kind", LIST_KINDS)
def test_every_row_of_ours_is_created_then_unchanged_then_changed(kind: str, tmp_path: Path) -> None:
    one = measure_kind(kind, ROWS, tmp_path)
    assert one.changed_plan is not None
    assert [took.rows for took in (one.read_step, one.first_plan, one.second_plan, one.changed_plan, one.memory_step)] == [
        ROWS
    ] * 5
    assert one.first_plan.count_actions(RowAction.CREATE) == one.second_plan.count_actions(RowAction.SKIP) == ROWS
    assert (one.changed_plan.count_actions(RowAction.UPDATE), one.changed_plan.count_actions(RowAction.SKIP)) == (
        ROWS // 10,
        ROWS - ROWS // 10,
    )
    assert one.memory_step.plan_megabytes > 0 < one.memory_step.extra_megabytes
    (table,) = build_tables([one])
    assert "**missed**" not in table.to_markdown()


def test_a_row_that_is_written_the_second_time_is_told_as_a_miss() -> None:
    first, again = (
        StepMeasurement(5, {RowAction.CREATE: 5}, planning_seconds=1.0, applying_seconds=1.0),
        StepMeasurement(5, {RowAction.SKIP: 4, RowAction.UPDATE: 1}),
    )
    assert (
        "**missed**"
        not in build_tables([SeedingMeasurement(None, first, first, StepMeasurement(5), None, 0, first)])[0].to_markdown()
    )
    assert "**missed**" in build_tables([SeedingMeasurement(None, first, first, again, None, 0, first)])[0].to_markdown()


def test_a_change_that_is_not_seen_is_told_as_a_miss() -> None:
    first, seen = StepMeasurement(5, planning_seconds=1.0), StepMeasurement(5, {RowAction.UPDATE: 2})
    assert (
        "**missed**"
        not in build_tables([SeedingMeasurement("irs", first, first, StepMeasurement(5), seen, 2, first)])[0].to_markdown()
    )
    assert (
        "**missed**"
        in build_tables([SeedingMeasurement("irs", first, first, StepMeasurement(5), seen, 3, first)])[0].to_markdown()
    )


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.csv").write_text("")
    for name in ("no.csv", "none.csv"):
        with pytest.raises(BadInput):
            measure_file(tmp_path / name, tmp_path)


@pytest.mark.slow
def test_the_command_measures_anybodys_list_and_tells_no_place_of_this_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(tmp_path / "members.csv", generate_spreadsheet_rows(a_rng(), 5))
    assert main(["seeding", "--dry-run", "--file", str(tmp_path / "members.csv")]) == 0
    told = capsys.readouterr().out
    assert "Somebody's own list" in told
    assert "--file FILE" in told
    assert str(tmp_path) not in told


def test_the_command_refuses_with_a_sentence_and_a_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seeding", "--file", str(tmp_path / "none.csv")]) == 2
    assert "none.csv cannot be read" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["matching", "--file", "members.csv"])


def test_written_rows_are_read_back(tmp_path: Path) -> None:
    rows = list(generate_irs_rows(a_rng(), 3))
    write_csv(tmp_path / "irs.csv", rows)
    with (tmp_path / "irs.csv").open(newline="") as opened:
        assert list(csv.DictReader(opened)) == rows
