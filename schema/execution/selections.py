"""Work out what an operation selects: for each object in the response, its fields in order, with fragments merged.

Conditions (@skip and @include) are applied for one combination of their variables, so a selection is exact: it is what
graphql-core collects for an object of this type, wherever in the response the object is.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, TypeAlias, cast

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)
from msgspec import Struct

from schema.errors import DeclinedError
from schema.execution.coercion import Arguments, compile_arguments
from schema.execution.literals import DocumentText
from schema.fields import Dependence, Resolver, find_resolver

MAX_OBJECTS = 300  # different selections of objects in one plan
MAX_CARD_ARGUMENTS = 12  # values of arguments in the key of a card; selections with more have no cards
SIGNATURE_BYTES = 16
TYPENAME = "__typename"
_CONDITIONS = {"skip": False, "include": True}  # the value of `if` with which the selection counts

Conditions: TypeAlias = Mapping[str, bool]  # the values of the variables in conditions


class FieldSelection(Struct, frozen=True, eq=False):
    """One field. `objects` are the selections of its value by the name of the object type; empty for a leaf.

    `resolver` and `arguments` are None for `__typename`.
    """

    key: str
    definition: GraphQLField
    nodes: Sequence[FieldNode]
    objects: dict[str, "ObjectSelection"]
    resolver: Resolver | None = None
    arguments: Arguments | None = None


class ObjectSelection(Struct, frozen=True, eq=False):
    """The fields that are selected of an object, in the order of the response, and the strongest of their dependences.

    `signature` is the same for equal selections of different documents, whatever the values of variables and literals.
    `arguments` are those that depend on such values, of its fields and then of all fields below: together with their values, in
    this order, it says what is selected. A selection with more than MAX_CARD_ARGUMENTS of them depends on the request.
    """

    type: GraphQLObjectType
    fields: tuple[FieldSelection, ...]
    depends_on: Dependence
    signature: str
    arguments: tuple[Arguments, ...]


def select_operation(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, text: DocumentText, conditions: Conditions
) -> ObjectSelection:
    """Return the selection of the root. Raises DeclinedError for what is left to graphql-core, such as introspection."""
    root = schema.query_type
    if operation.operation is not OperationType.QUERY or root is None:
        raise DeclinedError
    return _Selector(schema, document, text, conditions).select_object(root, (operation.selection_set,))


def list_condition_variables(document: DocumentNode) -> tuple[str, ...]:
    """Return the names of the variables in conditions anywhere in the document, in order."""
    directives = (each for node in _iterate_selections(document) for each in getattr(node, "directives", None) or ())
    conditions = (_get_condition(directive) for directive in directives if directive.name.value in _CONDITIONS)
    return tuple(dict.fromkeys(value.name.value for value in conditions if isinstance(value, VariableNode)))


def has_introspection(document: DocumentNode) -> bool:
    """Return whether the document selects fields of introspection besides `__typename`."""
    fields = (node for node in _iterate_selections(document) if isinstance(node, FieldNode))
    return any(field.name.value.startswith("__") and field.name.value != TYPENAME for field in fields)


def _iterate_selections(document: DocumentNode) -> Iterator[Any]:
    """Yield all definitions and selections of the document, in order."""
    pending: list[Any] = list(reversed(document.definitions))
    while pending:
        node = pending.pop()
        yield node
        selection_set = getattr(node, "selection_set", None)
        pending.extend(reversed(selection_set.selections if selection_set else ()))


def _get_condition(directive: DirectiveNode) -> ValueNode:
    return cast("Sequence[ArgumentNode]", directive.arguments)[0].value


class _Selector:
    """Collects selections. Equal positions (same type, same nodes) share one, so the work does not multiply with nesting."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, text: DocumentText, conditions: Conditions) -> None:
        self.schema, self.text, self.conditions = schema, text, conditions
        self.fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
        self.objects: dict[tuple[str, tuple[int, ...]], ObjectSelection] = {}

    def select_object(self, kind: GraphQLObjectType, selection_sets: Sequence[SelectionSetNode]) -> ObjectSelection:
        position = (kind.name, tuple(map(id, selection_sets)))
        if position not in self.objects:
            if len(self.objects) >= MAX_OBJECTS:
                raise DeclinedError
            grouped: dict[str, list[FieldNode]] = {}
            seen: set[str] = set()
            for selection_set in selection_sets:
                self._collect(kind, selection_set.selections, grouped, seen)
            fields = tuple(self._select_field(kind, key, nodes) for key, nodes in grouped.items())
            self.objects[position] = _combine(kind, fields)
        return self.objects[position]

    def _collect(
        self, kind: GraphQLObjectType, selections: Sequence[SelectionNode], grouped: dict[str, list[FieldNode]], seen: set[str]
    ) -> None:
        for selection in selections:
            if not all(self._holds(directive) for directive in selection.directives or ()):
                continue
            if isinstance(selection, FieldNode):
                grouped.setdefault((selection.alias or selection.name).value, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                if self._applies(kind, selection.type_condition):
                    self._collect(kind, selection.selection_set.selections, grouped, seen)
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self.fragments[selection.name.value]
                if self._applies(kind, fragment.type_condition) and selection.name.value not in seen:
                    seen.add(selection.name.value)
                    self._collect(kind, fragment.selection_set.selections, grouped, seen)

    def _holds(self, directive: DirectiveNode) -> bool:
        if directive.name.value not in _CONDITIONS:
            if directive.name.value in ("defer", "stream"):
                raise DeclinedError
            return True
        value, wanted = _get_condition(directive), _CONDITIONS[directive.name.value]
        if isinstance(value, VariableNode):
            return self.conditions[value.name.value] is wanted
        return cast("BooleanValueNode", value).value is wanted

    def _applies(self, kind: GraphQLObjectType, condition: Any) -> bool:
        if condition is None or condition.name.value == kind.name:
            return True
        limit = self.schema.type_map[condition.name.value]
        return is_abstract_type(limit) and self.schema.is_sub_type(limit, kind)

    def _select_field(self, kind: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> FieldSelection:
        name = nodes[0].name.value
        definition = self.schema.get_field(kind, name)
        if name == TYPENAME:
            return FieldSelection(key, cast("GraphQLField", definition), nodes, {})
        if definition is None or name.startswith("__"):
            raise DeclinedError
        arguments = compile_arguments(definition, nodes[0], self.text)
        return FieldSelection(
            key, definition, nodes, self._select_value(definition, nodes), find_resolver(definition, name), arguments
        )

    def _select_value(self, definition: GraphQLField, nodes: list[FieldNode]) -> dict[str, ObjectSelection]:
        kind = get_named_type(definition.type)
        if not is_composite_type(kind):
            return {}
        selection_sets = [node.selection_set for node in nodes if node.selection_set]
        kinds = self.schema.get_possible_types(kind) if is_abstract_type(kind) else (cast("GraphQLObjectType", kind),)
        return {each.name: self.select_object(each, selection_sets) for each in kinds}


def _combine(kind: GraphQLObjectType, fields: tuple[FieldSelection, ...]) -> ObjectSelection:
    inner = [selection for field in fields for selection in field.objects.values()]
    resolvers = [field.resolver for field in fields if field.resolver]
    dependences = [*(each.depends_on for each in resolvers), *(each.depends_on for each in inner)]
    depends_on = max(dependences, default=Dependence.RECORD)
    own = [field.arguments for field in fields if field.arguments and field.arguments.constants is None]
    arguments = (*own, *(each for selection in inner for each in selection.arguments))
    if len(arguments) > MAX_CARD_ARGUMENTS:  # nested selections could have millions
        arguments, depends_on = arguments[: MAX_CARD_ARGUMENTS + 1], Dependence.REQUEST
    text = f"{kind.name} {' '.join(map(_sign_field, fields))}"
    signature = blake2b(text.encode(), digest_size=SIGNATURE_BYTES).hexdigest()
    return ObjectSelection(kind, fields, depends_on, signature, arguments)


def _sign_field(field: FieldSelection) -> str:
    arguments = "" if field.arguments is None else "?" if field.arguments.constants is None else repr(field.arguments.constants)
    inner = " ".join(selection.signature for selection in field.objects.values())
    return f"{field.key}:{field.nodes[0].name.value}({arguments})[{inner}]"
