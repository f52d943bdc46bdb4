"""Extract the locations and contacts of an HSDS organization as flat fields (flat_fields.py). HSDS states no disclosure.

Virtual and postal locations are left out, as are mailing addresses and impossible points. Invalid addresses are left for the
cleaning and the draft to reject.
"""

from collections.abc import Iterable, Iterator

from directory.errors import BadInput
from directory.text import fold
from seed.clean.values import addresses
from seed.rows import Repair
from seed.sources.hsds.linked_tables import HsdsObject, collect_objects, deduplicate_objects, list_objects, read_text, split_list

MAX_LOCATIONS = 99  # as many as flat fields can number
_ADDRESS_COLUMNS = {
    "street": "address_1",
    "street2": "address_2",
    "city": "city",
    "state": "state_province",
    "postal_code": "postal_code",
    "country": "country",
}
_LOCATING_PARTS = ("street", "city", "state", "postal_code", "latitude")  # a location needs one of these
_NON_PHYSICAL_TYPES = ("virtual", "postal")

MAX_CONTACTS = 99  # as many as flat fields can number
_ROLES_BY_PHONE_TYPE = {
    "hotline": "Hotline",
    "tty": "TTY",
    "textphone": "TTY",
    "sms": "Text messages",
    "text": "Text messages",
}
_QUOTATION_MARKS = "\"'“”‘’ "

FlatLocation = dict[str, str]
FlatContact = dict[str, str]


def list_locations(organization: HsdsObject) -> list[HsdsObject]:
    """Return each location once: those of the organization, then those of its services."""
    own = list_objects(organization.get("locations"))
    services = [*list_objects(organization.get("services")), *collect_objects(own, "services")]
    return deduplicate_objects([*own, *collect_objects(collect_objects(services, "service_at_locations"), "location")])


def extract_locations(organization: HsdsObject, repairs: list[Repair]) -> Iterator[FlatLocation]:
    """Yield the fields of each location, without the prefix "location.". What is left out is added to `repairs`."""
    known: dict[tuple[tuple[str, str], ...], str] = {}
    for position, location in enumerate(list_locations(organization)):
        where = f"locations[{position}]"
        for place in _build_locations(location, where, repairs):
            key = tuple(item for item in place.items() if item[0] != "name")
            if key in known:
                repairs.append(Repair(where, read_text(location.get("name")), "", f"the same location as {known[key]}"))
            elif len(known) == MAX_LOCATIONS:
                repairs.append(
                    Repair(where, read_text(location.get("name")), "", f"left out: the limit is {MAX_LOCATIONS} locations")
                )
            else:
                known[key] = where
                yield place


def _build_locations(location: HsdsObject, where: str, repairs: list[Repair]) -> Iterator[FlatLocation]:
    name = read_text(location.get("name"))
    kind = "virtual" if read_text(location.get("virtual")).lower() == "true" or location.get("virtual") is True else ""
    kind = kind or read_text(location.get("location_type")).lower()
    if kind in _NON_PHYSICAL_TYPES:
        repairs.append(Repair(where, name, "", f"left out: the location is {kind}"))
        return
    point = _read_point(location, where, repairs)
    physical = [address for address in list_objects(location.get("addresses")) if _is_physical_address(address, where, repairs)]
    for number, address in enumerate(physical or [{}]):
        parts = {part: read_text(address.get(column)) for part, column in _ADDRESS_COLUMNS.items()}
        fields = _without_empty(name=name, **parts, **(point if number == 0 else {}))
        if any(part in fields for part in _LOCATING_PARTS):
            yield fields
        elif name:
            repairs.append(Repair(where, name, "", "left out: it has no address and no point"))


def _is_physical_address(address: HsdsObject, where: str, repairs: list[Repair]) -> bool:
    kind = read_text(address.get("address_type")).lower()
    if kind not in _NON_PHYSICAL_TYPES:
        return True
    text = ", ".join(value for column in _ADDRESS_COLUMNS.values() if (value := read_text(address.get(column))))
    repairs.append(Repair(f"{where}.addresses", text, "", f"left out: the address is {kind}"))
    return False


def _read_point(location: HsdsObject, where: str, repairs: list[Repair]) -> FlatLocation:
    latitude, longitude = read_text(location.get("latitude")), read_text(location.get("longitude"))
    if not (latitude or longitude):
        return {}
    try:
        addresses.parse_point(latitude, longitude)
    except BadInput:
        repairs.append(Repair(f"{where}.latitude", f"{latitude}, {longitude}", "", "left out: not a valid point"))
        return {}
    return {"latitude": latitude, "longitude": longitude}


def list_services(organization: HsdsObject) -> list[HsdsObject]:
    """Return each service once: those of the organization, then those of its locations."""
    return deduplicate_objects(
        [*list_objects(organization.get("services")), *collect_objects(list_objects(organization.get("locations")), "services")]
    )


def list_contact_owners(organization: HsdsObject) -> list[HsdsObject]:
    """Return all objects that may have contacts, telephone numbers, languages and attributes, the organization first."""
    services = list_services(organization)
    return [
        organization,
        *services,
        *list_locations(organization),
        *deduplicate_objects(collect_objects(services, "service_at_locations")),
    ]


def extract_contacts(organization: HsdsObject, repairs: list[Repair]) -> tuple[FlatContact, list[FlatContact]]:
    """Return the organization's own `email` and `phone`, and the fields of each contact without the prefix "contact."."""
    phones = deduplicate_objects(list_objects(organization.get("phones")))
    general_phones = [phone for phone in phones if not _find_phone_role(phone)]
    office = _without_empty(email=read_text(organization.get("email")), phone="\n".join(_list_numbers(general_phones, repairs)))
    contacts = deduplicate_objects(collect_objects(list_contact_owners(organization), "contacts"))
    people: list[FlatContact] = []
    for person in (_build_person(contact, repairs) for contact in contacts):
        if person not in people:
            people.append(person)
    others = [*_build_phone_contacts(organization, phones, people, repairs), *_build_email_contacts(organization, people)]
    contacts_found = [contact for contact in (*people, *others) if contact.keys() - {"languages"}]
    for contact in contacts_found[MAX_CONTACTS:]:
        repairs.append(Repair("contacts", contact.get("name", ""), "", f"left out: the limit is {MAX_CONTACTS} contacts"))
    return office, contacts_found[:MAX_CONTACTS]


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
    """Yield a contact for each number that no person has: those with a department or type, and those of services or locations."""
    known = {_keep_digits(number) for person in people for number in person.get("phone", "").splitlines()}
    known |= {_keep_digits(_format_number(phone)) for phone in own if not _find_phone_role(phone)}
    for phone in (*own, *deduplicate_objects(collect_objects(list_contact_owners(organization)[1:], "phones"))):
        number = next(_list_numbers([phone], repairs), None) if _keep_digits(_format_number(phone)) not in known else None
        if number:
            known.add(_keep_digits(number))
            yield _without_empty(role=_find_phone_role(phone), phone=number, languages="; ".join(list_languages([phone])))


def _build_email_contacts(organization: HsdsObject, people: Iterable[FlatContact]) -> Iterator[FlatContact]:
    known = {read_text(organization.get("email")).lower(), *(person.get("email", "").lower() for person in people)}
    for owner in list_contact_owners(organization)[1:]:
        email = read_text(owner.get("email"))
        if email and email.lower() not in known:
            known.add(email.lower())
            yield {"email": email}


def list_languages(owners: Iterable[HsdsObject]) -> list[str]:
    """Return each language of the owners once: its code, or its name without a code. Ohana lists several in one text."""
    languages: list[str] = []
    for owner in owners:
        value = owner.get("languages")
        languages += [
            read_text(language.get("code")) or read_text(language.get("name")) or read_text(language.get("language"))
            for language in list_objects(value)
        ]
        languages += split_list(read_text(value))
    return [language for language in dict.fromkeys(languages) if language]


def _find_phone_role(phone: HsdsObject) -> str:
    kind = read_text(phone.get("type") or phone.get("number_type")).lower()
    return read_text(phone.get("department")) or _ROLES_BY_PHONE_TYPE.get(kind, "")


def _list_numbers(phones: Iterable[HsdsObject], repairs: list[Repair]) -> Iterator[str]:
    for phone in phones:
        number, written = _format_number(phone), read_text(phone.get("number"))
        if read_text(phone.get("type") or phone.get("number_type")).lower() == "fax":
            repairs.append(Repair("phones", written, "", "left out: a fax number"))
        elif number:
            if written.strip(_QUOTATION_MARKS) != written:
                repairs.append(Repair("phones", written, number, "quotation marks removed"))
            yield number


def _format_number(phone: HsdsObject) -> str:
    number = read_text(phone.get("number")).strip(_QUOTATION_MARKS) or read_text(phone.get("vanity_number"))
    prefix, extension = read_text(phone.get("country_prefix")), read_text(phone.get("extension"))
    if prefix.startswith("+") and number and not number.startswith("+"):
        number = f"{prefix} {number}"
    return f"{number} ext. {extension}" if number and extension else number


def _keep_digits(number: str) -> str:
    """Return the digits of a number, extension included, by which two spellings of one number are equal."""
    return "".join(character for character in number if character.isdigit())
