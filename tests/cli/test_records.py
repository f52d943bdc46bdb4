"""The commands `coalitions`, `events` and `provisions`, and what all four commands refuse."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.builders import NOW, a_stored_event, an_id
from tests.cli.command_runner import Run, make_runner
from tests.cli.records_of_all_kinds import (
    RECORDS,
    list_slugs,
    read_json,
    read_text,
    write,
)


@pytest.fixture(scope="module")
def filled_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    file: Path = tmp_path_factory.mktemp("records") / "directory.sqlite3"
    write(f"sqlite:///{file}", *RECORDS)
    return f"sqlite:///{file}"


@pytest.fixture
def run(filled_url: str) -> Run:
    return make_runner(filled_url)


# ---------------------------------------------------------------- lists

LISTS: list[tuple[tuple[str, ...], list[str]]] = [
    (("coalitions",), ["tenants-alliance", "upr-task-force"]),
    (("coalitions", "UPR", "task"), ["upr-task-force"]),
    (("coalitions", "prepares"), ["upr-task-force"]),
    (("coalitions", "--kind", "task-force"), ["upr-task-force"]),
    (("coalitions", "--kind", "task-force", "--kind", "alliance"), ["tenants-alliance", "upr-task-force"]),
    (("coalitions", "--issue", "housing"), ["tenants-alliance", "upr-task-force"]),
    (("coalitions", "--issue", "tenants"), ["tenants-alliance"]),
    (("coalitions", "--issue", "tenants", "--issue", "workers"), ["tenants-alliance"]),
    (("coalitions", "--region", "US-GA"), ["upr-task-force"]),
    (("coalitions", "--region", "US-AL", "--region", "US-GA-121"), ["upr-task-force"]),
    (("coalitions", "--member", "river-workers"), ["upr-task-force"]),
    (("coalitions", "--member", "harbor-tenants"), ["tenants-alliance", "upr-task-force"]),
    (("coalitions", "--member", "harbor-tenants", "--issue", "tenants"), ["tenants-alliance"]),
    (("coalitions", "--first", "1"), ["tenants-alliance"]),
    (("events",), ["press-conference", "vigil"]),
    (("events", "stake"), ["press-conference"]),
    (("events", "--from", "2021-03-17"), ["press-conference", "vigil"]),
    (("events", "--from", "2021-03-18"), ["vigil"]),
    (("events", "--from", "2021-12-12", "--until", "2021-12-12"), ["vigil"]),  # it is over at that midnight, and not before
    (("events", "--until", "2021-12-09"), ["press-conference"]),
    (("events", "--until", "2021-12-10"), ["press-conference", "vigil"]),
    (("events", "--from", "2021-03-17", "--until", "2021-03-17"), ["press-conference"]),
    (("events", "--coalition", "upr-task-force"), ["press-conference"]),
    (("events", "--region", "US-GA"), ["press-conference", "vigil"]),
    (("events", "--region", "US-METRO-12060"), ["press-conference"]),  # of the other one, only the state is published
    (("events", "--issue", "housing"), ["press-conference"]),
    (("provisions",), ["article-18", "article-25", "article-30", "article-26-133"]),
    (("provisions", "home"), ["article-25"]),
    (("provisions", "--instrument", "review"), ["article-26-133"]),
    (("provisions", "--cycle", "3"), ["article-26-133"]),
    (("provisions", "--issue", "workers"), ["article-26-133"]),
    (("provisions", "--taken-up"), ["article-25", "article-26-133"]),
    (("provisions", "--not-taken-up"), ["article-18", "article-30"]),
    (("provisions", "--not-taken-up", "--instrument", "universal-declaration"), ["article-18", "article-30"]),
]


@pytest.mark.parametrize(("arguments", "slugs"), LISTS)
def test_each_condition_limits_the_list(run: Run, arguments: tuple[str, ...], slugs: list[str]) -> None:
    assert list_slugs(run, *arguments) == slugs


def test_members_see_more_coalitions(run: Run) -> None:
    records = read_json(run, "coalitions", "--audience", "members")["records"]
    assert [record["name"] for record in records] == ["Members Circle", "Tenants Alliance", "UPR Task Force"]


def test_a_hidden_record_and_a_private_place_find_nothing(run: Run) -> None:
    for arguments in (
        ("coalitions", "hidden"),
        ("events", "secret"),
        ("events", "shelter"),
        ("events", "--region", "US-AL"),
        ("coalitions", "adviser"),
    ):
        result = run(*arguments)
        assert (result.exit_code, result.output.count("were found. To see all of them")) == (1, 1), arguments


def test_coalitions_are_listed_with_their_number_of_members(run: Run) -> None:
    text = read_text(run, "coalitions")
    lines = [line.split() for line in text.splitlines()]
    assert ["UPR", "Task", "Force", "Task", "force", "2"] in lines
    assert ["coalition:upr-task-force"] in lines
    assert "2 found. To see one in full: directory show coalition:tenants-alliance" in text
    assert "2 found. The first one is shown. To see more, use --first." in read_text(run, "coalitions", "--first", "1")


def test_events_are_listed_with_local_times_places_and_hosts(run: Run) -> None:
    text = read_text(run, "events")
    for words in ("2021-03-17 08:00 to", "09:30 EDT", "Stated time: 7a CST/8a EST", "City Hall, 55 Trinity Ave, Atlanta, GA"):
        assert words in text
    assert "Hosts: Harbor Tenants; Human Rights Council" in text
    assert "2021-12-10 to" in text
    assert "Vigil (cancelled)" in text


TIMES: list[tuple[dict[str, Any], str]] = [
    ({}, "2026-06-01 12:00 UTC"),
    ({"time_zone": "America/New_York"}, "2026-06-01 08:00 EDT"),
    ({"ends_at": NOW + dt.timedelta(hours=13)}, "2026-06-01 12:00 UTC to 2026-06-02 01:00 UTC"),
    ({"ends_at": NOW + dt.timedelta(hours=13), "time_zone": "America/Los_Angeles"}, "2026-06-01 05:00 to 18:00 PDT"),
    ({"ends_at": NOW}, "2026-06-01 12:00 UTC"),
    ({"starts_at": dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC), "ends_at": dt.datetime(2026, 11, 1, 6, 30, tzinfo=dt.UTC),
      "time_zone": "America/New_York"}, "2026-11-01 01:30 EDT to 2026-11-01 01:30 EST"),  # clocks are set back
    ({"starts_at": dt.datetime(2026, 6, 2, tzinfo=dt.UTC), "is_all_day": True, "time_zone": "America/New_York"}, "2026-06-02"),
    ({"starts_at": dt.datetime(2199, 12, 31, 20, tzinfo=dt.UTC), "time_zone": "Asia/Tokyo"}, "2200-01-01 05:00 JST"),
    ({"starts_at": dt.datetime(1900, 6, 5, 4, tzinfo=dt.UTC)}, "1900-06-05 04:00 UTC"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "when"), TIMES)
def test_times_are_local(sqlite_url: str, fields: dict[str, Any], when: str) -> None:
    write(sqlite_url, a_stored_event("Meeting", **fields))
    assert read_json(make_runner(sqlite_url), "events")["records"][0]["when"] == when


def test_provisions_are_listed_with_the_number_of_members_who_work_on_them(run: Run) -> None:
    lines = [line.split() for line in read_text(run, "provisions").splitlines()]
    assert ["25", "Article", "25", "1"] in lines
    assert ["18", "Article", "18", "0"] in lines
    assert ["cycle", "3", "provision:article-26-133"] in lines


def test_the_counts_of_the_list_are_the_numbers_of_members_that_a_search_finds(run: Run) -> None:
    for provision in read_json(run, "provisions")["records"]:
        members = read_json(run, "show", f"provision:{provision['slug']}")["members"]
        assert len(members) == provision["memberCount"]


# ---------------------------------------------------------------- nothing found, and wrong arguments

MISSING = {
    "coalition:upr-taskforce": 'There is no coalition "upr-taskforce". Did you mean coalition:upr-task-force?',
    "coalition:zzz": 'There is no coalition "zzz". To see all of them, run `directory coalitions`.',
    "coalition:members-circle": 'There is no coalition "members-circle". To see all of them, run `directory coalitions`.',
    "event:zzz": "run `directory events`",
    "provision:zzz": "run `directory provisions`",
    "instrument:zzz": "The instruments are: review, universal-declaration.",
    f"coalition:{an_id('Hidden Circle')}": "run `directory coalitions`",
    "coalition:": 'There is no coalition "".',
}


@pytest.mark.parametrize("key", MISSING)
@pytest.mark.parametrize("output_format", ["text", "json"])
def test_show_exits_with_1_for_what_does_not_exist_or_is_hidden(run: Run, key: str, output_format: str) -> None:
    result = run("show", key, "--format", output_format)
    assert (result.exit_code, result.stdout) == (1, "")
    assert MISSING[key] in result.stderr


REFUSED: dict[tuple[str, ...], str] = {
    ("show", "upr-task-force"): "Did you mean coalition:upr-task-force?",
    ("show", "harbor-tenants"): "use `directory find`",
    ("show", "organization:harbor-tenants"): "use `directory find`",
    ("show", an_id("Hidden Circle")): "Write the kind before the slug",
    ("coalitions", "--member", "harbor-tenant"): 'There is no organization "harbor-tenant". Did you mean harbor-tenants?',
    ("coalitions", "--member", "quiet-house"): 'There is no organization "quiet-house". Check the spelling',
    ("coalitions", "--kind", "club"): "'club' is not one of",
    ("coalitions", "--issue", "hosing"): "Did you mean housing?",
    ("coalitions", "--region", "US-XX"): "There is no region",
    ("coalitions", "a" * 501): "characters",
    ("coalitions", "--first", "0"): "--first",
    ("events", "--coalition", "upr-taskforce"): "Did you mean upr-task-force?",
    ("events", "--coalition", "hidden-circle"): 'There is no coalition "hidden-circle".',
    ("events", "--coalition", ""): 'There is no coalition "".',
    ("events", "--from", "soon"): "'soon' is not a date.",
    ("events", "--from", "2021-02-02", "--until", "2021-02-01"): "`until` is before `from`.",
    ("provisions", "--instrument", "universal-declaracion"): "Did you mean universal-declaration?",
    ("provisions", "--issue", "nothing-at-all"): "There is no issue area",
}


@pytest.mark.parametrize("arguments", REFUSED)
def test_what_cannot_be_used_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert REFUSED[arguments] in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", ["coalitions", "events", "provisions"])
def test_a_list_without_results_exits_with_1(run: Run, sqlite_url: str, command: str) -> None:
    result = run(command, "zzzzzz")
    assert result.exit_code == 1
    assert f"No {command} were found. To see all of them, run `directory {command}` without conditions." in result.output
    assert read_json(run, command, "zzzzzz") | {"version": ""} == {
        "kind": command[:-1].upper(), "audience": "PUBLIC", "version": "", "fictional": False, "total": 0, "records": []
    }  # fmt: skip
    empty = make_runner(sqlite_url)(command)
    assert empty.exit_code == 1
    assert f"This audience sees no {command} in this directory." in empty.output


def test_they_do_not_create_a_database(empty_sqlite_url: str, tmp_path: Path) -> None:
    for arguments in (("coalitions",), ("events",), ("provisions",), ("show", "coalition:x")):
        result = make_runner(empty_sqlite_url)(*arguments)
        assert result.exit_code == 3
        assert "no directory in this database" in result.stderr
    assert not list(tmp_path.iterdir())
