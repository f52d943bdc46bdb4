"""The example files of docs/operating, as docs/operating.md shows them. tests/docs/test_operating.py tries each of them."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import click

from cli.main import main

FOLDER = Path(__file__).parent / "operating"
LANGUAGES = {".env": "ini", ".service": "ini", ".timer": "ini", ".sh": "sh", ".conf": "nginx", "": "text"}


def fence_file(file: Path) -> str:
    """The file as a block of code."""
    return f"```{LANGUAGES[file.suffix]}\n{file.read_text(encoding='utf-8').strip()}\n```"


OPERATING_FILES = {f"operating/{file.name}": partial(fence_file, file) for file in sorted(FOLDER.iterdir())}


def format_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


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
