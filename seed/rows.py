"""A row: one organization as a file states it, passed from the reader to the plan."""

import datetime as dt
from collections.abc import Iterable, Mapping

from msgspec import Struct

from directory.drafts.problems import Problem


class Repair(Struct, frozen=True, gc=False):
    """A correction that was made to one value. `column` is the file's own heading, or a field if the file has no headings."""

    column: str
    before: str
    after: str
    reason: str = ""  # a few words, such as "ALL CAPS"


class Row(Struct, frozen=True, gc=False):
    """One organization as a file states it.

    `fields` holds only what the row states. A field that is missing from it keeps its stored value; None or [] clears it. Readers
    of tables state flat fields (directory/export/flat_fields.py) as text, and cleaning turns these into fields of an
    OrganizationDraft. Readers of structured formats state draft fields directly. There may also be an `id` (of a stored record,
    or for a new one) and `same_as` (a person's answer to which record the row refers to: an id or slug, or "new").

    `file` and `number` locate the row. Numbers count from 1, as a person counts the lines of a table or the records of a file.
    `cells` is the row as it was read, by heading, for reports and corrections files. `is_person`: the row is about a person, and
    its fields are the name of an organization and one of its contacts. `may_be_person`: the name is that of a person, and nothing
    else says whether the row is about an organization.
    """

    file: str
    number: int
    fields: Mapping[str, object]
    cells: Mapping[str, str] = {}
    repairs: tuple[Repair, ...] = ()
    problems: tuple[Problem, ...] = ()  # of values that are not in `fields`; some of them reject the row (row_statement.py)
    source_id: str | None = None  # the source's id of the record: the next import finds the record by it
    as_of: dt.date | None = None  # the day that the row describes, if the source states it for each row
    columns: Mapping[str, str] = {}  # heading of each flat or draft field, for problems
    fallback_fields: Mapping[str, object] = {}  # draft fields that count only if no other source states them
    unknown_terms: Mapping[str, tuple[str, ...]] = {}  # tags that are in no vocabulary, with the most similar slugs
    is_person: bool = False
    may_be_person: bool = False


class Table(Struct, frozen=True):
    """A table of text. `headings` is None when the file has none. `rows` may be iterated once.

    Each row has its number and the text of its cells. Numbers count from 1 as a person counts the rows of the file, including the
    headings. Rows without text are left out, but counted. There are as many cells as headings; empty ones are "". Numbers from
    spreadsheets have no fraction of zero ("2134", not "2134.0"), and dates are ISO 8601.
    `notes` are sentences on what the reader detected: encoding, delimiter, sheet, broken quotation marks.
    `titles` say what the table lists: the name of its sheet and the lines above the headings. `sections` are headings within the
    list, which are not among the rows: their number and text.
    """

    file: str
    headings: tuple[str, ...] | None
    rows: Iterable[tuple[int, tuple[str, ...]]]
    notes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    sections: tuple[tuple[int, str], ...] = ()
