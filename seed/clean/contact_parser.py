"""The contacts of a row: cells to the fields of ContactDrafts, only those that are stated.

The organization's own e-mail address and telephone number are one contact without a person, whose role is OFFICE: whom it is
shown to is then decided as for every contact, by ContactDraft.
"""

from collections.abc import Mapping
from itertools import zip_longest

from directory.errors import BadInput
from seed.clean.cleaning_log import CleaningLog, DraftPath
from seed.clean.values import choices
from seed.clean.values.areas import HOME_COUNTRY
from seed.clean.values.contact_points import Mailbox, Telephone, parse_mailboxes, parse_telephones
from seed.clean.values.letter_case import has_single_case, recase_name
from seed.clean.values.terms import find_term, split_tags

OFFICE_ROLE = "Office"
_NAME_IGNORED = "the name beside the address left out"
_IDENTIFYING_PARTS = ("name", "role", "email", "phone")  # a contact says one of these at least


class ContactParser:
    """One contact while it is read: its texts (None clears), the fields they stand in, and what comes of them."""

    def __init__(self, texts: Mapping[str, str | None], fields: Mapping[str, str], path: DraftPath, log: CleaningLog) -> None:
        self.texts, self.fields, self.path, self.log = texts, fields, path, log
        self.parsed_fields: dict[str, object] = {part: None for part, text in texts.items() if text is None and part in _PARTS}

    def set_heading(self, part: str) -> DraftPath:
        path = (*self.path, part)
        self.log.set_path_heading(path, self.fields[part])
        return path


_PARTS = ("name", "role", "email", "phone", "phone_extension", "languages", "audience")


def parse_contact(
    texts: Mapping[str, str | None], fields: Mapping[str, str], path: DraftPath, log: CleaningLog, country: str = HOME_COUNTRY
) -> list[dict[str, object]]:
    """The contact, and one more for every further address or number in its cells; [] where nothing of it is stated.

    `fields` are the flat fields by the field within the contact. `country` is that of numbers without a country code.
    """
    person = ContactParser(texts, fields, path, log)
    _parse_name(person)
    for part in ("role", "phone_extension"):
        if text := texts.get(part):
            person.set_heading(part)
            person.parsed_fields[part] = text
    boxes = _parse_mailboxes(person)
    numbers = _parse_telephones(person, country)
    _parse_languages(person)
    _parse_audience(person)
    if all(person.parsed_fields.get(part) is None for part in _IDENTIFYING_PARTS):
        _report_unassigned_parts(person)
        return []
    return [person.parsed_fields, *_build_further_contacts(person.parsed_fields, boxes[1:], numbers[1:])]


def parse_office_contact(
    texts: Mapping[str, str | None], fields: Mapping[str, str], path: DraftPath, log: CleaningLog, country: str = HOME_COUNTRY
) -> list[dict[str, object]]:
    """The organization's own address and number, as `contact`. A name beside an address is left out: here is no person."""
    found = parse_contact(texts, fields, path, log, country)
    named = [one.pop("name", None) for one in found]
    if any(named):
        log.add_repair(fields["email"], str(texts["email"]), [one.get("email") for one in found], (_NAME_IGNORED,))
    return [{"role": OFFICE_ROLE, **one} for one in found]


def _report_unassigned_parts(person: ContactParser) -> None:
    for part in ("phone_extension", "languages"):
        if text := person.texts.get(part):
            person.log.add_repair(person.fields[part], text, "", ("belongs to no name, address or number, left out",))


def _parse_name(person: ContactParser) -> None:
    parts = [person.texts.get("first_name"), person.texts.get("last_name")]
    part = "name" if person.texts.get("name") else "first_name" if parts[0] else "last_name"
    text = person.texts.get("name") or " ".join(name for name in parts if name)
    if not text:
        return
    person.log.set_path_heading((*person.path, "name"), person.fields[part])
    cased = recase_name(text) if has_single_case(text) else text
    if cased != text:
        person.log.add_repair(person.fields[part], text, cased, ("ALL CAPS" if text.isupper() else "all lower case",))
    person.parsed_fields["name"] = cased


def _parse_mailboxes(person: ContactParser) -> tuple[Mailbox, ...]:
    if not (text := person.texts.get("email")):
        return ()
    found = person.log.parse_field(person.fields["email"], (*person.path, "email"), text, parse_mailboxes) or ()
    if found:
        person.parsed_fields["email"] = found[0].email
        if found[0].name and "name" not in person.parsed_fields:
            person.parsed_fields["name"] = found[0].name
            person.log.set_path_heading((*person.path, "name"), person.fields["email"])
    return found


def _parse_telephones(person: ContactParser, country: str) -> tuple[Telephone, ...]:
    if not (text := person.texts.get("phone")):
        return ()
    reading = (lambda cell: parse_telephones(cell, country)) if country != HOME_COUNTRY else parse_telephones
    found = person.log.parse_field(person.fields["phone"], (*person.path, "phone"), text, reading) or ()
    if found:
        person.parsed_fields["phone"] = found[0].number
        if found[0].extension and not person.parsed_fields.get("phone_extension"):
            person.parsed_fields["phone_extension"] = found[0].extension
    return found


def _parse_languages(person: ContactParser) -> None:
    if not (text := person.texts.get("languages")):
        return
    path = person.set_heading("languages")
    try:
        read = [(tag, find_term(tag, "languages")) for tag in split_tags(text, "languages")]
    except BadInput as refusal:
        person.log.add_problem(path, refusal)
        return
    if spoken := [term for _, meant in read for _, term in meant.terms]:
        person.parsed_fields["languages"] = spoken
    for tag, meant in read:
        if meant.is_unknown:
            person.log.add_unknown_term(tag, meant.suggestions)


def _parse_audience(person: ContactParser) -> None:
    if text := person.texts.get("audience"):
        found = person.log.parse_field(person.fields["audience"], (*person.path, "audience"), text, choices.parse_audience)
        if found:
            person.parsed_fields["audience"] = found


def _build_further_contacts(
    first: Mapping[str, object], boxes: tuple[Mailbox, ...], numbers: tuple[Telephone, ...]
) -> list[dict[str, object]]:
    """Further addresses and numbers of the same person or office, a contact each pair."""
    alike = {part: first[part] for part in ("name", "role", "languages", "audience") if first.get(part) is not None}
    found = []
    for box, number in zip_longest(boxes, numbers):
        more: dict[str, object] = dict(alike)
        if box:
            more |= {"email": box.email} | ({"name": box.name} if box.name else {})
        if number:
            more |= {"phone": number.number} | ({"phone_extension": number.extension} if number.extension else {})
        found.append(more)
    return found
