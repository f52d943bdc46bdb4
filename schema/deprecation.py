"""The rule for what goes out of use: its reason carries the day from which it may be gone, and what to use instead.

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
    """A sentence for each deprecation without a day, or without the name of something else in the schema to use instead."""
    members = dict(_list_members(schema))
    in_use = {name for name, member in members.items() if member.deprecation_reason is None} | set(schema.type_map)
    reasons = ((name, member.deprecation_reason) for name, member in members.items())
    return [fault for name, reason in reasons if reason is not None for fault in _find_missing_parts(name, reason, in_use)]


def _find_missing_parts(name: str, reason: str, in_use: set[str]) -> Iterator[str]:
    if not any(_is_day(written) for written in _DAY.findall(reason)):
        yield f"{name} is deprecated without the day from which it may be gone, as in 2027-01-31."
    if not in_use.intersection(_QUOTED_NAME.findall(reason)):
        yield f"{name} is deprecated without what to use instead, as in `Organization.slug`, which is to be there and in use."


def _is_day(written: str) -> bool:
    try:
        return bool(date.fromisoformat(written))
    except ValueError:
        return False


def _list_members(schema: GraphQLSchema) -> Iterator[tuple[str, SchemaMember]]:
    """Whatever can be deprecated, by its schema coordinate."""
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
                yield from ((f"{name}.{field}({argument}:)", given) for argument, given in member.args.items())
