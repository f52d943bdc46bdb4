"""The command `edit`: somebody else writes while the editor is open."""

from pathlib import Path

import pytest

from directory.records import StoredOrganization
from directory.store.store import Store
from tests.builders import an_id
from tests.cli.command_runner import Run
from tests.cli.editing.conftest import ALDER, UseEditor
from tests.cli.editing.editors import RENAME, list_kept, read_seen, wait_for
from tests.cli.editing.other_writer import change_alder, hide_alder, remove_alder
from tests.directory.store.stored_organizations import load_organization


def load(store: Store) -> StoredOrganization:
    return load_organization(store, ALDER.id)


class TestConflicts:
    """Somebody else writes while the editor is open."""

    def test_the_changes_of_both_are_in_the_text_that_opens_again(
        self, run: Run, store: Store, use_editor: UseEditor, tmp_path: Path, sqlite_url: str
    ) -> None:
        use_editor(
            "text = text.replace('founded = 1990', 'founded = 1991').replace('name = \"Alder\"', 'name = \"Alder Grove\"'); "
            + wait_for(tmp_path, lambda: change_alder(sqlite_url)),
            "pass",
        )
        result = run("edit", "alder", answer="y\ne\ny\n")
        assert result.exit_code == 0, result.output
        assert "Alder changed while you edited it (revision 2, bob: the annual report)." in result.stderr
        again = read_seen(tmp_path, 1)
        assert "#! founded: Somebody else changed this meanwhile. Your value is below. The stored one is now: 1985" in again
        after = load_organization(store, ALDER.id)
        assert (after.name, after.founded, after.summary) == ("Alder Grove", 1991, "Woods.")

    def test_a_record_that_was_hidden_meanwhile_stays_hidden(
        self, run: Run, store: Store, use_editor: UseEditor, tmp_path: Path, sqlite_url: str
    ) -> None:
        use_editor(f"{RENAME}; {wait_for(tmp_path, lambda: hide_alder(sqlite_url))}", "pass")
        result = run("edit", "alder", answer="y\ne\ny\n")
        assert "It was hidden, and your edit does not show it again." in result.stderr
        assert "Seen by staff only: name." in result.output
        assert (load(store).name, load(store).is_hidden) == ("Alder Grove", True)

    @pytest.mark.parametrize(("survivor", "said"), [(None, "was removed"), (an_id("Birch"), "was merged into birch")])
    def test_the_text_about_a_record_that_is_gone_is_kept(
        self,
        run: Run,
        use_editor: UseEditor,
        private_files: Path,
        tmp_path: Path,
        sqlite_url: str,
        survivor: str | None,
        said: str,
    ) -> None:
        use_editor(f"{RENAME}; {wait_for(tmp_path, lambda: remove_alder(sqlite_url, survivor))}")
        result = run("edit", "alder", answer="y\n")
        (kept,) = list_kept(private_files)
        assert result.exit_code == 3
        assert f"Alder {said} while you edited it" in result.stderr
        assert 'name = "Alder Grove"' in kept.read_text()
