"""The commands `serve` and `schema`."""

from collections.abc import Callable

import click

from schema.graph import sdl
from web.serving import serve as serve_until_stopped
from web.settings import Settings, option, read, variable


def _settings(command: Callable[..., None]) -> Callable[..., None]:
    """One option for every setting; each says what it is, its variable and its default."""
    for name, field in reversed(Settings.model_fields.items()):
        told = f"{field.description} [{variable(name)}; {'none' if field.default is None else field.default}]"
        command = click.option(option(name), name, type=str, help=told)(command)
    return command


@click.command()
@_settings
@click.option(
    "--fictional", type=click.IntRange(1, 1_000_000), metavar="N", help="Fill an empty database with N made-up organizations."
)
def serve(fictional: int | None, **settings: str | None) -> None:
    """Serve the directory, and load the network's own records first where there are none.

    Every setting is an option and an environment variable alike; the option goes before.
    """
    serve_until_stopped(read(settings), fictional)


@click.command()
def schema() -> None:
    """Print the GraphQL schema."""
    click.echo(sdl(), nl=False)


COMMANDS: list[click.Command] = [schema, serve]
