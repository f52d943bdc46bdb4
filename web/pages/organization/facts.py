"""The facts of an organization as a page states them: names, membership, relations, contacts, and how fresh the record is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from web.pages.languages import Language, mark
from web.pages.page import PageRequest

HOME_CALLING_CODE = 1  # of the United States and its neighbors: their numbers are written without it
LINK_KINDS = {
    "donate": mark("Donate"),
    "newsletter": mark("Newsletter"),
    "website": mark("Another website"),
    "facebook": "Facebook",
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "x": "X",
    "youtube": "YouTube",
}
REGISTERS = {"US-EIN": "EIN"}
MEMBERSHIPS = {  # without and with a day
    "ACTIVE": (mark("Member (start date not stated)"), mark("Member since %(day)s")),
    "PROSPECT": (mark("Prospective member"), mark("Prospective member")),
    "LAPSED": (mark("Former member"), mark("Former member, until %(day)s")),
    "NONE": (mark("Not a member"), mark("Not a member")),
}


class Verification(Struct, frozen=True):
    """When the record was last verified; `day` is None if never. `newest_source` is the day of the newest dated source."""

    day: date | None
    ago: str | None
    is_due: bool
    newest_source: date | None


class OtherNames(Struct, frozen=True):
    """The names besides the main one. `translations` are pairs of a name and the tag and label of its language, if stated."""

    in_use: tuple[str, ...]
    translations: tuple[tuple[str, str | None, str | None], ...]
    legal: tuple[str, ...]
    former: tuple[str, ...]


class RelatedOrganization(Struct, frozen=True):
    """`address` is that of its page, None if it is not in this directory. `is_stated_by_it`: the relation, not by this one."""

    kind: str
    name: str
    address: str | None
    note: str | None
    url: str | None
    is_stated_by_it: bool = False


class ContactDetails(Struct, frozen=True):
    """`title` is the name or role, "" if neither is stated. The links are the forms for devices."""

    title: str
    email: str | None
    email_link: str | None
    phone: str | None
    phone_link: str | None
    languages: tuple[str, ...]


def build_verification(organization: Mapping[str, Any], language: Language, today: date) -> Verification:
    moment = organization["verifiedAt"]
    day = datetime.fromisoformat(moment).date() if moment else None
    source_days = [date.fromisoformat(source["date"]) for source in organization["sources"] if source["date"]]
    ago = language.format_age(day, today) if day else None
    return Verification(day, ago, organization["verificationDue"], max(source_days, default=None))


def build_other_names(names: Sequence[Mapping[str, Any]], language: Language) -> OtherNames:
    def select(*kinds: str) -> tuple[str, ...]:
        return tuple(each["name"] for each in names if each["kind"] in kinds)

    translated = [each for each in names if each["kind"] == "TRANSLATED"]
    return OtherNames(
        in_use=select("ALSO_KNOWN_AS", "SHORT", "ACRONYM"),
        translations=tuple((each["name"], each["language"], language.get_language_name(each["language"])) for each in translated),
        legal=select("LEGAL"),
        former=select("FORMER"),
    )


def describe_membership(membership: Mapping[str, Any], language: Language) -> str:
    """Return "Member since August 8, 2012" and the like."""
    status = membership["status"]
    day = membership["endedOn"] if status == "LAPSED" else membership["joinedOn"]
    without_day, with_day = MEMBERSHIPS[status]
    if not day:
        return language.gettext(without_day)
    return language.gettext(with_day) % {"day": language.format_day(date.fromisoformat(day))}


def format_region(region: Mapping[str, Any], language: Language) -> str:
    """Return the name of a region that is served: "Oakland County, MI", "Michigan" or "United States (nationwide)"."""
    name = str(region["name"])
    if region["kind"] == "COUNTRY":
        return language.gettext("%(country)s (nationwide)") % {"country": name}
    return f"{name}, {region['code'].split('-')[1]}" if region["kind"] == "COUNTY" else name


def format_identifier(identifier: Mapping[str, str]) -> str:
    """Return "EIN 52-1633883"; numbers of other registers have the code of the register."""
    return f"{REGISTERS.get(identifier['scheme'], identifier['scheme'])} {identifier['value']}"


def list_relations(
    organization: Mapping[str, Any], kinds: Mapping[str, str], request: PageRequest
) -> Iterator[RelatedOrganization]:
    """Yield the relations to organizations in this directory, which have pages, and to others."""
    for relation in organization["relations"]:
        other = relation["organization"]
        if other or relation["actor"]:
            address = request.link(f"/organizations/{other['slug']}") if other else None
            name = other["name"] if other else relation["actor"]
            yield RelatedOrganization(kinds[relation["kind"]], name, address, relation["note"], relation["url"])


def build_contact(contact: Mapping[str, Any]) -> ContactDetails:
    phone, extension = contact["phone"], contact["phoneExtension"]
    return ContactDetails(
        title=", ".join(part for part in (contact["name"], contact["role"]) if part),
        email=contact["email"],
        email_link=f"mailto:{quote(contact['email'], safe='@')}" if contact["email"] else None,
        phone=format_phone(phone, extension) if phone else None,
        phone_link=f"tel:{phone}" + (f";ext={extension}" if extension else "") if phone else None,  # RFC 3966
        languages=tuple(language["label"] for language in contact["languages"]),
    )


def format_phone(phone: str, extension: str | None = None) -> str:
    """Return "(404) 555-0123" for "+14045550123", and numbers of other countries with their calling code."""
    import phonenumbers  # imported late: a server starts sooner without it

    number = phonenumbers.parse(phone)
    number.extension = extension
    is_domestic = number.country_code == HOME_CALLING_CODE
    form = phonenumbers.PhoneNumberFormat.NATIONAL if is_domestic else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def format_web_address(url: str) -> str:
    """Return the address as people write it: without "https://", "www." and a slash at its end."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def get_link_name(kind: str, language: Language) -> str:
    """Return the name of a kind of link. A kind that is not known is shown as the record states it."""
    return language.gettext(LINK_KINDS[kind]) if kind in LINK_KINDS else kind.capitalize()
