"""Rate limits: how many points each client may spend per minute.

A client may send a request while it has points left. The cost of the answer is deducted afterwards, so once a minute a client can
overspend by less than the cost of one answer, and no answer is abandoned for lack of a few points. Sending many requests at once
does not get around the limit: while one runs in a thread, its estimated cost is reserved, and one that has waited for a thread is
refused if the points have been spent by then.

The window is fixed: it starts with a client's first request and ends a minute later. A moving window would have to store every
request of the last minute, and the time of the next reset would change with each request. The price of the simpler rule is that
up to two budgets can be spent around the end of a window.

A client is an IPv4 address or a 64-bit IPv6 subnet. As one customer can hold a 48-bit IPv6 site, each site also has an account,
with the budget of several subnets (web/server/client_address.py).

Clients are identified by a keyed hash of their address, which is forgotten when its window has ended and its connections are
closed. The counts are held in this process; `SharedRateLimit` (web/server/shared_rate_limit.py) adds them up over all processes.
Windows use a monotonic clock, so setting the wall clock does not lengthen them.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2b
from typing import NamedTuple, ParamSpec, TypeVar

from msgspec import Struct
from starlette.types import Scope

from directory.errors import ErrorCode
from schema.context import ClientBudget
from web.http.responses import Refusal
from web.server.client_address import Networks, find_client_address, list_counted_networks
from web.server.client_threads import ClientThreads
from web.server.clock import utc_now

WINDOW_SECONDS = 60
MAX_CLIENTS = 100_000  # windows stored at a time, in about 30 MB; beyond that, the window that ends first is dropped
REFUSAL_POINTS = 20  # points for a request that is refused before its document is known
NOT_MODIFIED_POINTS = 2  # points for an answer that the client already has
# Keys in the scope of a request
COST_KEY = "directory.cost"  # the points it cost
PARSING_POINTS_KEY = "directory.parsing_points"  # points for parsing, if more than is included in the price
ACCOUNTS_KEY = "directory.accounts"  # the accounts it is charged to
CONNECTION_KEY = "directory.connection"  # a dictionary that lives as long as the connection and may hold the accounts

P = ParamSpec("P")
T = TypeVar("T")


class Window(Struct):
    """The points that one client has spent in a window, and those reserved for its running requests.

    `ends_at` is in seconds of the clock of `Windows`. `reset_at` is the same moment by the wall clock, None until it is needed.
    """

    spent_points: int
    ends_at: float
    reserved_points: int = 0
    reset_at: datetime | None = None


class Windows:
    """The windows of all clients, ordered by their ends so that expired ones are found quickly."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._windows: dict[bytes, Window] = {}

    def __len__(self) -> int:
        return len(self._windows)

    def find_window(self, key: bytes) -> Window | None:
        """Return the client's current window; None if there is none."""
        window = self._windows.get(key)
        return window if window and window.ends_at > self.clock() else None

    def spend(self, key: bytes, points: int) -> Window:
        """Add points to the client's window, and start one if there is none."""
        now = self.clock()
        self._forget_expired(now)
        window = self._windows.get(key)
        if window is None or window.ends_at <= now:
            self._windows.pop(key, None)
            if len(self._windows) >= MAX_CLIENTS:
                del self._windows[next(iter(self._windows))]
            window = self._windows[key] = Window(0, now + WINDOW_SECONDS)
        window.spent_points += points
        return window

    def correct(self, key: bytes, spent: int, seconds: float) -> None:
        """Take over the totals of all processes for a client that this process knows.

        `seconds` is the time left in the shared window. Points are never given back, and the window is never extended.
        """
        window = self.find_window(key)
        if window is not None:
            window.spent_points, window.ends_at = max(spent, window.spent_points), min(self.clock() + seconds, window.ends_at)
            window.reset_at = None

    def _forget_expired(self, now: float) -> None:
        while self._windows:
            oldest = next(iter(self._windows))
            if self._windows[oldest].ends_at > now:
                return
            del self._windows[oldest]


class RateLimitAccount(NamedTuple):
    """The key of a window that a request is charged to, and the points that it may spend per minute."""

    key: bytes
    limit: int


class RateLimiter:
    """Charges requests to the accounts of their clients.

    `points_per_minute` is the budget of each client; 0 means no limit. `on_spend` is called with key and points for each charge.
    `now` is the wall clock, used to report when a window ends.
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

    def check_allowance(self, scope: Scope) -> ClientBudget | None:
        """Return the client's budget before this request; None if there is no limit. Raises Refusal if no points are left."""
        if not self.points_per_minute:
            return None
        accounts = self._find_accounts(scope)
        if len(accounts) == 1:
            return self._compute_budget(accounts[0])
        return min(map(self._compute_budget, accounts), key=lambda budget: budget.remaining)

    @contextmanager
    def reserve(self, scope: Scope, points: int) -> Iterator[None]:
        """Reserve points until the end of the block. Raises Refusal if the client has no points left."""
        if self.check_allowance(scope) is None:
            yield
            return
        windows = [self.windows.spend(account.key, 0) for account in self._find_accounts(scope)]
        for window in windows:
            window.reserved_points += points
        try:
            yield
        finally:
            for window in windows:
                window.reserved_points -= points

    def spend(self, scope: Scope, cost: int) -> None:
        """Charge the cost of the request and of parsing it."""
        cost += scope.get(PARSING_POINTS_KEY, 0)
        scope[COST_KEY] = cost
        if not self.points_per_minute:
            return
        for account in self._find_accounts(scope):
            self.windows.spend(account.key, cost)
            if self._on_spend:
                self._on_spend(account.key, cost)

    async def run(self, scope: Scope, work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """Return what `work` returns, called in one of the client's threads.

        Raises Refusal if the client's other requests have spent its points while this one waited for a thread.
        """
        key = self._find_accounts(scope)[0].key
        return await self._threads.run(key, partial(self._check_spent, scope), partial(work, *arguments, **options))

    def _check_spent(self, scope: Scope) -> None:
        """Raise Refusal if no points are left, not counting those that are reserved: for this request too."""
        if not self.points_per_minute:
            return
        for account in self._find_accounts(scope):
            window = self.windows.find_window(account.key)
            if window and window.spent_points >= account.limit:
                raise self._refuse(account, window)

    def _compute_budget(self, account: RateLimitAccount) -> ClientBudget:
        """Return the account's budget. Raises Refusal if no points are left."""
        window = self.windows.find_window(account.key)
        if window is None:
            return ClientBudget(account.limit, account.limit, self._now() + timedelta(seconds=WINDOW_SECONDS))
        spent = window.spent_points + window.reserved_points
        if spent >= account.limit:
            raise self._refuse(account, window)
        if window.reset_at is None:
            window.reset_at = self._now() + timedelta(seconds=window.ends_at - self.windows.clock())
        return ClientBudget(account.limit, account.limit - spent, window.reset_at)

    def _refuse(self, account: RateLimitAccount, window: Window) -> Refusal:
        return _build_rate_limit_refusal(account.limit, max(1, math.ceil(window.ends_at - self.windows.clock())))

    def _find_accounts(self, scope: Scope) -> tuple[RateLimitAccount, ...]:
        """Return the client's account and, for IPv6, that of its site.

        An address is hashed once per connection; behind a proxy, which sends requests of many clients, once per request.
        """
        holder = scope if self.proxies else scope.get(CONNECTION_KEY, scope)
        accounts: tuple[RateLimitAccount, ...] | None = holder.get(ACCOUNTS_KEY)
        if accounts is None:
            address = find_client_address(scope, self.proxies)
            accounts = tuple(
                RateLimitAccount(self._hash_network(network), self.points_per_minute * share)
                for network, share in list_counted_networks(address)
            )
            holder[ACCOUNTS_KEY] = accounts
        return accounts

    def _hash_network(self, network: str) -> bytes:
        return blake2b(network.encode(), key=self._hash_key, digest_size=16).digest()


def _build_rate_limit_refusal(limit: int, seconds: int) -> Refusal:
    message = f"You have spent your {limit:,} points for this minute. Try again in {seconds} seconds."
    return Refusal(429, ErrorCode.RATE_LIMITED, message, {"Retry-After": str(seconds)}, limit=limit, retryAfter=seconds)
