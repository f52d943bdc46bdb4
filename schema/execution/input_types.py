"""Convert values as in JSON to the values that resolvers take, by input type.

The result is that of graphql-core's coercion followed by Strawberry's conversion: input objects are instances of the input
classes and enum values are members. In a schema without Strawberry, they are what graphql-core makes of them.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLString,
    Undefined,
    get_named_type,
)
from graphql.utilities.coerce_input_value import coerce_default_value
from msgspec import Struct
from strawberry.schema.schema_converter import GraphQLCoreConverter

from directory.question import TEXT_LIMITS
from schema.argument_limits import TEXT_TYPES
from schema.errors import DeclinedError

MAX_CONVERTERS = 100  # of input objects; more than our schema needs
Convert: TypeAlias = Callable[[Any], Any]  # of a value as in JSON
_EXACT_TYPES: dict[Any, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}  # values that need no conversion


class Input(Struct, frozen=True):
    """An argument or a field of an input type: its name in Python, and its default, which is Undefined if there is none.

    `limit` is the maximum length of its texts; None for other values.
    """

    name: str
    type: Any
    default: Any
    limit: int | None

    @property
    def is_required(self) -> bool:
        return isinstance(self.type, GraphQLNonNull) and self.default is Undefined


def build_converter(type_: Any, outer: tuple[GraphQLInputObjectType, ...] = ()) -> Convert:
    """Return the function for values of a type from JSON. `outer` are the input types that contain it."""
    if isinstance(type_, GraphQLNonNull):
        return _build_present_converter(type_.of_type, outer)
    convert = _build_present_converter(type_, outer)
    return lambda value: None if value is None else convert(value)


def contains_itself(type_: Any) -> bool:
    """Return whether values of an input type can be nested without end."""
    return _find_cycle(get_named_type(type_), ())


def _find_cycle(type_: Any, outer: tuple[Any, ...]) -> bool:
    if not isinstance(type_, GraphQLInputObjectType) or type_ in outer:
        return type_ in outer
    return any(_find_cycle(get_named_type(field.type), (*outer, type_)) for field in type_.fields.values())


def describe_input(name: str, definition: GraphQLArgument | GraphQLInputField) -> Input:
    """Describe an argument or an input field with this name in GraphQL. Raises DeclinedError if its default is not supported."""
    try:
        default = coerce_default_value(definition)
    except TypeError:  # the default is not valid
        raise DeclinedError from None
    strawberry_definition = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if strawberry_definition is None:
        return Input(definition.out_name or name, definition.type, default, None)
    type_ = get_named_type(definition.type)
    if isinstance(type_, GraphQLInputObjectType) and default is not Undefined:
        raise DeclinedError  # Strawberry builds an instance of the input class from it
    limit = TEXT_LIMITS[name] if type_.name in TEXT_TYPES else None
    return Input(strawberry_definition.python_name, definition.type, default, limit)


def find_constructor(type_: GraphQLInputObjectType) -> Convert:
    """Return a function that makes the value for resolvers from a dictionary of the fields."""
    definition = type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if definition is None:
        return type_.out_type
    input_class = definition.origin
    return lambda values: input_class(**values)


def check_length(value: Any, limit: int) -> Any:
    """Return a text or a list of texts unchanged. Raises DeclinedError if one is too long."""
    texts = (value,) if isinstance(value, str) else value or ("",)
    if max(map(len, texts)) > limit:
        raise DeclinedError
    return value


def _build_present_converter(type_: Any, outer: tuple[GraphQLInputObjectType, ...]) -> Convert:
    """Return the function for values that are not null. It declines null."""
    if isinstance(type_, GraphQLList):
        return _build_list_converter(build_converter(type_.of_type, outer))
    if isinstance(type_, GraphQLInputObjectType):
        return _build_object_converter(type_, outer)
    if isinstance(type_, GraphQLEnumType):
        return _build_enum_converter(type_)
    return _build_scalar_converter(type_)


def _build_list_converter(convert: Convert) -> Convert:
    def convert_list(value: Any) -> list[Any]:
        if value is None:
            raise DeclinedError
        return [convert(item) for item in value] if isinstance(value, list) else [convert(value)]

    return convert_list


@lru_cache(maxsize=MAX_CONVERTERS)
def _build_object_converter(type_: GraphQLInputObjectType, outer: tuple[GraphQLInputObjectType, ...]) -> Convert:
    if type_ in outer:
        return lambda value: _build_object_converter(type_, ())(value)  # a type that contains itself
    inputs = [(name, describe_input(name, definition)) for name, definition in type_.fields.items()]
    fields = [(name, field, build_converter(field.type, (*outer, type_))) for name, field in inputs]
    construct = find_constructor(type_)

    def convert_object(value: Any) -> Any:
        if not isinstance(value, dict) or not value.keys() <= type_.fields.keys():
            raise DeclinedError
        if type_.is_one_of and (len(value) != 1 or None in value.values()):
            raise DeclinedError
        values = {}
        for name, field, convert in fields:
            if name in value:
                item = convert(value[name])
                values[field.name] = item if field.limit is None else check_length(item, field.limit)
            elif field.is_required:
                raise DeclinedError
            elif field.default is not Undefined:
                values[field.name] = field.default
        return construct(values)

    return convert_object


def _build_enum_converter(type_: GraphQLEnumType) -> Convert:
    values = {name: type_.coerce_input_value(name) for name in type_.values}

    def convert_enum(value: Any) -> Any:
        if not isinstance(value, str) or value not in values:
            raise DeclinedError
        return values[value]

    return convert_enum


def _build_scalar_converter(type_: GraphQLScalarType) -> Convert:
    exact_type = _EXACT_TYPES.get(type_)

    def convert_scalar(value: Any) -> Any:
        if type(value) is exact_type:
            return value
        try:
            converted_value = Undefined if value is None else type_.coerce_input_value(value)
        except Exception:
            raise DeclinedError from None
        if converted_value is Undefined:
            raise DeclinedError
        return converted_value

    return convert_scalar
