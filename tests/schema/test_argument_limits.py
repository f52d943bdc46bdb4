"""Every text argument has a length limit, which is checked before its field is resolved."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, Undefined, get_named_type, get_nullable_type, is_list_type

from directory.question import TEXT_LIMITS
from schema.argument_limits import TEXT_TYPES, list_text_fields
from schema.limits import LIMITS
from schema.schema import SCHEMA
from tests.schema.conftest import Ask


def text_arguments() -> Iterator[str]:
    """Yield the name of every argument and input field that holds text."""
    for name, kind in SCHEMA.type_map.items():
        if isinstance(kind, GraphQLInputObjectType):
            yield from (key for key, one in kind.fields.items() if get_named_type(one.type).name in TEXT_TYPES)
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            arguments = [item for field in kind.fields.values() for item in field.args.items()]
            yield from (key for key, one in arguments if get_named_type(one.type).name in TEXT_TYPES)


def routes(inputs: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, Any, str]]:
    """Yield each text in these arguments or input fields: its name, a function that builds the whole value, the way to it.

    `above` are the input types that the fields are in. A type that contains itself is entered once more.
    """
    for key, value in inputs.items():
        kind = get_named_type(value.type)
        is_list = is_list_type(get_nullable_type(value.type))
        if kind.name in TEXT_TYPES:
            yield key, (lambda text, key=key, is_list=is_list: {key: [text] if is_list else text}), key
        elif isinstance(kind, GraphQLInputObjectType) and above.count(kind.name) <= 1:
            for name, make, way in routes(kind.fields, (*above, kind.name)):
                yield name, (lambda text, make=make, key=key, is_list=is_list: {key: _wrap(make(text), is_list)}), f"{key}.{way}"


def _wrap(value: Any, is_list: bool) -> Any:
    return [value] if is_list else value


ROOT = [
    (f"{field}({way})", field, name, make)
    for field, definition in (SCHEMA.query_type.fields if SCHEMA.query_type else {}).items()
    for name, make, way in routes(definition.args)
]
SELECTIONS = dict.fromkeys(("regions", "issueAreas", "organizations"), "{ totalCount }")
REQUIRED_MEMBERS = {"IdentifierInput": {"scheme": "US-EIN", "value": "1"}}


def build_document(field: str) -> str:
    """Return a document that takes each argument of the field from a variable of the same name."""
    assert SCHEMA.query_type
    field_arguments = SCHEMA.query_type.fields[field].args
    types = {  # a variable that is not passed leaves an argument to its default
        name: argument.type if argument.default_value is Undefined else get_nullable_type(argument.type)
        for name, argument in field_arguments.items()
    }
    variables = ", ".join(f"${name}: {type_}" for name, type_ in types.items())
    arguments = ", ".join(f"{name}: ${name}" for name in field_arguments)
    selection = SELECTIONS.get(field, "{ __typename }")
    return f"query({variables}) {{ {field}({arguments}) {selection} }}"


def add_required_members(variables: dict[str, Any]) -> dict[str, Any]:
    """Add the other required member of an identifier."""
    if "identifier" in variables.get("by", {}):
        variables["by"]["identifier"] = {**REQUIRED_MEMBERS["IdentifierInput"], **variables["by"]["identifier"]}
    return variables


def test_every_text_argument_has_a_limit() -> None:
    assert set(text_arguments()) == TEXT_LIMITS.keys()
    assert len(list(list_text_fields(SCHEMA))) > 20
    assert len(ROOT) > 75
    nested = {case[0] for case in ROOT if case[0].startswith(("organizations(filter.or.", "organizations(filter.and."))}
    assert {"organizations(filter.or.ids)", "organizations(filter.and.near.place.name)"} <= nested


CURSORS = [case for case in ROOT if case[2] in ("after", "before")]
OTHERS = [case for case in ROOT if case not in CURSORS]


@pytest.mark.parametrize(("field", "name", "make"), [case[1:] for case in CURSORS], ids=[case[0] for case in CURSORS])
def test_a_cursor_that_is_too_long_is_refused_like_any_malformed_one(ask: Ask, field: str, name: str, make: Any) -> None:
    text = build_document(field)
    (error,) = ask(text, **add_required_members(make("x" * (TEXT_LIMITS[name] + 1))))["errors"]
    assert error["extensions"] == {"code": "BAD_CURSOR", "reason": "MALFORMED"}


@pytest.mark.parametrize(("field", "name", "make"), [case[1:] for case in OTHERS], ids=[case[0] for case in OTHERS])
def test_a_text_that_is_too_long_is_refused_with_its_limit(ask: Ask, field: str, name: str, make: Any) -> None:
    limit = TEXT_LIMITS[name]
    text = build_document(field)
    (error,) = ask(text, **add_required_members(make("x" * (limit + 1))))["errors"]
    assert error["extensions"] == {"code": "BAD_INPUT", "argument": name, "limit": limit, "length": limit + 1}
    assert error["message"] == f"`{name}` can have at most {limit:,} characters, but this text has {limit + 1:,}. Shorten it."
    assert error["path"] == [field]


@pytest.mark.parametrize(("field", "name", "make"), [case[1:] for case in ROOT], ids=[case[0] for case in ROOT])
def test_a_text_at_its_limit_is_read(ask: Ask, field: str, name: str, make: Any) -> None:
    text = build_document(field)
    errors = ask(text, **add_required_members(make("x" * TEXT_LIMITS[name]))).get("errors", [])
    assert not [error for error in errors if "length" in error["extensions"] or error["extensions"]["code"] == "INTERNAL"]


def test_fields_below_the_root_are_checked_too(ask: Ask) -> None:
    long = "x" * 101
    for text in (
        '{ issueArea(slug: "housing") { label(language: "LONG") } }',
        '{ region(code: "US") { organizations(filter: {communities: {noneOf: ["a", "LONG"]}}) { totalCount } } }',
        '{ organizations { facets { regions(within: "LONG") { value } } } }',
    ):
        (error,) = ask(text.replace("LONG", long))["errors"]
        assert error["extensions"]["length"] == 101


def test_no_limit_is_more_than_a_request_may_hold() -> None:
    assert max(TEXT_LIMITS.values()) < min(LIMITS.variable_characters, LIMITS.document_bytes)
