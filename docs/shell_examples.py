"""What the shell answers to the examples in a page: its commands are run in their order, in a folder and a database of their own.

```csv members.csv      a block with a file's name is laid into that folder
```diff members.csv     in a file that is there, the text after - becomes that after +, as if a person had corrected it
```sh                   commands; the mark `shell` after them is replaced by what they print
"""

import re
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

from click.testing import CliRunner

from cli.main import main
from web.settings import variable_name

COLUMNS = 110  # characters of a line of help or of a table
MOMENT = "2026-05-04 09:30 UTC"  # in place of the moment at which a page was produced
SUFFIX = "b7kd4mqz2x"  # in place of the random part of a slug (directory/vocabulary/slugs.py)
ID = "5b0e6f1a-93c4-4f7e-8d21-7c3a90b1e6d4"  # in place of ids, which are random
LAST_CODE = "echo $?"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
_SUFFIX = re.compile(r"(?<=[a-z0-9]-)(?=[a-z]*[2-9])(?=[2-9]*[a-z])[b-df-hj-km-np-tv-xz2-9]{10}\b")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ExampleShell:
    """A folder, and what somebody sees who types commands there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runner = CliRunner()
        self._code = 0
        # by an absolute path, or commands would print the folder, which is another one each time
        database = f"sqlite:///{folder.absolute() / 'directory.sqlite3'}"
        self._environment = {variable_name("database_url"): database, "COLUMNS": str(COLUMNS)}

    def write_file(self, name: str, text: str) -> None:
        """Writes a file, as an editor would."""
        (self._folder / name).write_text(text, encoding="utf-8", newline="")

    def apply_diff(self, name: str, changes: str) -> None:
        """Puts the text of each line with + where that of the line with - before it first stands. Raises ValueError for none."""
        path = self._folder / name
        text = path.read_bytes().decode()
        lines = changes.splitlines()
        for old, new in zip(lines[::2], lines[1::2], strict=True):
            if (old[:1], new[:1]) != ("-", "+") or old[1:] not in text:
                raise ValueError(f"{name} holds nothing that {old!r} and {new!r} could correct.")
            text = text.replace(old[1:], new[1:], 1)
        path.write_bytes(text.encode())

    def run_commands(self, commands: str) -> str:
        """What they print, on stderr too, alike on every day and machine.

        Each line calls `directory`, `cat` or `echo $?`, and may end in `| tail -N`; ValueError for any other. `directory` may
        read its answers from a file: `< FILE`.
        """
        printed = "".join(self._run_line(line) for line in commands.splitlines())
        lines = "\n".join(line.rstrip() for line in printed.splitlines())
        return _SUFFIX.sub(SUFFIX, _ID.sub(ID, _MOMENT.sub(MOMENT, lines))).strip("\n")

    def _run_line(self, line: str) -> str:
        line, _, last = line.partition(" | tail -")
        printed = self._run_command(line)
        return "".join(printed.splitlines(keepends=True)[-int(last) :]) if last else printed

    def _run_command(self, line: str) -> str:
        line, _, answers = line.partition(" < ")
        command, *arguments = shlex.split(line)
        if command == "directory":
            return self._run_directory(arguments, (self._folder / answers).read_text(encoding="utf-8") if answers else None)
        if command == "cat":
            return "".join((self._folder / name).read_text(encoding="utf-8-sig") for name in arguments)
        if line == LAST_CODE:
            return f"{self._code}\n"
        raise ValueError(f"An example calls directory, cat or {LAST_CODE}, and this is: {line}")

    def _run_directory(self, arguments: list[str], answers: str | None = None) -> str:
        with chdir(self._folder):
            done = self._runner.invoke(main, arguments, input=answers, prog_name="directory", env=self._environment)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        self._code = done.exit_code
        return done.output


@contextmanager
def open_shell() -> Iterator[ExampleShell]:
    """A new folder, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield ExampleShell(Path(folder))
