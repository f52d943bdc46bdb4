"""Long work that makes much and leaves no garbage, undisturbed by the garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without the collector's walks over all that the process holds: of what is read to be kept, or written, nothing is garbage.

    The switch is the whole process's. Other threads lose nothing by it but that circles are freed some seconds later; whoever
    finds the collector off leaves it so, so that of several at once the first one to come switches it on again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
