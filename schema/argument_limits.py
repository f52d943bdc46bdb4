"""Enforce the length limits of directory/question.py on every text argument before its field is resolved."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

from directory.question import check_length

TEXT_TYPES = ("String", "ID")
Inputs: TypeAlias = Mapping[str, GraphQLArgument | GraphQLInputField]
LengthCheck: TypeAlias = Callable[[Any], None]
Checks: TypeAlias = dict[str, LengthCheck]


def enforce_text_limits(schema: GraphQLSchema) -> None:
    """Wrap the resolver of each field that takes text, directly or inside input objects, in a length check."""
    for _, field in list_text_fields(schema):
        field.resolve = _wrap_resolver(field.resolve, _build_checks(field.args))


def list_text_fields(schema: GraphQLSchema) -> Iterator[tuple[str, Any]]:
    """Yield each field that takes text, after its name as in "Query.organizations"."""
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__"):
            yield from ((f"{name}.{key}", field) for key, field in kind.fields.items() if _build_checks(field.args))


def _wrap_resolver(resolve: Any, checks: Checks) -> Callable[..., Any]:
    def resolve_within_limits(source: Any, info: Any, **arguments: Any) -> Any:
        for name, check in checks.items():
            if arguments.get(name) is not None:
                check(arguments[name])
        return resolve(source, info, **arguments)

    return resolve_within_limits


def _build_checks(inputs: Inputs, by_type: dict[str, Checks] | None = None) -> Checks:
    """Return the checks of the inputs that are or contain text. `by_type` holds those of input types, which may be recursive."""
    by_type = {} if by_type is None else by_type
    checks = ((name, _build_check(name, get_named_type(value.type), by_type)) for name, value in inputs.items())
    return {name: check for name, check in checks if check}


def _build_check(name: str, kind: GraphQLNamedType, by_type: dict[str, Checks]) -> LengthCheck | None:
    if kind.name in TEXT_TYPES:
        return lambda value: _check_texts(name, value)
    if not isinstance(kind, GraphQLInputObjectType):
        return None
    if kind.name in by_type:
        return partial(_check_objects, by_type[kind.name])
    inner = by_type[kind.name] = {}
    inner.update(_build_checks(kind.fields, by_type))
    return partial(_check_objects, inner) if inner else None


def _check_texts(name: str, value: Any) -> None:
    for text in value if isinstance(value, list) else (value,):
        check_length(name, text)


def _check_objects(checks: Checks, value: Any) -> None:
    for fields in value if isinstance(value, list) else (value,):
        for name, check in checks.items():
            if fields.get(name) is not None:
                check(fields[name])
