"""The commands `serve` and `schema`: run the server, and print or compare its GraphQL schema."""

import sys
from collections.abc import Callable
from functools import partial
from typing import TextIO

import click

from cli.directories import print_database_path
from cli.options import MAX_FICTIONAL_ORGANIZATIONS
from cli.terminal import EXIT_NEGATIVE
from directory.errors import BadInput
from directory.live import Directory
from schema.compare import compare_schemas
from schema.schema import print_sdl
from web.settings import Settings, format_default, load_settings, option_name, variable_name
from web.startup import serve


def _add_setting_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add one option for each setting. Its help states the description, the environment variable and the default."""
    for name, field in reversed(Settings.model_fields.items()):
        text = f"{field.description} [{variable_name(name)}; {format_default(name)}]"
        command = click.option(option_name(name), name, type=str, help=text)(command)
    return command


@click.command()
@_add_setting_options
@click.option(
    "--fictional",
    type=click.IntRange(1, MAX_FICTIONAL_ORGANIZATIONS),
    metavar="N",
    help="Fill an empty database with N fictional organizations.",
)
def serve_command(fictional: int | None, **settings: str | None) -> None:
    """Serve the directory. An empty database is first filled with the network's own records.

    Each setting can be an option or an environment variable; an option overrides the variable.
    """
    loaded = load_settings(settings)
    serve(loaded, partial(_prepare, loaded.database_url, fictional), click.echo)


def _prepare(database_url: str, fictional: int | None, directory: Directory) -> None:
    print_database_path(directory.store.database.path, database_url)
    if fictional is not None or directory.store.load_head().revision == 0:
        from cli.first_records import load_first_records  # imports everything that reads files, which slows later starts

        load_first_records(directory, fictional)


@click.command()
@click.option(
    "--compare",
    "released",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="List the changes since the schema in FILE instead.",
)
def schema_command(released: TextIO | None) -> None:
    """Print the GraphQL schema, or compare it with an earlier one.

    Exit code with --compare: 0 if every valid document is still valid, 1 if a change breaks some.
    """
    if released is None:
        click.echo(print_sdl(), nl=False)
        return
    comparison = compare_schemas(_read_text(released), print_sdl())
    for kind, changes in (("Breaking", comparison.breaking), ("Dangerous", comparison.dangerous)):
        click.echo("".join(f"{kind}: {change}\n" for change in changes), nl=False)
    if comparison.breaking:
        sys.exit(EXIT_NEGATIVE)
    click.echo("No breaking changes: every valid document is still valid.")


def _read_text(file: TextIO) -> str:
    try:
        return file.read()
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"Cannot read {file.name} as UTF-8 text.") from None


COMMANDS: list[click.Command] = [schema_command, serve_command]
