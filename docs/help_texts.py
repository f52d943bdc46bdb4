"""What every command says of itself."""

from collections.abc import Iterator

import click

from web.shell import main

WIDTH = 110  # characters of a line


def format_help_texts() -> str:
    """`directory --help` and the help of every command, each under a heading of its own."""
    return "\n\n".join(_format_sections())


def _format_sections() -> Iterator[str]:
    context = _build_context(main, "directory")
    yield f"```text\n{main.get_help(context)}\n```"
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None  # noqa: S101 - it was listed
        yield f"## directory {name}\n\n```text\n{command.get_help(_build_context(command, name, context))}\n```"


def _build_context(command: click.Command, name: str, parent: click.Context | None = None) -> click.Context:
    settings = {**command.context_settings, "terminal_width": WIDTH}
    return click.Context(command, info_name=name, parent=parent, **settings)
