"""No value of any argument of any root field causes an internal error or reveals internals."""

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

pytestmark = pytest.mark.slow

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


def list_arguments() -> Iterator[tuple[str, str, str]]:
    """Yield every argument of every root field: the field, the argument and its type."""
    assert SCHEMA.query_type
    for field, definition in SCHEMA.query_type.fields.items():
        for argument, argument_definition in definition.args.items():
            yield field, argument, str(argument_definition.type)


def get_depth(field: str, argument: str, kind: str) -> int:
    """Return how deep to go into an input object.

    One function converts all arguments of a type, so only the first one gets values for conditions within conditions.
    """
    first = next((one, other) for one, other, other_kind in list_arguments() if other_kind == kind)
    return 3 if (field, argument) == first else 2


def format_other_arguments(field: str, argument: str) -> str:
    """Format values for the other required arguments."""
    assert SCHEMA.query_type
    required: dict[str, GraphQLArgument] = SCHEMA.query_type.fields[field].args
    values = {key: '"x"' for key, value in required.items() if isinstance(value.type, GraphQLNonNull) and key != argument}
    return "".join(f", {name}: {value}" for name, value in values.items())


def build_selection(field: str) -> str:
    assert SCHEMA.query_type
    kind = get_named_type(SCHEMA.query_type.fields[field].type)
    connection = " nodes { __typename } pageInfo { endCursor }" if str(kind).endswith("Connection") else ""
    return f"{{ __typename{connection} }}"


@pytest.mark.parametrize(("field", "argument", "kind"), list(list_arguments()))
def test_no_value_of_any_argument_breaks_anything(client: TestClient, field: str, argument: str, kind: str) -> None:
    arguments = f"{argument}: $value{format_other_arguments(field, argument)}"
    document = f"query($value: {kind}) {{ {field}({arguments}) {build_selection(field)} }}"
    for value in list_nasty_values(kind, get_depth(field, argument, kind)):
        assert_no_internal_error(post(client, document, value=value), value)


def list_nasty_values(kind: str, depth: int) -> Iterator[Any]:
    """Yield values for an argument of this type, and for the fields of an input object, as many levels deep."""
    yield from NASTY
    yield from _list_input_values(kind.strip("[]!"), depth)


def _list_input_values(name: str, depth: int) -> Iterator[Any]:
    kind = SCHEMA.type_map[name]
    if not isinstance(kind, GraphQLInputObjectType) or not depth:
        return
    for part, field in kind.fields.items():
        inner = list(_list_input_values(str(get_named_type(field.type)), depth - 1))
        is_list = isinstance(field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type, GraphQLList)
        for value in (*NASTY[::2], *([item] for item in NASTY[::3] if is_list), *inner):
            yield {part: value}


def assert_no_internal_error(response: httpx2.Response, value: Any) -> None:
    assert response.status_code == 200, value
    messages = json.dumps([error["message"] for error in response.json().get("errors", ())])
    assert not INTERNALS.search(messages), value
    for error in response.json().get("errors", ()):
        assert error["extensions"]["code"] in set(ErrorCode) - {ErrorCode.INTERNAL}, (value, error)
