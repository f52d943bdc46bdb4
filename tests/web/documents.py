"""Random questions that the schema's own text suggests: fields, arguments and values as they could be, and as they could not."""

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

DEEPEST = 5
FIELDS = 4  # selected at once
TELLING = [
    "", " ", "housing", "us-GA", "US-GA", "US", "30312", "Atlanta", "en", "es", "harbor-tenants-union", "US-EIN", "2026-01-31",
    '"tenants union', "a" * 501, "\x00", "🏠", "*", "%", "' OR 1=1 --", an_id("Harbor Tenants Union"), "T3JnYW5pemF0aW9uOjE",
    "kwGnY2hhbmdlcwE", "https://example.org/", "2026-01-31T12:00:00Z", "city:US-GA:atlanta",
]  # fmt: skip
NUMBERS = [0, -1, 101, 2**31 - 1, -(2**31), 2**31, 2**64, 10**400]
texts = st.sampled_from(TELLING) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
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
    """A value that stands bare in a document, an enum's; in JSON it is a string."""

    text: str


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A query and its variables."""
    assert SCHEMA.query_type
    written = Writing(draw)
    selection = written.selection(SCHEMA.query_type, 0)
    heading = f"({', '.join(written.declared)})" if written.declared else ""
    return f"query Asked{heading} {selection}", written.variables


class Writing:
    """One document while it is written."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.declared: list[str] = []
        self.variables: dict[str, Any] = {}
        self.written = 0

    def selection(self, kind: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        fields = {name: field for name, field in kind.fields.items() if depth < DEEPEST or not is_nested(field)}
        chosen = self.draw(st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=FIELDS)) if fields else []
        parts = [self.field(name, fields[name], depth) for name in chosen]
        if isinstance(kind, GraphQLInterfaceType):
            possible = self.draw(st.sampled_from(SCHEMA.get_possible_types(kind)))
            parts.append(f"... on {possible.name} {self.selection(possible, depth + 1)}")
        return f"{{ {' '.join(['__typename', *parts])} }}"

    def field(self, name: str, field: GraphQLField, depth: int) -> str:
        self.written += 1
        given = [f"{key}: {self.given(one)}" for key, one in field.args.items() if self.is_given(one)]
        inside = get_named_type(field.type)
        below = self.selection(inside, depth + 1) if isinstance(inside, GraphQLObjectType | GraphQLInterfaceType) else ""
        arguments = f"({', '.join(given)})" if given else ""
        return f"f{self.written}: {name}{arguments} {below}"

    def is_given(self, one: GraphQLArgument | GraphQLInputField) -> bool:
        return isinstance(one.type, GraphQLNonNull) or self.draw(st.booleans())

    def given(self, one: GraphQLArgument) -> str:
        value = self.value(one.type)
        if self.draw(st.booleans()):
            return literal(value)
        name = f"v{len(self.declared)}"
        self.declared.append(f"${name}: {one.type}")
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
        return {name: self.value(one.type) for name, one in kind.fields.items() if self.is_given(one)}


def is_nested(field: GraphQLField) -> bool:
    return is_composite_type(get_named_type(field.type))


def plain(value: Any) -> Any:
    """As it stands in JSON."""
    if isinstance(value, Name):
        return value.text
    if isinstance(value, list):
        return [plain(one) for one in value]
    return {name: plain(one) for name, one in value.items()} if isinstance(value, dict) else value


def literal(value: Any) -> str:
    """As it stands in a document."""
    if isinstance(value, Name):
        return value.text
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {literal(one)}' for name, one in value.items())}}}"
    return str(value) if type(value) is int else msgspec.json.encode(value).decode()
