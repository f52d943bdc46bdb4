"""Examples of the shell are run as they stand, and print the same on every day and machine."""

import re
from pathlib import Path

import pytest

from docs.produced_blocks import renew_page
from docs.shell_examples import ID, MOMENT, ExampleShell

LIST = "name,city,state\nHarbor Tenants Union,Savannah,GA\n"


@pytest.fixture
def prompt(tmp_path: Path) -> ExampleShell:
    shell = ExampleShell(tmp_path)
    shell.write_file("list.csv", LIST)
    return shell


def test_commands_run_in_their_order_in_one_folder(prompt: ExampleShell, tmp_path: Path) -> None:
    printed = prompt.run_commands("directory seed list.csv --apply\ndirectory check\necho $?\ncat list.csv")
    assert "1 created" in printed
    assert printed.endswith("Snapshots, tables and ledger agree at revision 1.\n0\n" + LIST.rstrip())
    assert (tmp_path / "directory.sqlite3").exists()


def test_what_goes_to_stderr_is_printed_and_the_code_is_that_of_the_command(prompt: ExampleShell) -> None:
    printed = prompt.run_commands("directory seed nowhere.csv\necho $?")
    assert printed.startswith("Error: nowhere.csv")
    assert printed.endswith("\n2")


def test_the_end_alone(prompt: ExampleShell) -> None:
    assert prompt.run_commands("directory seed list.csv | tail -1").startswith("Nothing was written")
    assert prompt.run_commands("cat list.csv | tail -2\necho $?") == LIST.rstrip() + "\n0"


def test_the_database_of_who_writes_the_pages_is_left_alone(
    prompt: ExampleShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "mine.sqlite3"
    monkeypatch.setenv("DIRECTORY_DATABASE_URL", f"sqlite:///{mine}")
    prompt.run_commands("directory seed list.csv --apply")
    assert not mine.exists()


def test_moments_and_ids_are_alike_every_time(prompt: ExampleShell) -> None:
    printed = prompt.run_commands(
        "directory seed list.csv --apply\n"
        "directory history harbor-tenants-union\n"
        "directory export --output all.csv\n"
        "directory seed all.csv --report told.json\n"
        "cat told.json"
    )
    assert re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", printed) == [MOMENT]
    assert set(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", printed)) == {ID}


def test_a_person_corrects_the_first_place_where_it_stands(prompt: ExampleShell, tmp_path: Path) -> None:
    prompt.write_file("list.csv", "state,reason\nNebrasca,no Nebrasca\n")
    prompt.apply_diff("list.csv", "-Nebrasca\n+Nebraska\n")
    assert (tmp_path / "list.csv").read_text() == "state,reason\nNebraska,no Nebrasca\n"


@pytest.mark.parametrize("changes", ["-not there\n+anything\n", "+name\n-nombre\n", "-name\n"])
def test_what_cannot_be_corrected_stops_the_page(prompt: ExampleShell, changes: str) -> None:
    with pytest.raises(ValueError, match=r"could correct|shorter"):
        prompt.apply_diff("list.csv", changes)


@pytest.mark.parametrize("line", ["rm list.csv", "seed list.csv", "echo $HOME"])
def test_no_other_command_is_run(prompt: ExampleShell, tmp_path: Path, line: str) -> None:
    with pytest.raises(ValueError, match="calls directory, cat"):
        prompt.run_commands(line)
    assert (tmp_path / "list.csv").exists()


def test_a_page_lays_files_corrects_them_and_tells_what_is_printed() -> None:
    page = (
        f"Before.\n```csv list.csv\n{LIST}```\n```diff list.csv\n-Savannah\n+Atlanta\n```\n"
        "```sh\ncat list.csv\n```\n<!-- produced: shell -->\nold\n<!-- end -->\nAfter.\n"
    )
    fresh = renew_page(page)
    assert f"<!-- produced: shell -->\n```text\n{LIST.replace('Savannah', 'Atlanta')}```\n<!-- end -->\nAfter.\n" in fresh
    assert fresh.startswith("Before.\n```csv list.csv\n")
    assert renew_page(fresh) == fresh
