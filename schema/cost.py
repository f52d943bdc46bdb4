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

from directory.search.wording import WORD_LIMIT
from directory.text_limits import QUERY
from schema.fields import ITEM, OBJECT, Price, Size
from schema.prices import price

REQUEST = 8.0  # points for any answer
Variables = dict[str, Any]
_WORD = re.compile(r"\w+")


class Count(Struct, frozen=True):
    """A number that the variables say: the first of these that is a number or a list; else the default."""

    variables: tuple[str, ...]
    default: int
    most: int

    def of(self, variables: Variables) -> float:
        for name in self.variables:
            value = variables.get(name)
            if isinstance(value, list):
                value = len(value)
            if isinstance(value, int):
                return max(0, min(value, self.most))
        return self.default


class WordCount(Struct, frozen=True):
    """The number of words in the text of a variable; of the default where it has none."""

    variable: str
    default: str

    def of(self, variables: Variables) -> float:
        value = variables.get(self.variable)
        return count_words(value if isinstance(value, str) else self.default)


class Surcharge(Struct, frozen=True):
    """Points by the value of a variable, or of its default; 0 for other values."""

    variable: str
    default: str
    points: Mapping[str, float]

    def of(self, variables: Variables) -> float:
        value = variables.get(self.variable)
        return self.points.get(value if isinstance(value, str) else self.default, 0.0)


Factor: TypeAlias = Count | WordCount | Surcharge


class Cost(Struct, frozen=True):
    """`fixed`, and some costs as often as the variables say. `slow` where it may take much longer at times."""

    fixed: float = 0.0
    times: tuple[tuple[Factor, "Cost"], ...] = ()
    slow: bool = False

    def of(self, variables: Variables) -> float:
        return self.fixed + sum(count.of(variables) * each.of(variables) for count, each in self.times)

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.fixed + other.fixed, self.times + other.times, self.slow or other.slow)

    def __mul__(self, times: float | Factor) -> "Cost":
        if isinstance(times, Count | WordCount | Surcharge):
            return Cost(0.0, ((times, self),), self.slow)
        return Cost(self.fixed * times, tuple((count, each * times) for count, each in self.times), self.slow)


def count_words(text: str) -> int:
    """At most WORD_LIMIT, as no text has more."""
    return min(len(_WORD.findall(text[:QUERY])), WORD_LIMIT)


def points(cost: Cost, variables: Variables | None) -> int:
    """Of a request. Microseconds, however long the document is."""
    return ceil(REQUEST + cost.of(variables or {}))


def compiled(schema: GraphQLSchema, document: DocumentNode) -> dict[str | None, Cost]:
    """What each operation of a valid document costs, by its name."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    return {one.name.value if one.name else None: _Pricing(schema, fragments, one).cost() for one in operations}


Place = list[tuple[SelectionSetNode, GraphQLNamedType]]  # what is selected of one record, and as what type


class _Pricing:
    """One operation's cost."""

    def __init__(
        self, schema: GraphQLSchema, fragments: dict[str, FragmentDefinitionNode], operation: OperationDefinitionNode
    ) -> None:
        self.schema, self.fragments, self.operation = schema, fragments, operation
        variables = operation.variable_definitions or ()
        self.defaults = {one.variable.name.value: one.default_value for one in variables}

    def cost(self) -> Cost:
        root = self.schema.get_root_type(self.operation.operation)
        assert root is not None  # noqa: S101 - the document is valid
        return self._place([(self.operation.selection_set, root)], 1)

    def _place(self, place: Place, page: int | Count) -> Cost:
        fields = [self._field(kind, nodes, page) for kind, nodes in self._merged(place)]
        times = tuple(one for cost in fields for one in cost.times)
        return Cost(sum(cost.fixed for cost in fields), times, any(cost.slow for cost in fields))

    def _merged(self, place: Place) -> list[tuple[GraphQLNamedType, list[FieldNode]]]:
        pending, spread = list(place), set[tuple[str, str]]()
        merged: dict[tuple[str, str], tuple[GraphQLNamedType, list[FieldNode]]] = {}
        while pending:
            selected, kind = pending.pop()
            for selection in selected.selections:
                if isinstance(selection, FieldNode):
                    key = (selection.alias or selection.name).value, kind.name
                    merged.setdefault(key, (kind, []))[1].append(selection)
                elif isinstance(selection, InlineFragmentNode):
                    pending.append((selection.selection_set, self._narrowed(kind, selection.type_condition)))
                elif isinstance(selection, FragmentSpreadNode) and (selection.name.value, kind.name) not in spread:
                    spread.add((selection.name.value, kind.name))
                    fragment = self.fragments[selection.name.value]
                    pending.append((fragment.selection_set, self._narrowed(kind, fragment.type_condition)))
        return list(merged.values())

    def _narrowed(self, kind: GraphQLNamedType, condition: Any) -> GraphQLNamedType:
        if condition is None or isinstance(kind, GraphQLObjectType):
            return kind
        return self.schema.type_map[condition.name.value]

    def _field(self, kind: Any, nodes: list[FieldNode], page: int | Count) -> Cost:
        name = nodes[0].name.value
        field, priced = self.schema.get_field(kind, name), price(kind.name, name)
        assert field is not None  # noqa: S101 - the document is valid
        given = {one.name.value: one.value for one in nodes[0].arguments or ()}
        own = Cost(priced.cost, slow=priced.slow)
        for argument, points in priced.words.items():
            own += self._by_words(given.get(argument), points)
        for argument, surcharges in priced.values.items():
            own += self._by_value(given.get(argument), surcharges)
        size = self._size(priced.size, given) if priced.size else 1
        named, is_list = get_named_type(field.type), is_list_type(get_nullable_type(field.type))
        each = Cost(ITEM if is_list else 0.0)
        if is_composite_type(named):
            each = Cost(OBJECT) + self._place([(one.selection_set, named) for one in nodes if one.selection_set], size)
        return own + each * _length(priced, page, size if is_list else 1)

    def _size(self, size: Size, given: dict[str, ValueNode]) -> int | Count:
        """The number that a literal says, or the variables will."""
        names: list[str] = []
        default = size.default
        for value in (given.get(argument) for argument in size.arguments):
            if isinstance(value, VariableNode):
                names.append(value.name.value)
                value = self.defaults.get(value.name.value)
            if isinstance(value, IntValueNode | ListValueNode):
                default = max(0, min(_number(value), size.most))
                break
        return Count(tuple(names), default, size.most) if names else default

    def _by_words(self, value: ValueNode | None, points: float) -> Cost:
        if isinstance(value, VariableNode):
            return Cost(points) * WordCount(value.name.value, _text(self.defaults.get(value.name.value)))
        return Cost(points * count_words(_text(value)))

    def _by_value(self, value: ValueNode | None, points: Mapping[str, float]) -> Cost:
        if isinstance(value, VariableNode):
            return Cost(1.0) * Surcharge(value.name.value, _text(self.defaults.get(value.name.value)), points)
        return Cost(points.get(_text(value), 0.0))


def _text(value: ValueNode | None) -> str:
    return value.value if isinstance(value, StringValueNode | EnumValueNode) else ""


def _length(priced: Price, page: int | Count, size: int | Count) -> float | Count:
    if priced.paged:
        return page
    return priced.length if priced.length is not None else size


def _number(value: IntValueNode | ListValueNode) -> int:
    return int(value.value) if isinstance(value, IntValueNode) else len(value.values)
