"""Rule out covers of a size by trying all of them, in integers.

The proof of last resort: used where no set of weights proves the smallest size. The search is cut off after MAX_STEPS steps, so the
result is the same on every machine.
"""

from collections.abc import Sequence

MAX_STEPS = 3_000


class _TooManySteps(Exception):
    """The search was cut off."""


def refute_cover_size(
    needs: Sequence[int], columns: Sequence[Sequence[int]], size: int, weights: Sequence[int], scale: int
) -> bool:
    """Return whether it is certain that no `size` columns, or fewer, give each row as many columns as it needs.

    False if there are such columns, and also if the search was cut off. `weights` of the rows, at least 0, speed up the search: a
    choice is given up if the weights that are still needed exceed what the columns that may still be chosen have at most. Any
    weights give a correct result. `scale` is the usual largest sum of weights of a column.
    """
    if size < 0:
        return True
    return _Search(needs, drop_inferior(columns, max(needs)), weights, scale).refutes(size)


def drop_inferior(columns: Sequence[Sequence[int]], most_needed: int) -> list[tuple[int, ...]]:
    """Return the columns without those that `most_needed` others can replace, as they have all its rows.

    The size of the smallest cover stays the same: see cover_problem.py.
    """
    remaining: list[tuple[int, int]] = []
    for number, column in sorted(enumerate(columns), key=lambda item: -len(item[1])):
        mask = sum(1 << row for row in column)
        if sum(other & mask == mask for other, _ in remaining) < most_needed:
            remaining.append((mask, number))
    return [tuple(columns[number]) for _, number in sorted(remaining, key=lambda item: item[1])]


class _Search:
    """A depth-first search: takes the row with the fewest free columns, and tries each of them in turn."""

    def __init__(self, needs: Sequence[int], columns: Sequence[Sequence[int]], weights: Sequence[int], scale: int) -> None:
        self.missing, self.columns, self.weights = list(needs), columns, weights
        self.scale = scale
        self.excess = sum(max(0, sum(weights[row] for row in column) - scale) for column in columns)
        self.columns_by_row: list[list[int]] = [[] for _ in needs]
        for number, column in enumerate(columns):
            for row in column:
                self.columns_by_row[row].append(number)
        self.is_free = [True] * len(columns)
        self.steps = 0

    def refutes(self, size: int) -> bool:
        try:
            return not self._can_cover(size)
        except _TooManySteps:
            return False

    def _can_cover(self, size: int) -> bool:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise _TooManySteps
        rows = [row for row, missing in enumerate(self.missing) if missing > 0]
        if not rows:
            return True
        needed = sum(self.weights[row] * self.missing[row] for row in rows)
        if needed > size * self.scale + self.excess or max(self.missing[row] for row in rows) > size:
            return False
        choices = min(([n for n in self.columns_by_row[row] if self.is_free[n]] for row in rows), key=len)
        return self._try_choices(choices, size)

    def _try_choices(self, choices: list[int], size: int) -> bool:
        """Try each column. After its turn, a column stays out: all covers with it were tried."""
        tried = []
        for number in choices:
            self.is_free[number] = False
            tried.append(number)
            self._fill(number, -1)
            can_cover = self._can_cover(size - 1)
            self._fill(number, 1)
            if can_cover:
                break
        else:
            can_cover = False
        for number in tried:
            self.is_free[number] = True
        return can_cover

    def _fill(self, number: int, change: int) -> None:
        for row in self.columns[number]:
            self.missing[row] += change
