"""The commands `hide`, `unhide` and `hidden`: hide a record in an emergency and show it again."""

import datetime as dt
from collections.abc import Iterator, Sequence

import click
from rich.console import Console
from rich.table import Column

from cli.directories import open_directory
from cli.options import DAY, database_option, reason_option, require_short_reason, yes_option
from cli.terminal import build_table, format_time
from directory.curation.hiding import END_TIME, HiddenRecord, HidingChange, hide, list_hidden_records, unhide
from directory.curation.record_keys import find_record
from directory.records import Audience
from web.server.clock import utc_now

NOTHING_HIDDEN = "No record is hidden."
HIDDEN_NOTICE = (
    "Within one second, or right after a large import, all running servers stop showing it: in search, lists, counts, maps, "
    "suggestions and the change feed, under its slug and id, and as a parent, branch or partner of other records. "
    "Text about it in other records is not hidden."
)
COPIES_NOTICE = (
    "Hiding does not affect existing copies: exports, prints, and what other programs or search engines saved. "
    "Browsers and proxies ask the server before they use a saved answer (max-age=0)."
)
_AUDIENCE_LABELS = {Audience.PUBLIC: "everyone", Audience.MEMBERS: "members and staff", Audience.STAFF: "staff only"}


@click.command()
@click.argument("organization", metavar="SLUG")
@click.option("--until", type=DAY, metavar="YYYY-MM-DD", help=f"Show it again on this day, at {END_TIME:%H:%M} UTC.")
@reason_option
@database_option
def hide_command(organization: str, until: dt.date | None, reason: str, database: str) -> None:
    """Hide a record from everyone except staff, at once. SLUG can also be an id.

    There is no confirmation. Every running server stops showing the record within one second, or as soon as it has loaded a large
    import. Only `directory unhide` shows it again, or the day set with --until; undo, imports, merges and edits do not. To hide
    a hidden record for longer, run the command again.
    """
    require_short_reason(reason)
    with open_directory(database) as directory:
        change = hide(directory, organization, now=utc_now(), until=until, reason=reason)
    click.echo(f"Hidden: {_format_record_name(change)}, at revision {change.revision}. Only staff can see it now.")
    click.echo(HIDDEN_NOTICE)
    if until:
        click.echo(f"It will be shown again on {until} at {END_TIME:%H:%M} UTC. This needs a running server.")
    click.echo(f"To show it again: directory unhide {change.key}")
    click.echo(COPIES_NOTICE)


@click.command()
@click.argument("organization", metavar="SLUG")
@reason_option
@yes_option
@database_option
def unhide_command(organization: str, reason: str, yes: bool, database: str) -> None:
    """Show a hidden record to its audience again. SLUG can also be an id.

    Its audience is the one it had when it was hidden, or the one that was set since. It gets its former slug, unless another
    record has it now.
    """
    require_short_reason(reason)
    with open_directory(database) as directory:
        if not yes:
            with directory.store.begin_read() as reading:
                entry = find_record(reading, organization)
            click.confirm(f"Show {entry.name} ({entry.slug}) to {_AUDIENCE_LABELS[entry.audience]} again?", abort=True)
        change = unhide(directory, organization, now=utc_now(), reason=reason)
    audience = _AUDIENCE_LABELS[change.entry.audience]
    click.echo(f"No longer hidden: {_format_record_name(change)}, at revision {change.revision}. Visible to {audience}.")


@click.command()
@database_option
def hidden_command(database: str) -> None:
    """List the hidden records, and when each will be shown again."""
    with open_directory(database) as directory:
        records = list_hidden_records(directory.store)
    if records:
        slug = Column("Slug", min_width=max(len(record.key) for record in records))  # to be copied, so it is never broken
        Console().print(build_table((slug, "Name", "Hidden since", "Until"), _iter_hidden_rows(records)), crop=False)
    else:
        click.echo(NOTHING_HIDDEN)


def _format_record_name(change: HidingChange) -> str:
    count = change.provision_count
    own = f" and its {'provision' if count == 1 else f'{count:,} provisions'}" if count else ""
    return f"{change.entry.name} ({change.slug}){own}"


def _iter_hidden_rows(records: Sequence[HiddenRecord]) -> Iterator[tuple[str, ...]]:
    for record in records:
        until = f"{record.hidden_until} {END_TIME:%H:%M} UTC" if record.hidden_until else "unhidden"
        yield record.key, record.name, format_time(record.hidden_since), until


COMMANDS: list[click.Command] = [hide_command, unhide_command, hidden_command]
