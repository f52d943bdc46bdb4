"""Seeding's commands: a file of organizations or the network's own records, and a fictional network."""

import sys
from pathlib import Path

import click

from directory.command_group import EXIT_NO
from directory.shell import database_option, make_store, now
from directory.store import Outcome, Store
from seed.asking import asked, options
from seed.fictional import seed_fictional
from seed.importing import import_file
from seed.items import Fate, Plan
from seed.network import network_plan, seed_network
from seed.telling import counted, lines

MOST_FICTIONAL = 1_000_000


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@options
@database_option
def seed(file: Path | None, database: str, **given: object) -> None:
    """Read organizations from FILE and show what they would change here, row by row; --apply writes it.

    FILE is a table (CSV, TSV, XLSX, XLS, ODS), GeoJSON, HSDS (a folder, JSON or a zipped data package), the IRS's list of exempt
    organizations, or an export of this directory; - is standard input. Without FILE: the network's own records, which come with
    this program; of these, records that are kept already stay as they are.

    Nothing is written without --apply, and then all of it in one transaction or nothing. Exit code 0 when every row is settled, 1
    when rows were refused or are doubtful, 2 when the file cannot be read, 3 when the database is out of reach.
    """
    wanted = asked(given, now().date())
    with make_store(database) as store:
        planned = import_file(file, store, wanted) if file else _own_records(store, wanted.apply, wanted.show)
    if planned.of(Fate.REFUSED, Fate.DOUBTFUL).items:
        sys.exit(EXIT_NO)


@click.command()
@click.argument("count", type=click.IntRange(1, MOST_FICTIONAL))
@click.option("--seed", "number", type=click.IntRange(0), default=1, show_default=True, help="Another number, another network.")
@database_option
def fictional(count: int, number: int, database: str) -> None:
    """Fill an empty database with COUNT made-up organizations, the same at every call on the same day."""
    with make_store(database) as store:
        receipt = seed_fictional(store, count, seed=number, now=now())
    click.echo(
        f"Written: a fictional network of {receipt.count(Outcome.CREATED):,} organizations, at revision {receipt.revision}."
    )


def _own_records(store: Store, write: bool, shown: int) -> Plan:
    planned = network_plan(store, now().date())
    for line in lines(planned, shown):
        click.echo(line)
    click.echo(counted(planned))
    if write:
        receipt = seed_network(store, now())
        created = receipt.count(Outcome.CREATED)
        click.echo(f"Written: {created} created, at revision {receipt.revision}." if created else "Nothing was to be written.")
    else:
        click.echo("Nothing was written; --apply writes what is to be created, and leaves what is kept as it is.")
    return planned


COMMANDS: list[click.Command] = [seed, fictional]
