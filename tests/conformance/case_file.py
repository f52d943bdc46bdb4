"""Read conformance cases: each line has a schema in SDL and documents with their answers.

    {"schema": SDL, "cases": [{"query": document, "variables": {...}, "answer": {"data": {...}}}]}

Every field resolves to a fixed value of its type: Int 2, Float 3.14, Boolean true, ID "id", String and custom scalars "str", an
enum its first value, a list two items, a union the member whose name comes first, an interface the implementing object whose
name comes last. Nothing is null, and nothing fails.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from graphql import (
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_abstract_type,
)
from msgspec import Struct

SCALAR_VALUES = {"Int": 2, "Float": 3.14, "Boolean": True, "ID": "id"}
LIST_LENGTH = 2
EXPERIMENTAL_DIRECTIVES = ("defer", "stream")  # graphql-core executes no schema that declares them, whether used or not


class ExpectedAnswer(Struct, frozen=True):
    """The whole body of an answer."""

    data: dict[str, Any]


class ConformanceCase(Struct, frozen=True):
    """A document with its variables, and the answer that it must get."""

    query: str
    variables: dict[str, Any] | None
    answer: ExpectedAnswer

    @property
    def data(self) -> bytes:
        """The JSON of the expected `data`, in the order of its keys and without spaces."""
        return msgspec.json.encode(self.answer.data)


class SchemaCases(Struct, frozen=True):
    """The cases of one schema."""

    schema: str
    cases: list[ConformanceCase]


def read_cases(file: Path) -> Iterator[SchemaCases]:
    """Yield the schemas of a file with their cases. Raises msgspec.MsgspecError if a line has another format."""
    decoder = msgspec.json.Decoder(SchemaCases)
    with file.open("rb") as lines:
        yield from map(decoder.decode, lines)


def build_conformance_schema(sdl: str) -> GraphQLSchema:
    """Build the schema with a resolver for each field of an object."""
    schema = build_schema(sdl)
    schema.directives = tuple(each for each in schema.directives if each.name not in EXPERIMENTAL_DIRECTIVES)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for field in kind.fields.values():
                field.resolve = _build_resolver(field.type)
        elif is_abstract_type(kind):
            kind.resolve_type = _build_type_resolver(schema, kind)
    return schema


def _build_resolver(kind: GraphQLOutputType) -> Any:
    value = build_value(kind)
    return lambda _source, _info, **_arguments: value


def build_value(kind: GraphQLOutputType) -> Any:
    """Return the value that a field of this type resolves to."""
    if isinstance(kind, GraphQLNonNull):
        return build_value(kind.of_type)
    if isinstance(kind, GraphQLList):
        return [build_value(kind.of_type)] * LIST_LENGTH
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values.values())).value
    if isinstance(kind, GraphQLScalarType):
        return SCALAR_VALUES.get(kind.name, "str")
    return {}  # an object: its fields do not read it


def _build_type_resolver(schema: GraphQLSchema, kind: GraphQLAbstractType) -> Any:
    names = sorted(possible.name for possible in schema.get_possible_types(kind))
    name = names[0] if isinstance(kind, GraphQLUnionType) else names[-1]
    return lambda _value, _info, _kind: name
