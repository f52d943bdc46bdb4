"""The commands `history`, `receipt`, `undo` and `merge`: look at past changes, undo them, merge duplicates."""

import sys
from collections.abc import Iterator, Sequence

import click
import msgspec
from msgspec import Struct
from rich.console import Console

from cli.directories import open_directory, resolve_record_id
from cli.options import database_option, yes_option
from cli.receipt_output import DEFAULT_NAMES_SHOWN, format_receipt
from cli.terminal import EXIT_NEGATIVE, build_table, format_time
from directory.curation.merge import MergePlan, merge, plan_merge
from directory.curation.revision_summary import summarize_revision
from directory.curation.undo import require_revision, undo
from directory.geo import Disclosure
from directory.records import StoredLocation
from directory.store.ledger.edits import Change, EditOutcome, LedgerKind, Receipt
from directory.store.ledger.history import list_changed_fields
from web.server.clock import utc_now

_OMITTED_FIELDS = {"id", "private", "origin", "file", "row", "tells"}  # fields of parts that do not help a decision
_PRIVATE_PLACE_FIELDS = {"name", "postal_code"}  # fields of places that are not published exactly, as in the ledger
_COUNT_ONLY_FIELDS = ("sources", "row_matches")
_OUTCOME_LABELS = {EditOutcome.CREATED: "restored", EditOutcome.CHANGED: "reverted", EditOutcome.REMOVED: "removed"}


@click.command(short_help="List all changes of an organization.")
@click.argument("organization", metavar="ID-OR-SLUG")
@database_option
def history_command(organization: str, database: str) -> None:
    """List all changes of an organization, and who looked at its private streets.

    Shows the revision, time, person, reason and changed fields, but no values. Exit code: 0 if there are changes, 1 if not.
    """
    with open_directory(database) as directory:
        record_id = resolve_record_id(directory.store, organization)
        with directory.store.begin_read() as reading:
            changes, viewings = reading.load_history(record_id), reading.load_viewings(record_id)
    rows = [(change.revision, change.changed_at, change.actor, change.reason, _format_change(change)) for change in changes]
    rows += [
        (viewing.revision, viewing.viewed_at, viewing.actor, viewing.reason, "looked at its streets") for viewing in viewings
    ]
    for revision, moment, actor, reason, description in sorted(rows):
        click.echo(f"{revision:>6}  {format_time(moment)}  {actor}: {reason} ({description})")
    if not changes:
        sys.exit(EXIT_NEGATIVE)


@click.command()
@click.argument("revision", type=click.IntRange(1))
@click.option(
    "--show", type=click.IntRange(0), default=DEFAULT_NAMES_SHOWN, show_default=True, help="How many records each line names."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@database_option
def receipt_command(revision: int, show: int, as_json: bool, database: str) -> None:
    """Show what a REVISION changed, such as an import.

    Lists the records, what is public now that was not before, what stays private, and how to undo it. Values are not shown. The
    rules for what is public are those of today.
    """
    with open_directory(database) as directory, directory.store.begin_read() as reading:
        summary = summarize_revision(reading, revision)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(summary)))
    else:
        click.echo("\n".join(format_receipt(summary, show)))


@click.command()
@click.argument("revision", type=click.IntRange(1))
@click.option("--loosen-visibility", is_flag=True, help="Undo it even if this makes data visible to more people than now.")
@yes_option
@database_option
def undo_command(revision: int, loosen_visibility: bool, yes: bool, database: str) -> None:
    """Undo everything that a REVISION changed.

    This can be an import, an edit, a merge or an undo. Everything is undone or nothing, and the undo is a revision itself. To
    find the number of a revision, use `directory history`.
    """
    with open_directory(database) as directory:
        with directory.store.begin_read() as reading:
            details = require_revision(reading, revision)
        counts = ", ".join(f"{count:,} {kind.lower()}" for kind, count in details.counts.items())
        click.echo(f"Revision {revision}, {format_time(details.changed_at)}, {details.actor}: {details.reason} ({counts})")
        if not yes:
            click.confirm("Undo it?", abort=True)
        receipt = undo(directory, revision, now=utc_now(), may_loosen=loosen_visibility)
    click.echo(f"Undone: {_format_counts(receipt)}, at revision {receipt.revision}.")


@click.command()
@click.argument("loser", metavar="LOSER")
@click.argument("survivor", metavar="SURVIVOR")
@yes_option
@database_option
def merge_command(loser: str, survivor: str, yes: bool, database: str) -> None:
    """Merge the record LOSER into the record SURVIVOR. Each can be an id or a slug.

    Use it for two records of one organization. SURVIVOR keeps its values and gets missing ones from LOSER. After that, the slugs
    of LOSER lead to SURVIVOR. To undo a merge, use `directory undo`.
    """
    with open_directory(database) as directory:
        with directory.store.begin_read() as reading:
            planned = plan_merge(reading, loser, survivor)
        Console().print(build_table(("Field", planned.survivor.slug, "From"), _iter_merge_rows(planned)))
        if not yes:
            click.confirm(f"Merge {planned.loser.slug} into {planned.survivor.slug}?", abort=True)
        reason = f"merged {planned.loser.slug} into {planned.survivor.slug}"
        receipt = merge(directory, loser, survivor, actor="directory merge", now=utc_now(), reason=reason, expected_plan=planned)
    click.echo(f"Merged, at revision {receipt.revision}. To undo it: directory undo {receipt.revision}")


# ---------------------------------------------------------------- changes


def _format_counts(receipt: Receipt) -> str:
    counts = {label: receipt.count(outcome) for outcome, label in _OUTCOME_LABELS.items()}
    return ", ".join(f"{count:,} {label}" for label, count in counts.items() if count)


def _format_change(change: Change) -> str:
    if change.is_ignored_by_undo and change.before and change.after and change.before.is_hidden != change.after.is_hidden:
        return "hidden" if change.after.is_hidden else "no longer hidden"
    if change.kind is LedgerKind.CHANGED:
        fields = [_describe_row_matches(change) if field == "row_matches" else field for field in list_changed_fields(change)]
        return ", ".join(fields) or "private parts that were erased later"
    merged = f", merged into {change.merged_into}" if change.merged_into and change.after is None else ""
    return change.kind.lower() + merged


def _describe_row_matches(change: Change) -> str:
    """Return which rows the record remembers since the change (`RowMatch`), by their lists."""
    before, after = (getattr(record, "row_matches", ()) for record in (change.before, change.after))
    decided = sorted({match.origin for match in after if match not in before and match.is_decided})
    doubtful = sorted({match.origin for match in after if match not in before and not match.is_decided})
    added = (("decided", decided), ("doubtful", doubtful))
    lines = (f"remembers a {verdict} row of {', '.join(lists)}" for verdict, lists in added if lists)
    return ", ".join(lines) or "forgets rows of lists"


# ---------------------------------------------------------------- table rows


def _iter_merge_rows(planned: MergePlan) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the merged value and the origin of each field that has a value."""
    for field in planned.result.__struct_fields__:
        values = [getattr(record, field) for record in (planned.result, planned.survivor, planned.loser)]
        text = "\n".join(_iter_value_lines(field, values[0]))
        if text and field != "id":
            yield field, text, _name_origin(*values)


def _name_origin(result: object, survivor: object, loser: object) -> str:
    if result == survivor:
        return "survivor"
    return "loser" if result == loser else "both"


def _iter_value_lines(field: str, value: object) -> Iterator[str]:
    if field in _COUNT_ONLY_FIELDS and isinstance(value, Sequence):
        yield f"{len(value):,}" if value else ""
    elif isinstance(value, tuple):
        yield from (_format_value(item) for item in value)
    elif value is not None:
        yield _format_value(value)


def _format_value(value: object) -> str:
    """Return a value as text. Streets, points and words that may reveal them are always left out."""
    if not isinstance(value, Struct):
        return str(value)
    is_withheld = isinstance(value, StoredLocation) and value.disclosure is not Disclosure.EXACT
    omitted = _OMITTED_FIELDS | _PRIVATE_PLACE_FIELDS if is_withheld else _OMITTED_FIELDS
    parts = ((name, getattr(value, name)) for name in value.__struct_fields__ if name not in omitted)
    return ", ".join(_format_part(name, part) for name, part in parts if part not in (None, (), False))


def _format_part(name: str, part: object) -> str:
    if part is True:
        return name.removeprefix("is_")
    return " ".join(str(item) for item in part) if isinstance(part, tuple) else str(part)


COMMANDS: list[click.Command] = [history_command, receipt_command, undo_command, merge_command]
