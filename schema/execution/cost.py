"""What a document costs before it is executed, in points: compiled once, and then a sum over the variables of a request.

Fields that answer under one name in one place are executed once and cost once. Where a record may be of several types, the
fields for each of them are counted. `@skip` and `@include` are not looked at. So the cost is the most that can be asked for.
"""

import re
from collections.abc import Mapping
from math import ceil
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

from directory.search.text.parsed_text import WORD_LIMIT
from directory.text_limits import QUERY_LIMIT
from schema.execution.prices import find_price
from schema.fields import ITEM_POINTS, OBJECT_POINTS, ListSize, Price

REQUEST_POINTS = 8.0  # points for any answer
Variables = dict[str, Any]
_WORD = re.compile(r"\w+")


class VariableCount(Struct, frozen=True):
    """A number that the variables say: the first of these that is a number or a list; else the default."""

    variables: tuple[str, ...]
    default: int
    maximum: int

    def evaluate(self, variables: Variables) -> float:
        for name in self.variables:
            value = variables.get(name)
            if isinstance(value, list):
                value = len(value)
            if isinstance(value, int):
                return max(0, min(value, self.maximum))
        return self.default


class VariableWordCount(Struct, frozen=True):
    """The number of words in the text of a variable; of the default where it has none."""

    variable: str
    default: str

    def evaluate(self, variables: Variables) -> float:
        value = variables.get(self.variable)
        return count_words(value if isinstance(value, str) else self.default)


class VariableSurcharge(Struct, frozen=True):
    """Points by the value of a variable, or of its default; 0 for other values."""

    variable: str
    default: str
    points: Mapping[str, float]

    def evaluate(self, variables: Variables) -> float:
        value = variables.get(self.variable)
        return self.points.get(value if isinstance(value, str) else self.default, 0.0)


Factor: TypeAlias = VariableCount | VariableWordCount | VariableSurcharge


class Cost(Struct, frozen=True):
    """`fixed`, and some costs as often as the variables say. `slow` where it may take much longer at times."""

    fixed_points: float = 0.0
    scaled_costs: tuple[tuple[Factor, "Cost"], ...] = ()
    is_slow: bool = False

    def evaluate(self, variables: Variables) -> float:
        return self.fixed_points + sum(count.evaluate(variables) * each.evaluate(variables) for count, each in self.scaled_costs)

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.fixed_points + other.fixed_points, self.scaled_costs + other.scaled_costs, self.is_slow or other.is_slow)

    def __mul__(self, times: float | Factor) -> "Cost":
        if isinstance(times, VariableCount | VariableWordCount | VariableSurcharge):
            return Cost(0.0, ((times, self),), self.is_slow)
        return Cost(self.fixed_points * times, tuple((count, each * times) for count, each in self.scaled_costs), self.is_slow)


def count_words(text: str) -> int:
    """At most WORD_LIMIT, as no text has more."""
    return min(len(_WORD.findall(text[:QUERY_LIMIT])), WORD_LIMIT)


def compute_points(cost: Cost, variables: Variables | None) -> int:
    """Of a request. Microseconds, however long the document is."""
    return ceil(REQUEST_POINTS + cost.evaluate(variables or {}))


def compile_costs(schema: GraphQLSchema, document: DocumentNode) -> dict[str | None, Cost]:
    """What each operation of a valid document costs, by its name."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    return {one.name.value if one.name else None: _OperationPricer(schema, fragments, one).compile_cost() for one in operations}


RecordSelections = list[tuple[SelectionSetNode, GraphQLNamedType]]  # what is selected of one record, and as what type


class _OperationPricer:
    """One operation's cost."""

    def __init__(
        self, schema: GraphQLSchema, fragments: dict[str, FragmentDefinitionNode], operation: OperationDefinitionNode
    ) -> None:
        self.schema, self.fragments, self.operation = schema, fragments, operation
        variables = operation.variable_definitions or ()
        self.defaults = {one.variable.name.value: one.default_value for one in variables}

    def compile_cost(self) -> Cost:
        root = self.schema.get_root_type(self.operation.operation)
        assert root is not None  # noqa: S101 - the document is valid
        return self._price_selections([(self.operation.selection_set, root)], 1)

    def _price_selections(self, place: RecordSelections, page: int | VariableCount) -> Cost:
        fields = [self._price_field(kind, nodes, page) for kind, nodes in self._merge_fields(place)]
        times = tuple(one for cost in fields for one in cost.scaled_costs)
        return Cost(sum(cost.fixed_points for cost in fields), times, any(cost.is_slow for cost in fields))

    def _merge_fields(self, place: RecordSelections) -> list[tuple[GraphQLNamedType, list[FieldNode]]]:
        pending, spread = list(place), set[tuple[str, str]]()
        merged: dict[tuple[str, str], tuple[GraphQLNamedType, list[FieldNode]]] = {}
        while pending:
            selected, kind = pending.pop()
            for selection in selected.selections:
                if isinstance(selection, FieldNode):
                    key = (selection.alias or selection.name).value, kind.name
                    merged.setdefault(key, (kind, []))[1].append(selection)
                elif isinstance(selection, InlineFragmentNode):
                    pending.append((selection.selection_set, self._narrow_type(kind, selection.type_condition)))
                elif isinstance(selection, FragmentSpreadNode) and (selection.name.value, kind.name) not in spread:
                    spread.add((selection.name.value, kind.name))
                    fragment = self.fragments[selection.name.value]
                    pending.append((fragment.selection_set, self._narrow_type(kind, fragment.type_condition)))
        return list(merged.values())

    def _narrow_type(self, kind: GraphQLNamedType, condition: Any) -> GraphQLNamedType:
        if condition is None or isinstance(kind, GraphQLObjectType):
            return kind
        return self.schema.type_map[condition.name.value]

    def _price_field(self, kind: Any, nodes: list[FieldNode], page: int | VariableCount) -> Cost:
        name = nodes[0].name.value
        field, priced = self.schema.get_field(kind, name), find_price(kind.name, name)
        assert field is not None  # noqa: S101 - the document is valid
        given = {one.name.value: one.value for one in nodes[0].arguments or ()}
        own = Cost(priced.cost, is_slow=priced.slow)
        for argument, points in priced.words.items():
            own += self._price_words(given.get(argument), points)
        for argument, surcharges in priced.values.items():
            own += self._price_value(given.get(argument), surcharges)
        size = self._compile_size(priced.size, given) if priced.size else 1
        named, is_list = get_named_type(field.type), is_list_type(get_nullable_type(field.type))
        each = Cost(ITEM_POINTS if is_list else 0.0)
        if is_composite_type(named):
            each = Cost(OBJECT_POINTS) + self._price_selections(
                [(one.selection_set, named) for one in nodes if one.selection_set], size
            )
        return own + each * _find_length(priced, page, size if is_list else 1)

    def _compile_size(self, size: ListSize, given: dict[str, ValueNode]) -> int | VariableCount:
        """The number that a literal says, or the variables will."""
        names: list[str] = []
        default = size.default
        for value in (given.get(argument) for argument in size.arguments):
            if isinstance(value, VariableNode):
                names.append(value.name.value)
                value = self.defaults.get(value.name.value)
            if isinstance(value, IntValueNode | ListValueNode):
                default = max(0, min(_read_number(value), size.most))
                break
        return VariableCount(tuple(names), default, size.most) if names else default

    def _price_words(self, value: ValueNode | None, points: float) -> Cost:
        if isinstance(value, VariableNode):
            return Cost(points) * VariableWordCount(value.name.value, _read_text(self.defaults.get(value.name.value)))
        return Cost(points * count_words(_read_text(value)))

    def _price_value(self, value: ValueNode | None, points: Mapping[str, float]) -> Cost:
        if isinstance(value, VariableNode):
            return Cost(1.0) * VariableSurcharge(value.name.value, _read_text(self.defaults.get(value.name.value)), points)
        return Cost(points.get(_read_text(value), 0.0))


def _read_text(value: ValueNode | None) -> str:
    return value.value if isinstance(value, StringValueNode | EnumValueNode) else ""


def _find_length(priced: Price, page: int | VariableCount, size: int | VariableCount) -> float | VariableCount:
    if priced.paged:
        return page
    return priced.length if priced.length is not None else size


def _read_number(value: IntValueNode | ListValueNode) -> int:
    return int(value.value) if isinstance(value, IntValueNode) else len(value.values)
