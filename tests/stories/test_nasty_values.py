"""No value that a client may send, for any argument of any root field, breaks anything or tells of what is inside."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from graphql import GraphQLArgument, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, get_named_type
from starlette.testclient import TestClient

from directory.errors import ErrorCode
from schema.schema import SCHEMA
from tests.stories.http_client import INTERNALS, post

NASTY: list[Any] = [
    "",
    " ",
    "\x00",
    "\u202e\ufeff",
    "\N{PILE OF POO}" * 120,
    "'; DROP TABLE organizations; --",
    "../../etc/passwd",
    "%s%n{0}${7*7}",
    '"unclosed',
    "* OR (",
    "a" * 500,
    0,
    -1,
    2**31 - 1,
    2**31,
    -(2**63),
    10**40,
    1e308,
    -0.0,
    1.5,
    True,
    None,
    [],
    {},
    [None],
    [[]],
    {"x": 1},
]


def arguments() -> Iterator[tuple[str, str, str]]:
    """Every argument of every root field: the field, the argument and its type."""
    assert SCHEMA.query_type
    for field, definition in SCHEMA.query_type.fields.items():
        for argument, described in definition.args.items():
            yield field, argument, str(described.type)


def others(field: str, argument: str) -> str:
    """Values for the other arguments that have to be given."""
    assert SCHEMA.query_type
    required: dict[str, GraphQLArgument] = SCHEMA.query_type.fields[field].args
    given = {name: '"x"' for name, one in required.items() if isinstance(one.type, GraphQLNonNull) and name != argument}
    return "".join(f", {name}: {value}" for name, value in given.items())


def selection(field: str) -> str:
    assert SCHEMA.query_type
    kind = get_named_type(SCHEMA.query_type.fields[field].type)
    connection = " nodes { __typename } pageInfo { endCursor }" if str(kind).endswith("Connection") else ""
    return f"{{ __typename{connection} }}"


@pytest.mark.parametrize(("field", "argument", "kind"), list(arguments()))
def test_no_value_of_any_argument_breaks_anything(client: TestClient, field: str, argument: str, kind: str) -> None:
    document = f"query($value: {kind}) {{ {field}({argument}: $value{others(field, argument)}) {selection(field)} }}"
    for value in nasty(kind):
        assert_unbroken(post(client, document, value=value), value)


def nasty(kind: str) -> Iterator[Any]:
    """Values for an argument of that type; of an input object, for each of its parts, three deep."""
    yield from NASTY
    yield from _nested(kind.strip("[]!"), 3)


def _nested(name: str, depth: int) -> Iterator[Any]:
    described = SCHEMA.type_map[name]
    if not isinstance(described, GraphQLInputObjectType) or not depth:
        return
    for part, field in described.fields.items():
        inner = list(_nested(str(get_named_type(field.type)), depth - 1))
        listed = isinstance(field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type, GraphQLList)
        for value in (*NASTY[::2], *([one] for one in NASTY[::3] if listed), *inner):
            yield {part: value}


def assert_unbroken(response: httpx2.Response, value: Any) -> None:
    assert response.status_code == 200, value
    told = json.dumps([error["message"] for error in response.json().get("errors", ())])
    assert not INTERNALS.search(told), value
    for error in response.json().get("errors", ()):
        assert error["extensions"]["code"] in set(ErrorCode) - {ErrorCode.INTERNAL}, (value, error)
