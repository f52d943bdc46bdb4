"""The commands `serve` and `schema`."""

from collections.abc import Callable
from functools import partial
from typing import TextIO

import click

from cli.command_group import EXIT_NEGATIVE, print_database_path
from directory.errors import BadInput
from directory.live import Directory
from schema.compare import compare_schemas
from schema.schema import print_sdl
from web.settings import Settings, format_default, load_settings, option_name, variable_name
from web.startup import serve as serve_until_stopped


def _add_setting_options(command: Callable[..., None]) -> Callable[..., None]:
    """One option for every setting; each says what it is, its variable and its default."""
    for name, field in reversed(Settings.model_fields.items()):
        told = f"{field.description} [{variable_name(name)}; {format_default(name)}]"
        command = click.option(option_name(name), name, type=str, help=told)(command)
    return command


@click.command()
@_add_setting_options
@click.option(
    "--fictional", type=click.IntRange(1, 1_000_000), metavar="N", help="Fill an empty database with N made-up organizations."
)
def serve(fictional: int | None, **settings: str | None) -> None:
    """Serve the directory, and load the network's own records first where there are none.

    Every setting is an option and an environment variable alike; the option goes before.
    """
    loaded = load_settings(settings)
    serve_until_stopped(loaded, partial(_prepare, loaded.database_url, fictional), click.echo)


def _prepare(database_url: str, fictional: int | None, directory: Directory) -> None:
    print_database_path(directory.store.database.path, database_url)
    if fictional is not None or directory.store.load_head().revision == 0:
        from cli.first_records import load_first_records  # a server with records need not wait for what reads files

        load_first_records(directory.store, fictional)


@click.command()
@click.option("--compare", "released", type=click.File(encoding="utf-8"), metavar="FILE", help="Compare it with the one in FILE.")
@click.pass_context
def schema_command(context: click.Context, released: TextIO | None) -> None:
    """Print the GraphQL schema; or, compared with that of the last release, what changed for clients.

    The exit code is 1 when a change would break a document that was right.
    """
    if released is None:
        click.echo(print_sdl(), nl=False)
        return
    compared = compare_schemas(_read_text(released), print_sdl())
    for kind, changes in (("Breaking", compared.breaking), ("Dangerous", compared.dangerous)):
        click.echo("".join(f"{kind}: {change}\n" for change in changes), nl=False)
    if compared.breaking:
        context.exit(EXIT_NEGATIVE)
    click.echo("Documents that were right still are.")


def _read_text(file: TextIO) -> str:
    try:
        return file.read()
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"{file.name} cannot be read as text in UTF-8.") from None


COMMANDS: list[click.Command] = [schema_command, serve]
