"""Parse the contacts of a row: their cells become fields of ContactDrafts.

The organization's own e-mail address and telephone number form a contact without a person, with the role `OFFICE_ROLE`.
ContactDraft then decides its audience, as for every contact.
"""

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.draft_parts import OFFICE_ROLES, is_office_mailbox
from directory.errors import BadInput
from directory.text import fold, has_single_case
from directory.vocabulary.regions import HOME_COUNTRY
from seed.clean.cleaning_log import CleaningLog, DraftPath
from seed.clean.values import choices
from seed.clean.values.letter_case import recase_name
from seed.clean.values.online_addresses import Mailbox, parse_mailboxes
from seed.clean.values.plain_text import FlatTexts, GroupTexts, join_text, name_group
from seed.clean.values.telephone_labels import CELL, DIRECT
from seed.clean.values.telephones import Telephone, parse_telephones
from seed.clean.values.terms import find_terms

OFFICE_ROLE = "Office"
OFFICE_FIELDS = {"email": "email", "phone": "phone"}  # contact field to flat field, for the organization's own contact
_NAME_IGNORED = "name next to the address removed"
_NAME_PARTS = frozenset({"name", "first_name", "last_name"})
_IDENTIFYING_PARTS = ("name", "role", "email", "phone")  # a contact has at least one of these
_PARTS = ("name", "role", "email", "phone", "phone_extension", "languages", "audience")


def parse_contacts(groups: GroupTexts, cells: FlatTexts, country: str, log: CleaningLog) -> dict[str, object]:
    """Return `contacts`; {} if there are none.

    The organization's own contact comes first, then those of `groups`, which are numbered, then further addresses and numbers of
    these. `country` is that of telephone numbers without a country code.
    """
    own: dict[str, str | None] = {part: join_text(cells[part]) or None for part in OFFICE_FIELDS if part in cells}
    parsed = parse_office_contact(own, OFFICE_FIELDS, ("contacts", 0), log, country) if any(own.values()) else []
    contacts, further, sources = parsed[:1], parsed[1:], [OFFICE_FIELDS] * len(parsed[1:])
    for number, flat in groups.items():
        prefix = name_group("contact", number)
        fields = {part: f"{prefix}.{part}" for part in flat}
        path = ("contacts", len(contacts))
        parsed = parse_contact(flat, fields, path, log, country) if any(flat.values()) else []
        contacts += parsed[:1]
        further += parsed[1:]
        sources += [fields] * len(parsed[1:])
    for position, (contact, source) in enumerate(zip(further, sources, strict=True), start=len(contacts)):
        for part in contact.keys() & source.keys():
            log.set_path_heading(("contacts", position, part), source[part])
    return {"contacts": [*contacts, *further]} if contacts else {}


class ContactCells(Struct):
    """One contact during parsing: its texts (None clears), the flat fields they came from, and the fields parsed so far."""

    texts: Mapping[str, str | None]
    fields: Mapping[str, str]
    path: DraftPath
    log: CleaningLog
    parsed_fields: dict[str, object]

    def set_heading(self, part: str) -> DraftPath:
        path = (*self.path, part)
        self.log.set_path_heading(path, self.fields[part])
        return path


def parse_contact(
    texts: Mapping[str, str | None], fields: Mapping[str, str], path: DraftPath, log: CleaningLog, country: str = HOME_COUNTRY
) -> list[dict[str, object]]:
    """Return the contact, and one more for each further address or number in its cells; [] if it has no identifying part.

    The first number without a label belongs to the contact itself.

    `fields` leads from the field within the contact to the flat field. `country` is that of numbers without a country code.
    """
    person = ContactCells(
        texts, fields, path, log, {part: None for part, text in texts.items() if text is None and part in _PARTS}
    )
    if not _NAME_PARTS.isdisjoint(texts):
        _parse_name(person)
    for part in ("role", "phone_extension"):
        if text := texts.get(part):
            person.set_heading(part)
            person.parsed_fields[part] = text
    _read_office_name_as_role(person)
    mailboxes = _parse_mailboxes(person)
    telephones = _parse_telephones(person, country)
    if person.parsed_fields.get("phone_extension") and not person.parsed_fields.get("phone"):
        _report_unassigned_part(person, "phone_extension")
        del person.parsed_fields["phone_extension"]
    _parse_languages(person)
    _parse_audience(person)
    further = _build_further_contacts(person.parsed_fields, mailboxes[1:], telephones) if mailboxes[1:] or telephones else []
    if not any(map(person.parsed_fields.get, _IDENTIFYING_PARTS)):
        _report_unassigned_part(person, "languages")
        return further
    return list(_separate_office_mailboxes([person.parsed_fields, *further])) if further else [person.parsed_fields]


def parse_office_contact(
    texts: Mapping[str, str | None], fields: Mapping[str, str], path: DraftPath, log: CleaningLog, country: str = HOME_COUNTRY
) -> list[dict[str, object]]:
    """Return the organization's own contact, like `parse_contact`. Names are removed, because an office is not a person.

    An e-mail address that may be a person's gets a contact of its own, so that only it is shown to fewer people.
    """
    contacts = parse_contact(texts, fields, path, log, country)
    names = [contact.pop("name", None) for contact in contacts]
    if any(names):
        addresses = [contact["email"] for contact in contacts if "email" in contact]
        log.add_repair(fields["email"], str(texts["email"]), addresses, (_NAME_IGNORED,))
    return [{"role": OFFICE_ROLE, **part} for contact in contacts for part in _separate_person_mailbox(contact)]


def _separate_office_mailboxes(contacts: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    """Yield the contacts. If a named person has an address of their own, an office's address in the same cell is not theirs."""
    emails = [str(contact["email"]) for contact in contacts if contact.get("name") and contact.get("email")]
    if all(map(is_office_mailbox, emails)):
        yield from contacts
        return
    for contact in contacts:
        email = contact.get("email")
        if not contact.get("name") or not isinstance(email, str) or not is_office_mailbox(email):
            yield contact
            continue
        if contact is contacts[0] or contact.get("phone"):
            yield {part: value for part, value in contact.items() if part != "email"}
        shared: dict[str, object] = {part: contact[part] for part in ("audience", "languages") if part in contact}
        yield {**shared, "role": OFFICE_ROLE, "email": email}


def _separate_person_mailbox(contact: dict[str, object]) -> list[dict[str, object]]:
    """Return the contact, or one with the number and one with the address if that may be a person's."""
    email, phone = contact.get("email"), contact.get("phone")
    if not isinstance(email, str) or phone is None or is_office_mailbox(email) or contact.get("audience") is not None:
        return [contact]
    return [{part: value for part, value in contact.items() if part != "email"}, {"email": email}]


def _report_unassigned_part(person: ContactCells, part: str) -> None:
    if text := person.texts.get(part):
        person.log.add_repair(person.fields[part], text, "", ("removed: it belongs to no name, address or number",))


def _parse_name(person: ContactCells) -> None:
    parts = [person.texts.get("first_name"), person.texts.get("last_name")]
    part = "name" if person.texts.get("name") else "first_name" if parts[0] else "last_name"
    whole, last = person.texts.get("name"), parts[1] or ""
    is_given_name = bool(whole and last) and fold(last) not in fold(whole or "")  # "Nombre" and "Apellido"
    text = f"{whole} {last}" if is_given_name else whole or " ".join(name for name in parts if name)
    if not text:
        return
    person.log.set_path_heading((*person.path, "name"), person.fields[part])
    cased = recase_name(text) if has_single_case(text) else text
    if cased != text:
        person.log.add_repair(person.fields[part], text, cased, ("ALL CAPS" if text.isupper() else "all lower case",))
    person.parsed_fields["name"] = cased


def _read_office_name_as_role(person: ContactCells) -> None:
    """Read a name such as "Front desk" as the role, unless the contact has one. It names no person."""
    name = person.parsed_fields.get("name")
    if not isinstance(name, str) or fold(name) not in OFFICE_ROLES:
        return
    del person.parsed_fields["name"]
    role = person.parsed_fields.get("role") or name
    person.parsed_fields["role"] = role
    part = next(part for part in ("name", "first_name", "last_name") if person.texts.get(part))
    person.log.add_repair(person.fields[part], name, str(role), ("read as a role: it names no person",))


def _parse_mailboxes(person: ContactCells) -> tuple[Mailbox, ...]:
    if not (text := person.texts.get("email")):
        return ()
    mailboxes = person.log.parse_field(person.fields["email"], (*person.path, "email"), text, parse_mailboxes) or ()
    if mailboxes:
        person.parsed_fields["email"] = mailboxes[0].email
        if mailboxes[0].name and "name" not in person.parsed_fields:
            person.parsed_fields["name"] = mailboxes[0].name
            person.log.set_path_heading((*person.path, "name"), person.fields["email"])
    return mailboxes


def _parse_telephones(person: ContactCells, country: str) -> tuple[Telephone, ...]:
    if not (text := person.texts.get("phone")):
        return ()
    telephones = person.log.parse_field(person.fields["phone"], (*person.path, "phone"), text, parse_telephones, country) or ()
    if person.texts.get("name") or person.texts.get("first_name"):  # a person's own number needs no contact of its own
        telephones = tuple(replace(phone, label=None) if phone.label in (CELL, DIRECT) else phone for phone in telephones)
    main = next((telephone for telephone in telephones if not telephone.label), None)
    if main is None:
        return telephones
    person.parsed_fields["phone"] = main.number
    if main.extension and not person.parsed_fields.get("phone_extension"):
        person.parsed_fields["phone_extension"] = main.extension
    return tuple(telephone for telephone in telephones if telephone != main)


def _parse_languages(person: ContactCells) -> None:
    if not (text := person.texts.get("languages")):
        return
    path = person.set_heading("languages")
    try:
        meanings = person.log.values.call(find_terms, text, "languages", person.log.values)
    except BadInput as error:
        person.log.add_problem(path, error)
        return
    if languages := [slug for _, meaning in meanings for _, slug in meaning.terms]:
        person.parsed_fields["languages"] = languages
    for tag, meaning in meanings:
        if meaning.is_unknown:
            person.log.add_unknown_term(tag, meaning.suggestions)


def _parse_audience(person: ContactCells) -> None:
    if text := person.texts.get("audience"):
        audience = person.log.parse_field(person.fields["audience"], (*person.path, "audience"), text, choices.parse_audience)
        if audience:
            person.parsed_fields["audience"] = audience


def _build_labelled_contact(shared: Mapping[str, object], telephone: Telephone) -> dict[str, object]:
    role = f"{shared['role']}, {telephone.label}" if "role" in shared else telephone.label
    extension = {"phone_extension": telephone.extension} if telephone.extension else {}
    return {**shared, "role": role, "phone": telephone.number, **extension}


def _build_further_contacts(
    first: Mapping[str, object], mailboxes: tuple[Mailbox, ...], telephones: tuple[Telephone, ...]
) -> list[dict[str, object]]:
    """Return a contact of the same person or office for each further pair of address and number.

    A number with a label, such as "Fax", has a contact of its own with the label in its role.
    """
    shared = {part: first[part] for part in ("name", "role", "languages", "audience") if first.get(part) is not None}
    contacts = [_build_labelled_contact(shared, telephone) for telephone in telephones if telephone.label]
    telephones = tuple(telephone for telephone in telephones if not telephone.label)
    for mailbox, telephone in zip_longest(mailboxes, telephones):
        contact: dict[str, object] = dict(shared)
        if mailbox:
            contact |= {"email": mailbox.email} | ({"name": mailbox.name} if mailbox.name else {})
        if telephone:
            contact |= {"phone": telephone.number} | ({"phone_extension": telephone.extension} if telephone.extension else {})
        contacts.append(contact)
    return contacts
