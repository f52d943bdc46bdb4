"""The command `find`."""

import json
from pathlib import Path

import pytest

from directory.records import Audience
from directory.store.store import Store
from tests.builders import a_stored_location, a_stored_organization
from tests.cli.command_runner import Run, make_runner
from tests.cli.written_records import write_records

LANTERN = a_stored_organization("Lantern Tenants", slug="lantern-tenants", issue_areas=("tenants",), sites=(a_stored_location(),))
QUIET_HOUSE = a_stored_organization("Quiet House", slug="quiet-house", audience=Audience.MEMBERS)


@pytest.fixture
def run(sqlite_url: str) -> Run:
    return make_runner(sqlite_url)


def test_it_prints_a_table(database_url: str) -> None:
    write_records(database_url, LANTERN, QUIET_HOUSE)
    result = make_runner(database_url)("find", "housing", "near", "Atlanta")
    assert result.exit_code == 0
    for words in ("Understood as: Housing, near Atlanta, GA", "Atlanta, GA", "1 found.", "Lantern"):
        assert words in result.output


def test_it_prints_json(run: Run, sqlite_url: str) -> None:
    write_records(sqlite_url, LANTERN)
    report = json.loads(run("find", "--json", "LANTERN tenants").output)
    assert [organization["slug"] for organization in report["organizations"]] == ["lantern-tenants"]


def test_it_exits_with_1_and_suggests_wider_searches_when_nothing_is_found(run: Run, sqlite_url: str) -> None:
    write_records(sqlite_url, LANTERN)
    result = run("find", "tenants in Alaska")
    assert result.exit_code == 1
    assert 'Without "Alaska": 1' in result.output


def test_it_shows_an_audience_what_it_may_see(run: Run, sqlite_url: str) -> None:
    write_records(sqlite_url, QUIET_HOUSE)
    assert run("find", "Quiet House").exit_code == 1
    assert run("find", "--audience", "members", "Quiet House").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--first", "0", "housing"),
        ("--first", "many", "housing"),
        ("--audience", "press", "housing"),
        ("--nonsense", "housing"),
        ("a" * 501,),
    ],
)
def test_wrong_arguments_are_refused(run: Run, sqlite_url: str, arguments: tuple[str, ...]) -> None:
    write_records(sqlite_url, LANTERN)
    result = run("find", *arguments)
    assert result.exit_code == 2
    assert "Error: " in result.stderr
    assert "Traceback" not in result.output


def test_the_option_overrides_the_variable(run: Run, sqlite_url: str) -> None:
    write_records(sqlite_url, LANTERN)
    result = run("find", "Lantern", "--database-url", sqlite_url, database="sqlite:////nowhere/there.sqlite3")
    assert result.exit_code == 0


def test_it_does_not_create_a_database(empty_sqlite_url: str, tmp_path: Path) -> None:
    result = make_runner(empty_sqlite_url)("find", "housing")
    assert result.exit_code == 3
    assert "no directory in this database" in result.stderr
    assert not list(tmp_path.iterdir())


def test_outdated_tables_must_be_migrated(empty_sqlite_url: str) -> None:
    Store.open(empty_sqlite_url).close()
    result = make_runner(empty_sqlite_url)("find", "housing")
    assert result.exit_code == 3
    assert "directory migrate" in result.stderr
