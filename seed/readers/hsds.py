"""HSDS 3.x (Open Referral), and Ohana's CSV files before it: a folder or ZIP of linked tables, or JSON in any of its shapes.

The shapes of JSON: one organization in full, a list or page (`contents`) of them, services each with its organization, all tables
in one object ("organizations.csv": [...]), and one organization or service a line.
"""

import io
from collections.abc import Collection, Iterable
from pathlib import Path, PurePath

import msgspec

from directory.errors import BadInput
from seed.dataset import Dataset
from seed.readers.archives import Archive
from seed.readers.hsds_dataset import DESCRIPTOR, is_service, of_files, of_records, of_tables
from seed.readers.hsds_layout import ORGANIZATIONS, headed, table_of
from seed.readers.hsds_values import Object, objects
from seed.readers.limits import UNPACKED, content, too_much_unpacked
from seed.tables import Table

_ONLY_HSDS = frozenset(  # of an organization: fields that no format of ours has
    {
        *("alternate_name", "legal_status", "year_incorporated", "organization_identifiers", "parent_organization_id"),
        *("additional_websites", "tax_status", "tax_id", "programs", "funding", "phones", "services", "logo"),
    }
)
_PAGE = ("total_items", "page_number", "total_pages")  # of the header of a page
_MARK = b"\xef\xbb\xbf"
_ALONE = (
    "This is a table of {} of an HSDS data set, and holds no organizations;"
    " feed the whole folder or ZIP, in which organizations.csv lies."
)


def linked_table(headings: Collection[str]) -> str | None:
    """Why each row of a table with these headings is refused, if it is one of HSDS's tables that hold no organizations."""
    table = headed(headings)
    return None if table in (None, ORGANIZATIONS) else _ALONE.format(str(table).replace("_", " "))


def is_organizations(headings: Collection[str] | None) -> bool:
    """Whether a table with these headings is organizations.csv, fed alone: its `id` is the source's, not ours."""
    return headings is not None and headed(headings) == ORGANIZATIONS


def organizations(table: Table) -> Dataset:
    """The rows of organizations.csv alone."""
    found = [(number, dict(zip(table.headings or (), cells, strict=False))) for number, cells in table.rows]
    return of_tables(table.file, {ORGANIZATIONS: found}, notes=table.notes)


def is_folder(names: Iterable[str]) -> bool:
    """Whether a folder or ZIP with files of these names (or paths) is an HSDS data set."""
    return any(table_of(name) == ORGANIZATIONS for name in names)


def read_folder(path: Path) -> Dataset:
    """The organizations of a folder of CSV files.

    Raises BadInput when it holds none, or a link that leads out of it or nowhere; TooLarge when it is too large.
    """
    chosen = {one.name.lower(): _followed(one) for one in sorted(path.iterdir()) if _is_read(one.name)}
    files = {name: one for name, one in chosen.items() if one.is_file()}
    if sum(one.stat().st_size for one in files.values()) > UNPACKED:
        raise too_much_unpacked(path.name)
    return of_files(path.name, {name: content(one) for name, one in files.items()})


def _followed(path: Path) -> Path:
    """The file itself. Whoever made the folder must not choose what else on this computer is read."""
    if not path.is_symlink():
        return path
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as problem:  # RuntimeError: a loop
        raise _link_refused(path, "a link that leads nowhere") from problem
    if not target.is_relative_to(path.parent.resolve()):
        raise _link_refused(path, "a link to something outside its folder")
    return target


def _link_refused(path: Path, what: str) -> BadInput:
    return BadInput(f"{path.name} is {what}. Put the file itself into the folder.", file=path.name)


def package(data: bytes, file: str) -> Dataset:
    """The organizations of a ZIP of CSV files. Raises BadInput when it holds none, TooLarge when it unpacks to too much."""
    archive = Archive(data, file)
    deepest_first = sorted(archive.names, key=lambda name: (name.count("/"), name), reverse=True)
    chosen = {PurePath(name).name.lower(): name for name in deepest_first if _is_read(name)}
    return of_files(file, {name: archive.content(member) for name, member in chosen.items()})


def _is_read(name: str) -> bool:
    return table_of(name) is not None or PurePath(name).name.lower() == DESCRIPTOR


def is_hsds(value: object) -> bool:
    """Whether decoded JSON is HSDS."""
    if isinstance(value, dict):
        if isinstance(value.get("contents"), list):
            return any(field in value for field in _PAGE) or any(map(_is_record, objects(value["contents"])))
        return any(table_of(str(field)) == ORGANIZATIONS for field in value) or _is_record(value)
    return isinstance(value, list) and any(map(_is_record, objects(value[:5])))


def is_lines(data: bytes) -> bool:
    """Whether the first line of NDJSON is an organization or a service of HSDS."""
    first = next((line for line in io.BytesIO(data) if line.strip()), b"")
    try:
        return is_hsds(msgspec.json.decode(first.removeprefix(_MARK)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def document(value: object, file: str) -> Dataset:
    """The organizations of decoded JSON, which `is_hsds`."""
    if isinstance(value, dict) and any(table_of(str(field)) for field in value):
        listed = ((table_of(str(field)), enumerate(objects(rows), start=1)) for field, rows in value.items())
        return of_tables(file, {table: list(rows) for table, rows in listed if table}, is_written_for_spreadsheets=False)
    records = value.get("contents", [value]) if isinstance(value, dict) else value
    return of_records(file, enumerate(records if isinstance(records, list) else [records], start=1))


def lines(data: bytes, file: str) -> Dataset:
    """The organizations of NDJSON, whose numbers are those of the lines; a broken line is a row that is refused."""
    found = ((number, line.strip()) for number, line in enumerate(io.BytesIO(data.removeprefix(_MARK)), start=1))
    return of_records(file, ((number, _decoded(line)) for number, line in found if line))


def _decoded(line: bytes) -> object:
    """What the line says; the line itself where that cannot be told."""
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return line.decode(errors="replace")


def _is_record(value: Object) -> bool:
    if not {"id", "name"} <= value.keys() or "slug" in value:
        return False
    return bool(_ONLY_HSDS & value.keys()) or is_service(value)
