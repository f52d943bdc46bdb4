"""TEMPORARY"""
from typing import Any
from graphql import GraphQLError, GraphQLField, FieldNode
from graphql.execution.values import get_argument_values, get_variable_values
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_arguments


class Declined(Exception):
    """The compiled path cannot answer this request; graphql-core executes it."""


class Arguments:
    def __init__(self, field, node):
        self.field, self.node = field, node
        self.constants = {} if not field.args else None
        self.strawberry = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)

    def build(self, variables, literals):
        kwargs = get_argument_values(self.field, self.node, variables["__values"], None, False)
        if self.strawberry:
            from strawberry.schema.config import StrawberryConfig
            from schema.types.scalars import SCALARS
            from schema.schema import _REG
            return convert_arguments(kwargs, self.strawberry.arguments, config=StrawberryConfig(), scalar_registry=_REG)
        return kwargs


def compile_arguments(field, node, text):
    return Arguments(field, node)


def compile_variables(schema, operation, text):
    definitions = operation.variable_definitions or ()

    def coerce(variables, literals):
        values = get_variable_values(schema, definitions, variables or {})
        if isinstance(values, list):
            raise Declined
        out = {k: v for k, v in values.coerced.items()} if hasattr(values, "coerced") else dict(values)
        out["__values"] = values
        return out

    return coerce
