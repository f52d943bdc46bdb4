"""The command `directory`: errors, help and serving."""

import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import takewhile
from pathlib import Path
from signal import SIGTERM
from threading import Timer

import msgspec
import pytest
from click.testing import CliRunner, Result

from cli.main import COMMANDS, main
from schema.schema import print_sdl
from tests.server_process import COMMAND, run_server
from web.settings import Settings, option_name, variable_name


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing",),
        ("serve", "extra"),
        ("serve", "--prot", "1"),
        ("serve", "--port", "eighty"),
        ("serve", "--port", "70000"),
        ("serve", "--workers", "0"),
        ("serve", "--fictional", "0"),
        ("serve", "--fictional", "many"),
        ("serve", "--port", "0", "--database-url", "mysql://nowhere/x"),
        ("serve", "--port", "0", "--database-url", "nonsense"),
    ],
)
def test_wrong_arguments_exit_with_2(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert len(result.stderr) > 20
    assert "Traceback" not in result.output


def test_the_list_of_commands_is_whole_in_a_narrow_terminal() -> None:
    result = CliRunner().invoke(main, ["--help"], env={"COLUMNS": "80"})
    lines = result.output.partition("Commands:")[2].splitlines()[1:]
    assert len(lines) == sum(map(len, COMMANDS.values()))
    assert not [line for line in lines if line.endswith("...")]


def test_a_port_that_is_in_use_exits_with_3(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        result = run("serve", "--port", str(port), "--database-url", f"sqlite:///{tmp_path / 'd.sqlite3'}")
    assert result.exit_code == 3
    assert f"port {port}" in result.stderr
    assert "--port" in result.stderr


def test_an_unavailable_database_exits_with_3(tmp_path: Path) -> None:
    result = run("serve", "--port", "0", "--database-url", f"sqlite:///{tmp_path / 'no' / 'folder' / 'd.sqlite3'}")
    assert result.exit_code == 3
    assert "Traceback" not in result.output


def test_serve_prints_the_absolute_path_of_a_relative_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("fictional", "2", "--database-url", f"sqlite:///{tmp_path}/d.sqlite3")
    result = run("serve", "--port", "0", "--database-url", "sqlite:///d.sqlite3", "--fictional", "2")
    assert result.stderr.startswith(f"Database: {tmp_path}/d.sqlite3\nError: This database already has records.")


def test_help_lists_every_setting() -> None:
    help_text = run("serve", "--help").output
    for setting in Settings.model_fields:
        assert option_name(setting) in help_text
        assert variable_name(setting) in help_text


def test_every_command_has_help() -> None:
    assert run("--help").exit_code == 0
    for names in COMMANDS.values():
        for name in names:
            assert run(name, "--help").exit_code == 0


def test_the_list_of_commands_is_complete() -> None:
    for module, names in COMMANDS.items():
        assert {command.name for command in import_module(module).COMMANDS} == set(names)


# Not needed by a server on SQLite until a request needs it.
HEAVY = (
    "alembic", "cli.fictional", "cli.first_records", "email_validator", "geopy", "phonenumbers", "psycopg", "python_calamine",
    "redis", "rich", "seed", "usaddress", "xlsxwriter",
)  # fmt: skip


def test_a_server_starts_without_imports_that_it_does_not_need(tmp_path: Path) -> None:
    """Nobody has to wait for modules that only reading files or checking edits needs."""
    with run_server(tmp_path, command=(sys.executable, "-X", "importtime", *COMMAND[1:])) as server:
        lines = takewhile(lambda line: "/graphql" not in line, server.lines)  # until the server prints its address
        modules = {line.rpartition("|")[2].strip() for line in lines if line.startswith("import time:")}
    assert "web.startup" in modules
    assert modules.isdisjoint(HEAVY)


def test_the_schema_is_printed() -> None:
    assert run("schema").output == print_sdl()


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[str, str]]:
    """Run a real server for the block. Yields its address and what it printed while it started."""
    with subprocess.Popen(
        (*COMMAND, "serve", "--port", "0", *arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        assert process.stdout
        watchdog = Timer(120, process.kill)
        watchdog.start()
        output = ""
        try:
            while "serve --help" not in output:
                line = process.stdout.readline()
                assert line, output
                output += line
            address = re.search(r"served at (\S+)/graphql", output)
            assert address, output
            yield address[1], output
        finally:
            watchdog.cancel()
            process.terminate()
            assert process.wait(timeout=60) in (0, -SIGTERM), process.stdout.read()


def post_query(address: str, document: str) -> dict[str, object]:
    body = msgspec.json.encode({"query": document})
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
        assert response.headers["server"] is None
        answer: dict[str, object] = msgspec.json.decode(response.read())
        return answer


STATE = "{ network { name fictional memberCount version } changes(first: 100) { nodes { at organizationId } } }"


@pytest.mark.slow
def test_the_first_start_fills_the_database_and_the_second_changes_nothing(tmp_path: Path) -> None:
    database = ("--database-url", f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    with serving(*database) as (address, output):
        first = post_query(address, STATE)
        assert '"totalCount"' in output
        assert '"errors"' not in output
    with serving(*database, "--workers", "2") as (address, _):
        assert post_query(address, STATE) == first
    second = subprocess.run(
        (*COMMAND, "serve", "--port", "0", "--fictional", "20", *database), capture_output=True, text=True, check=False
    )
    assert second.returncode == 2
    assert "already has records" in second.stderr


@pytest.mark.slow
def test_a_fictional_network_is_marked(tmp_path: Path) -> None:
    with serving("--fictional", "20", "--database-url", f"sqlite:///{tmp_path / 'directory.sqlite3'}") as (address, output):
        network = post_query(address, "{ network { fictional } }")
        assert network["data"] == {"network": {"fictional": True}}
        assert "fictional" in output
