"""HSDS 3.x (Open Referral), and Ohana's CSV files before it: a folder or ZIP of linked tables, or JSON in any of its shapes.

The shapes of JSON: one organization in full, a list or page (`contents`) of them, services each with its organization, all tables
in one object ("organizations.csv": [...]), and one organization or service a line.
"""

import io
from collections.abc import Collection, Iterable
from pathlib import Path, PurePath

import msgspec

from directory.errors import BadInput
from seed.rows import Table
from seed.sources.dataset import Dataset
from seed.sources.formats.limits import MAX_UNPACKED_SIZE, read_file, unpacked_size_error
from seed.sources.formats.zip_archive import ZipArchive
from seed.sources.hsds.dataset import DESCRIPTOR_FILE, dataset_from_files, dataset_from_records, dataset_from_tables, is_service
from seed.sources.hsds.layout import (
    ORGANIZATIONS_TABLE,
    HsdsObject,
    find_table_by_file_name,
    find_table_by_headings,
    list_objects,
)

_HSDS_ONLY_FIELDS = frozenset(  # of an organization: fields that no format of ours has
    {
        *("alternate_name", "legal_status", "year_incorporated", "organization_identifiers", "parent_organization_id"),
        *("additional_websites", "tax_status", "tax_id", "programs", "funding", "phones", "services", "logo"),
    }
)
_PAGE_FIELDS = ("total_items", "page_number", "total_pages")  # of the header of a page
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINKED_TABLE_MESSAGE = (
    "This is a table of {} of an HSDS data set, and holds no organizations;"
    " feed the whole folder or ZIP, in which organizations.csv lies."
)


def explain_linked_table(headings: Collection[str]) -> str | None:
    """Why each row of a table with these headings is refused, if it is one of HSDS's tables that hold no organizations."""
    table = find_table_by_headings(headings)
    return None if table in (None, ORGANIZATIONS_TABLE) else _LINKED_TABLE_MESSAGE.format(str(table).replace("_", " "))


def is_organizations_table(headings: Collection[str] | None) -> bool:
    """Whether a table with these headings is organizations.csv, fed alone: its `id` is the source's, not ours."""
    return headings is not None and find_table_by_headings(headings) == ORGANIZATIONS_TABLE


def read_organizations_table(table: Table) -> Dataset:
    """The rows of organizations.csv alone."""
    found = [(number, dict(zip(table.headings or (), cells, strict=False))) for number, cells in table.rows]
    return dataset_from_tables(table.file, {ORGANIZATIONS_TABLE: found}, notes=table.notes)


def is_hsds_folder(names: Iterable[str]) -> bool:
    """Whether a folder or ZIP with files of these names (or paths) is an HSDS data set."""
    return any(find_table_by_file_name(name) == ORGANIZATIONS_TABLE for name in names)


def read_folder(path: Path) -> Dataset:
    """The organizations of a folder of CSV files.

    Raises BadInput when it holds none, or a link that leads out of it or nowhere; TooLarge when it is too large.
    """
    chosen = {one.name.lower(): _resolve_link(one) for one in sorted(path.iterdir()) if _is_hsds_file(one.name)}
    files = {name: one for name, one in chosen.items() if one.is_file()}
    if sum(one.stat().st_size for one in files.values()) > MAX_UNPACKED_SIZE:
        raise unpacked_size_error(path.name)
    return dataset_from_files(path.name, {name: read_file(one) for name, one in files.items()})


def _resolve_link(path: Path) -> Path:
    """The file itself. Whoever made the folder must not choose what else on this computer is read."""
    if not path.is_symlink():
        return path
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as problem:  # RuntimeError: a loop
        raise _build_link_error(path, "a link that leads nowhere") from problem
    if not target.is_relative_to(path.parent.resolve()):
        raise _build_link_error(path, "a link to something outside its folder")
    return target


def _build_link_error(path: Path, description: str) -> BadInput:
    return BadInput(f"{path.name} is {description}. Put the file itself into the folder.", file=path.name)


def read_zip(data: bytes, file: str) -> Dataset:
    """The organizations of a ZIP of CSV files. Raises BadInput when it holds none, TooLarge when it unpacks to too much."""
    archive = ZipArchive(data, file)
    deepest_first = sorted(archive.names, key=lambda name: (name.count("/"), name), reverse=True)
    chosen = {PurePath(name).name.lower(): name for name in deepest_first if _is_hsds_file(name)}
    return dataset_from_files(file, {name: archive.read_member(member) for name, member in chosen.items()})


def _is_hsds_file(name: str) -> bool:
    return find_table_by_file_name(name) is not None or PurePath(name).name.lower() == DESCRIPTOR_FILE


def is_hsds(value: object) -> bool:
    """Whether decoded JSON is HSDS."""
    if isinstance(value, dict):
        if isinstance(value.get("contents"), list):
            return any(field in value for field in _PAGE_FIELDS) or any(map(_is_record, list_objects(value["contents"])))
        return any(find_table_by_file_name(str(field)) == ORGANIZATIONS_TABLE for field in value) or _is_record(value)
    return isinstance(value, list) and any(map(_is_record, list_objects(value[:5])))


def is_hsds_lines(data: bytes) -> bool:
    """Whether the first line of NDJSON is an organization or a service of HSDS."""
    first = next((line for line in io.BytesIO(data) if line.strip()), b"")
    try:
        return is_hsds(msgspec.json.decode(first.removeprefix(_BYTE_ORDER_MARK)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def read_document(value: object, file: str) -> Dataset:
    """The organizations of decoded JSON, which `is_hsds`."""
    if isinstance(value, dict) and any(find_table_by_file_name(str(field)) for field in value):
        listed = ((find_table_by_file_name(str(field)), enumerate(list_objects(rows), start=1)) for field, rows in value.items())
        return dataset_from_tables(
            file, {table: list(rows) for table, rows in listed if table}, is_written_for_spreadsheets=False
        )
    records = value.get("contents", [value]) if isinstance(value, dict) else value
    return dataset_from_records(file, enumerate(records if isinstance(records, list) else [records], start=1))


def read_hsds_lines(data: bytes, file: str) -> Dataset:
    """The organizations of NDJSON, whose numbers are those of the lines; a broken line is a row that is refused."""
    found = ((number, line.strip()) for number, line in enumerate(io.BytesIO(data.removeprefix(_BYTE_ORDER_MARK)), start=1))
    return dataset_from_records(file, ((number, _decode_line(line)) for number, line in found if line))


def _decode_line(line: bytes) -> object:
    """What the line says; the line itself where that cannot be told."""
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return line.decode(errors="replace")


def _is_record(value: HsdsObject) -> bool:
    if not {"id", "name"} <= value.keys() or "slug" in value:
        return False
    return bool(_HSDS_ONLY_FIELDS & value.keys()) or is_service(value)
