"""Convert variables and arguments to the values that resolvers take.

Everything that depends on the document alone is compiled once, so that a request only runs the compiled functions. Their results
are those of graphql-core and Strawberry. A value that these refuse, or that is too long, raises DeclinedError: graphql-core then
executes the request and reports the error.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    ListValueNode,
    Node,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Undefined,
    ValueNode,
    VariableNode,
    Visitor,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_specified_scalar_type,
    type_from_ast,
    visit,
)
from graphql.execution.values import input_is_nested_too_deeply
from graphql.utilities.coerce_input_value import coerce_input_literal
from msgspec import Struct
from strawberry import UNSET

from schema.errors import DeclinedError
from schema.execution.input_types import Convert, build_converter, check_length, contains_itself, describe_input, find_constructor
from schema.execution.literals import LITERAL_NODES, DocumentText, LiteralNumbers, iterate_leaves

Build: TypeAlias = Callable[[Mapping[str, Any], Sequence[Any]], Any]  # from the coerced variables and the values of literals
CheckLiterals: TypeAlias = Callable[[Sequence[Any]], None]
CoerceVariables: TypeAlias = Callable[[Mapping[str, Any] | None, Sequence[Any]], dict[str, Any]]
UNLIMITED_TYPES = (GraphQLString, GraphQLID, GraphQLFloat)  # take every literal of the kinds that they take


class Arguments(Struct, frozen=True, eq=False):
    """The arguments of one field. `build` returns them as keyword arguments of the resolver, or raises DeclinedError.

    An argument that is absent and has no default in the schema is left out. `constants` are the arguments if they depend on no
    variables and literals, otherwise None.
    """

    build: Build
    constants: dict[str, Any] | None


def compile_variables(schema: GraphQLSchema, operation: OperationDefinitionNode, text: DocumentText) -> CoerceVariables:
    """Return a function that coerces the variables of a request to values by name. It raises DeclinedError.

    Absent variables without a default stay absent. `operation` is valid and was parsed from `text` with locations.
    """
    numbers = text.number_literals()
    variables: list[tuple[str, Convert, bool]] = []
    defaults: list[tuple[str, Build]] = []
    for definition in operation.variable_definitions or ():
        name, type_ = definition.variable.name.value, type_from_ast(schema, definition.type)
        if definition.default_value:
            defaults.append((name, _compile_value(definition.default_value, type_, numbers)))
        variables.append(
            (name, _build_variable_converter(type_), isinstance(type_, GraphQLNonNull) and not definition.default_value)
        )

    def coerce_variables(raw_values: Mapping[str, Any] | None, literals: Sequence[Any]) -> dict[str, Any]:
        raw_values = raw_values or {}
        values = {name: build({}, literals) for name, build in defaults}
        for name, convert, is_required in variables:
            if name in raw_values:
                values[name] = convert(raw_values[name])
            elif is_required:
                raise DeclinedError
        return values

    return coerce_variables


def _build_variable_converter(type_: Any) -> Convert:
    convert = build_converter(type_)
    if not contains_itself(type_):
        return convert

    def convert_shallow(value: Any) -> Any:
        if input_is_nested_too_deeply(value, type_):
            raise DeclinedError
        return convert(value)

    return convert_shallow


def compile_arguments(field: GraphQLField, node: FieldNode, text: DocumentText) -> Arguments:
    """Compile the arguments of a selection that is valid and was parsed from `text` with locations. Raises DeclinedError."""
    nodes = {argument.name.value: argument.value for argument in node.arguments or ()}
    numbers = text.number_literals() if nodes else {}
    build = _compile_fields(field.args, nodes, numbers)
    return Arguments(build, None if _depends_on_request(nodes.values(), numbers) else build({}, ()))


def compile_literal_checks(schema: GraphQLSchema, document: DocumentNode, text: DocumentText) -> CheckLiterals:
    """Return a function that raises DeclinedError if the values of literals are not valid, wherever they are in the document.

    Validation refuses an invalid literal even if its field is not executed, so every text with the same key has to be checked.
    `document` is valid and was parsed from `text` with locations.
    """
    collector = _LiteralCheckCollector(TypeInfo(schema), text.number_literals())
    if text.literals:
        visit(document, TypeInfoVisitor(collector.type_info, collector))
    checks = tuple(collector.checks)

    def check_literals(literals: Sequence[Any]) -> None:
        for number, convert in checks:
            convert(literals[number])

    return check_literals


class _LiteralCheckCollector(Visitor):
    """Collects the converters of the literals whose types do not take every literal of their kind, such as Int and Date."""

    def __init__(self, type_info: TypeInfo, numbers: LiteralNumbers) -> None:
        super().__init__()
        self.type_info, self.numbers = type_info, numbers
        self.checks: list[tuple[int, Convert]] = []

    def enter(self, node: Node, *_: Any) -> None:
        if isinstance(node, LITERAL_NODES) and node.loc and node.loc.start in self.numbers:
            self._add_check(self.numbers[node.loc.start], get_named_type(self.type_info.get_input_type()))
        elif isinstance(node, ListValueNode):  # its items have the current type
            self._refuse_scalar(self.type_info.get_parent_input_type())
        elif isinstance(node, ObjectValueNode):
            self._refuse_scalar(self.type_info.get_input_type())

    def _add_check(self, number: int, scalar: Any) -> None:
        if scalar and scalar not in UNLIMITED_TYPES:
            if not _reads_literals_as_values(scalar):
                raise DeclinedError
            self.checks.append((number, build_converter(scalar)))

    def _refuse_scalar(self, type_: Any) -> None:
        """Refuse a scalar that may consist of several literals."""
        if is_leaf_type(get_nullable_type(type_)):
            raise DeclinedError


def _compile_value(node: ValueNode, type_: Any, numbers: LiteralNumbers, absent: Any = None) -> Build:
    """Compile a value in the document. A variable that is absent is replaced with `absent`."""
    if isinstance(node, VariableNode):
        return _compile_variable(node.name.value, isinstance(type_, GraphQLNonNull), absent)
    if isinstance(node, NullValueNode):
        return _build_always(None)
    build = _compile_present_value(node, get_nullable_type(type_), numbers)
    return build if _depends_on_request([node], numbers) else _build_always(build({}, ()))


def _compile_variable(name: str, is_non_null: bool, absent: Any) -> Build:
    def read_variable(variables: Mapping[str, Any], _literals: Sequence[Any]) -> Any:
        value = variables.get(name, absent)
        if value is None and is_non_null:
            raise DeclinedError
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
    value = Undefined if _depends_on_request([node], numbers) else coerce_input_literal(node, type_)
    if value is Undefined:
        raise DeclinedError
    return _build_always(value)


def _reads_literals_as_values(type_: Any) -> bool:
    """Return whether a scalar converts a literal exactly like a variable with its value."""
    return is_specified_scalar_type(type_) or (type_.coerce_input_literal is None and "parse_literal" not in vars(type_))


def _compile_object(node: Any, type_: GraphQLInputObjectType, numbers: LiteralNumbers) -> Build:
    nodes = {field.name.value: field.value for field in node.fields}
    build_fields, construct = _compile_fields(type_.fields, nodes, numbers), find_constructor(type_)
    if not type_.is_one_of:
        return lambda variables, literals: construct(build_fields(variables, literals))

    def build_one_of(variables: Mapping[str, Any], literals: Sequence[Any]) -> Any:
        values = build_fields(variables, literals)
        if len(values) != 1 or any(value is None or value is UNSET for value in values.values()):
            raise DeclinedError
        return construct(values)

    return build_one_of


def _compile_fields(definitions: Mapping[str, Any], nodes: Mapping[str, ValueNode], numbers: LiteralNumbers) -> Build:
    """Return a function that builds values by their names in Python, in the order of their definitions."""
    template: dict[str, Any] = {}  # the defaults, and Undefined for other values to build
    builds: list[tuple[str, Build, int | None]] = []
    for name, definition in definitions.items():
        field = describe_input(name, definition)
        if name in nodes:
            template[field.name] = field.default
            builds.append((field.name, _compile_value(nodes[name], field.type, numbers, Undefined), field.limit))
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


def _depends_on_request(nodes: Iterable[ValueNode], numbers: LiteralNumbers) -> bool:
    """Return whether there are variables or literals in these values."""
    leaves = (leaf for node in nodes for _, leaf in iterate_leaves(node))
    return any(isinstance(leaf, VariableNode) or (leaf.loc and leaf.loc.start in numbers) for leaf in leaves)
