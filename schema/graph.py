"""The schema, and its text."""

import strawberry
from graphql import lexicographic_sort_schema
from graphql.utilities import print_schema
from strawberry.schema.config import StrawberryConfig

from schema.issue_area import IssueArea
from schema.organization import Organization
from schema.place import Place
from schema.query import Query
from schema.region import Region
from schema.scalars import SCALARS

SCHEMA = strawberry.Schema(
    query=Query,
    types=[Organization, IssueArea, Region, Place],
    config=StrawberryConfig(scalar_map=SCALARS),
)


def sdl() -> str:
    """The schema in GraphQL's schema language, sorted, as schema/schema.graphql has it."""
    return print_schema(lexicographic_sort_schema(SCHEMA._schema)) + "\n"
