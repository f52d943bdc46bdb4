"""Values of scalars and enums, and the types of objects: the engine converts them as graphql-core does."""

import datetime as dt
import enum
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
)

from directory.errors import BadInput
from tests.engine_answers import EngineRequest, assert_same_answer
from tests.schema.execution.small_schemas import build_request, build_small_schema


class Color(enum.Enum):
    RED = "RED"


class Level(enum.IntEnum):
    HIGH = 3


class LooksLikeText:
    def __str__(self) -> str:
        return "shown"


# Scalar -> what resolvers may return for it, right and wrong.
LEAF_VALUES: dict[str, list[Any]] = {
    "Int": [0, -1, True, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 1.0, 1.5, "3", "x", Level.HIGH, Decimal(4), [1], Undefined],
    "Float": [0, 1.5, True, "1.5", "x", "", float("nan"), float("-inf"), Decimal("0.1"), Fraction(1, 4), 10**400, [], Level.HIGH],
    "String": ["", "a\"\\\n\x00\u2028é😀", 1, 1.5, True, b"bytes", {"a": 1}, ["a"], LooksLikeText(), Color.RED, UUID(int=1)],
    "Boolean": [True, False, 0, 1, 2, 0.0, 1.5, "", "true", float("nan"), None, [], {}],
    "ID": ["", "a", 1, -5, 2**70, 1.0, 1.5, True, None, UUID(int=7), LooksLikeText(), b"a"],
    "Kind": ["RED", "GREEN", "red", "", 1, None, Color.RED, [], {}, True],
    "Anything": [1, "a", None, {"b": [1, {"a": None}]}, [], (1, 2), 1.5, dt.date(2026, 1, 2), Decimal("1.1"), UUID(int=3)],
}  # fmt: skip
LEAF_CASES = [pytest.param(kind, value, id=f"{kind} {value!r:.24}") for kind, values in LEAF_VALUES.items() for value in values]


@pytest.mark.parametrize(("kind", "value"), LEAF_CASES)
def test_leaves(kind: str, value: Any) -> None:
    sdl = f"type Query {{ may: {kind} must: {kind}! inner: Inner }} type Inner {{ may: {kind} must: {kind}! }}"
    sdl += " scalar Anything enum Kind { RED GREEN }"
    for document in ("{ may }", "{ must }", "{ inner { may } }", "{ inner { must may } }"):
        request = build_request(sdl, {"may": value, "must": value, "inner": {"may": value, "must": value}}, document)
        answer = assert_same_answer(request)
        assert answer.errors or answer.is_compiled or value is Undefined


def refuse(_value: Any) -> Any:
    raise BadInput("Not a value.")


def refuse_as_graphql(_value: Any) -> Any:
    raise GraphQLError("Not a value.")


SERIALIZERS: dict[str, Callable[[Any], Any]] = {
    "text": str,
    "object": lambda value: {"value": value, "more": [value, None]},
    "null": lambda _: None,
    "undefined": lambda _: Undefined,
    "refusal": refuse,
    "GraphQL error": refuse_as_graphql,
    "exception": lambda value: value / 0,
}


@pytest.mark.parametrize("name", SERIALIZERS)
@pytest.mark.parametrize("document", ["{ a }", "{ list }", "{ inner { a b } }", "{ b a }"])
def test_custom_scalars(name: str, document: str) -> None:
    sdl = "type Query { a: Own b: Own! list: [Own] inner: Inner } type Inner { a: Own b: Own! } scalar Own"
    root = {"a": 1, "b": 2, "list": [1, None, 2], "inner": {"a": 1, "b": 2}}
    assert_same_answer(build_request(sdl, root, document, resolvers={"Own": SERIALIZERS[name]}))


def test_enums_with_other_values_than_their_names() -> None:
    schema = build_small_schema("type Query { a: Kind list: [Kind!] } enum Kind { RED GREEN BLUE }")
    kind = schema.type_map["Kind"]
    assert isinstance(kind, GraphQLEnumType)
    for name, value in {"RED": 0, "GREEN": False, "BLUE": ("b", 1)}.items():
        kind.values[name].value = value
    for values in ([0], [False], [("b", 1)], [0.0, ("b", 1.0)], [None], ["RED"], [1], [["b", 1]]):
        assert_same_answer(EngineRequest(schema, "{ a list }", root={"a": values[0], "list": values}))


ABSTRACT = """
  type Query { pet: Pet pets: [Pet!] beings: [Being] }
  interface Being { name: String }
  type Dog implements Being { name: String barks: Boolean }
  type Cat implements Being { name: String lives: Int }
  union Pet = Dog | Cat
"""
DOG, CAT = {"kind": "Dog", "name": "d", "barks": True}, {"kind": "Cat", "name": "c", "lives": 9}
PETS = {"pet": CAT, "pets": [DOG, CAT, DOG], "beings": [CAT, None, DOG]}
SELECTION = "{ __typename ... on Dog { barks } ... on Cat { lives } ... on Being { name } }"
PET_DOCUMENT = f"{{ pet {SELECTION} pets {SELECTION} beings {SELECTION} }}"


def resolve_as_type(value: Any, info: Any, _kind: Any) -> Any:
    return info.schema.get_type(value["kind"])


def fail(*_arguments: Any) -> Any:
    raise ValueError("boom")


TYPE_RESOLVERS: dict[str, Any] = {
    "name": lambda value, _info, _kind: value["kind"],
    "type object": resolve_as_type,
    "exception": fail,
    "null": lambda *_: None,
    "undefined": lambda *_: Undefined,
    "unknown type": lambda *_: "Bird",
    "not an object type": lambda *_: "Being",
    "another object type": lambda *_: "Query",
    "scalar": lambda *_: "String",
    "number": lambda *_: 7,
    "always one type": lambda *_: "Dog",
    "default": None,
}
TYPE_CHECKS: dict[str, Any] = {
    "none": None,
    "right": lambda kind: lambda value, _info: value["kind"] == kind,
    "always": lambda _kind: lambda *_: True,
    "never": lambda _kind: lambda *_: False,
    "exception": lambda _kind: fail,
}


def build_pet_schema(resolve_type: Any) -> GraphQLSchema:
    schema = build_small_schema(ABSTRACT)
    for kind in map(schema.type_map.get, ("Pet", "Being")):
        assert isinstance(kind, GraphQLInterfaceType | GraphQLUnionType)
        kind.resolve_type = resolve_type
    return schema


@pytest.mark.parametrize("resolver", TYPE_RESOLVERS)
@pytest.mark.parametrize("check", TYPE_CHECKS)
def test_types_of_objects(resolver: str, check: str) -> None:
    schema = build_pet_schema(TYPE_RESOLVERS[resolver])
    for kind in map(schema.type_map.get, ("Dog", "Cat")):
        assert isinstance(kind, GraphQLObjectType)
        kind.is_type_of = TYPE_CHECKS[check] and TYPE_CHECKS[check](kind.name)
    answer = assert_same_answer(EngineRequest(schema, PET_DOCUMENT, root=PETS))
    if resolver == "name" and check in ("none", "right", "always"):
        assert answer.is_compiled
        assert not answer.errors


def test_types_named_by_the_objects_themselves() -> None:
    schema = build_pet_schema(None)
    pets = {**PETS, "pet": {"__typename": "Cat", "lives": 3}, "pets": [{"__typename": "Dog"}]}
    assert_same_answer(EngineRequest(schema, "{ pet { ... on Cat { lives } } pets { __typename } }", root=pets))


class Record:
    """A record whose attributes are the fields."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


def get_by(_info: Any, by: int = 1) -> int:
    return by


def get_name(_info: Any) -> str:
    return "called"


ROOTS: dict[str, Any] = {
    "attributes": Record(a=Record(name="n", size=2)),
    "attributes in a dict": {"a": Record(name="n")},
    "a dict in an attribute": Record(a={"name": "n", "size": 3}),
    "functions": {"a": {"name": get_name, "size": get_by}},
    "methods": Record(a=Record(name=get_name, size=get_by)),
    "an empty dict": {},
    "no attributes": Record(),
    "nothing": None,
    "a number": 7,
}


@pytest.mark.parametrize("name", ROOTS)
def test_fields_without_a_resolver(name: str) -> None:
    schema = build_small_schema("type Query { a: Item } type Item { name: String size(by: Int): Int }")
    for document in ("{ a { name } }", "{ a { size(by: 4) name other: size } __typename }"):
        assert_same_answer(EngineRequest(schema, document, root=ROOTS[name]))
