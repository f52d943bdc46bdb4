"""Exports read by other parsers as tables."""

import csv
import io
from collections.abc import Iterable

from python_calamine import load_workbook

from directory.export.export_info import ExportInfo
from directory.export.formats import EXPORT_FORMATS
from directory.records import Audience, Organization
from seed.rows import Table
from tests.builders import NOW


def build_test_info(audience: Audience = Audience.PUBLIC) -> ExportInfo:
    return ExportInfo(title="A network", audience=audience, version="abc", exported_at=NOW)


def export_bytes(name: str, organizations: Iterable[Organization], audience: Audience = Audience.PUBLIC) -> bytes:
    out = io.BytesIO()
    EXPORT_FORMATS[name].write(organizations, out, build_test_info(audience))
    return out.getvalue()


def export_table(name: str, organizations: Iterable[Organization], audience: Audience = Audience.PUBLIC) -> Table:
    """Return the table in the CSV file or workbook."""
    content = export_bytes(name, organizations, audience)
    lines = _read_csv(content) if name == "csv" else _read_workbook(content)
    return Table(f"export.{name}", tuple(lines[0]), [(number, tuple(line)) for number, line in enumerate(lines[1:], start=2)])


def _read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def _read_workbook(content: bytes) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert all(isinstance(cell, str) for line in sheet for cell in line)
    return [[str(cell) for cell in line] for line in sheet]
