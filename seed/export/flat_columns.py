"""A stated record as the plain columns of a table, and back.

Columns are flat fields (seed/flat_fields.py). Of places and contacts the first has columns, of links and identifiers those that are
common; what plain columns cannot give back stands in `rest`, as JSON. What they can is not argued about but tried: each record's
cells are read back and compared.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

Cells = Mapping[str, str]
DraftFields = dict[str, Any]
CellParser = Callable[[str], Any]
CellFormatter = Callable[[Any], str]
NO_PARSERS: Mapping[str, CellParser] = {}
NO_FORMATTERS: Mapping[str, CellFormatter] = {}

LIST_SEPARATOR = "; "
CELL_LIMIT = 30_000  # bytes; a spreadsheet takes 32,767 characters a cell, and an import of ours 32 KiB
CELL_MARGIN = 16  # bytes by which a piece of a longer text may fall short of a cell
REST = "rest"
_ESCAPED_SPACE = b"\\u0020"
NAME_KIND_BY_COLUMN = {
    "acronym": "ACRONYM",
    "legal_name": "LEGAL",
    "short_name": "SHORT",
    "former_name": "FORMER",
    "translated_name": "TRANSLATED",
    "also_known_as": "ALSO_KNOWN_AS",
}
LINK_KINDS = ("facebook", "instagram", "linkedin", "x", "youtube", "donate", "newsletter")
IDENTIFIER_SCHEMES = ("US-EIN",)
LOCATION_FIELDS = ("name", "street", "city", "county", "state", "postal_code", "country", "latitude", "longitude", "disclosure")
CONTACT_FIELDS = ("name", "role", "email", "phone", "phone_extension", "languages", "audience")
MEMBERSHIP_FIELDS = ("status", "joined_on", "ended_on")
LIST_FIELDS = ("issue_areas", "communities", "work_areas", "languages", "service_areas")


class ColumnGroup(Struct, frozen=True):
    """The columns that hold one field of a draft.

    `cells` writes a value of the field, as far as the columns can hold it; `value` reads it back, empty where every cell is.
    `renewed` is a value (of `rest`) after a person has edited some of the columns: of these the cells count, of others the value.
    """

    columns: tuple[str, ...]
    format_cells: Callable[[Any], Cells]
    parse_value: Callable[[Cells], Any]
    apply_edits: Callable[[Any, Cells, set[str]], Any]


def format_record(stated: DraftFields) -> dict[str, str]:
    """Every plain column with its text, "" where the record states nothing or more than a cell takes."""
    found: dict[str, str] = {}
    for field, group in COLUMN_GROUPS.items():
        found |= dict.fromkeys(group.columns, "")
        if field in stated:
            found |= {
                column: text for column, text in group.format_cells(stated[field]).items() if len(text.encode()) <= CELL_LIMIT
            }
    return found


def parse_cells(cells: Cells) -> DraftFields:
    """What the plain columns state; a column that is absent or empty states nothing."""
    values = ((field, group.parse_value(cells)) for field, group in COLUMN_GROUPS.items())
    return {field: value for field, value in values if value not in (None, "", [], {})}


def extract_rest(record: DraftFields, plain: Cells) -> DraftFields:
    """The fields of the record that its plain cells do not give back as they are."""
    given = parse_cells(plain)
    return {field: value for field, value in record.items() if given.get(field) != value}


def restore_record(plain: Cells, rest: DraftFields) -> DraftFields:
    """The record that plain cells and the rest state together: a cell that a person has filled otherwise goes before the rest."""
    found = parse_cells(plain)
    for field, value in rest.items():
        group = COLUMN_GROUPS.get(field)
        edited = set(_find_edited_columns(group, value, plain)) if group else set()
        found[field] = group.apply_edits(value, plain, edited) if group and edited else value
    return found


def split_into_cells(json: str) -> Iterator[str]:
    """JSON text in pieces that each fit into a cell.

    Where one would begin or end with a blank, which readers of tables take away, the blank is written as an escape: blanks stand
    in strings alone, as msgspec writes JSON.
    """
    left = json.encode()
    while left:
        end = min(CELL_LIMIT - len(_ESCAPED_SPACE), len(left))
        while end < len(left) and left[end] & 0xC0 == 0x80:  # inside a character of UTF-8
            end -= 1
        piece, left = left[:end], left[end:]
        yield (piece[:-1] + _ESCAPED_SPACE if piece.endswith(b" ") else piece).decode()
        left = _ESCAPED_SPACE + left[1:] if left.startswith(b" ") else left


def list_rest_columns(bytes_of_json: int) -> list[str]:
    """The names of as many columns as that much JSON needs, of which there is always one."""
    return [REST, *(f"{REST}_{number}" for number in range(2, bytes_of_json // (CELL_LIMIT - CELL_MARGIN) + 2))]


def max_rest_size(record: DraftFields) -> int:
    """The most bytes that the rest of the record can have."""
    return len(msgspec.json.encode(record))


def _find_edited_columns(group: ColumnGroup, value: Any, plain: Cells) -> Iterator[str]:
    written = group.format_cells(value) if isinstance(value, list | dict) else {}
    for column in group.columns:
        was = written.get(column, "")
        was = was if len(was.encode()) <= CELL_LIMIT else ""
        if plain.get(column) and plain[column] != was:
            yield column


# ---------------------------------------------------------------- one value


def _build_value_column(field: str, read: Callable[[str], Any] = str) -> ColumnGroup:
    return ColumnGroup(
        (field,),
        lambda value: {field: str(value)},
        lambda cells: read(cells[field]) if cells.get(field) else None,
        lambda value, cells, edited: read(cells[field]),
    )


def _parse_number(text: str) -> Any:
    """As a number where it is one; else as it stands, for the draft to refuse."""
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _build_list_column(field: str) -> ColumnGroup:
    return ColumnGroup(
        (field,),
        lambda value: {field: LIST_SEPARATOR.join(value)},
        lambda cells: _split_list(cells.get(field, "")),
        lambda value, cells, edited: _split_list(cells[field]),
    )


def _split_list(text: str) -> list[str]:
    return [part.strip() for part in text.split(LIST_SEPARATOR.strip()) if part.strip()]


# ---------------------------------------------------------------- several, each in the column of its kind


def _build_keyed_columns(columns: Mapping[str, DraftFields], data: str, *, several: bool) -> ColumnGroup:
    """Items that differ in what stands in `columns`, and in their `data`, the cell: of the first alone, or of `several`."""

    def held(items: list[DraftFields]) -> dict[str, list[DraftFields]]:
        found: dict[str, list[DraftFields]] = {}
        for item in items:
            column = next((column for column, key in columns.items() if key.items() <= item.items()), None)
            if column and (several or column not in found):
                found.setdefault(column, []).append(item)
        return found

    def cells(items: list[DraftFields]) -> Cells:
        return {column: LIST_SEPARATOR.join(item[data] for item in one) for column, one in held(items).items()}

    def read(column: str, text: str) -> list[DraftFields]:
        return [{data: part, **columns[column]} for part in (_split_list(text) if several else [text])]

    def value(cells: Cells) -> list[DraftFields]:
        return [item for column in columns if cells.get(column) for item in read(column, cells[column])]

    def renewed(items: list[DraftFields], now: Cells, edited: set[str]) -> list[DraftFields]:
        gone = [item for column, one in held(items).items() if column in edited for item in one]
        return [*(item for item in items if item not in gone), *value({column: now[column] for column in edited})]

    return ColumnGroup(tuple(columns), cells, value, renewed)


# ---------------------------------------------------------------- parts with columns of their own


def _build_part_columns(
    columns: Mapping[str, str], read: Mapping[str, CellParser] = NO_PARSERS, write: Mapping[str, CellFormatter] = NO_FORMATTERS
) -> ColumnGroup:
    """One group of named fields; `columns` leads from the field to its column. Those that are no text have their own ways."""

    def cells(part: DraftFields) -> Cells:
        return {column: write.get(field, str)(part[field]) for field, column in columns.items() if field in part}

    def value(cells: Cells) -> DraftFields:
        return {field: read.get(field, str)(cells[column]) for field, column in columns.items() if cells.get(column)}

    def renewed(part: DraftFields, now: Cells, edited: set[str]) -> DraftFields:
        return {**part, **value(now)}

    return ColumnGroup(tuple(columns.values()), cells, value, renewed)


def _build_first_part_columns(part: ColumnGroup, fields: tuple[str, ...]) -> ColumnGroup:
    """The first of several parts; the others have no columns."""

    def renewed(items: list[DraftFields], now: Cells, edited: set[str]) -> list[DraftFields]:
        unseen = {field: value for field, value in items[0].items() if field not in fields} if items else {}
        return [{**unseen, **part.parse_value(now)}, *items[1:]]

    return ColumnGroup(
        part.columns,
        lambda items: part.format_cells(items[0]) if items else {},
        lambda cells: [found] if (found := part.parse_value(cells)) else [],
        renewed,
    )


def _column_names(group: str, fields: tuple[str, ...]) -> dict[str, str]:
    return {field: f"{group}.{field}" for field in fields}


COLUMN_GROUPS: dict[str, ColumnGroup] = {  # in the order of the columns
    "name": _build_value_column("name"),
    "names": _build_keyed_columns({column: {"kind": kind} for column, kind in NAME_KIND_BY_COLUMN.items()}, "name", several=True),
    "kind": _build_value_column("kind"),
    "summary": _build_value_column("summary"),
    "description": _build_value_column("description"),
    "founded": _build_value_column("founded", _parse_number),
    "website": _build_value_column("website"),
    **{field: _build_list_column(field) for field in LIST_FIELDS},
    "locations": _build_first_part_columns(
        _build_part_columns(_column_names("location", LOCATION_FIELDS), {"latitude": _parse_number, "longitude": _parse_number}),
        LOCATION_FIELDS,
    ),
    "contacts": _build_first_part_columns(
        _build_part_columns(
            _column_names("contact", CONTACT_FIELDS), {"languages": _split_list}, {"languages": LIST_SEPARATOR.join}
        ),
        CONTACT_FIELDS,
    ),
    "links": _build_keyed_columns({f"link:{kind}": {"kind": kind} for kind in LINK_KINDS}, "url", several=False),
    "identifiers": _build_keyed_columns(
        {f"identifier:{scheme}": {"scheme": scheme} for scheme in IDENTIFIER_SCHEMES}, "value", several=False
    ),
    "membership": _build_part_columns(_column_names("membership", MEMBERSHIP_FIELDS)),
    "parent": _build_value_column("parent"),
    "verified_at": _build_value_column("verified_at"),
    "audience": _build_value_column("audience"),
    "slug": _build_value_column("slug"),
    "id": _build_value_column("id"),
}
COLUMNS = tuple(column for group in COLUMN_GROUPS.values() for column in group.columns)
