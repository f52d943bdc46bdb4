"""What generated functions use: structs to encode, names of enums, serializers, and checks of objects and lists."""

from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakValueDictionary

import msgspec
from graphql import GraphQLEnumType, GraphQLSchema, Undefined
from graphql.pyutils import is_iterable

from schema.errors import DeclinedError

NO_OBJECTS = (type(None), type(Undefined))

_structs: "WeakValueDictionary[tuple[str, ...], type[msgspec.Struct]]" = WeakValueDictionary()


def find_struct(keys: tuple[str, ...]) -> type[msgspec.Struct]:
    """Return the struct that is encoded as an object with these keys. Plans share it, as a class takes several kilobytes."""
    struct = _structs.get(keys)
    if struct is None:
        names = [f"f{number}" for number in range(len(keys))]
        struct = msgspec.defstruct("Selected", names, rename=dict(zip(names, keys, strict=True)), gc=False)
        _structs[keys] = struct
    return struct


def list_enum_names(kind: GraphQLEnumType) -> dict[Any, str]:
    """Return the names of an enum by its values, which are Python members for a Strawberry enum."""
    members = getattr(kind, "wrapped_cls", None)
    values = [value.value for value in kind.values.values()]
    return {each: kind.coerce_output_value(each) for value in values for each in ([members(value)] if members else [value])}


def build_serializer(kind: Any) -> Callable[[Any], Any]:
    def serialize(value: Any) -> Any:
        accept_class(value)
        serialized = kind.coerce_output_value(value)
        if serialized is None or serialized is Undefined:
            raise DeclinedError
        return serialized

    return serialize


def build_type_resolver(schema: GraphQLSchema, kind: Any) -> Callable[[Any, Any], str]:
    possible = schema.get_possible_types(kind)

    def resolve(value: Any, run: Any) -> str:
        accept_class(value)
        if kind.resolve_type:
            name: str = kind.resolve_type(value, run, kind)
            return name
        return next(each.name for each in possible if each.is_type_of and each.is_type_of(value, run))

    return resolve


def read_list(value: Any) -> list[Any]:
    """Return the items of a value that is no list or tuple. Raises DeclinedError if it cannot be a list."""
    if not is_iterable(value) or isinstance(value, Exception):
        raise DeclinedError
    return list(value)


def accept_class(value: Any) -> type:
    """Return the class of an object. Raises DeclinedError if its values are no objects: null, or an error that was returned."""
    kind: type = value.__class__
    if kind in NO_OBJECTS or issubclass(kind, Exception):
        raise DeclinedError
    return kind


def accept_record(value: Any, is_type_of: Callable[[Any, Any], bool], run: Any) -> None:
    """Check an object of a type that recognizes its records. Raises DeclinedError."""
    accept_class(value)
    if not is_type_of(value, run):
        raise DeclinedError


def accept_items(values: Sequence[Any], record_class: type | None) -> None:
    """Check the items of a list of objects that must not be null, and that are of `record_class` if it is not None.

    Raises DeclinedError.
    """
    for kind in set(map(type, values)):
        if (record_class and kind is not record_class) or kind in NO_OBJECTS or issubclass(kind, Exception):
            raise DeclinedError
