"""What all commands share when they print: safe text, tables, exit codes and errors."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from directory.errors import BadInput, DirectoryError

if TYPE_CHECKING:
    from rich.table import Column, Table

EXIT_NEGATIVE = 1  # the command ran and its answer is negative, for example "nothing found" or "rows rejected"
EXIT_BAD_INPUT = 2  # wrong arguments or an unusable file; click uses the same code
EXIT_FAILED = 3  # the command could not be carried out, for example because the database is unavailable

CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 120}
NOT_STATED = "not stated"  # in place of a value that a record does not have

_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji need them


class DirectoryGroup(click.Group):
    """A group of commands that prints a DirectoryError to stderr and exits with EXIT_BAD_INPUT or EXIT_FAILED."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"context_settings": CONTEXT_SETTINGS, **options})

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except DirectoryError as refusal:
            click.echo(f"Error: {escape_line(refusal.user_message)}", err=True)
            raise click.exceptions.Exit(EXIT_BAD_INPUT if isinstance(refusal, BadInput) else EXIT_FAILED) from refusal


def escape_line(text: str) -> str:
    r"""Return the text as one line, with control characters, line breaks and direction marks escaped (\x1b).

    Imported files are untrusted: an escape sequence could rewrite earlier output, a line break could fake a line of this program,
    and a direction mark could reorder words.
    """
    return text if text.isprintable() else "".join(map(_escape_character, text))


def _escape_character(character: str) -> str:
    if character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs":
        return character
    return ascii(character)[1:-1]


def format_time(moment: dt.datetime) -> str:
    """Return the moment, which must be in UTC, to the minute."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def format_count(number: int, noun: str) -> str:
    """Return "1 member" or "1,200 members". The plural of the noun must end in a single s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def build_table(columns: "Iterable[Column | str]", rows: Iterable[Sequence[str]]) -> "Table":
    """Return a table in the style of all commands. Cells are plain text: markup in a name is not interpreted."""
    from rich.table import Table  # `serve` prints no table and need not wait for rich
    from rich.text import Text

    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for cells in rows:
        table.add_row(*map(Text, cells))
    return table
