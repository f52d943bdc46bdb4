"""The formats in which records leave: what `directory export` and downloads offer."""

from collections.abc import Callable, Iterable
from typing import IO, TypeAlias

from msgspec import Struct

from directory.records import Organization
from seed.writers import delimited, geojson, hsds, hsds_package, json_ld, murmurations, ndjson, spreadsheet
from seed.writers.about import About

Write: TypeAlias = Callable[[Iterable[Organization], IO[bytes], About], None]


class Format(Struct, frozen=True):
    """`ending` is that of a file's name, with its dot. `holds` says in a few words what it is for."""

    name: str
    ending: str
    media_type: str
    write: Write
    holds: str


_ALL = (
    Format("csv", ".csv", "text/csv; charset=utf-8", delimited.write, "for spreadsheets; can be fed back"),
    Format(
        "xlsx",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        spreadsheet.write,
        "the same as a workbook",
    ),
    Format("ndjson", ".ndjson", "application/x-ndjson", ndjson.write_lines, "one record a line; can be fed back"),
    Format("json", ".json", "application/json", ndjson.write_document, "the same as one document"),
    # formats of other people's making
    Format("geojson", ".geojson", "application/geo+json", geojson.write, "for maps: what is published of each place"),
    Format("hsds", ".zip", "application/zip", hsds_package.write, "HSDS 3.1 data package; can be fed back"),
    Format("hsds-json", ".json", "application/json", hsds.write, "HSDS 3.1 organizations; can be fed back"),
    Format("json-ld", ".jsonld", "application/ld+json", json_ld.write, "linked data in the words of schema.org"),
    Format("murmurations", ".ndjson", "application/x-ndjson", murmurations.write, "one Murmurations profile a line"),
)
FORMATS: dict[str, Format] = {one.name: one for one in _ALL}
