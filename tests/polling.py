"""Ask a separate process again until it has what it should have, where it offers no event and writes no log line to wait for.

Elsewhere a test waits for an event, a condition or a line of a log, with a timeout. tests/test_house.py refuses any other sleep.
"""

import time
from collections.abc import Callable

POLL_INTERVAL_SECONDS = 0.02


def poll_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether it held in time; asked once more at the end."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(POLL_INTERVAL_SECONDS)
    return condition()
