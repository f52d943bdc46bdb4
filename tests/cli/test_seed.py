"""Seeding's commands, run as a person runs them."""

from contextlib import closing

import pytest

from cli.database import utc_now
from cli.fictional.organizations import fictional_id
from cli.seed import COMMANDS
from directory.store.ledger.edits import Remove
from directory.store.store import Store
from seed.network_records import NETWORK_ID
from tests.seed.import_session import ImportSession


class TestSeed:
    def test_shows_the_plan_and_writes_nothing(self, walk: ImportSession) -> None:
        done = walk.seed()
        assert done.exit_code == 0
        assert "us-human-rights-network.toml, row 1: US Human Rights Network" in done.output
        assert "8 rows: 8 created, 0 changed, 0 unchanged, 0 doubtful, 0 refused." in done.output
        assert "Nothing was written" in done.output
        assert walk.records == {}

    def test_writes_when_told_to_and_a_second_time_changes_nothing(self, walk: ImportSession) -> None:
        assert "at revision 1" in walk.seed("--apply").output
        again = walk.seed("--apply")
        assert "8 rows: 0 created, 0 changed, 8 unchanged" in again.output
        assert "Nothing was to be written" in again.output
        with closing(Store.open(walk.url)) as store:
            assert store.load_head().network_id == NETWORK_ID
        assert walk.run("check").exit_code == 0

    def test_leaves_what_staff_changed(self, walk: ImportSession) -> None:
        walk.seed("--apply")
        walk.edit("US Human Rights Network", summary="Ours.")
        done = walk.seed("--apply")
        assert "Kept as a person edited it later; the rows say otherwise (1)" in done.output
        assert "summary: Ours. → " in done.output
        assert walk.records["US Human Rights Network"].summary == "Ours."

    def test_leaves_out_what_staff_removed(self, walk: ImportSession) -> None:
        walk.seed("--apply")
        kept = walk.records
        gone = kept.pop("Justice for Muslims Collective")
        with closing(Store.open(walk.url)) as store:
            store.write([Remove(gone.id)], actor="staff", now=utc_now(), reason="they left")
        done = walk.import_all()
        assert "8 rows: 0 created, 0 changed, 8 unchanged" in done.output
        assert walk.records == kept

    def test_refuses_a_fictional_directory(self, walk: ImportSession) -> None:
        walk.run("fictional", "3")
        for arguments in ([], [walk.write_csv("a list.csv", {"Organization": "Real"})]):
            done = walk.seed(*arguments, "--apply")
            assert done.exit_code == 2
            assert "fictional" in done.stderr


class TestFictional:
    def test_fills_an_empty_database(self, walk: ImportSession) -> None:
        done = walk.run("fictional", "40")
        assert done.exit_code == 0
        assert "40 organizations" in done.output
        assert len(walk.records) == 40
        assert walk.run("check").exit_code == 0
        assert "fictional network: nothing in it is real" in walk.run("find", "Imaginary Allies", "housing").output

    def test_another_seed_is_another_network(self, walk: ImportSession) -> None:
        walk.run("fictional", "2", "--seed", "5")
        with closing(Store.open(walk.url)) as store:
            assert store.load_head().network_id == fictional_id(0, 5)

    def test_refuses_a_database_that_holds_anything(self, walk: ImportSession) -> None:
        walk.seed("--apply")
        before = walk.records
        done = walk.run("fictional", "5")
        assert done.exit_code == 2
        assert "empty" in done.stderr
        assert walk.records == before

    @pytest.mark.parametrize("arguments", [(), ("0",), ("-3",), ("many",), ("5", "--seed", "x"), ("5", "6")])
    def test_refuses_wrong_arguments(self, walk: ImportSession, arguments: tuple[str, ...]) -> None:
        done = walk.run("fictional", *arguments)
        assert done.exit_code == 2
        assert "Error: " in done.stderr


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_explains_itself(walk: ImportSession, command: str) -> None:
    done = walk.run(command, "--help")
    assert done.exit_code == 0
    assert "--database-url" in done.output
