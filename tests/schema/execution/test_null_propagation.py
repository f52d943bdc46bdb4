"""Nulls, errors and lists: the engine answers them as graphql-core does.

An answer without errors must come from the engine itself. One with errors comes from graphql-core, except for refusals with a
code that are raised at nullable fields of the root.
"""

from typing import Any

import msgspec
import pytest
from graphql import Undefined

from directory.errors import BadInput, DirectoryError, UnknownTerm
from tests.engine_answers import assert_same_answer
from tests.schema.execution.small_schemas import build_request

BOOM, REFUSAL = ValueError("boom"), BadInput("Not this one.", argument="a", value=[1, None])

# Type of a list -> values of it. An item is a value, None or an exception; the list itself can also be one.
LISTS: dict[str, list[Any]] = {
    "[Int]": [[1, 2], [1, None, 2], [], None, [1, BOOM], BOOM, (1, 2), range(2), {3: 4}, {5}, "12", b"12", 12, [["1"]]],
    "[Int]!": [[1, None], None, [BOOM, 1], Undefined],
    "[Int!]": [[1, 2], [1, None, 2], None, [1, BOOM, 2], [Undefined]],
    "[Int!]!": [[1], [None], None, [1, REFUSAL]],
    "[[Int]]": [[[1], [2, None], None], [[1], 2], [[BOOM], [1]], [[], ()]],
    "[[Int!]]": [[[1], [2, None], [3]], [[1], None], [None, [BOOM]]],
    "[[Int!]!]": [[[1], [None]], [[1], None], [[1], REFUSAL]],
    "[[Int!]!]!": [[[1], [2]], [[1], [2, None]], [[]]],
    "[[[Int]]]": [[[[1, 2], None], None, [[]]], [[[1], [BOOM]]]],
    "[String]": [["a", 'é😀\u2028"\\', "", "\ud800".encode("utf-8", "replace").decode()], "abc", ["a", 1, 1.5, True]],
    "[Boolean!]": [[True, False], [1, 0], [2.5], ["true"], [None]],
    "[Float]": [[1, 1.5, 1e300, -0.0, True], [float("nan")], [float("inf")], ["1.5"], ["x"], [2**2000]],
    "[ID]": [["a", 1, 2**40, -3], [1.5], [True], [1.0], [{}]],
    "[Kind!]": [["GREEN", "RED"], ["BLUE"], [None], [["RED"]], [{}], [1]],
}
LIST_CASES = [pytest.param(kind, value, id=f"{kind} {str(value)[:24]!r}") for kind, values in LISTS.items() for value in values]


@pytest.mark.parametrize(("kind", "value"), LIST_CASES)
@pytest.mark.parametrize("place", ["{ list }", "{ inner { list } }", "{ must { list other } }", "{ items { list } other }"])
def test_lists_of_leaves(kind: str, value: Any, place: str) -> None:
    sdl = f"""
      type Query {{ list: {kind} inner: Inner must: Inner! items: [Inner!] other: Int }}
      type Inner {{ list: {kind} other: Int }}
      enum Kind {{ RED GREEN }}
    """
    inner = {"list": value, "other": 3}
    root = {"list": value, "inner": inner, "must": inner, "items": [inner, {}, inner], "other": 4}
    answer = assert_same_answer(build_request(sdl, root, place))
    if not answer.errors:
        assert answer.is_compiled


OBJECTS = """
  type Query { a: Item b: Item! list: [Item] must: [Item!] all: [Item!]! nested: [[Item!]] any: Any some: [Any!] node: Node }
  type Item implements Node { id: ID! name: String size: Int! item: Item must: Item! list: [Item!] any: Any }
  type Person implements Node { id: ID! age: Float! friends: [Person] }
  interface Node { id: ID! }
  union Any = Item | Person
"""
ITEM = {"kind": "Item", "id": "i", "name": "n", "size": 1}
PERSON = {"kind": "Person", "id": "p", "age": 2.5}
WITHOUT_SIZE = {**ITEM, "size": None}
OBJECT_CASES: dict[str, tuple[dict[str, Any], str]] = {
    "null object": ({"a": None}, "{ a { id size } }"),
    "null at a non-null root field": ({"b": None}, "{ a { id } b { id } }"),
    "refusal at a non-null root field": ({"a": ITEM, "b": REFUSAL}, "{ a { id } b { id } }"),
    "non-null leaf": ({"a": WITHOUT_SIZE}, "{ a { id size } }"),
    "non-null leaf below a non-null root field": ({"b": WITHOUT_SIZE}, "{ b { size } }"),
    "two nulls in one object": ({"a": {**WITHOUT_SIZE, "id": None}}, "{ a { id size name } }"),
    "null far below": ({"a": {**ITEM, "must": {**ITEM, "must": WITHOUT_SIZE}}}, "{ a { must { must { size } } } }"),
    "null below a nullable parent": (
        {"a": {**ITEM, "item": {**ITEM, "must": WITHOUT_SIZE}}},
        "{ a { id item { must { size } } name } }",
    ),
    "null item": ({"list": [ITEM, None, ITEM]}, "{ list { id } }"),
    "null item that is not allowed": ({"must": [ITEM, None, ITEM]}, "{ must { id } }"),
    "error in an item": ({"list": [ITEM, WITHOUT_SIZE, ITEM]}, "{ list { id size } }"),
    "error in an item that must be": ({"all": [ITEM, WITHOUT_SIZE]}, "{ all { size } }"),
    "exception as an item, nullable fields": ({"list": [ITEM, BOOM]}, "{ list { name any { __typename } } }"),
    "exception as an object, nullable fields": ({"a": BOOM}, "{ a { name } }"),
    "exception as an item": ({"list": [ITEM, BOOM, REFUSAL]}, "{ list { id } }"),
    "exception as an item of the root that must be": ({"all": [ITEM, REFUSAL]}, "{ all { id } }"),
    "lists of lists": ({"nested": [[ITEM], [], None, [ITEM, ITEM]]}, "{ nested { id size } }"),
    "null in a list of lists": ({"nested": [[ITEM], [ITEM, None]]}, "{ nested { id } }"),
    "error in a list of lists": ({"nested": [[ITEM, WITHOUT_SIZE], [ITEM]]}, "{ nested { size } }"),
    "an object instead of a list": ({"list": ITEM}, "{ list { id } }"),
    "a number instead of a list": ({"list": 3}, "{ list { id } }"),
    "a text instead of an object": ({"a": "text"}, "{ a { id } }"),
    "a list instead of an object": ({"a": [ITEM]}, "{ a { name } }"),
    "refusal below the root": ({"a": {**ITEM, "name": REFUSAL}}, "{ a { id name size } }"),
    "refusal at the root": ({"a": REFUSAL, "b": ITEM}, "{ a { id } b { id } }"),
    "refusal under two keys": ({"a": REFUSAL, "b": ITEM}, "{ x: a { id } b { id } y: a { name } }"),
    "refusal of merged fields": ({"a": REFUSAL}, "{\n  a { id }\n  ...F a { name } }\nfragment F on Query {\n\n a { size } }"),
    "refusal and null": ({"a": REFUSAL, "b": None}, "{ a { id } b { id } }"),
    "refusal and internal error": ({"a": REFUSAL, "list": BOOM, "b": ITEM}, "{ a { id } list { id } b { id } }"),
    "internal error at the root": ({"a": BOOM, "b": ITEM}, "{ a { id } b { id } }"),
    "base of all refusals": ({"a": DirectoryError("x"), "b": ITEM}, "{ a { id } b { id } }"),
    "unknown term": ({"a": UnknownTerm("No.", suggest=lambda: ["yes"], value="n")}, "{ a { id } }"),
    "union": ({"any": ITEM, "some": [PERSON, ITEM]}, "{ any { ... on Item { name } } some { __typename ... on Node { id } } }"),
    "union without a selection": ({"any": PERSON}, "{ any { ... on Item { name } } }"),
    "union of an unknown type": ({"any": {"kind": "Nothing"}}, "{ any { __typename } }"),
    "union of a wrong type": ({"any": {"kind": "Query"}}, "{ any { __typename } }"),
    "union without a type": ({"any": {}}, "{ any { __typename } }"),
    "interface": ({"node": PERSON}, "{ node { id ... on Person { age friends { id } } } }"),
    "null in a type of an interface": ({"node": {**PERSON, "age": None}}, "{ node { id ... on Person { age } } }"),
    "null in a union in a list": ({"some": [ITEM, None]}, "{ some { __typename } }"),
    "merged keys under abstract types": (
        {"some": [PERSON, ITEM], "node": ITEM},
        "{ some { ... on Item { x: id name } ... on Person { id x: id } ... on Node { id } } node { ... on Item { size } id } }",
    ),
    "one key for two types": ({"some": [PERSON, ITEM]}, "{ some { ... on Person { x: id } ... on Item { x: __typename } } }"),
    "merged objects": ({"a": {**ITEM, "item": ITEM}}, "{ a { item { id } ... { item { name } } item { id size } } a { id } }"),
    "no fields left": ({"a": ITEM}, "{ a { id @skip(if: true) } b: a @include(if: false) { id } }"),
}  # fmt: skip


@pytest.mark.parametrize("raises", [False, True], ids=["exceptions are returned", "exceptions are raised"])
@pytest.mark.parametrize("name", OBJECT_CASES)
def test_objects(name: str, raises: bool) -> None:
    root, document = OBJECT_CASES[name]
    answer = assert_same_answer(build_request(OBJECTS, root, document, raises=raises))
    if not answer.errors:
        assert answer.is_compiled


def test_the_cases_have_answers_with_errors_and_without() -> None:
    errors = [bool(assert_same_answer(build_request(OBJECTS, *case)).errors) for case in OBJECT_CASES.values()]
    assert min(errors.count(True), errors.count(False)) >= 10


@pytest.mark.parametrize("root", [{"a": REFUSAL, "b": ITEM}, {"a": REFUSAL, "b": ITEM, "any": REFUSAL}])
def test_refusals_at_the_root_stay_with_the_engine(root: dict[str, Any]) -> None:
    answer = assert_same_answer(build_request(OBJECTS, root, "{ a { id } b { id } any { __typename } }", raises=True))
    assert answer.is_compiled
    assert [error["extensions"]["code"] for error in answer.errors] == ["BAD_INPUT"] * (len(root) - 1)


def test_a_resolver_that_raises_after_half_of_the_answer() -> None:
    items = [*[ITEM] * 500, WITHOUT_SIZE, *[ITEM] * 500]
    answer = assert_same_answer(build_request(OBJECTS, {"list": items}, "{ list { id size name } }"))
    assert [error["path"] for error in answer.errors] == [["list", 500, "size"]]
    assert len(msgspec.json.decode(answer.data)["list"]) == 1_001


KEYS = (
    "class",
    "None",
    "self",
    "root",
    "run",
    "v",
    "_",
    "__init__",
    "__slots__",
    "lambda",
    "x",
    "data",
    "f0",
    "print",
    "DeclinedError",
)


@pytest.mark.parametrize("key", KEYS)
def test_a_key_with_a_meaning_in_python(key: str) -> None:
    document = f"query($c: Boolean = true) {{ {key}: a {{ {key}: name {key}1: id other: size @include(if: $c) }} }}"
    assert assert_same_answer(build_request(OBJECTS, {"a": ITEM}, document)).is_compiled


@pytest.mark.parametrize("name", ["class", "None", "from", "self", "root", "run", "_info", "lambda", "x"])
def test_a_name_in_the_schema_with_a_meaning_in_python(name: str) -> None:
    sdl = f"type Query {{ {name}({name}: Int = 2, other: Float): {name}_ }} type {name}_ {{ {name}: [Int!] }}"
    for arguments in ("", f"({name}: 1)", f"(other: 1, {name}: 3)"):
        document = f"{{ {name}{arguments} {{ {name} }} }}"
        assert not assert_same_answer(build_request(sdl, {name: {name: [1]}}, document)).errors
