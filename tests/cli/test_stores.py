"""How commands open their database, and what they say if there is none."""

from pathlib import Path

import pytest

from tests.cli.command_runner import make_runner

ID = "00000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    "command",
    [["find", "housing"], ["check"], ["backup", "b.gz"], ["erase", ID, "--yes"]],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("url", ["sqlite:///near.sqlite3", "sqlite:///near.sqlite3?mode=rw", "sqlite+pysqlite:///near.sqlite3"])
def test_reading_a_missing_database_names_the_file_and_creates_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = make_runner(url)(*command)
    assert result.exit_code == 3
    assert f"the file {tmp_path}/near.sqlite3 does not exist. To create it, run `directory seed --apply`" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_creating_a_database_by_a_relative_path_prints_its_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = make_runner("sqlite:///near.sqlite3")("migrate")
    assert result.stderr == f"Database: {tmp_path}/near.sqlite3\n"
    assert make_runner(f"sqlite:///{tmp_path}/near.sqlite3")("migrate").stderr == ""


@pytest.mark.parametrize("command", ["migrate", "check"])
def test_a_missing_folder_is_distinguished_from_a_missing_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = make_runner("sqlite:///none/near.sqlite3")(command)
    assert result.exit_code == 3
    assert f"The folder {tmp_path}/none does not exist." in result.stderr
