"""The command `edit` is ended by a signal while the editor is open."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from cli.editing.text_editor import ENDING_SIGNALS
from directory.store.store import Store
from tests.cli.command_runner import Run
from tests.cli.editing.conftest import ALDER, UseEditor
from tests.cli.editing.editors import RENAME, list_kept
from tests.directory.store.stored_organizations import load_organization
from tests.server_process import COMMAND

END_PARENT = "import signal; os.kill(os.getppid(), {}); signal.pause()"


def run_command(command: str, key: str, url: str, private_files: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a process, which a signal can end, with its private files in the folder."""
    environment = {**os.environ, "TMPDIR": str(private_files), "DIRECTORY_DATABASE_URL": url}
    return subprocess.run([*COMMAND, command, key], env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.usefixtures("store")
class TestSignals:
    """Whatever ends the command, a text that the person saved can be restored, and no other text is left."""

    @pytest.mark.parametrize("number", ENDING_SIGNALS)
    def test_a_saved_text_is_kept_and_its_path_is_said(
        self, store: Store, use_editor: UseEditor, private_files: Path, sqlite_url: str, run: Run, number: signal.Signals
    ) -> None:
        use_editor(f"{RENAME}; path.write_text(text); {END_PARENT.format(number)}")
        result = run_command("edit", "alder", sqlite_url, private_files)
        (kept,) = list_kept(private_files)
        assert (result.returncode, store.load_head().revision) == (128 + number, 1)
        assert f"Your text is kept in {kept}\nTo go on with it: directory edit alder --file {kept}\n" in result.stderr
        assert run("edit", "alder", "--file", kept, "--yes").exit_code == 0
        assert load_organization(store, ALDER.id).name == "Alder Grove"

    def test_what_the_editor_saves_when_it_ends_is_kept(
        self, use_editor: UseEditor, private_files: Path, sqlite_url: str
    ) -> None:
        save = "signal.signal(signal.SIGTERM, lambda *_: [path.with_suffix('.save').write_text('unsaved'), sys.exit()])"
        use_editor(f"import signal; {save}; {END_PARENT.format(15)}")
        result = run_command("edit", "alder", sqlite_url, private_files)
        (copy,) = private_files.rglob("*.save")
        assert f"Your editor left a file beside it: {copy}" in result.stderr

    def test_an_unchanged_text_is_removed(self, use_editor: UseEditor, private_files: Path, sqlite_url: str) -> None:
        use_editor(END_PARENT.format(15))
        assert run_command("edit", "alder", sqlite_url, private_files).stderr == ""
        assert list(private_files.iterdir()) == []
