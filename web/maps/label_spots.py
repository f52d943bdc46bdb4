"""Find where a text fits inside an outline, and how large it may be there."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from web.maps.topology import Points

Numbers = NDArray[np.float64]

CHARACTER_WIDTH, TEXT_HEIGHT = 0.6, 0.72  # of a digit of our font, in units of its size; letters are narrower on average
CANDIDATES = 9  # in each direction, in each round
ROUNDS = 3
OVERLAP = 0.9  # a text may touch the border a little
MAX_DIGITS = 4
MIDDLE_WEIGHT = 0.05  # a number stands as far in the middle as it can without losing much room


class LabelSpot(Struct, frozen=True):
    """The middle of a label. `sizes` are the largest font sizes at which one digit, two and more digits fit."""

    x: float
    y: float
    sizes: tuple[float, ...]

    def get_size(self, digits: int) -> float:
        return self.sizes[min(digits, len(self.sizes)) - 1]


def find_label_spot(ring: Points) -> LabelSpot:
    """Return the spot with the most room for a number inside the ring. It is the best of many candidates."""
    low, high = ring.min(axis=0), ring.max(axis=0)
    middle, step = (low + high) / 2, (high - low) / (CANDIDATES + 1)
    best = middle
    for _ in range(ROUNDS):
        candidates = spread_candidates(best, step)
        distances = np.hypot(*(candidates - middle).T)
        best = candidates[np.argmax(measure_clearance(candidates, ring, compute_shape(1.5)) - MIDDLE_WEIGHT * distances)]
        step = step / (CANDIDATES // 2)
    sizes = (float(measure_sizes(best[None], ring, digits)[0]) for digits in range(1, MAX_DIGITS + 1))
    return LabelSpot(float(best[0]), float(best[1]), tuple(sizes))


def spread_candidates(middle: Points, step: Points) -> Points:
    """Return points around a point, at these distances from each other in x and y."""
    offsets = (np.arange(CANDIDATES) - CANDIDATES // 2)[:, None] * step
    return np.stack(np.meshgrid(middle[0] + offsets[:, 0], middle[1] + offsets[:, 1]), axis=-1).reshape(-1, 2)


def measure_sizes(spots: Points, ring: Points, characters: int) -> Numbers:
    """Return for each spot the font size at which a text of this length fits around it, 0 for spots outside the ring."""
    clearance = measure_clearance(spots, ring, compute_shape(characters))
    sizes: Numbers = np.maximum(clearance, 0) * 2 / TEXT_HEIGHT / OVERLAP
    return sizes


def compute_shape(characters: float) -> float:
    """Return the width of a text divided by its height."""
    return characters * CHARACTER_WIDTH / TEXT_HEIGHT


def measure_clearance(points: Points, ring: Points, shape: float = 1.0) -> Numbers:
    """Return for each point half the height of the largest ellipse around it that stays inside the ring.

    `shape` is the ellipse's width divided by its height. Points outside the ring get the distance as a negative number.
    """
    scale = np.array((1 / shape, 1.0))
    ends = ring * scale
    starts, spots = np.concatenate((ends[-1:], ends[:-1])), points * scale
    distances = _measure_distances(spots, starts, ends)
    return np.where(_find_inside(spots, starts, ends), distances, -distances)


def _measure_distances(spots: Points, starts: Points, ends: Points) -> Numbers:
    """Return the distance of each spot to the nearest of the segments."""
    along_x, along_y = (ends - starts).T  # each axis by itself: sums over pairs take several times as long
    to_x, to_y = spots[:, :1] - starts[:, 0], spots[:, 1:] - starts[:, 1]
    lengths = along_x**2 + along_y**2
    shares = np.clip((to_x * along_x + to_y * along_y) / np.where(lengths, lengths, 1), 0, 1)
    distances: Numbers = np.sqrt(((to_x - shares * along_x) ** 2 + (to_y - shares * along_y) ** 2).min(axis=1))
    return distances


def _find_inside(spots: Points, starts: Points, ends: Points) -> NDArray[np.bool_]:
    """Return which spots are inside: a ray to the east crosses the ring an odd number of times."""
    x, y = spots[:, :1], spots[:, 1:]
    crosses = (starts[:, 1] > y) != (ends[:, 1] > y)
    rise = np.where(ends[:, 1] == starts[:, 1], 1, ends[:, 1] - starts[:, 1])
    is_east = x < starts[:, 0] + (y - starts[:, 1]) / rise * (ends[:, 0] - starts[:, 0])
    inside: NDArray[np.bool_] = (crosses & is_east).sum(axis=1) % 2 == 1
    return inside
