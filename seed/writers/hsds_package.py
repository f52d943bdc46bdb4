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
from seed.writers.about import About
from seed.writers.apostrophes import neutral
from seed.writers.hsds import head
from seed.writers.hsds_record import record
from seed.writers.hsds_rows import Row, rows, taxonomy_rows
from seed.writers.hsds_schema import TABLES, Table, resource

DESCRIPTOR = "datapackage.json"
IN_MEMORY = 1024 * 1024  # bytes of a table, beyond which it waits in a file
_PLUS = re.compile(r"\+\d+", re.ASCII)


def write(organizations: Iterable[Organization], out: IO[bytes], about: About) -> None:
    """Tables are gathered in files beside, as a ZIP takes one after another."""
    with _tables() as tables:
        for path, row in _rows(organizations, about):
            tables[path].add([_text(value) for value in row.values()])
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(_entry(DESCRIPTOR, about), _descriptor(about))
            for path, table in tables.items():
                with package.open(_entry(path, about), "w") as member:
                    table.into(member)


class _Gathered:
    def __init__(self, table: Table, file: IO[bytes]) -> None:
        self._file = file
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        self.add = csv.writer(self._text, lineterminator="\r\n").writerow
        self.add([column.name for column in table.columns])

    def into(self, member: IO[bytes]) -> None:
        self._text.flush()
        self._file.seek(0)
        shutil.copyfileobj(self._file, member)


@contextmanager
def _tables() -> Iterator[Mapping[str, _Gathered]]:
    with ExitStack() as files:
        yield {
            path: _Gathered(table, files.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY)))
            for path, table in TABLES.items()
        }


def _rows(organizations: Iterable[Organization], about: About) -> Iterator[Row]:
    for organization in organizations:
        yield from rows(record(organization, about))
    yield from taxonomy_rows()


def _text(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if _PLUS.fullmatch(text) else neutral(text)


def _entry(path: str, about: About) -> zipfile.ZipInfo:
    """Dated by the export, so that the same export gives the same bytes."""
    entry = zipfile.ZipInfo(path, about.exported_at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _descriptor(about: About) -> bytes:
    described = {
        "profile": "tabular-data-package",
        "name": "membership_directory",
        "title": about.title,
        "created": about.exported_at.isoformat(),
        "version": about.version,
        "about": head(about),
        "resources": [resource(table) for table in TABLES.values()],
    }
    return msgspec.json.format(msgspec.json.encode(described), indent=2)
