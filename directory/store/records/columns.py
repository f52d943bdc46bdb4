"""How the plain fields of a struct become columns of the same name, and how rows become structs again."""

import datetime as dt
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any, get_args

import msgspec
from msgspec import Struct
from sqlalchemy import Boolean, CheckConstraint, Column, Date, DateTime, Dialect, Double, Integer, Text
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment, in UTC on both engines: SQLite keeps no zone, and PostgreSQL answers in the session's."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return value if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class SpaceSeparatedWords(TypeDecorator[tuple[str, ...]]):
    """Words without white space, such as language tags, kept as a person would list them: "en es"."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        return " ".join(value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple(value.split()) if value else ()


_COLUMN_TYPES: dict[type, type[Any]] = {
    str: Text,
    int: Integer,
    float: Double,
    bool: Boolean,
    dt.date: Date,
    dt.datetime: UtcDateTime,
}


def build_columns(struct: type[Struct], prefix: str = "") -> list[Column[Any]]:
    """A column for each plain field (text, number, truth, date, moment, enum; optional ones are nullable), in field order."""
    return [
        _build_column(prefix + field.name, field.type) for field in msgspec.structs.fields(struct) if _find_plain_type(field.type)
    ]


@cache
def plain_fields(struct: type[Struct]) -> tuple[str, ...]:
    """The names of the fields that `columns` makes columns of."""
    return tuple(field.name for field in msgspec.structs.fields(struct) if _find_plain_type(field.type))


def build_enum_check(column: str, members: type[StrEnum]) -> CheckConstraint:
    values = ", ".join(f"'{member.value}'" for member in members)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_known")


def build_enum_checks(struct: type[Struct], prefix: str = "") -> list[CheckConstraint]:
    """What holds each enum field to its members."""
    kinds = {prefix + field.name: _find_plain_type(field.type) for field in msgspec.structs.fields(struct)}
    return [build_enum_check(name, kind) for name, kind in kinds.items() if kind and issubclass(kind, StrEnum)]


def encode_fields(struct: Struct, prefix: str = "") -> dict[str, Any]:
    """The plain fields of a struct as the values of their columns."""
    names, plain, enums = _build_encoder(type(struct), prefix)
    made = dict(zip(names, plain(struct), strict=True))
    for name in enums:
        if made[name] is not None:
            made[name] = made[name].value
    return made


@cache
def _build_encoder(
    struct: type[Struct], prefix: str
) -> tuple[tuple[str, ...], Callable[[Struct], tuple[Any, ...]], tuple[str, ...]]:
    """The columns, what takes their values out of a struct, and which of them hold enums."""
    fields = plain_fields(struct)
    kinds = {field.name: _find_plain_type(field.type) for field in msgspec.structs.fields(struct)}
    enums = tuple(prefix + name for name in fields if issubclass(kinds[name] or object, StrEnum))
    # a getter of one name alone would answer without a tuple
    plain = attrgetter(*fields) if len(fields) > 1 else lambda one: (getattr(one, fields[0]),)
    return tuple(prefix + name for name in fields), plain, enums


def build_decoder(struct: type[Struct], *extra: str) -> tuple[tuple[str, ...], Callable[[Sequence[Any]], dict[str, Any]]]:
    """The names of the columns to select, and what makes a struct's arguments of a row of them.

    `extra` names columns beside those of the plain fields.
    """
    names = (*plain_fields(struct), *extra)
    members = {field.name: _map_enum_members(field.type) for field in msgspec.structs.fields(struct)}
    enums = tuple((name, members[name]) for name in names if members[name])

    def decode(row: Sequence[Any]) -> dict[str, Any]:
        made = dict(zip(names, row, strict=True))
        for name, known in enums:
            made[name] = known[made[name]]
        return made

    return names, decode


def _build_column(name: str, annotation: Any) -> Column[Any]:
    kind = _find_plain_type(annotation)
    assert kind is not None, annotation  # noqa: S101 - the only caller has asked
    return Column(name, Text if issubclass(kind, StrEnum) else _COLUMN_TYPES[kind], nullable=NoneType in get_args(annotation))


def _find_plain_type(annotation: Any) -> type | None:
    """The plain type an annotation stands for, or None where it stands for something with a table of its own."""
    kinds = [kind for kind in get_args(annotation) or (annotation,) if kind is not NoneType]
    if len(kinds) != 1 or not isinstance(kinds[0], type):
        return None
    return kinds[0] if kinds[0] in _COLUMN_TYPES or issubclass(kinds[0], StrEnum) else None


def _map_enum_members(annotation: Any) -> dict[Any, Any]:
    kind = _find_plain_type(annotation)
    return {None: None, **{member.value: member for member in kind}} if kind and issubclass(kind, StrEnum) else {}
