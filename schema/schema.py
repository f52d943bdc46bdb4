"""Build the GraphQL schema and print it as SDL."""

from collections.abc import Iterator

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    lexicographic_sort_schema,
    print_schema,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from directory import records
from directory.search.map_marks import PointMark
from schema.argument_limits import enforce_text_limits
from schema.fields import CARD_KEY, CLASS_KEY, RESOLVER_KEY, describe_resolver
from schema.types.global_ids import TYPE_NAMES
from schema.types.issue_area import IssueArea
from schema.types.location import Place
from schema.types.organization import Organization
from schema.types.query import Query
from schema.types.region import Region
from schema.types.scalars import SCALARS


def build_schema() -> GraphQLSchema:
    """Build the schema as graphql-core executes it."""
    config = StrawberryConfig(scalar_map=SCALARS)
    schema = strawberry.Schema(query=Query, types=[Organization, IssueArea, Region, Place], config=config)._schema
    for value in _list_inputs(schema):
        if value.default_value is None:  # optional: without this, the SDL would print "= null"
            value.default_value = Undefined
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            kind.is_one_of = _is_one_of(kind)
    enforce_text_limits(schema)
    _describe_resolvers(schema)
    for record_class, name in TYPE_NAMES.items():
        schema.type_map[name].extensions[CLASS_KEY] = record_class
    schema.type_map["Organization"].extensions[CARD_KEY] = records.Organization
    schema.type_map["MapMark"].extensions[CARD_KEY] = PointMark
    return schema


def print_sdl() -> str:
    """Return the schema as sorted SDL, the content of schema/schema.graphql."""
    return print_schema(lexicographic_sort_schema(SCHEMA)) + "\n"


def _describe_resolvers(schema: GraphQLSchema) -> None:
    """Note for each field how to read it without Strawberry and graphql-core."""
    for kind in schema.type_map.values():
        for field in kind.fields.values() if isinstance(kind, GraphQLObjectType) else ():
            definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            if isinstance(definition, StrawberryField):
                field.extensions[RESOLVER_KEY] = describe_resolver(definition)


def _list_inputs(schema: GraphQLSchema) -> Iterator[GraphQLArgument | GraphQLInputField]:
    for name, kind in schema.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(kind, GraphQLInputObjectType):
            yield from kind.fields.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            yield from (argument for field in kind.fields.values() for argument in field.args.values())


def _is_one_of(kind: GraphQLInputObjectType) -> bool:
    """Return whether the input is @oneOf. Strawberry does not pass this on to graphql-core, which checks and prints it."""
    definition = kind.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return isinstance(definition, StrawberryObjectDefinition) and definition.is_one_of


SCHEMA = build_schema()
