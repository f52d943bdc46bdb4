"""A row: one organization as a file states it, on its way from the reader to the plan."""

import datetime as dt
from collections.abc import Iterable, Mapping

from msgspec import Struct

from directory.drafts.problems import Problem


class Repair(Struct, frozen=True):
    """What was put right in one value on the way: `column` is the file's own heading, or a field where it has none."""

    column: str
    before: str
    after: str
    reason: str = ""  # a few words, such as "ALL CAPS" or "zero in front restored"


class Row(Struct, frozen=True):
    """`stated` is what the row says, and nothing else: a field that is not in it stays as it is kept; None or [] clears it.

    A reader of tables states flat fields (fields.py) as text; cleaning turns these into fields of an OrganizationDraft. Readers
    of structured formats state those at once. Beside them stand `id` (of a record that is kept, or the one to be given) and
    `same_as` (a person's answer to whom a doubtful row is about: the id or slug of a record, or "new").

    `file` and `number` (from 1, as a person counts the lines of a table or the records of a file) tell where it stands.
    `cells` is the row as it was read, by heading, for reports and for the file of refused rows.
    """

    file: str
    number: int
    fields: Mapping[str, object]
    cells: Mapping[str, str] = {}
    repairs: tuple[Repair, ...] = ()
    problems: tuple[Problem, ...] = ()  # found on the way; a row with one is refused
    source_id: str | None = None  # the source's own number of the record: a second import with it is an update
    as_of: dt.date | None = None  # the day on which the source says this held, where it says so row by row
    columns: Mapping[str, str] = {}  # flat field or draft field to the heading it came from, for problems
    fallback_fields: Mapping[
        str, object
    ] = {}  # draft fields that count only where nobody else has stated them, as in a new record
    unknown_terms: Mapping[str, tuple[str, ...]] = {}  # tags as written that no vocabulary knows, with the nearest slugs


class Table(Struct, frozen=True):
    """`headings` is None where the file has none. `rows` may be iterated once: each a number and the text of its cells.

    Numbers are those of the spreadsheet's rows or the file's records as a person counts them, the line of headings included; rows
    without any text are left out and keep their number. Cells are as many as headings, "" where empty. Numbers of spreadsheets
    are text without a fraction of zero ("2134", not "2134.0"), dates are ISO 8601.
    `notes` are sentences on what the reader found and assumed: encoding, delimiter, sheet, broken quotes.
    """

    file: str
    headings: tuple[str, ...] | None
    rows: Iterable[tuple[int, tuple[str, ...]]]
    notes: tuple[str, ...] = ()
