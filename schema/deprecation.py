"""The rule for deprecations: the reason names the last day of support and the replacement.

@deprecated(reason: "Gone after 2027-01-31. Use `Organization.slug`.")
"""

import re
from collections.abc import Iterator
from datetime import date

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_QUOTED_NAME = re.compile(r"`([^`]+)`")
SchemaMember = GraphQLField | GraphQLArgument | GraphQLInputField | GraphQLEnumValue


def list_deprecation_problems(schema: GraphQLSchema) -> list[str]:
    """Return one sentence for each deprecation that lacks a date or the name of a replacement in the schema."""
    members = dict(_list_members(schema))
    in_use = {name for name, member in members.items() if member.deprecation_reason is None} | set(schema.type_map)
    reasons = ((name, member.deprecation_reason) for name, member in members.items())
    return [problem for name, reason in reasons if reason is not None for problem in _find_missing_parts(name, reason, in_use)]


def _find_missing_parts(name: str, reason: str, in_use: set[str]) -> Iterator[str]:
    if not any(_is_day(text) for text in _DAY.findall(reason)):
        yield f"The deprecation of {name} gives no date of removal. Add one, such as 2027-01-31."
    if not in_use.intersection(_QUOTED_NAME.findall(reason)):
        yield f"The deprecation of {name} names no replacement. Add one that is in use, such as `Organization.slug`."


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _list_members(schema: GraphQLSchema) -> Iterator[tuple[str, SchemaMember]]:
    """Yield everything that can be deprecated, after its schema coordinate."""
    for name, kind in schema.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", member) for value, member in kind.values.items())
        if isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{field}", member) for field, member in kind.fields.items())
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field, member in kind.fields.items():
                yield f"{name}.{field}", member
                yield from ((f"{name}.{field}({argument}:)", value) for argument, value in member.args.items())
