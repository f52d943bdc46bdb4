"""The SDL in schema/schema.graphql is up to date, and everything in it has a description."""

import re
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

from directory.records import OrganizationKind
from schema import schema
from schema.schema import SCHEMA, print_sdl

SDL_FILE = Path(schema.__file__).with_name("schema.graphql")
RECORD_TYPES = ["Organization", "IssueArea", "Community", "WorkArea", "Language", "Region", "Place"]
FUTURE_NAMES = ("Coverage", "coverage", "Plan", "coalitionPlan", "Mutation")


def list_descriptions() -> Iterator[tuple[str, str | None]]:
    for name, kind in SCHEMA.type_map.items():
        if name.startswith("__") or (isinstance(kind, GraphQLScalarType) and is_specified_scalar_type(kind)):
            continue
        yield name, kind.description
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", definition.description) for value, definition in kind.values.items())
        if isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{field}", definition.description) for field, definition in kind.fields.items())
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field, definition in kind.fields.items():
                yield f"{name}.{field}", definition.description
                yield from ((f"{name}.{field}({key})", argument.description) for key, argument in definition.args.items())


def test_the_sdl_file_is_up_to_date() -> None:
    assert SDL_FILE.read_bytes() == print_sdl().encode(), "Run: directory schema > schema/schema.graphql"


def test_the_sdl_is_in_the_order_of_the_code() -> None:
    sdl = print_sdl()
    names = re.findall(r"^(?:type|interface|input|enum) (\w+)", sdl, re.MULTILINE)
    assert names[:3] == ["Query", "Node", "Network"]
    assert [name for name in names if name in RECORD_TYPES] == RECORD_TYPES
    assert names.index("Identifier") > names.index("Organization")
    kinds = sdl[sdl.index("enum OrganizationKind {") :].partition("\n}")[0]
    assert re.findall(r"^  (\w+)$", kinds, re.MULTILINE) == list(OrganizationKind)
    page_info = sdl[sdl.index("type PageInfo {") :].partition("\n}")[0]
    assert re.findall(r"^  (\w+): ", page_info, re.MULTILINE) == ["hasNextPage", "hasPreviousPage", "startCursor", "endCursor"]


def test_the_schema_is_valid() -> None:
    assert validate_schema(SCHEMA) == []


def test_everything_is_described_in_a_sentence() -> None:
    missing = [name for name, text in list_descriptions() if not text or text[-1] not in ".…" or text != text.strip()]
    assert missing == []
    assert len(list(list_descriptions())) > 300


@pytest.mark.parametrize("name", FUTURE_NAMES)
def test_future_features_are_not_in_the_schema(name: str) -> None:
    names = [key for key, _ in list_descriptions()]
    assert not [key for key in names if f".{name}" in key or key == name or key.startswith(f"{name}.")]


def test_one_of_is_in_the_sdl() -> None:
    assert "input PlaceInput @oneOf {" in print_sdl()
    assert "input OrganizationBy @oneOf {" in print_sdl()
