"""Rule out covers of a size by trying all of them, in integers.

The proof of last resort: used where no set of weights proves the smallest size. The search is cut off after MAX_STEPS steps, so
the result is the same on every machine.
"""

from collections.abc import Sequence

MAX_STEPS = 6_000


class _TooManySteps(Exception):
    """The search was cut off."""


def refute_cover_size(
    needs: Sequence[int], columns: Sequence[Sequence[int]], size: int, weights: Sequence[int], scale: int
) -> bool:
    """Return whether it is certain that no `size` columns, or fewer, give each row as many columns as it needs.

    False if there are such columns, and also if the search was cut off. `weights` of the rows, at least 0, speed up the search: a
    choice is given up if the rows still need more weight than `size` columns have, at `scale` for each and what some columns have
    above that. Any weights give a correct result.
    """
    steps, remaining = _StepCounter(), size
    try:
        for part_needs, part_columns, part_weights in _split(needs, drop_inferior(columns, max(needs)), weights):
            remaining -= _find_smallest_size(_Search(part_needs, part_columns, part_weights, scale, steps), remaining + 1)
            if remaining < 0:
                return True
    except _TooManySteps:
        pass
    return False


class _StepCounter:
    """Counts the steps of all searches for one problem."""

    def __init__(self) -> None:
        self.steps = 0

    def count(self) -> None:
        """Raise _TooManySteps after MAX_STEPS."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise _TooManySteps


def _find_smallest_size(search: "_Search", most: int) -> int:
    """Return the size of the smallest cover, or `most` if it has at least so many columns. Raises _TooManySteps."""
    return next((size for size in range(most) if search.can_cover(size)), most)


def _split(
    needs: Sequence[int], columns: Sequence[tuple[int, ...]], weights: Sequence[int]
) -> list[tuple[list[int], list[list[int]], list[int]]]:
    """Return the parts of a problem that share no column, each as its needs, columns and weights.

    The smallest cover consists of the smallest covers of the parts.
    """
    part_by_row = list(range(len(needs)))
    for column in columns:
        parts = {part_by_row[row] for row in column}
        part_by_row = [min(parts) if part in parts else part for part in part_by_row]
    problems = []
    for part in sorted(set(part_by_row)):
        positions = {row: position for position, row in enumerate(r for r, own in enumerate(part_by_row) if own == part)}
        own_columns = [[positions[row] for row in column] for column in columns if column and column[0] in positions]
        problems.append(([needs[row] for row in positions], own_columns, [weights[row] for row in positions]))
    return problems


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
    """A depth-first search: takes the row with the fewest free columns, and tries each of them in turn.

    Sets of columns are the bits of a number.
    """

    def __init__(
        self,
        needs: Sequence[int],
        columns: Sequence[Sequence[int]],
        weights: Sequence[int],
        scale: int,
        counter: _StepCounter,
    ) -> None:
        self.missing, self.columns, self.weights, self.scale = list(needs), columns, weights, scale
        self.excess = sum(max(0, sum(weights[row] for row in column) - scale) for column in columns)
        self.columns_by_row = [0] * len(needs)
        for number, column in enumerate(columns):
            for row in column:
                self.columns_by_row[row] |= 1 << number
        self.free = (1 << len(columns)) - 1
        self.counter = counter

    def can_cover(self, size: int) -> bool:
        """Return whether `size` free columns can fill what is missing. Raises _TooManySteps."""
        self.counter.count()
        rows = [(row, missing) for row, missing in enumerate(self.missing) if missing > 0]
        if not rows:
            return True
        if sum(self.weights[row] * missing for row, missing in rows) > size * self.scale + self.excess:
            return False
        choices = sorted((self.columns_by_row[row] & self.free, missing) for row, missing in rows)
        choices.sort(key=lambda choice: choice[0].bit_count())
        return self._count_separate(choices) <= size and self._try_columns(choices[0][0], size)

    def _count_separate(self, choices: list[tuple[int, int]]) -> int:
        """Return how many columns are needed for rows that share none: as many as the rows need together."""
        count = covered = 0
        for columns, missing in choices:
            if not columns & covered:
                covered |= columns
                count += missing
        return count

    def _try_columns(self, columns: int, size: int) -> bool:
        """Try each column. After its turn, a column stays out: all covers with it were tried."""
        before, can_cover = self.free, False
        for number in sorted(_list_bits(columns), key=lambda number: -len(self.columns[number])):
            self.free &= ~(1 << number)
            self._fill(number, -1)
            can_cover = self.can_cover(size - 1)
            self._fill(number, 1)
            if can_cover:
                break
        self.free = before
        return can_cover

    def _fill(self, number: int, change: int) -> None:
        for row in self.columns[number]:
            self.missing[row] += change


def _list_bits(bits: int) -> list[int]:
    return [position for position in range(bits.bit_length()) if bits >> position & 1]
