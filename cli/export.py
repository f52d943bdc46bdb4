"""The command `export`: records out again, in a format for whoever gets them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from cli.command_group import EXIT_NEGATIVE
from cli.database import database_option, open_store, utc_now
from cli.search_report import FICTIONAL_NOTICE
from directory.drafts.normalize import normalize_url
from directory.errors import BadInput
from directory.live import Directory
from directory.records import Audience
from directory.understanding.understand import Understanding, understand
from seed.export.export_info import build_export_info, include_non_members, list_matches, list_visible
from seed.export.formats import EXPORT_FORMATS, ExportFormat
from seed.output_files import PRIVATE_FILE_MODE, PUBLIC_FILE_MODE, write_atomically

STANDARD_OUTPUT = Path("-")
DEFAULT_FORMAT = "csv"

_FORMATS_HELP = "; ".join(f"{one.name} is {one.description}" for one in EXPORT_FORMATS.values())


@click.command()
@click.argument("words", nargs=-1)
@click.option(
    "--format", "name", type=click.Choice(list(EXPORT_FORMATS)), help=f"{_FORMATS_HELP}. Without it FILE's ending tells."
)
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
    format = _choose_format(name, output)
    seen = Audience(audience.upper())
    address = normalize_url(base_url) if base_url else None
    with open_store(database) as store:
        snapshot = Directory(store).get_snapshot(seen)
    understood = understand(" ".join(words), snapshot.is_name) if words else None
    question = understood and (include_non_members(understood.question) if all_statuses else understood.question)
    found = list_matches(snapshot, question) if question else list_visible(snapshot)
    with _open_output(output, seen) as out:
        format.write(found, out, build_export_info(snapshot, utc_now(), address))
    _print_summary(understood, len(found), seen, snapshot.fictional)
    if not found:
        sys.exit(EXIT_NEGATIVE)


def _choose_format(name: str | None, output: Path | None) -> ExportFormat:
    if name:
        return EXPORT_FORMATS[name]
    if output is None or output == STANDARD_OUTPUT:
        return EXPORT_FORMATS[DEFAULT_FORMAT]
    ending = output.suffix.lower()
    found = next((one for one in EXPORT_FORMATS.values() if one.extension == ending), None)
    if found is None:
        raise BadInput(
            f"{output.name} does not tell the format by its ending; name one with --format: {', '.join(EXPORT_FORMATS)}."
        )
    return found


@contextmanager
def _open_output(output: Path | None, seen: Audience) -> Iterator[IO[bytes]]:
    """Where the export goes. A file keeps its content until the new one is whole; what is not public, its owner alone reads."""
    if output is None and sys.stdout.isatty():
        raise BadInput("Say where to write it: --output FILE, or --output - for this terminal.")
    if output is None or output == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        return
    try:
        with write_atomically(output, PUBLIC_FILE_MODE if seen is Audience.PUBLIC else PRIVATE_FILE_MODE) as out:
            yield out
    except OSError as problem:
        raise BadInput(f"{output} cannot be written: {problem.strerror}.") from problem


def _print_summary(understood: Understanding | None, count: int, seen: Audience, fictional: bool) -> None:
    for sentence in _format_summary(understood, count, seen, fictional):
        click.echo(sentence, err=True)


def _format_summary(understood: Understanding | None, count: int, seen: Audience, fictional: bool) -> Iterator[str]:
    if fictional:
        yield FICTIONAL_NOTICE
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
