"""Seeding's commands, run as a person runs them."""

from collections.abc import Callable
from contextlib import closing

import pytest
from click.testing import CliRunner, Result

from directory.command_group import DirectoryGroup
from directory.records import Entry
from directory.shell import COMMANDS as CORE
from directory.shell import now
from directory.store import Put, Store
from seed.fictional import fictional_id
from seed.network import NETWORK_ID
from seed.shell import COMMANDS

Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_url: str) -> Run:
    group = DirectoryGroup(name="directory", commands=[*CORE, *COMMANDS])

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(group, arguments, env={"DIRECTORY_DATABASE_URL": sqlite_url})

    return run


@pytest.fixture
def count(sqlite_url: str) -> Callable[[], int]:
    def count() -> int:
        with closing(Store.open(sqlite_url)) as store:
            return sum(1 for _ in store.entries())

    return count


class TestSeed:
    def test_shows_the_plan_and_writes_nothing(self, run: Run, count: Callable[[], int]) -> None:
        done = run("seed")
        assert done.exit_code == 0
        assert "created  US Human Rights Network" in done.output
        assert "Nothing was written" in done.output
        assert count() == 0

    def test_writes_when_told_to_and_a_second_time_changes_nothing(self, run: Run, sqlite_url: str) -> None:
        assert "at revision 1" in run("seed", "--apply").output
        again = run("seed", "--apply")
        assert "0 created, 0 changed" in again.output
        assert "Nothing was to be written" in again.output
        with closing(Store.open(sqlite_url)) as store:
            assert store.head().network_id == NETWORK_ID
        assert run("check").exit_code == 0

    def test_leaves_what_staff_changed(self, run: Run, sqlite_url: str) -> None:
        run("seed", "--apply")
        with closing(Store.open(sqlite_url)) as store:
            entry, _ = next(store.entries([NETWORK_ID]))
            fields = {name: getattr(entry, name) for name in Entry.__struct_fields__}
            store.write([Put(Entry(**{**fields, "summary": "Ours."}))], actor="staff", now=now(), reason="test")
        done = run("seed", "--apply")
        assert "differs here in summary; stays as it is here" in done.output
        with closing(Store.open(sqlite_url)) as store:
            assert next(store.entries([NETWORK_ID]))[0].summary == "Ours."

    def test_refuses_a_fictional_directory(self, run: Run) -> None:
        run("fictional", "3")
        assert run("seed", "--apply").exit_code == 2


class TestFictional:
    def test_fills_an_empty_database(self, run: Run, count: Callable[[], int]) -> None:
        done = run("fictional", "40")
        assert done.exit_code == 0
        assert "40 organizations" in done.output
        assert count() == 40
        assert run("check").exit_code == 0
        assert "fictional network: nothing in it is real" in run("find", "Imaginary Allies", "housing").output

    def test_another_seed_is_another_network(self, run: Run, sqlite_url: str) -> None:
        run("fictional", "2", "--seed", "5")
        with closing(Store.open(sqlite_url)) as store:
            assert store.head().network_id == fictional_id(0, 5)

    def test_refuses_a_database_that_holds_anything(self, run: Run, count: Callable[[], int]) -> None:
        run("seed", "--apply")
        before = count()
        done = run("fictional", "5")
        assert done.exit_code == 2
        assert "empty" in done.stderr
        assert count() == before

    @pytest.mark.parametrize("arguments", [(), ("0",), ("-3",), ("many",), ("5", "--seed", "x"), ("5", "6")])
    def test_refuses_wrong_arguments(self, run: Run, arguments: tuple[str, ...]) -> None:
        done = run("fictional", *arguments)
        assert done.exit_code == 2
        assert "Error: " in done.stderr


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    done = run(command, "--help")
    assert done.exit_code == 0
    assert "--database-url" in done.output
