"""Measure the size of a parsed document before validation, in one pass over each definition.

Each definition is counted without its fragments. Then each spread adds the count of its fragment, innermost fragments first. The
time is therefore proportional to the document, however often a chain of fragments multiplies. This does not need the schema.
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

COUNT_CAP = 1_000_000  # counting stops here, as chains of fragments can reach numbers of hundreds of digits


class DocumentMeasures(Struct, frozen=True):
    """Sums over all operations and unused fragments. `depth`, `root_fields` and `equal_keys` are maxima."""

    depth: int
    fields: int
    selections: int
    root_fields: int
    operations: int
    aliases: int
    directives: int
    equal_keys: int = 0  # counted only if everything else is within its limits and no fragment is cyclic
    is_cyclic: bool = False  # whether fragments contain themselves, which validation refuses


class DefinitionTally(Struct, eq=False):
    """The counts of one definition, at first without its fragments.

    `spreads` lists the names of its fragments, with the depth of each spread.
    """

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
    """Measure a document. Raises RequestRefusedError (TOO_COMPLEX) for the first limit that it exceeds."""
    tallies = [
        _count_definition(definition)
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode)
    ]
    fragments = {tally.definition.name.value: tally for tally in tallies if isinstance(tally.definition, FragmentDefinitionNode)}
    operations = [tally for tally in tallies if isinstance(tally.definition, OperationDefinitionNode)]
    roots, is_cyclic = [], False
    for tally in (*operations, *tallies):
        if not tally.is_reached:
            roots.append(tally)
            is_cyclic |= _add_fragments(tally, fragments)
    measures = _sum_tallies(roots, operations, is_cyclic)
    _check_limits(measures, limits)
    if not is_cyclic:
        selection_sets = {name: tally.definition.selection_set for name, tally in fragments.items()}
        equal_keys = max((count_equal_keys(root.definition.selection_set, selection_sets) for root in roots), default=0)
        measures = msgspec.structs.replace(measures, equal_keys=equal_keys)
        _check_limits(measures, limits)
    return measures


def iterate_values(variables: Any) -> Iterator[Any]:
    """Yield every value in the variables, including lists, objects and the keys of objects."""
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
    """Add the counts of fragments to the definitions that spread them, innermost first. Return whether there is a cycle.

    The spread that closes a cycle adds nothing.
    """
    root.is_reached, is_cyclic = True, False
    path = [(root, iter(root.spreads), 0)]
    while path:
        tally, spreads, depth = path[-1]
        name, spread_depth = next(spreads, ("", -1))
        fragment = fragments.get(name)
        if spread_depth < 0:
            tally.is_complete = True
            path.pop()
            if path:
                path[-1][0].add(tally, depth)
        elif fragment and fragment.is_complete:
            tally.add(fragment, spread_depth)
        elif fragment and not fragment.is_reached:
            fragment.is_reached = True
            path.append((fragment, iter(fragment.spreads), spread_depth))
        elif fragment:
            is_cyclic = True
    return is_cyclic


def _sum_tallies(roots: list[DefinitionTally], operations: list[DefinitionTally], is_cyclic: bool) -> DocumentMeasures:
    return DocumentMeasures(
        depth=max((tally.depth for tally in roots), default=0),
        fields=sum(tally.fields for tally in roots),
        selections=sum(tally.selections for tally in roots),
        root_fields=max((tally.top_fields for tally in operations), default=0),
        operations=len(operations),
        aliases=sum(tally.aliases for tally in roots),
        directives=sum(tally.directives for tally in roots),
        is_cyclic=is_cyclic,
    )


def _check_limits(measures: DocumentMeasures, limits: Limits) -> None:
    for name in COMPLEXITY_SENTENCES:
        count, limit = getattr(measures, name), getattr(limits, name)
        if count > limit:
            raise too_complex_error(name, count, limit)


def count_equal_keys(root: SelectionSetNode, fragments: dict[str, SelectionSetNode]) -> int:
    """Return the largest number of fields that are merged into one because they have the same response key.

    Fragments from different places can select the same key, so their counts cannot be added up. This walks a fragment each time
    it is used: call it only for documents with few selections and no cycles.
    """
    pending, largest = [[root]], 0
    while pending:
        merged = merge_selections(pending.pop(), fragments)
        largest = max(largest, *map(len, merged.values()), 0)
        nested = ([field.selection_set for field in fields if field.selection_set] for fields in merged.values())
        pending.extend(selection_sets for selection_sets in nested if selection_sets)
    return largest


def merge_selections(
    selection_sets: Iterable[SelectionSetNode], fragments: dict[str, SelectionSetNode]
) -> dict[str, list[FieldNode]]:
    """Return the fields that are selected together, by response key. A spread of an unknown fragment adds none."""
    pending, merged = list(selection_sets), dict[str, list[FieldNode]]()
    while pending:
        for selection in pending.pop().selections:
            if isinstance(selection, FieldNode):
                merged.setdefault((selection.alias or selection.name).value, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                pending.append(selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value in fragments:
                pending.append(fragments[selection.name.value])
    return merged
