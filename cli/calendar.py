"""The command `calendar`: write the public events to an iCalendar file."""

import sys
from pathlib import Path
from typing import cast

import click

from cli.directories import open_directory
from cli.options import database_option
from cli.output_file import STANDARD_OUTPUT, open_output
from cli.search_output import FICTIONAL_NOTICE
from cli.terminal import EXIT_NEGATIVE
from directory.errors import BadInput, NotFound
from directory.export.icalendar import MAX_EVENTS, MAX_FOUND_EVENTS, build_coalition_calendar, build_events_calendar, list_events
from directory.kinds.coalition import Coalition
from directory.records import Audience, RecordKind
from directory.search.snapshot import Snapshot


@click.command(
    short_help="Write the public events as a calendar (iCalendar).",
    help=f"""Write the public events to FILE, or to standard output, as a calendar (iCalendar).

    The calendar contains past, future and cancelled events, at most the {MAX_EVENTS:,} newest by start, and of a coalition the
    {MAX_FOUND_EVENTS} newest. A server offers the same calendar for subscriptions at /events.ics. Exit code: 0 if there are
    events, 1 if there are none (the file is written anyway).
    """,
)
@click.option("--coalition", "slug", metavar="SLUG", help="Only the events of this coalition.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="The file to write; - for standard output.",
)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@database_option
def calendar_command(slug: str | None, output: Path | None, force: bool, database: str) -> None:
    _refuse_output(output, force)
    with open_directory(database) as directory:
        snapshot = directory.get_snapshot(Audience.PUBLIC)
    coalition = _find_coalition(snapshot, slug) if slug else None
    content = build_coalition_calendar(snapshot, coalition) if coalition else build_events_calendar(snapshot)
    with open_output(output, Audience.PUBLIC) as file:
        file.write(content)
    count = len(list_events(snapshot, coalition.id if coalition else None))
    if snapshot.fictional:
        click.echo(FICTIONAL_NOTICE, err=True)
    click.echo(f"Written: {count:,} event{'' if count == 1 else 's'}.", err=True)
    if not count:
        sys.exit(EXIT_NEGATIVE)


def _find_coalition(snapshot: Snapshot, slug: str) -> Coalition:
    coalition = snapshot.find_record_by_slug(RecordKind.COALITION, slug)
    if coalition is None:
        sentence = f'There is no public coalition "{slug}". Enter the slug of another one: the last part of its address.'
        raise NotFound(sentence, value=slug)
    return cast("Coalition", coalition)


def _refuse_output(output: Path | None, force: bool) -> None:
    """Raise BadInput for an existing file, unless it may be replaced, and for a terminal that was not asked for.

    Events are untrusted text, and control sequences in it could change what a terminal shows.
    """
    if output is None and sys.stdout.isatty():
        raise BadInput("No output file. Set --output FILE, or --output - to print to this terminal.", argument="output")
    if output is not None and output != STANDARD_OUTPUT and output.is_file() and not force:
        raise BadInput(f"The file {output} exists. Name another file, or replace it with --force.", argument="output")


COMMANDS: list[click.Command] = [calendar_command]
