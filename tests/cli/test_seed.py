"""The commands `seed` (without a file) and `fictional`."""

from contextlib import closing

import pytest

from cli.fictional.organizations import fictional_id
from cli.seed import COMMANDS
from directory.store.store import Store
from seed.network_records import NETWORK_ID
from tests.seed.import_session import ImportSession
from tests.seed.test_network_records import RECORD_COUNT, remove_organization


class TestSeed:
    def test_shows_the_plan_and_writes_nothing(self, walk: ImportSession) -> None:
        result = walk.seed()
        assert result.exit_code == 0
        assert "us-human-rights-network.toml, row 1: US Human Rights Network" in result.output
        assert f"{RECORD_COUNT} rows: {RECORD_COUNT} created, 0 changed, 0 unchanged, 0 doubtful, 0 rejected." in result.output
        assert "Nothing was written" in result.output
        assert walk.records == {}

    def test_writes_with_apply_and_changes_nothing_the_second_time(self, walk: ImportSession) -> None:
        assert "at revision 1" in walk.seed("--apply").output
        again = walk.seed("--apply")
        assert f"{RECORD_COUNT} rows: 0 created, 0 changed, {RECORD_COUNT} unchanged" in again.output
        assert "Nothing was written: there are no changes." in again.output
        with closing(Store.open(walk.url)) as store:
            assert store.load_head().network_id == NETWORK_ID
        assert walk.run("check").exit_code == 0

    def test_does_not_change_records_that_staff_edited(self, walk: ImportSession) -> None:
        walk.seed("--apply")
        walk.edit("US Human Rights Network", summary="Ours.")
        result = walk.seed("--apply")
        assert "Not changed because a person edited it later (1)" in result.output
        assert "summary: Ours. → " in result.output
        assert walk.records["US Human Rights Network"].summary == "Ours."

    def test_does_not_create_records_that_staff_removed(self, walk: ImportSession) -> None:
        walk.seed("--apply")
        records = walk.records
        removed = records.pop("Justice for Muslims Collective")
        with closing(Store.open(walk.url)) as store:
            assert remove_organization(store, removed.slug).id == removed.id
        result = walk.import_all()
        assert f"{RECORD_COUNT} rows: 0 created, 0 changed, {RECORD_COUNT} unchanged" in result.output
        assert walk.records == records

    def test_refuses_a_fictional_directory(self, walk: ImportSession) -> None:
        walk.run("fictional", "3")
        for arguments in ([], [walk.write_csv("a list.csv", {"Organization": "Real"})]):
            result = walk.seed(*arguments, "--apply")
            assert result.exit_code == 2
            assert "fictional" in result.stderr


class TestFictional:
    def test_fills_an_empty_database(self, walk: ImportSession) -> None:
        result = walk.run("fictional", "40")
        assert result.exit_code == 0
        assert "40 organizations" in result.output
        assert len(walk.records) == 40
        assert walk.run("check").exit_code == 0
        assert "fictional network: nothing in it is real" in walk.run("find", "Imaginary Allies", "housing").output

    def test_another_seed_is_another_network(self, walk: ImportSession) -> None:
        walk.run("fictional", "2", "--seed", "5")
        with closing(Store.open(walk.url)) as store:
            assert store.load_head().network_id == fictional_id(0, 5)

    def test_refuses_a_database_with_records(self, walk: ImportSession) -> None:
        walk.seed("--apply")
        before = walk.records
        result = walk.run("fictional", "5")
        assert result.exit_code == 2
        assert "empty" in result.stderr
        assert walk.records == before

    @pytest.mark.parametrize("arguments", [(), ("0",), ("-3",), ("many",), ("5", "--seed", "x"), ("5", "6")])
    def test_refuses_wrong_arguments(self, walk: ImportSession, arguments: tuple[str, ...]) -> None:
        result = walk.run("fictional", *arguments)
        assert result.exit_code == 2
        assert "Error: " in result.stderr


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_has_help(walk: ImportSession, command: str) -> None:
    result = walk.run(command, "--help")
    assert result.exit_code == 0
    assert "--database-url" in result.output
