"""What each client may spend in a minute, in points.

A client may begin a request while it has points left. What the answer costs is taken off afterwards, so that a client can go
below nothing once in a minute, by less than the cost of one answer, and no answer is given up for lack of a few points. For an
answer that others need not wait for, what it is expected to cost is held back meanwhile: many asked for at once are no way
around.

A minute begins with a client's first request and is fixed: one number and one end for each client. A moving window would keep
every request of the minute, and its answer to "when can I go on?" would change with each; what the fixed one lets through more
(two allowances around the end of a minute) is bounded, too, and short.

Clients are known by a keyed hash of their address, which is forgotten with its minute. The count is kept in this process, and
with `Exchange` (web/exchange.py) added up over all processes.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b

from msgspec import Struct
from starlette.requests import Request

from directory.errors import Code
from schema.context import Allowance
from web.clients import Networks, client
from web.reply import Refusal

WINDOW = 60  # seconds
REFUSED = 20  # points for a request that was refused before there was a document
KNOWN = 2  # points for an answer that the client had already
COST = "directory.cost"  # in the scope of a request, what it cost


class Window(Struct):
    """What one client has spent until `ends` (seconds of the clock), and what is held back for its answers under way."""

    spent: int
    ends: float
    held: int = 0


class Windows:
    """The windows of all clients. They stand in the order of their ends, so that those which are over are found at once."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._windows: dict[bytes, Window] = {}

    def __len__(self) -> int:
        return len(self._windows)

    def of(self, key: bytes) -> Window | None:
        """None where the client has spent nothing lately."""
        window = self._windows.get(key)
        return window if window and window.ends > self.clock() else None

    def spend(self, key: bytes, points: int) -> Window:
        self._forget()
        window = self.of(key)
        if window is None:
            self._windows.pop(key, None)
            window = self._windows[key] = Window(0, self.clock() + WINDOW)
        window.spent += points
        return window

    def correct(self, key: bytes, spent: int, seconds: float) -> None:
        """What all processes together know of a client that this one knows."""
        window = self.of(key)
        if window is not None:
            window.spent, window.ends = max(spent, window.spent), min(self.clock() + seconds, window.ends)

    def _forget(self) -> None:
        now = self.clock()
        while self._windows:
            oldest = next(iter(self._windows))
            if self._windows[oldest].ends > now:
                return
            del self._windows[oldest]


class Allowances:
    """The accounts of all clients; `points` a minute for each, or 0 for as many as it likes.

    `spent` hears of each expense (key, points).
    """

    def __init__(
        self,
        points: int,
        proxies: Networks,
        key: bytes,
        windows: Windows,
        spent: Callable[[bytes, int], None] | None = None,
    ) -> None:
        self.points, self.proxies = points, proxies
        self.windows, self._key, self._spent = windows, key, spent

    def left(self, request: Request) -> Allowance | None:
        """What the client has before this request; None where nobody keeps account. Raises Refusal when it has nothing left."""
        if not self.points:
            return None
        allowance = self._allowance(self.windows.of(self._client(request)))
        if allowance.remaining:
            return allowance
        seconds = max(1, math.ceil(allowance.reset_at.timestamp() - self.windows.clock()))
        raise _spent(allowance.limit, seconds)

    @contextmanager
    def held(self, request: Request, points: int) -> Iterator[None]:
        """Holds so many points back until the end of the block. Raises Refusal when the client has nothing left."""
        if self.left(request) is None:
            yield
            return
        window = self.windows.spend(self._client(request), 0)
        window.held += points
        try:
            yield
        finally:
            window.held -= points

    def spend(self, request: Request, cost: int) -> None:
        """Takes off what the request cost."""
        request.scope[COST] = cost
        if not self.points:
            return
        key = self._client(request)
        self.windows.spend(key, cost)
        if self._spent:
            self._spent(key, cost)

    def _allowance(self, window: Window | None) -> Allowance:
        spent, ends = (window.spent + window.held, window.ends) if window else (0, self.windows.clock() + WINDOW)
        return Allowance(self.points, max(0, self.points - spent), datetime.fromtimestamp(ends, UTC))

    def _client(self, request: Request) -> bytes:
        """Hashed once a request."""
        key: bytes | None = request.scope.get("directory.client")
        if key is None:
            address = client(request.scope, self.proxies).encode()
            key = request.scope["directory.client"] = blake2b(address, key=self._key, digest_size=16).digest()
        return key


def _spent(limit: int, seconds: int) -> Refusal:
    sentence = f"{limit:,} points a minute are the most, and they are spent. Ask again in {seconds} seconds."
    return Refusal(429, Code.RATE_LIMITED, sentence, {"Retry-After": str(seconds)}, limit=limit, retryAfter=seconds)
