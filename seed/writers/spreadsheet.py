"""Records as a workbook (XLSX) with one sheet, the columns of our CSV, and every cell a text: no formula, no link, no number."""

from collections.abc import Iterable
from typing import IO

import xlsxwriter

from directory.errors import BadInput
from directory.records import Organization
from seed.fields import FieldKind, find_field_kind
from seed.writers.about import ExportInfo
from seed.writers.apostrophes import escape_text_cell
from seed.writers.table import build_headings, build_rows

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
