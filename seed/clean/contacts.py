"""The contacts of a row: cells to the fields of ContactDrafts, only those that are stated.

The organization's own e-mail address and telephone number are one contact without a person, whose role is OFFICE: whom it is
shown to is then decided as for every contact, by ContactDraft.
"""

from collections.abc import Mapping
from itertools import zip_longest

from directory.errors import BadInput
from seed.clean import choices
from seed.clean.areas import HOME
from seed.clean.casing import in_one_case
from seed.clean.findings import Findings, Path
from seed.clean.mailboxes import Mailbox, mailboxes
from seed.clean.names import title_cased
from seed.clean.telephones import Telephone, telephones
from seed.clean.terms import meaning, tags

OFFICE = "Office"
_NAME_LEFT_OUT = "the name beside the address left out"
_SAYING = ("name", "role", "email", "phone")  # a contact says one of these at least


class Person:
    """One contact while it is read: its texts (None clears), the fields they stand in, and what comes of them."""

    def __init__(self, texts: Mapping[str, str | None], fields: Mapping[str, str], path: Path, findings: Findings) -> None:
        self.texts, self.fields, self.path, self.findings = texts, fields, path, findings
        self.found: dict[str, object] = {part: None for part, text in texts.items() if text is None and part in _PARTS}

    def place(self, part: str) -> Path:
        path = (*self.path, part)
        self.findings.place(path, self.fields[part])
        return path


_PARTS = ("name", "role", "email", "phone", "phone_extension", "languages", "audience")


def contact(
    texts: Mapping[str, str | None], fields: Mapping[str, str], path: Path, findings: Findings, country: str = HOME
) -> list[dict[str, object]]:
    """The contact, and one more for every further address or number in its cells; [] where nothing of it is stated.

    `fields` are the flat fields by the field within the contact. `country` is that of numbers without a country code.
    """
    person = Person(texts, fields, path, findings)
    _name(person)
    for part in ("role", "phone_extension"):
        if text := texts.get(part):
            person.place(part)
            person.found[part] = text
    boxes = _mailboxes(person)
    numbers = _telephones(person, country)
    _languages(person)
    _audience(person)
    if all(person.found.get(part) is None for part in _SAYING):
        _tell_what_belongs_to_nobody(person)
        return []
    return [person.found, *_more(person.found, boxes[1:], numbers[1:])]


def office(
    texts: Mapping[str, str | None], fields: Mapping[str, str], path: Path, findings: Findings, country: str = HOME
) -> list[dict[str, object]]:
    """The organization's own address and number, as `contact`. A name beside an address is left out: here is no person."""
    found = contact(texts, fields, path, findings, country)
    named = [one.pop("name", None) for one in found]
    if any(named):
        findings.repair(fields["email"], str(texts["email"]), [one.get("email") for one in found], (_NAME_LEFT_OUT,))
    return [{"role": OFFICE, **one} for one in found]


def _tell_what_belongs_to_nobody(person: Person) -> None:
    for part in ("phone_extension", "languages"):
        if text := person.texts.get(part):
            person.findings.repair(person.fields[part], text, "", ("belongs to no name, address or number, left out",))


def _name(person: Person) -> None:
    parts = [person.texts.get("first_name"), person.texts.get("last_name")]
    part = "name" if person.texts.get("name") else "first_name" if parts[0] else "last_name"
    text = person.texts.get("name") or " ".join(name for name in parts if name)
    if not text:
        return
    person.findings.place((*person.path, "name"), person.fields[part])
    cased = title_cased(text) if in_one_case(text) else text
    if cased != text:
        person.findings.repair(person.fields[part], text, cased, ("ALL CAPS" if text.isupper() else "all lower case",))
    person.found["name"] = cased


def _mailboxes(person: Person) -> tuple[Mailbox, ...]:
    if not (text := person.texts.get("email")):
        return ()
    found = person.findings.read(person.fields["email"], (*person.path, "email"), text, mailboxes) or ()
    if found:
        person.found["email"] = found[0].email
        if found[0].name and "name" not in person.found:
            person.found["name"] = found[0].name
            person.findings.place((*person.path, "name"), person.fields["email"])
    return found


def _telephones(person: Person, country: str) -> tuple[Telephone, ...]:
    if not (text := person.texts.get("phone")):
        return ()
    reading = (lambda cell: telephones(cell, country)) if country != HOME else telephones
    found = person.findings.read(person.fields["phone"], (*person.path, "phone"), text, reading) or ()
    if found:
        person.found["phone"] = found[0].number
        if found[0].extension and not person.found.get("phone_extension"):
            person.found["phone_extension"] = found[0].extension
    return found


def _languages(person: Person) -> None:
    if not (text := person.texts.get("languages")):
        return
    path = person.place("languages")
    try:
        read = [(tag, meaning(tag, "languages")) for tag in tags(text, "languages")]
    except BadInput as refusal:
        person.findings.refuse(path, refusal)
        return
    if spoken := [term for _, meant in read for _, term in meant.terms]:
        person.found["languages"] = spoken
    for tag, meant in read:
        if meant.is_unknown:
            person.findings.unknown_term(tag, meant.nearest)


def _audience(person: Person) -> None:
    if text := person.texts.get("audience"):
        found = person.findings.read(person.fields["audience"], (*person.path, "audience"), text, choices.audience)
        if found:
            person.found["audience"] = found


def _more(first: Mapping[str, object], boxes: tuple[Mailbox, ...], numbers: tuple[Telephone, ...]) -> list[dict[str, object]]:
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
