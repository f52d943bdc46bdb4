"""The formats in which records leave: what `directory export` and downloads offer."""

from collections.abc import Callable, Iterable
from typing import IO, TypeAlias

from msgspec import Struct

from directory.records import Organization
from seed.export import geojson, json_ld, json_records, murmurations, tables
from seed.export.export_info import ExportInfo
from seed.export.hsds import writer

ExportWriter: TypeAlias = Callable[[Iterable[Organization], IO[bytes], ExportInfo], None]


class ExportFormat(Struct, frozen=True):
    """`ending` is that of a file's name, with its dot. `holds` says in a few words what it is for."""

    name: str
    extension: str
    media_type: str
    write: ExportWriter
    description: str


_ALL_FORMATS = (
    ExportFormat("csv", ".csv", "text/csv; charset=utf-8", tables.write_csv, "for spreadsheets; can be fed back"),
    ExportFormat(
        "xlsx",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        tables.write_xlsx,
        "the same as a workbook",
    ),
    ExportFormat("ndjson", ".ndjson", "application/x-ndjson", json_records.write_lines, "one record a line; can be fed back"),
    ExportFormat("json", ".json", "application/json", json_records.write_document, "the same as one document"),
    # formats of other people's making
    ExportFormat("geojson", ".geojson", "application/geo+json", geojson.write, "for maps: what is published of each place"),
    ExportFormat("hsds", ".zip", "application/zip", writer.write_package, "HSDS 3.1 data package; can be fed back"),
    ExportFormat("hsds-json", ".json", "application/json", writer.write_json, "HSDS 3.1 organizations; can be fed back"),
    ExportFormat("json-ld", ".jsonld", "application/ld+json", json_ld.write, "linked data in the words of schema.org"),
    ExportFormat("murmurations", ".ndjson", "application/x-ndjson", murmurations.write, "one Murmurations profile a line"),
)
EXPORT_FORMATS: dict[str, ExportFormat] = {one.name: one for one in _ALL_FORMATS}
