"""What `directory seed` can be asked for: its options, and the one value they make."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import click
from msgspec import Struct

from cli.terminal_report import DEFAULT_ROWS_SHOWN
from directory.records import MembershipStatus
from seed.plan.online_geocoder import SERVICES
from seed.sources.dataset import ReadOptions

_PATH = click.Path(path_type=Path, dir_okay=False)


class ImportOptions(Struct, frozen=True, kw_only=True):
    """What is to be done with a file, and how it is read (`instructions`)."""

    apply: bool
    interactive: bool
    report: Path | None
    corrections: Path | None
    save_profile: Path | None
    show: int
    loosen_visibility: bool
    overwrite_edits: bool
    retire_missing: bool
    geocoder: str | None
    geocoder_domain: str | None
    read_options: ReadOptions


def build_import_options(options: dict[str, object], today: dt.date) -> ImportOptions:
    """The options of one call, parted into what is done and how the file is read."""
    how = {name: options.pop(name) for name in ReadOptions.__struct_fields__ if name != "today"}
    for name in ("ntee", "states"):
        how[name] = tuple(part for part in str(how[name] or "").replace(",", " ").split())
    return ImportOptions(**options, read_options=ReadOptions(today=today, **how))  # type: ignore[arg-type]


def _parse_day(_: click.Context, __: click.Parameter, text: str | None) -> dt.date | None:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date() if text is not None else None  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a date. Write it as year-month-day, as in 2027-03-31.") from None


_OPTIONS = (
    click.option("--apply", is_flag=True, help="Write what the plan creates and changes."),
    click.option("--interactive", is_flag=True, help="Ask whom each doubtful row is about."),
    click.option("--report", type=_PATH, metavar="FILE", help="Write every row with its fate: .json, .csv or .xlsx."),
    click.option(
        "--corrections",
        type=_PATH,
        metavar="FILE",
        help="Write refused and doubtful rows as a file to correct and feed again: .csv, .xlsx or .ndjson.",
    ),
    click.option("--show", type=click.IntRange(0), default=DEFAULT_ROWS_SHOWN, show_default=True, help="Rows told of each kind."),
    click.option("--profile", type=_PATH, metavar="FILE", help="How columns map (TOML); one beside FILE is found by itself."),
    click.option("--save-profile", type=_PATH, metavar="FILE", help="Write how the columns were mapped, to correct and keep."),
    click.option("--source", "key", metavar="WORDS", help="What the source is called, the same at every import of it."),
    click.option("--title", metavar="TEXT", help="What the source is called to everybody who reads a record."),
    click.option("--url", metavar="URL", help="Where the source can be read."),
    click.option("--date", callback=_parse_day, metavar="YYYY-MM-DD", help="The day whose state the file tells."),
    click.option(
        "--membership",
        type=click.Choice([status.value for status in MembershipStatus], case_sensitive=False),
        help="What new organizations are, where the file does not say it; members (active) unless given.",
    ),
    click.option("--encoding", metavar="NAME", help="How its text is encoded, where that is guessed wrong: cp1252, utf-16 …"),
    click.option("--delimiter", metavar="SIGN", help="What parts its columns; tab for a tabulator."),
    click.option("--header/--no-header", default=None, help="Whether its first row holds headings."),
    click.option("--sheet", metavar="NAME", help="Which sheet of a spreadsheet."),
    click.option("--ntee", metavar="CODES", help="Of the IRS's list, the rows whose NTEE code begins so: R,L2,I8."),
    click.option("--state", "states", metavar="STATES", help="Of the IRS's list, the rows in these states: GA,AL."),
    click.option("--clear-empty", is_flag=True, help="An empty cell takes away what the record has."),
    click.option("--retire-missing", is_flag=True, help="Remove records that only this source stated, and does not any more."),
    click.option("--loosen-visibility", is_flag=True, help="Let rows show something to more people than now."),
    click.option("--overwrite-edits", is_flag=True, help="Let rows replace what a person edited later than the source's day."),
    click.option("--allow-people", is_flag=True, help="Read a file that looks like a list of people all the same."),
    click.option(
        "--geocoder", type=click.Choice(SERVICES), help="Ask this service for streets that are published exactly, no others."
    ),
    click.option(
        "--geocoder-domain",
        metavar="HOST",
        help="Where that service is, if it is your own; http:// before it where it speaks no TLS.",
    ),
)


def add_import_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
