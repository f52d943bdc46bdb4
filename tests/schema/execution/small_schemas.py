"""Small schemas whose data is a tree of dicts, to execute documents on values that our own schema never has."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from graphql import (
    GraphQLAbstractType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    is_abstract_type,
)

from tests.engine_answers import EngineRequest

Resolvers = Mapping[str, Callable[..., Any]]
KIND_KEY = "kind"  # in a dict: the name of its object type


def build_small_schema(sdl: str, resolvers: Resolvers | None = None, *, raises: bool = False) -> GraphQLSchema:
    """Build a schema whose fields read the dict that they are selected on.

    If it `raises`, exceptions in the dicts are raised instead of returned. `resolvers` maps "Type.field" to other resolvers, and
    the name of a custom scalar to the function that serializes it.
    """
    schema = build_schema(sdl)
    for kind in schema.type_map.values():
        if is_abstract_type(kind):
            kind.resolve_type = _read_kind
        if raises and isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                field.resolve = partial(_read_or_raise, name)
    for name, function in (resolvers or {}).items():
        type_name, _, field = name.partition(".")
        kind = schema.type_map[type_name]
        if isinstance(kind, GraphQLScalarType):
            kind.coerce_output_value = function
        elif isinstance(kind, GraphQLObjectType):
            kind.fields[field].resolve = function
    return schema


def _read_or_raise(name: str, source: Any, _info: Any, **_arguments: Any) -> Any:
    value = source.get(name)
    if isinstance(value, Exception):
        raise value
    return value


def _read_kind(value: Any, _info: Any, _kind: GraphQLAbstractType) -> str:
    name: str = value[KIND_KEY]
    return name


def build_request(
    sdl: str,
    root: Any,
    document: str,
    variables: dict[str, Any] | None = None,
    resolvers: Resolvers | None = None,
    *,
    raises: bool = False,
) -> EngineRequest:
    return EngineRequest(build_small_schema(sdl, resolvers, raises=raises), document, variables, root=root)
