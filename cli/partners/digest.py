"""The command `digest`: what changed in the organizations that a question finds, as text, a web page or a feed."""

import datetime as dt
import sys
from pathlib import Path

import click

from cli.directories import open_directory
from cli.options import DAY, audience_option, database_option
from cli.output_file import open_output, output_option
from cli.partners.digest_output import DIGEST_FORMATS, DigestHeader
from cli.question_options import CommandQuestion, question_options
from cli.terminal import EXIT_NEGATIVE
from directory.drafts.normalize import normalize_url
from directory.errors import BadInput
from directory.export.export_info import build_export_info
from directory.filters.query_strings import format_query_string
from directory.partners.digest import build_digest
from directory.records import Audience
from directory.snapshots.past_snapshot import load_past_and_present
from web.server.clock import utc_now


@click.command(short_help="List what was added, changed or dropped since a day.")
@click.option("--since", "day", type=DAY, metavar="YYYY-MM-DD", required=True, help="Compare with the start of this day, in UTC.")
@question_options
@audience_option("Compare what this audience may see.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(list(DIGEST_FORMATS)),
    default="text",
    show_default=True,
    help="text for people, html for a web page or a newsletter, atom for feed readers.",
)
@click.option("--base-url", metavar="URL", help="The public address of the directory, for links to organizations.")
@output_option
@database_option
def digest_command(
    day: dt.date,
    words: str | None,
    search: str | None,
    audience: str,
    output_format: str,
    base_url: str | None,
    output: Path | None,
    database: str,
) -> None:
    """List the organizations that were added, changed or dropped since a day.

    Without --words and --search, this is about all active members. For each organization, the digest says whether it is new,
    matches now but did not before, has changed, or does not match any more, and names the fields that changed.

    The past is judged by what may be shown today. No earlier value is shown. Earlier places, texts and contacts are not compared
    with the question either. Organizations that are no longer listed are only counted, whatever the question.

    Exit code: 0 if something changed, 1 if nothing changed, 2 if the day or a condition cannot be used.
    """
    now, reader = utc_now(), Audience(audience.upper())
    if day > now.date():
        raise BadInput(f"{day} is in the future. Enter a day up to today, {now.date()}.", argument="since", value=day.isoformat())
    address = normalize_url(base_url) if base_url else None
    moment = dt.datetime.combine(day, dt.time(), dt.UTC)
    with open_directory(database) as directory, directory.store.begin_read() as reading:
        snapshots = load_past_and_present(reading, reader, moment)
    asked = CommandQuestion(snapshots.present, words, search)
    digest = build_digest(snapshots, asked.question, now.date())
    header = DigestHeader(
        info=build_export_info(snapshots.present, now, address),
        day=day,
        notices=tuple(asked.list_notices()),
        key=format_query_string(asked.question),
    )
    with open_output(output, reader, is_safe_for_terminal=output_format == "text") as file:
        file.write(DIGEST_FORMATS[output_format](digest, header))
    if not digest.entries and not digest.removed_count:
        sys.exit(EXIT_NEGATIVE)


COMMANDS: list[click.Command] = [digest_command]
