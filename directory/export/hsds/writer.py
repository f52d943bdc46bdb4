"""Write HSDS 3.1: organizations as JSON, or a tabular data package (a ZIP of linked CSV files with a datapackage.json).

Cells that a spreadsheet could run as a formula are escaped, except telephone numbers: "+14045550100" is harmless.
"""

import csv
import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import IO, Any

import msgspec

from directory.export.export_info import ExportInfo, build_export_header
from directory.export.formula_escaping import escape_csv_cell
from directory.export.hsds.organization import build_organization
from directory.export.hsds.package_tables import (
    PACKAGE_TABLES,
    PackageRow,
    PackageTable,
    build_resource,
    build_rows,
    build_taxonomy_rows,
)
from directory.export.hsds.profile import VERSION
from directory.records import Organization

DESCRIPTOR_FILE = "datapackage.json"
MAX_MEMORY_BYTES = 1024 * 1024  # bytes; a larger table is moved to a temporary file
_INTERNATIONAL_NUMBER = re.compile(r"\+\d+", re.ASCII)


def write_json(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """Write a JSON page of organizations one by one. Their number comes after `contents`, when it is known."""
    out.write(b'{"contents": [')
    count = 0
    for organization in organizations:
        out.write((b",\n" if count else b"\n") + msgspec.json.encode(build_organization(organization, info)))
        count += 1
    out.write(b"\n],\n" + msgspec.json.encode(_build_page(count, info)).removeprefix(b"{") + b"\n")


def _build_page(count: int, info: ExportInfo) -> dict[str, object]:
    page = {"total_items": count, "total_pages": 1, "page_number": 1, "size": count}
    flags = {"first_page": True, "last_page": True, "empty": count == 0}
    return {**page, **flags, "about": _build_hsds_header(info)}


def _build_hsds_header(info: ExportInfo) -> dict[str, object]:
    """Return the facts about the export for a package or page."""
    return {"hsds": VERSION, **build_export_header(info)}


def write_package(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """Write the ZIP file. All tables are collected first, because a ZIP file takes one after another."""
    with _open_tables() as tables:
        for path, row in _list_all_rows(organizations, info):
            tables[path].write_row([_format_cell(value) for value in row.values()])
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(_build_zip_info(DESCRIPTOR_FILE, info), _build_descriptor(info))
            for path, table in tables.items():
                with package.open(_build_zip_info(path, info), "w") as member:
                    table.copy_to(member)


class _SpooledTable:
    """A CSV table in memory or a temporary file."""

    def __init__(self, table: PackageTable, file: IO[bytes]) -> None:
        self._file = file
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        self.write_row = csv.writer(self._text, lineterminator="\r\n").writerow
        self.write_row([column.name for column in table.columns])

    def copy_to(self, member: IO[bytes]) -> None:
        self._text.flush()
        self._file.seek(0)
        shutil.copyfileobj(self._file, member)


@contextmanager
def _open_tables() -> Iterator[Mapping[str, _SpooledTable]]:
    with ExitStack() as files:
        yield {
            path: _SpooledTable(table, files.enter_context(tempfile.SpooledTemporaryFile(MAX_MEMORY_BYTES)))
            for path, table in PACKAGE_TABLES.items()
        }


def _list_all_rows(organizations: Iterable[Organization], info: ExportInfo) -> Iterator[PackageRow]:
    for organization in organizations:
        yield from build_rows(build_organization(organization, info))
    yield from build_taxonomy_rows()


def _format_cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if _INTERNATIONAL_NUMBER.fullmatch(text) else escape_csv_cell(text)


def _build_zip_info(path: str, info: ExportInfo) -> zipfile.ZipInfo:
    """Return an entry dated by the export, so the same export has the same bytes."""
    entry = zipfile.ZipInfo(path, info.exported_at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _build_descriptor(info: ExportInfo) -> bytes:
    descriptor = {
        "profile": "tabular-data-package",
        "name": "membership_directory",
        "title": info.title,
        "created": info.exported_at.isoformat(),
        "version": info.version,
        "about": _build_hsds_header(info),
        "resources": [build_resource(table) for table in PACKAGE_TABLES.values()],
    }
    return msgspec.json.format(msgspec.json.encode(descriptor), indent=2)
