"""What a parsed document asks for, counted before it is validated: in one pass, and each fragment once.

A definition is tallied by itself; then every spread adds the tally of its fragment, whose own spreads were added before. So
chains of fragments cost as much as they are long, however often their ends are reached. Nothing here knows the schema.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)
from msgspec import Struct

from schema.limits import COMPLEXITY_SENTENCES, Limits, too_complex_error

COUNT_CAP = 1_000_000  # where counting stops; chains of fragments reach numbers of hundreds of digits


class DocumentMeasures(Struct, frozen=True):
    """Sums over all operations and unused fragments; of `depth`, `root_fields` and `equal_keys` the greatest."""

    depth: int
    fields: int
    selections: int
    root_fields: int
    operations: int
    aliases: int
    directives: int
    equal_keys: int = 0  # where everything else is within its limits and nothing is cyclic
    is_cyclic: bool = False  # fragments that contain themselves: validation refuses them


class DefinitionTally(Struct, eq=False):
    """One definition's counts, at first without its fragments, which stand in `spreads` with the depth they stand at."""

    definition: OperationDefinitionNode | FragmentDefinitionNode
    depth: int = 0
    fields: int = 0
    selections: int = 0
    top_fields: int = 0
    aliases: int = 0
    directives: int = 0
    spreads: list[tuple[str, int]] = []
    is_reached: bool = False
    is_complete: bool = False

    def add(self, inner: "DefinitionTally", depth: int) -> None:
        self.depth = max(self.depth, depth + inner.depth)
        self.fields = min(self.fields + inner.fields, COUNT_CAP)
        self.selections = min(self.selections + inner.selections, COUNT_CAP)
        self.aliases = min(self.aliases + inner.aliases, COUNT_CAP)
        self.directives = min(self.directives + inner.directives, COUNT_CAP)
        if depth == 0:
            self.top_fields = min(self.top_fields + inner.top_fields, COUNT_CAP)


def measure_document(document: DocumentNode, limits: Limits) -> DocumentMeasures:
    """Raises Refused (TOO_COMPLEX) for the first limit that is exceeded."""
    tallies = [
        _count_definition(one)
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode | FragmentDefinitionNode)
    ]
    fragments = {one.definition.name.value: one for one in tallies if isinstance(one.definition, FragmentDefinitionNode)}
    operations = [one for one in tallies if isinstance(one.definition, OperationDefinitionNode)]
    roots, cyclic = [], False
    for tally in (*operations, *tallies):
        if not tally.is_reached:
            roots.append(tally)
            cyclic |= _add_fragments(tally, fragments)
    measured = _sum_tallies(roots, operations, cyclic)
    _check_limits(measured, limits)
    if not cyclic:
        sets = {name: one.definition.selection_set for name, one in fragments.items()}
        most = max((count_equal_keys(root.definition.selection_set, sets) for root in roots), default=0)
        measured = msgspec.structs.replace(measured, equal_keys=most)
        _check_limits(measured, limits)
    return measured


def iterate_values(variables: Any) -> Iterator[Any]:
    """Every value among the variables, containers and names of members too."""
    pending = [variables]
    while pending:
        value = pending.pop()
        yield value
        if isinstance(value, dict):
            pending.extend(value.keys())
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)


def _count_definition(definition: OperationDefinitionNode | FragmentDefinitionNode) -> DefinitionTally:
    tally = DefinitionTally(definition, directives=len(definition.directives or ()), spreads=[])
    for variable in definition.variable_definitions or ():
        tally.directives += len(variable.directives or ())
    pending = [(definition.selection_set, 0)]
    while pending:
        selection_set, depth = pending.pop()
        tally.selections += len(selection_set.selections)
        for selection in selection_set.selections:
            tally.directives += len(selection.directives or ())
            if isinstance(selection, FragmentSpreadNode):
                tally.spreads.append((selection.name.value, depth))
            elif isinstance(selection, FieldNode):
                _count_field(tally, selection, depth + 1)
                if selection.selection_set:
                    pending.append((selection.selection_set, depth + 1))
            elif isinstance(selection, InlineFragmentNode):
                pending.append((selection.selection_set, depth))
    return tally


def _count_field(tally: DefinitionTally, field: FieldNode, depth: int) -> None:
    tally.fields += 1
    tally.aliases += field.alias is not None
    tally.top_fields += depth == 1
    tally.depth = max(tally.depth, depth)


def _add_fragments(root: DefinitionTally, fragments: dict[str, DefinitionTally]) -> bool:
    """Adds fragments to whoever spreads them, the innermost first. Whether there is a cycle; what closes it adds nothing."""
    root.is_reached, cyclic = True, False
    path = [(root, iter(root.spreads), 0)]
    while path:
        tally, spreads, depth = path[-1]
        name, at = next(spreads, ("", -1))
        inner = fragments.get(name)
        if at < 0:
            tally.is_complete = True
            path.pop()
            if path:
                path[-1][0].add(tally, depth)
        elif inner and inner.is_complete:
            tally.add(inner, at)
        elif inner and not inner.is_reached:
            inner.is_reached = True
            path.append((inner, iter(inner.spreads), at))
        elif inner:
            cyclic = True
    return cyclic


def _sum_tallies(roots: list[DefinitionTally], operations: list[DefinitionTally], cyclic: bool) -> DocumentMeasures:
    return DocumentMeasures(
        depth=max((one.depth for one in roots), default=0),
        fields=sum(one.fields for one in roots),
        selections=sum(one.selections for one in roots),
        root_fields=max((one.top_fields for one in operations), default=0),
        operations=len(operations),
        aliases=sum(one.aliases for one in roots),
        directives=sum(one.directives for one in roots),
        is_cyclic=cyclic,
    )


def _check_limits(measured: DocumentMeasures, limits: Limits) -> None:
    for name in COMPLEXITY_SENTENCES:
        counted, limit = getattr(measured, name), getattr(limits, name)
        if counted > limit:
            raise too_complex_error(name, counted, limit)


def count_equal_keys(root: SelectionSetNode, fragments: dict[str, SelectionSetNode]) -> int:
    """The most fields that are merged into one. Walks every fragment as often as it is reached: only for what is known
    to have few selections and no cycles. It cannot be summed up from fragments, as they meet in what they select.
    """
    places, most = [[root]], 0
    while places:
        merged = merge_selections(places.pop(), fragments)
        most = max(most, *map(len, merged.values()), 0)
        nested = ([field.selection_set for field in fields if field.selection_set] for fields in merged.values())
        places.extend(sets for sets in nested if sets)
    return most


def merge_selections(sets: Iterable[SelectionSetNode], fragments: dict[str, SelectionSetNode]) -> dict[str, list[FieldNode]]:
    """The fields of one place in the answer, by the names they answer under. A spread of an unknown fragment adds none."""
    pending, merged = list(sets), dict[str, list[FieldNode]]()
    while pending:
        for selection in pending.pop().selections:
            if isinstance(selection, FieldNode):
                merged.setdefault((selection.alias or selection.name).value, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                pending.append(selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value in fragments:
                pending.append(fragments[selection.name.value])
    return merged
