"""What the directory knows of a kind of records: how it is stored, checked and published.

To add a kind, write a module beside this one and list it in `kinds/__init__.py`. The store builds its tables from the fields of
its stored struct: a column for each plain field, and a table for each list of structs. A field with a `Reference` refers to a
record of another kind (records.py). What a kind still needs elsewhere: a migration that creates its tables, its searched fields
(search/searched_fields.py) and its GraphQL type (schema/types).
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

import msgspec
from msgspec import Struct

from directory.fields import Field
from directory.published_places import PublishedPlaces
from directory.records import Audience, PublishedRecord, RecordKind, Reference, StoredRecord

IsVisible: TypeAlias = Callable[[str], bool]  # whether an audience sees the record with an id
Publish: TypeAlias = Callable[[Any, Audience, dt.datetime, IsVisible, PublishedPlaces], PublishedRecord | None]
Violation: TypeAlias = tuple[str, str]  # a field and a sentence that says what to do


EMPTY: Mapping[str, str] = {}


class UniqueFields(Struct, frozen=True):
    """Fields whose values together belong to one record only. The last one must not be null."""

    fields: tuple[str, ...]
    message: str  # {0} is the value, {1} the slug of the record that cannot have it


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of records.

    `publish` gets a stored record that the audience sees, the audience, when the audience last saw the record change, a test for
    the ids that the audience sees, and the published places. `find_violations` finds what only this kind forbids.
    """

    name: RecordKind
    type_name: str  # of the API
    table: str
    stored_type: type[StoredRecord]
    published_type: type[PublishedRecord]
    publish: Publish
    fields: Mapping[str, Field]  # plain fields, by name
    find_violations: Callable[[Any], Iterator[Violation]] = lambda record: iter(())
    unique: tuple[UniqueFields, ...] = ()
    audience_fields: Mapping[str, str] = EMPTY  # fields that say who may see another field, such as a link, and that field
    acyclic_field: str | None = None  # a reference to a record of this kind that must not lead back to the record itself

    @property
    def noun(self) -> str:
        return self.name.noun


@cache
def list_reference_fields(struct: type[Struct]) -> tuple[tuple[str, RecordKind], ...]:
    """Return the fields of a struct that hold an id of another record, each with the kind of that record."""
    found = ((field.name, _find_reference(field.type)) for field in msgspec.structs.fields(struct))
    return tuple((name, reference.kind) for name, reference in found if reference is not None)


@cache
def list_part_types(struct: type[Struct]) -> tuple[tuple[str, type[Struct]], ...]:
    """Return the fields of a struct that hold a list of structs, each with the type of its items."""
    found = ((field.name, _find_item_type(field.type)) for field in msgspec.structs.fields(struct))
    return tuple((name, item) for name, item in found if item is not None)


def list_references(record: StoredRecord | None) -> list[tuple[RecordKind, str]]:
    """Return the kinds and ids of the records that this one refers to, in the order of its fields; [] for None."""
    return [] if record is None else [reference for reference in _iter_references(record) if reference[1]]


def _iter_references(value: Struct) -> Iterator[tuple[RecordKind, str]]:
    for name, kind in list_reference_fields(type(value)):
        yield kind, getattr(value, name)
    for name, item in list_part_types(type(value)):
        if list_reference_fields(item):
            for part in getattr(value, name):
                yield from _iter_references(part)


def _find_reference(annotation: Any) -> Reference | None:
    """Return the mark of an annotation, or of the type that it makes optional."""
    if get_origin(annotation) is Annotated:
        marks = (mark for mark in annotation.__metadata__ if isinstance(mark, Reference))
        return next(marks, None)
    if get_origin(annotation) in (Union, UnionType):
        return next(filter(None, map(_find_reference, get_args(annotation))), None)
    return None


def _find_item_type(annotation: Any) -> type[Struct] | None:
    if get_origin(annotation) is not tuple:
        return None
    item = get_args(annotation)[0]
    return item if isinstance(item, type) and issubclass(item, Struct) else None
