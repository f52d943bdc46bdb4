"""The people, telephone numbers and e-mail addresses of an HSDS organization as flat fields (seed/fields.py).

Who may see them is left to ContactDraft. A number or address that stands at a place or a service does not say which: places may
be withheld, and a place's name tells where it is.
"""

import re
from collections.abc import Iterable, Iterator

from directory.text import fold
from seed.readers.hsds_places import locations
from seed.readers.hsds_values import Object, below, objects, text, unique
from seed.rows import Repair

MOST = 99  # contacts that flat fields can number
_ROLES = {"hotline": "Hotline", "tty": "TTY", "textphone": "TTY", "sms": "Text messages", "text": "Text messages"}  # by type
_QUOTES = "\"'“”‘’ "

Flat = dict[str, str]


def services(organization: Object) -> list[Object]:
    """Each service once: the organization's own, and those that stand at its places."""
    return unique([*objects(organization.get("services")), *below(objects(organization.get("locations")), "services")])


def owners(organization: Object) -> list[Object]:
    """All that may have contacts, telephone numbers, languages and attributes: the organization first."""
    offered = services(organization)
    return [organization, *offered, *locations(organization), *unique(below(offered, "service_at_locations"))]


def contacts(organization: Object, repairs: list[Repair]) -> tuple[Flat, list[Flat]]:
    """The organization's own `email` and `phone`, and the fields of each contact, without "contact." before them."""
    phones = unique(objects(organization.get("phones")))
    plain = [one for one in phones if not _role(one)]
    office = {"email": text(organization.get("email")), "phone": "\n".join(_numbers(plain, repairs))}
    told = [_person(one, repairs) for one in unique(below(owners(organization), "contacts"))]
    people = [one for at, one in enumerate(told) if one not in told[:at]]
    others = [*_phones(organization, phones, people, repairs), *_mailboxes(organization, people)]
    found = [one for one in (*people, *others) if one.keys() - {"languages"}]
    for one in found[MOST:]:
        repairs.append(Repair("contacts", one.get("name", ""), "", f"only {MOST} contacts are taken"))
    return {field: value for field, value in office.items() if value}, found[:MOST]


def _person(contact: Object, repairs: list[Repair]) -> Flat:
    phones = unique(objects(contact.get("phones")))
    return _filled(
        name=text(contact.get("name")),
        role=_title(text(contact.get("title")), text(contact.get("department"))),
        email=text(contact.get("email")),
        phone="\n".join(_numbers(phones, repairs)),
        languages="; ".join(languages(phones)),
    )


def _filled(**fields: str) -> Flat:
    return {field: value for field, value in fields.items() if value}


def _title(title: str, department: str) -> str:
    if not title or not department or fold(department) in fold(title):
        return title or department
    return f"{title}, {department}"


def _phones(organization: Object, own: Iterable[Object], people: Iterable[Flat], repairs: list[Repair]) -> Iterator[Flat]:
    """A contact for each number that no person has: with a department or a kind of its own, or of a service or place."""
    known = {_digits(number) for one in people for number in one.get("phone", "").splitlines()}
    known |= {_digits(_number(one)) for one in own if not _role(one)}
    for one in (*own, *unique(below(owners(organization)[1:], "phones"))):
        number = next(_numbers([one], repairs), None) if _digits(_number(one)) not in known else None
        if number:
            known.add(_digits(number))
            yield _filled(role=_role(one), phone=number, languages="; ".join(languages([one])))


def _mailboxes(organization: Object, people: Iterable[Flat]) -> Iterator[Flat]:
    known = {text(organization.get("email")).lower(), *(one.get("email", "").lower() for one in people)}
    for one in owners(organization)[1:]:
        email = text(one.get("email"))
        if email and email.lower() not in known:
            known.add(email.lower())
            yield {"email": email}


def languages(owning: Iterable[Object]) -> list[str]:
    """The languages of these, each once: by code, by name where there is none; Ohana's stand in one text."""
    found: list[str] = []
    for owner in owning:
        stated = owner.get("languages")
        found += [text(one.get("code")) or text(one.get("name")) or text(one.get("language")) for one in objects(stated)]
        found += re.split(r"(?:(?<!\s)\s+)?[,;]\s*", text(stated))
    return [one for one in dict.fromkeys(found) if one]


def _role(phone: Object) -> str:
    kind = text(phone.get("type") or phone.get("number_type")).lower()
    return text(phone.get("department")) or _ROLES.get(kind, "")


def _numbers(phones: Iterable[Object], repairs: list[Repair]) -> Iterator[str]:
    for phone in phones:
        number, written = _number(phone), text(phone.get("number"))
        if text(phone.get("type") or phone.get("number_type")).lower() == "fax":
            repairs.append(Repair("phones", written, "", "a fax number is not kept"))
        elif number:
            if written.strip(_QUOTES) != written:
                repairs.append(Repair("phones", written, number, "quotation marks left out"))
            yield number


def _number(phone: Object) -> str:
    number = text(phone.get("number")).strip(_QUOTES) or text(phone.get("vanity_number"))
    prefix, extension = text(phone.get("country_prefix")), text(phone.get("extension"))
    if prefix.startswith("+") and number and not number.startswith("+"):
        number = f"{prefix} {number}"
    return f"{number} ext. {extension}" if number and extension else number


def _digits(number: str) -> str:
    """What two ways of writing one number share; its extension counts."""
    return "".join(sign for sign in number if sign.isdigit())
