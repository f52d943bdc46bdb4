"""Export coalitions, events, instruments and provisions, as NDJSON and as CSV.

NDJSON is the complete form: the fields of a draft of the kind, the `id`, and `published` as for organizations. A CSV row has the
single values and the lists of words, and members, hosts and the place as text to read. Provisions can be imported again.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Any

import msgspec
from msgspec import Struct

from directory.export.draft_fields import format_sources, list_location_fields, to_json_value
from directory.export.flat_columns import LIST_SEPARATOR
from directory.export.formula_escaping import escape_csv_cell
from directory.export.json_records import PUBLISHED_FIELD, build_published_fields
from directory.export.tables import BYTE_ORDER_MARK, UPDATED_AT_COLUMN
from directory.kinds.event import Event
from directory.records import Audience, Location, PublishedRecord, RecordKind
from directory.search.snapshot import Snapshot

COLUMNS: Mapping[RecordKind, tuple[str, ...]] = {
    RecordKind.COALITION: (
        *("name", "kind", "summary", "started_on", "ended_on", "website", "issue_areas", "regions", "members", "parent", "links"),
        *("audience", "slug", "id"),
    ),
    RecordKind.EVENT: (
        *("name", "starts_at", "ends_at", "is_all_day", "is_cancelled", "time_zone", "time_as_stated", "summary", "locations"),
        *("online_url", "registration_url", "issue_areas", "hosts", "coalition", "links", "audience", "slug", "id"),
    ),
    RecordKind.INSTRUMENT: (
        *("name", "name_es", "acronym", "kind", "adopted_on", "url", "summary", "issue_areas", "audience", "slug", "id"),
    ),
    RecordKind.PROVISION: (
        *("number", "cycle", "name", "name_es", "recommending_state", "summary", "response", "issue_areas", "instrument"),
        *("audience", "slug", "id"),
    ),
}
_UNSTATED_FIELDS = frozenset({"updated_at", "sources", "locations"})  # of a draft, or converted separately


class RecordExport(Struct, frozen=True):
    """The records of one kind that an audience sees, in the order of their lists."""

    kind: RecordKind
    records: tuple[PublishedRecord, ...]
    snapshot: Snapshot

    @property
    def audience(self) -> Audience:
        return self.snapshot.audience


def build_record_export(snapshot: Snapshot, kind: RecordKind) -> RecordExport:
    """Return all records of a kind that the audience of the snapshot sees."""
    rows = snapshot.views[kind].index.rows
    return RecordExport(kind, tuple(rows[row] for row in rows.iter_by_name(rows.live_rows)), snapshot)


def to_record_fields(record: PublishedRecord, audience: Audience) -> dict[str, Any]:
    """Return `id` and the fields of a draft that reproduce this record for this audience, JSON-ready and without empty ones."""
    names = (name for name in record.__struct_fields__ if name not in _UNSTATED_FIELDS)
    values = {name: getattr(record, name) for name in names}
    fields = {name: to_json_value(value) for name, value in values.items() if value is not None and value != ()}
    if locations := list_location_fields(record):
        fields["locations"] = locations
    if sources := format_sources(getattr(record, "sources", ()), fields.get("locations", [])):
        fields["sources"] = sources
    if audience is not Audience.PUBLIC:
        fields["audience"] = audience.value
    if isinstance(record, Event) and record.online_url:
        fields["online_audience"] = audience.value
    return fields


def write_lines(export: RecordExport, out: IO[bytes]) -> None:
    """Write one record per line, in UTF-8."""
    for record in export.records:
        line = {**to_record_fields(record, export.audience), PUBLISHED_FIELD: build_published_fields(record)}
        out.write(msgspec.json.encode(line) + b"\n")


def write_csv(export: RecordExport, out: IO[bytes]) -> None:
    """Write a table with one row per record. No cell can be run as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    columns = COLUMNS[export.kind]
    text.write(BYTE_ORDER_MARK)
    writer.writerow((*columns, UPDATED_AT_COLUMN))
    for record in export.records:
        fields = to_record_fields(record, export.audience)
        cells = [_format_cell(column, fields, record, export.snapshot) for column in columns]
        writer.writerow([escape_csv_cell(cell) for cell in (*cells, to_json_value(record.updated_at))])
    out.write(text.getvalue().encode())


def _format_cell(column: str, fields: Mapping[str, Any], record: PublishedRecord, snapshot: Snapshot) -> str:
    format_value = _FORMATTERS.get(column)
    if format_value:
        return LIST_SEPARATOR.join(format_value(record, snapshot))
    value = fields.get(column, "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return LIST_SEPARATOR.join(value) if isinstance(value, list) else str(value)


def _format_references(kind: RecordKind, ids: Iterable[str | None], snapshot: Snapshot, *, by_slug: bool) -> Iterable[str]:
    records = (snapshot.get_record(kind, id) for id in ids if id)
    return [record.slug if by_slug else record.name for record in records if record]


def _format_location(location: Location) -> str:
    address = location.address
    parts = (address.street, address.city, address.state, address.postal_code, address.country) if address else ()
    return ", ".join(part for part in (location.name, *parts) if part)


def _format_slug(column: str, kind: RecordKind) -> Callable[[Any, Snapshot], Iterable[str]]:
    return lambda record, snapshot: _format_references(kind, [getattr(record, column)], snapshot, by_slug=True)


_FORMATTERS: Mapping[str, Callable[[Any, Snapshot], Iterable[str]]] = {
    "members": lambda record, snapshot: _format_references(RecordKind.ORGANIZATION, record.member_ids, snapshot, by_slug=False),
    "hosts": lambda record, snapshot: [
        *_format_references(RecordKind.ORGANIZATION, record.host_ids, snapshot, by_slug=False),
        *record.actors,
    ],
    "locations": lambda record, snapshot: map(_format_location, record.locations),
    "links": lambda record, snapshot: [link.url for link in record.links],
    "parent": _format_slug("parent", RecordKind.COALITION),
    "coalition": _format_slug("coalition", RecordKind.COALITION),
    "instrument": _format_slug("instrument", RecordKind.INSTRUMENT),
}


RECORD_WRITERS: Mapping[str, Callable[[RecordExport, IO[bytes]], None]] = {"csv": write_csv, "ndjson": write_lines}
EXPORTED_KINDS: Mapping[str, RecordKind] = {f"{kind.noun}s": kind for kind in COLUMNS}  # by the value of --kind
