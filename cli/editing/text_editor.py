"""Open a text in the person's editor, in a file that only its owner can read."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from cli.editing.edited_text import MAX_TEXT_SIZE, decode_text
from directory.errors import BadInput

VARIABLES = ("VISUAL", "EDITOR")
FALLBACK_EDITORS = ("sensible-editor", "editor", "nano", "vi")
OWNER_ONLY = 0o600
ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)  # of a shutdown, and of a terminal that is closed
EDITOR_END_SECONDS = 5  # for an editor to save what it has, before it is killed
CHOOSE_ADVICE = "Set the variable EDITOR to the name of a text editor, as in EDITOR=nano, or use --file."


class TerminationSignal(BaseException):
    """A signal asks the program to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number  # as in shells


@contextmanager
def raise_termination_signal() -> Iterator[None]:
    """Raise TerminationSignal in this block for signals that would end the program at once, so that it can care for the text."""

    def handle(number: int, _: FrameType | None) -> NoReturn:
        raise TerminationSignal(number)

    handlers = {number: signal.signal(number, handle) for number in ENDING_SIGNALS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


class PrivateTextFile:
    """A text in a new folder that only its owner can enter. Copies that an editor makes beside it are removed with it."""

    def __init__(self, text: str, name: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="directory-edit-"))  # with mode 0700
        self.path = self._folder / f"{name}.toml"
        self.write(text)

    def write(self, text: str) -> None:
        """Replace the text. The file stays readable by its owner only."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, OWNER_ONLY)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            os.fchmod(file.fileno(), OWNER_ONLY)  # an editor may have made a new file
            file.write(text)

    def read(self) -> str:
        """Return the text. Raises TooLarge, and BadInput if it is gone or not in UTF-8."""
        try:
            with self.path.open("rb") as file:
                return decode_text(file.read(MAX_TEXT_SIZE + 1))
        except OSError as problem:
            raise BadInput(f"The text cannot be read: {problem.strerror}. Save it as {self.path}.") from problem

    def list_copies(self) -> list[Path]:
        """Return what else is in the folder: an editor that is ended saves the text beside the file."""
        return sorted(path for path in self._folder.iterdir() if path != self.path)

    def remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def find_editor(environment: Mapping[str, str]) -> list[str]:
    """Return the words of the editor's command: that of $VISUAL or $EDITOR, else an editor that is installed.

    Raises BadInput if there is none, or if a quotation mark in the variable is not closed.
    """
    for variable in VARIABLES:
        if command := environment.get(variable, "").strip():
            try:
                return shlex.split(command)
            except ValueError as problem:
                raise BadInput(f"The variable {variable} has a quotation mark that is not closed. Correct it.") from problem
    if editor := next(filter(None, map(shutil.which, FALLBACK_EDITORS)), None):
        return [editor]
    raise BadInput(f"No text editor was found. {CHOOSE_ADVICE}")


def run_editor(path: Path, environment: Mapping[str, str]) -> None:
    """Open the file in the editor and wait until it is closed. Raises BadInput if the editor cannot be started or fails.

    Ctrl-C in the terminal is for the editor alone: this program goes on waiting.
    """
    command = find_editor(environment)
    handler = signal.signal(signal.SIGINT, lambda *_: None)  # a function, because a child would inherit SIG_IGN
    try:
        code = _run([*command, str(path)])
    except OSError as problem:
        reason = "was not found" if isinstance(problem, FileNotFoundError) else f"cannot be started: {problem.strerror}"
        raise BadInput(f'The editor "{command[0]}" {reason}. {CHOOSE_ADVICE}') from problem
    finally:
        signal.signal(signal.SIGINT, handler)
    if code:
        ending = f"ended with the exit code {code}" if code > 0 else f"was ended by the signal {-code}"
        raise BadInput(f'The editor "{command[0]}" {ending}, so its text is not used.')


def _run(command: Sequence[str]) -> int:
    """Run the program and return its exit code. If this is interrupted, the program is asked to end, so that it can save."""
    process = subprocess.Popen(command)  # noqa: S603 - the person's own choice
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        try:
            process.wait(EDITOR_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
