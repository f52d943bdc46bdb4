"""A stated record as the plain columns of a table, and back.

Columns are flat fields (seed/fields.py). Of places and contacts the first has columns, of links and identifiers those that are
common; what plain columns cannot give back stands in `rest`, as JSON. What they can is not argued about but tried: each record's
cells are read back and compared.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

Cells = Mapping[str, str]
Stated = dict[str, Any]
Read = Callable[[str], Any]
Write = Callable[[Any], str]
NO_READ: Mapping[str, Read] = {}
NO_WRITE: Mapping[str, Write] = {}

BETWEEN = "; "
CELL_LIMIT = 30_000  # bytes; a spreadsheet takes 32,767 characters a cell, and an import of ours 32 KiB
SPARE = 16  # bytes by which a piece of a longer text may fall short of a cell
REST = "rest"
_BLANK = b"\\u0020"
NAMES = {
    "acronym": "ACRONYM",
    "legal_name": "LEGAL",
    "short_name": "SHORT",
    "former_name": "FORMER",
    "translated_name": "TRANSLATED",
    "also_known_as": "ALSO_KNOWN_AS",
}
LINKS = ("facebook", "instagram", "linkedin", "x", "youtube", "donate", "newsletter")
IDENTIFIERS = ("US-EIN",)
PLACE = ("name", "street", "city", "county", "state", "postal_code", "country", "latitude", "longitude", "disclosure")
CONTACT = ("name", "role", "email", "phone", "phone_extension", "languages", "audience")
MEMBERSHIP = ("status", "joined_on", "ended_on")
LISTS = ("issue_areas", "communities", "work_areas", "languages", "service_areas")


class Group(Struct, frozen=True):
    """The columns that hold one field of a draft.

    `cells` writes a value of the field, as far as the columns can hold it; `value` reads it back, empty where every cell is.
    `renewed` is a value (of `rest`) after a person has edited some of the columns: of these the cells count, of others the value.
    """

    columns: tuple[str, ...]
    cells: Callable[[Any], Cells]
    value: Callable[[Cells], Any]
    renewed: Callable[[Any, Cells, set[str]], Any]


def cells(stated: Stated) -> dict[str, str]:
    """Every plain column with its text, "" where the record states nothing or more than a cell takes."""
    found: dict[str, str] = {}
    for field, group in GROUPS.items():
        found |= dict.fromkeys(group.columns, "")
        if field in stated:
            found |= {column: text for column, text in group.cells(stated[field]).items() if len(text.encode()) <= CELL_LIMIT}
    return found


def stated(cells: Cells) -> Stated:
    """What the plain columns state; a column that is absent or empty states nothing."""
    values = ((field, group.value(cells)) for field, group in GROUPS.items())
    return {field: value for field, value in values if value not in (None, "", [], {})}


def rest(record: Stated, plain: Cells) -> Stated:
    """The fields of the record that its plain cells do not give back as they are."""
    given = stated(plain)
    return {field: value for field, value in record.items() if given.get(field) != value}


def restored(plain: Cells, rest: Stated) -> Stated:
    """The record that plain cells and the rest state together: a cell that a person has filled otherwise goes before the rest."""
    found = stated(plain)
    for field, value in rest.items():
        group = GROUPS.get(field)
        edited = set(_edited(group, value, plain)) if group else set()
        found[field] = group.renewed(value, plain, edited) if group and edited else value
    return found


def pieces(json: str) -> Iterator[str]:
    """JSON text in pieces that each fit into a cell.

    Where one would begin or end with a blank, which readers of tables take away, the blank is written as an escape: blanks stand
    in strings alone, as msgspec writes JSON.
    """
    left = json.encode()
    while left:
        end = min(CELL_LIMIT - len(_BLANK), len(left))
        while end < len(left) and left[end] & 0xC0 == 0x80:  # inside a character of UTF-8
            end -= 1
        piece, left = left[:end], left[end:]
        yield (piece[:-1] + _BLANK if piece.endswith(b" ") else piece).decode()
        left = _BLANK + left[1:] if left.startswith(b" ") else left


def rest_columns(bytes_of_json: int) -> list[str]:
    """The names of as many columns as that much JSON needs, of which there is always one."""
    return [REST, *(f"{REST}_{number}" for number in range(2, bytes_of_json // (CELL_LIMIT - SPARE) + 2))]


def size(record: Stated) -> int:
    """The most bytes that the rest of the record can have."""
    return len(msgspec.json.encode(record))


def _edited(group: Group, value: Any, plain: Cells) -> Iterator[str]:
    written = group.cells(value) if isinstance(value, list | dict) else {}
    for column in group.columns:
        was = written.get(column, "")
        was = was if len(was.encode()) <= CELL_LIMIT else ""
        if plain.get(column) and plain[column] != was:
            yield column


# ---------------------------------------------------------------- one value


def _one(field: str, read: Callable[[str], Any] = str) -> Group:
    return Group(
        (field,),
        lambda value: {field: str(value)},
        lambda cells: read(cells[field]) if cells.get(field) else None,
        lambda value, cells, edited: read(cells[field]),
    )


def _number(text: str) -> Any:
    """As a number where it is one; else as it stands, for the draft to refuse."""
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _list(field: str) -> Group:
    return Group(
        (field,),
        lambda value: {field: BETWEEN.join(value)},
        lambda cells: _parted(cells.get(field, "")),
        lambda value, cells, edited: _parted(cells[field]),
    )


def _parted(text: str) -> list[str]:
    return [part.strip() for part in text.split(BETWEEN.strip()) if part.strip()]


# ---------------------------------------------------------------- several, each in the column of its kind


def _keyed(columns: Mapping[str, Stated], data: str, *, several: bool) -> Group:
    """Items that differ in what stands in `columns`, and in their `data`, the cell: of the first alone, or of `several`."""

    def held(items: list[Stated]) -> dict[str, list[Stated]]:
        found: dict[str, list[Stated]] = {}
        for item in items:
            column = next((column for column, key in columns.items() if key.items() <= item.items()), None)
            if column and (several or column not in found):
                found.setdefault(column, []).append(item)
        return found

    def cells(items: list[Stated]) -> Cells:
        return {column: BETWEEN.join(item[data] for item in one) for column, one in held(items).items()}

    def read(column: str, text: str) -> list[Stated]:
        return [{data: part, **columns[column]} for part in (_parted(text) if several else [text])]

    def value(cells: Cells) -> list[Stated]:
        return [item for column in columns if cells.get(column) for item in read(column, cells[column])]

    def renewed(items: list[Stated], now: Cells, edited: set[str]) -> list[Stated]:
        gone = [item for column, one in held(items).items() if column in edited for item in one]
        return [*(item for item in items if item not in gone), *value({column: now[column] for column in edited})]

    return Group(tuple(columns), cells, value, renewed)


# ---------------------------------------------------------------- parts with columns of their own


def _parts(columns: Mapping[str, str], read: Mapping[str, Read] = NO_READ, write: Mapping[str, Write] = NO_WRITE) -> Group:
    """One group of named fields; `columns` leads from the field to its column. Those that are no text have their own ways."""

    def cells(part: Stated) -> Cells:
        return {column: write.get(field, str)(part[field]) for field, column in columns.items() if field in part}

    def value(cells: Cells) -> Stated:
        return {field: read.get(field, str)(cells[column]) for field, column in columns.items() if cells.get(column)}

    def renewed(part: Stated, now: Cells, edited: set[str]) -> Stated:
        return {**part, **value(now)}

    return Group(tuple(columns.values()), cells, value, renewed)


def _first(part: Group, fields: tuple[str, ...]) -> Group:
    """The first of several parts; the others have no columns."""

    def renewed(items: list[Stated], now: Cells, edited: set[str]) -> list[Stated]:
        unseen = {field: value for field, value in items[0].items() if field not in fields} if items else {}
        return [{**unseen, **part.value(now)}, *items[1:]]

    return Group(
        part.columns,
        lambda items: part.cells(items[0]) if items else {},
        lambda cells: [found] if (found := part.value(cells)) else [],
        renewed,
    )


def _columns(group: str, fields: tuple[str, ...]) -> dict[str, str]:
    return {field: f"{group}.{field}" for field in fields}


GROUPS: dict[str, Group] = {  # in the order of the columns
    "name": _one("name"),
    "names": _keyed({column: {"kind": kind} for column, kind in NAMES.items()}, "name", several=True),
    "kind": _one("kind"),
    "summary": _one("summary"),
    "description": _one("description"),
    "founded": _one("founded", _number),
    "website": _one("website"),
    **{field: _list(field) for field in LISTS},
    "locations": _first(_parts(_columns("location", PLACE), {"latitude": _number, "longitude": _number}), PLACE),
    "contacts": _first(_parts(_columns("contact", CONTACT), {"languages": _parted}, {"languages": BETWEEN.join}), CONTACT),
    "links": _keyed({f"link:{kind}": {"kind": kind} for kind in LINKS}, "url", several=False),
    "identifiers": _keyed({f"identifier:{scheme}": {"scheme": scheme} for scheme in IDENTIFIERS}, "value", several=False),
    "membership": _parts(_columns("membership", MEMBERSHIP)),
    "parent": _one("parent"),
    "verified_at": _one("verified_at"),
    "audience": _one("audience"),
    "slug": _one("slug"),
    "id": _one("id"),
}
COLUMNS = tuple(column for group in GROUPS.values() for column in group.columns)
