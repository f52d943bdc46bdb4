"""Seeding's commands: the network's own records, and a fictional network."""

import sys
from collections.abc import Iterator

import click

from directory.command_group import EXIT_NO
from directory.problems import told
from directory.shell import database_option, make_store, now
from directory.store import Outcome
from seed.fictional import seed_fictional
from seed.network import network_rows, seed_network
from seed.plan import Fate, Item, plan

MOST_FICTIONAL = 1_000_000


@click.command()
@click.option("--apply", "write", is_flag=True, help="Write what the plan creates.")
@database_option
def seed(write: bool, database: str) -> None:
    """Show what the network's own records, which come with this program, would do; write them with --apply.

    Records that are kept already stay as they are here. Exit code 1 when a record was refused.
    """
    with make_store(database) as store:
        planned = plan(network_rows(), store, today=now().date())
        for item in planned.items:
            for line in _lines(item):
                click.echo(line)
        click.echo(", ".join(f"{count} {fate.lower()}" for fate, count in planned.counts.items()) + ".")
        if write:
            receipt = seed_network(store, now())
            created = receipt.count(Outcome.CREATED)
            click.echo(
                f"Written: {created} created, at revision {receipt.revision}." if created else "Nothing was to be written."
            )
        else:
            click.echo("Nothing was written; --apply writes what is to be created.")
    if planned.of(Fate.REFUSED).items:
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


def _lines(item: Item) -> Iterator[str]:
    name = item.entry.name if item.entry else f"{item.row.file}, record {item.row.number}"
    note = f" (differs here in {', '.join(item.fields)}; stays as it is here)" if item.fate is Fate.CHANGED else ""
    yield f"{item.fate.lower():>9}  {name}{note}"
    for problem in item.problems:
        yield f"{'':>9}  {told(problem)}"


COMMANDS: list[click.Command] = [seed, fictional]
