"""Price a document before execution, in points. The price is compiled once, then evaluated for each request.

A price depends on the variables and literals of a request, and on the number of organizations where work grows with it. The
result is an upper bound. Fields with the same response key are executed once and cost once. If a record can be of several types,
the fields for each type are counted. `@skip` and `@include` are ignored.
"""

import re
from collections.abc import Mapping, Sequence
from math import ceil
from types import MappingProxyType
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)
from msgspec import Struct
from msgspec.structs import replace

from directory.question import QUERY_LIMIT, WORD_LIMIT
from schema.execution.input_values import VariableInput, build_template
from schema.execution.literals import Literal, LiteralNumbers
from schema.execution.prices import find_price
from schema.fields import ITEM_POINTS, OBJECT_POINTS, ListSize, Price

MAX_DIGITS = 10  # of a number in a document; longer ones are too large in any case
REQUEST_POINTS = 18.0  # for every request, with its way through HTTP
Values: TypeAlias = dict[str, Any]  # variables by name, literals by number, and the size of the directory
RecordSelections: TypeAlias = list[tuple[SelectionSetNode, GraphQLNamedType]]  # the selections of one record, each with its type
_SIZE_NAME = "#size"  # of the directory, among the variables
_WORD = re.compile(r"\w+")


class VariableCount(Struct, frozen=True):
    """A number from the values of a request: the first of these that is a number or a list, otherwise the default."""

    names: tuple[str, ...]
    default: int
    maximum: int

    def evaluate(self, values: Values) -> float:
        for name in self.names:
            value = values.get(name)
            if isinstance(value, list):
                value = len(value)
            if isinstance(value, int | float):  # 20.0 is a valid Int
                return max(0, min(value, self.maximum))
        return self.default


class VariableWordCount(Struct, frozen=True):
    """The number of words in a text of a request; 0 if it is not set."""

    name: str

    def evaluate(self, values: Values) -> float:
        value = values.get(self.name)
        return count_words(value) if isinstance(value, str) else 0


class VariableSurcharge(Struct, frozen=True):
    """The points for a value of a request; 0 for other values."""

    name: str
    points: Mapping[str, float]

    def evaluate(self, values: Values) -> float:
        value = values.get(self.name)
        return self.points.get(value, 0.0) if isinstance(value, str) else 0.0


class DirectorySize(Struct, frozen=True):
    """The number of organizations, in thousands."""

    def evaluate(self, values: Values) -> float:
        size: float = values.get(_SIZE_NAME, 0.0)
        return size


Factor: TypeAlias = VariableCount | VariableWordCount | VariableSurcharge | VariableInput | DirectorySize


class Cost(Struct, frozen=True):
    """A sum of fixed points and of costs that are multiplied by factors from the values of a request.

    `is_slow`: execution may take much longer than the price suggests. `defaults` are those of the variables of an operation: a
    value, or the name of a literal.
    """

    fixed_points: float = 0.0
    scaled_costs: tuple[tuple[Factor, "Cost"], ...] = ()
    is_slow: bool = False
    defaults: tuple[tuple[str, Any], ...] = ()

    def evaluate(self, values: Values) -> float:
        return self.fixed_points + sum(factor.evaluate(values) * cost.evaluate(values) for factor, cost in self.scaled_costs)

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.fixed_points + other.fixed_points, self.scaled_costs + other.scaled_costs, self.is_slow or other.is_slow)

    def __mul__(self, times: float | Factor) -> "Cost":
        if not isinstance(times, int | float):
            return Cost(0.0, ((times, self),), self.is_slow)
        return Cost(self.fixed_points * times, tuple((factor, cost * times) for factor, cost in self.scaled_costs), self.is_slow)


def count_words(text: str) -> int:
    """Count the words of a search text, at most WORD_LIMIT, as further words are not searched."""
    return min(len(_WORD.findall(text[:QUERY_LIMIT])), WORD_LIMIT)


def compute_points(cost: Cost, variables: Values | None, literals: Sequence[Literal] = (), organizations: int = 0) -> int:
    """Return the price of a request in points. Takes microseconds, however long the document is.

    `literals` are those of its text, `organizations` the number of those that can be found.
    """
    return ceil(REQUEST_POINTS + evaluate_cost(cost, variables, literals, organizations))


def evaluate_cost(cost: Cost, variables: Values | None, literals: Sequence[Literal], organizations: int) -> float:
    """Return the points of all fields, without REQUEST_POINTS."""
    if not cost.scaled_costs:
        return cost.fixed_points
    values: Values = {_SIZE_NAME: organizations / 1_000}
    for number, literal in enumerate(literals):
        values[_name_literal(number)] = literal.value
    for name, default in cost.defaults:
        values[name] = values.get(default) if isinstance(default, str) and default.startswith("#") else default
    return cost.evaluate(values | variables if variables else values)


def compile_costs(
    schema: GraphQLSchema, document: DocumentNode, literals: LiteralNumbers = MappingProxyType({})
) -> dict[str | None, Cost]:
    """Return the cost of each operation of a valid document, by name. `literals` are parameters of the cost, like variables."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    return {
        operation.name.value if operation.name else None: _OperationPricer(schema, fragments, operation, literals).compile_cost()
        for operation in operations
    }


class _OperationPricer:
    """Compiles the cost of one operation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: dict[str, FragmentDefinitionNode],
        operation: OperationDefinitionNode,
        literals: LiteralNumbers,
    ) -> None:
        self.schema, self.fragments, self.operation, self.literals = schema, fragments, operation, literals

    def compile_cost(self) -> Cost:
        root = self.schema.get_root_type(self.operation.operation)
        assert root is not None  # noqa: S101 - the document is valid
        variables = self.operation.variable_definitions or ()
        defaults = tuple((each.variable.name.value, self._read_default(each.default_value)) for each in variables)
        return replace(self._price_selections([(self.operation.selection_set, root)], 1), defaults=defaults)

    def _read_default(self, value: ValueNode | None) -> Any:
        """Return the default of a variable as prices need it: the name of a literal, an enum value, a template, or None."""
        if isinstance(value, ListValueNode | ObjectValueNode):
            return build_template(value, self._find_name)
        return value.value if isinstance(value, EnumValueNode) else self._find_name(value)

    def _find_name(self, value: ValueNode | None) -> str | None:
        """Return the name of the value of a variable or literal; None for other values."""
        if isinstance(value, VariableNode):
            return value.name.value
        number = self.literals.get(value.loc.start) if value and value.loc else None
        return None if number is None else _name_literal(number)

    def _price_selections(self, selections: RecordSelections, page: int | VariableCount) -> Cost:
        costs = [self._price_field(kind, nodes, page) for kind, nodes in self._merge_fields(selections)]
        scaled_costs = tuple(scaled_cost for cost in costs for scaled_cost in cost.scaled_costs)
        return Cost(sum(cost.fixed_points for cost in costs), scaled_costs, any(cost.is_slow for cost in costs))

    def _merge_fields(self, selections: RecordSelections) -> list[tuple[GraphQLNamedType, list[FieldNode]]]:
        pending, spread_fragments = list(selections), set[tuple[str, str]]()
        merged: dict[tuple[str, str], tuple[GraphQLNamedType, list[FieldNode]]] = {}
        while pending:
            selection_set, kind = pending.pop()
            for selection in selection_set.selections:
                if isinstance(selection, FieldNode):
                    key = (selection.alias or selection.name).value, kind.name
                    merged.setdefault(key, (kind, []))[1].append(selection)
                elif isinstance(selection, InlineFragmentNode):
                    pending += self._narrow_type(kind, selection)
                elif isinstance(selection, FragmentSpreadNode) and (selection.name.value, kind.name) not in spread_fragments:
                    spread_fragments.add((selection.name.value, kind.name))
                    pending += self._narrow_type(kind, self.fragments[selection.name.value])
        return list(merged.values())

    def _narrow_type(self, kind: GraphQLNamedType, fragment: InlineFragmentNode | FragmentDefinitionNode) -> RecordSelections:
        """Return the selections of a fragment with the type of their records; none if the fragment never applies to this type."""
        condition = self.schema.type_map[fragment.type_condition.name.value] if fragment.type_condition else kind
        if isinstance(kind, GraphQLObjectType):
            applies = not isinstance(condition, GraphQLObjectType) or condition is kind
            return [(fragment.selection_set, kind)] if applies else []
        return [(fragment.selection_set, condition)]

    def _price_field(self, kind: Any, nodes: list[FieldNode], page: int | VariableCount) -> Cost:
        name = nodes[0].name.value
        field, price = self.schema.get_field(kind, name), find_price(kind.name, name)
        assert field is not None  # noqa: S101 - the document is valid
        arguments = {argument.name.value: argument.value for argument in nodes[0].arguments or ()}
        field_cost = Cost(price.cost, is_slow=price.is_slow)
        if price.points_per_thousand:
            field_cost += Cost(price.points_per_thousand) * DirectorySize()
        for argument, points in price.points_per_word.items():
            field_cost += self._price_words(arguments.get(argument), points)
        for argument, surcharges in price.points_by_value.items():
            field_cost += self._price_value(arguments.get(argument), surcharges)
        for argument, input_price in price.points_by_input.items():
            template = build_template(arguments.get(argument), self._find_name)
            field_cost += Cost(1.0) * VariableInput(template, input_price, _SIZE_NAME) if template is not None else Cost()
        size = self._compile_size(price.size, arguments) if price.size else 1
        item_type, is_list = get_named_type(field.type), is_list_type(get_nullable_type(field.type))
        item_cost = Cost(ITEM_POINTS if is_list else 0.0)
        if is_composite_type(item_type):
            selections: RecordSelections = [(node.selection_set, item_type) for node in nodes if node.selection_set]
            item_cost = Cost(OBJECT_POINTS) + self._price_selections(selections, size)
        return field_cost + item_cost * _find_length(price, page, size if is_list else 1)

    def _compile_size(self, size: ListSize, arguments: dict[str, ValueNode]) -> int | VariableCount:
        """Return the size of a list: a number if the arguments are constants, otherwise a count from the request."""
        names: list[str] = []
        default = size.default
        for value in (arguments.get(argument) for argument in size.arguments):
            name = self._find_name(value)
            if name is not None:
                names.append(name)
            elif isinstance(value, IntValueNode | ListValueNode):
                default = max(0, min(_read_number(value), size.most))
                break
        return VariableCount(tuple(names), default, size.most) if names else default

    def _price_words(self, value: ValueNode | None, points: float) -> Cost:
        name = self._find_name(value)
        return Cost(points * count_words(_read_text(value))) if name is None else Cost(points) * VariableWordCount(name)

    def _price_value(self, value: ValueNode | None, points: Mapping[str, float]) -> Cost:
        name = self._find_name(value)
        return Cost(points.get(_read_text(value), 0.0)) if name is None else Cost(1.0) * VariableSurcharge(name, points)


def _name_literal(number: int) -> str:
    """Return the name of a literal among the variables, which no variable can have."""
    return f"#{number}"


def _read_text(value: ValueNode | None) -> str:
    return value.value if isinstance(value, StringValueNode | EnumValueNode) else ""


def _find_length(price: Price, page: int | VariableCount, size: int | VariableCount) -> float | VariableCount:
    if price.is_page:
        return page
    return price.length if price.length is not None else size


def _read_number(value: IntValueNode | ListValueNode) -> int:
    if isinstance(value, ListValueNode):
        return len(value.values)
    return int(value.value[:MAX_DIGITS])  # int() refuses very long numbers
