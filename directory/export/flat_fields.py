"""The flat fields of a record: the columns of a table that an export writes and an import reads, and the kind of text in each."""

import re
from enum import StrEnum

from directory import fields

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
