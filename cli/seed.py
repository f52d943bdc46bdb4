"""The commands `seed` and `fictional`: fill the directory from a file, from the network's own records, or with made-up ones."""

import sys
from pathlib import Path

import click

from cli.directories import create_directory
from cli.fictional.organizations import seed_fictional_network
from cli.import_file import import_file
from cli.import_options import ORGANIZATIONS, add_import_options, build_import_options
from cli.import_review import review_file
from cli.options import MAX_FICTIONAL_ORGANIZATIONS, database_option
from cli.terminal import EXIT_NEGATIVE
from cli.terminal_report import NOTHING_WRITTEN, format_counts, format_plan
from directory.errors import BadInput
from directory.live import Directory
from directory.store.ledger.edits import EditOutcome
from seed.network_records import plan_network, seed_network
from seed.plan.planned_row import Plan
from web.server.clock import utc_now


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@add_import_options
@database_option
def seed_command(file: Path | None, database: str, **values: object) -> None:
    """Import organizations, or records of another --kind, from FILE. Without --apply, only show what would change.

    FILE can be a table (CSV, TSV, XLSX, XLS, ODS), GeoJSON, HSDS (a folder, JSON or a zipped data package), the IRS's list of
    exempt organizations, or an export of this directory; - is standard input. Without FILE, the command reads
    the network's own records, which are part of this program, and does not change records that already exist.

    With --kind provisions, FILE is a table with a row for each recommendation or article: its number, cycle,
    recommending state, summary, themes and the state's response. Rows are found again by instrument, cycle and number.

    With --kind coalitions, events or instruments, FILE is an export of this directory, or TOML or JSON with the
    same fields. What a record leaves out does not change. Members, hosts and parents are named by their slugs or ids.

    With --apply, either all changes are written or none. With --review, a page in your browser shows the plan and asks its
    questions; the page is on this computer only, and Ctrl-C ends it.

    Exit code: 0 if no row needs you, 1 if rows were rejected, are doubtful or lack a value that could not be used, 2 if the file
    cannot be read, 3 if the database is unavailable.
    """
    options = build_import_options(values, utc_now().date())
    if file is None and options.kind != ORGANIZATIONS:
        raise BadInput(f"Name the FILE with the {options.kind}.", argument="file")
    if file is None and options.review:
        raise BadInput("Name the FILE to review. The network's own records need no review.", argument="file")
    with create_directory(database) as directory:
        if file and options.review:
            planned = review_file(file, directory, options)
        else:
            planned = import_file(file, directory, options) if file else _seed_own_records(directory, options.apply, options.show)
    if planned is None or planned.needs_a_person:
        sys.exit(EXIT_NEGATIVE)


@click.command()
@click.argument("count", type=click.IntRange(1, MAX_FICTIONAL_ORGANIZATIONS))
@click.option(
    "--seed", "number", type=click.IntRange(0), default=1, show_default=True, help="Another number makes another network."
)
@database_option
def fictional_command(count: int, number: int, database: str) -> None:
    """Fill an empty database with COUNT fictional organizations.

    The same COUNT and --seed give the same organizations; their dates are relative to the current day.
    """
    with create_directory(database) as directory:
        receipt = seed_fictional_network(directory, count, seed=number, now=utc_now())
    created = receipt.count(EditOutcome.CREATED)
    click.echo(f"Written: a fictional network of {created:,} organizations, at revision {receipt.revision}.")


def _seed_own_records(directory: Directory, apply: bool, shown_rows: int) -> Plan:
    planned = plan_network(directory.store, utc_now().date())
    for line in format_plan(planned, shown_rows):
        click.echo(line)
    click.echo(format_counts(planned))
    if apply:
        receipt = seed_network(directory, utc_now())
        created = receipt.count(EditOutcome.CREATED)
        click.echo(f"Written: {created} created, at revision {receipt.revision}." if created else NOTHING_WRITTEN)
    else:
        click.echo("Nothing was written. To create the new records, add --apply; existing records stay as they are.")
    return planned


COMMANDS: list[click.Command] = [seed_command, fictional_command]
