"""The commands that hide a record in an emergency and show it again."""

import datetime as dt
from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from cli.database import database_option, open_store, utc_now
from directory.curation.hiding import END_TIME, HiddenRecord, HidingChange, find_record, list_hidden_records
from directory.curation.hiding import hide as hide_record
from directory.curation.hiding import unhide as unhide_record
from directory.errors import BadInput
from directory.records import Audience

NOTHING_HIDDEN = "No record is hidden."
HIDDEN_NOTICE = (
    "Within one second, or right after a large import, no running server shows it any more: not in search, lists, counts, maps, "
    "suggestions or the change feed, not under its slug or id, and not as a parent, branch or partner of other records. "
    "What other records say about it in their own words stays."
)
COPIES_NOTICE = (
    "Copies that were already delivered cannot be called back: exports, prints, and what other programs or search engines saved. "
    "Browsers and proxies ask the server before they use a saved answer (max-age=0)."
)
REASON_LIMIT = 500  # characters
_AUDIENCE_LABELS = {Audience.PUBLIC: "everybody", Audience.MEMBERS: "members and staff", Audience.STAFF: "staff only"}


@click.command()
@click.argument("organization", metavar="SLUG")
@click.option("--until", metavar="YYYY-MM-DD", help=f"Show it again by itself on this day, at {END_TIME:%H:%M} UTC.")
@click.option("--reason", metavar="TEXT", default="", help="Why; only staff can read it, in `directory history`.")
@database_option
def hide(organization: str, until: str | None, reason: str, database: str) -> None:
    """Hide a record from everybody but staff, at once, without asking. SLUG can also be its id.

    Every running server stops showing it within one second, or as soon as it has taken in a large import. `directory unhide`
    shows it again; undo, imports, merges and edits do not. A record that is hidden already can be hidden for longer.
    """
    _require_short(reason)
    with open_store(database) as store:
        done = hide_record(store, organization, now=utc_now(), until=_parse_day(until), reason=reason)
    click.echo(f"Hidden: {_format_record_name(done)}, at revision {done.revision}. Only staff can see it now.")
    click.echo(HIDDEN_NOTICE)
    if until:
        click.echo(f"It comes back by itself on {until} at {END_TIME:%H:%M} UTC, if a server runs then.")
    click.echo(f"To show it again: directory unhide {done.slug}")
    click.echo(COPIES_NOTICE)


@click.command()
@click.argument("organization", metavar="SLUG")
@click.option("--reason", metavar="TEXT", default="", help="Why; only staff can read it, in `directory history`.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@database_option
def unhide(organization: str, reason: str, yes: bool, database: str) -> None:
    """Show a hidden record to its audience again. SLUG can also be its id.

    It gets the audience that it had when it was hidden, or was given since, and its former slug unless another record has that.
    """
    _require_short(reason)
    with open_store(database) as store:
        if not yes:
            with store.begin_read() as reading:
                entry = find_record(reading, organization)
            click.confirm(f"Show {entry.name} ({entry.slug}) to {_AUDIENCE_LABELS[entry.audience]} again?", abort=True)
        done = unhide_record(store, organization, now=utc_now(), reason=reason)
    seen_by = _AUDIENCE_LABELS[done.entry.audience]
    click.echo(f"No longer hidden: {_format_record_name(done)}, at revision {done.revision}. Seen by {seen_by}.")


@click.command()
@database_option
def hidden_command(database: str) -> None:
    """List the hidden records, and until when they are hidden."""
    with open_store(database) as store:
        found = list_hidden_records(store)
    if found:
        Console().print(_build_table(found))
    else:
        click.echo(NOTHING_HIDDEN)


def _parse_day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        sentence = f"{text!r} is not a date. Write it as year-month-day, as in 2027-03-31."
        raise BadInput(sentence, argument="until", value=text) from None


def _require_short(reason: str) -> None:
    if len(reason) > REASON_LIMIT:
        raise BadInput(f"The reason has more than {REASON_LIMIT} characters. Make it shorter.", argument="reason")


def _format_record_name(done: HidingChange) -> str:
    return f"{done.entry.name} ({done.slug})"


def _build_table(found: Sequence[HiddenRecord]) -> Table:
    table = Table(Column("Slug", no_wrap=True), "Name", "Hidden since", "Until", box=None, header_style="bold", pad_edge=False)
    for one in found:
        until = f"{one.hidden_until} {END_TIME:%H:%M} UTC" if one.hidden_until else "unhidden"
        table.add_row(*(Text(cell) for cell in (one.slug, one.name, f"{one.hidden_since:%Y-%m-%d %H:%M} UTC", until)))
    return table


COMMANDS: list[click.Command] = [hide, unhide, hidden_command]
