"""Convert variables and arguments to the values that resolvers take.

Everything that depends on the document alone is compiled once, so that a request only runs the compiled functions. Their results
are those of graphql-core and Strawberry. Whatever these or the limits on texts refuse raises Declined: graphql-core then executes
the request and words the error.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_nullable_type,
    is_specified_scalar_type,
    type_from_ast,
)
from graphql.utilities.coerce_input_value import coerce_input_literal
from msgspec import Struct

from schema.execution.input_types import Convert, build_converter, check_length, describe_input, find_constructor
from schema.execution.literals import DeclinedError, DocumentText, LiteralNumbers, iterate_leaves

Declined = DeclinedError
Build: TypeAlias = Callable[[Mapping[str, Any], Sequence[Any]], Any]  # from the coerced variables and the values of literals
CoerceVariables: TypeAlias = Callable[[Mapping[str, Any] | None, Sequence[Any]], dict[str, Any]]


class Arguments(Struct, frozen=True, eq=False):
    """The arguments of one field. `build` returns them as keyword arguments of the resolver, or raises Declined.

    An argument that is absent and has no default in the schema is left out. `variables` and `literals` are the names and numbers
    that the arguments depend on. `constants` are the arguments if they depend on none, otherwise None.
    """

    build: Build
    constants: dict[str, Any] | None
    variables: tuple[str, ...]
    literals: tuple[int, ...]


def compile_variables(schema: GraphQLSchema, operation: OperationDefinitionNode, text: DocumentText) -> CoerceVariables:
    """Return a function that coerces the variables of a request to values by name. It raises Declined.

    Absent variables without a default stay absent. `operation` is valid and was parsed from `text` with locations.
    """
    numbers = text.number_literals()
    variables: list[tuple[str, Convert, bool]] = []
    defaults: list[tuple[str, Build]] = []
    for definition in operation.variable_definitions or ():
        name, type_ = definition.variable.name.value, type_from_ast(schema, definition.type)
        if definition.default_value:
            defaults.append((name, _compile_value(definition.default_value, type_, numbers)))
        variables.append((name, build_converter(type_), isinstance(type_, GraphQLNonNull) and not definition.default_value))

    def coerce_variables(raw_values: Mapping[str, Any] | None, literals: Sequence[Any]) -> dict[str, Any]:
        raw_values = raw_values or {}
        values = {name: build({}, literals) for name, build in defaults}
        for name, convert, is_required in variables:
            if name in raw_values:
                values[name] = convert(raw_values[name])
            elif is_required:
                raise Declined
        return values

    return coerce_variables


def compile_arguments(field: GraphQLField, node: FieldNode, text: DocumentText) -> Arguments:
    """Compile the arguments of a selection that is valid and was parsed from `text` with locations. Raises Declined."""
    nodes = {argument.name.value: argument.value for argument in node.arguments or ()}
    numbers = text.number_literals() if nodes else {}
    build = _compile_fields(field.args, nodes, numbers)
    variables, literals = _list_dependencies(nodes.values(), numbers)
    constants = None if variables or literals else build({}, ())
    return Arguments(build, constants, variables, literals)


def _compile_value(node: ValueNode, type_: Any, numbers: LiteralNumbers, absent: Any = None) -> Build:
    """Compile a value in the document. A variable that is absent is replaced with `absent`."""
    if isinstance(node, VariableNode):
        return _compile_variable(node.name.value, isinstance(type_, GraphQLNonNull), absent)
    if isinstance(node, NullValueNode):
        if isinstance(type_, GraphQLNonNull):
            raise Declined
        return _build_always(None)
    build = _compile_present_value(node, get_nullable_type(type_), numbers)
    return build if any(_list_dependencies([node], numbers)) else _build_always(build({}, ()))


def _compile_variable(name: str, is_non_null: bool, absent: Any) -> Build:
    def read_variable(variables: Mapping[str, Any], _literals: Sequence[Any]) -> Any:
        value = variables.get(name, absent)
        if value is None and is_non_null:
            raise Declined
        return value

    return read_variable


def _build_always(value: Any) -> Build:
    return lambda _variables, _literals: value


def _compile_present_value(node: ValueNode, type_: Any, numbers: LiteralNumbers) -> Build:
    if isinstance(type_, GraphQLList):
        items = node.values if isinstance(node, ListValueNode) else (node,)
        builds = [_compile_value(item, type_.of_type, numbers) for item in items]
        return lambda variables, literals: [build(variables, literals) for build in builds]
    if isinstance(type_, GraphQLInputObjectType):
        return _compile_object(node, type_, numbers)
    number = numbers.get(node.loc.start) if node.loc else None
    if number is not None and _reads_literals_as_values(type_):
        convert = build_converter(type_)
        return lambda _variables, literals: convert(literals[number])
    value = Undefined if any(_list_dependencies([node], numbers)) else coerce_input_literal(node, type_)
    if value is Undefined:
        raise Declined
    return _build_always(value)


def _reads_literals_as_values(type_: Any) -> bool:
    """Return whether a scalar converts a literal exactly like a variable with its value."""
    return is_specified_scalar_type(type_) or (type_.coerce_input_literal is None and "parse_literal" not in vars(type_))


def _compile_object(node: ValueNode, type_: GraphQLInputObjectType, numbers: LiteralNumbers) -> Build:
    if not isinstance(node, ObjectValueNode):
        raise Declined
    nodes = {field.name.value: field.value for field in node.fields}
    if not nodes.keys() <= type_.fields.keys() or (type_.is_one_of and len(nodes) != 1):
        raise Declined
    build_fields, construct = _compile_fields(type_.fields, nodes, numbers), find_constructor(type_)

    def build_object(variables: Mapping[str, Any], literals: Sequence[Any]) -> Any:
        values = build_fields(variables, literals)
        if type_.is_one_of and (len(values) != 1 or None in values.values()):
            raise Declined
        return construct(values)

    return build_object


def _compile_fields(definitions: Mapping[str, Any], nodes: Mapping[str, ValueNode], numbers: LiteralNumbers) -> Build:
    """Return a function that builds values by their names in Python, in the order of their definitions."""
    template: dict[str, Any] = {}  # the defaults, and Undefined for other values to build
    builds: list[tuple[str, Build, int | None]] = []
    for name, definition in definitions.items():
        field, node = describe_input(name, definition), nodes.get(name)
        if node is not None:
            template[field.name] = field.default
            absent = None if field.is_required else Undefined
            builds.append((field.name, _compile_value(node, field.type, numbers, absent), field.limit))
        elif field.is_required:
            raise Declined
        elif field.default is not Undefined:
            template[field.name] = field.default

    def build_fields(variables: Mapping[str, Any], literals: Sequence[Any]) -> dict[str, Any]:
        values = template.copy()
        for name, build, limit in builds:
            value = build(variables, literals)
            if value is not Undefined:
                values[name] = value if limit is None else check_length(value, limit)
            elif values[name] is Undefined:
                del values[name]
        return values

    return build_fields


def _list_dependencies(nodes: Iterable[ValueNode], numbers: LiteralNumbers) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the names of the variables and the numbers of the literals in these values."""
    leaves = [leaf for node in nodes for _, leaf in iterate_leaves(node)]
    variables = [leaf.name.value for leaf in leaves if isinstance(leaf, VariableNode)]
    literals = [numbers[leaf.loc.start] for leaf in leaves if leaf.loc and leaf.loc.start in numbers]
    return tuple(dict.fromkeys(variables)), tuple(literals)
