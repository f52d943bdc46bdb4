"""The command `plan`: text, JSON, a member who says no, and what is refused."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.builders import NOW, a_stored_organization, an_id
from tests.cli.command_runner import Run, make_runner
from tests.cli.records_of_all_kinds import write

RECORDS = (
    a_stored_organization("Both in Georgia", issue_areas=("housing", "immigration"), service_areas=("US-GA",), verified_at=NOW),
    a_stored_organization("Housing in Alabama", issue_areas=("housing",), service_areas=("US-AL",)),
    a_stored_organization("Shelter in Alabama", issue_areas=("housing",), service_areas=("US-AL",)),
    a_stored_organization("Secret House", issue_areas=("immigration",), service_areas=("US-AL",), hidden_since=NOW),
)
COVER = ("--issue", "housing", "--region", "US-GA", "--region", "US-AL")


@pytest.fixture(scope="module")
def filled_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("plans") / "directory.sqlite3"
    write(f"sqlite:///{file}", *RECORDS)
    return f"sqlite:///{file}"


@pytest.fixture
def run(filled_url: str) -> Run:
    return make_runner(filled_url)


def read_json(run: Run, *arguments: str, exit_code: int = 0) -> dict[str, Any]:
    result = run("plan", *arguments, "--format", "json")
    assert result.exit_code == exit_code, result.output
    report: dict[str, Any] = msgspec.json.decode(result.stdout)
    return report


def list_slugs(report: dict[str, Any]) -> list[str]:
    return [member["slug"] for member in report["members"]]


def test_a_plan_is_printed_with_its_reasons(run: Run) -> None:
    result = run("plan", *COVER, "--issue", "immigration", "--exclude", "shelter-in-alabama")
    assert result.exit_code == 1  # nobody works on immigration in Alabama
    assert result.stdout.splitlines() == [
        "2 members cover 3 of 4 combinations of theme and region.",
        "1. Both in Georgia (both-in-georgia)",
        "   Covers 2, adds 2. Needed for housing in Georgia; immigrants' rights in Georgia.",
        "   Could stand in: nobody.",
        "2. Housing in Alabama (housing-in-alabama)",
        "   Covers 1, adds 1. Needed for housing in Alabama.",
        "   Could stand in: nobody.",
        "No single member can cover this: these 2 combinations of theme and region have no member in common: housing in Alabama; "
        "housing in Georgia.",
        "Immigrants' rights in Alabama: too few organizations in the directory work on this there. Missing: 1.",
        "Members who serve the whole country do not count. To count them, add --nationwide include.",
        "If a member says no, run: directory plan --without SLUG --from LINE, with this line:",
        "'issue=housing&issue=immigration&region=US-AL&region=US-GA&exclude=shelter-in-alabama'",
    ]


def test_a_member_says_no(run: Run) -> None:
    report = read_json(run, *COVER)
    assert (report["covered"], report["total"], report["certificate"]["optimal"]) == (2, 2, True)
    (second,) = set(list_slugs(report)) - {"both-in-georgia"}
    (other,) = {"housing-in-alabama", "shelter-in-alabama"} - {second}
    again = read_json(run, "--from", report["search"], "--without", second)
    assert list_slugs(again) == ["both-in-georgia", other]
    assert again["search"] == f"{report['search']}&exclude={second}"
    nobody = read_json(run, "--from", again["search"], "--without", other, exit_code=1)
    assert [gap["reason"] for gap in nobody["uncovered"]] == ["EXCLUDED"]


def test_regions_of_a_kind(run: Run) -> None:
    report = read_json(run, "--issue", "housing", "--each", "state", "--within", "US-SOUTH", exit_code=1)
    assert (report["covered"], report["total"]) == (2, 17)
    assert read_json(run, "--issue", "housing", "--each", "census-division", exit_code=1)["total"] == 9


def test_options_apply(run: Run) -> None:
    options = (
        "--include",
        "housing-in-alabama",
        "--max-size",
        "1",
        "--per-cell",
        "2",
        "--by",
        "serving",
        "--nationwide",
        "include",
    )
    report = read_json(run, *COVER, *options, "--search", "community=women", exit_code=1)
    assert list_slugs(report) == ["housing-in-alabama"]
    assert report["search"].endswith(
        "&by=SERVING&nationwide=INCLUDE&include=housing-in-alabama&max=1&per=2&filter=community%3Dwomen"
    )
    assert report["members"][0]["included"]


def test_hidden_and_missing_members_are_the_same(run: Run) -> None:
    hidden, missing = (
        run("plan", *COVER, "--include", key).stderr.replace(key, "KEY") for key in (an_id("Secret House"), "nobody-here")
    )
    assert hidden == missing == 'Error: There is no organization "KEY". Check its spelling.\n'
    assert list_slugs(read_json(run, *COVER, "--include", an_id("Secret House"), "--audience", "staff"))[0].startswith(
        "secret-house"
    )


def test_members_of_a_shared_line_that_are_not_listed_are_left_out(run: Run) -> None:
    line = "issue=housing&region=US-GA&include={}"
    hidden, missing = (
        run("plan", "--from", line.format(key)).stdout.replace(key, "KEY") for key in (an_id("Secret House"), "nobody-here")
    )
    assert hidden == missing
    assert "KEY is not listed here, so the plan is made without it." in hidden


def test_options_change_the_plan_of_a_line(run: Run) -> None:
    line = "issue=housing&region=US-GA&region=US-AL&exclude=both-in-georgia&per=2"
    options = ("--exclude", "shelter-in-alabama", "--max-size", "1", "--per-cell", "1", "--issue", "immigration")
    report = read_json(run, "--from", line, *options, exit_code=1)
    assert report["search"] == (
        "issue=housing&issue=immigration&region=US-AL&region=US-GA&exclude=both-in-georgia&exclude=shelter-in-alabama&max=1"
    )


REFUSALS = [
    (("--issue", "hosing", "--region", "US-GA"), "Did you mean housing?"),
    (("--issue", "housing", "--region", "GAA"), "no region"),
    (("--issue", "housing"), "at least one issue area and one region"),
    ((*COVER, "--within", "US"), "--within needs --each"),
    (("--from", "issue=housing&region=US-GA", "--without", "both-in-gorgia"), "Did you mean both-in-georgia?"),
    (("--from", "foo=1"), "no parameter"),
    ((*COVER, "--include", "both-in-georgia", "--exclude", "both-in-georgia"), "both included and excluded"),
    (("--issue", "housing", "--each", "county"), "at most 60"),
    ((*COVER, "--search", "foo=1"), "no search parameter"),
]


@pytest.mark.parametrize(("arguments", "text"), REFUSALS)
def test_an_invalid_plan_is_refused(run: Run, arguments: tuple[str, ...], text: str) -> None:
    result = run("plan", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert text in result.stderr


# ---------------------------------------------------------------- whole networks

STORY = ("--issue", "housing", "--issue", "incarceration", "--issue", "racial-justice", "--each", "census-division")


@pytest.fixture(scope="module")
def fictional_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = make_runner(f"sqlite:///{tmp_path_factory.mktemp('fictional') / 'directory.sqlite3'}")
    assert run("fictional", "400").exit_code == 0
    return run


def test_the_second_member_of_a_fictional_coalition_says_no(fictional_run: Run) -> None:
    report = read_json(fictional_run, *STORY, exit_code=1 if fictional_run("plan", *STORY).exit_code else 0)
    assert report["total"] == 27
    assert report["covered"] > 15
    assert report["certificate"]["optimal"]
    assert report["certificate"]["lowerBound"] == len(report["members"]) > 5
    second = list_slugs(report)[1]
    again = fictional_run("plan", "--from", report["search"], "--without", second, "--format", "json")
    plan = msgspec.json.decode(again.stdout)
    assert second not in list_slugs(plan)
    assert plan["certificate"]["optimal"]
    assert plan["search"].endswith(f"&exclude={second}")


def test_every_process_makes_the_same_plan(fictional_run: Run, tmp_path: Path) -> None:
    """A network that was written again has other random seeds of hashes, and the same plan."""
    command = [sys.executable, "-c", "from cli.main import main; main()", "plan", *STORY, "--format", "json"]
    database = {"DIRECTORY_DATABASE_URL": f"sqlite:///{tmp_path / 'directory.sqlite3'}"}
    assert make_runner(database["DIRECTORY_DATABASE_URL"])("fictional", "400").exit_code == 0
    plans = [
        subprocess.run(command, env={**os.environ, **database, "PYTHONHASHSEED": seed}, capture_output=True, check=False).stdout
        for seed in ("1", "2")
    ]
    assert plans[0] == plans[1]
    own = msgspec.json.decode(fictional_run("plan", *STORY, "--format", "json").stdout)
    assert msgspec.json.decode(plans[0])["members"] == own["members"]


def test_the_shipped_records(tmp_path: Path) -> None:
    run = make_runner(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    assert run("seed", "--apply").exit_code == 0
    report = read_json(run, *STORY, "--nationwide", "include", exit_code=1)
    assert (report["covered"], len(report["members"]), report["certificate"]["optimal"]) == (20, 4, True)
    again = read_json(run, "--from", report["search"], "--without", list_slugs(report)[1], exit_code=1)
    assert again["covered"] < 20
    assert {gap["reason"] for gap in again["uncovered"]} == {"EXCLUDED", "NO_MEMBER"}
