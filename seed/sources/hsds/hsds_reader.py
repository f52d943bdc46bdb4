"""Read HSDS 3.x (Open Referral) and its predecessor, Ohana's CSV files: a folder or ZIP of linked tables, or JSON.

The shapes of JSON are: one full organization, a list or page (`contents`) of organizations, services that each hold their
organization, all tables in one object ("organizations.csv": [...]), and one organization or service per line.
"""

import io
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath

import msgspec
from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from seed.rows import Row, Table
from seed.sources.dataset import OWN_TITLE, Dataset
from seed.sources.formats import file_format
from seed.sources.formats.csv_records import CsvRecords
from seed.sources.formats.limits import (
    MAX_UNPACKED_SIZE,
    ZipArchive,
    read_file,
    require_row_count,
    require_row_size,
    unpacked_size_error,
)
from seed.sources.hsds import own_export
from seed.sources.hsds.linked_tables import (
    ORGANIZATIONS_TABLE,
    HsdsObject,
    NumberedRecord,
    find_table_by_file_name,
    find_table_by_headings,
    list_objects,
    nest_tables,
    read_date,
    read_text,
)
from seed.sources.hsds.organization import build_row, summarize_unmapped

HSDS_TITLE = "A directory of services (HSDS)"  # shown publicly for a data set without a title
DESCRIPTOR_FILE = "datapackage.json"
MAX_RECORD_LENGTH = 200  # characters shown of an invalid record
_SERVICE_ONLY_FIELDS = frozenset(  # fields that no organization has
    {"organization", "service_at_locations", "organization_id", "application_process", "eligibility_description"}
)
_SERVICE_WITHOUT_ORGANIZATION = (
    "This service does not name its organization. Add the organization, or import organizations instead."
)
_INVALID_RECORD = "This is not an HSDS organization, which is an object: named fields in braces."
_HSDS_ONLY_FIELDS = frozenset(  # fields of an organization that our own formats do not have
    {
        *("alternate_name", "legal_status", "year_incorporated", "organization_identifiers", "parent_organization_id"),
        *("additional_websites", "tax_status", "tax_id", "programs", "funding", "phones", "services", "logo"),
    }
)
_HSDS_ONLY_LOCATION_FIELDS = frozenset({"addresses", "location_type", "transportation"})  # the same of its locations
_PAGE_FIELDS = ("total_items", "page_number", "total_pages")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINKED_TABLE_MESSAGE = (
    "This is a table of {} of an HSDS data set and holds no organizations."
    " Import the whole folder or ZIP that contains organizations.csv."
)


def explain_linked_table(headings: Collection[str]) -> str | None:
    """Return why the rows of a table are rejected if it is an HSDS table other than organizations; None for other tables."""
    table = find_table_by_headings(headings)
    return None if table in (None, ORGANIZATIONS_TABLE) else _LINKED_TABLE_MESSAGE.format(str(table).replace("_", " "))


def is_organizations_table(headings: Collection[str] | None) -> bool:
    """Return whether these are the headings of organizations.csv on its own. Its `id` is the source's, not ours."""
    return headings is not None and find_table_by_headings(headings) == ORGANIZATIONS_TABLE


def read_organizations_table(table: Table) -> Dataset:
    """Return the dataset of organizations.csv on its own."""
    records = [(number, dict(zip(table.headings or (), cells, strict=False))) for number, cells in table.rows]
    return _read_tables(table.file, {ORGANIZATIONS_TABLE: records}, notes=table.notes)


def read_folder(folder: Path) -> Dataset:
    """Return the organizations of a folder of CSV files.

    Raises BadInput when it holds none or has a link to nothing or to the outside, and TooLarge when it exceeds the limits.
    """
    paths = {path.name.lower(): _resolve_link(path) for path in sorted(folder.iterdir()) if _is_hsds_file(path.name)}
    files = {name: path for name, path in paths.items() if path.is_file()}
    if sum(path.stat().st_size for path in files.values()) > MAX_UNPACKED_SIZE:
        raise unpacked_size_error(folder.name)
    return _read_files(folder.name, {name: read_file(path) for name, path in files.items()})


def _resolve_link(path: Path) -> Path:
    """Return the file itself. The author of the folder must not be able to read other files of this computer."""
    if not path.is_symlink():
        return path
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as problem:  # RuntimeError: a loop
        raise _build_link_error(path, "a broken link") from problem
    if not target.is_relative_to(path.parent.resolve()):
        raise _build_link_error(path, "a link to a file outside its folder")
    return target


def _build_link_error(path: Path, description: str) -> BadInput:
    return BadInput(f"{path.name} is {description}. Put the file itself in the folder.", file=path.name)


def read_zip(data: bytes, file: str) -> Dataset:
    """Return the organizations of a ZIP of CSV files. Raises BadInput when it holds none, TooLarge when it exceeds the limits."""
    archive = ZipArchive(data, file)
    deepest_first = sorted(archive.names, key=lambda name: (name.count("/"), name), reverse=True)
    members = {PurePath(name).name.lower(): name for name in deepest_first if _is_hsds_file(name)}
    return _read_files(file, {name: archive.read_member(member) for name, member in members.items()})


def _is_hsds_file(name: str) -> bool:
    return find_table_by_file_name(name) is not None or PurePath(name).name.lower() == DESCRIPTOR_FILE


def is_hsds(value: object) -> bool:
    """Return whether decoded JSON is HSDS."""
    if isinstance(value, dict):
        if isinstance(value.get("contents"), list):
            return any(field in value for field in _PAGE_FIELDS) or any(map(_is_record, list_objects(value["contents"])))
        return any(find_table_by_file_name(str(field)) == ORGANIZATIONS_TABLE for field in value) or _is_record(value)
    return isinstance(value, list) and any(map(_is_record, list_objects(value[:5])))


def is_hsds_lines(data: bytes) -> bool:
    """Return whether the first line of NDJSON is an HSDS organization or service."""
    first = next((line for line in io.BytesIO(data) if line.strip()), b"")
    try:
        return is_hsds(msgspec.json.decode(first.removeprefix(_BYTE_ORDER_MARK)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def read_document(value: object, file: str) -> Dataset:
    """Return the organizations of decoded JSON for which `is_hsds` holds."""
    if isinstance(value, dict) and any(find_table_by_file_name(str(field)) for field in value):
        named_tables = (
            (find_table_by_file_name(str(field)), enumerate(list_objects(rows), start=1)) for field, rows in value.items()
        )
        return _read_tables(file, {table: list(rows) for table, rows in named_tables if table}, is_written_for_spreadsheets=False)
    records = value.get("contents", [value]) if isinstance(value, dict) else value
    return _read_records(file, enumerate(records if isinstance(records, list) else [records], start=1))


def read_hsds_lines(data: bytes, file: str) -> Dataset:
    """Return the organizations of NDJSON, numbered by line. A broken line becomes a rejected row."""
    lines = ((number, line.strip()) for number, line in enumerate(io.BytesIO(data.removeprefix(_BYTE_ORDER_MARK)), start=1))
    return _read_records(file, ((number, _decode_line(line)) for number, line in lines if line))


def _decode_line(line: bytes) -> object:
    """Return the decoded line, or the line itself when it is not valid JSON."""
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return line.decode(errors="replace")


def _is_record(value: HsdsObject) -> bool:
    if not {"id", "name"} <= value.keys() or "slug" in value:
        return False
    locations = list_objects(value.get("locations"))
    has_hsds_location = any(_HSDS_ONLY_LOCATION_FIELDS & location.keys() for location in locations)
    return bool(_HSDS_ONLY_FIELDS & value.keys()) or has_hsds_location or _is_service(value)


def _is_service(record: HsdsObject) -> bool:
    return "status" in record and bool(_SERVICE_ONLY_FIELDS & record.keys())


def _read_files(name: str, files: Mapping[str, bytes]) -> Dataset:
    """Return the dataset of CSV files, given by name, with an optional datapackage.json that states its title.

    Raises BadInput when organizations are missing or a file cannot be read, and TooLarge when it exceeds the limits.
    """
    tables = {table: list(_read_csv_rows(data, file)) for file, data in files.items() if (table := find_table_by_file_name(file))}
    if ORGANIZATIONS_TABLE not in tables:
        raise BadInput(f"{name} has no organizations.csv. Give the folder or ZIP of an HSDS data set.", file=name)
    require_row_count(len(tables[ORGANIZATIONS_TABLE]), f"{ORGANIZATIONS_TABLE}.csv")
    descriptor, notes = _read_descriptor(files.get(DESCRIPTOR_FILE))
    dataset = _read_tables(f"{ORGANIZATIONS_TABLE}.csv", tables, notes=notes)
    if dataset.has_provenance:
        return dataset
    return replace(dataset, title=read_text(descriptor.get("title")) or HSDS_TITLE, date=read_date(descriptor.get("created")))


def _read_tables(
    file: str,
    tables: Mapping[str, Sequence[NumberedRecord]],
    *,
    notes: Sequence[str] = (),
    is_written_for_spreadsheets: bool = True,
) -> Dataset:
    """Return the dataset of tables named as in COLUMNS of linked_tables.py.

    `is_written_for_spreadsheets`: the cells of our own exports contain formula escapes.
    """
    nested = nest_tables(tables)
    records = [
        (number, own_export.restore_cells(record) if is_written_for_spreadsheets and own_export.is_own_record(record) else record)
        for number, record in nested.organizations
    ]
    return _build_dataset(file, records, (), (*notes, *nested.notes))


def _read_records(file: str, records: Iterable[tuple[int, object]]) -> Dataset:
    """Return the dataset of organizations and services from JSON. Services are added to their organizations."""
    numbered_records: dict[str, tuple[int, HsdsObject]] = {}
    rejected_rows: list[Row] = []
    for number, record in records:
        if not isinstance(record, dict):
            rejected_rows.append(_build_rejected_row(file, number, {"record": repr(record)[:MAX_RECORD_LENGTH]}, _INVALID_RECORD))
        elif not _is_service(record):
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
    title = OWN_TITLE if is_own else HSDS_TITLE
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
