"""Measure whether work grows faster than its input: doubling the input may at most triple the time."""

import time
from collections.abc import Callable
from itertools import pairwise

from tests.linear_text.attacks import Attack

Work = Callable[[str], object]
Prepare = Callable[[], None]  # called before each measurement, such as to clear caches

MAX_GROWTH = 3.0  # times as long for twice the input: linear work doubles, quadratic work quadruples
MIN_SECONDS = 200e-6  # seconds; what takes less cannot be told from noise, and quadratic work on LONGEST characters takes more
REPEATS = 7  # of a suspicious measurement, of which the fastest counts
MIN_LENGTH, MAX_LENGTH = 8, 2_048  # characters
MAX_SECONDS = 0.05  # seconds; what is this slow is not given a longer text
CONFIRMATION_SECONDS = 0.5  # seconds; what is this slow is confirmed by shorter texts only
EXPLOSIVE_GROWTH = 20.0  # times as long for twice the input: work that grows so fast may never end for a longer one


def describe_superlinear_growth(
    work: Work, attack: Attack, shortest: int = MIN_LENGTH, prepare: Prepare = lambda: None
) -> str | None:
    """How the time grew, where it grew too fast twice in a row; None for work that is linear.

    Sizes double from a few characters on, so that even exponential work is noticed before it takes long. CPU time of the thread
    is measured, and a suspicion is measured again: only the fastest of several runs counts.
    """

    def seconds(text: str) -> float:
        prepare()
        began = time.thread_time()
        work(text)
        return time.thread_time() - began

    quick, size = seconds(attack(shortest)), shortest
    while size < MAX_LENGTH and quick < MAX_SECONDS:
        slow = seconds(attack(2 * size))
        if slow > MIN_SECONDS and slow > MAX_GROWTH * quick and (growth := _confirm_growth(seconds, attack, size)):
            return growth
        quick, size = slow, 2 * size
    return None


def _confirm_growth(seconds: Callable[[str], float], attack: Attack, size: int) -> str | None:
    """Measure three sizes anew, each twice the one before: a single jump may be a longer text taking another, slower way.

    The third size is a smaller one where a larger one might never end.
    """
    texts = [attack(size), attack(2 * size)]
    quick, slow = _measure_fastest(seconds, texts)
    if slow <= MAX_GROWTH * quick:
        return None
    may_be_longer = slow < CONFIRMATION_SECONDS and slow < EXPLOSIVE_GROWTH * quick
    texts = [*texts, attack(4 * size)] if may_be_longer else [attack(size // 2), *texts]
    fastest = _measure_fastest(seconds, texts)
    if all(slow > MAX_GROWTH * quick for quick, slow in pairwise(fastest)):
        return ", ".join(f"{len(text)} characters {time * 1e3:.3f} ms" for text, time in zip(texts, fastest, strict=True))
    return None


def _measure_fastest(seconds: Callable[[str], float], texts: list[str]) -> list[float]:
    """The texts in turn, so that whatever else runs on the machine slows all of them."""
    runs = [[seconds(text) for text in texts] for _ in range(REPEATS)]
    return [min(times) for times in zip(*runs, strict=True)]
