"""The flat fields that a column of a table can hold, and what kind of text stands in each.

Places and contacts are numbered from the second on: `location.city`, `location2.city`, `contact3.email`.
`link:KIND` and `identifier:SCHEME` carry what they are: `link:instagram`, `identifier:US-EIN`.
"""

import re
from enum import StrEnum

GROUPS = ("location", "contact")
_NUMBERED = re.compile(rf"({'|'.join(GROUPS)})([2-9]|[1-9]\d)?\.(\w+)")


class Kind(StrEnum):
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


FIELDS: dict[str, Kind] = {
    "id": Kind.ID,
    "slug": Kind.ID,
    "same_as": Kind.ID,  # Row.stated's own
    "source_id": Kind.ID,  # becomes Row.source_id
    "as_of": Kind.DATE,  # becomes Row.as_of
    "name": Kind.NAME,
    "legal_name": Kind.NAME,  # these become `names` of their kinds; several in one cell where the column is split
    "acronym": Kind.NAME,
    "short_name": Kind.NAME,
    "former_name": Kind.NAME,
    "translated_name": Kind.NAME,
    "also_known_as": Kind.NAME,
    "kind": Kind.CHOICE,
    "summary": Kind.LINE,
    "description": Kind.PARAGRAPHS,
    "founded": Kind.YEAR,
    "website": Kind.URL,
    "languages": Kind.TERMS,
    "issue_areas": Kind.TERMS,
    "communities": Kind.TERMS,
    "work_areas": Kind.TERMS,
    "tags": Kind.TERMS,  # of any of the three vocabularies above
    "service_areas": Kind.REGIONS,
    "membership.status": Kind.CHOICE,
    "membership.joined_on": Kind.DATE,
    "membership.ended_on": Kind.DATE,
    "email": Kind.EMAIL,  # the organization's own: a contact without a person
    "phone": Kind.PHONE,
    "parent": Kind.ID,
    "audience": Kind.CHOICE,
    "verified_at": Kind.DATE,
    "verification_method": Kind.CHOICE,
    "rest": Kind.JSON,  # of our own exports: draft fields that plain columns cannot hold
}
GROUPED: dict[str, Kind] = {
    "location.name": Kind.NAME,
    "location.address": Kind.ADDRESS,
    "location.street": Kind.STREET,
    "location.street2": Kind.STREET,  # suite, floor: joined to the street
    "location.city": Kind.NAME,
    "location.county": Kind.COUNTY,
    "location.state": Kind.STATE,
    "location.postal_code": Kind.POSTAL_CODE,
    "location.country": Kind.COUNTRY,
    "location.latitude": Kind.NUMBER,
    "location.longitude": Kind.NUMBER,
    "location.disclosure": Kind.CHOICE,
    "contact.name": Kind.NAME,
    "contact.first_name": Kind.NAME,
    "contact.last_name": Kind.NAME,
    "contact.role": Kind.LINE,
    "contact.email": Kind.EMAIL,
    "contact.phone": Kind.PHONE,
    "contact.phone_extension": Kind.LINE,
    "contact.languages": Kind.TERMS,
    "contact.audience": Kind.CHOICE,
}


def kind(field: str) -> Kind | None:
    """What stands in a flat field; None for a field that is none."""
    if field.startswith("link:") and len(field) > len("link:"):
        return Kind.URL
    if field.startswith("identifier:") and len(field) > len("identifier:"):
        return Kind.IDENTIFIER
    numbered = _NUMBERED.fullmatch(field)
    return GROUPED.get(f"{numbered[1]}.{numbered[3]}") if numbered else FIELDS.get(field)


def parted(field: str) -> tuple[str, int, str] | None:
    """The group, the position from 0 and the field within it: `location2.city` is ("location", 1, "city").

    None outside groups.
    """
    numbered = _NUMBERED.fullmatch(field)
    return (numbered[1], int(numbered[2] or 1) - 1, numbered[3]) if numbered else None
