"""What each client may spend in a minute, in points.

A client may begin a request while it has points left. What the answer costs is taken off afterwards, so that a client can go
below nothing once in a minute, by less than the cost of one answer, and no answer is given up for lack of a few points. For an
answer that others need not wait for, what it is expected to cost is held back meanwhile: many asked for at once are no way
around.

A minute begins with a client's first request and is fixed: one number and one end for each client. A moving window would keep
every request of the minute, and its answer to "when can I go on?" would change with each; what the fixed one lets through more
(two allowances around the end of a minute) is bounded, too, and short.

A client is an IPv4 address or an IPv6 subnet of 64 bits. Because one customer can hold a whole IPv6 site of 48 bits, each site
has an account too, with the allowance of several subnets (web/clients.py).

Clients are known by a keyed hash of their address, which is forgotten with its minute. The count is kept in this process, and
with `Exchange` (web/exchange.py) added up over all processes. Minutes are measured with a monotonic clock: setting the wall clock
makes nobody wait.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple, ParamSpec, TypeVar

from msgspec import Struct
from starlette.requests import Request

from directory.errors import Code
from schema.context import Allowance
from web.clients import Networks, client, shares
from web.reply import Refusal
from web.threads import ClientThreads

WINDOW = 60  # seconds
MOST_CLIENTS = 100_000  # whose windows are known at a time, in about 30 MB; with more, the window that ends first is forgotten
REFUSED = 20  # points for a request that was refused before there was a document
KNOWN = 2  # points for an answer that the client had already
COST = "directory.cost"  # in the scope of a request, what it cost
P = ParamSpec("P")
T = TypeVar("T")
READING = "directory.reading"  # in the scope of a request, the points that parsing its body took, beyond what is usual


class Window(Struct):
    """What one client has spent until `ends` (seconds of `clock`), and what is held back for its answers under way."""

    spent: int
    ends: float
    held: int = 0


class Windows:
    """The windows of all clients. They stand in the order of their ends, so that those which are over are found at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
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
            if len(self._windows) >= MOST_CLIENTS:
                del self._windows[next(iter(self._windows))]
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


def utc_now() -> datetime:
    return datetime.now(UTC)


class Account(NamedTuple):
    """One window that a request is charged to, by its key, and the points it may spend in a minute."""

    key: bytes
    limit: int


class Allowances:
    """The accounts of all clients; `points` a minute for each, or 0 for as many as it likes.

    `spent` hears of each expense (key, points). `now` is the wall clock, for telling clients when their minute ends.
    """

    def __init__(
        self,
        points: int,
        proxies: Networks,
        key: bytes,
        windows: Windows,
        spent: Callable[[bytes, int], None] | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.points, self.proxies = points, proxies
        self.windows, self._key, self._spent, self._now = windows, key, spent, now
        self._threads = ClientThreads()

    def left(self, request: Request) -> Allowance | None:
        """What the client has before this request; None where nobody keeps account. Raises Refusal when it has nothing left."""
        if not self.points:
            return None
        return min(map(self._allowance, self._accounts(request)), key=lambda allowance: allowance.remaining)

    @contextmanager
    def held(self, request: Request, points: int) -> Iterator[None]:
        """Holds so many points back until the end of the block. Raises Refusal when the client has nothing left."""
        if self.left(request) is None:
            yield
            return
        windows = [self.windows.spend(account.key, 0) for account in self._accounts(request)]
        for window in windows:
            window.held += points
        try:
            yield
        finally:
            for window in windows:
                window.held -= points

    def spend(self, request: Request, cost: int) -> None:
        """Takes off what the request cost, and what reading it took."""
        cost += request.scope.get(READING, 0)
        request.scope[COST] = cost
        if not self.points:
            return
        for account in self._accounts(request):
            self.windows.spend(account.key, cost)
            if self._spent:
                self._spent(account.key, cost)

    async def run(self, request: Request, work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """What `work` returns or raises, in one of the client's threads."""
        return await self._threads.run(self._accounts(request)[0].key, work, *arguments, **options)

    def _allowance(self, account: Account) -> Allowance:
        """Raises Refusal when the account has nothing left."""
        window = self.windows.of(account.key)
        spent = window.spent + window.held if window else 0
        seconds = window.ends - self.windows.clock() if window else WINDOW
        if spent >= account.limit:
            raise _exhausted(account.limit, max(1, math.ceil(seconds)))
        return Allowance(account.limit, account.limit - spent, self._now() + timedelta(seconds=seconds))

    def _accounts(self, request: Request) -> tuple[Account, ...]:
        """Of the client and, with IPv6, of its site. Addresses are hashed once a request."""
        accounts: tuple[Account, ...] | None = request.scope.get("directory.accounts")
        if accounts is None:
            address = client(request.scope, self.proxies)
            accounts = tuple(Account(self._hash(network), self.points * share) for network, share in shares(address))
            request.scope["directory.accounts"] = accounts
        return accounts

    def _hash(self, network: str) -> bytes:
        return blake2b(network.encode(), key=self._key, digest_size=16).digest()


def _exhausted(limit: int, seconds: int) -> Refusal:
    sentence = f"{limit:,} points a minute are the most, and they are spent. Ask again in {seconds} seconds."
    return Refusal(429, Code.RATE_LIMITED, sentence, {"Retry-After": str(seconds)}, limit=limit, retryAfter=seconds)
