"""A row: one organization as a file states it, passed from the reader to the plan."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from directory import fields
from directory.drafts.problems import Problem


class Repair(Struct, frozen=True):
    """A correction that was made to one value. `column` is the file's own heading, or a field if the file has no headings."""

    column: str
    before: str
    after: str
    reason: str = ""  # a few words, such as "ALL CAPS"


class Row(Struct, frozen=True):
    """One organization as a file states it.

    `fields` holds only what the row states. A field that is missing from it keeps its stored value; None or [] clears it. Readers
    of tables state flat fields (flat_fields.py) as text, and cleaning turns these into fields of an OrganizationDraft. Readers of
    structured formats state draft fields directly. There may also be an `id` (of a stored record, or for a new one) and `same_as`
    (a person's answer to which record the row refers to: an id or slug, or "new").

    `file` and `number` locate the row. Numbers count from 1, as a person counts the lines of a table or the records of a file.
    `cells` is the row as it was read, by heading, for reports and corrections files. `is_person`: the row is about a person, and
    its fields are the name of an organization and one of its contacts.
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


GROUPS = ("location", "contact")
_GROUP_FIELD = re.compile(rf"({'|'.join(GROUPS)})([2-9]|[1-9]\d)?\.(\w+)")


class FieldKind(StrEnum):
    ID = "ID"
    NAME = "NAME"  # of an organization, a person, a city
    LINE = "LINE"
    PARAGRAPHS = "PARAGRAPHS"
    URL = "URL"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    YEAR = "YEAR"
    DATE = "DATE"
    NUMBER = "NUMBER"
    CHOICE = "CHOICE"  # one of an enumeration of records.py or geo.py
    TERMS = "TERMS"  # of a vocabulary; several
    REGIONS = "REGIONS"  # several
    ADDRESS = "ADDRESS"  # street, city, state and ZIP in one
    STREET = "STREET"
    STATE = "STATE"
    COUNTY = "COUNTY"
    POSTAL_CODE = "POSTAL_CODE"
    COUNTRY = "COUNTRY"
    IDENTIFIER = "IDENTIFIER"
    JSON = "JSON"


FIELDS: dict[str, FieldKind] = {
    "id": FieldKind.ID,
    "slug": FieldKind.ID,
    "same_as": FieldKind.ID,  # stays in Row.fields
    "source_id": FieldKind.ID,  # becomes Row.source_id
    "as_of": FieldKind.DATE,  # becomes Row.as_of
    "name": FieldKind.NAME,
    "legal_name": FieldKind.NAME,  # this and the next five become `names` of their kinds; a split column holds several
    "acronym": FieldKind.NAME,
    "short_name": FieldKind.NAME,
    "former_name": FieldKind.NAME,
    "translated_name": FieldKind.NAME,
    "also_known_as": FieldKind.NAME,
    **{name: FieldKind[field.form.name] for name, field in fields.FIELDS.items()},
    "tags": FieldKind.TERMS,  # of issue areas, communities or work areas
    "membership.status": FieldKind.CHOICE,
    "membership.joined_on": FieldKind.DATE,
    "membership.ended_on": FieldKind.DATE,
    "email": FieldKind.EMAIL,  # the organization's own: a contact without a person
    "phone": FieldKind.PHONE,
    "parent": FieldKind.ID,
    "audience": FieldKind.CHOICE,
    "verification_method": FieldKind.CHOICE,
    "rest": FieldKind.JSON,  # in our own exports: draft fields that plain columns cannot hold
}
GROUP_FIELDS: dict[str, FieldKind] = {
    "location.name": FieldKind.NAME,
    "location.address": FieldKind.ADDRESS,
    "location.street": FieldKind.STREET,
    "location.street2": FieldKind.STREET,  # suite, floor: joined to the street
    "location.city": FieldKind.NAME,
    "location.county": FieldKind.COUNTY,
    "location.state": FieldKind.STATE,
    "location.postal_code": FieldKind.POSTAL_CODE,
    "location.country": FieldKind.COUNTRY,
    "location.latitude": FieldKind.NUMBER,
    "location.longitude": FieldKind.NUMBER,
    "location.disclosure": FieldKind.CHOICE,
    "contact.name": FieldKind.NAME,
    "contact.first_name": FieldKind.NAME,
    "contact.last_name": FieldKind.NAME,
    "contact.role": FieldKind.LINE,
    "contact.email": FieldKind.EMAIL,
    "contact.phone": FieldKind.PHONE,
    "contact.phone_extension": FieldKind.LINE,
    "contact.languages": FieldKind.TERMS,
    "contact.audience": FieldKind.CHOICE,
}


def find_field_kind(field: str) -> FieldKind | None:
    """Return the kind of text in a flat field; None when there is no such field."""
    if field.startswith("link:") and len(field) > len("link:"):
        return FieldKind.URL
    if field.startswith("identifier:") and len(field) > len("identifier:"):
        return FieldKind.IDENTIFIER
    numbered = _GROUP_FIELD.fullmatch(field)
    return GROUP_FIELDS.get(f"{numbered[1]}.{numbered[3]}") if numbered else FIELDS.get(field)


def parse_group_field(field: str) -> tuple[str, int, str] | None:
    """Return the group, the position from 0 and the field in the group: ("location", 1, "city") for `location2.city`.

    None when the field belongs to no group.
    """
    numbered = _GROUP_FIELD.fullmatch(field)
    return (numbered[1], int(numbered[2] or 1) - 1, numbered[3]) if numbered else None
