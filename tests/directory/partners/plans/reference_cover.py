"""Cover problems solved by trying everything, and a second check of certificates. For tests."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations

from hypothesis import strategies as st

from directory.partners.plans.highs_models import CoverProblem

MAX_ROWS, MAX_COLUMNS = 6, 9


@st.composite
def cover_problems(draw: st.DrawFn, max_need: int = 3, limited: bool = False) -> CoverProblem:
    """Draw a problem in which every row can get what it needs."""
    is_dense = draw(st.booleans())  # hard problems have many columns that overlap
    rows = draw(st.integers(MAX_ROWS - 1 if is_dense else 1, MAX_ROWS))
    column = st.sets(st.integers(0, rows - 1), min_size=2 if is_dense else 1, max_size=4)
    sets = draw(st.lists(column, min_size=MAX_ROWS if is_dense else 1, max_size=MAX_COLUMNS))
    columns = [tuple(sorted(rows)) for rows in sets]
    columns += [(row,) for row in range(rows) if not any(row in column for column in columns)]
    available = [sum(row in column for column in columns) for row in range(rows)]
    needs = [draw(st.integers(1, min(count, max_need))) for count in available]
    values = st.lists(st.integers(0, 6), min_size=len(columns), max_size=len(columns))
    max_size = draw(st.integers(0, 3)) if limited else None
    return CoverProblem(tuple(needs), tuple(columns), tuple(draw(values)), tuple(draw(values)), max_size)


def count_filled(problem: CoverProblem, chosen: Iterable[int]) -> list[int]:
    counts = [sum(row in problem.columns[number] for number in chosen) for row in range(len(problem.needs))]
    return [min(count, need) for count, need in zip(counts, problem.needs, strict=True)]


def is_cover(problem: CoverProblem, chosen: Iterable[int]) -> bool:
    return count_filled(problem, list(chosen)) == list(problem.needs)


def find_best_covers(problem: CoverProblem) -> list[tuple[int, ...]]:
    """Return the smallest covers with the most points and, among those, the smallest sum of tie numbers."""
    for size in range(len(problem.columns) + 1):
        covers = [chosen for chosen in combinations(range(len(problem.columns)), size) if is_cover(problem, chosen)]
        if covers:
            best = min(rate_cover(problem, chosen) for chosen in covers)
            return [chosen for chosen in covers if rate_cover(problem, chosen) == best]
    raise AssertionError("every row can be covered")


def rate_cover(problem: CoverProblem, chosen: Sequence[int]) -> tuple[int, int, int]:
    """Lower is better."""
    points, tie_numbers = (sum(values[number] for number in chosen) for values in (problem.points, problem.tie_numbers))
    return len(chosen), -points, tie_numbers


def rate_coverage(problem: CoverProblem, chosen: Sequence[int]) -> tuple[int, int]:
    """Return how many rows are complete, and how much of all needs is filled. Higher is better."""
    filled = count_filled(problem, chosen)
    return sum(count == need for count, need in zip(filled, problem.needs, strict=True)), sum(filled)


def find_best_coverage(problem: CoverProblem) -> tuple[int, int]:
    assert problem.max_size is not None
    sizes = range(min(problem.max_size, len(problem.columns)) + 1)
    return max(rate_coverage(problem, chosen) for size in sizes for chosen in combinations(range(len(problem.columns)), size))


def count_greedily(problem: CoverProblem) -> int:
    """Return the size of a cover that always takes the column that fills the most."""
    chosen: list[int] = []
    while not is_cover(problem, chosen):
        others = [number for number in range(len(problem.columns)) if number not in chosen]
        chosen.append(max(others, key=lambda number: sum(count_filled(problem, [*chosen, number]))))
    return len(chosen)


def compute_bound(
    members: Iterable[Iterable[int]], cells: Sequence[int], weights: Sequence[int], needs: Sequence[int], capacity: int
) -> Fraction:
    """Return the bound that these weights prove, as a fraction: independent of certificate.py.

    `members` are the cells of every candidate.
    """
    weight_by_cell = dict(zip(cells, weights, strict=True))
    loads = [sum(weight_by_cell.get(cell, 0) for cell in member) for member in members]
    excess = sum(load - capacity for load in loads if load > capacity)
    return Fraction(sum(weight * need for weight, need in zip(weights, needs, strict=True)) - excess, capacity)
