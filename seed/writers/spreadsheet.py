"""Records as a workbook (XLSX) with one sheet, the columns of our CSV, and every cell a text: no formula, no link, no number."""

from collections.abc import Iterable
from typing import IO

import xlsxwriter

from directory.errors import BadInput
from directory.records import Organization
from seed.fields import Kind, kind
from seed.writers.about import About
from seed.writers.apostrophes import marked
from seed.writers.table import headings, rows

MOST_ROWS = 1_048_575  # of a sheet, below its line of headings
WIDTHS = {Kind.NAME: 28, Kind.LINE: 40, Kind.PARAGRAPHS: 60, Kind.TERMS: 32, Kind.REGIONS: 20, Kind.URL: 32, Kind.EMAIL: 28}
USUAL_WIDTH = 14  # characters
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(organizations: Iterable[Organization], out: IO[bytes], about: About) -> None:
    """Rows go to a file on the way, not into memory. Raises BadInput for more organizations than a sheet has rows."""
    known = organizations if isinstance(organizations, list | tuple) else list(organizations)
    if len(known) > MOST_ROWS:
        raise BadInput(f"A sheet holds {MOST_ROWS:,} organizations and these are {len(known):,}; write them as CSV.")
    columns = headings(known, about.audience)
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        # the hour is written without its zone, which a workbook does not know
        book.set_properties({"title": about.title, "created": about.exported_at.replace(tzinfo=None)})
        sheet = book.add_worksheet("organizations")
        sheet.freeze_panes(1, 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS + 1}"})
        bold = book.add_format({"bold": True})
        for column, heading in enumerate(columns):
            sheet.set_column(column, column, WIDTHS.get(kind(heading) or Kind.JSON, USUAL_WIDTH))
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(rows(known, about.audience), start=1):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(number, column, marked(text))
