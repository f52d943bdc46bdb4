"""What an entry must be before it is kept, told in sentences that both engines share."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from directory.errors import BadInput
from directory.records import PrivatePlace, StoredLocation, StoredOrganization
from directory.store.records.tables import TERM_FIELDS
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ZIP_CODE = re.compile(r"[0-9]{5}")
MAX_ROW = 2**31 - 1  # the largest INTEGER of PostgreSQL
_NO_PRIVATE_PLACE = PrivatePlace()
T = TypeVar("T")


def complete_organization(
    entry: StoredOrganization, before: StoredOrganization | None, merged_places: Mapping[str, PrivatePlace]
) -> StoredOrganization:
    """The entry as it will be kept: private places that were not handed in are those that are kept, moments are in UTC.

    `brought`: what is kept, by site, of records that are merged into this one.
    """
    places = {**merged_places, **({site.id: site.private for site in before.sites} if before else {})}
    sites = tuple(_complete_location(site, places.get(site.id)) for site in entry.sites)
    verified = entry.verified_at.astimezone(dt.UTC) if entry.verified_at else None
    return replace(entry, sites=sites, verified_at=verified)


def require_valid(entry: StoredOrganization) -> None:
    """Raises BadInput for an entry that no table could keep; `organization` in params is its slug, `argument` the field."""
    for argument, sentence in _find_violations(entry):
        raise BadInput(sentence, argument=argument, organization=_replace_surrogates(entry.slug))


def _complete_location(site: StoredLocation, stored: PrivatePlace | None) -> StoredLocation:
    if site.private is None:
        return replace(site, private=stored) if stored else site
    return replace(site, private=None) if site.private == _NO_PRIVATE_PLACE else site


def _find_violations(entry: StoredOrganization) -> Iterator[tuple[str, str]]:
    """The fields that cannot be kept, each with its sentence."""
    if not _is_encodable(entry):
        yield "name", "The record holds a character that is no text (a zero byte or half a character). Take it out."
    if not _is_uuid(entry.id):
        yield "id", f"An organization's id is a UUID in lower case; {entry.id!r} is not."
    if not _SLUG.fullmatch(entry.slug):
        yield "slug", f"A slug is made of a-z, 0-9 and single hyphens; {entry.slug!r} is not."
    if not entry.name.strip():
        yield "name", "An organization has a name; give one."
    if entry.founded is not None and not 1 <= entry.founded <= 9999:
        yield "founded", f"`founded` is a year from 1 to 9999; {entry.founded} is not."
    if entry.verified_at is not None and entry.verified_at.tzinfo is None:
        yield "verified_at", "`verified_at` needs a time zone; give it with an offset such as +00:00."
    for source in entry.sources:
        if source.row is not None and not 1 <= source.row <= MAX_ROW:
            yield "sources", f"A source's row is counted from 1 to {MAX_ROW:,}; {source.row} is not."
    yield from _find_repeated_values(entry)
    yield from _find_invalid_locations(entry)
    yield from _find_invalid_references(entry)


def _find_repeated_values(entry: StoredOrganization) -> Iterator[tuple[str, str]]:
    for field in (*TERM_FIELDS, "service_areas"):
        for value in _list_duplicates(getattr(entry, field)):
            yield field, f"{value!r} is stated twice in {field}; state it once."
    for scheme, value in _list_duplicates((identifier.scheme, identifier.value) for identifier in entry.identifiers):
        yield "identifiers", f"The identifier {scheme} {value} is stated twice; state it once."
    for contact in entry.contacts:
        for tag in contact.languages:
            if not tag or tag.split() != [tag]:
                yield "contacts", f"A language tag is one word; {tag!r} is not."


def _find_invalid_locations(entry: StoredOrganization) -> Iterator[tuple[str, str]]:
    for site in entry.sites:
        if not _is_uuid(site.id):
            yield "sites", f"A site's id is a UUID in lower case; {site.id!r} is not."
        county = REGIONS.get(site.county) if site.county is not None else None
        if site.county is not None and (county is None or county.kind is not RegionKind.COUNTY):
            yield "sites", f"A site's county is the code of a county, as in US-GA-121; {site.county!r} is not."
        if site.country == "US" and site.postal_code is not None and not _ZIP_CODE.fullmatch(site.postal_code):
            yield "sites", "A site's ZIP code is its five digits; the four after them tell one side of a street. Leave them out."
    for repeated in _list_duplicates(site.id for site in entry.sites):
        yield "sites", f"Two sites have the id {repeated}; give each its own."


def _find_invalid_references(entry: StoredOrganization) -> Iterator[tuple[str, str]]:
    if entry.parent == entry.id:
        yield "parent", "An organization is not its own parent; name another or none."
    for relation in entry.relations:
        if (relation.organization is None) == (relation.actor is None):
            yield "relations", "A relation names either an organization of the directory or another actor; give exactly one."
        if relation.organization == entry.id:
            yield "relations", "An organization has no relation to itself; name another."


def _is_encodable(entry: StoredOrganization) -> bool:
    """JSON writes a zero byte as \\u0000, and a backslash before that as two of them."""
    try:
        written = msgspec.json.encode(entry)
    except UnicodeEncodeError:
        return False
    return b"\\u0000" not in written.replace(b"\\\\", b"")


def _is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def _replace_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _list_duplicates(values: Iterable[T]) -> list[T]:
    listed = list(values)
    if len(set(listed)) == len(listed):
        return []
    return [value for value, count in Counter(listed).items() if count > 1]
