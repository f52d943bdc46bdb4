"""The people, telephone numbers and e-mail addresses of an HSDS organization as flat fields (seed/fields.py).

Who may see them is left to ContactDraft. A number or address that stands at a place or a service does not say which: places may
be withheld, and a place's name tells where it is.
"""

import re
from collections.abc import Iterable, Iterator

from directory.text import fold
from seed.readers.hsds_places import list_locations
from seed.readers.hsds_values import HsdsObject, collect_objects, deduplicate_objects, list_objects, read_text
from seed.rows import Repair

MAX_CONTACTS = 99  # contacts that flat fields can number
_ROLES_BY_PHONE_TYPE = {
    "hotline": "Hotline",
    "tty": "TTY",
    "textphone": "TTY",
    "sms": "Text messages",
    "text": "Text messages",
}  # by type
_QUOTATION_MARKS = "\"'“”‘’ "

FlatContact = dict[str, str]


def list_services(organization: HsdsObject) -> list[HsdsObject]:
    """Each service once: the organization's own, and those that stand at its places."""
    return deduplicate_objects(
        [*list_objects(organization.get("services")), *collect_objects(list_objects(organization.get("locations")), "services")]
    )


def list_contact_owners(organization: HsdsObject) -> list[HsdsObject]:
    """All that may have contacts, telephone numbers, languages and attributes: the organization first."""
    offered = list_services(organization)
    return [
        organization,
        *offered,
        *list_locations(organization),
        *deduplicate_objects(collect_objects(offered, "service_at_locations")),
    ]


def extract_contacts(organization: HsdsObject, repairs: list[Repair]) -> tuple[FlatContact, list[FlatContact]]:
    """The organization's own `email` and `phone`, and the fields of each contact, without "contact." before them."""
    phones = deduplicate_objects(list_objects(organization.get("phones")))
    plain = [one for one in phones if not _find_phone_role(one)]
    office = {"email": read_text(organization.get("email")), "phone": "\n".join(_list_numbers(plain, repairs))}
    told = [
        _build_person(one, repairs) for one in deduplicate_objects(collect_objects(list_contact_owners(organization), "contacts"))
    ]
    people = [one for at, one in enumerate(told) if one not in told[:at]]
    others = [*_build_phone_contacts(organization, phones, people, repairs), *_build_email_contacts(organization, people)]
    found = [one for one in (*people, *others) if one.keys() - {"languages"}]
    for one in found[MAX_CONTACTS:]:
        repairs.append(Repair("contacts", one.get("name", ""), "", f"only {MAX_CONTACTS} contacts are taken"))
    return {field: value for field, value in office.items() if value}, found[:MAX_CONTACTS]


def _build_person(contact: HsdsObject, repairs: list[Repair]) -> FlatContact:
    phones = deduplicate_objects(list_objects(contact.get("phones")))
    return _without_empty(
        name=read_text(contact.get("name")),
        role=_join_title(read_text(contact.get("title")), read_text(contact.get("department"))),
        email=read_text(contact.get("email")),
        phone="\n".join(_list_numbers(phones, repairs)),
        languages="; ".join(list_languages(phones)),
    )


def _without_empty(**fields: str) -> FlatContact:
    return {field: value for field, value in fields.items() if value}


def _join_title(title: str, department: str) -> str:
    if not title or not department or fold(department) in fold(title):
        return title or department
    return f"{title}, {department}"


def _build_phone_contacts(
    organization: HsdsObject, own: Iterable[HsdsObject], people: Iterable[FlatContact], repairs: list[Repair]
) -> Iterator[FlatContact]:
    """A contact for each number that no person has: with a department or a kind of its own, or of a service or place."""
    known = {_keep_digits(number) for one in people for number in one.get("phone", "").splitlines()}
    known |= {_keep_digits(_format_number(one)) for one in own if not _find_phone_role(one)}
    for one in (*own, *deduplicate_objects(collect_objects(list_contact_owners(organization)[1:], "phones"))):
        number = next(_list_numbers([one], repairs), None) if _keep_digits(_format_number(one)) not in known else None
        if number:
            known.add(_keep_digits(number))
            yield _without_empty(role=_find_phone_role(one), phone=number, languages="; ".join(list_languages([one])))


def _build_email_contacts(organization: HsdsObject, people: Iterable[FlatContact]) -> Iterator[FlatContact]:
    known = {read_text(organization.get("email")).lower(), *(one.get("email", "").lower() for one in people)}
    for one in list_contact_owners(organization)[1:]:
        email = read_text(one.get("email"))
        if email and email.lower() not in known:
            known.add(email.lower())
            yield {"email": email}


def list_languages(owning: Iterable[HsdsObject]) -> list[str]:
    """The languages of these, each once: by code, by name where there is none; Ohana's stand in one text."""
    found: list[str] = []
    for owner in owning:
        stated = owner.get("languages")
        found += [
            read_text(one.get("code")) or read_text(one.get("name")) or read_text(one.get("language"))
            for one in list_objects(stated)
        ]
        found += re.split(r"(?:(?<!\s)\s+)?[,;]\s*", read_text(stated))
    return [one for one in dict.fromkeys(found) if one]


def _find_phone_role(phone: HsdsObject) -> str:
    kind = read_text(phone.get("type") or phone.get("number_type")).lower()
    return read_text(phone.get("department")) or _ROLES_BY_PHONE_TYPE.get(kind, "")


def _list_numbers(phones: Iterable[HsdsObject], repairs: list[Repair]) -> Iterator[str]:
    for phone in phones:
        number, written = _format_number(phone), read_text(phone.get("number"))
        if read_text(phone.get("type") or phone.get("number_type")).lower() == "fax":
            repairs.append(Repair("phones", written, "", "a fax number is not kept"))
        elif number:
            if written.strip(_QUOTATION_MARKS) != written:
                repairs.append(Repair("phones", written, number, "quotation marks left out"))
            yield number


def _format_number(phone: HsdsObject) -> str:
    number = read_text(phone.get("number")).strip(_QUOTATION_MARKS) or read_text(phone.get("vanity_number"))
    prefix, extension = read_text(phone.get("country_prefix")), read_text(phone.get("extension"))
    if prefix.startswith("+") and number and not number.startswith("+"):
        number = f"{prefix} {number}"
    return f"{number} ext. {extension}" if number and extension else number


def _keep_digits(number: str) -> str:
    """What two ways of writing one number share; its extension counts."""
    return "".join(sign for sign in number if sign.isdigit())
