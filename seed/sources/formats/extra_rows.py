"""Rows of a table that are not records: headings within the list, totals, notes, and headings that come again.

People decorate their lists: "ALLIES" above some rows, "TOTAL" below, "* Dues are paid by the parent". Such a row has text in one
cell where others have it in many. A single name is a record all the same, so only rows with a sign of what they are are left out.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import PurePath

from msgspec import Struct
from msgspec.structs import replace

from directory.records import MembershipStatus
from directory.text import fold
from directory.vocabulary.regions import REGIONS
from seed.clean.values.choices import find_membership_in_title
from seed.rows import Repair, Row, Table

MIN_TABLE_WIDTH = 3  # usual number of filled cells; in a narrower table, a row with one cell is nothing special
MAX_NAME_LENGTH = 90  # characters; a longer text alone in its row is a note
MAX_TYPE_LENGTH = 40  # characters
COLUMN_SHARE = 0.8  # share of a column's values that must be numbers for a text to stand out
MIN_NAMES = 3  # names that are needed to tell whether capitals stand out
MAX_CAPITALS_SHARE = 0.25  # share of names in capitals below which capitals stand out
MAX_SHOWN_ROWS = 5  # in a note
_MAX_SHOWN_LENGTH = 40  # characters of a row in a note

_TOTAL = re.compile(
    r"(?:(?:grand|sub|gran) ?)?totals?(?: (?:general|number|count|members|member|organizations|orgs|groups|dues|paid|rows|of|de"
    r"|miembros|organizaciones|grupos|cuotas))*(?: \d+)?|sum|suma|count"
)
_COUNT = re.compile(  # alone in its row
    r"\d+ (?:groups?|members?|organizations?|orgs|chapters?|grupos?|miembros?|organizaciones)(?: (?:in|en|of|de|total) .*)?"
)
_FIRST_LETTERS_OF_TOTALS = frozenset("TtGgSsCc")
_NOTE = re.compile(
    r"[*†‡•§]|(?:notes?|nota|notas|source|sources|fuente|key|legend|leyenda)\s*:|\(?(?:prepared|compiled|printed|generated|created|"
    r"last updated|updated|revised|exported|page \d|confidential|do not|please|see |preparado|elaborado|actualizado|confidencial|"
    r"página|favor de)\b",
    re.IGNORECASE,
)
_SECTION_WORD_TEXT = """
    a an and the of by in other others list section part group groups tier level category class type region regional district area
    zone chapter chapters affiliate affiliates member members membership organization organizations partner partners ally allies
    supporter supporters sponsor sponsors friends voting nonvoting non active current full associate individual new pending total
    north south east west northern southern eastern western central northeast northwest southeast southwest midwest national
    statewide international y de los del otros otras grupo grupos nivel categoria tipo region distrito zona capitulos afiliados
    miembros miembro las organizaciones socios aliados activos nuevos norte sur este oeste
"""
_SECTION_WORDS = frozenset(_SECTION_WORD_TEXT.split())


class ExtraKind(StrEnum):
    """What a row is that is not a record. The value completes a note: 'row 9: "ALLIES" (a heading within the list)'."""

    SECTION = "a heading within the list"
    TOTAL = "a total"
    NOTE = "a note"
    HEADINGS = "the headings again"


class ExtraRow(Struct, frozen=True):
    number: int
    text: str
    kind: ExtraKind


class ExtraRowFinder:
    """Finds the rows that are not records while the rows of a table are added in order.

    `sample` are the first rows of data, from which the usual values of each column are taken.
    """

    def __init__(self, headings: Sequence[str] | None, sample: Sequence[Sequence[str]]) -> None:
        self._extra_rows: list[ExtraRow] = []
        self._headings = [heading.casefold() for heading in headings or ()]
        full_rows = [cells for cells in sample if _count_filled(cells) > 1]
        widths = sorted(map(_count_filled, full_rows))
        self._is_wide = bool(widths) and widths[len(widths) // 2] >= MIN_TABLE_WIDTH
        self._full_rows = full_rows
        self._last_number = self._last_full_number = 0
        self._trailing_rows: list[ExtraRow] = []  # rows of one cell after an empty line, as long as no full row follows

    def add(self, number: int, cells: Sequence[str]) -> None:
        has_gap = number > self._last_number + 1 > 1
        self._last_number = number
        first, is_alone = _find_first_filled(cells)
        if not is_alone or not self._is_wide:
            self._trailing_rows, self._last_full_number = [], number
            if kind := self._find_kind_of_full_row(first, cells):
                self._extra_rows.append(ExtraRow(number, cells[first].strip(), kind))
            return
        text = cells[first].strip()
        if kind := self._find_kind(first, text):
            self._extra_rows.append(ExtraRow(number, text, kind))
        elif (has_gap or self._trailing_rows) and not _is_number(text):
            self._trailing_rows.append(ExtraRow(number, text, ExtraKind.NOTE))

    def finish(self) -> list[ExtraRow]:
        """Return the rows that are not records, in order. A heading without a full row below it is a note."""
        rows = sorted([*self._extra_rows, *self._trailing_rows], key=lambda row: row.number)
        is_empty = [row.kind is ExtraKind.SECTION and row.number > self._last_full_number for row in rows]
        return [replace(row, kind=ExtraKind.NOTE) if empty else row for row, empty in zip(rows, is_empty, strict=True)]

    def _find_kind_of_full_row(self, first: int, cells: Sequence[str]) -> ExtraKind | None:
        """Return what a row of several cells is, by its first filled cell and, if need be, the others; None for a record."""
        text = cells[first].strip()
        if text.casefold() in self._headings[first : first + 1] and self._repeats_headings(cells):
            return ExtraKind.HEADINGS
        if not self._is_wide or text[:1] not in _FIRST_LETTERS_OF_TOTALS or not _TOTAL.fullmatch(fold(text)):
            return None
        others = (cell for cell in cells[first + 1 :] if cell and not cell.isspace())
        return ExtraKind.TOTAL if all(map(_is_number, others)) else None

    def _repeats_headings(self, cells: Sequence[str]) -> bool:
        filled = [(column, cell.strip().casefold()) for column, cell in enumerate(cells) if cell.strip()]
        return all(text in self._headings[column : column + 1] for column, text in filled)

    def _find_kind(self, column: int, text: str) -> ExtraKind | None:
        """Return what a text alone in its row is; None if it may be the name of a record."""
        if _TOTAL.fullmatch(fold(text)) or _COUNT.fullmatch(fold(text)):
            return ExtraKind.TOTAL
        if not any(map(str.isalpha, text)):
            return None
        if _NOTE.match(text) or len(text) > MAX_NAME_LENGTH:
            return ExtraKind.NOTE
        return ExtraKind.SECTION if _names_a_group(text) or self._stands_out(column, text) else None

    def _stands_out(self, column: int, text: str) -> bool:
        """Return whether the text differs in form from the values of its column: among numbers, or in capitals among names."""
        values = [cells[column].strip() for cells in self._full_rows if column < len(cells) and cells[column].strip()]
        if not values:
            return True
        numbers = sum(map(_is_number, values))
        capitals = sum(map(str.isupper, values))
        is_among_numbers = numbers >= COLUMN_SHARE * len(values) and not _is_number(text)
        is_in_capitals = text.isupper() and " " in text and len(values) >= MIN_NAMES
        return is_among_numbers or (is_in_capitals and capitals <= MAX_CAPITALS_SHARE * len(values))


def describe_extra_rows(extra_rows: Sequence[ExtraRow]) -> Iterator[str]:
    """Yield one note for each kind of row that was left out, with the first of them."""
    for kind in ExtraKind:
        if not (listed := [row for row in extra_rows if row.kind is kind]):
            continue
        shown = ", ".join(f"row {row.number:,} {_quote(row.text)}" for row in listed[:MAX_SHOWN_ROWS])
        more = f" and {len(listed) - MAX_SHOWN_ROWS:,} more" if len(listed) > MAX_SHOWN_ROWS else ""
        yield f"Left out as {kind}: {shown}{more}."


def _find_first_filled(cells: Sequence[str]) -> tuple[int, bool]:
    """Return the position of the first cell with text, and whether no other has any. Positions count from 0."""
    filled = (column for column, cell in enumerate(cells) if cell and not cell.isspace())
    return next(filled, 0), next(filled, None) is None


def _quote(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line if len(line) <= _MAX_SHOWN_LENGTH else line[:_MAX_SHOWN_LENGTH] + "…"}"'


def _count_filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell and not cell.isspace())


def _is_number(text: str) -> bool:
    return any(map(str.isdigit, text)) and not any(map(str.isalpha, text))


def _names_a_group(text: str) -> bool:
    """Return whether the text names a group of records: "Allies:", "Georgia", "Region 4", "Former members"."""
    words = fold(text).split()
    if text.endswith(":") or find_membership_in_title(text) is not None:
        return True
    is_common = all(word in _SECTION_WORDS or word.isdigit() or len(word) == 1 for word in words)
    return is_common or bool(REGIONS.find(text.removesuffix(" chapters")))


class ListedMemberships:
    """The membership of rows that state none, by what the list is called: a sheet "Old members", a heading "ALLIES" within it.

    A title that says nothing, or names members, changes nothing, except that it ends a section of others. `type_columns` are the
    labels of columns with a type of each row, such as "Ally", which precedes the title.
    """

    def __init__(self, table: Table, type_columns: Sequence[str] = ()) -> None:
        self._type_columns = type_columns
        name = PurePath(table.file).stem
        named = [(title, find_membership_in_title(title)) for title in table.titles]
        named.append((name, find_membership_in_title(name, is_file=True)))
        self._starts, self._statuses, self.notes = [0], [MembershipStatus.ACTIVE], list[str]()
        for title, status in named:
            if status not in (None, MembershipStatus.ACTIVE) and self._statuses == [MembershipStatus.ACTIVE]:
                self._statuses = [status]
                self.notes.append(f'The list is called "{title}", so {_describe_membership(status)}.')
        for number, text in table.sections:
            if status := find_membership_in_title(text):
                self._starts.append(number)
                self._statuses.append(status)
                if status is not MembershipStatus.ACTIVE:
                    self.notes.append(f'Below row {number:,}, "{text}", {_describe_membership(status)}.')

    def add_to_rows(self, rows: Iterator[Row]) -> Iterator[Row]:
        """Return the rows with these memberships. In most lists, nothing says that a row may not be about a member."""
        is_plain = not self._type_columns and self._statuses == [MembershipStatus.ACTIVE]
        return rows if is_plain else map(self.add_to_row, rows)

    def add_to_row(self, row: Row) -> Row:
        label, by_type = self._find_by_type(row)
        status = by_type or self._statuses[bisect_right(self._starts, row.number) - 1]
        if status is MembershipStatus.ACTIVE:
            return row
        if by_type and not row.is_person:
            reason = "the membership of a new organization, unless its row states another"
            row = replace(row, repairs=(*row.repairs, Repair(label, row.cells[label], status.value.lower(), reason)))
        return replace(row, fallback_fields={**row.fallback_fields, "membership": {"status": status.value}})

    def _find_by_type(self, row: Row) -> tuple[str, MembershipStatus | None]:
        """Return the column of a type that is none of an active member, and its meaning; "" and None if there is none."""
        for label in self._type_columns:
            status = find_membership_in_title(row.cells.get(label, "")[:MAX_TYPE_LENGTH])
            if status not in (None, MembershipStatus.ACTIVE):
                return label, status
        return "", None


def _describe_membership(status: MembershipStatus) -> str:
    return f'new organizations get the membership "{status.value.lower()}" unless their row states another'
