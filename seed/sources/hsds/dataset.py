"""Combine the linked tables of an HSDS data set into organizations, nested as in the HSDS API."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from seed.rows import Row
from seed.sources.dataset import Dataset
from seed.sources.formats import file_format
from seed.sources.formats.csv_records import CsvRecords
from seed.sources.formats.limits import require_row_count, require_row_size
from seed.sources.hsds import own_export
from seed.sources.hsds.layout import (
    LINKS,
    ORGANIZATIONS_TABLE,
    UNLINKED_TABLES,
    HsdsObject,
    find_table_by_file_name,
    list_objects,
    read_date,
    read_text,
)
from seed.sources.hsds.organization import build_row, summarize_unmapped

MAX_LISTED_LINES = 5  # lines of a table that a note lists
_LINE_KEY = " line"  # no column has this name

DEFAULT_TITLE = "A directory of services (HSDS)"  # shown publicly for a data set without a title
OWN_TITLE = "This directory"
DESCRIPTOR_FILE = "datapackage.json"
MAX_RECORD_LENGTH = 200  # characters shown of an invalid record
_SERVICE_ONLY_FIELDS = frozenset(  # fields that no organization has
    {"organization", "service_at_locations", "organization_id", "application_process", "eligibility_description"}
)
_SERVICE_WITHOUT_ORGANIZATION = (
    "This service does not name its organization. Add the organization, or import organizations instead."
)
_INVALID_RECORD = "This is not an HSDS organization, which is an object: named fields in braces."

NumberedRecord = tuple[int, Mapping[str, object]]


class NestedOrganizations(Struct, frozen=True):
    """Each organization with its row number. `notes` describe rows that belong to none of them."""

    organizations: tuple[tuple[int, HsdsObject], ...]
    notes: tuple[str, ...]


def nest_tables(tables: Mapping[str, Iterable[tuple[int, Mapping[str, object]]]]) -> NestedOrganizations:
    """Return the organizations in tables that are named as in layout.py. Each row comes with its number in its file."""
    rows = {table: [_number_row(number, row) for number, row in numbered_rows] for table, numbered_rows in tables.items()}
    by_id = {table: {read_text(row.get("id")): row for row in reversed(table_rows)} for table, table_rows in rows.items()}
    for link in LINKS:
        owners = by_id.get(link.owner, {})
        for row in rows.get(link.table, ()):
            _append_to_owner(owners.get(read_text(row.get(link.column))), link.field, row)
    _link_locations(rows, by_id)
    _link_terms(rows)
    _link_by_entity(rows.get("attributes", ()), "link_id", "link_entity", by_id, "attributes")
    _link_by_entity(rows.get("metadata", ()), "resource_id", "resource_type", by_id, "metadata")
    organizations = rows.get(ORGANIZATIONS_TABLE, [])
    notes = tuple(_describe_unlinked_rows(rows, organizations))
    numbered = tuple((row[_LINE_KEY], row) for row in organizations)
    for table_rows in rows.values():
        for row in table_rows:
            row.pop(_LINE_KEY, None)
    return NestedOrganizations(numbered, notes)


def _number_row(number: int, row: Mapping[str, object]) -> HsdsObject:
    return {_LINE_KEY: number, **{column: value for column, value in row.items() if value not in (None, "")}}


def _append_to_owner(owner: HsdsObject | None, field: str, row: HsdsObject) -> None:
    if owner is not None and owner is not row:
        children = owner.get(field)
        if not isinstance(children, list):  # a text column of the same name becomes the first child
            owner[field] = children = [] if children is None else [{"name": children}]
        children.append(row)


def _link_locations(rows: Mapping[str, list[HsdsObject]], by_id: Mapping[str, Mapping[str, HsdsObject]]) -> None:
    for row in rows.get("service_at_location", ()):
        location = by_id.get("locations", {}).get(read_text(row.get("location_id")))
        if location is not None:
            row["location"] = location


def _link_terms(rows: Mapping[str, list[HsdsObject]]) -> None:
    """Add terms to attributes. Services of Ohana, which list the numbers of terms, get attributes."""
    terms = {read_text(row.get("id")): row for row in rows.get("taxonomy_terms", ())}
    ohana_terms = {read_text(row.get("taxonomy_id")): row for row in rows.get("taxonomy", ())}
    for row in rows.get("attributes", ()):
        term = terms.get(read_text(row.get("taxonomy_term_id")))
        if term is not None:
            row["taxonomy_term"] = term
    for service in rows.get("services", ()):
        numbers = [number.strip() for number in read_text(service.pop("taxonomy_ids", "")).split(",") if number.strip()]
        for number in numbers:
            _append_to_owner(service, "attributes", {"taxonomy_term": ohana_terms.get(number, {"name": number})})


def _link_by_entity(
    rows: Iterable[HsdsObject], column: str, entity: str, by_id: Mapping[str, Mapping[str, HsdsObject]], field: str
) -> None:
    """Link rows that may belong to a row of any table: of the table that they name, or else of any table with that id."""
    for row in rows:
        key, table = read_text(row.get(column)), _find_table_by_entity(read_text(row.get(entity)), by_id)
        searched = [by_id[table]] if table else list(by_id.values())
        _append_to_owner(next((owners[key] for owners in searched if key in owners), None) if key else None, field, row)


def _find_table_by_entity(entity: str, tables: Mapping[str, object]) -> str | None:
    candidates = (entity, f"{entity}s", f"{entity}es")
    return next((name for name in candidates if entity and name in tables), None)


def _describe_unlinked_rows(rows: Mapping[str, list[HsdsObject]], organizations: Iterable[HsdsObject]) -> Iterator[str]:
    linked_rows = set(_iterate_linked_rows(organizations))
    for table, table_rows in rows.items():
        lines = [row[_LINE_KEY] for row in table_rows if id(row) not in linked_rows]
        if lines and table not in UNLINKED_TABLES and table != ORGANIZATIONS_TABLE:
            shown = ", ".join(str(line) for line in lines[:MAX_LISTED_LINES]) + (", …" if len(lines) > MAX_LISTED_LINES else "")
            count = "1 row belongs" if len(lines) == 1 else f"{len(lines):,} rows belong"
            yield f"{table}.csv: {count} to no organization and was not imported (row {shown})."


def _iterate_linked_rows(organizations: Iterable[HsdsObject]) -> Iterator[int]:
    seen: set[int] = set()
    pending = list(organizations)
    while pending:
        row = pending.pop()
        if id(row) not in seen:
            seen.add(id(row))
            yield id(row)
            pending += [child for value in row.values() for child in list_objects(value)]


def is_service(record: HsdsObject) -> bool:
    return "status" in record and bool(_SERVICE_ONLY_FIELDS & record.keys())


def dataset_from_files(name: str, files: Mapping[str, bytes]) -> Dataset:
    """Return the dataset of CSV files, given by name, with an optional datapackage.json that states its title.

    Raises BadInput when organizations are missing or a file cannot be read, and TooLarge when it exceeds the limits.
    """
    tables = {table: list(_read_csv_rows(data, file)) for file, data in files.items() if (table := find_table_by_file_name(file))}
    if ORGANIZATIONS_TABLE not in tables:
        raise BadInput(f"{name} has no organizations.csv. Give the folder or ZIP of an HSDS data set.", file=name)
    require_row_count(len(tables[ORGANIZATIONS_TABLE]), f"{ORGANIZATIONS_TABLE}.csv")
    descriptor, notes = _read_descriptor(files.get(DESCRIPTOR_FILE))
    dataset = dataset_from_tables(f"{ORGANIZATIONS_TABLE}.csv", tables, notes=notes)
    if dataset.has_provenance:
        return dataset
    return replace(dataset, title=read_text(descriptor.get("title")) or DEFAULT_TITLE, date=read_date(descriptor.get("created")))


def dataset_from_tables(
    file: str,
    tables: Mapping[str, Sequence[NumberedRecord]],
    *,
    notes: Sequence[str] = (),
    is_written_for_spreadsheets: bool = True,
) -> Dataset:
    """Return the dataset of tables named as in layout.py.

    `is_written_for_spreadsheets`: the cells of our own exports contain formula escapes.
    """
    nested = nest_tables(tables)
    records = [
        (number, own_export.restore_cells(record) if is_written_for_spreadsheets and own_export.is_own_record(record) else record)
        for number, record in nested.organizations
    ]
    return _build_dataset(file, records, (), (*notes, *nested.notes))


def dataset_from_records(file: str, records: Iterable[tuple[int, object]]) -> Dataset:
    """Return the dataset of organizations and services from JSON. Services are added to their organizations."""
    numbered_records: dict[str, tuple[int, HsdsObject]] = {}
    rejected_rows: list[Row] = []
    for number, record in records:
        if not isinstance(record, dict):
            rejected_rows.append(_build_rejected_row(file, number, {"record": repr(record)[:MAX_RECORD_LENGTH]}, _INVALID_RECORD))
        elif not is_service(record):
            numbered_records[f"#{number}"] = (number, record)
        elif organizations := list_objects(record.get("organization")):
            key = read_text(organizations[0].get("id")) or f"#{number}"
            service = {field: value for field, value in record.items() if field != "organization"}
            numbered_records.setdefault(key, (number, {**organizations[0], "services": []}))[1]["services"].append(service)
        else:
            rejected_rows.append(
                _build_rejected_row(file, number, {"name": read_text(record.get("name"))}, _SERVICE_WITHOUT_ORGANIZATION)
            )
    return _build_dataset(file, list(numbered_records.values()), rejected_rows, ())


def _build_dataset(
    file: str, records: Sequence[tuple[int, HsdsObject]], rejected_rows: Sequence[Row], notes: Sequence[str]
) -> Dataset:
    counts: Counter[str] = Counter()
    rows = list(rejected_rows)
    for number, record in records:
        row, unmapped = build_row(file, number, record)
        rows.append(row)
        counts.update(unmapped.counts if unmapped else {})
    rows.sort(key=lambda row: row.number)
    is_own = bool(records) and all(own_export.is_own_record(record) for _, record in records)
    title = OWN_TITLE if is_own else DEFAULT_TITLE
    return Dataset(
        "", title, rows, notes=(*notes, *summarize_unmapped(counts)), has_provenance=is_own, estimated_row_count=len(rows)
    )


def _build_rejected_row(file: str, number: int, cells: Mapping[str, str], sentence: str) -> Row:
    return Row(file, number, {}, cells=cells, problems=(Problem((), ErrorCode.BAD_INPUT, sentence),))


def _read_csv_rows(data: bytes, file: str) -> Iterator[NumberedRecord]:
    stream = io.TextIOWrapper(io.BytesIO(data), encoding=file_format.detect_encoding(data, file).name, newline=None)
    headings: list[str] = []
    for number, cells in CsvRecords(stream, file, ","):
        require_row_size(number, cells, file)
        if not headings:
            headings = [cell.strip().lower() for cell in cells]
        elif any(map(str.strip, cells)):
            yield number, {heading: cell for heading, cell in zip(headings, cells, strict=False) if heading}


def _read_descriptor(data: bytes | None) -> tuple[Mapping[str, object], tuple[str, ...]]:
    if data is None:
        return {}, ()
    try:
        return msgspec.json.decode(data, type=dict[str, object]), ()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}, (f"{DESCRIPTOR_FILE} cannot be read and was ignored. Tables are recognized by their names.",)
