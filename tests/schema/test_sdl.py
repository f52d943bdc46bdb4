"""The schema's text: what is kept beside the code, and a description on everything in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    is_specified_scalar_type,
    validate_schema,
)

from schema import schema
from schema.schema import SCHEMA, print_sdl

KEPT = Path(schema.__file__).with_name("schema.graphql")
NOT_BUILT = ("allies", "Coalition", "coalition", "Coverage", "Plan", "Event", "Instrument", "Provision", "Mutation")


def described() -> Iterator[tuple[str, str | None]]:
    for name, kind in SCHEMA.type_map.items():
        if name.startswith("__") or (isinstance(kind, GraphQLScalarType) and is_specified_scalar_type(kind)):
            continue
        yield name, kind.description
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", one.description) for value, one in kind.values.items())
        if isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{field}", one.description) for field, one in kind.fields.items())
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field, one in kind.fields.items():
                yield f"{name}.{field}", one.description
                yield from ((f"{name}.{field}({argument})", given.description) for argument, given in one.args.items())


def test_the_kept_text_is_the_schema() -> None:
    assert KEPT.read_bytes() == print_sdl().encode(), "Run: directory schema > schema/schema.graphql"


def test_the_schema_is_valid() -> None:
    assert validate_schema(SCHEMA) == []


def test_everything_is_described_in_a_sentence() -> None:
    missing = [name for name, text in described() if not text or text[-1] not in ".…" or text != text.strip()]
    assert missing == []
    assert len(list(described())) > 300


@pytest.mark.parametrize("name", NOT_BUILT)
def test_what_is_not_built_is_not_there(name: str) -> None:
    assert not [one for one, _ in described() if f".{name}" in one or one == name or one.startswith(f"{name}.")]


def test_one_of_is_told_to_clients() -> None:
    assert "input PlaceInput @oneOf {" in print_sdl()
    assert "input OrganizationBy @oneOf {" in print_sdl()
