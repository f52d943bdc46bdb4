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
from directory.kinds import get_kind
from directory.records import PrivatePlace, StoredLocation, StoredOrganization, StoredRecord
from directory.store.ledger.change_log import replace_parts
from directory.store.records.columns import list_word_fields
from directory.store.records.private_places import NO_PRIVATE_PLACE
from directory.store.records.provenance import order_sources
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.slugs import is_slug

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ZIP_CODE = re.compile(r"[0-9]{5}")
MAX_ROW = 2**31 - 1  # the largest INTEGER in PostgreSQL

T = TypeVar("T")


def complete_record(record: StoredRecord, before: StoredRecord | None, merged_places: Mapping[str, PrivatePlace]) -> StoredRecord:
    """Return the record as it will be stored: with private places that were not submitted, ordered sources, times in UTC.

    `before` is the stored record, if there is one. `merged_places` are the private places of records that are merged into this
    one, by location id.
    """
    places = {**merged_places, **({location.id: location.private for location in before.sites} if before else {})}
    sites = tuple(_complete_location(location, places.get(location.id)) for location in record.sites)
    sources = order_sources(record.sources, before.sources if before else ())
    moments = {name: moment.astimezone(dt.UTC) for name, moment in _list_moments(record)}
    return replace_parts(replace(record, **moments), sites=sites, sources=sources)


def require_valid(record: StoredRecord) -> None:
    """Raise BadInput if the tables cannot hold the record, or records of its kind must not be like this.

    The error's `argument` is the field, and its `organization` the slug.
    """
    for argument, message in _find_violations(record):
        raise BadInput(message, argument=argument, organization=_replace_surrogates(record.slug))


def refuse_exposed_places(record: StoredRecord, before: StoredRecord | None, merged: Iterable[StoredRecord]) -> None:
    """Raise BadInput if a text contains an address or names a place that the record does not publish.

    `before` is the stored record, if there is one, and `merged` are the records that are merged into it. The error's `argument`
    is the field, and its `organization` the slug.
    """
    for argument, message in find_new_text_problems(record, before, merged):
        raise BadInput(message, argument=argument, organization=record.slug)


def _complete_location(location: StoredLocation, stored: PrivatePlace | None) -> StoredLocation:
    if location.private is None:
        return replace(location, private=stored) if stored else location
    return replace(location, private=None) if location.private == NO_PRIVATE_PLACE else location


def _list_moments(record: StoredRecord) -> Iterator[tuple[str, dt.datetime]]:
    """Yield the times of a record, by field, without hidden_since, which the directory sets itself."""
    for name in record.__struct_fields__:
        if name != "hidden_since" and isinstance(value := getattr(record, name), dt.datetime):
            yield name, value


def _find_violations(record: StoredRecord) -> Iterator[tuple[str, str]]:
    """Yield the field and message of each violation."""
    kind = get_kind(record)
    if not _is_encodable(record):
        yield "name", "The record contains a zero byte or half of a surrogate pair. Remove it."
    if not _is_uuid(record.id):
        yield "id", f"The id of {kind.name.noun_phrase} must be a lower-case UUID, not {record.id!r}."
    if not is_slug(record.slug):
        yield "slug", f"A slug must be made of a-z, 0-9 and single hyphens, not {record.slug!r}."
    if not record.name.strip():
        yield "name", f"The {kind.noun} has no name. Add one."
    for name, moment in _list_moments(record):
        if moment.tzinfo is None:
            yield name, f"`{name}` has no time zone. Add an offset such as +00:00."
    for source in record.sources:
        if source.row is not None and not 1 <= source.row <= MAX_ROW:
            yield "sources", f"A source's row must be from 1 to {MAX_ROW:,}, not {source.row}."
        if not _is_word(source.field):
            yield "sources", f"A source's field must be one word such as `summary`, not {source.field!r}."
    yield from _find_invalid_words(record)
    yield from _find_invalid_locations(record)
    yield from _find_organization_violations(record) if isinstance(record, StoredOrganization) else ()
    yield from kind.find_violations(record)


def _find_organization_violations(organization: StoredOrganization) -> Iterator[tuple[str, str]]:
    if organization.founded is not None and not 1 <= organization.founded <= 9999:
        yield "founded", f"`founded` must be a year from 1 to 9999, not {organization.founded}."
    for scheme, value in _list_duplicates((identifier.scheme, identifier.value) for identifier in organization.identifiers):
        yield "identifiers", f"The identifier {scheme} {value} appears twice. Remove one."
    if organization.parent == organization.id:
        yield "parent", "An organization cannot be its own parent. Choose another parent or none."
    for relation in organization.relations:
        if (relation.organization is None) == (relation.actor is None):
            yield "relations", "A relation must have either an organization of the directory or another actor, and not both."
        if relation.organization == organization.id:
            yield "relations", "An organization cannot have a relation to itself. Choose another organization."


def _find_invalid_words(record: StoredRecord) -> Iterator[tuple[str, str]]:
    """Find values that cannot be told apart when they are stored as words separated by spaces."""
    for field in list_word_fields(type(record)):
        for value in _list_duplicates(getattr(record, field)):
            yield field, f"{value!r} appears twice in {field}. Remove one."
        for value in getattr(record, field):
            if not _is_word(value):
                yield field, f"Each value of `{field}` must be one word without spaces, not {value!r}."
    for contact in record.contacts:
        for tag in contact.languages:
            if not _is_word(tag):
                yield "contacts", f"A language tag must be one word, not {tag!r}."


def _find_invalid_locations(record: StoredRecord) -> Iterator[tuple[str, str]]:
    for location in record.sites:
        if not _is_uuid(location.id):
            yield "sites", f"A location's id must be a lower-case UUID, not {location.id!r}."
        county = REGIONS.get(location.county) if location.county is not None else None
        if location.county is not None and (county is None or county.kind is not RegionKind.COUNTY):
            yield "sites", f"A location's county must be a county code such as US-GA-121, not {location.county!r}."
        if location.country == "US" and location.postal_code is not None and not _ZIP_CODE.fullmatch(location.postal_code):
            yield "sites", "A ZIP code must have five digits. Leave out the +4 digits, which identify one side of a street."
    for repeated_id in _list_duplicates(location.id for location in record.sites):
        yield "sites", f"Two locations have the id {repeated_id}. Give each its own."


def _is_encodable(record: StoredRecord) -> bool:
    # a zero byte is \u0000 in JSON; a text with a backslash before these characters has two backslashes there
    try:
        encoded = msgspec.json.encode(record)
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
