"""The list of export formats, for `directory export` and downloads."""

from collections.abc import Callable, Iterable
from typing import IO, TypeAlias

from msgspec import Struct

from directory.export import geojson, json_ld, json_records, murmurations, tables
from directory.export.export_info import ExportInfo
from directory.export.hsds import writer
from directory.records import Organization

ExportWriter: TypeAlias = Callable[[Iterable[Organization], IO[bytes], ExportInfo], None]


class ExportFormat(Struct, frozen=True):
    """An export format. `extension` includes the dot; `description` says in a few words what the format is for."""

    name: str
    extension: str
    media_type: str
    write: ExportWriter
    description: str


_ALL_FORMATS = (
    ExportFormat("csv", ".csv", "text/csv; charset=utf-8", tables.write_csv, "for spreadsheets; can be imported again"),
    ExportFormat(
        "xlsx",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        tables.write_xlsx,
        "the same as a workbook",
    ),
    ExportFormat(
        "ndjson", ".ndjson", "application/x-ndjson", json_records.write_lines, "one record per line; can be imported again"
    ),
    ExportFormat("json", ".json", "application/json", json_records.write_document, "the same as one document"),
    # formats defined by others
    ExportFormat("geojson", ".geojson", "application/geo+json", geojson.write, "for maps: the published part of each location"),
    ExportFormat("hsds", ".zip", "application/zip", writer.write_package, "HSDS 3.1 data package; can be imported again"),
    ExportFormat("hsds-json", ".json", "application/json", writer.write_json, "HSDS 3.1 organizations; can be imported again"),
    ExportFormat("json-ld", ".jsonld", "application/ld+json", json_ld.write, "linked data in the schema.org vocabulary"),
    ExportFormat("murmurations", ".ndjson", "application/x-ndjson", murmurations.write, "one Murmurations profile per line"),
)
EXPORT_FORMATS: dict[str, ExportFormat] = {export_format.name: export_format for export_format in _ALL_FORMATS}
