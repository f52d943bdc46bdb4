"""Where each fact came from: every field that an import writes is given the dataset, the file, the row and the day."""

import datetime as dt
from collections.abc import Collection

from msgspec.structs import replace

from directory.geo import Disclosure
from directory.publish import is_source_identifier
from directory.records import SOURCED_FIELDS, Source, StoredOrganization
from directory.text import fold
from seed.rows import Row
from seed.sources.dataset import Dataset

_SINGLE_VALUE_FIELDS = frozenset(
    {"name", "kind", "summary", "description", "founded", "website", "membership", "parent"}
)  # one value each


def add_sources(entry: StoredOrganization, fields: Collection[str], row: Row, dataset: Dataset) -> StoredOrganization:
    """The record with this dataset as the source of these fields of it; a source of a value that is gone goes with it.

    Fields that are not stated any more have no source. Nothing is added where the dataset states its sources itself.
    """
    if dataset.has_provenance:
        return entry
    sourced = {"locations" if field == "sites" else field for field in fields} & set(SOURCED_FIELDS)
    stays = tuple(source for source in entry.sources if not _is_replaced(source, sourced, dataset.key))
    filled = [field for field in SOURCED_FIELDS if field in sourced and _has_publishable_value(entry, field)]
    return replace(entry, sources=(*stays, *(_build_source(field, row, dataset) for field in filled)))


def add_name_source(entry: StoredOrganization, row: Row, dataset: Dataset) -> StoredOrganization:
    """The record with this dataset as one more source of its name, which others stated before."""
    return replace(entry, sources=(*entry.sources, _build_source("name", row, dataset)))


def effective_date(row: Row, dataset: Dataset) -> dt.date | None:
    """The day whose state the row tells."""
    return row.as_of or dataset.date


def _has_publishable_value(entry: StoredOrganization, field: str) -> bool:
    """Whether there is something to give a source of; a source's own numbers of its records are for staff alone."""
    if field == "identifiers":
        return not all(is_source_identifier(one) for one in entry.identifiers)
    return bool(getattr(entry, "sites" if field == "locations" else field))


def _is_replaced(source: Source, fields: Collection[str], key: str) -> bool:
    return source.field in fields and (source.field in _SINGLE_VALUE_FIELDS or source.origin == key)


def _build_source(field: str, row: Row, dataset: Dataset) -> Source:
    """A list that is not public leads nobody to a place: how exactly it places is not known, so that it counts as exactly."""
    return Source(
        field,
        dataset.title,
        dataset.url,
        effective_date(row, dataset),
        Disclosure.EXACT,
        origin=dataset.key,
        file=row.file,
        row=row.number,
    )


def derive_dataset_key(words: str) -> str:
    """The key that a title or a file's name suggests; "list" where it suggests none."""
    return "-".join(fold(words).split()) or "list"
