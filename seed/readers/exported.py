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

from directory.errors import Code
from directory.geo import Disclosure
from directory.problems import Problem
from directory.question import FACETS
from directory.records import Audience, MembershipStatus, OrganizationKind
from directory.regions import REGIONS
from seed.fields import Kind, kind
from seed.readers.native import BESIDE, day
from seed.rows import Row
from seed.tables import Table
from seed.writers.apostrophes import bare
from seed.writers.flat import BETWEEN, GROUPS, REST, Cells, restored
from seed.writers.table import PUBLISHED, UPDATED_AT

Clean: TypeAlias = Callable[[Row], Row]

OURS = frozenset({"id", "slug", "name", REST})  # no other table has all of these
SAME_AS = "same_as"
CLEARABLE = frozenset(GROUPS) - {"id", "slug", "name", "identifiers", "locations", "contacts", "parent", "audience"}
_FIELD = {column: field for field, group in GROUPS.items() for column in group.columns}
_KIND = {column: kind(column) for column in _FIELD}
_REST = re.compile(rf"{REST}(_\d+)?")
_FORMS = {
    Kind.DATE: re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?", re.ASCII),
    Kind.YEAR: re.compile(r"\d{4}", re.ASCII),
    Kind.PHONE: re.compile(r"\+\d+", re.ASCII),
    Kind.URL: re.compile(r"https?://\S+"),
    Kind.EMAIL: re.compile(r"[^\s@<>:,;]+@[^\s@<>,;]+"),
    Kind.STATE: re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?"),
    Kind.COUNTRY: re.compile(r"[A-Z]{2}"),
    Kind.NUMBER: re.compile(r"-?\d+(\.\d+)?(e-?\d+)?", re.ASCII),
    Kind.POSTAL_CODE: re.compile(r"\d{5}", re.ASCII),  # at home
}
_CHOICES: Mapping[str, type[StrEnum]] = {
    "kind": OrganizationKind,
    "membership.status": MembershipStatus,
    "audience": Audience,
    "contact.audience": Audience,
    "location.disclosure": Disclosure,
}


def is_ours(headings: Iterable[str] | None) -> bool:
    """Whether these are the headings of a table that we wrote; a person may have added, moved or taken away other columns."""
    return headings is not None and set(headings) >= OURS


def unread(headings: Iterable[str]) -> list[str]:
    """The columns that a person added: nothing is taken from them. Not those that we write for reading only."""
    return [one for one in headings if not (_is_known(one) or one.startswith(PUBLISHED) or one in BESIDE)]


def rows(table: Table, *, clean: Clean | None = None, clear_empty: bool = False) -> Iterator[Row]:
    """One row of draft fields for each of the table's, in its order. The table `is_ours`.

    `clean` is handed a row of flat fields, all those of a group of columns of which one is in no form of ours, and gives it back
    as draft fields; without it these stay as they stand. An empty cell states nothing. With `clear_empty` it clears its field,
    but for those of which this table may not tell all: identifiers, places, contacts, the parent, to whom the record is shown.

    A row is as of the day on which the record was last updated when it was written: later edits are none that it knows of.
    """
    assert table.headings is not None  # noqa: S101 - is_ours
    known = [heading for heading in table.headings if _is_known(heading)]
    for number, texts in table.rows:
        cells = dict(zip(table.headings, texts, strict=False))
        plain = {column: _text(cells[column]) for column in known if cells[column].strip()}
        yield _row(Row(table.file, number, {}, cells=cells), plain, clean, clear_empty)


def _row(row: Row, plain: dict[str, str], clean: Clean | None, clear_empty: bool) -> Row:
    row = replace(row, columns={column: column for column in plain}, as_of=day(row.cells.get(UPDATED_AT)))
    beyond: dict[str, Any] = {}
    if clean and (odd := {_FIELD[column] for column in plain if column in _FIELD and not _is_in_form(column, plain)}):
        row = _cleaned(row, plain, odd, clean)
        plain, beyond = _in_form(row, plain, odd)
    rest, problems = _rest(plain)
    found = {**restored(plain, rest), **{name: plain[name] for name in (SAME_AS,) if name in plain}}
    for field, value in beyond.items():
        found[field] = _joined(field, found.get(field), value)
    if clear_empty:
        found |= {field: None for field in CLEARABLE if field not in found and _has_columns(field, row.cells)}
    return replace(row, stated=found, problems=(*row.problems, *problems))


def _cleaned(row: Row, plain: Cells, odd: set[str], clean: Clean) -> Row:
    flat = {column: plain[column] for field in odd for column in GROUPS[field].columns if column in plain}
    done = clean(replace(row, stated=flat, columns={column: column for column in flat}))
    return replace(done, columns={**row.columns, **done.columns})


def _in_form(row: Row, plain: Cells, odd: set[str]) -> tuple[dict[str, str], dict[str, Any]]:
    """The plain cells as we would have written what cleaning made of them, and what of it does not go into them."""
    kept = {column: text for column, text in plain.items() if not any(column in GROUPS[field].columns for field in odd)}
    beyond: dict[str, Any] = {}
    for field, value in msgspec.json.decode(msgspec.json.encode(row.stated)).items():
        cells = GROUPS[field].cells(value) if field in odd and value else {}
        if field in odd and GROUPS[field].value(cells) == value:
            kept |= cells
        else:
            beyond[field] = value
    return kept, beyond


def _joined(field: str, known: Any, value: Any) -> Any:
    """Of several parts the first had the columns; what else there is of it stays, and so do the others."""
    if not (isinstance(known, list) and isinstance(value, list) and value):
        return value
    if field not in ("locations", "contacts"):
        return [*known, *(item for item in value if item not in known)]
    unseen = {name: part for name, part in known[0].items() if f"{field[:-1]}.{name}" not in GROUPS[field].columns}
    return [{**unseen, **value[0]}, *known[1:], *value[1:]]


def _text(text: str) -> str:
    return bare(text.strip(" ").replace("\r\n", "\n"))


def _is_known(heading: str) -> bool:
    return heading == SAME_AS or heading in _FIELD or bool(_REST.fullmatch(heading))


def _has_columns(field: str, cells: Mapping[str, str]) -> bool:
    return all(column in cells for column in GROUPS[field].columns)


def _rest(plain: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """What is stated in the columns of the rest, which are parts of one JSON object."""
    columns = sorted((column for column in plain if _REST.fullmatch(column)), key=lambda column: (len(column), column))
    if not columns:
        return {}, ()
    try:
        return msgspec.json.decode("".join(plain[column] for column in columns), type=dict[str, Any]), ()
    except (msgspec.DecodeError, RecursionError):
        sentence = (
            "This column is for the program and holds JSON that is broken here; put back what the export wrote, or empty it."
        )
        return {}, (Problem((columns[0],), Code.BAD_INPUT, sentence),)


def _is_in_form(column: str, plain: Mapping[str, str]) -> bool:
    text, what = plain[column], _KIND[column]
    if what is Kind.CHOICE:
        return text in _CHOICES[column].__members__
    if what in (Kind.TERMS, Kind.REGIONS):
        known: Container[str] = REGIONS if what is Kind.REGIONS else FACETS[column.rpartition(".")[2]]
        return all(part in known for part in text.split(BETWEEN))
    if what is Kind.POSTAL_CODE and plain.get("location.country", "US") != "US":
        return True
    return what not in _FORMS or bool(_FORMS[what].fullmatch(text))
