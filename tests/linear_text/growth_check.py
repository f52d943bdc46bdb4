"""Check that the time of work grows linearly: doubling the input may at most triple the time."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from types import FrameType
from typing import NoReturn

from tests.linear_text.attacks import Attack

Work = Callable[[str], object]
Prepare = Callable[[], None]  # called before each measurement, such as to clear caches

MAX_GROWTH = 3.0  # of the time for twice the input: linear work doubles, quadratic work quadruples
MIN_SECONDS = 200e-6  # less is within noise; quadratic work on MAX_LENGTH characters takes more
REPEATS = 7  # of a suspicious measurement; the fastest counts
MIN_LENGTH, MAX_LENGTH = 8, 2_048  # characters
MAX_SECONDS = 0.05  # work slower than this gets no longer text
CONFIRMATION_SECONDS = 0.5  # work slower than this is confirmed with shorter texts only
EXPLOSIVE_GROWTH = 20.0  # of the time for twice the input: with a longer text, such work may never end
LIMIT_SECONDS = 10.0  # of CPU time for one text: much more than linear work takes, so work that reaches it is superlinear


class _OutOfTimeError(BaseException):
    """Work on one text reached the limit. No `except Exception` of the work may swallow it."""


def describe_superlinear_growth(
    work: Work, attack: Attack, shortest: int = MIN_LENGTH, prepare: Prepare = lambda: None
) -> str | None:
    """Describe how the time grew if it grew too fast twice in a row or reached the limit, or return None for linear work.

    Sizes double from a few characters, so that even exponential work is detected before it takes long. The CPU time of the thread
    is measured. Suspicious growth is measured again, and the fastest of several runs counts.
    """

    def measure_seconds(text: str) -> float:
        prepare()
        with _limit_cpu_time(text):
            start = time.thread_time()
            work(text)
            return time.thread_time() - start

    try:
        return _find_growth(measure_seconds, attack, shortest)
    except _OutOfTimeError as out_of_time:
        return str(out_of_time)


def _find_growth(measure_seconds: Callable[[str], float], attack: Attack, shortest: int) -> str | None:
    quick, size = measure_seconds(attack(shortest)), shortest
    while size < MAX_LENGTH and quick < MAX_SECONDS:
        slow = measure_seconds(attack(2 * size))
        if slow > MIN_SECONDS and slow > MAX_GROWTH * quick and (growth := _confirm_growth(measure_seconds, attack, size)):
            return growth
        quick, size = slow, 2 * size
    return None


@contextmanager
def _limit_cpu_time(text: str) -> Iterator[None]:
    """Raise _OutOfTimeError once the work on the text has used its CPU time. `re` checks for signals while it matches."""

    def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise _OutOfTimeError(f"{len(text)} characters not finished after {LIMIT_SECONDS:g} s")

    previous = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)


def _confirm_growth(measure_seconds: Callable[[str], float], attack: Attack, size: int) -> str | None:
    """Measure three sizes again, each twice the previous: a single jump may only be a longer text that takes another branch.

    The third size is smaller if a larger one might never end.
    """
    texts = [attack(size), attack(2 * size)]
    quick, slow = _measure_fastest(measure_seconds, texts)
    if slow <= MAX_GROWTH * quick:
        return None
    may_be_longer = slow < CONFIRMATION_SECONDS and slow < EXPLOSIVE_GROWTH * quick
    texts = [*texts, attack(4 * size)] if may_be_longer else [attack(size // 2), *texts]
    fastest = _measure_fastest(measure_seconds, texts)
    if all(slow > MAX_GROWTH * quick for quick, slow in pairwise(fastest)):
        return ", ".join(f"{len(text)} characters {time * 1e3:.3f} ms" for text, time in zip(texts, fastest, strict=True))
    return None


def _measure_fastest(measure_seconds: Callable[[str], float], texts: list[str]) -> list[float]:
    """Measure the texts in turn, so that other programs on the machine slow all of them."""
    runs = [[measure_seconds(text) for text in texts] for _ in range(REPEATS)]
    return [min(times) for times in zip(*runs, strict=True)]
