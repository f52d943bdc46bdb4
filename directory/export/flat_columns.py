"""Convert draft fields to the plain columns of a table, and back.

Columns are flat fields (flat_fields.py). Only the first location, the first contact, and common links and identifiers have
columns. Everything else is JSON in the column `rest`. To decide what that is, each record's cells are parsed and compared.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from directory.fields import COLUMN_ORDER, FIELDS, Field, ValueForm, arrange_fields

Cells = Mapping[str, str]
DraftFields = dict[str, Any]
CellParser = Callable[[str], Any]
CellFormatter = Callable[[Any], str]
NO_PARSERS: Mapping[str, CellParser] = {}
NO_FORMATTERS: Mapping[str, CellFormatter] = {}

LIST_SEPARATOR = "; "
CELL_LIMIT = 30_000  # bytes; a spreadsheet takes 32,767 characters a cell, and an import of ours 32 KiB
CELL_MARGIN = 16  # bytes; a piece of a longer text may be this much shorter than CELL_LIMIT
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


class ColumnGroup(Struct, frozen=True):
    """The columns that hold one field of a draft.

    - `format_cells` writes a value as far as the columns can hold it.
    - `parse_value` reads it back; the result is empty if all cells are.
    - `apply_edits` updates a value from `rest` after a person edited some of the columns: only edited columns replace its parts.
    """

    columns: tuple[str, ...]
    format_cells: Callable[[Any], Cells]
    parse_value: Callable[[Cells], Any]
    apply_edits: Callable[[Any, Cells, set[str]], Any]


def format_record(record: DraftFields) -> dict[str, str]:
    """Return the text of every plain column; "" if the value is missing or longer than a cell."""
    cells: dict[str, str] = {}
    for field, group in COLUMN_GROUPS.items():
        cells |= dict.fromkeys(group.columns, "")
        if field in record:
            texts = group.format_cells(record[field])
            cells |= {column: text for column, text in texts.items() if len(text.encode()) <= CELL_LIMIT}
    return cells


def parse_cells(cells: Cells) -> DraftFields:
    """Return the fields in the plain columns. Missing and empty columns state nothing."""
    values = ((field, group.parse_value(cells)) for field, group in COLUMN_GROUPS.items())
    return {field: value for field, value in values if value not in (None, "", [], {})}


def extract_rest(record: DraftFields, plain: Cells) -> DraftFields:
    """Return the fields of the record that its plain cells do not reproduce."""
    parsed = parse_cells(plain)
    return {field: value for field, value in record.items() if parsed.get(field) != value}


def restore_record(plain: Cells, rest: DraftFields) -> DraftFields:
    """Return the record in the plain cells and the rest. Cells that a person edited take precedence over the rest."""
    record = parse_cells(plain)
    for field, value in rest.items():
        group = COLUMN_GROUPS.get(field)
        edited = set(_find_edited_columns(group, value, plain)) if group else set()
        record[field] = group.apply_edits(value, plain, edited) if group and edited else value
    return record


def split_into_cells(json: str) -> Iterator[str]:
    """Yield compact JSON text in pieces that each fit into a cell.

    Table readers strip spaces, so a space at the beginning or end of a piece is escaped. Compact JSON has spaces only in strings.
    """
    remaining = json.encode()
    while remaining:
        end = min(CELL_LIMIT - len(_ESCAPED_SPACE), len(remaining))
        while end < len(remaining) and remaining[end] & 0xC0 == 0x80:  # inside a UTF-8 character
            end -= 1
        piece, remaining = remaining[:end], remaining[end:]
        yield (piece[:-1] + _ESCAPED_SPACE if piece.endswith(b" ") else piece).decode()
        remaining = _ESCAPED_SPACE + remaining[1:] if remaining.startswith(b" ") else remaining


def list_rest_columns(bytes_of_json: int) -> list[str]:
    """Return the names of the columns for that much JSON; always at least one."""
    return [REST, *(f"{REST}_{number}" for number in range(2, bytes_of_json // (CELL_LIMIT - CELL_MARGIN) + 2))]


def max_rest_size(record: DraftFields) -> int:
    """Return an upper limit for the bytes of the rest of the record."""
    return len(msgspec.json.encode(record))


def _find_edited_columns(group: ColumnGroup, value: Any, plain: Cells) -> Iterator[str]:
    exported_cells = group.format_cells(value) if isinstance(value, list | dict) else {}
    for column in group.columns:
        exported = exported_cells.get(column, "")
        exported = exported if len(exported.encode()) <= CELL_LIMIT else ""
        if plain.get(column) and plain[column] != exported:
            yield column


def _build_value_column(field: str, parse: CellParser = str) -> ColumnGroup:
    """Build the column of a field with one value."""
    return ColumnGroup(
        (field,),
        lambda value: {field: str(value)},
        lambda cells: parse(cells[field]) if cells.get(field) else None,
        lambda value, cells, edited: parse(cells[field]),
    )


def _parse_number(text: str) -> Any:
    """Return the number; other text is returned unchanged: the draft refuses it."""
    for parse in (int, float):
        try:
            return parse(text)
        except ValueError:
            continue
    return text


def _build_list_column(field: str) -> ColumnGroup:
    """Build the column of a field with a list of texts."""
    return ColumnGroup(
        (field,),
        lambda value: {field: LIST_SEPARATOR.join(value)},
        lambda cells: _split_list(cells.get(field, "")),
        lambda value, cells, edited: _split_list(cells[field]),
    )


def _split_list(text: str) -> list[str]:
    return [part.strip() for part in text.split(LIST_SEPARATOR.strip()) if part.strip()]


def _build_plain_column(field: Field) -> ColumnGroup:
    if field.is_list:
        return _build_list_column(field.name)
    return _build_value_column(field.name, _parse_number if field.form is ValueForm.YEAR else str)


def _build_keyed_columns(columns: Mapping[str, DraftFields], data: str, *, several: bool) -> ColumnGroup:
    """Build columns for a list of items, such as links: one column for each kind of item.

    `columns` maps each column to the fields that mark its kind. The cell holds the field `data` of the items of this kind: of
    all of them if `several`, otherwise of the first.
    """

    def group_by_column(items: list[DraftFields]) -> dict[str, list[DraftFields]]:
        groups: dict[str, list[DraftFields]] = {}
        for item in items:
            column = next((column for column, kind in columns.items() if kind.items() <= item.items()), None)
            if column and (several or column not in groups):
                groups.setdefault(column, []).append(item)
        return groups

    def format_cells(items: list[DraftFields]) -> Cells:
        return {column: LIST_SEPARATOR.join(item[data] for item in group) for column, group in group_by_column(items).items()}

    def parse_cell(column: str, text: str) -> list[DraftFields]:
        return [{data: part, **columns[column]} for part in (_split_list(text) if several else [text])]

    def parse_value(cells: Cells) -> list[DraftFields]:
        return [item for column in columns if cells.get(column) for item in parse_cell(column, cells[column])]

    def apply_edits(items: list[DraftFields], cells: Cells, edited: set[str]) -> list[DraftFields]:
        replaced = [item for column, group in group_by_column(items).items() if column in edited for item in group]
        remaining = [item for item in items if item not in replaced]
        return [*remaining, *parse_value({column: cells[column] for column in edited})]

    return ColumnGroup(tuple(columns), format_cells, parse_value, apply_edits)


def _build_part_columns(
    columns: Mapping[str, str],
    parsers: Mapping[str, CellParser] = NO_PARSERS,
    formatters: Mapping[str, CellFormatter] = NO_FORMATTERS,
) -> ColumnGroup:
    """Build columns for an object, such as a location, with one column for each field.

    `columns` maps fields to columns. Fields without a parser or formatter are text.
    """

    def format_cells(part: DraftFields) -> Cells:
        return {column: formatters.get(field, str)(part[field]) for field, column in columns.items() if field in part}

    def parse_value(cells: Cells) -> DraftFields:
        return {field: parsers.get(field, str)(cells[column]) for field, column in columns.items() if cells.get(column)}

    def apply_edits(part: DraftFields, cells: Cells, edited: set[str]) -> DraftFields:
        return {**part, **parse_value(cells)}

    return ColumnGroup(tuple(columns.values()), format_cells, parse_value, apply_edits)


def _build_first_part_columns(part: ColumnGroup, fields: tuple[str, ...]) -> ColumnGroup:
    """Build columns for the first item of a list; the other items have no columns."""

    def apply_edits(items: list[DraftFields], cells: Cells, edited: set[str]) -> list[DraftFields]:
        without_column = {field: value for field, value in items[0].items() if field not in fields} if items else {}
        return [{**without_column, **part.parse_value(cells)}, *items[1:]]

    return ColumnGroup(
        part.columns,
        lambda items: part.format_cells(items[0]) if items else {},
        lambda cells: [item] if (item := part.parse_value(cells)) else [],
        apply_edits,
    )


def _column_names(group: str, fields: tuple[str, ...]) -> dict[str, str]:
    return {field: f"{group}.{field}" for field in fields}


COLUMN_GROUPS: dict[str, ColumnGroup] = {  # in the order of the columns
    "name": _build_value_column("name"),
    "names": _build_keyed_columns({column: {"kind": kind} for column, kind in NAME_KIND_BY_COLUMN.items()}, "name", several=True),
    **{name: _build_plain_column(field) for name, field in arrange_fields(COLUMN_ORDER).items() if field.has_sources},
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
    **{name: _build_plain_column(field) for name, field in FIELDS.items() if not field.has_sources},
    "audience": _build_value_column("audience"),
    "slug": _build_value_column("slug"),
    "id": _build_value_column("id"),
}
COLUMNS = tuple(column for group in COLUMN_GROUPS.values() for column in group.columns)
