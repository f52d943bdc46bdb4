"""Rewrite the selections of a generated document: with fragments, conditions, aliases and fields that are selected twice."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLBoolean,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)

from schema.schema import SCHEMA
from tests.schema.execution.documents.variable_variation import VariableVariation

CONDITION_VARIABLES = 5
MAX_CONDITIONS = (0, 2, 10, 25)  # a fragment counts each time it is used, and a document may have 50
CompositeType = GraphQLObjectType | GraphQLInterfaceType


class SelectionVariation:
    """The fragments of one document. `fragments` maps their names to their definitions."""

    def __init__(self, random: Random, variables: VariableVariation) -> None:
        self.random, self._variables = random, variables
        self.fragments: dict[str, FragmentDefinitionNode] = {}
        self._aliases, self._conditions_left = 0, random.choice(MAX_CONDITIONS)

    def vary(self, kind: CompositeType, selections: SelectionSetNode, *, is_root: bool = False) -> SelectionSetNode:
        """Return selections on this type that differ from the given ones only in what conditions and fragments do to them."""
        nodes = [self._vary_selection(kind, node, is_root) for node in selections.selections]
        nodes += [self._repeat_field(kind, node) for node in nodes if self.random.random() < 0.12]
        if isinstance(kind, GraphQLInterfaceType):
            nodes += self._select_on_possible_types(kind)
        if self.random.random() < 0.2:
            nodes.append(self._add_conditions(FieldNode(name=NameNode(value="__typename"))))
        self.random.shuffle(nodes)
        for _ in range(self.random.choice([0, 0, 1, 1, 2])):
            nodes = self._move_into_fragment(kind, nodes)
        nodes += self._spread_again(kind)
        return SelectionSetNode(selections=tuple(nodes))

    def _vary_selection(self, kind: CompositeType, node: SelectionNode, is_root: bool) -> SelectionNode:
        if isinstance(node, FieldNode):
            if node.selection_set:
                node = replace(node, selection_set=self.vary(_get_field_type(kind, node), node.selection_set))
            if not node.alias and not is_root and self.random.random() < 0.08:
                self._aliases += 1
                node = replace(node, alias=NameNode(value=f"a{self._aliases}"))
        elif isinstance(node, InlineFragmentNode):
            node = replace(node, selection_set=self.vary(_get_condition_type(kind, node), node.selection_set))
        return node if is_root and self.random.random() < 0.7 else self._add_conditions(node)

    def _repeat_field(self, kind: CompositeType, node: SelectionNode) -> SelectionNode:
        """Return the field again, with a part of its selections in another order and with other conditions."""
        node = replace(node, directives=())
        if isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set:
            nodes = list(node.selection_set.selections)
            part = self.random.sample(nodes, self.random.randint(1, len(nodes)))
            node = replace(node, selection_set=SelectionSetNode(selections=tuple(part)))
        return self._add_conditions(node)

    def _select_on_possible_types(self, kind: GraphQLInterfaceType) -> list[SelectionNode]:
        possible_types = list(SCHEMA.get_possible_types(kind))
        chosen = self.random.sample(possible_types, self.random.randint(0, 3))
        return [self._wrap(each, [self._select_leaf(each) for _ in range(2)]) for each in chosen]

    def _select_leaf(self, kind: CompositeType) -> SelectionNode:
        leaves = [name for name, field in kind.fields.items() if is_leaf_type(get_named_type(field.type)) and not field.args]
        return self._add_conditions(FieldNode(name=NameNode(value=self.random.choice(leaves))))

    def _move_into_fragment(self, kind: CompositeType, nodes: list[SelectionNode]) -> list[SelectionNode]:
        """Replace some of the selections with a fragment that selects them."""
        size = self.random.randint(1, len(nodes))
        start = self.random.randint(0, len(nodes) - size)
        inner = nodes[start : start + size]
        return [*nodes[:start], self._wrap(self._choose_condition(kind, inner), inner), *nodes[start + size :]]

    def _choose_condition(self, kind: CompositeType, nodes: Sequence[SelectionNode]) -> GraphQLNamedType | None:
        """Return the type itself, an interface of it that has all the fields, or None for no condition."""
        names = {node.name.value if isinstance(node, FieldNode) else "" for node in nodes}
        interfaces = [each for each in kind.interfaces if names <= {*each.fields, "__typename"}]
        choices: list[GraphQLNamedType | None] = [kind, None, *interfaces * 3]
        return self.random.choice(choices)

    def _wrap(self, kind: GraphQLNamedType | None, nodes: Sequence[SelectionNode]) -> SelectionNode:
        selections = SelectionSetNode(selections=tuple(nodes))
        if kind is None or self.random.random() < 0.5:
            condition = NamedTypeNode(name=NameNode(value=kind.name)) if kind else None
            return self._add_conditions(InlineFragmentNode(type_condition=condition, directives=(), selection_set=selections))
        name, condition = f"F{len(self.fragments)}", NamedTypeNode(name=NameNode(value=kind.name))
        self.fragments[name] = FragmentDefinitionNode(
            name=NameNode(value=name), type_condition=condition, directives=(), selection_set=selections
        )
        return self._spread(name)

    def _spread(self, name: str) -> SelectionNode:
        return self._add_conditions(FragmentSpreadNode(name=NameNode(value=name), directives=()))

    def _spread_again(self, kind: CompositeType) -> list[SelectionNode]:
        """Return sometimes a spread of an earlier fragment on this type or on an interface of it."""
        names = {kind.name, *(each.name for each in kind.interfaces)}
        fitting = [name for name, fragment in self.fragments.items() if fragment.type_condition.name.value in names]
        return [self._spread(self.random.choice(fitting))] if fitting and self.random.random() < 0.2 else []

    def _add_conditions(self, node: SelectionNode) -> SelectionNode:
        if self._conditions_left <= 0:
            return node
        chance = self.random.random()
        names = ["skip"] * (chance < 0.12 or chance > 0.97) + ["include"] * (0.12 <= chance < 0.24 or chance > 0.97)
        self.random.shuffle(names)
        self._conditions_left -= len(names)
        return replace(node, directives=(*(node.directives or ()), *map(self._build_condition, names)))

    def _build_condition(self, name: str) -> DirectiveNode:
        argument = ArgumentNode(name=NameNode(value="if"), value=self._build_condition_value(name == "include"))
        return DirectiveNode(name=NameNode(value=name), arguments=(argument,))

    def _build_condition_value(self, usual: bool) -> ValueNode:
        if self.random.random() < 0.3:
            return BooleanValueNode(value=usual if self.random.random() < 0.6 else not usual)
        name = f"c{self.random.randrange(CONDITION_VARIABLES)}"
        if name not in self._variables.variables:
            self._variables.declare(name, GraphQLNonNull(GraphQLBoolean), lambda: self.random.random() < 0.5)
        return VariableNode(name=NameNode(value=name))


def _get_field_type(kind: CompositeType, node: FieldNode) -> CompositeType:
    field_type = get_named_type(kind.fields[node.name.value].type)
    assert isinstance(field_type, GraphQLObjectType | GraphQLInterfaceType)
    return field_type


def _get_condition_type(kind: CompositeType, node: InlineFragmentNode) -> CompositeType:
    condition = SCHEMA.get_type(node.type_condition.name.value) if node.type_condition else kind
    assert isinstance(condition, GraphQLObjectType | GraphQLInterfaceType)
    return condition
