"""Records as CSV (RFC 4180, UTF-8 with the mark by which Excel knows it), neutral to spreadsheets."""

import csv
import io
from collections.abc import Iterable
from typing import IO

from directory.records import Organization
from seed.writers.about import ExportInfo
from seed.writers.apostrophes import escape_csv_cell
from seed.writers.table import build_headings, build_rows

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
