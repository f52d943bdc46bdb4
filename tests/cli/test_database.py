"""The commands `check`, `migrate`, `backup`, `restore` and `erase` on real databases."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from cli.database import COMMANDS
from directory.geo import Point, Precision
from directory.records import Audience, PrivatePlace, StoredContact, StoredLocation, StoredOrganization
from directory.store.ledger.edits import Remove
from directory.store.store import Store
from tests.builders import NOW
from tests.cli.command_runner import Run, make_runner
from tests.cli.written_records import write_records

ID = "00000000-0000-4000-8000-000000000001"
STREET = "12 Imaginary Way"
SITE = StoredLocation(
    id="00000000-0000-4000-9000-000000000001",
    city="Atlanta",
    state="US-GA",
    known=Precision.CITY,
    private=PrivatePlace(STREET, Point(33.75, -84.39)),
)
LANTERN = StoredOrganization(
    id=ID,
    slug="lantern-tenants",
    name="Lantern Tenants",
    issue_areas=("tenants",),
    sites=(SITE,),
    contacts=(StoredContact(role="Office", email="office@lantern.example", audience=Audience.PUBLIC),),
)
QUIET_HOUSE = StoredOrganization(
    id="00000000-0000-4000-8000-000000000002", slug="quiet-house", name="Quiet House", audience=Audience.MEMBERS
)


@pytest.fixture
def run(database_url: str) -> Run:
    write_records(database_url, LANTERN, QUIET_HOUSE)
    return make_runner(database_url)


@pytest.fixture
def run_on_sqlite(sqlite_url: str) -> Run:
    """For tests that do not depend on the database engine."""
    write_records(sqlite_url, LANTERN)
    return make_runner(sqlite_url)


class TestArguments:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("backup",),
            ("restore", "no-such-file"),
            ("erase",),
            ("nonsense",),
            ("migrate", "--database-url", "mysql://localhost/directory"),
        ],
    )
    def test_wrong_arguments_are_refused(self, run_on_sqlite: Run, arguments: tuple[str, ...]) -> None:
        result = run_on_sqlite(*arguments)
        assert result.exit_code == 2
        assert "Error: " in result.stderr
        assert "Traceback" not in result.output

    @pytest.mark.parametrize("command", [command.name for command in COMMANDS])
    def test_every_command_has_help(self, run_on_sqlite: Run, command: str) -> None:
        result = run_on_sqlite(command, "--help")
        assert result.exit_code == 0
        assert "--database-url" in result.output
        assert "DIRECTORY_DATABASE_URL" in result.output


class TestCheck:
    def test_a_consistent_directory_passes(self, run: Run) -> None:
        result = run("check")
        assert (result.exit_code, result.output) == (0, "Snapshots, tables and ledger agree at revision 1.\n")

    def test_changes_that_bypass_the_ledger_are_found(self, run: Run, database_url: str) -> None:
        with closing(Store.open(database_url)) as store:
            statement = "UPDATE organizations SET name = 'Other' WHERE name = 'Quiet House'"
            store.database.run_write(lambda connection: connection.exec_driver_sql(statement))
        result = run("check")
        assert result.exit_code == 1
        assert re.search(r"quiet-house-\w+ differs between tables and ledger\.", result.output)


class TestMigrate:
    def test_it_creates_the_tables_and_can_be_repeated(self, empty_database_url: str) -> None:
        run = make_runner(empty_database_url)
        assert [run("migrate").exit_code, run("migrate").exit_code, run("check").exit_code] == [0, 0, 0]


class TestBackupAndRestore:
    def test_a_restored_directory_is_complete(self, run: Run, tmp_path: Path) -> None:
        other_database = f"sqlite:///{tmp_path / 'again.sqlite3'}"
        result = run("backup", tmp_path / "backup")
        assert (result.exit_code, "2 organizations and 2 changes" in result.output) == (0, True)
        assert run("restore", tmp_path / "backup", database=other_database).exit_code == 0
        assert run("check", database=other_database).exit_code == 0
        assert run("find", "LANTERN", database=other_database).exit_code == 0

    def test_a_backup_does_not_overwrite_files(self, run_on_sqlite: Run, tmp_path: Path) -> None:
        (tmp_path / "backup").write_text("mine")
        assert run_on_sqlite("backup", tmp_path / "backup").exit_code == 2
        assert (tmp_path / "backup").read_text() == "mine"

    def test_only_an_empty_database_can_be_restored_into(self, run: Run, tmp_path: Path) -> None:
        run("backup", tmp_path / "backup")
        result = run("restore", tmp_path / "backup")
        assert result.exit_code == 2
        assert "empty" in result.stderr

    def test_a_file_that_is_not_a_backup_is_refused(self, run_on_sqlite: Run, tmp_path: Path) -> None:
        (tmp_path / "letter").write_text("Dear all,")
        assert run_on_sqlite("restore", tmp_path / "letter").exit_code == 2


class TestErase:
    def list_streets(self, url: str) -> list[str | None]:
        """Return the streets in the organization's history."""
        with closing(Store.open(url)) as store:
            records = [record for change in store.load_history(ID) for record in (change.before, change.after) if record]
        return [site.private.street for record in records for site in record.sites if site.private]

    @pytest.fixture
    def run_after_move(self, run: Run, database_url: str) -> Run:
        write_records(database_url, replace(LANTERN, sites=(replace(SITE, private=PrivatePlace()),)))
        assert STREET in self.list_streets(database_url)
        return run

    @pytest.mark.parametrize("key", [ID, "lantern-tenants"])
    def test_it_erases_former_private_parts(self, run_after_move: Run, database_url: str, key: str) -> None:
        result = run_after_move("erase", key, "--yes")
        assert result.exit_code == 0
        assert "Backups made before this" in result.output
        assert STREET not in self.list_streets(database_url)

    def test_it_asks_for_confirmation(self, run_after_move: Run, database_url: str) -> None:
        assert run_after_move("erase", ID, answer="n\n").exit_code == 1
        assert run_after_move("erase", ID, answer="").exit_code == 1
        assert STREET in self.list_streets(database_url)
        assert run_after_move("erase", ID, answer="y\n").exit_code == 0
        assert STREET not in self.list_streets(database_url)

    def test_it_finds_removed_organizations(self, run_after_move: Run, database_url: str) -> None:
        with closing(Store.open(database_url)) as store:
            store.write([Remove(ID)], actor="test", now=NOW, reason="test")
        assert run_after_move("erase", "lantern-tenants", "--yes").exit_code == 0

    def test_an_unknown_organization_is_refused(self, run_after_move: Run) -> None:
        result = run_after_move("erase", "nobody", "--yes")
        assert result.exit_code == 3
        assert '"nobody"' in result.stderr
