"""The commands `history`, `undo` and `merge`."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from cli.ledger import COMMANDS
from directory.records import Audience, PrivatePlace, StoredContact
from directory.store.ledger.edits import Put, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from tests.builders import NOW, a_stored_coalition, a_stored_organization, an_id
from tests.cli.command_runner import Run, make_runner
from tests.directory.store.stored_organizations import (
    EMAIL,
    LATER,
    STREET,
    a_full_organization,
    a_stored_location,
    put_organizations,
)

NEW_STREET = "9 Other Street"


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """A store in which revision 1 wrote two records, and revision 2 changed the street and contact of one of them."""
    store = Store.open(sqlite_url)
    store.migrate()
    entry = a_stored_organization(
        "Alder", sites=(a_stored_location(id=an_id("site")),), contacts=(StoredContact(name="A Person", email=EMAIL),)
    )
    put_organizations(store, entry, a_stored_organization("Birch", summary="Trees."), actor="ann", reason="began")
    moved = tuple(replace(site, private=PrivatePlace(NEW_STREET)) for site in entry.sites)
    put_organizations(store, replace(entry, sites=moved, contacts=()), actor="ben", reason="moved", now=LATER)
    yield store
    store.close()


@pytest.fixture
def run(store: Store, sqlite_url: str) -> Run:
    return make_runner(sqlite_url)


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_has_help(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "DIRECTORY_DATABASE_URL" in result.output


class TestHistory:
    @pytest.mark.parametrize("key", ["alder", an_id("Alder")])
    def test_shows_who_changed_which_fields_but_no_values(self, run: Run, key: str) -> None:
        result = run("history", key)
        assert result.exit_code == 0
        first, second = result.output.splitlines()
        assert first.split() == ["1", "2026-06-01", "12:00", "UTC", "ann:", "began", "(created)"]
        assert second.split()[4:] == ["ben:", "moved", "(sites,", "contacts)"]
        for private in (STREET, NEW_STREET, EMAIL, "Person"):
            assert private not in result.output

    def test_a_merged_slug_shows_the_survivor_and_a_merged_id_its_own_history(self, run: Run, store: Store) -> None:
        store.write([Remove(an_id("Birch"), survivor_id=an_id("Alder"))], actor="ann", now=LATER, reason="the same")
        assert run("history", "birch").output == run("history", "alder").output
        assert f"(removed, merged into {an_id('Alder')})" in run("history", an_id("Birch")).output

    def test_an_unknown_organization_is_refused(self, run: Run) -> None:
        result = run("history", "nobody")
        assert (result.exit_code, '"nobody"' in result.stderr) == (3, True)


class TestUndo:
    def test_shows_the_revision_and_asks_for_confirmation(self, run: Run, store: Store) -> None:
        for answer in ("n\n", ""):
            result = run("undo", "2", answer=answer)
            assert result.exit_code == 1
            assert "Revision 2, 2026-06-02 12:00 UTC, ben: moved (1 changed)" in result.output
        assert store.load_head().revision == 2
        result = run("undo", "2", answer="y\n")
        assert result.exit_code == 0
        assert "Undone: 1 reverted, at revision 3." in result.output
        change = store.load_history(an_id("Alder"))[-1]
        assert change.after == store.load_history(an_id("Alder"))[0].after
        assert (change.actor, change.reason) == ("directory undo", "undo of revision 2: moved")

    def test_created_records_are_removed_and_can_be_restored(self, run: Run, store: Store) -> None:
        run("undo", "2", "--yes")
        assert run("undo", "1", "--yes").exit_code == 0
        assert list(store.load_organizations()) == []
        result = run("undo", "1", "--yes")
        assert result.exit_code == 3
        assert "Revision 1 was already undone. Nothing was changed. To restore it, undo revision 4." in result.stderr
        run("undo", "4", "--yes")
        assert [entry.slug for entry, _ in store.load_organizations()] == ["alder", "birch"]

    def test_impossible_undos_are_refused(self, run: Run) -> None:
        result = run("undo", "1", "--yes")
        assert result.exit_code == 3
        assert "These records were changed later: alder. Nothing was undone." in result.stderr
        assert run("undo", "99", "--yes").exit_code == 3
        assert run("undo", "0").exit_code == 2
        assert run("undo", "last").exit_code == 2

    def test_visibility_is_loosened_only_with_the_option(self, run: Run, store: Store) -> None:
        put_organizations(store, a_stored_organization("Birch", summary="Trees.", audience=Audience.STAFF), now=LATER)
        result = run("undo", "3", "--yes")
        assert result.exit_code == 2
        assert "to more people than now" in result.stderr
        assert run("undo", "3", "--yes", "--loosen-visibility").exit_code == 0


class TestMerge:
    def test_shows_the_merged_fields_and_asks_for_confirmation(self, run: Run, store: Store) -> None:
        put_organizations(store, a_full_organization("Full"), now=LATER)
        result = run("merge", "full", "alder", answer="n\n")
        assert result.exit_code == 1
        rows = {line.split()[0]: line for line in result.output.splitlines() if line.split()}
        assert rows["name"].split() == ["name", "Alder", "survivor"]
        assert rows["founded"].split() == ["founded", "1971", "loser"]
        assert "Merge full into alder?" in result.output
        for private in (STREET, NEW_STREET, "33.749"):
            assert private not in result.output
        assert store.load_head().revision == 3

    def test_the_fields_of_other_kinds_are_shown(self, run: Run, store: Store) -> None:
        coalitions = a_stored_coalition("One", summary="It meets."), a_stored_coalition("Two")
        store.write([Put(one) for one in coalitions], actor="ann", now=NOW, reason="test")
        result = run("merge", "coalition:one", "coalition:two", "--yes")
        assert result.exit_code == 0
        assert re.search(r"summary +It meets. +loser", result.output)

    def test_a_merge_can_be_undone(self, run: Run, store: Store) -> None:
        result = run("merge", "birch", "alder", "--yes")
        assert result.exit_code == 0
        assert "Merged, at revision 3. To undo it: directory undo 3" in result.output
        assert store.load_slug_targets()["birch"] == an_id("Alder")
        assert store.load_history(an_id("Alder"))[-1].reason == "merged birch into alder"
        assert run("undo", "3", "--yes").exit_code == 0
        assert store.load_slug_targets()["birch"] == an_id("Birch")
        assert find_ledger_inconsistencies(store) == []

    def test_impossible_merges_are_refused(self, run: Run) -> None:
        assert run("merge", "birch", "birch", "--yes").exit_code == 2
        result = run("merge", "birch", "nobody", "--yes")
        assert (result.exit_code, '"nobody"' in result.stderr) == (3, True)


def test_a_missing_directory_is_not_created(tmp_path: Path) -> None:
    run = make_runner(f"sqlite:///{tmp_path}/none.sqlite3")
    for arguments in (("due",), ("history", "a"), ("undo", "1"), ("merge", "a", "b")):
        assert run(*arguments).exit_code == 3
    assert not list(tmp_path.iterdir())
