"""How every command of ours tells a refusal."""

import unicodedata
from pathlib import Path
from typing import Any

import click

from directory.errors import BadInput, DirectoryError

_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji are misspelled without them


def escape_line(text: str) -> str:
    """The text as one line that says what it holds: control characters, line breaks and direction marks by their names (\\x1b).

    Somebody else's file is told in a terminal: an escape sequence in it could rewrite what stands there already, a line break
    add a line that this program never said, a direction mark turn the words around.
    """
    return text if text.isprintable() else "".join(map(_escape_character, text))


def _escape_character(character: str) -> str:
    if character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs":
        return character
    return ascii(character)[1:-1]


EXIT_NEGATIVE = 1  # the answer is no: nothing found, something disagrees, a row refused
EXIT_BAD_INPUT = 2
EXIT_FAILED = 3  # there is no answer: the database is out of reach, say


CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 120}


class DirectoryGroup(click.Group):
    """A group of commands that tell a DirectoryError by its sentence on stderr; exit code 2 for BadInput, 3 for the rest."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"context_settings": CONTEXT_SETTINGS, **options})

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except DirectoryError as refusal:
            click.echo(f"Error: {escape_line(refusal.user_message)}", err=True)
            raise click.exceptions.Exit(EXIT_BAD_INPUT if isinstance(refusal, BadInput) else EXIT_FAILED) from refusal


def print_database_path(file: Path | None, url: str) -> None:
    """Prints the absolute path of an SQLite file to stderr where the address names it by a relative path."""
    if file and str(file) not in url:
        click.echo(f"Database: {file}", err=True)
