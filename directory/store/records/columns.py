"""Map the plain fields of a struct to columns of the same name, and rows back to structs."""

import datetime as dt
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from operator import attrgetter
from sys import intern
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

import msgspec
from msgspec import Struct
from sqlalchemy import Boolean, CheckConstraint, Column, Date, DateTime, Dialect, Double, Integer, Text
from sqlalchemy.types import TypeDecorator

RowDecoder = Callable[[Sequence[Any]], dict[str, Any]]  # turns a row into arguments of a struct
SHARED_VALUES = 1 << 13  # texts, days and times
WORDS_CACHE_SIZE = 1 << 14  # texts of space-separated words


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A time in UTC on both engines, shared like SharedText: all changes of a revision have the same one.

    SQLite stores no time zone, and PostgreSQL returns times in that of the session.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return value if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        moment: dt.datetime = _share(value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC))
        return moment


class SpaceSeparatedWords(TypeDecorator[tuple[str, ...]]):
    """Words without white space, such as language tags, stored as one text: "en es"."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        return " ".join(value or ())

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], tuple[str, ...]]:
        return _split_words  # not process_result_value, which costs another call for each value


@lru_cache(maxsize=WORDS_CACHE_SIZE)
def _split_words(text: str | None) -> tuple[str, ...]:
    """Return one shared tuple of shared words for equal texts, because thousands of records repeat the same ones."""
    return tuple(map(intern, text.split())) if text else ()


class SharedText(TypeDecorator[str]):
    """Text that many records repeat, such as the title of a source: equal texts that are read soon after each other are one."""

    impl = Text
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], str | None]:
        return _share


class SharedDate(TypeDecorator[dt.date]):
    """A day that many records repeat, such as that of a source: shared like SharedText."""

    impl = Date
    cache_ok = True

    def process_result_value(self, value: dt.date | None, dialect: Dialect) -> dt.date | None:
        day: dt.date | None = _share(value)
        return day


@lru_cache(maxsize=SHARED_VALUES)
def _share(value: Any) -> Any:
    return value


UNIQUE_FIELDS = frozenset({"id", "slug"})  # not worth sharing
_COLUMN_TYPES: dict[type, type[Any]] = {
    str: SharedText,
    int: Integer,
    float: Double,
    bool: Boolean,
    dt.date: SharedDate,
    dt.datetime: UtcDateTime,
    tuple: SpaceSeparatedWords,  # only tuple[str, ...], see _find_plain_type
}


def build_columns(struct: type[Struct], prefix: str = "") -> list[Column[Any]]:
    """Build a column for each plain field, in field order.

    Plain are text, numbers, booleans, dates, times, enums and lists of words (tuple[str, ...]). Columns of optional fields are
    nullable.
    """
    return [
        _build_column(prefix + field.name, field.type) for field in msgspec.structs.fields(struct) if _find_plain_type(field.type)
    ]


@cache
def list_plain_fields(struct: type[Struct]) -> tuple[str, ...]:
    """Return the names of the fields that `build_columns` builds columns for."""
    return tuple(field.name for field in msgspec.structs.fields(struct) if _find_plain_type(field.type))


@cache
def list_word_fields(struct: type[Struct]) -> tuple[str, ...]:
    """Return the names of the fields that hold lists of words."""
    return tuple(field.name for field in msgspec.structs.fields(struct) if _find_plain_type(field.type) is tuple)


def build_enum_check(column: str, members: type[StrEnum]) -> CheckConstraint:
    values = ", ".join(f"'{member.value}'" for member in members)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_known")


def build_enum_checks(struct: type[Struct], prefix: str = "") -> list[CheckConstraint]:
    """Build a check for each enum field that allows only the values of its members."""
    types = {prefix + field.name: _find_plain_type(field.type) for field in msgspec.structs.fields(struct)}
    return [build_enum_check(name, members) for name, members in types.items() if members and issubclass(members, StrEnum)]


def encode_fields(struct: Struct, prefix: str = "") -> dict[str, Any]:
    """Return the plain fields of a struct as column values."""
    names, get_values, enum_names = _build_encoder(type(struct), prefix)
    row = dict(zip(names, get_values(struct), strict=True))
    for name in enum_names:
        if row[name] is not None:
            row[name] = row[name].value
    return row


@cache
def _build_encoder(
    struct: type[Struct], prefix: str
) -> tuple[tuple[str, ...], Callable[[Struct], tuple[Any, ...]], tuple[str, ...]]:
    """Return the names of the columns, a function that gets their values from a struct, and the columns that hold enums."""
    fields = list_plain_fields(struct)
    types = {field.name: _find_plain_type(field.type) for field in msgspec.structs.fields(struct)}
    enum_names = tuple(prefix + name for name in fields if issubclass(types[name] or object, StrEnum))
    # attrgetter returns no tuple if it has only one name
    get_values = attrgetter(*fields) if len(fields) > 1 else lambda instance: (getattr(instance, fields[0]),)
    return tuple(prefix + name for name in fields), get_values, enum_names


def build_decoder(struct: type[Struct]) -> tuple[tuple[str, ...], RowDecoder]:
    """Return the names of the columns to select, and a function that turns a row of them into arguments of the struct."""
    names = list_plain_fields(struct)
    members = {field.name: _map_enum_members(field.type) for field in msgspec.structs.fields(struct)}
    enums = tuple((name, members[name]) for name in names if members[name])

    def decode(row: Sequence[Any]) -> dict[str, Any]:
        arguments = dict(zip(names, row, strict=True))
        for name, member_by_value in enums:
            arguments[name] = member_by_value[arguments[name]]
        return arguments

    return names, decode


def _build_column(name: str, annotation: Any) -> Column[Any]:
    plain_type = _find_plain_type(annotation)
    assert plain_type is not None, annotation  # noqa: S101 - the only caller has checked
    is_plain_text = issubclass(plain_type, StrEnum) or name in UNIQUE_FIELDS
    column_type = Text if is_plain_text else _COLUMN_TYPES[plain_type]
    return Column(name, column_type, nullable=NoneType in get_args(_strip_metadata(annotation)))


def _find_plain_type(annotation: Any) -> type | None:
    """Return the plain type of an annotation, optional or not; `tuple` for a list of words.

    None for a type that has a table of its own.
    """
    stripped = _strip_metadata(annotation)
    if stripped == tuple[str, ...]:
        return tuple
    members = (_strip_metadata(argument) for argument in get_args(stripped) or (stripped,))
    types = [member for member in members if member is not NoneType]
    if len(types) != 1 or not isinstance(types[0], type):
        return None
    return types[0] if types[0] in _COLUMN_TYPES or issubclass(types[0], StrEnum) else None


def _strip_metadata(annotation: Any) -> Any:
    """Return the type of an annotation without the entry of the field registry or the mark of a reference."""
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _map_enum_members(annotation: Any) -> dict[Any, Any]:
    """Return the members of an enum by value, with None for null. {} for other types."""
    plain_type = _find_plain_type(annotation)
    if plain_type is None or not issubclass(plain_type, StrEnum):
        return {}
    return {None: None, **{member.value: member for member in plain_type}}
