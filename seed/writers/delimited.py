"""Records as CSV (RFC 4180, UTF-8 with the mark by which Excel knows it), neutral to spreadsheets."""

import csv
import io
from collections.abc import Iterable
from typing import IO

from directory.records import Organization
from seed.writers.about import About
from seed.writers.apostrophes import neutral
from seed.writers.table import headings, rows

BYTE_ORDER_MARK = "\ufeff"


def write(organizations: Iterable[Organization], out: IO[bytes], about: About) -> None:
    """One row an organization, written as it is made; the organizations themselves are gone through twice."""
    known = organizations if isinstance(organizations, list | tuple) else list(organizations)
    columns = headings(known, about.audience)
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")
    line.write(BYTE_ORDER_MARK)
    writer.writerow(columns)
    for row in rows(known, about.audience):
        writer.writerow([cell and neutral(cell) for cell in row] + [""] * (len(columns) - len(row)))
        out.write(_taken(line))
    out.write(_taken(line))


def _taken(line: io.StringIO) -> bytes:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text.encode()
