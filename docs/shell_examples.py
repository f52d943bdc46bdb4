"""What the shell answers to the examples in a page: its commands are run in their order, in a folder and a database of their own.

    ```csv members.csv      a block with a file's name is laid into that folder
    ```diff members.csv     of a file that is there: the text after - becomes that after +, as if a person had corrected it
    ```sh                   commands; the mark `shell` after them is replaced by what they print
"""

import shlex
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

import re

import click
from click.testing import CliRunner

from directory.shell import database_option
from web.shell import main

COLUMNS = 110  # characters of a line of help and of a table
MOMENT = "2026-05-04 09:30 UTC"  # stands for the moment at which a page was produced
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
_LAST_CODE = "echo $?"


class Shell:
    """Runs commands as somebody would who types them into a new folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runner = CliRunner()
        self._code = 0

    def lay(self, name: str, text: str) -> None:
        """Writes a file into the folder, as an editor would."""
        (self._folder / name).write_text(text, encoding="utf-8")

    def correct(self, name: str, changes: str) -> None:
        """Puts the text of each line with + where that of the line with - before it first stands. Raises ValueError where none is."""
        path = self._folder / name
        text = path.read_bytes().decode("utf-8-sig")
        lines = changes.splitlines()
        for old, new in zip(lines[::2], lines[1::2], strict=True):
            if (old[:1], new[:1]) != ("-", "+") or old[1:] not in text:
                raise ValueError(f"{name} holds no {old!r} that could become {new!r}.")
            text = text.replace(old[1:], new[1:], 1)
        path.write_bytes(text.encode("utf-8-sig"))

    def run(self, commands: str) -> str:
        """What the commands print, stderr too, as one text. Knows `directory`, `cat` and `echo $?`, one a line."""
        return "".join(self._line(line) for line in commands.splitlines())

    def _line(self, line: str) -> str:
        if line == _LAST_CODE:
            return f"{self._code}\n"
        command, *arguments = shlex.split(line)
        if command == "cat":
            return "".join((self._folder / name).read_text(encoding="utf-8-sig") for name in arguments)
        if command != "directory":
            raise ValueError(f"An example may call directory, cat and {_LAST_CODE!r}, and this is {line!r}.")
        return self._directory(arguments)

    def _directory(self, arguments: list[str]) -> str:
        """Without the environment's database, which is somebody's own."""
        environment = {str(database_variable()): None, "COLUMNS": str(COLUMNS)}
        with chdir(self._folder):
            done = self._runner.invoke(main, arguments, prog_name="directory", env=environment)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        self._code = done.exit_code
        return _MOMENT.sub(MOMENT, done.output)
