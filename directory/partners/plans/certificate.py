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

from msgspec import Struct

from directory.partners.plans.cover_problem import ReducedProblem
from directory.partners.plans.cover_solver import DUAL_SCALE, CoverProposal

SMALL_SCALES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 24, 60, 120)  # tried before DUAL_SCALE, because people can follow small numbers

ROUNDING_ERROR = 100  # in units of 1 / DUAL_SCALE


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
    separate = [int(row in set(proposal.separate_rows)) for row in range(len(reduced.cells))]
    bounds = [_prove(reduced, separate, 1)]
    bounds += [_prove(reduced, _round_down(proposal.dual_values, scale), scale) for scale in (*SMALL_SCALES, DUAL_SCALE)]
    best = max(bounds, key=lambda bound: bound.size)  # the first of several, which has the smallest numbers
    if proposal.is_refuted and proposal.cover_size > best.size:
        return LowerBound(PlanProof.EXHAUSTIVE_SEARCH, proposal.cover_size)
    return best


def _round_down(dual_values: Sequence[int], scale: int) -> list[int]:
    """Return the values as multiples of 1 / scale. A value that errors of the solver put just below a multiple counts as that."""
    error = ROUNDING_ERROR if scale < DUAL_SCALE else 0
    return [(value + error) * scale // DUAL_SCALE for value in dual_values]


def _prove(reduced: ReducedProblem, weights: Sequence[int], capacity: int) -> LowerBound:
    """Return what these weights prove. Any weights of at least 0 give a correct bound, since the excess is measured here."""
    assert reduced.problem is not None  # noqa: S101 - checked by the caller
    numbers = [number for number, weight in enumerate(weights) if weight > 0]
    cells = tuple(reduced.cells[number] for number in numbers)
    chosen = tuple(weights[number] for number in numbers)
    needs = tuple(reduced.problem.needs[number] for number in numbers)
    loads = weigh_groups(reduced, cells, chosen)
    excess = sum(max(0, load - capacity) * reduced.group_counts[group] for group, load in loads.items())
    proof = PlanProof.WEIGHTED_CELLS if excess or capacity > 1 or max(chosen, default=0) > 1 else PlanProof.SEPARATE_CELLS
    total = sum(weight * need for weight, need in zip(chosen, needs, strict=True))
    return LowerBound(proof, max(0, -((excess - total) // capacity)), cells, chosen, needs, capacity, excess)


def weigh_groups(reduced: ReducedProblem, cells: Sequence[int], weights: Sequence[int]) -> dict[int, int]:
    """Return what the cells of the candidates of each group weigh together."""
    masks = [(1 << cell, weight) for cell, weight in zip(cells, weights, strict=True)]
    return {group: sum(weight for mask, weight in masks if group & mask) for group in reduced.group_counts}


def bound_complete_cells(reduced: ReducedProblem, proposal: CoverProposal, max_size: int) -> int:
    """Return how many cells `max_size` candidates can complete at most, as far as that is proven."""
    assert reduced.problem is not None  # noqa: S101 - plans without a choice have no bound
    bound = len(reduced.cells)
    for scale in (*SMALL_SCALES, DUAL_SCALE):
        pairs = zip(_round_down(proposal.coverage_dual_values, scale), reduced.problem.needs, strict=True)
        weights = [min(weight, scale // need) for weight, need in pairs]
        capacity = max(weigh_groups(reduced, reduced.cells, weights).values())
        spared = sum(scale - weight * need for weight, need in zip(weights, reduced.problem.needs, strict=True))
        bound = min(bound, (max_size * capacity + spared) // scale)
    return bound
