"""The commands `coalitions`, `events`, `provisions` and `show`: list and show records that are not organizations."""

import datetime as dt
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click
import msgspec
from rich.console import Console

from cli.directories import open_directory
from cli.options import DAY, audience_option, database_option
from cli.record_lookup import require_record, suggest_slugs
from cli.record_output import print_record_list, print_record_report
from cli.record_report import build_record_list, build_record_report
from cli.terminal import EXIT_NEGATIVE, escape_line
from directory.curation.record_keys import parse_key
from directory.errors import BadInput
from directory.question import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, Filter, Page, RegionFilter, TermFilter
from directory.question.record_question import KeyFilter, RecordQuestion
from directory.records import Audience, PublishedRecord, RecordKind
from directory.search.coalition_members import find_nearest_slugs
from directory.search.searched_fields import MEMBER_SETS
from directory.search.snapshot import Snapshot
from directory.text import fold
from directory.vocabulary.choices import CoalitionKind

F = TypeVar("F", bound=Callable[..., Any])

COALITION_KINDS = {kind.lower().replace("_", "-"): kind for kind in CoalitionKind}
SHOWN_KINDS = tuple(kind for kind in RecordKind if kind is not RecordKind.ORGANIZATION)
KEY_ADVICE = (
    "Write the kind before the slug, as in coalition:upr-task-force. The kinds are coalition, event, instrument and provision. "
    "To find organizations, use `directory find`."
)
MAX_SLUGS = 20  # in a sentence

_format_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Print text for people, or one JSON object.",
)
_audience_option = audience_option("Read as this audience, which sees only its own records and details.")
_region_option = click.option(
    "--region",
    "regions",
    metavar="CODE",
    multiple=True,
    help="Only those in this region, such as US-GA. Repeat it to accept any of several.",
)
_LIST_OPTIONS = (
    database_option,
    _format_option,
    _audience_option,
    click.option(
        "--first",
        type=click.IntRange(1, MAX_PAGE_SIZE),
        default=DEFAULT_PAGE_SIZE,
        show_default=True,
        help="The number of records to show.",
    ),
    click.option(
        "--issue",
        "issue_areas",
        metavar="SLUG",
        multiple=True,
        help="Only those about this issue area or a narrower one. Repeat it to accept any of several.",
    ),
    click.argument("words", metavar="[TEXT]...", nargs=-1),
)


def _add_list_options(command: F) -> F:
    """Add the options of all commands that list records."""
    for option in _LIST_OPTIONS:
        command = option(command)
    return command


@click.command(short_help="List coalitions: campaigns, task forces and others.")
@click.option("--kind", "kinds", type=click.Choice(list(COALITION_KINDS)), multiple=True, help="Only this kind. Can be repeated.")
@click.option("--member", metavar="SLUG", help="Only coalitions to which this organization belongs.")
@_region_option
@_add_list_options
def coalitions_command(kinds: Sequence[str], member: str | None, database: str, audience: str, **options: Any) -> None:
    """List coalitions: campaigns, task forces, working groups and alliances, by name.

    With TEXT, only those that have all its words. Shows the number of members of each; `directory show` names them.

    Exit code: 0 if something was found, 1 if nothing was found, 2 if a condition cannot be used.
    """
    snapshot = _load_snapshot(database, audience)
    keys = [KeyFilter("kinds", tuple(COALITION_KINDS[kind] for kind in kinds))] if kinds else []
    if member is not None:
        keys.append(KeyFilter(MEMBER_SETS, (require_record(snapshot, RecordKind.ORGANIZATION, member, "member").id,)))
    _print_list(snapshot, RecordKind.COALITION, keys, options)


@click.command()
@click.option(
    "--from", "first_day", type=DAY, metavar="YYYY-MM-DD", help="Only events that are not over before this day, in UTC."
)
@click.option(
    "--until", "last_day", type=DAY, metavar="YYYY-MM-DD", help="Only events that start by the end of this day, in UTC."
)
@click.option("--coalition", metavar="SLUG", help="Only events of this coalition.")
@_region_option
@_add_list_options
def events_command(
    first_day: dt.date | None, last_day: dt.date | None, coalition: str | None, database: str, audience: str, **options: Any
) -> None:
    """List events by time, past ones too.

    With TEXT, only those that have all its words, the best matches first. Times are those of the event's time zone.
    `directory calendar` writes the events to a file for calendar programs.

    Exit code: 0 if something was found, 1 if nothing was found, 2 if a condition cannot be used.
    """
    snapshot, keys = _load_snapshot(database, audience), []
    if coalition is not None:
        keys.append(KeyFilter("coalition", (require_record(snapshot, RecordKind.COALITION, coalition, "coalition").id,)))
    start = dt.datetime.combine(first_day, dt.time.min, dt.UTC) if first_day else None
    end = dt.datetime.combine(last_day, dt.time.max, dt.UTC) if last_day else None
    _print_list(snapshot, RecordKind.EVENT, keys, options, from_=start, until=end)


@click.command(short_help="List articles and recommendations of instruments.")
@click.option("--instrument", metavar="SLUG", help="Only the articles or recommendations of this instrument.")
@click.option("--cycle", metavar="CYCLE", help="Only recommendations of this cycle of the review, such as 3.")
@click.option(
    "--taken-up/--not-taken-up",
    "taken_up",
    default=None,
    help="Only those on whose issue areas a member works, or only those on which no member works.",
)
@_add_list_options
def provisions_command(
    instrument: str | None, cycle: str | None, taken_up: bool | None, database: str, audience: str, **options: Any
) -> None:
    """List articles and recommendations of human-rights instruments, by number.

    With TEXT, only those that have all its words. Shows how many members work on each; `directory show` names them.

    Exit code: 0 if something was found, 1 if nothing was found, 2 if a condition cannot be used.
    """
    snapshot, keys = _load_snapshot(database, audience), []
    if instrument is not None:
        keys.append(KeyFilter("instrument", (require_record(snapshot, RecordKind.INSTRUMENT, instrument, "instrument").id,)))
    if cycle is not None:
        keys.append(KeyFilter("cycle", (fold(cycle),)))
    _print_list(snapshot, RecordKind.PROVISION, keys, options, taken_up=taken_up)


@click.command()
@click.argument("key", metavar="KEY")
@_format_option
@_audience_option
@database_option
def show_command(key: str, output_format: str, audience: str, database: str) -> None:
    """Show a coalition, event, instrument or provision.

    KEY is its kind and slug, such as coalition:upr-task-force or provision:udhr-25, or its id. Shows the members of a coalition,
    and who works on a provision.

    Exit code: 0 if there is such a record, 1 if there is none, 2 if KEY names no kind.
    """
    snapshot = _load_snapshot(database, audience)
    kind, record = _find_record(snapshot, key)
    if record is None:
        text = parse_key(key)[1]
        click.echo(f'There is no {kind.noun} "{escape_line(text)}". {_suggest_keys(snapshot, kind, text)}', err=True)
        sys.exit(EXIT_NEGATIVE)
    report = build_record_report(snapshot, kind, record)
    if output_format == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(report)))
    else:
        print_record_report(report, Console())


def _load_snapshot(database: str, audience: str) -> Snapshot:
    with open_directory(database) as directory:
        return directory.get_snapshot(Audience(audience.upper()))


def _print_list(
    snapshot: Snapshot, kind: RecordKind, keys: Sequence[KeyFilter], options: Mapping[str, Any], **conditions: Any
) -> None:
    """Print the records that meet the conditions. `options` are those of all lists, `conditions` fields of RecordQuestion."""
    question = RecordQuestion(
        kind=kind,
        text=" ".join(options["words"]),
        conditions=Filter(
            issue_areas=TermFilter(any_of=options["issue_areas"]), regions=RegionFilter(any_of=options.get("regions", ()))
        ),
        keys=tuple(keys),
        page=Page(first=options["first"]),
        **conditions,
    )
    report = build_record_list(snapshot, question)
    if options["output_format"] == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(report)))
    else:
        print_record_list(report, Console(), has_records=bool(snapshot.views[kind].index.rows.live_rows))
    if not report.total:
        sys.exit(EXIT_NEGATIVE)


# ---------------------------------------------------------------- slugs and keys


def _find_record(snapshot: Snapshot, key: str) -> tuple[RecordKind, PublishedRecord | None]:
    """Return the kind that a key names and its record, None if the audience sees none. Raises BadInput if it names no kind."""
    kind, text = parse_key(key)
    if kind is not RecordKind.ORGANIZATION:
        return kind, snapshot.find_record_by_slug(kind, text) or snapshot.find_record(kind, text)
    for other in SHOWN_KINDS:
        if record := snapshot.find_record(other, key):
            return other, record
    known = [f"{other.noun}:{key}" for other in SHOWN_KINDS if snapshot.find_record_by_slug(other, key)]
    raise BadInput(
        f'"{key}" does not name a record that this command shows. {suggest_slugs(known) or KEY_ADVICE}', argument="key"
    )


def _suggest_keys(snapshot: Snapshot, kind: RecordKind, slug: str) -> str:
    """Return a sentence with the nearest keys of a kind or, without any, one that says where to find keys."""
    if nearest := find_nearest_slugs(snapshot.views[kind], slug):
        return suggest_slugs([f"{kind.noun}:{one}" for one in nearest])
    if kind is not RecordKind.INSTRUMENT:  # they have no list of their own
        return f"To see all of them, run `directory {kind.noun}s`."
    page = snapshot.find_records(RecordQuestion(kind=kind, page=Page(first=MAX_SLUGS)))
    return f"The instruments are: {', '.join(node.slug for node in page.nodes) or 'none'}."


COMMANDS: list[click.Command] = [coalitions_command, events_command, provisions_command, show_command]
