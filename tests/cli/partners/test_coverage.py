"""The command `coverage`."""

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest

from cli.partners.coverage_output import TEXTS
from directory.geo import Disclosure
from directory.records import Audience
from tests.builders import a_stored_location, a_stored_organization
from tests.cli.command_runner import Run, make_runner
from tests.cli.records_of_all_kinds import write

RECENTLY = dt.datetime.now(dt.UTC) - dt.timedelta(days=30)
CITY = {"disclosure": Disclosure.CITY}


def a_member(name: str, **fields: Any) -> Any:
    return a_stored_organization(name, **{"issue_areas": ("detention-deportation",), "verified_at": RECENTLY, **fields})


RECORDS = (
    a_member("Atlanta Freedom", sites=(a_stored_location(**CITY),), service_areas=("US-GA", "US-AL")),
    a_member("Far Away", sites=(a_stored_location("Chicago", "US-IL", **CITY),), service_areas=("US-IL",)),
    a_member("Everywhere", service_areas=("US",)),
    a_member("Silent", issue_areas=("refugees",)),
    a_member("Hidden", service_areas=("US-TX",), audience=Audience.STAFF),
)
STORY = ("coverage", "--value", "detention-deportation", "--within", "US-SOUTH")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    url = f"sqlite:///{tmp_path_factory.mktemp('coverage') / 'directory.sqlite3'}"
    write(url, *RECORDS)
    return make_runner(url)


def read_json(run: Run, *arguments: str) -> Any:
    done = run(*arguments, "--format", "json", "--output", "-")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_where_nobody_works_and_where_it_is_not_known(run: Run) -> None:
    done = run(*STORY, "--value", "refugees", "--at-least", "1", columns=100)
    assert done.exit_code == 0
    lines, text = done.stdout.splitlines(), " ".join(done.stdout.split())
    assert (
        "Immigration detention and deportation. Members: 3; 3 state which areas they serve, 3 were verified in the last" in text
    )
    assert "  Covered: Alabama 1, Georgia 1." in lines
    assert "Nobody: Arkansas, Delaware, District of Columbia, Florida" in text
    assert "Not known: Alabama, Arkansas," in text
    assert "so that they may work in a region that is not known: 1." in text
    assert "Goal: at least 1 in each region." in text
    assert max(map(len, lines)) <= 100
    assert "Atlanta Freedom" in run(*STORY, "--at-least", "1").stdout


def test_json_has_cells_rows_and_gaps(run: Run) -> None:
    report = read_json(run, *STORY, "--at-least", "2", "--gaps", "1")
    (row,) = report["rows"]
    assert (row["covered"], row["memberCount"], row["target"]) == (["US-AL", "US-GA"], 3, 2)
    assert len(row["nobody"]) == 15
    georgia = next(cell for cell in report["cells"] if cell["region"] == "US-GA")
    assert (georgia["located"], georgia["serving"], georgia["nationwide"], georgia["groups"]) == (1, 0, 1, 1)
    assert georgia["search"] == "issue=detention-deportation&region=US-GA"
    assert (report["gapCount"], [gap["region"] for gap in report["gaps"]]) == (17, ["US-AR"])
    assert [one["slug"] for one in report["gaps"][0]["nearest"]] == ["atlanta-freedom", "far-away"]


def test_options_change_what_counts(run: Run) -> None:
    choices = [("--by", "located"), ("--by", "serving"), ("--words", "in Chicago"), ("--search", "region=US-IL")]
    covered = {options: read_json(run, *STORY, *options)["rows"][0]["covered"] for options in choices}
    assert covered["--by", "located"] == ["US-GA"]
    assert covered["--by", "serving"] == ["US-AL", "US-GA"]
    assert covered["--words", "in Chicago"] == covered["--search", "region=US-IL"] == []
    assert len(read_json(run, *STORY, "--nationwide", "include")["rows"][0]["covered"]) == 17
    assert read_json(run, *STORY, "--audience", "staff")["rows"][0]["covered"] == ["US-AL", "US-GA", "US-TX"]


def test_other_facets_and_kinds_of_regions(run: Run) -> None:
    report = read_json(run, "coverage", "--facet", "work-area", "--value", "law", "--region-kind", "census-region")
    assert (report["facet"], report["regionKind"]) == ("WORK_AREA", "CENSUS_REGION")
    assert [region["code"] for region in report["regions"]] == ["US-MIDWEST", "US-NORTHEAST", "US-SOUTH", "US-WEST"]


def test_many_rows_are_a_table_of_numbers(run: Run) -> None:
    text = run("coverage", "--within", "US-SOUTH", "--gaps", "2", columns=100).stdout
    assert "Numbers of regions, of 17:" in text
    assert "Row" in text
    assert "2 of " in text
    assert max(map(len, text.splitlines())) <= 100


def test_spanish(run: Run) -> None:
    text = run(*STORY, "--language", "es").stdout
    assert "Detención y deportación migratoria. Miembros: 3" in text
    assert "Nadie: " in text
    assert TEXTS["es"].keys() == TEXTS["en"].keys()


def test_files(run: Run, tmp_path: Path) -> None:
    table, picture = tmp_path / "coverage.csv", tmp_path / "coverage.svg"
    assert run(*STORY, "--format", "csv", "--output", table).exit_code == 0
    lines = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert len(lines) == 2 + 17
    assert run(*STORY, "--format", "svg", "--output", picture).exit_code == 0
    assert picture.read_text(encoding="utf-8").startswith("<svg ")


REFUSALS = [
    (("--value", "imigration"), "Did you mean immigration"),
    (("--within", "Georgia"), "US-GA"),
    (("--at-least", "0"), "1<=x<=1000"),
    (("--region-kind", "county", "--within", "US-GA-121", "--value", "x"), "There is no issue area"),
    (("--output", "x.csv"), "--format"),
    (("--search", "colour=red"), "no search parameter"),
]


@pytest.mark.parametrize(("options", "message"), REFUSALS)
def test_a_refusal_says_what_to_do(run: Run, options: tuple[str, ...], message: str) -> None:
    done = run("coverage", *options)
    assert done.exit_code == 2
    assert message in done.stderr


def test_nobody_matches(run: Run) -> None:
    done = run("coverage", "--search", "community=women")
    assert done.exit_code == 1
    assert "No member matches these conditions." in done.stdout
