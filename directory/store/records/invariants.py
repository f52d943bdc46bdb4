"""Check and complete a stored organization before it is saved, with the same messages for both engines."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from directory.drafts.free_text import find_new_text_problems
from directory.errors import BadInput
from directory.records import PrivatePlace, StoredLocation, StoredOrganization
from directory.store.records.columns import list_word_fields
from directory.store.records.private_places import NO_PRIVATE_PLACE
from directory.store.records.provenance import order_sources
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.slugs import is_slug

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ZIP_CODE = re.compile(r"[0-9]{5}")
MAX_ROW = 2**31 - 1  # the largest INTEGER in PostgreSQL
_WORD_FIELDS = list_word_fields(StoredOrganization)

T = TypeVar("T")


def complete_organization(
    organization: StoredOrganization, before: StoredOrganization | None, merged_places: Mapping[str, PrivatePlace]
) -> StoredOrganization:
    """Return the organization as it will be stored: with private places that were not submitted, ordered sources, times in UTC.

    `before` is the stored record, if there is one. `merged_places` are the private places of records that are merged into this
    one, by location id.
    """
    places = {**merged_places, **({location.id: location.private for location in before.sites} if before else {})}
    sites = tuple(_complete_location(location, places.get(location.id)) for location in organization.sites)
    verified_at = organization.verified_at.astimezone(dt.UTC) if organization.verified_at else None
    sources = order_sources(organization.sources, before.sources if before else ())
    return replace(organization, sites=sites, verified_at=verified_at, sources=sources)


def require_valid(organization: StoredOrganization) -> None:
    """Raise BadInput if the tables cannot hold the organization.

    The error's `argument` is the field, and its `organization` the slug.
    """
    for argument, message in _find_violations(organization):
        raise BadInput(message, argument=argument, organization=_replace_surrogates(organization.slug))


def refuse_exposed_places(
    organization: StoredOrganization, before: StoredOrganization | None, merged: Iterable[StoredOrganization]
) -> None:
    """Raise BadInput if a text contains an address or names a place that the organization does not publish.

    `before` is the stored record, if there is one, and `merged` are the records that are merged into it. The error's `argument`
    is the field, and its `organization` the slug.
    """
    for argument, message in find_new_text_problems(organization, before, merged):
        raise BadInput(message, argument=argument, organization=organization.slug)


def _complete_location(location: StoredLocation, stored: PrivatePlace | None) -> StoredLocation:
    if location.private is None:
        return replace(location, private=stored) if stored else location
    return replace(location, private=None) if location.private == NO_PRIVATE_PLACE else location


def _find_violations(organization: StoredOrganization) -> Iterator[tuple[str, str]]:
    """Yield the field and message of each violation."""
    if not _is_encodable(organization):
        yield "name", "The record contains a zero byte or half of a surrogate pair. Remove it."
    if not _is_uuid(organization.id):
        yield "id", f"An organization's id must be a lower-case UUID, not {organization.id!r}."
    if not is_slug(organization.slug):
        yield "slug", f"A slug must be made of a-z, 0-9 and single hyphens, not {organization.slug!r}."
    if not organization.name.strip():
        yield "name", "The organization has no name. Add one."
    if organization.founded is not None and not 1 <= organization.founded <= 9999:
        yield "founded", f"`founded` must be a year from 1 to 9999, not {organization.founded}."
    if organization.verified_at is not None and organization.verified_at.tzinfo is None:
        yield "verified_at", "`verified_at` has no time zone. Add an offset such as +00:00."
    for source in organization.sources:
        if source.row is not None and not 1 <= source.row <= MAX_ROW:
            yield "sources", f"A source's row must be from 1 to {MAX_ROW:,}, not {source.row}."
        if not _is_word(source.field):
            yield "sources", f"A source's field must be one word such as `summary`, not {source.field!r}."
    yield from _find_repeated_values(organization)
    yield from _find_invalid_words(organization)
    yield from _find_invalid_locations(organization)
    yield from _find_invalid_references(organization)


def _find_repeated_values(organization: StoredOrganization) -> Iterator[tuple[str, str]]:
    for field in _WORD_FIELDS:
        for value in _list_duplicates(getattr(organization, field)):
            yield field, f"{value!r} appears twice in {field}. Remove one."
    for scheme, value in _list_duplicates((identifier.scheme, identifier.value) for identifier in organization.identifiers):
        yield "identifiers", f"The identifier {scheme} {value} appears twice. Remove one."


def _find_invalid_words(organization: StoredOrganization) -> Iterator[tuple[str, str]]:
    """Find values that cannot be told apart when they are stored as words separated by spaces."""
    for field in _WORD_FIELDS:
        for value in getattr(organization, field):
            if not _is_word(value):
                yield field, f"Each value of `{field}` must be one word without spaces, not {value!r}."
    for contact in organization.contacts:
        for tag in contact.languages:
            if not _is_word(tag):
                yield "contacts", f"A language tag must be one word, not {tag!r}."


def _find_invalid_locations(organization: StoredOrganization) -> Iterator[tuple[str, str]]:
    for location in organization.sites:
        if not _is_uuid(location.id):
            yield "sites", f"A location's id must be a lower-case UUID, not {location.id!r}."
        county = REGIONS.get(location.county) if location.county is not None else None
        if location.county is not None and (county is None or county.kind is not RegionKind.COUNTY):
            yield "sites", f"A location's county must be a county code such as US-GA-121, not {location.county!r}."
        if location.country == "US" and location.postal_code is not None and not _ZIP_CODE.fullmatch(location.postal_code):
            yield "sites", "A ZIP code must have five digits. Leave out the +4 digits, which identify one side of a street."
    for repeated_id in _list_duplicates(location.id for location in organization.sites):
        yield "sites", f"Two locations have the id {repeated_id}. Give each its own."


def _find_invalid_references(organization: StoredOrganization) -> Iterator[tuple[str, str]]:
    if organization.parent == organization.id:
        yield "parent", "An organization cannot be its own parent. Choose another parent or none."
    for relation in organization.relations:
        if (relation.organization is None) == (relation.actor is None):
            yield "relations", "A relation must have either an organization of the directory or another actor, and not both."
        if relation.organization == organization.id:
            yield "relations", "An organization cannot have a relation to itself. Choose another organization."


def _is_encodable(organization: StoredOrganization) -> bool:
    # a zero byte is \u0000 in JSON; a text with a backslash before these characters has two backslashes there
    try:
        encoded = msgspec.json.encode(organization)
    except UnicodeEncodeError:
        return False
    return b"\\u0000" not in encoded.replace(b"\\\\", b"")


def _is_word(text: str) -> bool:
    return text.split() == [text]


def _is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def _replace_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _list_duplicates(values: Iterable[T]) -> list[T]:
    items = list(values)
    if len(set(items)) == len(items):  # almost always, and much faster than counting
        return []
    return [value for value, count in Counter(items).items() if count > 1]
