"""The commands that look at the past and take it back, put two records together, and say what is due."""

import sys
from collections.abc import Iterable, Iterator, Sequence

import click
import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from cli.command_group import EXIT_NEGATIVE
from cli.database import database_option, open_store, resolve_organization_id, utc_now
from directory.curation.merge import MergePlan, plan_merge
from directory.curation.merge import merge as merge_records
from directory.curation.undo import require_revision
from directory.curation.undo import undo as undo_revision
from directory.curation.verification import OverdueVerification
from directory.curation.verification import list_overdue as due_on
from directory.geo import Disclosure
from directory.records import StoredLocation, StoredOrganization
from directory.store.ledger.edits import Change, EditOutcome, LedgerKind, Receipt
from directory.store.ledger.history import list_changed_fields

NOTHING_DUE = "Nothing is due."
_OMITTED_FIELDS = {"id", "private", "origin", "file", "row", "tells"}  # of parts: of no help to who decides
_PRIVATE_PLACE_FIELDS = {"name", "postal_code"}  # of places that are not told exactly, as in the ledger
_COUNT_ONLY_FIELDS = ("sources",)


@click.command()
@click.argument("revision", type=click.IntRange(1))
@click.option("--loosen-visibility", is_flag=True, help="Also where something would be shown to more people than now.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@database_option
def undo(revision: int, loosen_visibility: bool, yes: bool, database: str) -> None:
    """Revert everything that a REVISION changed: an import, an edit, a merger, or an undo.

    All of it or nothing; the undo is a revision itself. `directory history` tells which revision it was.
    """
    with open_store(database) as store:
        with store.begin_read() as reading:
            found = require_revision(reading, revision)
        told = ", ".join(f"{count:,} {kind.lower()}" for kind, count in found.counts.items())
        click.echo(f"Revision {revision}, {_format_time(found.changed_at)}, {found.actor}: {found.reason} ({told})")
        if not yes:
            click.confirm("Undo it?", abort=True)
        receipt = undo_revision(store, revision, actor="directory undo", now=utc_now(), may_loosen=loosen_visibility)
    click.echo(f"Undone: {_format_counts(receipt)}, at revision {receipt.revision}.")


@click.command()
@click.argument("loser", metavar="LOSER")
@click.argument("survivor", metavar="SURVIVOR")
@click.option("--yes", is_flag=True, help="Do not ask.")
@database_option
def merge(loser: str, survivor: str, yes: bool, database: str) -> None:
    """Merge the record LOSER into the record SURVIVOR, each given by its id or slug, because they are one organization.

    What the survivor states stays; the rest comes from the loser, whose slugs lead to the survivor from then on.
    `directory undo` takes it back.
    """
    with open_store(database) as store:
        with store.begin_read() as reading:
            planned = plan_merge(reading, loser, survivor)
        Console().print(_build_merge_table(planned))
        if not yes:
            click.confirm(f"Merge {planned.loser.slug} into {planned.survivor.slug}?", abort=True)
        reason = f"merged {planned.loser.slug} into {planned.survivor.slug}"
        receipt = merge_records(
            store, loser, survivor, actor="directory merge", now=utc_now(), reason=reason, expected_plan=planned
        )
    click.echo(f"Merged, at revision {receipt.revision}. `directory undo {receipt.revision}` takes it back.")


@click.command()
@click.option("--all", "everybody", is_flag=True, help="Also those that are no members now.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of a table.")
@database_option
def due_command(everybody: bool, as_json: bool, database: str) -> None:
    """List the members that nobody has verified for a year, or ever, the most overdue first."""
    with open_store(database) as store:
        found = due_on((entry for entry, _ in store.load_organizations()), utc_now().date(), include_nonmembers=everybody)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found)))
    elif found:
        Console().print(_build_due_table(found))
    else:
        click.echo(NOTHING_DUE)


@click.command()
@click.argument("organization", metavar="ID-OR-SLUG")
@database_option
def history_command(organization: str, database: str) -> None:
    """List what happened to an organization: revision, when, who, why, and which fields changed.

    Values are not shown. Exit code 1 when nothing happened to it.
    """
    with open_store(database) as store:
        changes = store.load_history(resolve_organization_id(store, organization))
    for change in changes:
        click.echo(
            f"{change.revision:>6}  {_format_time(change.changed_at)}  {change.actor}: {change.reason} ({_format_change(change)})"
        )
    if not changes:
        sys.exit(EXIT_NEGATIVE)


def _format_time(moment: object) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _format_counts(receipt: Receipt) -> str:
    words = {EditOutcome.CREATED: "brought back", EditOutcome.CHANGED: "changed back", EditOutcome.REMOVED: "removed"}
    return ", ".join(f"{receipt.count(outcome):,} {word}" for outcome, word in words.items() if receipt.count(outcome))


def _format_change(change: Change) -> str:
    if change.is_ignored_by_undo and change.before and change.after and change.before.is_hidden != change.after.is_hidden:
        return "hidden" if change.after.is_hidden else "no longer hidden"
    if change.kind is LedgerKind.CHANGED:
        return ", ".join(list_changed_fields(change)) or "private parts that were erased since"
    merged = f", merged into {change.merged_into}" if change.merged_into and change.after is None else ""
    return change.kind.lower() + merged


# ---------------------------------------------------------------- tables


def _build_merge_table(planned: MergePlan) -> Table:
    """The survivor as it will be, field by field, and from whom each value is."""
    table = Table("Field", planned.survivor.slug, "From", box=None, header_style="bold", pad_edge=False)
    for field in StoredOrganization.__struct_fields__:
        values = [getattr(entry, field) for entry in (planned.result, planned.survivor, planned.loser)]
        said = "\n".join(_iter_value_lines(field, values[0]))
        if said and field != "id":
            table.add_row(Text(field), Text(said), Text(_name_origin(*values)))
    return table


def _name_origin(result: object, survivor: object, loser: object) -> str:
    if result == survivor:
        return "survivor"
    return "loser" if result == loser else "both"


def _iter_value_lines(field: str, value: object) -> Iterator[str]:
    if field in _COUNT_ONLY_FIELDS and isinstance(value, Sequence):
        yield f"{len(value):,}" if value else ""
    elif isinstance(value, tuple):
        yield from (_format_value(one) for one in value)
    elif value is not None:
        yield _format_value(value)


def _format_value(value: object) -> str:
    """A struct by what it states; streets, points and words that may name them never."""
    if not isinstance(value, Struct):
        return str(value)
    unsaid = (
        _OMITTED_FIELDS | _PRIVATE_PLACE_FIELDS
        if isinstance(value, StoredLocation) and value.disclosure is not Disclosure.EXACT
        else _OMITTED_FIELDS
    )
    stated = ((name, getattr(value, name)) for name in value.__struct_fields__ if name not in unsaid)
    return ", ".join(_format_part(name, part) for name, part in stated if part not in (None, (), False))


def _format_part(name: str, part: object) -> str:
    if part is True:
        return name.removeprefix("is_")
    return " ".join(str(one) for one in part) if isinstance(part, tuple) else str(part)


def _build_due_table(found: Iterable[OverdueVerification]) -> Table:
    table = Table(
        Column("Slug", overflow="fold"),
        "Name",
        "Verified",
        "How",
        "Days ago",
        "Oldest facts",
        box=None,
        header_style="bold",
        pad_edge=False,
    )
    for one in found:
        when = f"{one.verified_at:%Y-%m-%d}" if one.verified_at else "never"
        oldest = f"{one.source.date} {one.source.title}" if one.source else ""
        cells = (one.slug, one.name, when, one.method or "", f"{one.days:,}" if one.days is not None else "", oldest)
        table.add_row(*(Text(cell) for cell in cells))
    return table


COMMANDS: list[click.Command] = [undo, merge, due_command, history_command]
