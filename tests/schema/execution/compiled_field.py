"""The arguments of one field: compiled, and as graphql-core and Strawberry convert them."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    get_argument_values,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_arguments

from directory.errors import DirectoryError
from schema.argument_limits import _build_checks
from schema.errors import DeclinedError
from schema.execution.coercion import Arguments, compile_arguments, compile_literal_checks, compile_variables
from schema.execution.literals import DocumentText, take_out_literals
from schema.schema import SCHEMA


def collect_fields() -> dict[str, GraphQLField]:
    """Return every field of our schema that takes arguments, as in "Query_organizations"."""
    return {
        f"{kind.name}_{name}": GraphQLField(GraphQLString, field.args, extensions=field.extensions)
        for kind in SCHEMA.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
        if field.args
    }


FIELDS = collect_fields()
FIELD_SCHEMA = GraphQLSchema(GraphQLObjectType("Query", FIELDS))


class CompiledField:
    """The only field of a document, compiled."""

    def __init__(self, schema: GraphQLSchema, text: str) -> None:
        self.text = take_out_literals(text)
        operation, node, field = find_field(schema, text)
        self.coerce_variables = compile_variables(schema, operation, self.text)
        self.check_literals = compile_literal_checks(schema, parse(text), self.text)
        self.arguments: Arguments = compile_arguments(field, node, self.text)

    def accepts_literals(self, text: DocumentText) -> bool:
        """Return whether the literals of a text with the same key are valid."""
        try:
            self.check_literals(text.read_values())
        except DeclinedError:
            return False
        return True

    def build(self, text: DocumentText, variables: dict[str, Any] | None) -> dict[str, Any] | None:
        """Return the arguments of a text with the same key, or None if it is declined."""
        try:
            literals = text.read_values()
            arguments: dict[str, Any] = self.arguments.build(self.coerce_variables(variables, literals), literals)
        except DeclinedError:
            return None
        return arguments


def find_field(schema: GraphQLSchema, text: str) -> tuple[OperationDefinitionNode, FieldNode, GraphQLField]:
    operation = parse(text).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    node = operation.selection_set.selections[0]
    assert isinstance(node, FieldNode)
    return operation, node, get_fields(schema)[node.name.value]


def get_fields(schema: GraphQLSchema) -> Mapping[str, GraphQLField]:
    assert schema.query_type
    fields: Mapping[str, GraphQLField] = schema.query_type.fields
    return fields


def build_like_graphql_core(schema: GraphQLSchema, text: str, variables: dict[str, Any]) -> dict[str, Any] | None:
    """Return the arguments as resolvers get them without compilation, or None if the request is refused."""
    if validate(schema, parse(text)):
        return None
    operation, node, field = find_field(schema, text)
    values = get_variable_values(schema, operation.variable_definitions or (), variables)
    if isinstance(values, list):
        return None
    try:
        arguments = get_argument_values(field, node, values)
        return convert_like_strawberry(field, arguments) if schema is FIELD_SCHEMA else arguments
    except (GraphQLError, DirectoryError):
        return None


def convert_like_strawberry(field: GraphQLField, arguments: dict[str, Any]) -> dict[str, Any]:
    """Convert arguments as `schema.argument_limits` and Strawberry do before they call a resolver."""
    for name, check in _build_checks(field.args).items():
        if arguments.get(name) is not None:
            check(arguments[name])
    converter = SCHEMA._strawberry_schema.schema_converter  # type: ignore[attr-defined]
    definition = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    return convert_arguments(arguments, definition.arguments, converter.scalar_registry, converter.config)
