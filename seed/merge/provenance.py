"""Provenance: record the dataset, file, row and date for every field that an import writes."""

import datetime as dt
from collections.abc import Collection

from msgspec.structs import replace

from directory.fields import FIELDS
from directory.geo import Disclosure
from directory.publish import is_source_identifier
from directory.records import SOURCED_FIELDS, Source, StoredOrganization
from directory.text import fold
from seed.rows import Row
from seed.sources.dataset import Dataset

_SINGLE_VALUE_FIELDS = frozenset({"name", "membership", "parent", *(name for name, field in FIELDS.items() if not field.is_list)})


def add_sources(record: StoredOrganization, fields: Collection[str], row: Row, dataset: Dataset) -> StoredOrganization:
    """Return the record with this dataset as a source of these fields.

    Sources of replaced values are removed, and empty fields have no source. A dataset that states its own sources
    (`has_provenance`) is not added.
    """
    if dataset.has_provenance:
        return record
    sourced = {"locations" if field == "sites" else field for field in fields} & set(SOURCED_FIELDS)
    remaining = tuple(source for source in record.sources if not _is_replaced(source, sourced, dataset.key))
    filled = [field for field in SOURCED_FIELDS if field in sourced and _has_publishable_value(record, field)]
    return replace(record, sources=(*remaining, *(_build_source(field, row, dataset) for field in filled)))


def add_name_source(record: StoredOrganization, row: Row, dataset: Dataset) -> StoredOrganization:
    """Return the record with this dataset as a further source of its name."""
    return replace(record, sources=(*record.sources, _build_source("name", row, dataset)))


def effective_date(row: Row, dataset: Dataset) -> dt.date | None:
    """Return the date of the row's data: of the row, otherwise of the dataset; None if unknown."""
    return row.as_of or dataset.date


def _has_publishable_value(record: StoredOrganization, field: str) -> bool:
    """Whether the field has a value to give a source for. Record numbers of a source do not count: only staff see them."""
    if field == "identifiers":
        return not all(is_source_identifier(identifier) for identifier in record.identifiers)
    return bool(getattr(record, "sites" if field == "locations" else field))


def _is_replaced(source: Source, fields: Collection[str], key: str) -> bool:
    return source.field in fields and (source.field in _SINGLE_VALUE_FIELDS or source.origin == key)


def _build_source(field: str, row: Row, dataset: Dataset) -> Source:
    """Return the source. It may reveal exact places: how exactly the list states them is unknown."""
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
    """Return a key made from the words of a title or file name; "list" if there are none."""
    return "-".join(fold(words).split()) or "list"
