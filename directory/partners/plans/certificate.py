"""Prove, with integers only, how many members a plan needs at least.

The solver computes with floating-point numbers, so nothing that it reports is believed. Its dual values are only a suggestion for
weights, which are checked here against every candidate:

    Each cell gets a weight. The cells of a candidate weigh at most `capacity` together, except for some candidates that exceed
    it; `excess` is by how much, all of them together. The cells need the sum of (weight x need), so that the members of a plan
    weigh at least as much. At least (sum - excess) / capacity members are needed, rounded up.

If all weights and the capacity are 1 and there is no excess, no candidate covers two of the cells: the easiest proof to follow.

For plans with a maximum size m there is a bound on complete cells: with weights such that weight x need is at most `scale`, m
members weigh at most m x capacity, and each cell that stays incomplete is forgiven. At most (m x capacity + sum of (scale -
weight x need)) / scale cells are complete, rounded down.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from msgspec import Struct

from directory.geo import Floats
from directory.partners.plans.cover_problem import ReducedProblem
from directory.partners.plans.cover_solver import DUAL_SCALE, CoverProposal
from directory.search.rows import Ints

SMALL_SCALES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 24, 60, 120)  # tried before DUAL_SCALE, because people can follow small numbers

ROUNDING_ERROR = 100  # in units of 1 / DUAL_SCALE
MAX_WEIGHT = 1 << 30  # so that all sums stay whole numbers in 53 bits of a float and 63 of an integer


class PlanProof(StrEnum):
    """How the lower bound of a certificate is proven."""

    NOTHING_TO_CHOOSE = "NOTHING_TO_CHOOSE"  # the included members cover all that can be covered
    SEPARATE_CELLS = "SEPARATE_CELLS"  # no candidate covers two of the cells
    WEIGHTED_CELLS = "WEIGHTED_CELLS"  # no candidate covers cells of more than a certain weight
    EXHAUSTIVE_SEARCH = "EXHAUSTIVE_SEARCH"  # all smaller choices were ruled out


class LowerBound(Struct, frozen=True):
    """A proof that at least `size` candidates are needed.

    `cells` are positions in the plan, each with its weight and its need. `capacity` is what the cells of one candidate weigh at
    most, apart from the `excess` of some; 0 if there are no cells.
    """

    proof: PlanProof
    size: int
    cells: tuple[int, ...] = ()
    weights: tuple[int, ...] = ()
    needs: tuple[int, ...] = ()
    capacity: int = 0
    excess: int = 0


def prove_lower_bound(reduced: ReducedProblem, proposal: CoverProposal) -> LowerBound:
    """Return the best bound that can be proven from a proposal, with the simplest proof."""
    if reduced.problem is None:
        return LowerBound(PlanProof.NOTHING_TO_CHOOSE, 0)
    groups, separate_rows = CandidateGroups(reduced), set(proposal.separate_rows)
    best = _prove(reduced, groups, [int(row in separate_rows) for row in range(len(reduced.cells))], 1)
    for scale in (*SMALL_SCALES, DUAL_SCALE):
        if best.size >= proposal.cover_size:  # no bound is higher than the size of a cover
            break
        bound = _prove(reduced, groups, _round_down(proposal.dual_values, scale), scale)
        best = bound if bound.size > best.size else best  # the first of several, which has the smallest numbers
    if proposal.is_refuted and proposal.cover_size > best.size:
        return LowerBound(PlanProof.EXHAUSTIVE_SEARCH, proposal.cover_size)
    return best


def _round_down(dual_values: Sequence[int], scale: int) -> list[int]:
    """Return the values as multiples of 1 / scale. A value that errors of the solver put just below a multiple counts as that."""
    error = ROUNDING_ERROR if scale < DUAL_SCALE else 0
    return [min((value + error) * scale // DUAL_SCALE, MAX_WEIGHT) for value in dual_values]


class CandidateGroups:
    """The sets of cells that candidates cover, as a matrix of zeros and ones: a line for each set, a column for each cell.

    Lines and columns are those of `group_counts` and `cells` of the problem.
    """

    def __init__(self, reduced: ReducedProblem) -> None:
        width = max(reduced.cells) // 8 + 1
        sets = b"".join(group.to_bytes(width, "little") for group in reduced.group_counts)
        bits = np.unpackbits(np.frombuffer(sets, np.uint8).reshape(-1, width), axis=1, bitorder="little")
        self._cells: Floats = bits[:, list(reduced.cells)].astype(np.float64)
        self._counts: Ints = np.fromiter(reduced.group_counts.values(), np.int64, len(reduced.group_counts))

    def weigh(self, weights: Sequence[int]) -> Ints:
        """Return what the cells of each set weigh together. Each weight is a whole number from 0 to MAX_WEIGHT."""
        loads: Ints = (self._cells @ np.array(weights, np.float64)).astype(np.int64)
        return loads

    def sum_excess(self, loads: Ints, capacity: int) -> int:
        """Return by how much the loads of all candidates exceed the capacity together."""
        return int(np.maximum(loads - capacity, 0) @ self._counts)


def _prove(reduced: ReducedProblem, groups: CandidateGroups, weights: Sequence[int], capacity: int) -> LowerBound:
    """Return what these weights prove. Any weights of at least 0 give a correct bound, since the excess is measured here."""
    assert reduced.problem is not None  # noqa: S101 - checked by the caller
    numbers = [number for number, weight in enumerate(weights) if weight > 0]
    cells = tuple(reduced.cells[number] for number in numbers)
    chosen = tuple(weights[number] for number in numbers)
    needs = tuple(reduced.problem.needs[number] for number in numbers)
    excess = groups.sum_excess(groups.weigh(weights), capacity)
    proof = PlanProof.WEIGHTED_CELLS if excess or capacity > 1 or max(chosen, default=0) > 1 else PlanProof.SEPARATE_CELLS
    total = sum(weight * need for weight, need in zip(chosen, needs, strict=True))
    return LowerBound(proof, max(0, -((excess - total) // capacity)), cells, chosen, needs, capacity, excess)


def bound_complete_cells(reduced: ReducedProblem, proposal: CoverProposal, max_size: int) -> int:
    """Return how many cells `max_size` candidates can complete at most, as far as that is proven."""
    assert reduced.problem is not None  # noqa: S101 - plans without a choice have no bound
    bound, groups = len(reduced.cells), CandidateGroups(reduced)
    for scale in (*SMALL_SCALES, DUAL_SCALE):
        pairs = zip(_round_down(proposal.coverage_dual_values, scale), reduced.problem.needs, strict=True)
        weights = [min(weight, scale // need) for weight, need in pairs]
        capacity = int(groups.weigh(weights).max())
        spared = sum(scale - weight * need for weight, need in zip(weights, reduced.problem.needs, strict=True))
        bound = min(bound, (max_size * capacity + spared) // scale)
    return bound
