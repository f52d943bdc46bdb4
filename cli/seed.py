"""Seeding's commands: a file of organizations or the network's own records, and a fictional network."""

import sys
from pathlib import Path

import click

from cli.command_group import EXIT_NEGATIVE
from cli.database import create_store, database_option, utc_now
from cli.fictional.organizations import seed_fictional_network
from cli.import_file import import_file
from cli.import_options import add_import_options, build_import_options
from cli.terminal_report import format_counts, format_plan
from directory.store.ledger.edits import EditOutcome
from directory.store.store import Store
from seed.network_records import plan_network, seed_network
from seed.plan.planned_row import Plan, RowAction

MAX_FICTIONAL_ORGANIZATIONS = 1_000_000


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@add_import_options
@database_option
def seed(file: Path | None, database: str, **given: object) -> None:
    """Read organizations from FILE and show what they would change here, row by row; --apply writes it.

    FILE is a table (CSV, TSV, XLSX, XLS, ODS), GeoJSON, HSDS (a folder, JSON or a zipped data package), the IRS's list of exempt
    organizations, or an export of this directory; - is standard input. Without FILE: the network's own records, which come with
    this program; of these, records that are kept already stay as they are.

    Nothing is written without --apply, and then all of it in one transaction or nothing. Exit code 0 when every row is settled, 1
    when rows were refused or are doubtful, 2 when the file cannot be read, 3 when the database is out of reach.
    """
    wanted = build_import_options(given, utc_now().date())
    with create_store(database) as store:
        planned = import_file(file, store, wanted) if file else _seed_own_records(store, wanted.apply, wanted.show)
    if planned.select(RowAction.REJECT, RowAction.REVIEW).items:
        sys.exit(EXIT_NEGATIVE)


@click.command()
@click.argument("count", type=click.IntRange(1, MAX_FICTIONAL_ORGANIZATIONS))
@click.option("--seed", "number", type=click.IntRange(0), default=1, show_default=True, help="Another number, another network.")
@database_option
def fictional_command(count: int, number: int, database: str) -> None:
    """Fill an empty database with COUNT made-up organizations, the same at every call on the same day."""
    with create_store(database) as store:
        receipt = seed_fictional_network(store, count, seed=number, now=utc_now())
    click.echo(
        f"Written: a fictional network of {receipt.count(EditOutcome.CREATED):,} organizations, at revision {receipt.revision}."
    )


def _seed_own_records(store: Store, write: bool, shown: int) -> Plan:
    planned = plan_network(store, utc_now().date())
    for line in format_plan(planned, shown):
        click.echo(line)
    click.echo(format_counts(planned))
    if write:
        receipt = seed_network(store, utc_now())
        created = receipt.count(EditOutcome.CREATED)
        click.echo(f"Written: {created} created, at revision {receipt.revision}." if created else "Nothing was to be written.")
    else:
        click.echo("Nothing was written; --apply writes what is to be created, and leaves what is kept as it is.")
    return planned


COMMANDS: list[click.Command] = [seed, fictional_command]
