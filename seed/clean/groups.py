"""The places and contacts of a row, gathered from its numbered columns."""

from collections.abc import Mapping

from seed.clean import contacts, places
from seed.clean.areas import HOME
from seed.clean.cells import Texts, one, part_of
from seed.clean.findings import Findings

_OFFICE = {"email": "email", "phone": "phone"}  # what is the organization's own of a contact, and its flat field


def located(cells: Texts, findings: Findings) -> dict[str, object]:
    """`locations`, in the order of their numbers, those without anything left out; {} where there are none."""
    found: list[dict[str, object]] = []
    for number, flat in _grouped(cells, "location").items():
        if any(text is not None for text in flat.values()):
            place = places.location(flat, _prefix("location", number), ("locations", len(found)), findings)
            found += [place] if any(value is not None for value in place.values()) else []
    return {"locations": found} if found else {}


def reached(cells: Texts, country: str, findings: Findings) -> dict[str, object]:
    """`contacts`: the organization's own, then persons by their numbers, then further addresses and numbers of these."""
    own: dict[str, str | None] = {part: one(cells[part]) or None for part in _OFFICE if part in cells}
    read = contacts.office(own, _OFFICE, ("contacts", 0), findings, country) if any(own.values()) else []
    found, more, sources = read[:1], read[1:], [_OFFICE] * len(read[1:])
    for number, flat in _grouped(cells, "contact").items():
        fields = {part: f"{_prefix('contact', number)}.{part}" for part in flat}
        read = contacts.contact(flat, fields, ("contacts", len(found)), findings, country) if any(flat.values()) else []
        found += read[:1]
        more += read[1:]
        sources += [fields] * len(read[1:])
    for position, (contact, source) in enumerate(zip(more, sources, strict=True), start=len(found)):
        for part in contact.keys() & source.keys():
            findings.place(("contacts", position, part), source[part])
    return {"contacts": [*found, *more]} if found else {}


def standing(stated: Mapping[str, object]) -> tuple[str, str | None]:
    """The country and the state (region code) of the first place: where numbers are dialled and what "statewide" means."""
    locations = stated.get("locations")
    if not (isinstance(locations, list) and locations):
        return HOME, None
    country = locations[0].get("country")
    return country if isinstance(country, str) and len(country) == 2 else HOME, places.state_code(locations[0])


def _grouped(cells: Texts, group: str) -> dict[int, dict[str, str | None]]:
    """The texts of a group's fields, by its number and the field within it, in order."""
    found: dict[int, dict[str, str | None]] = {}
    for field, value in cells.items():
        part = part_of(field)
        if part and part[0] == group:
            found.setdefault(part[1], {})[part[2]] = None if value is None else one(value)
    return dict(sorted(found.items()))


def _prefix(group: str, number: int) -> str:
    return f"{group}{number + 1}" if number else group
