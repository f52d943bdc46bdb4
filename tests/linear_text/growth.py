"""Measure whether work grows faster than its input: doubling the input may at most triple the time."""

import time
from collections.abc import Callable, Iterator
from itertools import pairwise

Work = Callable[[str], object]
Attack = Callable[[int], str]  # the attacking text of about so many characters

MOST_GROWTH = 3.0  # times as long for twice the input: linear work doubles, quadratic work quadruples
FLOOR = 200e-6  # seconds; what takes less cannot be told from noise, and quadratic work on LONGEST characters takes more
REPEATS = 7  # of a suspicious measurement, of which the fastest counts
SHORTEST, LONGEST = 8, 2_048  # characters
CEILING = 0.05  # seconds; whoever is this slow is not given more


def superlinear(work: Work, attack: Attack, longest: int = LONGEST) -> str | None:
    """How the time grew, where it grew too fast twice in a row; None for work that is linear.

    Sizes double from a few characters on, so that even exponential work is noticed before it takes long. CPU time of the thread
    is measured, and a suspicion is measured again: only the fastest of several runs counts.
    """
    for text, longer in _doubling(attack, longest):
        slow = _seconds(work, longer)
        if slow > FLOOR and slow > MOST_GROWTH * _seconds(work, text):
            growth = _confirmed(work, attack, len(text))
            if growth:
                return growth
        if slow > CEILING:
            return None
    return None


def _doubling(attack: Attack, longest: int) -> Iterator[tuple[str, str]]:
    sizes = [SHORTEST]
    while sizes[-1] < longest:
        sizes.append(sizes[-1] * 2)
    for size, double in pairwise(sizes):
        yield attack(size), attack(double)


def _confirmed(work: Work, attack: Attack, size: int) -> str | None:
    """Measure three sizes anew, each twice the one before; the third only where the second leaves time for it."""
    texts = [attack(size), attack(2 * size)]
    fastest = _fastest(work, texts)
    if fastest[1] <= MOST_GROWTH * fastest[0]:
        return None
    if fastest[1] < CEILING:
        texts.append(attack(4 * size))
        fastest = _fastest(work, texts)
    if all(slow > MOST_GROWTH * quick for quick, slow in pairwise(fastest)):
        return ", ".join(f"{len(text)} characters {seconds * 1e3:.3f} ms" for text, seconds in zip(texts, fastest, strict=True))
    return None


def _fastest(work: Work, texts: list[str]) -> list[float]:
    """The texts in turn, so that whatever else runs on the machine slows all of them."""
    runs = [[_seconds(work, text) for text in texts] for _ in range(REPEATS)]
    return [min(times) for times in zip(*runs, strict=True)]


def _seconds(work: Work, text: str) -> float:
    began = time.thread_time()
    work(text)
    return time.thread_time() - began
