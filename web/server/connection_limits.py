"""How many connections may be open at once: for one client, and in one process.

Each connection takes a file descriptor. When none are left, the event loop closes new connections without a word in the log, so
the process refuses connections itself before that happens. Only the peer's address is known when a connection opens; behind a
reverse proxy that is the proxy's, which is exempt when it is named in DIRECTORY_TRUSTED_PROXIES.
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
RESERVED_FILES = 128  # file descriptors that are not for connections, or an eighth of the limit where that is more
LINGERING_CONNECTIONS = 16  # refused connections, of one client and of all, that stay open for a moment to read why
LOG_INTERVAL_SECONDS = 60.0  # seconds between two lines about the same thing
log = logging.getLogger("directory.web")


class Admission(Enum):
    """What to do with a new connection: serve it, refuse it with a reason, or close it at once."""

    SERVE = auto()
    REFUSE_CLIENT_LIMIT = auto()
    REFUSE_SERVER_FULL = auto()
    CLOSE = auto()


class ConnectionLimits:
    """Counts the open connections of one process.

    `per_client` connections of one IPv4 address or IPv6 subnet (0 for any number), ten times as many of an IPv6 site, and `total`
    of all. Peers in `exempt` count for the total alone. `clock` is monotonic, in seconds.
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
        """Each worker process counts by itself, from nothing."""
        return ConnectionLimits, (self.per_client, self.total, self._exempt_networks)

    def __len__(self) -> int:
        return self._open_count

    def admit(self, peer: str) -> Admission:
        """Count a new connection, whatever is then done with it: each needs a `leave` when it ends."""
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

    def _log_refusal(self, kind: Admission, sentence: str, number: int) -> None:
        """Once a minute for each kind, with how many were refused since the last time; without addresses."""
        logged = self._refusal_logs[kind]
        logged.refused_count += 1
        if self._clock() - logged.last_logged_at >= LOG_INTERVAL_SECONDS:
            log.warning(f"{sentence}. Refused since the last such line: %d", number, logged.refused_count)
            self._refusal_logs[kind] = RefusalLog(self._clock())


class RefusalLog(Struct):
    """When a kind of refusal was logged last, and how many there have been since."""

    last_logged_at: float
    refused_count: int = 0


def open_file_limit() -> int:
    """How many files the process may have open; OPEN_FILES where the system sets no limit."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0] if resource else -1
    return OPEN_FILES_TARGET if soft < 0 else soft


def raise_open_file_limit() -> None:
    """Let the process open as many files as the system allows it, OPEN_FILES at most. Logs a warning where that is few."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES_TARGET if hard == resource.RLIM_INFINITY else min(OPEN_FILES_TARGET, hard)
    if 0 <= soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError) as problem:  # macOS allows less than it says
            log.warning("The limit on open files cannot be raised above %d: %s", soft, problem)
    limit = open_file_limit()
    if limit < LOW_OPEN_FILE_LIMIT:
        log.warning(
            "The limit on open files is %d, so at most %d connections can be open at once. Raise it with LimitNOFILE= in a "
            "systemd unit, or with ulimit -n.",
            limit,
            connection_capacity(limit),
        )


def connection_capacity(open_files: int) -> int:
    """How many connections fit within a limit on open files."""
    return max(1, open_files - max(RESERVED_FILES, open_files // 8))
