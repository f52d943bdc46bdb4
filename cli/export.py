"""The command `export`: write records to a file in one of several formats."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from cli.directories import open_directory
from cli.options import audience_option, database_option
from cli.output_file import STANDARD_OUTPUT, open_output
from cli.search_output import FICTIONAL_NOTICE, format_left_out, format_understood_parts
from cli.terminal import EXIT_NEGATIVE
from directory.drafts.normalize import normalize_url
from directory.errors import BadInput
from directory.export.export_info import build_export_info, include_non_members, list_matches, list_visible
from directory.export.formats import EXPORT_FORMATS, ExportFormat
from directory.export.kind_records import EXPORTED_KINDS, RECORD_WRITERS, RecordExport, build_record_export
from directory.records import Audience
from directory.search.snapshot import Snapshot
from directory.understanding.places.regions import get_label
from directory.understanding.understand import Understanding, understand
from web.server.clock import utc_now

DEFAULT_FORMAT = "csv"
ORGANIZATIONS = "organizations"

_FORMATS_HELP = "; ".join(f"{format.name} is {format.description}" for format in EXPORT_FORMATS.values())


@click.command(short_help="Write organizations or other records to a file.")
@click.argument("words", nargs=-1)
@click.option(
    "--kind",
    type=click.Choice([ORGANIZATIONS, *EXPORTED_KINDS]),
    default=ORGANIZATIONS,
    show_default=True,
    help="The kind of records to write. For other kinds than organizations the formats are csv and ndjson.",
)
@click.option(
    "--format",
    "name",
    type=click.Choice(list(EXPORT_FORMATS)),
    help=f"{_FORMATS_HELP}. Without it, the extension of FILE decides.",
)
@audience_option("Export for this audience: only what it may see is written.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="The file to write; - for standard output.",
)
@click.option("--all-statuses", is_flag=True, help="With WORDS: include organizations that are not members.")
@click.option("--base-url", metavar="URL", help="The public address of the directory, for formats that link to it.")
@database_option
def export_command(
    words: tuple[str, ...],
    kind: str,
    name: str | None,
    audience: str,
    output: Path | None,
    all_statuses: bool,
    base_url: str | None,
    database: str,
) -> None:
    """Write organizations, or records of another --kind, to FILE, or to standard output.

    With WORDS: everything that `directory find` finds for them, in the same order; members only, or all with --all-statuses.
    Without WORDS: every record that the audience may see, members or not, and the network itself.

    CSV, XLSX, NDJSON and JSON can be imported again with `directory seed FILE`. No format contains withheld streets or points,
    whatever the audience. Exit code: 0 if something was found, 1 if nothing was found (the file is written anyway).
    """
    _refuse_file_name(words)
    format = _choose_format(name, output)
    reader = Audience(audience.upper())
    _require_record_options(kind, format, words)
    address = normalize_url(base_url) if base_url else None
    with open_directory(database) as directory:
        snapshot = directory.get_snapshot(reader)
    if kind != ORGANIZATIONS:
        _write_records(build_record_export(snapshot, EXPORTED_KINDS[kind]), format, output)
        return
    understanding = understand(" ".join(words), snapshot) if words else None
    if understanding:
        question = include_non_members(understanding.question) if all_statuses else understanding.question
        organizations = list_matches(snapshot, question)
    else:
        organizations = list_visible(snapshot)
    with open_output(output, reader) as file:
        format.write(organizations, file, build_export_info(snapshot, utc_now(), address))
    for line in _format_summary(understanding, len(organizations), snapshot):
        click.echo(line, err=True)
    if not organizations:
        sys.exit(EXIT_NEGATIVE)


def _refuse_file_name(words: tuple[str, ...]) -> None:
    """Raise BadInput for a file's name in the place of WORDS: nothing would be found, and no file written."""
    for word in words:
        if Path(word).suffix.lower().removeprefix(".") in EXPORT_FORMATS:
            raise BadInput(f"{word} looks like the name of a file. To write to it, add --output {word}.", argument="words")


def _require_record_options(kind: str, format: ExportFormat, words: tuple[str, ...]) -> None:
    if kind == ORGANIZATIONS:
        return
    if words:
        raise BadInput(f"WORDS select organizations. Leave them out to export all {kind}.", argument="words")
    if format.name not in RECORD_WRITERS:
        formats = " or ".join(RECORD_WRITERS)
        raise BadInput(f"The {kind} cannot be exported as {format.name}. Set --format to {formats}.", argument="format")


def _write_records(export: RecordExport, format: ExportFormat, output: Path | None) -> None:
    with open_output(output, export.audience) as file:
        RECORD_WRITERS[format.name](export, file)
    count = len(export.records)
    noun = export.kind.noun if count == 1 else f"{export.kind.noun}s"
    for line in _format_closing(count, noun, export.audience, export.snapshot.fictional):
        click.echo(line, err=True)
    if not count:
        sys.exit(EXIT_NEGATIVE)


def _format_closing(count: int, noun: str, reader: Audience, fictional: bool) -> Iterator[str]:
    if fictional:
        yield FICTIONAL_NOTICE
    yield f"Written: {count:,} {noun}."
    if reader is not Audience.PUBLIC:
        yield f"This export is for {reader.lower()} only: it contains data that is not public. Store it securely."


def _choose_format(name: str | None, output: Path | None) -> ExportFormat:
    if name:
        return EXPORT_FORMATS[name]
    if output is None or output == STANDARD_OUTPUT:
        return EXPORT_FORMATS[DEFAULT_FORMAT]
    extension = output.suffix.lower()
    format = next((format for format in EXPORT_FORMATS.values() if format.extension == extension), None)
    if format is None:
        raise BadInput(f"The extension of {output.name} is not a known format. Set --format: {', '.join(EXPORT_FORMATS)}.")
    return format


def _format_summary(understanding: Understanding | None, count: int, snapshot: Snapshot) -> Iterator[str]:
    if understanding:
        yield format_understood_parts(part.label(find_name=snapshot.find_name) for part in understanding.parts)
        for name in (one for one in understanding.ambiguous if one.likeliest is None):
            places = " or ".join(get_label(candidate.place) for candidate in name.candidates)
            yield f"Several places are called {name.words}, so it was left out. Did you mean {places}?"
        for words in understanding.needs_from_asker:
            yield format_left_out(words)
    yield from _format_closing(count, f"organization{'' if count == 1 else 's'}", snapshot.audience, snapshot.fictional)


COMMANDS: list[click.Command] = [export_command]
