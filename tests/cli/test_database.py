"""The core's commands, run as a person runs them, over real databases."""

import datetime as dt
import json
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from cli.command_group import DirectoryGroup
from cli.database import COMMANDS
from directory.errors import BadInput, Busy, UnknownPlace
from directory.geo import Point, Precision
from directory.records import Audience, PrivatePlace, StoredContact, StoredLocation, StoredOrganization
from directory.store.ledger.edits import Put, Remove
from directory.store.store import Store

NOW = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
ID = "00000000-0000-4000-8000-000000000001"
HIDDEN_ID = "00000000-0000-4000-8000-000000000002"
SITE = "00000000-0000-4000-9000-000000000001"
STREET = "12 Imaginary Way"

Run = Callable[..., Result]


def kept(street: str | None = STREET) -> StoredOrganization:
    private = PrivatePlace(street, Point(33.75, -84.39)) if street else PrivatePlace()
    return StoredOrganization(
        id=ID,
        slug="lantern-tenants",
        name="Lantern Tenants",
        issue_areas=("tenants",),
        sites=(StoredLocation(id=SITE, city="Atlanta", state="US-GA", known=Precision.CITY, private=private),),
        contacts=(StoredContact(role="Office", email="office@lantern.example", audience=Audience.PUBLIC),),
    )


def put(url: str, *entries: StoredOrganization) -> None:
    with closing(Store.open(url)) as store:
        store.migrate()
        store.write([Put(entry) for entry in entries], actor="test", now=NOW, reason="test")


@pytest.fixture
def run(database_url: str) -> Run:
    put(database_url, kept(), StoredOrganization(id=HIDDEN_ID, slug="quiet-house", name="Quiet House", audience=Audience.MEMBERS))
    return runner(database_url)


@pytest.fixture
def run_here(sqlite_url: str) -> Run:
    """On SQLite alone, for what does not depend on the engine; nothing is there yet."""
    return runner(sqlite_url)


def runner(url: str) -> Run:
    group = DirectoryGroup(name="directory", commands=COMMANDS)

    def run(*arguments: str | Path, answer: str | None = None, database: str = url) -> Result:
        words = [str(argument) for argument in arguments]
        return CliRunner().invoke(group, words, input=answer, env={"DIRECTORY_DATABASE_URL": database})

    return run


class TestFind:
    def test_shows_a_table(self, run: Run) -> None:
        done = run("find", "housing", "near", "Atlanta")
        assert done.exit_code == 0
        for words in ("Understood as: Housing, within 50 miles of Atlanta, GA", "Atlanta, GA", "1 found.", "Lantern"):
            assert words in done.output

    def test_prints_json(self, run: Run) -> None:
        answer = json.loads(run("find", "--json", "LANTERN tenants").output)
        assert [one["slug"] for one in answer["organizations"]] == ["lantern-tenants"]

    def test_exits_with_1_and_says_how_to_go_on_when_nothing_is_found(self, run_here: Run, sqlite_url: str) -> None:
        put(sqlite_url, kept())
        done = run_here("find", "tenants in Alaska")
        assert done.exit_code == 1
        assert 'Without "Alaska": 1' in done.output

    def test_shows_an_audience_what_it_may_see(self, run_here: Run, sqlite_url: str) -> None:
        put(sqlite_url, StoredOrganization(id=HIDDEN_ID, slug="quiet-house", name="Quiet House", audience=Audience.MEMBERS))
        assert run_here("find", "Quiet House").exit_code == 1
        assert run_here("find", "--audience", "members", "Quiet House").exit_code == 0

    def test_takes_the_database_from_an_option_first(self, run_here: Run, sqlite_url: str) -> None:
        put(sqlite_url, kept())
        assert (
            run_here("find", "Lantern", "--database-url", sqlite_url, database="sqlite:////nowhere/there.sqlite3").exit_code == 0
        )

    def test_makes_no_database(self, run_here: Run, tmp_path: Path) -> None:
        done = run_here("find", "housing")
        assert done.exit_code == 3
        assert "no directory in this database" in done.stderr
        assert not list(tmp_path.iterdir())

    def test_asks_to_migrate_old_tables(self, run_here: Run, sqlite_url: str) -> None:
        Store.open(sqlite_url).close()
        done = run_here("find", "housing")
        assert done.exit_code == 3
        assert "directory migrate" in done.stderr


class TestWrongArguments:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("find",),
            ("find", "--first", "0", "housing"),
            ("find", "--first", "many", "housing"),
            ("find", "--audience", "press", "housing"),
            ("find", "--nonsense", "housing"),
            ("backup",),
            ("restore", "no-such-file"),
            ("erase",),
            ("nonsense",),
            ("migrate", "--database-url", "mysql://localhost/directory"),
            ("find", "a" * 501),
        ],
    )
    def test_get_a_sentence_and_exit_code_2(self, run_here: Run, sqlite_url: str, arguments: tuple[str, ...]) -> None:
        put(sqlite_url, kept())
        done = run_here(*arguments)
        assert done.exit_code == 2
        assert "Error: " in done.stderr
        assert "Traceback" not in done.output

    @pytest.mark.parametrize("command", [command.name for command in COMMANDS])
    def test_every_command_explains_itself(self, run_here: Run, command: str) -> None:
        done = run_here(command, "--help")
        assert done.exit_code == 0
        assert "--database-url" in done.output
        assert "DIRECTORY_DATABASE_URL" in done.output

    @pytest.mark.parametrize(
        ("refusal", "code"), [(BadInput("Write it so."), 2), (UnknownPlace("Write it so."), 2), (Busy("Write it so."), 3)]
    )
    def test_a_refusal_is_told_by_its_sentence(self, refusal: Exception, code: int) -> None:
        @click.command()
        def refusing() -> None:
            raise refusal

        done = CliRunner().invoke(DirectoryGroup(commands=[refusing]), ["refusing"])
        assert (done.exit_code, done.stderr) == (code, "Error: Write it so.\n")


class TestCheck:
    def test_says_that_all_agrees(self, run: Run) -> None:
        done = run("check")
        assert (done.exit_code, done.output) == (0, "Snapshots, tables and ledger agree at revision 1.\n")

    def test_finds_what_was_changed_behind_the_ledgers_back(self, run: Run, database_url: str) -> None:
        with closing(Store.open(database_url)) as store:
            planted = "UPDATE organizations SET name = 'Other' WHERE name = 'Quiet House'"
            store.database.run_write(lambda connection: connection.exec_driver_sql(planted))
        done = run("check")
        assert done.exit_code == 1
        assert re.search(r"quiet-house-\w+ differs between tables and ledger in name\.", done.output)


class TestMigrate:
    def test_makes_the_tables_and_may_be_run_again(self, database_url: str) -> None:
        run = runner(database_url)
        assert [run("migrate").exit_code, run("migrate").exit_code, run("check").exit_code] == [0, 0, 0]


class TestBackupAndRestore:
    def test_a_directory_comes_back_whole(self, run: Run, tmp_path: Path) -> None:
        elsewhere = f"sqlite:///{tmp_path / 'again.sqlite3'}"
        done = run("backup", tmp_path / "kept")
        assert (done.exit_code, "2 organizations and 2 changes" in done.output) == (0, True)
        assert run("restore", tmp_path / "kept", database=elsewhere).exit_code == 0
        assert run("check", database=elsewhere).exit_code == 0
        assert run("find", "LANTERN", database=elsewhere).exit_code == 0

    def test_a_backup_overwrites_nothing(self, run_here: Run, sqlite_url: str, tmp_path: Path) -> None:
        put(sqlite_url, kept())
        (tmp_path / "kept").write_text("mine")
        assert run_here("backup", tmp_path / "kept").exit_code == 2
        assert (tmp_path / "kept").read_text() == "mine"

    def test_only_an_empty_database_is_restored_into(self, run: Run, tmp_path: Path) -> None:
        run("backup", tmp_path / "kept")
        done = run("restore", tmp_path / "kept")
        assert done.exit_code == 2
        assert "empty" in done.stderr

    def test_what_is_no_backup_is_refused(self, run_here: Run, tmp_path: Path) -> None:
        (tmp_path / "letter").write_text("Dear all,")
        assert run_here("restore", tmp_path / "letter").exit_code == 2


class TestErase:
    def held(self, url: str) -> list[str | None]:
        with closing(Store.open(url)) as store:
            entries = [entry for change in store.load_history(ID) for entry in (change.before, change.after) if entry]
        return [site.private.street for entry in entries for site in entry.sites if site.private]

    @pytest.fixture
    def moved_away(self, run: Run, database_url: str) -> Run:
        put(database_url, kept(street=None))
        assert STREET in self.held(database_url)
        return run

    @pytest.mark.parametrize("key", [ID, "lantern-tenants"])
    def test_purges_what_was(self, moved_away: Run, database_url: str, key: str) -> None:
        done = moved_away("erase", key, "--yes")
        assert done.exit_code == 0
        assert "Backups made before this" in done.output
        assert STREET not in self.held(database_url)

    def test_asks_first(self, moved_away: Run, database_url: str) -> None:
        assert moved_away("erase", ID, answer="n\n").exit_code == 1
        assert moved_away("erase", ID, answer="").exit_code == 1
        assert STREET in self.held(database_url)
        assert moved_away("erase", ID, answer="y\n").exit_code == 0
        assert STREET not in self.held(database_url)

    def test_knows_removed_ones(self, moved_away: Run, database_url: str) -> None:
        with closing(Store.open(database_url)) as store:
            store.write([Remove(ID)], actor="test", now=NOW, reason="test")
        assert moved_away("erase", "lantern-tenants", "--yes").exit_code == 0

    def test_says_when_there_never_was_one(self, moved_away: Run) -> None:
        done = moved_away("erase", "nobody", "--yes")
        assert done.exit_code == 3
        assert '"nobody"' in done.stderr


@pytest.mark.parametrize(
    "command",
    [["find", "housing"], ["check"], ["backup", "b.gz"], ["erase", ID, "--yes"]],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("url", ["sqlite:///near.sqlite3", "sqlite:///near.sqlite3?mode=rw", "sqlite+pysqlite:///near.sqlite3"])
def test_who_reads_a_database_that_is_not_there_is_told_which_file_and_gets_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = runner(url)(*command)
    assert done.exit_code == 3
    assert f"the file {tmp_path}/near.sqlite3 does not exist. `directory seed --apply`" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_who_makes_a_database_by_a_relative_path_is_told_which_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = runner("sqlite:///near.sqlite3")("migrate")
    assert done.stderr == f"Database: {tmp_path}/near.sqlite3\n"
    assert runner(f"sqlite:///{tmp_path}/near.sqlite3")("migrate").stderr == ""


@pytest.mark.parametrize("command", ["migrate", "check"])
def test_a_folder_that_is_not_there_is_told_apart_from_a_directory_that_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = runner("sqlite:///none/near.sqlite3")(command)
    assert done.exit_code == 3
    assert f"The folder {tmp_path}/none does not exist." in done.stderr
