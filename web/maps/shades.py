"""Classes of counts for maps and tables: five shades besides none, with limits that suit the counts."""

from bisect import bisect_right
from collections.abc import Iterable

from msgspec import Struct

# The smallest counts of the five shades. Larger networks use larger ones.
LIMITS = (
    (1, 2, 3, 5, 7),
    (1, 3, 6, 10, 20),
    (1, 5, 10, 25, 50),
    (1, 10, 25, 50, 100),
    (1, 25, 50, 100, 250),
    (1, 50, 100, 250, 500),
    (1, 100, 250, 500, 1000),
    (1, 500, 1000, 2500, 5000),
)
DARKEST = 1.2  # limits are used if the largest count is at least this many times the last of them


class Shade(Struct, frozen=True):
    """`name` is the class in the stylesheet, "s0" to "s5". `last` is None for the darkest shade, which has no upper limit."""

    name: str
    first: int
    last: int | None


class Shades(Struct, frozen=True):
    """The classes of one map, lightest first. `limits` are the smallest counts of all but the first, which is none at all."""

    limits: tuple[int, ...]

    @classmethod
    def choose(cls, counts: Iterable[int]) -> "Shades":
        """Return the classes for the counts of all areas of a map.

        If all have at least 10, because 10 organizations serve the whole state, the lightest shade goes up to 10.
        """
        numbers = list(counts) or [0]
        base = max(0, min(numbers) - 1)
        suitable = [limits for limits in LIMITS if max(numbers) - base >= limits[-1] * DARKEST] or [LIMITS[0]]
        return cls((1, *(base + limit for limit in suitable[-1][1:])))

    def find_name(self, count: int) -> str:
        return f"s{bisect_right(self.limits, count)}"

    def list_classes(self) -> list[Shade]:
        lasts = [*(limit - 1 for limit in self.limits), None]
        return [Shade(f"s{place}", first, last) for place, (first, last) in enumerate(zip((0, *self.limits), lasts, strict=True))]
