"""Our own tables read back, CSV or XLSX, also after a person has worked on them in a spreadsheet.

A cell in the form in which we write it is taken at its word. Any other was written by somebody else, or spoilt on the way (a
telephone number turned into a number, a zero in front lost), and goes through the cleaning that every table gets.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec
from msgspec.structs import replace

from directory.drafts.problems import Problem
from directory.errors import ErrorCode
from directory.geo import Disclosure
from directory.question import FACETS
from directory.records import Audience, MembershipStatus, OrganizationKind
from directory.vocabulary.regions import REGIONS
from seed.export.flat_columns import COLUMN_GROUPS, LIST_SEPARATOR, REST, Cells, restore_record
from seed.export.formula_escaping import unescape_cell
from seed.export.tables import PUBLISHED_PREFIX, UPDATED_AT_COLUMN
from seed.flat_fields import FieldKind, find_field_kind
from seed.rows import Row, Table
from seed.sources.own_records import IGNORED_FIELDS, parse_date

RowCleaner: TypeAlias = Callable[[Row], Row]

REQUIRED_COLUMNS = frozenset({"id", "slug", "name", REST})  # no other table has all of these
SAME_AS_FIELD = "same_as"
CLEARABLE_FIELDS = frozenset(COLUMN_GROUPS) - {"id", "slug", "name", "identifiers", "locations", "contacts", "parent", "audience"}
_FIELD_BY_COLUMN = {column: field for field, group in COLUMN_GROUPS.items() for column in group.columns}
_KIND_BY_COLUMN = {column: find_field_kind(column) for column in _FIELD_BY_COLUMN}
_REST_COLUMN = re.compile(rf"{REST}(_\d+)?")
_EXPORTED_FORMS = {
    FieldKind.DATE: re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?", re.ASCII),
    FieldKind.YEAR: re.compile(r"\d{4}", re.ASCII),
    FieldKind.PHONE: re.compile(r"\+\d+", re.ASCII),
    FieldKind.URL: re.compile(r"https?://\S+"),
    FieldKind.EMAIL: re.compile(r"[^\s@<>:,;]+@[^\s@<>,;]+"),
    FieldKind.STATE: re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?"),
    FieldKind.COUNTRY: re.compile(r"[A-Z]{2}"),
    FieldKind.NUMBER: re.compile(r"-?\d+(\.\d+)?(e-?\d+)?", re.ASCII),
    FieldKind.POSTAL_CODE: re.compile(r"\d{5}", re.ASCII),  # at home
}
_CHOICE_TYPES: Mapping[str, type[StrEnum]] = {
    "kind": OrganizationKind,
    "membership.status": MembershipStatus,
    "audience": Audience,
    "contact.audience": Audience,
    "location.disclosure": Disclosure,
}


def is_own_table(headings: Iterable[str] | None) -> bool:
    """Whether these are the headings of a table that we wrote; a person may have added, moved or taken away other columns."""
    return headings is not None and set(headings) >= REQUIRED_COLUMNS


def list_unread_columns(headings: Iterable[str]) -> list[str]:
    """The columns that a person added: nothing is taken from them. Not those that we write for reading only."""
    return [one for one in headings if not (_is_known_heading(one) or one.startswith(PUBLISHED_PREFIX) or one in IGNORED_FIELDS)]


def read_own_rows(table: Table, *, clean: RowCleaner | None = None, clear_empty: bool = False) -> Iterator[Row]:
    """One row of draft fields for each of the table's, in its order. The table `is_ours`.

    `clean` is handed a row of flat fields, all those of a group of columns of which one is in no form of ours, and gives it back
    as draft fields; without it these stay as they stand. An empty cell states nothing. With `clear_empty` it clears its field,
    but for those of which this table may not tell all: identifiers, places, contacts, the parent, to whom the record is shown.

    A row is as of the day on which the record was last updated when it was written: later edits are none that it knows of.
    """
    assert table.headings is not None  # noqa: S101 - is_ours
    known = [heading for heading in table.headings if _is_known_heading(heading)]
    for number, texts in table.rows:
        cells = dict(zip(table.headings, texts, strict=False))
        plain = {column: _restore_text(cells[column]) for column in known if cells[column].strip()}
        yield _build_row(Row(table.file, number, {}, cells=cells), plain, clean, clear_empty)


def _build_row(row: Row, plain: dict[str, str], clean: RowCleaner | None, clear_empty: bool) -> Row:
    row = replace(row, columns={column: column for column in plain}, as_of=parse_date(row.cells.get(UPDATED_AT_COLUMN)))
    beyond: dict[str, Any] = {}
    if clean and (
        odd := {
            _FIELD_BY_COLUMN[column] for column in plain if column in _FIELD_BY_COLUMN and not _is_exported_form(column, plain)
        }
    ):
        row = _clean_groups(row, plain, odd, clean)
        plain, beyond = _replace_cleaned_cells(row, plain, odd)
    rest, problems = _parse_rest(plain)
    found = {**restore_record(plain, rest), **{name: plain[name] for name in (SAME_AS_FIELD,) if name in plain}}
    for field, value in beyond.items():
        found[field] = _merge_list_field(field, found.get(field), value)
    if clear_empty:
        found |= {field: None for field in CLEARABLE_FIELDS if field not in found and _has_columns(field, row.cells)}
    return replace(row, fields=found, problems=(*row.problems, *problems))


def _clean_groups(row: Row, plain: Cells, odd: set[str], clean: RowCleaner) -> Row:
    flat = {column: plain[column] for field in odd for column in COLUMN_GROUPS[field].columns if column in plain}
    done = clean(replace(row, fields=flat, columns={column: column for column in flat}))
    return replace(done, columns={**row.columns, **done.columns})


def _replace_cleaned_cells(row: Row, plain: Cells, odd: set[str]) -> tuple[dict[str, str], dict[str, Any]]:
    """The plain cells as we would have written what cleaning made of them, and what of it does not go into them."""
    kept = {column: text for column, text in plain.items() if not any(column in COLUMN_GROUPS[field].columns for field in odd)}
    beyond: dict[str, Any] = {}
    for field, value in msgspec.json.decode(msgspec.json.encode(row.fields)).items():
        cells = COLUMN_GROUPS[field].format_cells(value) if field in odd and value else {}
        if field in odd and COLUMN_GROUPS[field].parse_value(cells) == value:
            kept |= cells
        else:
            beyond[field] = value
    return kept, beyond


def _merge_list_field(field: str, current: Any, value: Any) -> Any:
    """Of several parts the first had the columns; what else there is of it stays, and so do the others."""
    if not (isinstance(current, list) and isinstance(value, list) and value):
        return value
    if field not in ("locations", "contacts"):
        return [*current, *(item for item in value if item not in current)]
    unseen = {name: part for name, part in current[0].items() if f"{field[:-1]}.{name}" not in COLUMN_GROUPS[field].columns}
    return [{**unseen, **value[0]}, *current[1:], *value[1:]]


def _restore_text(text: str) -> str:
    return unescape_cell(text.strip(" ").replace("\r\n", "\n"))


def _is_known_heading(heading: str) -> bool:
    return heading == SAME_AS_FIELD or heading in _FIELD_BY_COLUMN or bool(_REST_COLUMN.fullmatch(heading))


def _has_columns(field: str, cells: Mapping[str, str]) -> bool:
    return all(column in cells for column in COLUMN_GROUPS[field].columns)


def _parse_rest(plain: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """What is stated in the columns of the rest, which are parts of one JSON object."""
    columns = sorted((column for column in plain if _REST_COLUMN.fullmatch(column)), key=lambda column: (len(column), column))
    if not columns:
        return {}, ()
    try:
        return msgspec.json.decode("".join(plain[column] for column in columns), type=dict[str, Any]), ()
    except (msgspec.DecodeError, RecursionError):
        sentence = (
            "This column is for the program and holds JSON that is broken here; put back what the export wrote, or empty it."
        )
        return {}, (Problem((columns[0],), ErrorCode.BAD_INPUT, sentence),)


def _is_exported_form(column: str, plain: Mapping[str, str]) -> bool:
    text, what = plain[column], _KIND_BY_COLUMN[column]
    if what is FieldKind.CHOICE:
        return text in _CHOICE_TYPES[column].__members__
    if what in (FieldKind.TERMS, FieldKind.REGIONS):
        known: Container[str] = REGIONS if what is FieldKind.REGIONS else FACETS[column.rpartition(".")[2]]
        return all(part in known for part in text.split(LIST_SEPARATOR))
    if what is FieldKind.POSTAL_CODE and plain.get("location.country", "US") != "US":
        return True
    return what not in _EXPORTED_FORMS or bool(_EXPORTED_FORMS[what].fullmatch(text))
