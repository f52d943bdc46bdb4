"""The options of `directory seed`, and the frozen value that holds them."""

import datetime as dt
from collections.abc import Callable, Collection
from pathlib import Path

import click
from msgspec import Struct

from cli.options import DAY
from cli.value_report import DEFAULT_ROWS_SHOWN
from directory.errors import BadInput
from directory.records import MembershipStatus
from seed.plan.online_geocoder import SERVICES
from seed.sources.dataset import ReadOptions

_PATH = click.Path(path_type=Path, dir_okay=False)
ORGANIZATIONS, PROVISIONS = "organizations", "provisions"
RECORDS = ("coalitions", "events", "instruments")
ORGANIZATION_OPTIONS = (  # which mean nothing for other kinds
    *("interactive", "profile", "save_profile", "membership", "ntee", "states", "retire_missing"),
    *("allow_people", "create_possible", "geocoder", "geocoder_domain", "show_streets", "strict", "tags", "save_tags"),
    "review",
)
NOT_WITH_REVIEW = {  # options that the pages of a review replace, and by what
    "apply": "a button of the page writes the plan",
    "interactive": "the pages ask all questions",
    "report": "the page has the report to download",
    "corrections": "the page has the corrections file to download",
    "save_profile": "a button of the page saves the profile",
    "save_tags": "a page asks what tags mean",
    "show_streets": "the page never shows private streets of the directory",
}


OUTPUTS = ("report", "corrections", "save_profile", "save_tags")  # options that name a file to write


class ImportOptions(Struct, frozen=True, kw_only=True):
    """What to do with a file; `read_options` says how to read it. None stands for an option that is not set.

    `kind` is ORGANIZATIONS, PROVISIONS or one of RECORDS. `instrument` is the slug of the instrument of provisions.
    """

    kind: str
    instrument: str | None
    apply: bool
    interactive: bool
    review: bool
    report: Path | None
    corrections: Path | None
    save_profile: Path | None
    save_tags: Path | None
    show: int
    loosen_visibility: bool
    overwrite_edits: bool
    retire_missing: bool
    strict: bool
    create_possible: bool
    show_streets: bool
    geocoder: str | None
    geocoder_domain: str | None
    read_options: ReadOptions


def build_import_options(values: dict[str, object], today: dt.date) -> ImportOptions:
    """Return the options of one call of the command; `values` holds what click parsed, by parameter name.

    Raises BadInput for an option that does not fit the kind of records.
    """
    _require_options_of_kind(values)
    _require_options_of_review(values)
    values = {**values, "header": _read_header_options(values)}
    del values["no_header"]
    reading = {name: values[name] for name in ReadOptions.__struct_fields__ if name != "today"}
    doing = {name: value for name, value in values.items() if name not in reading}
    for name in ("ntee", "states"):
        reading[name] = tuple(str(reading[name] or "").replace(",", " ").split())
    return ImportOptions(**doing, read_options=ReadOptions(today=today, **reading))  # type: ignore[arg-type]


def _read_header_options(values: dict[str, object]) -> object:
    """Return the line of the headings, False for a table without headings, or None."""
    if values["no_header"] and values["header"] is not None:
        raise BadInput("--header and --no-header contradict each other. Use one of them.", argument="header")
    return False if values["no_header"] else values["header"]


def _require_options_of_kind(values: dict[str, object]) -> None:
    kind = values["kind"]
    if kind != PROVISIONS and values["instrument"] is not None:
        raise BadInput("--instrument is for provisions. Add --kind provisions, or leave it out.", argument="instrument")
    unfit = next((name for name in ORGANIZATION_OPTIONS if kind != ORGANIZATIONS and values[name]), None)
    if unfit is not None:
        option = "state" if unfit == "states" else unfit.replace("_", "-")
        raise BadInput(f"--{option} is for organizations. Leave it out to import {kind}.", argument=option)


def _require_options_of_review(values: dict[str, object]) -> None:
    replaced = next((name for name in NOT_WITH_REVIEW if values["review"] and values[name]), None)
    if replaced is not None:
        option = replaced.replace("_", "-")
        sentence = f"--{option} is not for --review: {NOT_WITH_REVIEW[replaced]}. Leave out --{option}."
        raise BadInput(sentence, argument=option)


def require_distinct_outputs(file: Path, options: ImportOptions) -> None:
    """Raise BadInput when two of the OUTPUTS are the same file, or one is the imported file itself."""
    owners = {file.resolve(): str(file)}
    for name in OUTPUTS:
        path, option = getattr(options, name), _format_option(name)
        if path is not None and (other := owners.setdefault(path.resolve(), option)) != option:
            raise BadInput(f"{option} would overwrite {other}. Name another file.", argument=name)


def require_extension(name: str, path: Path | None, extensions: Collection[str]) -> None:
    """Raise BadInput when the file's name does not end in one of these."""
    if path is not None and path.suffix.lower() not in extensions:
        sentence = f"{_format_option(name)} needs a file that ends in {', '.join(extensions)}, not {path.name}."
        raise BadInput(sentence, argument=name)


def _format_option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


_OPTIONS = (
    click.option(
        "--kind",
        type=click.Choice([ORGANIZATIONS, *RECORDS, PROVISIONS]),
        default=ORGANIZATIONS,
        show_default=True,
        help="What the rows are; provisions are articles or recommendations of a human-rights instrument.",
    ),
    click.option("--instrument", metavar="SLUG", help="With --kind provisions: the instrument that they belong to."),
    click.option("--apply", is_flag=True, help="Write the changes that the plan shows."),
    click.option("--interactive", is_flag=True, help="Ask about columns, values, tags and doubtful rows."),
    click.option(
        "--review", is_flag=True, help="Open a page in your browser to look at the plan, answer questions and apply it."
    ),
    click.option("--report", type=_PATH, metavar="FILE", help="Write what happens to every row: .json, .csv or .xlsx."),
    click.option(
        "--corrections",
        type=_PATH,
        metavar="FILE",
        help="Write rows that need you to a file, to correct and import again: .csv, .xlsx or .ndjson.",
    ),
    click.option(
        "--show",
        type=click.IntRange(0),
        default=DEFAULT_ROWS_SHOWN,
        show_default=True,
        help="The number of rows to show in each section.",
    ),
    click.option(
        "--profile",
        type=_PATH,
        metavar="FILE",
        help="A column mapping (TOML). A profile in the same folder as FILE is used automatically.",
    ),
    click.option("--save-profile", type=_PATH, metavar="FILE", help="Write the column mapping that was used, to edit and reuse."),
    click.option("--tags", type=_PATH, metavar="FILE", help="A table (CSV) with the columns tag and term: what tags mean."),
    click.option("--save-tags", type=_PATH, metavar="FILE", help="Write the unknown tags as such a table, to fill in."),
    click.option(
        "--source", "key", metavar="WORDS", help="The short name of the source. Use the same name each time you import it."
    ),
    click.option("--title", metavar="TEXT", help="The title of the source, shown publicly."),
    click.option("--url", metavar="URL", help="The web address of the source."),
    click.option("--date", type=DAY, metavar="YYYY-MM-DD", help="The date of the data in the file."),
    click.option(
        "--membership",
        type=click.Choice([status.value for status in MembershipStatus], case_sensitive=False),
        help="The membership status of new organizations if the file does not state it. Without this option: active.",
    ),
    click.option("--encoding", metavar="NAME", help="The text encoding, if it is not detected correctly: cp1252, utf-16 …"),
    click.option("--delimiter", metavar="SIGN", help="The character between columns; `tab` for a tab."),
    click.option(
        "--header", type=click.IntRange(1), metavar="LINE", help="The line with the column headings, if it is not found: 4."
    ),
    click.option("--no-header", is_flag=True, help="The table has no column headings. Every line is a row."),
    click.option("--sheet", metavar="NAME", help="The sheet of a spreadsheet to read."),
    click.option(
        "--where",
        multiple=True,
        metavar="FILTER",
        help='Read only these rows of a table: "Contact Type = Organization", "Type = Ally | Member", "Status != Former".',
    ),
    click.option(
        "--ntee", metavar="CODES", help="From the IRS list, only rows whose NTEE code starts with one of these: R,L2,I8."
    ),
    click.option("--state", "states", metavar="STATES", help="From the IRS list, only rows in these states: GA,AL."),
    click.option("--clear-empty", is_flag=True, help="Treat an empty cell as an instruction to remove the record's value."),
    click.option(
        "--retire-missing", is_flag=True, help="Remove records that came only from this source and are no longer in it."
    ),
    click.option("--loosen-visibility", is_flag=True, help="Allow rows to make data visible to more people than now."),
    click.option(
        "--overwrite-edits", is_flag=True, help="Allow rows to replace values that a person edited after the date of the source."
    ),
    click.option("--strict", is_flag=True, help="Reject a row with any value that cannot be used, instead of leaving it out."),
    click.option("--allow-people", is_flag=True, help="Read the file even if it looks like a list of people."),
    click.option(
        "--create-possible",
        is_flag=True,
        help="Also create organizations that only rows about people name, as prospects unless --membership says otherwise, and "
        "those that have the name of a person.",
    ),
    click.option(
        "--show-streets",
        is_flag=True,
        help="Show the private streets that rows change. `directory history` will list who looked at them.",
    ),
    click.option(
        "--geocoder",
        type=click.Choice(SERVICES),
        help="Look up streets with this online service. Only streets that are published exactly are sent.",
    ),
    click.option(
        "--geocoder-domain",
        metavar="HOST",
        help="The host of your own instance of the service; start with http:// if it has no TLS.",
    ),
)


def add_import_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
