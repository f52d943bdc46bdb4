"""Provenance: record the dataset, file, row and date for every field that an import writes."""

import datetime as dt
from collections.abc import Collection
from functools import cache
from typing import TypeVar

from msgspec.structs import replace

from directory.drafts.draft_checks import list_sourced_fields
from directory.geo import Disclosure
from directory.kinds import KINDS, get_kind
from directory.publish import is_source_identifier
from directory.records import SOURCED_FIELDS, RecordKind, Source, StoredOrganization, StoredRecord
from directory.text import fold
from seed.rows import Row
from seed.sources.dataset import Dataset

R = TypeVar("R", bound=StoredRecord)


@cache
def _list_sourced_fields(kind: RecordKind) -> tuple[str, ...]:
    return SOURCED_FIELDS if kind is RecordKind.ORGANIZATION else list_sourced_fields(KINDS[kind])


@cache
def _list_single_value_fields(kind: RecordKind) -> frozenset[str]:
    return frozenset({"name", "membership", "parent", *(name for name, field in KINDS[kind].fields.items() if not field.is_list)})


def add_sources(record: R, fields: Collection[str], row: Row, dataset: Dataset) -> R:
    """Return the record with this dataset as a source of these fields.

    Sources of replaced values are removed, and empty fields have no source. A dataset that states its own sources
    (`has_provenance`) is not added.
    """
    if dataset.has_provenance:
        return record
    kind = get_kind(record).name
    sourced = {"locations" if field == "sites" else field for field in fields} & set(_list_sourced_fields(kind))
    single_value_fields = sourced & _list_single_value_fields(kind)
    remaining = tuple(
        source
        for source in record.sources
        if not (source.field in single_value_fields or (source.field in sourced and source.origin == dataset.key))
    )
    filled = [field for field in _list_sourced_fields(kind) if field in sourced and _has_publishable_value(record, field)]
    return replace(record, sources=(*remaining, *(_build_source(field, row, dataset) for field in filled)))


def add_name_source(record: R, row: Row, dataset: Dataset) -> R:
    """Return the record with this dataset as a further source of its name."""
    return replace(record, sources=(*record.sources, _build_source("name", row, dataset)))


def effective_date(row: Row, dataset: Dataset) -> dt.date | None:
    """Return the date of the row's data: of the row, otherwise of the dataset; None if unknown."""
    return row.as_of or dataset.date


def _has_publishable_value(record: StoredRecord, field: str) -> bool:
    """Whether the field has a value to give a source for. Record numbers of a source do not count: only staff see them."""
    if field == "identifiers" and isinstance(record, StoredOrganization):
        return not all(is_source_identifier(identifier) for identifier in record.identifiers)
    return bool(getattr(record, "sites" if field == "locations" else field))


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
