"""Exit codes and error output, the same for all commands."""

from typing import Any

import click

from cli.terminal import escape_line
from directory.errors import BadInput, DirectoryError

EXIT_NEGATIVE = 1  # the command ran and its answer is negative, for example "nothing found" or "rows refused"
EXIT_BAD_INPUT = 2  # wrong arguments or an unusable file; click uses the same code
EXIT_FAILED = 3  # the command could not be carried out, for example because the database is unavailable

CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 120}


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
