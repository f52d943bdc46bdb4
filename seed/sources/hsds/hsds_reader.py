"""Read HSDS 3.x (Open Referral) and its predecessor, Ohana's CSV files: a folder or ZIP of linked tables, or JSON.

The shapes of JSON are: one full organization, a list or page (`contents`) of organizations, services that each hold their
organization, all tables in one object ("organizations.csv": [...]), and one organization or service per line.
"""

import io
from collections.abc import Collection
from pathlib import Path, PurePath

import msgspec

from directory.errors import BadInput
from seed.rows import Table
from seed.sources.dataset import Dataset
from seed.sources.formats.limits import MAX_UNPACKED_SIZE, ZipArchive, read_file, unpacked_size_error
from seed.sources.hsds.dataset import DESCRIPTOR_FILE, dataset_from_files, dataset_from_records, dataset_from_tables, is_service
from seed.sources.hsds.layout import (
    ORGANIZATIONS_TABLE,
    HsdsObject,
    find_table_by_file_name,
    find_table_by_headings,
    list_objects,
)

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
    return dataset_from_tables(table.file, {ORGANIZATIONS_TABLE: records}, notes=table.notes)


def read_folder(folder: Path) -> Dataset:
    """Return the organizations of a folder of CSV files.

    Raises BadInput when it holds none or has a link to nothing or to the outside, and TooLarge when it exceeds the limits.
    """
    paths = {path.name.lower(): _resolve_link(path) for path in sorted(folder.iterdir()) if _is_hsds_file(path.name)}
    files = {name: path for name, path in paths.items() if path.is_file()}
    if sum(path.stat().st_size for path in files.values()) > MAX_UNPACKED_SIZE:
        raise unpacked_size_error(folder.name)
    return dataset_from_files(folder.name, {name: read_file(path) for name, path in files.items()})


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
    return dataset_from_files(file, {name: archive.read_member(member) for name, member in members.items()})


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
        return dataset_from_tables(
            file, {table: list(rows) for table, rows in named_tables if table}, is_written_for_spreadsheets=False
        )
    records = value.get("contents", [value]) if isinstance(value, dict) else value
    return dataset_from_records(file, enumerate(records if isinstance(records, list) else [records], start=1))


def read_hsds_lines(data: bytes, file: str) -> Dataset:
    """Return the organizations of NDJSON, numbered by line. A broken line becomes a rejected row."""
    lines = ((number, line.strip()) for number, line in enumerate(io.BytesIO(data.removeprefix(_BYTE_ORDER_MARK)), start=1))
    return dataset_from_records(file, ((number, _decode_line(line)) for number, line in lines if line))


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
    return bool(_HSDS_ONLY_FIELDS & value.keys()) or has_hsds_location or is_service(value)
