"""The linked tables of an HSDS data set put together: organizations with all that leads to them, nested as the API has it."""

import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from seed.clean.values import dates
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
    read_text,
)
from seed.sources.hsds.organization import build_row
from seed.sources.hsds.unmapped import summarize_unmapped

MAX_LISTED_LINES = 5  # lines of a table that a note names
_LINE_KEY = " line"  # no column is called so


class NestedOrganizations(Struct, frozen=True):
    """`organizations` each with the number of its row. `notes` tell of rows that lead to none of them."""

    organizations: tuple[tuple[int, HsdsObject], ...]
    notes: tuple[str, ...]


def nest_tables(tables: Mapping[str, Iterable[tuple[int, Mapping[str, object]]]]) -> NestedOrganizations:
    """The organizations of the tables, by the names of hsds_layout.py; each row with its number in its file."""
    rows = {table: [_number_row(number, row) for number, row in listed] for table, listed in tables.items()}
    by_id = {table: {read_text(row.get("id")): row for row in reversed(listed)} for table, listed in rows.items()}
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
    for listed in rows.values():
        for row in listed:
            row.pop(_LINE_KEY, None)
    return NestedOrganizations(numbered, notes)


def _number_row(number: int, row: Mapping[str, object]) -> HsdsObject:
    return {_LINE_KEY: number, **{column: value for column, value in row.items() if value not in (None, "")}}


def _append_to_owner(owner: HsdsObject | None, field: str, row: HsdsObject) -> None:
    if owner is not None and owner is not row:
        listed = owner.get(field)
        if not isinstance(listed, list):  # a column of text of the same name gives way, but is kept
            owner[field] = listed = [] if listed is None else [{"name": listed}]
        listed.append(row)


def _link_locations(rows: Mapping[str, list[HsdsObject]], by_id: Mapping[str, Mapping[str, HsdsObject]]) -> None:
    for row in rows.get("service_at_location", ()):
        location = by_id.get("locations", {}).get(read_text(row.get("location_id")))
        if location is not None:
            row["location"] = location


def _link_terms(rows: Mapping[str, list[HsdsObject]]) -> None:
    """Attributes get their terms; Ohana's services, which number theirs, get attributes."""
    terms = {read_text(row.get("id")): row for row in rows.get("taxonomy_terms", ())}
    old = {read_text(row.get("taxonomy_id")): row for row in rows.get("taxonomy", ())}
    for row in rows.get("attributes", ()):
        term = terms.get(read_text(row.get("taxonomy_term_id")))
        if term is not None:
            row["taxonomy_term"] = term
    for service in rows.get("services", ()):
        numbers = [number.strip() for number in read_text(service.pop("taxonomy_ids", "")).split(",") if number.strip()]
        for number in numbers:
            _append_to_owner(service, "attributes", {"taxonomy_term": old.get(number, {"name": number})})


def _link_by_entity(
    rows: Iterable[HsdsObject], column: str, entity: str, by_id: Mapping[str, Mapping[str, HsdsObject]], field: str
) -> None:
    """Rows that may lead to one of any table: of the one that they name, else of whichever has a row with that id."""
    for row in rows:
        key, named = read_text(row.get(column)), _find_table_by_entity(read_text(row.get(entity)), by_id)
        searched = [by_id[named]] if named else list(by_id.values())
        _append_to_owner(next((known[key] for known in searched if key in known), None) if key else None, field, row)


def _find_table_by_entity(entity: str, tables: Mapping[str, object]) -> str | None:
    known = (entity, f"{entity}s", f"{entity}es")
    return next((name for name in known if entity and name in tables), None)


def _describe_unlinked_rows(rows: Mapping[str, list[HsdsObject]], organizations: Iterable[HsdsObject]) -> Iterator[str]:
    reached = set(_iterate_linked_rows(organizations))
    for table, listed in rows.items():
        lines = [row[_LINE_KEY] for row in listed if id(row) not in reached]
        if lines and table not in UNLINKED_TABLES and table != ORGANIZATIONS_TABLE:
            shown = ", ".join(str(line) for line in lines[:MAX_LISTED_LINES]) + (", …" if len(lines) > MAX_LISTED_LINES else "")
            what = "1 row belongs to none" if len(lines) == 1 else f"{len(lines):,} rows belong to none"
            yield f"{table}.csv: {what} of the organizations, and nothing of it was taken (row {shown})."


def _iterate_linked_rows(organizations: Iterable[HsdsObject]) -> Iterator[int]:
    seen: set[int] = set()
    left = list(organizations)
    while left:
        row = left.pop()
        if id(row) not in seen:
            seen.add(id(row))
            yield id(row)
            left += [one for value in row.values() for one in list_objects(value)]


DEFAULT_TITLE = "A directory of services (HSDS)"  # what everybody is told of a source that does not name itself
OWN_TITLE = "This directory"
DESCRIPTOR_FILE = "datapackage.json"
MAX_RECORD_LENGTH = 200  # characters of what is no record
_SERVICE_ONLY_FIELDS = frozenset(  # fields that no organization has
    {"organization", "service_at_locations", "organization_id", "application_process", "eligibility_description"}
)
_SERVICE_WITHOUT_ORGANIZATION = "This service does not say whose it is; give it with its organization, or feed the organizations."
_INVALID_RECORD = "This is no organization of HSDS; one is a group of named fields in braces."

NumberedRecord = tuple[int, Mapping[str, object]]


def is_service(record: HsdsObject) -> bool:
    return "status" in record and bool(_SERVICE_ONLY_FIELDS & record.keys())


def dataset_from_files(name: str, files: Mapping[str, bytes]) -> Dataset:
    """The dataset of CSV files by their names, and perhaps a datapackage.json that says what it is called.

    Raises BadInput when organizations are not among them, or a file cannot be read; TooLarge for more than is read.
    """
    tables = {table: list(_read_csv_rows(data, file)) for file, data in files.items() if (table := find_table_by_file_name(file))}
    if ORGANIZATIONS_TABLE not in tables:
        raise BadInput(f"{name} holds no organizations.csv; give the folder or ZIP of an HSDS data set.", file=name)
    require_row_count(len(tables[ORGANIZATIONS_TABLE]), f"{ORGANIZATIONS_TABLE}.csv")
    described, notes = _read_descriptor(files.get(DESCRIPTOR_FILE))
    found = dataset_from_tables(f"{ORGANIZATIONS_TABLE}.csv", tables, notes=notes)
    if found.has_provenance:
        return found
    return replace(found, title=read_text(described.get("title")) or DEFAULT_TITLE, date=_parse_date(described.get("created")))


def dataset_from_tables(
    file: str,
    tables: Mapping[str, Sequence[NumberedRecord]],
    *,
    notes: Sequence[str] = (),
    is_written_for_spreadsheets: bool = True,
) -> Dataset:
    """The dataset of tables by the names of hsds_layout.py. `is_written_for_spreadsheets`: our own have neutral cells."""
    found = nest_tables(tables)
    records = [
        (number, own_export.restore_cells(one) if is_written_for_spreadsheets and own_export.is_own_record(one) else one)
        for number, one in found.organizations
    ]
    return _build_dataset(file, records, (), (*notes, *found.notes))


def dataset_from_records(file: str, records: Iterable[tuple[int, object]]) -> Dataset:
    """The dataset of organizations and services as JSON has them, each with its number; services go to their organizations."""
    known: dict[str, tuple[int, HsdsObject]] = {}
    refused: list[Row] = []
    for number, record in records:
        if not isinstance(record, dict):
            refused.append(_build_rejected_row(file, number, {"record": repr(record)[:MAX_RECORD_LENGTH]}, _INVALID_RECORD))
        elif not is_service(record):
            known[f"#{number}"] = (number, record)
        elif offering := list_objects(record.get("organization")):
            key = read_text(offering[0].get("id")) or f"#{number}"
            service = {field: value for field, value in record.items() if field != "organization"}
            known.setdefault(key, (number, {**offering[0], "services": []}))[1]["services"].append(service)
        else:
            refused.append(
                _build_rejected_row(file, number, {"name": read_text(record.get("name"))}, _SERVICE_WITHOUT_ORGANIZATION)
            )
    return _build_dataset(file, list(known.values()), refused, ())


def _build_dataset(
    file: str, records: Sequence[tuple[int, HsdsObject]], rejected_rows: Sequence[Row], notes: Sequence[str]
) -> Dataset:
    counts: Counter[str] = Counter()
    rows = list(rejected_rows)
    for number, record in records:
        read, untaken = build_row(file, number, record)
        rows.append(read)
        counts.update(untaken.counts if untaken else {})
    rows.sort(key=lambda one: one.number)
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
        return {}, (f"{DESCRIPTOR_FILE} cannot be read and was passed over; the tables are read by their names.",)


def _parse_date(written: object) -> dt.date | None:
    try:
        return dates.parse_date(read_text(written)).value if read_text(written) else None
    except BadInput:
        return None
