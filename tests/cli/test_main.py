"""The command `directory`: what it refuses, what it prints, and that it serves."""

import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from signal import SIGTERM
from threading import Timer

import msgspec
import pytest
from click.testing import CliRunner, Result

from cli.main import COMMANDS, main
from schema.schema import print_sdl
from web.settings import Settings, option_name, variable_name

COMMAND = (sys.executable, "-c", "from cli.main import main; main()")


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
        ("serve", "--database-url", "mysql://nowhere/x"),
        ("serve", "--port", "0", "--database-url", "nonsense"),
    ],
)
def test_a_wrong_argument_gets_a_sentence_and_exit_code_2(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert len(result.stderr) > 20
    assert "Traceback" not in result.output


def test_a_port_that_is_taken_gets_a_sentence_and_exit_code_3(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("serve", "--port", str(port), "--database-url", f"sqlite:///{tmp_path / 'd.sqlite3'}")
    assert result.exit_code == 3
    assert f"port {port}" in result.stderr
    assert "--port" in result.stderr


def test_a_database_that_cannot_be_reached_gets_a_sentence_and_exit_code_3(tmp_path: Path) -> None:
    result = run("serve", "--port", "0", "--database-url", f"sqlite:///{tmp_path / 'no' / 'folder' / 'd.sqlite3'}")
    assert result.exit_code == 3
    assert "Traceback" not in result.output


def test_it_says_which_file_a_relative_path_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("fictional", "2", "--database-url", f"sqlite:///{tmp_path}/d.sqlite3")
    result = run("serve", "--port", "0", "--database-url", "sqlite:///d.sqlite3", "--fictional", "2")
    assert result.stderr.startswith(f"Database: {tmp_path}/d.sqlite3\nError: This database holds records already.")


def test_help_lists_every_setting() -> None:
    told = run("serve", "--help").output
    for setting in Settings.model_fields:
        assert option_name(setting) in told
        assert variable_name(setting) in told


def test_every_command_helps() -> None:
    assert run("--help").exit_code == 0
    for names in COMMANDS.values():
        for name in names:
            assert run(name, "--help").exit_code == 0


def test_every_command_of_every_package_is_there() -> None:
    for module, names in COMMANDS.items():
        assert {command.name for command in import_module(module).COMMANDS} == set(names)


HEAVY = ("alembic", "psycopg", "geopy", "rich", "seed.plan.import_plan", "cli.fictional")  # what a server on SQLite never needs


def test_serving_imports_only_what_it_needs() -> None:
    loaded = "import sys; from cli.main import main; main(['serve', '--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run((sys.executable, "-c", loaded), capture_output=True, text=True, check=True)
    modules = set(done.stdout.splitlines()[-1].split())
    assert "web.startup" in modules
    assert modules.isdisjoint(HEAVY)


def test_the_schema_is_printed() -> None:
    assert run("schema").output == print_sdl()


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[str, str]]:
    """The address and what was printed before, of a real server that ends with the block."""
    with subprocess.Popen(
        (*COMMAND, "serve", "--port", "0", *arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        assert process.stdout
        watchdog = Timer(120, process.kill)
        watchdog.start()
        printed = ""
        try:
            while "serve --help" not in printed:
                line = process.stdout.readline()
                assert line, printed
                printed += line
            address = re.search(r"served at (\S+)/graphql", printed)
            assert address, printed
            yield address[1], printed
        finally:
            watchdog.cancel()
            process.terminate()
            assert process.wait(timeout=15) in (0, -SIGTERM), process.stdout.read()


def asked(address: str, document: str) -> dict[str, object]:
    body = msgspec.json.encode({"query": document})
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
        assert response.headers["server"] is None
        answer: dict[str, object] = msgspec.json.decode(response.read())
        return answer


STATE = "{ network { name fictional memberCount version } changes(first: 100) { nodes { at organizationId } } }"


@pytest.mark.slow
def test_a_first_start_fills_the_database_and_a_second_changes_nothing(tmp_path: Path) -> None:
    database = ("--database-url", f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    with serving(*database) as (address, printed):
        first = asked(address, STATE)
        assert '"totalCount"' in printed
        assert '"errors"' not in printed
    with serving(*database, "--workers", "2") as (address, _):
        assert asked(address, STATE) == first
    refused = subprocess.run(
        (*COMMAND, "serve", "--port", "0", "--fictional", "20", *database), capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "holds records" in refused.stderr


@pytest.mark.slow
def test_a_fictional_network_says_so(tmp_path: Path) -> None:
    with serving("--fictional", "20", "--database-url", f"sqlite:///{tmp_path / 'directory.sqlite3'}") as (address, printed):
        network = asked(address, "{ network { fictional } }")
        assert network["data"] == {"network": {"fictional": True}}
        assert "fictional" in printed
