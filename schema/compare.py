"""What a client of the last release would notice of this schema."""

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
    """A sentence for each change. `breaking`: documents fail that were right. `dangerous`: they may mean something else,
    or meet an enum value or type they do not know.
    """

    breaking: tuple[str, ...]
    dangerous: tuple[str, ...]


def compare_schemas(old_sdl: str, new_sdl: str) -> SchemaComparison:
    """From one schema, in GraphQL's schema language, to the other. Raises BadInput when `released` is not one."""
    old, new = _parse_schema(old_sdl), build_schema(new_sdl)
    breaking = [change.description for change in find_breaking_changes(old, new)] + list(_find_one_of_changes(old, new))
    dangerous = [change.description for change in find_dangerous_changes(old, new)]
    return SchemaComparison(tuple(sorted(breaking)), tuple(sorted(dangerous)))


def _parse_schema(text: str) -> GraphQLSchema:
    try:
        built = build_schema(text)
    except (GraphQLError, TypeError, RecursionError) as problem:
        raise _not_a_schema_error(str(problem).partition("\n")[0].rstrip(".")) from None
    if built.query_type is None:
        raise _not_a_schema_error("nothing in it can be asked")
    return built


def _not_a_schema_error(problem: str) -> BadInput:
    return BadInput(f"What this is to be compared with is no GraphQL schema: {problem}.")


def _find_one_of_changes(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[str]:
    """graphql-core does not look at @oneOf."""
    asked_for_one = {name for name, kind in new.type_map.items() if isinstance(kind, GraphQLInputObjectType) and kind.is_one_of}
    for name in sorted(asked_for_one):
        before = old.type_map.get(name)
        if isinstance(before, GraphQLInputObjectType) and not before.is_one_of:
            yield f"{name} became @oneOf: exactly one of its fields is to be given."
