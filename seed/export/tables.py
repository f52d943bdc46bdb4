"""Records as a table for people and their spreadsheets, and to be read back: one row an organization.

After the plain columns (flat.py) stand what is published of the first place and when the record changed, which nobody states and
reading back leaves aside, and at the end `rest`.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import IO

import msgspec
import xlsxwriter

from directory.errors import BadInput
from directory.records import Audience, Location, Organization
from seed.export.draft_fields import to_draft_fields, to_json_value
from seed.export.export_info import ExportInfo
from seed.export.flat_columns import (
    CELL_LIMIT,
    COLUMNS,
    extract_rest,
    format_record,
    list_rest_columns,
    max_rest_size,
    split_into_cells,
)
from seed.export.formula_escaping import escape_csv_cell, escape_text_cell
from seed.flat_fields import FieldKind, find_field_kind

MAX_GROWTH = 2  # a record as it is stated has not twice the bytes of the record as it is
PUBLISHED_PREFIX = "published."  # how the headings begin that are for reading only
UPDATED_AT_COLUMN = f"{PUBLISHED_PREFIX}updated_at"
READ_ONLY_COLUMNS = (
    *(f"{PUBLISHED_PREFIX}{field}" for field in ("precision", "latitude", "longitude", "radius_km")),
    UPDATED_AT_COLUMN,
)


def build_headings(organizations: Iterable[Organization], audience: Audience) -> tuple[str, ...]:
    """As many columns for the rest as the largest of these records may need."""
    large = (one for one in organizations if MAX_GROWTH * len(msgspec.json.encode(one)) > CELL_LIMIT)
    largest = max((max_rest_size(to_draft_fields(one, audience)) for one in large), default=0)
    return (*COLUMNS, *READ_ONLY_COLUMNS, *list_rest_columns(largest))


def build_rows(organizations: Iterable[Organization], audience: Audience) -> Iterator[list[str]]:
    """The cells of each record under the headings; the last ones, where the rest needs fewer, are not there."""
    for organization in organizations:
        record = to_draft_fields(organization, audience)
        plain_cells = format_record(record)
        yield [*plain_cells.values(), *_published_cells(organization), *_rest_cells(record, plain_cells)]


def _rest_cells(record: dict[str, object], plain_cells: dict[str, str]) -> Iterator[str]:
    if beyond := extract_rest(record, plain_cells):
        yield from split_into_cells(msgspec.json.encode(beyond).decode())


def _published_cells(organization: Organization) -> Iterator[str]:
    yield from _location_cells(organization.locations[0]) if organization.locations else [""] * 4
    yield to_json_value(organization.updated_at)


def _location_cells(location: Location) -> Iterator[str]:
    yield location.precision.value
    yield str(location.point.latitude) if location.point else ""
    yield str(location.point.longitude) if location.point else ""
    yield "" if location.radius_km is None else str(location.radius_km)


BYTE_ORDER_MARK = "\ufeff"


def write_csv(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """One row an organization, written as it is made; the organizations themselves are gone through twice."""
    known = organizations if isinstance(organizations, list | tuple) else list(organizations)
    columns = build_headings(known, info.audience)
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")
    line.write(BYTE_ORDER_MARK)
    writer.writerow(columns)
    for row in build_rows(known, info.audience):
        writer.writerow([cell and escape_csv_cell(cell) for cell in row] + [""] * (len(columns) - len(row)))
        out.write(_drain_buffer(line))
    out.write(_drain_buffer(line))


def _drain_buffer(line: io.StringIO) -> bytes:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text.encode()


MAX_SHEET_ROWS = 1_048_575  # of a sheet, below its line of headings
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
_WORKBOOK_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_xlsx(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """Rows go to a file on the way, not into memory. Raises BadInput for more organizations than a sheet has rows."""
    known = organizations if isinstance(organizations, list | tuple) else list(organizations)
    if len(known) > MAX_SHEET_ROWS:
        raise BadInput(f"A sheet holds {MAX_SHEET_ROWS:,} organizations and these are {len(known):,}; write them as CSV.")
    columns = build_headings(known, info.audience)
    with xlsxwriter.Workbook(out, _WORKBOOK_OPTIONS) as book:
        # the hour is written without its zone, which a workbook does not know
        book.set_properties({"title": info.title, "created": info.exported_at.replace(tzinfo=None)})
        sheet = book.add_worksheet("organizations")
        sheet.freeze_panes(1, 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_SHEET_ROWS + 1}"})
        bold = book.add_format({"bold": True})
        for column, heading in enumerate(columns):
            sheet.set_column(column, column, COLUMN_WIDTHS.get(find_field_kind(heading) or FieldKind.JSON, DEFAULT_WIDTH))
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(build_rows(known, info.audience), start=1):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(number, column, escape_text_cell(text))
