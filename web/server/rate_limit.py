"""What each client may spend in a minute, in points.

A client may begin a request while it has points left. What the answer costs is taken off afterwards, so that a client can go
below nothing once in a minute, by less than the cost of one answer, and no answer is given up for lack of a few points. For an
answer that others need not wait for, what it is expected to cost is held back meanwhile: many asked for at once are no way
around.

A minute begins with a client's first request and is fixed: one number and one end for each client. A moving window would keep
every request of the minute, and its answer to "when can I go on?" would change with each; what the fixed one lets through more
(two allowances around the end of a minute) is bounded, too, and short.

A client is an IPv4 address or an IPv6 subnet of 64 bits. Because one customer can hold a whole IPv6 site of 48 bits, each site
has an account too, with the allowance of several subnets (web/server/client_address.py).

Clients are known by a keyed hash of their address, which is forgotten with its minute. The count is kept in this process, and
with `Exchange` (web/server/shared_rate_limit.py) added up over all processes. Minutes are measured with a monotonic clock: setting the wall clock
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

from directory.errors import ErrorCode
from schema.context import ClientBudget
from web.http.responses import Refusal
from web.server.client_address import Networks, find_client_address, list_counted_networks
from web.server.client_threads import ClientThreads

WINDOW_SECONDS = 60  # seconds
MAX_CLIENTS = 100_000  # whose windows are known at a time, in about 30 MB; with more, the window that ends first is forgotten
REFUSAL_POINTS = 20  # points for a request that was refused before there was a document
NOT_MODIFIED_POINTS = 2  # points for an answer that the client had already
COST_KEY = "directory.cost"  # in the scope of a request, what it cost
P = ParamSpec("P")
T = TypeVar("T")
PARSING_POINTS_KEY = "directory.reading"  # in the scope of a request, the points that parsing its body took, beyond what is usual


class Window(Struct):
    """What one client has spent until `ends` (seconds of `clock`), and what is held back for its answers under way."""

    spent: int
    ends_at: float
    reserved: int = 0


class Windows:
    """The windows of all clients. They stand in the order of their ends, so that those which are over are found at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._windows: dict[bytes, Window] = {}

    def __len__(self) -> int:
        return len(self._windows)

    def find_window(self, key: bytes) -> Window | None:
        """None where the client has spent nothing lately."""
        window = self._windows.get(key)
        return window if window and window.ends_at > self.clock() else None

    def spend(self, key: bytes, points: int) -> Window:
        self._forget_expired()
        window = self.find_window(key)
        if window is None:
            self._windows.pop(key, None)
            if len(self._windows) >= MAX_CLIENTS:
                del self._windows[next(iter(self._windows))]
            window = self._windows[key] = Window(0, self.clock() + WINDOW_SECONDS)
        window.spent += points
        return window

    def correct(self, key: bytes, spent: int, seconds: float) -> None:
        """What all processes together know of a client that this one knows."""
        window = self.find_window(key)
        if window is not None:
            window.spent, window.ends_at = max(spent, window.spent), min(self.clock() + seconds, window.ends_at)

    def _forget_expired(self) -> None:
        now = self.clock()
        while self._windows:
            oldest = next(iter(self._windows))
            if self._windows[oldest].ends_at > now:
                return
            del self._windows[oldest]


def utc_now() -> datetime:
    return datetime.now(UTC)


class RateLimitAccount(NamedTuple):
    """One window that a request is charged to, by its key, and the points it may spend in a minute."""

    key: bytes
    limit: int


class RateLimiter:
    """The accounts of all clients; `points` a minute for each, or 0 for as many as it likes.

    `spent` hears of each expense (key, points). `now` is the wall clock, for telling clients when their minute ends.
    """

    def __init__(
        self,
        points_per_minute: int,
        proxies: Networks,
        hash_key: bytes,
        windows: Windows,
        on_spend: Callable[[bytes, int], None] | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.points_per_minute, self.proxies = points_per_minute, proxies
        self.windows, self._hash_key, self._on_spend, self._now = windows, hash_key, on_spend, now
        self._threads = ClientThreads()

    def check_allowance(self, request: Request) -> ClientBudget | None:
        """What the client has before this request; None where nobody keeps account. Raises Refusal when it has nothing left."""
        if not self.points_per_minute:
            return None
        return min(map(self._compute_allowance, self._find_accounts(request)), key=lambda allowance: allowance.remaining)

    @contextmanager
    def reserve(self, request: Request, points: int) -> Iterator[None]:
        """Holds so many points back until the end of the block. Raises Refusal when the client has nothing left."""
        if self.check_allowance(request) is None:
            yield
            return
        windows = [self.windows.spend(account.key, 0) for account in self._find_accounts(request)]
        for window in windows:
            window.reserved += points
        try:
            yield
        finally:
            for window in windows:
                window.reserved -= points

    def spend(self, request: Request, cost: int) -> None:
        """Takes off what the request cost, and what reading it took."""
        cost += request.scope.get(PARSING_POINTS_KEY, 0)
        request.scope[COST_KEY] = cost
        if not self.points_per_minute:
            return
        for account in self._find_accounts(request):
            self.windows.spend(account.key, cost)
            if self._on_spend:
                self._on_spend(account.key, cost)

    async def run(self, request: Request, work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """What `work` returns or raises, in one of the client's threads."""
        return await self._threads.run(self._find_accounts(request)[0].key, work, *arguments, **options)

    def _compute_allowance(self, account: RateLimitAccount) -> ClientBudget:
        """Raises Refusal when the account has nothing left."""
        window = self.windows.find_window(account.key)
        spent = window.spent + window.reserved if window else 0
        seconds = window.ends_at - self.windows.clock() if window else WINDOW_SECONDS
        if spent >= account.limit:
            raise _build_rate_limit_refusal(account.limit, max(1, math.ceil(seconds)))
        return ClientBudget(account.limit, account.limit - spent, self._now() + timedelta(seconds=seconds))

    def _find_accounts(self, request: Request) -> tuple[RateLimitAccount, ...]:
        """Of the client and, with IPv6, of its site. Addresses are hashed once a request."""
        accounts: tuple[RateLimitAccount, ...] | None = request.scope.get("directory.accounts")
        if accounts is None:
            address = find_client_address(request.scope, self.proxies)
            accounts = tuple(
                RateLimitAccount(self._hash_network(network), self.points_per_minute * share)
                for network, share in list_counted_networks(address)
            )
            request.scope["directory.accounts"] = accounts
        return accounts

    def _hash_network(self, network: str) -> bytes:
        return blake2b(network.encode(), key=self._hash_key, digest_size=16).digest()


def _build_rate_limit_refusal(limit: int, seconds: int) -> Refusal:
    sentence = f"{limit:,} points a minute are the most, and they are spent. Ask again in {seconds} seconds."
    return Refusal(429, ErrorCode.RATE_LIMITED, sentence, {"Retry-After": str(seconds)}, limit=limit, retryAfter=seconds)
