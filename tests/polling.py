"""Poll another process that offers no event and writes no log line to wait for.

Other tests wait for an event, a condition or a log line, with a timeout. tests/test_house.py forbids any other sleep.
"""

import time
from collections.abc import Callable

POLL_INTERVAL_SECONDS = 0.02


def poll_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Return whether the condition became true in time. It is checked once more at the end."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(POLL_INTERVAL_SECONDS)
    return condition()
