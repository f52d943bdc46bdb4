"""Keep the garbage collector away from bulk work, and from what it leaves behind.

Python collects after a number of allocations, and looks at more objects the more there are. Building snapshots allocates a
million objects and makes no garbage.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY_OBJECTS = 100_000  # a collection of as many takes some 10 ms


@contextmanager
def gc_paused() -> Iterator[None]:
    """Pause garbage collection during bulk work that allocates a lot and frees little: collecting takes a quarter of its time.

    If very much was allocated, the collector never looks at it: a collection during a request would take longer than the request
    may. Snapshots contain no cycles, so counting references is enough to free them. Otherwise the youngest objects are collected.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if gc.get_count()[0] > MANY_OBJECTS:
                gc.freeze()
            else:
                gc.collect(0)
            gc.enable()
