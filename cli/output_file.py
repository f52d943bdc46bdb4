"""The option --output: where a command that makes a file writes it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from directory.errors import BadInput
from seed.output_files import write_atomically

STANDARD_OUTPUT = Path("-")

output_option = click.option(
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="The file to write; - for standard output.",
)


@contextmanager
def open_output(output: Path | None, mode: int, *, is_safe_for_terminal: bool) -> Iterator[IO[bytes]]:
    """Open the output for writing: a file, which is replaced only when the new one is complete, or standard output.

    A new file has the permissions `mode`. Names in a format that is not safe for a terminal may contain control sequences. Raises
    BadInput if such a format would go to a terminal that was not asked for, or if the file cannot be written.
    """
    if output is None and not is_safe_for_terminal and sys.stdout.isatty():
        raise BadInput("No output file. Set --output FILE, or --output - to print to this terminal.", argument="output")
    if output is None or output == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        return
    try:
        with write_atomically(output, mode) as file:
            yield file
    except OSError as problem:
        raise BadInput(f"Cannot write {output}: {problem.strerror}.", argument="output") from problem
