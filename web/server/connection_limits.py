"""Limits on open connections, per client and per process.

Each connection takes a file descriptor. When none are left, the event loop closes new connections without logging it, so the
process refuses connections before that happens. When a connection opens, only the peer's address is known. Behind a reverse proxy
this is the proxy's address, which is exempt if it is listed in DIRECTORY_TRUSTED_PROXIES.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from enum import Enum, auto

from msgspec import Struct

from web.server.client_address import Networks, list_counted_networks

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

OPEN_FILES_TARGET = 65_536  # file descriptors that the process asks the system for
LOW_OPEN_FILE_LIMIT = 4_096
RESERVED_FILES = 128  # file descriptors for other purposes; an eighth of the limit if that is more
LINGERING_CONNECTIONS = 16  # refused connections that stay open briefly to read the reason, per client and in total
LOG_INTERVAL_SECONDS = 60.0  # seconds between two lines about the same kind of refusal
log = logging.getLogger("directory.web")


class Admission(Enum):
    """What to do with a new connection: serve it, refuse it with a reason, or close it at once."""

    SERVE = auto()
    REFUSE_CLIENT_LIMIT = auto()
    REFUSE_SERVER_FULL = auto()
    CLOSE = auto()


class ConnectionLimits:
    """Counts the open connections of one process.

    `per_client` is the limit for one IPv4 address or IPv6 subnet (0 for no limit); an IPv6 site may have ten times as many.
    `total` is the limit for all clients. Peers in `exempt_networks` count only for the total. `clock` is monotonic, in seconds.
    """

    def __init__(
        self, per_client: int, total: int, exempt_networks: Networks = (), clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_client, self.total = per_client, total
        self._exempt_networks, self._clock = exempt_networks, clock
        self._open_count = 0
        self._count_by_network: Counter[str] = Counter()
        self._refusal_logs = {admission: RefusalLog(clock() - LOG_INTERVAL_SECONDS) for admission in Admission}

    def __reduce__(self) -> tuple[type["ConnectionLimits"], tuple[int, int, Networks]]:
        """Pickle only the limits: each worker process counts its own connections from 0."""
        return ConnectionLimits, (self.per_client, self.total, self._exempt_networks)

    def __len__(self) -> int:
        return self._open_count

    def admit(self, peer: str) -> Admission:
        """Count a new connection and return what to do with it. Call `release` when it ends, whatever the result."""
        self._open_count += 1
        excess = 0
        for network, share in list_counted_networks(peer, self._exempt_networks):
            self._count_by_network[network] += 1
            excess = max(excess, self._count_by_network[network] - share * self.per_client if self.per_client else 0)
        if self._open_count > self.total:
            self._log_refusal(
                Admission.REFUSE_SERVER_FULL, "All %d connections that the limit on open files allows are in use", self.total
            )
            return Admission.REFUSE_SERVER_FULL if self._open_count <= self.total + LINGERING_CONNECTIONS else Admission.CLOSE
        if excess:
            self._log_refusal(Admission.REFUSE_CLIENT_LIMIT, "A client has more than %d connections open", self.per_client)
            return Admission.REFUSE_CLIENT_LIMIT if excess <= LINGERING_CONNECTIONS else Admission.CLOSE
        return Admission.SERVE

    def release(self, peer: str) -> None:
        self._open_count -= 1
        for network, _ in list_counted_networks(peer, self._exempt_networks):
            self._count_by_network[network] -= 1
            if not self._count_by_network[network]:
                del self._count_by_network[network]

    def _log_refusal(self, kind: Admission, message: str, limit: int) -> None:
        """Log at most once a minute for each kind of refusal, with the number of refusals but without addresses."""
        refusals = self._refusal_logs[kind]
        refusals.refused_count += 1
        if self._clock() - refusals.last_logged_at >= LOG_INTERVAL_SECONDS:
            log.warning(f"{message}. Connections refused since the last such message: %d", limit, refusals.refused_count)
            self._refusal_logs[kind] = RefusalLog(self._clock())


class RefusalLog(Struct):
    """When a kind of refusal was last logged, and how many refusals there have been since."""

    last_logged_at: float
    refused_count: int = 0


def open_file_limit() -> int:
    """Return how many files the process may have open; OPEN_FILES_TARGET if the system sets no limit."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0] if resource else -1
    return OPEN_FILES_TARGET if soft < 0 else soft


def raise_open_file_limit() -> None:
    """Raise the limit on open files to what the system allows, at most OPEN_FILES_TARGET. Logs a warning if that is low."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    target = OPEN_FILES_TARGET if hard == resource.RLIM_INFINITY else min(OPEN_FILES_TARGET, hard)
    if 0 <= soft < target:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))
        except (OSError, ValueError) as error:  # macOS allows less than it reports
            log.warning("The limit on open files cannot be raised above %d: %s", soft, error)
    limit = open_file_limit()
    if limit < LOW_OPEN_FILE_LIMIT:
        log.warning(
            "The limit on open files is %d, so at most %d connections can be open at once. Raise it with LimitNOFILE= in a "
            "systemd unit, or with ulimit -n.",
            limit,
            connection_capacity(limit),
        )


def connection_capacity(open_files: int) -> int:
    """Return how many connections fit within a limit on open files."""
    return max(1, open_files - max(RESERVED_FILES, open_files // 8))
