"""Rewrite the variables of a generated document: some become literals, some get defaults, some are absent or null."""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import msgspec
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    ListValueNode,
    NameNode,
    NullValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    parse_value,
)

from directory.vocabulary.regions import REGIONS
from schema.types.global_ids import VOCABULARIES, GlobalId

Values = dict[str, Any]
NullableType = GraphQLScalarType | GraphQLEnumType | GraphQLInputObjectType | GraphQLList[Any]
WRONG_VALUES: tuple[Any, ...] = ({"a": 1}, 2**40, "", 0.5, [[]])


class VariedVariable(NamedTuple):
    """A variable of the document. `draw` returns a value for it, or Undefined to leave it out."""

    heading: str
    draw: Callable[[], Any]


class VariableVariation:
    """The variables of one document. New ones are declared for parts of literals."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.variables: dict[str, VariedVariable] = {}

    def declare(
        self, name: str, kind: GraphQLInputType, draw_value: Callable[[], Any], *, has_default: bool = False
    ) -> VariableNode:
        """Declare a variable of this type. `has_default` says that the argument in which it is used has a default."""
        random, default = self.random, ""
        if has_default and random.random() < 0.5:
            kind = _make_nullable(kind)  # the specification allows this where the place has a default
        if random.random() < 0.25:
            default = f" = {print_value(kind, draw_value())}"
        is_required = isinstance(kind, GraphQLNonNull)

        def draw() -> Any:
            chance = random.random()
            if chance < 0.2 and (default or not is_required):
                return Undefined
            return None if chance > 0.93 and not is_required else self.vary_value(kind, draw_value())

        self.variables[name] = VariedVariable(f"${name}: {kind}{default}", draw)
        return VariableNode(name=NameNode(value=name))

    def vary_value(self, kind: GraphQLInputType, value: Any, *, wrong: float = 0.003) -> Any:
        """Return the value in another form that means something similar, and rarely a value of a wrong type."""
        random, kind = self.random, _make_nullable(kind)
        if value is None or random.random() < wrong:
            return random.choice(WRONG_VALUES) if value is not None else None
        if isinstance(kind, GraphQLList):
            items = [self.vary_value(kind.of_type, item, wrong=0) for item in (value if isinstance(value, list) else [value])]
            return items[0] if len(items) == 1 and random.random() < 0.3 else items  # one item is coerced to a list
        if isinstance(kind, GraphQLInputObjectType):
            return self._vary_object(kind, value, wrong)
        return self._vary_id(value) if str(kind) == "ID" else value

    def _vary_object(self, kind: GraphQLInputObjectType, value: Values, wrong: float) -> Values:
        varied = {}
        for name in value:
            field = kind.fields[name]
            if field.default_value is not Undefined and self.random.random() < 0.5:
                continue
            is_null = not isinstance(field.type, GraphQLNonNull) and not kind.is_one_of and self.random.random() < 0.08
            varied[name] = None if is_null else self.vary_value(field.type, value[name], wrong=wrong)
        return varied

    def _vary_id(self, value: str) -> str:
        region, kind = self.random.choice(list(REGIONS)), self.random.choice(list(VOCABULARIES))
        term = self.random.choice(list(VOCABULARIES[kind]))
        others = [str(GlobalId("Region", region.code)), str(GlobalId(kind, term.slug)), "nothing"]
        return self.random.choice([value, value, value, *others])

    def build_literal(self, kind: GraphQLInputType, value: Any) -> ValueNode:
        """Return the value as a literal in which some parts are variables."""
        return self._build_part(kind, self.vary_value(kind, value, wrong=0))

    def _build_part(self, kind: GraphQLInputType, value: Any) -> ValueNode:
        inner = _make_nullable(kind)
        if value is None:
            return NullValueNode()
        if isinstance(inner, GraphQLList):
            if not isinstance(value, list):
                return self._build_part(inner.of_type, value)
            return ListValueNode(values=tuple(self._build_item(inner.of_type, item) for item in value))
        if isinstance(inner, GraphQLInputObjectType):
            fields = ((name, inner.fields[name], value[name]) for name in value)
            return ObjectValueNode(
                fields=tuple(
                    ObjectFieldNode(name=NameNode(value=name), value=self._build_item(field.type, part, inner.is_one_of))
                    for name, field, part in fields
                )
            )
        return parse_value(print_value(inner, value))

    def _build_item(self, kind: GraphQLInputType, value: Any, is_one_of: bool = False) -> ValueNode:
        if self.random.random() > 0.25 or value is None:
            return self._build_part(kind, value)
        variable_kind = GraphQLNonNull(_make_nullable(kind)) if is_one_of else kind
        return self.declare(f"w{len(self.variables)}", variable_kind, lambda: value)


def _make_nullable(kind: GraphQLInputType) -> NullableType:
    nullable: NullableType = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return nullable


def print_value(kind: GraphQLInputType, value: Any) -> str:
    """Print a JSON value of an input type as a literal, with enum values as names."""
    inner = _make_nullable(kind)
    if value is None:
        return "null"
    if isinstance(inner, GraphQLList):
        if not isinstance(value, list):
            return print_value(inner.of_type, value)
        return f"[{', '.join(print_value(inner.of_type, item) for item in value)}]"
    if isinstance(inner, GraphQLInputObjectType):
        return f"{{{', '.join(f'{name}: {print_value(inner.fields[name].type, value[name])}' for name in value)}}}"
    if isinstance(inner, GraphQLEnumType):
        return str(value)
    return msgspec.json.encode(value).decode()
