"""A schema with the types of our own, whose resolvers return invented values and fail at random.

A value depends only on the seed, the path from the root and the arguments, so that two executions see the same values and faults.
"""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import msgspec
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    Undefined,
    build_schema,
)

from directory.errors import BadCursor, BadInput, UnknownTerm
from schema.schema import print_sdl

MAX_ITEMS = 3  # in a list
SCALARS: dict[str, tuple[Any, ...]] = {
    "Int": (0, 7, -3),
    "Float": (0.5, 12, -1e30),
    "Boolean": (True, False),
    "ID": ("id", "é"),
    "Date": ("2026-01-31",),
}
TEXTS = ("", "text", 'a "quoted" text\n', "é 😀 \u2028")


class InventedRecord(NamedTuple):
    """An object. `path` says where it comes from, and `kind` is the name of its type."""

    kind: str
    path: str


class FaultyResolvers:
    """The resolvers of a schema. `rate` is the share of fields that fail, `refusal_rate` that of root fields that are refused."""

    def __init__(self, schema: GraphQLSchema, seed: int, rate: float, refusal_rate: float) -> None:
        self._schema, self._seed, self._rate, self._refusal_rate = schema, seed, rate, refusal_rate

    def build_resolver(self, name: str, field: GraphQLField) -> Callable[..., Any]:
        def resolve(source: InventedRecord | None, _info: Any, **arguments: Any) -> Any:
            path = f"{source.path if source else self._seed} {name} {msgspec.json.encode(arguments, order='sorted').decode()}"
            random = Random(path)  # noqa: S311 - reproducible
            if source is None and random.random() < self._refusal_rate:
                return random.choice(self._list_refusals(path))()
            if random.random() < self._rate:
                return self._fail(field.type, random, path)
            return self._invent(field.type, random, path)

        return resolve

    def _invent(self, kind: GraphQLOutputType, random: Random, path: str) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return self._invent_present(kind.of_type, random, path)
        return None if random.random() < 0.1 else self._invent_present(kind, random, path)

    def _invent_present(self, kind: Any, random: Random, path: str) -> Any:
        if isinstance(kind, GraphQLList):
            return [self._invent(kind.of_type, random, f"{path} {n}") for n in range(random.randint(0, MAX_ITEMS))]
        if isinstance(kind, GraphQLScalarType):
            return random.choice(SCALARS.get(kind.name, TEXTS))
        if isinstance(kind, GraphQLEnumType):
            return random.choice(sorted(kind.values))
        possible = self._schema.get_possible_types(kind) if isinstance(kind, GraphQLInterfaceType) else [kind]
        return InventedRecord(random.choice(list(possible)).name, path)

    def _list_refusals(self, path: str) -> list[Callable[[], Any]]:
        """Return functions that refuse a field with a code."""
        return [
            lambda: _raise(BadInput("Not this.", argument=path[:20], value=None)),
            lambda: _raise(BadCursor("Not this cursor.", reason="MALFORMED")),
            lambda: _raise(UnknownTerm("No such term.", suggest=lambda: ["housing"], vocabulary="a", value=path[-20:])),
        ]

    def _fail(self, kind: GraphQLOutputType, random: Random, path: str) -> Any:
        """Raise, or return something that the type may not allow."""
        faults: list[Callable[[], Any]] = [
            *self._list_refusals(path),
            lambda: _raise(ValueError(path)),
            lambda: _raise(RecursionError()),
            lambda: BadInput("Returned."),
            lambda: ValueError("returned"),
            lambda: None,
            lambda: Undefined,
            lambda: random.choice([object(), [], {}, 2**40, float("nan"), "text", b"bytes"]),
            lambda: self._spoil_item(self._invent_present(_strip(kind), random, path), random),
            lambda: self._spoil_item(self._invent_present(_strip(kind), random, path), random),
        ]
        return random.choice(faults)()

    def _spoil_item(self, value: Any, random: Random) -> Any:
        """Replace an item of a list with a fault. Another value becomes a list."""
        items = list(value) if isinstance(value, list) else [value]
        fault = random.choice([None, BadInput("An item."), ValueError("item"), [None], "text", InventedRecord("Nothing", "")])
        items.insert(random.randint(0, len(items)), fault)
        return items


def build_faulty_schema(seed: int, rate: float, refusal_rate: float = 0.0) -> GraphQLSchema:
    schema = build_schema(print_sdl())
    resolvers = FaultyResolvers(schema, seed, rate, refusal_rate)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                field.resolve = resolvers.build_resolver(name, field)
        elif isinstance(kind, GraphQLInterfaceType):
            kind.resolve_type = lambda value, _info, _kind: value.kind
    return schema


def _strip(kind: GraphQLOutputType) -> Any:
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def _raise(error: Exception) -> Any:
    raise error
