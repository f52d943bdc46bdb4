"""The letter that asks an organization whether its record is right. It has what the public sees, and nothing else.

Everything comes from the record as published to PUBLIC, so a private street, a contact of a person and internal notes cannot
be in it.
"""

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import phonenumbers
from msgspec import Struct

from directory.records import Contact, Location, Organization
from directory.vocabulary.choice_labels import CHOICES
from directory.vocabulary.region_phrases import translate_place_name
from directory.vocabulary.regions import HOME_COUNTRY, REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Vocabulary

LETTER_LANGUAGES = ("en", "es")
_VOCABULARIES: Mapping[str, Vocabulary] = {
    "languages": LANGUAGES,
    "issue_areas": ISSUE_AREAS,
    "communities": COMMUNITIES,
    "work_areas": WORK_AREAS,
}
FIELDS_ASKED_FOR = ("summary", "founded", "website", "seeks", "offers", "languages", "issue_areas", "communities", "contacts")


class LetterOptions(Struct, frozen=True):
    """What all letters say. `network` is None if the public does not see its name. `language` None means: that of the record."""

    network: str | None
    reply_to: str
    deadline: dt.date | None = None
    language: str | None = None


class Letter(Struct, frozen=True):
    """One page. `address` are its lines; `fields` are labels with the lines of their values; `missing` are labels."""

    number: int
    total: int
    slug: str
    language: str
    address: tuple[str, ...]
    greeting: str
    paragraphs: tuple[str, ...]
    fields: tuple[tuple[str, tuple[str, ...]], ...]
    missing: str
    questions: tuple[str, ...]
    reply: str
    texts: Mapping[str, Any]


class LetterSubject(Struct, frozen=True):
    """An organization as the public sees it. `parent` is the name of its parent, if the public sees that."""

    organization: Organization
    parent: str | None


@cache
def load_texts(language: str) -> Mapping[str, Any]:
    """Return the words of letters in a language of LETTER_LANGUAGES."""
    content = tomllib.loads(Path(__file__).with_name("letter_texts.toml").read_text(encoding="utf-8"))
    texts: Mapping[str, Any] = content[language]
    return texts


def build_letter(subject: LetterSubject, options: LetterOptions, number: int, total: int) -> Letter:
    """Return the letter to one organization, the `number`th of `total`."""
    organization = subject.organization
    language = options.language or choose_language(organization)
    texts = load_texts(language)
    values = {field: lines for field, lines in _list_values(subject, language).items() if lines}
    missing = [texts["fields"][field] for field in FIELDS_ASKED_FOR if field not in values]
    return Letter(
        number=number,
        total=total,
        slug=organization.slug,
        language=language,
        address=tuple(_build_address(organization, texts)),
        greeting=texts["greeting"].format(name=organization.name),
        paragraphs=(_describe_directory(options, texts), _describe_verification(subject, texts)),
        fields=tuple((texts["fields"][field], tuple(lines)) for field, lines in values.items()),
        missing=texts["not_stated"].format(fields=", ".join(missing)) if missing else "",
        questions=tuple(texts["questions"]),
        reply=_build_reply(options, texts),
        texts=texts,
    )


def choose_language(organization: Organization) -> str:
    """Return the first language of the organization in which there are letters; English if it states none of them."""
    stated = (tag.partition("-")[0] for tag in organization.languages)
    return next((language for language in stated if language in LETTER_LANGUAGES), LETTER_LANGUAGES[0])


def format_day(day: dt.date, texts: Mapping[str, Any]) -> str:
    text: str = texts["day"].format(day=day.day, month=texts["months"][day.month - 1], year=day.year)
    return text


def format_phone(contact: Contact, texts: Mapping[str, Any]) -> str:
    """Return the telephone number as people in the country write it, with its extension; "" if there is none."""
    if not contact.phone:
        return ""
    number = phonenumbers.parse(contact.phone)
    is_home = phonenumbers.region_code_for_number(number) == HOME_COUNTRY
    form = phonenumbers.PhoneNumberFormat.NATIONAL if is_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    extension = f", {texts['extension']} {contact.phone_extension}" if contact.phone_extension else ""
    return f"{phonenumbers.format_number(number, form)}{extension}"


def _describe_directory(options: LetterOptions, texts: Mapping[str, Any]) -> str:
    pattern: str = texts["opening" if options.network else "opening_without_network"]
    return pattern.format(network=options.network, record=texts["record"])


def _describe_verification(subject: LetterSubject, texts: Mapping[str, Any]) -> str:
    moment = subject.organization.verified_at
    if moment is None:
        return str(texts["never_verified"])
    return str(texts["last_verified"].format(day=format_day(moment.date(), texts)))


def _build_reply(options: LetterOptions, texts: Mapping[str, Any]) -> str:
    if options.deadline is None:
        return str(texts["reply"].format(reply_to=options.reply_to))
    return str(texts["reply_until"].format(reply_to=options.reply_to, deadline=format_day(options.deadline, texts)))


def _build_address(organization: Organization, texts: Mapping[str, Any]) -> list[str]:
    """Return the name and the published place. If no street is published, there is a line for staff to write it by hand."""
    primary = next((place for place in organization.locations if place.is_primary), None)
    place = primary or next(iter(organization.locations), None)
    address = place.address if place else None
    area = " ".join(part for part in (address.state, address.postal_code) if part) if address else ""
    town = ", ".join(part for part in (address.city, area) if part) if address else ""
    country = address.country if address and address.country != HOME_COUNTRY else ""
    street = address.street if address and address.street else texts["missing_street"]
    return [line for line in (organization.name, street, town, country) if line]


# ---------------------------------------------------------------- the values of the record


def _list_values(subject: LetterSubject, language: str) -> dict[str, list[str]]:
    """Return the lines of each field that the public sees, in the order of the letter."""
    organization, texts = subject.organization, load_texts(language)
    values: dict[str, list[str]] = {}
    for field in texts["fields"]:
        if field == "parent":
            values[field] = [subject.parent] if subject.parent else []
        elif field in _FORMATTERS:
            values[field] = _FORMATTERS[field](organization, language)
        elif field in _VOCABULARIES:
            values[field] = _list_labels(_VOCABULARIES[field], getattr(organization, field), language)
        else:
            value = getattr(organization, field)
            values[field] = str(value).splitlines() if value is not None else []
    return values


def _list_labels(vocabulary: Vocabulary, slugs: tuple[str, ...], language: str) -> list[str]:
    labels = [vocabulary.require(slug).label(language) for slug in slugs]
    return [", ".join(labels)] if labels else []


def _label_choice(name: str, value: str, language: str) -> str:
    return next((choice.label(language) for choice in CHOICES[name] if choice.value == value), value)


def _list_names(organization: Organization, language: str) -> list[str]:
    return [f"{name.name} ({_label_choice('NameKind', name.kind, language).lower()})" for name in organization.names]


def _list_regions(organization: Organization, language: str) -> list[str]:
    names = [region.label(language) if (region := REGIONS.get(code)) else code for code in organization.service_areas]
    return [", ".join(names)] if names else []


def _list_places(organization: Organization, language: str) -> list[str]:
    has_several = len(organization.locations) > 1
    texts = load_texts(language)
    lines = []
    for place in organization.locations:
        note = f" ({texts['main_place']})" if place.is_primary and has_several else ""
        lines.append(f"{format_place(place, language)}{note}")
    return [line for line in lines if line]


def format_place(place: Location, language: str) -> str:
    """Return a published place as one line: what is published of its address, else its smallest region."""
    address = place.address
    if address is None:
        region = REGIONS.get(place.regions[0]) if place.regions else None
        return region.label(language) if region else ""
    state = " ".join(part for part in (address.state, address.postal_code) if part)
    town = f"{address.city}, {address.state}" if address.city and address.state else address.city
    shown = translate_place_name(town, language) if town else None
    end = address.postal_code if town and address.state else state
    parts = (place.name, address.street, shown, address.county if not town else None, end)
    country = address.country if address.country != HOME_COUNTRY else None
    return ", ".join(part for part in (*parts, country) if part)


def _list_contacts(organization: Organization, language: str) -> list[str]:
    texts = load_texts(language)
    lines = []
    for contact in organization.contacts:
        parts = (contact.name, format_phone(contact, texts), contact.email)
        text = ", ".join(part for part in parts if part)
        lines.append(f"{contact.role}: {text}" if contact.role and text else contact.role or text)
    return lines


def _list_membership(organization: Organization, language: str) -> list[str]:
    return [_label_choice("MembershipStatus", organization.membership.status, language)]


_FORMATTERS: Mapping[str, Callable[[Organization, str], list[str]]] = {
    "names": _list_names,
    "kind": lambda organization, language: [_label_choice("OrganizationKind", organization.kind, language)],
    "links": lambda organization, language: [f"{link.kind}: {link.url}" for link in organization.links],
    "identifiers": lambda organization, language: [f"{one.scheme} {one.value}" for one in organization.identifiers],
    "service_areas": _list_regions,
    "locations": _list_places,
    "contacts": _list_contacts,
    "membership": _list_membership,
}
