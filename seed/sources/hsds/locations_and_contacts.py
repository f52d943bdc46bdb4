"""The locations of an HSDS organization as flat fields (seed/flat_fields.py): only places. How much of them is told nobody says here.

A virtual or postal location is no place, nor is the address at which a place takes its mail. A point that is none on earth is
left out, as it says nothing; an address that cannot be is for the cleaning and the draft to refuse.
"""

import re
from collections.abc import Iterable, Iterator

from directory.errors import BadInput
from directory.text import fold
from seed.clean.values import addresses
from seed.rows import Repair
from seed.sources.hsds.layout import HsdsObject, collect_objects, deduplicate_objects, list_objects, read_text

MAX_LOCATIONS = 99  # places that flat fields can number
_ADDRESS_COLUMNS = {
    "street": "address_1",
    "street2": "address_2",
    "city": "city",
    "state": "state_province",
    "postal_code": "postal_code",
    "country": "country",
}
_LOCATING_PARTS = ("street", "city", "state", "postal_code", "latitude")  # with none of these nobody can tell where it is
_NON_PHYSICAL_TYPES = ("virtual", "postal")

FlatLocation = dict[str, str]


def list_locations(organization: HsdsObject) -> list[HsdsObject]:
    """Each location once: the organization's own, and those at which its services are."""
    own = list_objects(organization.get("locations"))
    services = [*list_objects(organization.get("services")), *collect_objects(own, "services")]
    return deduplicate_objects([*own, *collect_objects(collect_objects(services, "service_at_locations"), "location")])


def extract_locations(organization: HsdsObject, repairs: list[Repair]) -> Iterator[FlatLocation]:
    """The fields of each place, without "location." before them. What is left out is told in `repairs`."""
    known: dict[tuple[tuple[str, str], ...], str] = {}
    for position, location in enumerate(list_locations(organization)):
        where = f"locations[{position}]"
        for place in _build_locations(location, where, repairs):
            key = tuple(item for item in place.items() if item[0] != "name")
            if key in known:
                repairs.append(Repair(where, read_text(location.get("name")), "", f"the same place as {known[key]}"))
            elif len(known) == MAX_LOCATIONS:
                repairs.append(Repair(where, read_text(location.get("name")), "", f"only {MAX_LOCATIONS} places are taken"))
            else:
                known[key] = where
                yield place


def _build_locations(location: HsdsObject, where: str, repairs: list[Repair]) -> Iterator[FlatLocation]:
    name = read_text(location.get("name"))
    kind = "virtual" if read_text(location.get("virtual")).lower() == "true" or location.get("virtual") is True else ""
    kind = kind or read_text(location.get("location_type")).lower()
    if kind in _NON_PHYSICAL_TYPES:
        repairs.append(Repair(where, name, "", f"a {kind} location is no place"))
        return
    point = _read_point(location, where, repairs)
    addresses = [one for one in list_objects(location.get("addresses")) if _is_physical_address(one, where, repairs)]
    for number, address in enumerate(addresses or [{}]):
        said = {part: read_text(address.get(column)) for part, column in _ADDRESS_COLUMNS.items()}
        place = {"name": name, **said, **(point if number == 0 else {})}
        stated = {part: value for part, value in place.items() if value}
        if any(part in stated for part in _LOCATING_PARTS):
            yield stated
        elif name:
            repairs.append(Repair(where, name, "", "says nothing of where it is, left out"))


def _is_physical_address(address: HsdsObject, where: str, repairs: list[Repair]) -> bool:
    kind = read_text(address.get("address_type")).lower()
    if kind not in _NON_PHYSICAL_TYPES:
        return True
    said = ", ".join(value for column in _ADDRESS_COLUMNS.values() if (value := read_text(address.get(column))))
    repairs.append(Repair(f"{where}.addresses", said, "", f"a {kind} address is no place"))
    return False


def _read_point(location: HsdsObject, where: str, repairs: list[Repair]) -> FlatLocation:
    latitude, longitude = read_text(location.get("latitude")), read_text(location.get("longitude"))
    if not (latitude or longitude):
        return {}
    try:
        addresses.parse_point(latitude, longitude)
    except BadInput:
        repairs.append(Repair(f"{where}.latitude", f"{latitude}, {longitude}", "", "no point that can be, left out"))
        return {}
    return {"latitude": latitude, "longitude": longitude}


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
