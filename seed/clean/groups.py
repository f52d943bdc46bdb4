"""The places and contacts of a row, gathered from its numbered columns."""

from collections.abc import Mapping

from seed.clean import contacts, places
from seed.clean.areas import HOME_COUNTRY
from seed.clean.cells import FlatTexts, get_group_field, join_text
from seed.clean.findings import CleaningLog

_OFFICE_FIELDS = {"email": "email", "phone": "phone"}  # what is the organization's own of a contact, and its flat field


def parse_locations(cells: FlatTexts, log: CleaningLog) -> dict[str, object]:
    """`locations`, in the order of their numbers, those without anything left out; {} where there are none."""
    found: list[dict[str, object]] = []
    for number, flat in _group_texts(cells, "location").items():
        if any(text is not None for text in flat.values()):
            place = places.parse_location(flat, _group_prefix("location", number), ("locations", len(found)), log)
            found += [place] if any(value is not None for value in place.values()) else []
    return {"locations": found} if found else {}


def parse_contacts(cells: FlatTexts, country: str, log: CleaningLog) -> dict[str, object]:
    """`contacts`: the organization's own, then persons by their numbers, then further addresses and numbers of these."""
    own: dict[str, str | None] = {part: join_text(cells[part]) or None for part in _OFFICE_FIELDS if part in cells}
    read = contacts.parse_office_contact(own, _OFFICE_FIELDS, ("contacts", 0), log, country) if any(own.values()) else []
    found, more, sources = read[:1], read[1:], [_OFFICE_FIELDS] * len(read[1:])
    for number, flat in _group_texts(cells, "contact").items():
        fields = {part: f"{_group_prefix('contact', number)}.{part}" for part in flat}
        read = contacts.parse_contact(flat, fields, ("contacts", len(found)), log, country) if any(flat.values()) else []
        found += read[:1]
        more += read[1:]
        sources += [fields] * len(read[1:])
    for position, (contact, source) in enumerate(zip(more, sources, strict=True), start=len(found)):
        for part in contact.keys() & source.keys():
            log.set_path_heading(("contacts", position, part), source[part])
    return {"contacts": [*found, *more]} if found else {}


def find_country_and_state(draft_fields: Mapping[str, object]) -> tuple[str, str | None]:
    """The country and the state (region code) of the first place: where numbers are dialled and what "statewide" means."""
    locations = draft_fields.get("locations")
    if not (isinstance(locations, list) and locations):
        return HOME_COUNTRY, None
    country = locations[0].get("country")
    return country if isinstance(country, str) and len(country) == 2 else HOME_COUNTRY, places.find_state_code(locations[0])


def _group_texts(cells: FlatTexts, group: str) -> dict[int, dict[str, str | None]]:
    """The texts of a group's fields, by its number and the field within it, in order."""
    found: dict[int, dict[str, str | None]] = {}
    for field, value in cells.items():
        part = get_group_field(field)
        if part and part[0] == group:
            found.setdefault(part[1], {})[part[2]] = None if value is None else join_text(value)
    return dict(sorted(found.items()))


def _group_prefix(group: str, number: int) -> str:
    return f"{group}{number + 1}" if number else group
