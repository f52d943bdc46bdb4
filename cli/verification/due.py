"""The command `due`: whose record should be verified again, how to reach them, and letters to them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import click
import msgspec
from msgspec import Struct
from rich.console import Console
from rich.padding import Padding
from rich.table import Column
from rich.text import Text

from cli.directories import open_directory
from cli.options import DAY, database_option
from cli.terminal import build_table, escape_line, format_count
from cli.verification.letter import LETTER_LANGUAGES, LetterOptions, LetterSubject, build_letter
from cli.verification.letter_files import require_target, write_letters
from cli.verification.reachability import ContactWay, Reach, find_reach, format_reach, list_reach_facts
from directory.curation.verification import OverdueVerification, list_overdue
from directory.errors import BadInput
from directory.publish import publish
from directory.records import Audience, Organization, StoredOrganization
from directory.store.read_transaction import ReadTransaction
from web.server.clock import utc_now

NOTHING_DUE = "No record is due for verification."
NOBODY_REACHED = "No record that is due for verification can be reached in this way."
NO_LETTERS = "No letter was written: the public sees none of the organizations that are due."
NO_CONTACT = "none"  # of --by-contact
REPLY_LIMIT = 300  # characters
MAX_NAMED = 10  # organizations without a letter
OTHER_COLUMNS_WIDTH = 72  # characters that a table needs beside its slugs to be readable


class DueOrganization(Struct, frozen=True):
    """An organization that is due. `organization` is what the public sees of it, None if nothing; `parent` is a visible name."""

    overdue: OverdueVerification
    organization: Organization | None
    parent: str | None
    reach: Reach


@click.command(short_help="List members to verify again, or write letters to them.")
@click.option("--all", "include_nonmembers", is_flag=True, help="Include organizations that are not members now.")
@click.option(
    "--by-contact",
    "way",
    type=click.Choice([*(way.value for way in ContactWay), NO_CONTACT]),
    help="Only those that can be reached in this way by what is published; none: only those with nothing published.",
)
@click.option("--limit", type=click.IntRange(1), help="Only so many, the most overdue first.")
@click.option(
    "--letters",
    type=click.Path(path_type=Path),
    metavar="FOLDER|FILE",
    help="Write a letter to each: one file each in a new folder, or all in a file that ends in .md or .html.",
)
@click.option("--reply-to", metavar="TEXT", help="Where letters ask to reply: a postal or e-mail address, or a telephone number.")
@click.option("--deadline", type=DAY, metavar="YYYY-MM-DD", help="The day by which letters ask to reply.")
@click.option(
    "--language",
    type=click.Choice(LETTER_LANGUAGES),
    help="The language of the letters. By default the first of these that the record states, else English.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of a table.")
@database_option
def due_command(
    include_nonmembers: bool,
    way: str | None,
    limit: int | None,
    letters: Path | None,
    reply_to: str | None,
    deadline: dt.date | None,
    language: str | None,
    as_json: bool,
    database: str,
) -> None:
    """List members whose verification is overdue, or write letters to them.

    These are the members that were never verified or not within a year, the most overdue first. Shows how to reach each by what
    is published.

    With --letters, each organization gets one page that shows its record as the public sees it, asks what is wrong and what
    should not be public, and says how to reply. A letter never has a private street or contact. Where no street is published,
    it has a line for it: write it by hand. To print letters or make a PDF, open the .html file in a browser.
    """
    today = utc_now().date()
    if letters:
        _require_letter_options(letters, reply_to, deadline, today)
    with open_directory(database) as directory, directory.store.begin_read() as reading:
        due = [one for one in _load_due(reading, today, include_nonmembers=include_nonmembers) if _is_reached(one, way)]
        due = due[:limit]
        network = _load_network_name(reading)
    if letters:
        options = LetterOptions(network, (reply_to or "").strip(), deadline, language)
        _write_letters(due, letters, options)
    elif as_json:
        facts = [{**msgspec.to_builtins(one.overdue), "reach": list_reach_facts(one.reach)} for one in due]
        click.echo(msgspec.json.format(msgspec.json.encode(facts)))
    elif due:
        _print_list(due, Console())
    else:
        click.echo(NOBODY_REACHED if way else NOTHING_DUE)


def _require_letter_options(letters: Path, reply_to: str | None, deadline: dt.date | None, today: dt.date) -> None:
    """Raise BadInput if letters cannot be written with these options."""
    require_target(letters)
    if not (reply_to or "").strip():
        sentence = "Say where organizations reply: --reply-to TEXT, such as your postal address or an e-mail address."
        raise BadInput(sentence, argument="reply_to")
    if len(reply_to or "") > REPLY_LIMIT:
        raise BadInput(f"--reply-to has more than {REPLY_LIMIT} characters. Make it shorter.", argument="reply_to")
    if deadline is not None and deadline <= today:
        raise BadInput(f"The deadline {deadline} is not in the future. Enter a later day.", argument="deadline")


def _load_due(reading: ReadTransaction, today: dt.date, *, include_nonmembers: bool) -> Iterator[DueOrganization]:
    """Yield what is due, the most overdue first, each as the public sees it."""
    records = {record.id: record for record, _ in reading.load_organizations()}
    for overdue in list_overdue(records.values(), today, include_nonmembers=include_nonmembers):
        published = _publish(records[overdue.id], records)
        parent = records[published.parent].name if published and published.parent else None
        yield DueOrganization(overdue, published, parent, find_reach(published))


def _publish(record: StoredOrganization, records: Mapping[str, StoredOrganization]) -> Organization | None:
    def is_visible(id: str) -> bool:
        return id in records and Audience.PUBLIC.sees(records[id].effective_audience)

    return publish(record, Audience.PUBLIC, utc_now(), is_visible)


def _load_network_name(reading: ReadTransaction) -> str | None:
    """Return the name of the network; None if the public does not see its record."""
    network_id = reading.load_head().network_id
    records = reading.load_organizations([network_id]) if network_id else iter(())
    names = (record.name for record, _ in records if record.effective_audience is Audience.PUBLIC)
    return next(names, None)


def _is_reached(one: DueOrganization, way: str | None) -> bool:
    if way is None:
        return True
    return not one.reach.ways if way == NO_CONTACT else ContactWay(way) in one.reach.ways


def _write_letters(due: Sequence[DueOrganization], target: Path, options: LetterOptions) -> None:
    """Write the letters and say how many, and who gets none."""
    subjects = [LetterSubject(one.organization, one.parent) for one in due if one.organization]
    letters = [build_letter(subject, options, number, len(subjects)) for number, subject in enumerate(subjects, start=1)]
    if letters:
        write_letters(letters, target)
        click.echo(f"{format_count(len(letters), 'letter')}: {target}")
    elif due:
        click.echo(NO_LETTERS)
    else:
        click.echo(NOTHING_DUE)
    unpublished = [one.overdue.slug for one in due if not one.organization]
    if unpublished:
        named = ", ".join(unpublished[:MAX_NAMED]) + (" ..." if len(unpublished) > MAX_NAMED else "")
        count = format_count(len(unpublished), "organization")
        click.echo(escape_line(f"No letter for {count} that the public does not see. Ask them in person: {named}"))


def _print_list(due: Sequence[DueOrganization], console: Console) -> None:
    """Print a table or, in a narrow terminal, a paragraph for each. Slugs are copied, so they are never broken."""
    rows = list(_iter_rows(due))
    slug_width = max(len(row[0]) for row in rows)
    if console.width >= slug_width + OTHER_COLUMNS_WIDTH:
        slug, contacts = Column("Slug", min_width=slug_width), Column("Published contacts", overflow="fold")
        console.print(build_table((slug, "Name", "Verified", "Oldest facts", contacts), rows))
        return
    for slug_text, name, verified, oldest, contacts_text in rows:
        click.echo(slug_text)
        facts = f"Verified: {verified}.{f' Oldest facts: {oldest}.' if oldest else ''}"
        console.print(Padding(Text("\n".join((name, facts, contacts_text)), overflow="fold"), (0, 0, 0, 2)))


def _iter_rows(due: Iterable[DueOrganization]) -> Iterator[tuple[str, ...]]:
    for one in due:
        record = one.overdue
        oldest = str(record.source.date) if record.source else ""
        yield record.slug, record.name, _format_verification(record), oldest, format_reach(one.reach)


def _format_verification(record: OverdueVerification) -> str:
    """Return when and how the record was last verified: "2024-05-01 by phone, 400 days ago"."""
    if record.verified_at is None:
        return "never"
    method = f" by {record.method.lower()}" if record.method else ""
    return f"{record.verified_at:%Y-%m-%d}{method}, {format_count(record.days or 0, 'day')} ago"


COMMANDS: list[click.Command] = [due_command]
