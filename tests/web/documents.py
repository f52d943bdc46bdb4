"""Random GraphQL documents for our schema, with valid and invalid arguments and values."""

from typing import Any, NamedTuple

import msgspec
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    is_composite_type,
)
from graphql.type import GraphQLArgument, GraphQLInputField, GraphQLInterfaceType, GraphQLObjectType, get_named_type
from hypothesis import strategies as st

from schema.schema import SCHEMA
from tests.builders import an_id

MAX_DEPTH = 5
MAX_FIELDS = 4  # in one selection
INTERESTING_TEXTS = [
    "", " ", "housing", "us-GA", "US-GA", "US", "30312", "Atlanta", "en", "es", "harbor-tenants-union", "US-EIN", "2026-01-31",
    '"tenants union', "a" * 501, "\x00", "🏠", "*", "%", "' OR 1=1 --", an_id("Harbor Tenants Union"), "T3JnYW5pemF0aW9uOjE",
    "kwGnY2hhbmdlcwE", "https://example.org/", "2026-01-31T12:00:00Z", "city:US-GA:atlanta",
]  # fmt: skip
NUMBERS = [0, -1, 101, 2**31 - 1, -(2**31), 2**31, 2**64, 10**400]
texts = st.sampled_from(INTERESTING_TEXTS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(1, 20) | st.integers(1, 100) | st.integers(-200, 200) | st.sampled_from(NUMBERS)
fractions = st.sampled_from([0.0, -0.0, 1e308, 5e-324, 90.0, -180.0, 180.1]) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = {
    "Int": numbers,
    "Float": fractions,
    "Boolean": st.booleans(),
    "Date": st.dates().map(str) | texts,
    "DateTime": st.datetimes().map(lambda moment: f"{moment.isoformat()}Z") | texts,
}


class Name(NamedTuple):
    """An enum value: without quotes in a document, a string in JSON."""

    text: str


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A query and its variables."""
    assert SCHEMA.query_type
    writer = DocumentWriter(draw)
    selection = writer.selection(SCHEMA.query_type, 0)
    heading = f"({', '.join(writer.declarations)})" if writer.declarations else ""
    return f"query Random{heading} {selection}", writer.variables


class DocumentWriter:
    """Writes one document and collects its variables."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.declarations: list[str] = []
        self.variables: dict[str, Any] = {}
        self.field_count = 0

    def selection(self, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        fields = {name: field for name, field in kind.fields.items() if depth < MAX_DEPTH or not is_nested(field)}
        chosen = self.draw(st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=MAX_FIELDS)) if fields else []
        parts = [self.field(name, fields[name], depth) for name in chosen]
        if isinstance(kind, GraphQLInterfaceType):
            possible = self.draw(st.sampled_from(SCHEMA.get_possible_types(kind)))
            parts.append(f"... on {possible.name} {self.selection(possible, depth + 1)}")
        return f"{{ {' '.join(['__typename', *parts])} }}"

    def field(self, name: str, field: GraphQLField, depth: int) -> str:
        self.field_count += 1
        values = [f"{key}: {self.argument(each)}" for key, each in field.args.items() if self.is_included(each)]
        kind = get_named_type(field.type)
        below = self.selection(kind, depth + 1) if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) else ""
        arguments = f"({', '.join(values)})" if values else ""
        return f"f{self.field_count}: {name}{arguments} {below}"

    def is_included(self, argument: GraphQLArgument | GraphQLInputField) -> bool:
        return isinstance(argument.type, GraphQLNonNull) or self.draw(st.booleans())

    def argument(self, argument: GraphQLArgument) -> str:
        value = self.value(argument.type)
        if self.draw(st.booleans()):
            return literal(value)
        name = f"v{len(self.declarations)}"
        self.declarations.append(f"${name}: {argument.type}")
        self.variables[name] = plain(value)
        return f"${name}"

    def value(self, kind: GraphQLInputType) -> Any:
        if self.draw(st.integers(0, 80)) == 40:
            return self.draw(st.one_of(st.none(), texts, numbers, st.just([]), st.just({}), st.booleans()))
        if isinstance(kind, GraphQLNonNull):
            return self.value(kind.of_type)
        if isinstance(kind, GraphQLList):
            return [self.value(kind.of_type) for _ in range(self.draw(st.integers(0, 3)))]
        if isinstance(kind, GraphQLEnumType):
            return Name(self.draw(st.sampled_from(sorted(kind.values))))
        if isinstance(kind, GraphQLInputObjectType):
            return self.fields(kind)
        return self.draw(SCALARS.get(kind.name, texts))

    def fields(self, kind: GraphQLInputObjectType) -> dict[str, Any]:
        if kind.is_one_of:
            name = self.draw(st.sampled_from(sorted(kind.fields)))
            return {name: self.value(kind.fields[name].type)}
        return {name: self.value(each.type) for name, each in kind.fields.items() if self.is_included(each)}


def is_nested(field: GraphQLField) -> bool:
    return is_composite_type(get_named_type(field.type))


def plain(value: Any) -> Any:
    """Return the value as JSON."""
    if isinstance(value, Name):
        return value.text
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {name: plain(item) for name, item in value.items()} if isinstance(value, dict) else value


def literal(value: Any) -> str:
    """Return the value as a literal in a document."""
    if isinstance(value, Name):
        return value.text
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {literal(item)}' for name, item in value.items())}}}"
    return str(value) if type(value) is int else msgspec.json.encode(value).decode()
