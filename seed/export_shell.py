"""The command `export`: records out again, in a format for whoever gets them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from directory.command_group import EXIT_NO
from directory.errors import BadInput
from directory.listing import FICTIONAL
from directory.live import Directory
from directory.records import Audience
from directory.shell import database_option, now, open_store
from directory.understand import Understanding, understand
from directory.written import web_address
from seed.exporting import about, among_all, answer, everything
from seed.replacing import FOR_EVERYBODY, FOR_THE_OWNER, replaced
from seed.writers.formats import FORMATS, Format

STANDARD_OUTPUT = Path("-")
USUAL_FORMAT = "csv"

_HOLDS = "; ".join(f"{one.name} is {one.holds}" for one in FORMATS.values())


@click.command()
@click.argument("words", nargs=-1)
@click.option("--format", "name", type=click.Choice(list(FORMATS)), help=f"{_HOLDS}. Without it FILE's ending tells.")
@click.option(
    "--audience",
    type=click.Choice([audience.lower() for audience in Audience]),
    default=Audience.PUBLIC.lower(),
    show_default=True,
    help="For whom it is: nothing is written that they may not see.",
)
@click.option("--output", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE", help="Or - for standard output.")
@click.option("--all-statuses", is_flag=True, help="With WORDS: also those that are no members.")
@click.option("--base-url", metavar="URL", help="Where people find the directory, for formats that lead there.")
@database_option
def export(
    words: tuple[str, ...],
    name: str | None,
    audience: str,
    output: Path | None,
    all_statuses: bool,
    base_url: str | None,
    database: str,
) -> None:
    """Write organizations to FILE, or to standard output.

    WORDS are understood as by `directory find`, and all that they find is written, in its order: members, and others with
    --all-statuses. Without WORDS it is every record that the audience may see, members or not, and the network itself.

    CSV, XLSX, NDJSON and JSON can be fed back: `directory seed FILE`. A withheld street or point is in none of them, for any
    audience. Exit code 1 when nothing was found; the file is written all the same.
    """
    format = _format(name, output)  # noqa: A001
    seen = Audience(audience.upper())
    address = web_address(base_url) if base_url else None
    with open_store(database) as store:
        snapshot = Directory(store).snapshot(seen)
    understood = understand(" ".join(words), snapshot.is_name) if words else None
    question = understood and (among_all(understood.question) if all_statuses else understood.question)
    found = answer(snapshot, question) if question else everything(snapshot)
    with _opened(output, seen) as out:
        format.write(found, out, about(snapshot, now(), address))
    _tell(understood, len(found), seen, snapshot.fictional)
    if not found:
        sys.exit(EXIT_NO)


def _format(name: str | None, output: Path | None) -> Format:
    if name:
        return FORMATS[name]
    if output is None or output == STANDARD_OUTPUT:
        return FORMATS[USUAL_FORMAT]
    ending = output.suffix.lower()
    found = next((one for one in FORMATS.values() if one.ending == ending), None)
    if found is None:
        raise BadInput(f"{output.name} does not tell the format by its ending; name one with --format: {', '.join(FORMATS)}.")
    return found


@contextmanager
def _opened(output: Path | None, seen: Audience) -> Iterator[IO[bytes]]:
    """Where the export goes. A file keeps its content until the new one is whole; what is not public, its owner alone reads."""
    if output is None and sys.stdout.isatty():
        raise BadInput("Say where to write it: --output FILE, or --output - for this terminal.")
    if output is None or output == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        return
    try:
        with replaced(output, FOR_EVERYBODY if seen is Audience.PUBLIC else FOR_THE_OWNER) as out:
            yield out
    except OSError as problem:
        raise BadInput(f"{output} cannot be written: {problem.strerror}.") from problem


def _tell(understood: Understanding | None, count: int, seen: Audience, fictional: bool) -> None:
    for sentence in _sentences(understood, count, seen, fictional):
        click.echo(sentence, err=True)


def _sentences(understood: Understanding | None, count: int, seen: Audience, fictional: bool) -> Iterator[str]:
    if fictional:
        yield FICTIONAL
    if understood:
        yield f"Understood as: {', '.join(part.label() for part in understood.parts) or 'everything'}"
        for one in understood.ambiguous:
            yield f"Several places are called {one.words}, which was searched as text: {' or '.join(one.candidates)}?"
        for words in understood.left_out:
            yield f"Left out, as only you know where that is: {words}"
    yield f"Written: {count:,} organization{'' if count == 1 else 's'}."
    if seen is not Audience.PUBLIC:
        yield f"This is for {seen.lower()} alone: it holds what the public is not told. Keep it as you would keep a list of keys."


COMMANDS: list[click.Command] = [export]
