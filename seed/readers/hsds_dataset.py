"""From the records or tables of an HSDS data set to a dataset: one row for each organization, and notes on what is not taken."""

import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from directory.errors import BadInput, ErrorCode
from directory.problems import Problem
from seed.clean import dates
from seed.dataset import Dataset
from seed.readers import encodings, hsds_own
from seed.readers.hsds_layout import ORGANIZATIONS_TABLE, find_table_by_file_name
from seed.readers.hsds_organization import build_row
from seed.readers.hsds_tables import nest_tables
from seed.readers.hsds_untaken import summarize_unmapped
from seed.readers.hsds_values import HsdsObject, list_objects, read_text
from seed.readers.limits import require_row_count, require_row_size
from seed.readers.quotes import CsvRecords
from seed.rows import Row

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
        (number, hsds_own.restore_cells(one) if is_written_for_spreadsheets and hsds_own.is_own_record(one) else one)
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
    is_own = bool(records) and all(hsds_own.is_own_record(record) for _, record in records)
    title = OWN_TITLE if is_own else DEFAULT_TITLE
    return Dataset(
        "", title, rows, notes=(*notes, *summarize_unmapped(counts)), has_provenance=is_own, estimated_row_count=len(rows)
    )


def _build_rejected_row(file: str, number: int, cells: Mapping[str, str], sentence: str) -> Row:
    return Row(file, number, {}, cells=cells, problems=(Problem((), ErrorCode.BAD_INPUT, sentence),))


def _read_csv_rows(data: bytes, file: str) -> Iterator[NumberedRecord]:
    stream = io.TextIOWrapper(io.BytesIO(data), encoding=encodings.detect_encoding(data, file).name, newline=None)
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
