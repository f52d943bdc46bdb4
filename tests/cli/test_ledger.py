"""The commands on the past, on mergers and on what is due, run as a person runs them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from cli.command_group import DirectoryGroup
from cli.ledger import COMMANDS
from directory.records import Audience, PrivatePlace, Source, StoredContact
from directory.store.ledger.edits import Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from tests.builders import a_stored_organization, an_id
from tests.directory.store.stored_organizations import (
    EMAIL,
    LATER,
    STREET,
    a_full_organization,
    a_stored_location,
    put_organizations,
)

Run = Callable[..., Result]
MOVED = "9 Other Street"


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """At revision 1: two records; at 2 the street and a contact of one of them changed."""
    store = Store.open(sqlite_url)
    store.migrate()
    entry = a_stored_organization(
        "Alder", sites=(a_stored_location(id=an_id("site")),), contacts=(StoredContact(name="A Person", email=EMAIL),)
    )
    put_organizations(store, entry, a_stored_organization("Birch", summary="Trees."), actor="ann", reason="began")
    moved = tuple(replace(site, private=PrivatePlace(MOVED)) for site in entry.sites)
    put_organizations(store, replace(entry, sites=moved, contacts=()), actor="ben", reason="moved", now=LATER)
    yield store
    store.close()


@pytest.fixture
def run(store: Store, sqlite_url: str) -> Run:
    group = DirectoryGroup(name="directory", commands=COMMANDS)

    def run(*arguments: str, answer: str | None = None) -> Result:
        environment = {"DIRECTORY_DATABASE_URL": sqlite_url, "COLUMNS": "200"}
        return CliRunner().invoke(group, arguments, input=answer, env=environment)

    return run


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    done = run(command, "--help")
    assert done.exit_code == 0
    assert "DIRECTORY_DATABASE_URL" in done.output


class TestHistory:
    @pytest.mark.parametrize("key", ["alder", an_id("Alder")])
    def test_tells_who_changed_which_fields_and_no_value(self, run: Run, key: str) -> None:
        done = run("history", key)
        assert done.exit_code == 0
        first, second = done.output.splitlines()
        assert first.split() == ["1", "2026-06-01", "12:00", "UTC", "ann:", "began", "(created)"]
        assert second.split()[4:] == ["ben:", "moved", "(sites,", "contacts)"]
        for private in (STREET, MOVED, EMAIL, "Person"):
            assert private not in done.output

    def test_follows_a_merged_slug_and_knows_the_merged_record_by_its_id(self, run: Run, store: Store) -> None:
        store.write([Remove(an_id("Birch"), survivor_id=an_id("Alder"))], actor="ann", now=LATER, reason="the same")
        assert run("history", "birch").output == run("history", "alder").output
        assert f"(removed, merged into {an_id('Alder')})" in run("history", an_id("Birch")).output

    def test_says_when_there_never_was_one(self, run: Run) -> None:
        done = run("history", "nobody")
        assert (done.exit_code, '"nobody"' in done.stderr) == (3, True)


class TestUndo:
    def test_asks_first_and_says_what_it_would_undo(self, run: Run, store: Store) -> None:
        for answer in ("n\n", ""):
            done = run("undo", "2", answer=answer)
            assert done.exit_code == 1
            assert "Revision 2, 2026-06-02 12:00 UTC, ben: moved (1 changed)" in done.output
        assert store.load_head().revision == 2
        done = run("undo", "2", answer="y\n")
        assert done.exit_code == 0
        assert "Undone: 1 changed back, at revision 3." in done.output
        change = store.load_history(an_id("Alder"))[-1]
        assert change.after == store.load_history(an_id("Alder"))[0].after
        assert (change.actor, change.reason) == ("directory undo", "undo of revision 2: moved")

    def test_undoes_everything_that_was_created(self, run: Run, store: Store) -> None:
        run("undo", "2", "--yes")
        assert run("undo", "1", "--yes").exit_code == 0
        assert list(store.load_organizations()) == []
        done = run("undo", "1", "--yes")
        assert done.exit_code == 3
        assert "Revision 1 was undone already. Nothing was changed. To bring it back, undo revision 4." in done.stderr
        run("undo", "4", "--yes")
        assert [entry.slug for entry, _ in store.load_organizations()] == ["alder", "birch"]

    def test_refuses_with_a_sentence(self, run: Run) -> None:
        done = run("undo", "1", "--yes")
        assert done.exit_code == 3
        assert "Changed again since: alder. Nothing was undone." in done.stderr
        assert run("undo", "99", "--yes").exit_code == 3
        assert run("undo", "0").exit_code == 2
        assert run("undo", "last").exit_code == 2

    def test_loosens_only_when_told_to(self, run: Run, store: Store) -> None:
        put_organizations(store, a_stored_organization("Birch", summary="Trees.", audience=Audience.STAFF), now=LATER)
        done = run("undo", "3", "--yes")
        assert done.exit_code == 2
        assert "to more people than now" in done.stderr
        assert run("undo", "3", "--yes", "--loosen-visibility").exit_code == 0


class TestMerge:
    def test_shows_the_survivor_field_by_field_and_asks(self, run: Run, store: Store) -> None:
        put_organizations(store, a_full_organization("Full"), now=LATER)
        done = run("merge", "full", "alder", answer="n\n")
        assert done.exit_code == 1
        rows = {line.split()[0]: line for line in done.output.splitlines() if line.split()}
        assert rows["name"].split() == ["name", "Alder", "survivor"]
        assert rows["founded"].split() == ["founded", "1971", "loser"]
        assert "Merge full into alder?" in done.output
        for private in (STREET, MOVED, "33.749"):
            assert private not in done.output
        assert store.load_head().revision == 3

    def test_merges(self, run: Run, store: Store) -> None:
        done = run("merge", "birch", "alder", "--yes")
        assert done.exit_code == 0
        assert "Merged, at revision 3. `directory undo 3` takes it back." in done.output
        assert store.load_slug_targets()["birch"] == an_id("Alder")
        assert store.load_history(an_id("Alder"))[-1].reason == "merged birch into alder"
        assert run("undo", "3", "--yes").exit_code == 0
        assert store.load_slug_targets()["birch"] == an_id("Birch")
        assert find_ledger_inconsistencies(store) == []

    def test_refuses_with_a_sentence(self, run: Run) -> None:
        assert run("merge", "birch", "birch", "--yes").exit_code == 2
        done = run("merge", "birch", "nobody", "--yes")
        assert (done.exit_code, '"nobody"' in done.stderr) == (3, True)


class TestDue:
    def test_lists_what_is_due(self, run: Run, store: Store) -> None:
        put_organizations(store, a_stored_organization("Birch", sources=(Source("name", "An old list"),)), now=LATER)
        done = run("due")
        assert done.exit_code == 0
        assert [line.split()[0] for line in done.output.splitlines()] == ["Slug", "alder", "birch"]
        assert "never" in done.output

    def test_prints_json(self, run: Run, store: Store) -> None:
        put_organizations(store, a_full_organization("Full"), now=LATER)
        assert [one["slug"] for one in json.loads(run("due", "--json").output)] == ["alder", "birch"]
        store.write([Remove(an_id("Alder")), Remove(an_id("Birch"))], actor="ann", now=LATER, reason="gone")
        assert json.loads(run("due", "--json").output) == []
        assert run("due").output == "Nothing is due.\n"


def test_a_directory_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    group = DirectoryGroup(name="directory", commands=COMMANDS)
    for arguments in (("due",), ("history", "a"), ("undo", "1"), ("merge", "a", "b")):
        done = CliRunner().invoke(group, [*arguments, "--database-url", f"sqlite:///{tmp_path}/none.sqlite3"])
        assert done.exit_code == 3
    assert not list(tmp_path.iterdir())
