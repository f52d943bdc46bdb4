"""The option --output: where a command that makes a file writes it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from directory.errors import BadInput
from directory.export.output_files import PRIVATE_FILE_MODE, PUBLIC_FILE_MODE, write_atomically
from directory.records import Audience

STANDARD_OUTPUT = Path("-")

output_option = click.option(
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="The file to write; - for standard output.",
)


@contextmanager
def open_output(output: Path | None, reader: Audience, *, is_safe_for_terminal: bool = False) -> Iterator[IO[bytes]]:
    """Open the output for writing: a file, which is replaced only when the new one is complete, or standard output.

    Only its owner can read a file that is not for the public. Names in a format that is not safe for a terminal may contain
    control sequences. Raises BadInput if such a format would go to a terminal that was not asked for, or if the file cannot be
    written.
    """
    if output is None and not is_safe_for_terminal and sys.stdout.isatty():
        raise BadInput("No output file. Set --output FILE, or --output - to print to this terminal.", argument="output")
    if output is None or output == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        return
    try:
        with write_atomically(output, PUBLIC_FILE_MODE if reader is Audience.PUBLIC else PRIVATE_FILE_MODE) as file:
            yield file
    except OSError as problem:
        raise BadInput(f"Cannot write {output}: {problem.strerror}.", argument="output") from problem
