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
    print_schema,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from directory import records
from directory.search.facets import FacetCount, RegionFacetCount
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
from schema.types.terms import Community, Language, WorkArea

COUNT_TYPE_NAMES: dict[type, str] = {FacetCount: "FacetCount", RegionFacetCount: "RegionCount"}


def build_schema() -> GraphQLSchema:
    """Build the schema as graphql-core executes it."""
    config = StrawberryConfig(scalar_map=SCALARS)
    # The types are printed in this order, each followed by those that it mentions: Query comes first.
    types = [
        Query,
        Organization,
        IssueArea,
        Community,
        WorkArea,
        Language,
        Region,
        Place,
    ]  # and those that Query returns
    schema = strawberry.Schema(query=Query, types=types, config=config)._schema
    for value in _list_inputs(schema):
        if value.default_value is None:  # optional: without this, the SDL would print "= null"
            value.default_value = Undefined
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            kind.is_one_of = _is_one_of(kind)
    enforce_text_limits(schema)
    _describe_resolvers(schema)
    for record_class, name in (TYPE_NAMES | COUNT_TYPE_NAMES).items():
        schema.type_map[name].extensions[CLASS_KEY] = record_class
    schema.type_map["Organization"].extensions[CARD_KEY] = records.Organization
    schema.type_map["MapMark"].extensions[CARD_KEY] = PointMark
    return schema


def print_sdl() -> str:
    """Return the schema as SDL, the content of schema/schema.graphql.

    Fields, arguments and enum values are in the order in which the code declares them; types follow Query, each where the fields
    before it first mention it.
    """
    return print_schema(SCHEMA) + "\n"


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
