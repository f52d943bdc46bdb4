"""Export as CSV and XLSX tables that can be imported again: one row per organization.

After the plain columns (`flat_columns`) come read-only columns that an import ignores, with the published point of the first
location and the time of the last change. The last columns are `rest`.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO

import msgspec
import xlsxwriter

from directory.errors import BadInput
from directory.export.draft_fields import to_draft_fields, to_json_value
from directory.export.export_info import ExportInfo
from directory.export.flat_columns import (
    CELL_LIMIT,
    COLUMNS,
    extract_rest,
    format_record,
    list_rest_columns,
    max_rest_size,
    split_into_cells,
)
from directory.export.flat_fields import FieldKind, find_field_kind
from directory.export.formula_escaping import escape_csv_cell, escape_text_cell
from directory.export.output_files import WORKBOOK_OPTIONS
from directory.records import Audience, Location, Organization

MAX_GROWTH = 2  # the draft fields of a record have less than twice the bytes of the record
PUBLISHED_PREFIX = "published."  # prefix of read-only columns
UPDATED_AT_COLUMN = f"{PUBLISHED_PREFIX}updated_at"
READ_ONLY_COLUMNS = (
    *(f"{PUBLISHED_PREFIX}{field}" for field in ("precision", "latitude", "longitude", "radius_km")),
    UPDATED_AT_COLUMN,
)

MAX_SHEET_ROWS = 1_048_575  # rows of a sheet below its headings
COLUMN_WIDTHS = {
    FieldKind.NAME: 28,
    FieldKind.LINE: 40,
    FieldKind.PARAGRAPHS: 60,
    FieldKind.TERMS: 32,
    FieldKind.REGIONS: 20,
    FieldKind.URL: 32,
    FieldKind.EMAIL: 28,
}
DEFAULT_WIDTH = 14  # characters

BYTE_ORDER_MARK = "\ufeff"
SPANISH_HEADINGS_FILE = Path(__file__).with_name("spanish_headings.toml")
_NUMBER = re.compile(r"(_\d+)?$")  # of the second and later columns of the rest


def build_headings(organizations: Iterable[Organization], audience: Audience) -> tuple[str, ...]:
    """Return all headings, with as many columns for the rest as the largest record may need."""
    large = (record for record in organizations if MAX_GROWTH * len(msgspec.json.encode(record)) > CELL_LIMIT)
    rest_size = max((max_rest_size(to_draft_fields(record, audience)) for record in large), default=0)
    return (*COLUMNS, *READ_ONLY_COLUMNS, *list_rest_columns(rest_size))


@cache
def load_spanish_headings() -> Mapping[str, str]:
    """Return the Spanish headings by the names of columns."""
    return tomllib.loads(SPANISH_HEADINGS_FILE.read_text(encoding="utf-8"))


def translate_headings(columns: Iterable[str], language: str) -> tuple[str, ...]:
    """Return the headings for these columns: in Spanish for "es", otherwise the names of the columns."""
    names = load_spanish_headings() if language == "es" else {}
    return tuple(_rename(column, names) for column in columns)


def restore_headings(headings: Sequence[str], required: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the columns for Spanish headings; headings that do not include the `required` columns as they are."""
    names = {heading: column for column, heading in load_spanish_headings().items()}
    columns = tuple(_rename(heading, names) for heading in headings)
    return columns if set(columns) >= set(required) else tuple(headings)


def _rename(heading: str, names: Mapping[str, str]) -> str:
    name = _NUMBER.sub("", heading)
    return names[name] + heading.removeprefix(name) if name in names else heading


def build_rows(organizations: Iterable[Organization], audience: Audience) -> Iterator[list[str]]:
    """Yield the cells of each record. A row may be shorter than the headings, because its rest needs fewer columns."""
    for organization in organizations:
        record = to_draft_fields(organization, audience)
        plain_cells = format_record(record)
        yield [*plain_cells.values(), *_published_cells(organization), *_rest_cells(record, plain_cells)]


def _rest_cells(record: dict[str, object], plain_cells: dict[str, str]) -> Iterator[str]:
    if rest := extract_rest(record, plain_cells):
        yield from split_into_cells(msgspec.json.encode(rest).decode())


def _published_cells(organization: Organization) -> Iterator[str]:
    yield from _location_cells(organization.locations[0]) if organization.locations else [""] * 4
    yield to_json_value(organization.updated_at)


def _location_cells(location: Location) -> Iterator[str]:
    yield location.precision.value
    yield str(location.point.latitude) if location.point else ""
    yield str(location.point.longitude) if location.point else ""
    yield "" if location.radius_km is None else str(location.radius_km)


def write_csv(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """Write a CSV file row by row. The organizations are iterated twice."""
    records = organizations if isinstance(organizations, list | tuple) else list(organizations)
    columns = build_headings(records, info.audience)
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")
    line.write(BYTE_ORDER_MARK)
    writer.writerow(translate_headings(columns, info.language))
    for row in build_rows(records, info.audience):
        writer.writerow([cell and escape_csv_cell(cell) for cell in row] + [""] * (len(columns) - len(row)))
        out.write(_drain_buffer(line))
    out.write(_drain_buffer(line))


def _drain_buffer(line: io.StringIO) -> bytes:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text.encode()


def write_xlsx(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """Write a workbook without holding its rows in memory. Raises BadInput for more organizations than a sheet has rows."""
    records = organizations if isinstance(organizations, list | tuple) else list(organizations)
    if len(records) > MAX_SHEET_ROWS:
        raise BadInput(f"A sheet holds {MAX_SHEET_ROWS:,} organizations, but there are {len(records):,}; export them as CSV.")
    columns = build_headings(records, info.audience)
    with xlsxwriter.Workbook(out, WORKBOOK_OPTIONS) as book:
        # workbooks have no time zones
        book.set_properties({"title": info.title, "created": info.exported_at.replace(tzinfo=None)})
        sheet = book.add_worksheet("organizations")
        sheet.freeze_panes(1, 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_SHEET_ROWS + 1}"})
        bold = book.add_format({"bold": True})
        for column, heading in enumerate(translate_headings(columns, info.language)):
            width = COLUMN_WIDTHS.get(find_field_kind(columns[column]) or FieldKind.JSON, DEFAULT_WIDTH)
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(build_rows(records, info.audience), start=1):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(number, column, escape_text_cell(text))
