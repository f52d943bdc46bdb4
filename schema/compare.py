"""Compare two versions of the schema: which changes break clients of the older one."""

from collections.abc import Iterator

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    find_dangerous_changes,
)
from msgspec import Struct

from directory.errors import BadInput


class SchemaComparison(Struct, frozen=True):
    """One sentence per change, sorted.

    `breaking`: documents that were valid now fail. `dangerous`: documents may now mean something else, or return an enum value
    or type that the client does not know.
    """

    breaking: tuple[str, ...]
    dangerous: tuple[str, ...]


def compare_schemas(old_sdl: str, new_sdl: str) -> SchemaComparison:
    """Compare two schemas written in SDL. Raises BadInput when `old_sdl` is not a valid schema."""
    old, new = _parse_schema(old_sdl), build_schema(new_sdl)
    breaking = [change.description for change in find_breaking_changes(old, new)] + list(_find_one_of_changes(old, new))
    dangerous = [change.description for change in find_dangerous_changes(old, new)]
    return SchemaComparison(tuple(sorted(breaking)), tuple(sorted(dangerous)))


def _parse_schema(text: str) -> GraphQLSchema:
    try:
        schema = build_schema(text)
    except (GraphQLError, TypeError, RecursionError) as problem:
        raise _not_a_schema_error(str(problem).partition("\n")[0].rstrip(".")) from None
    if schema.query_type is None:
        raise _not_a_schema_error("it has no Query type")
    return schema


def _not_a_schema_error(problem: str) -> BadInput:
    return BadInput(f"The schema to compare with is not a valid GraphQL schema: {problem}.")


def _find_one_of_changes(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[str]:
    """Yield a sentence for each input that became @oneOf, which graphql-core does not compare."""
    one_of_names = {name for name, kind in new.type_map.items() if isinstance(kind, GraphQLInputObjectType) and kind.is_one_of}
    for name in sorted(one_of_names):
        old_type = old.type_map.get(name)
        if isinstance(old_type, GraphQLInputObjectType) and not old_type.is_one_of:
            yield f"{name} became @oneOf: clients must now pass exactly one of its fields."
