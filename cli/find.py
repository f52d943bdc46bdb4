"""The command `find`: search from the terminal."""

import sys

import click
import msgspec
from rich.console import Console

from cli.directories import open_directory
from cli.options import audience_option, database_option
from cli.search_output import print_search_report
from cli.search_report import build_search_report
from cli.terminal import EXIT_NEGATIVE
from directory.question import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from directory.records import Audience


@click.command(short_help="Find organizations by words.")
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--first",
    type=click.IntRange(1, MAX_PAGE_SIZE),
    default=DEFAULT_PAGE_SIZE,
    show_default=True,
    help="The number of organizations to show.",
)
@audience_option("Search as this audience, which sees only its own records and details.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@database_option
def find_command(words: tuple[str, ...], first: int, audience: str, as_json: bool, database: str) -> None:
    """Find organizations by WORDS, for example: housing near Atlanta.

    Exit code: 0 if something was found, 1 if nothing was found, 2 if WORDS cannot be searched for.
    """
    with open_directory(database) as directory:
        report = build_search_report(directory.get_snapshot(Audience(audience.upper())), " ".join(words), first)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(report)))
    else:
        print_search_report(report, Console())
    if not report.total:
        sys.exit(EXIT_NEGATIVE)


COMMANDS: list[click.Command] = [find_command]
