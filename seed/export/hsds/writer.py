"""Records as an HSDS 3.1 tabular data package: a ZIP of linked CSV files with a datapackage.json that describes them.

Cells that a spreadsheet could take for a formula begin with an apostrophe, but for telephone numbers: "+14045550100" computes
nothing.
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

from directory.records import Organization
from seed.export.draft_fields import to_json_value
from seed.export.export_info import ExportInfo
from seed.export.formula_escaping import escape_csv_cell
from seed.export.hsds.organization import build_organization
from seed.export.hsds.package_tables import (
    PACKAGE_TABLES,
    PackageRow,
    PackageTable,
    build_resource,
    build_rows,
    build_taxonomy_rows,
)
from seed.export.hsds.profile import VERSION


def write_json(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """`contents` come first and are written as they are made; how many they are is known at their end."""
    out.write(b'{"contents": [')
    count = 0
    for organization in organizations:
        out.write((b",\n" if count else b"\n") + msgspec.json.encode(build_organization(organization, info)))
        count += 1
    out.write(b"\n],\n" + msgspec.json.encode(_build_page(count, info)).removeprefix(b"{") + b"\n")


def _build_page(count: int, info: ExportInfo) -> dict[str, object]:
    page = {"total_items": count, "total_pages": 1, "page_number": 1, "size": count}
    ends = {"first_page": True, "last_page": True, "empty": count == 0}
    return {**page, **ends, "about": build_export_header(info)}


def build_export_header(info: ExportInfo) -> dict[str, object]:
    """What is said of the export itself."""
    return {
        "hsds": VERSION,
        "title": info.title,
        "audience": info.audience.value,
        "version": info.version,
        "exported_at": to_json_value(info.exported_at),
        "fictional": info.fictional,
    }


DESCRIPTOR_FILE = "datapackage.json"
MAX_MEMORY_BYTES = 1024 * 1024  # bytes of a table, beyond which it waits in a file
_INTERNATIONAL_NUMBER = re.compile(r"\+\d+", re.ASCII)


def write_package(organizations: Iterable[Organization], out: IO[bytes], info: ExportInfo) -> None:
    """Tables are gathered in files beside, as a ZIP takes one after another."""
    with _open_tables() as tables:
        for path, row in _list_all_rows(organizations, info):
            tables[path].write_row([_format_cell(value) for value in row.values()])
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(_build_zip_info(DESCRIPTOR_FILE, info), _build_descriptor(info))
            for path, table in tables.items():
                with package.open(_build_zip_info(path, info), "w") as member:
                    table.copy_to(member)


class _SpooledTable:
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
    """Dated by the export, so that the same export gives the same bytes."""
    entry = zipfile.ZipInfo(path, info.exported_at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _build_descriptor(info: ExportInfo) -> bytes:
    described = {
        "profile": "tabular-data-package",
        "name": "membership_directory",
        "title": info.title,
        "created": info.exported_at.isoformat(),
        "version": info.version,
        "about": build_export_header(info),
        "resources": [build_resource(table) for table in PACKAGE_TABLES.values()],
    }
    return msgspec.json.format(msgspec.json.encode(described), indent=2)
