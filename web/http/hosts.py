"""Allowed host names and origins, and the addresses of servers.

Requests with any other `Host` header are refused, which prevents DNS rebinding: otherwise, a web page that points its own name at
this server could read the directory of a private network. /healthz and /readyz accept any host, as monitors use IP addresses.
"""

import re
from collections.abc import Collection

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from directory.errors import ErrorCode
from web.http.responses import refusal_response

ANY_HOST = "*"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
MAX_PORT = 65_535
MAX_KNOWN_HEADERS = 100  # of clients that are remembered, each of at most MAX_KNOWN_LENGTH bytes
MAX_KNOWN_LENGTH = 300
EXEMPT_PATHS = ("/healthz", "/readyz")
_HOST_NAME = re.compile(r"\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_ORIGIN = re.compile(r"https?://(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::\d{1,5})?")


def parse_host_names(values: Collection[str]) -> tuple[str, ...]:
    """Return the host names in lower case. A single `*` allows any host. Raises ValueError, naming the invalid one."""
    for name in values:
        if not _HOST_NAME.fullmatch(name.lower()) and list(values) != [ANY_HOST]:
            raise ValueError(f"{name!r} is not a host name such as directory.example.org, without a port")
    return tuple(name.lower() for name in values)


def parse_origins(values: Collection[str]) -> tuple[str, ...]:
    """Return the origins as browsers send them. A single `*` allows any origin. Raises ValueError, naming the invalid one."""
    for origin in values:
        if not _ORIGIN.fullmatch(origin) and list(values) != [ANY_HOST]:
            raise ValueError(f"{origin!r} is not an origin such as https://example.org, in lower case and without a path")
    return tuple(values)


def parse_listen_address(address: str) -> tuple[str, int]:
    """Return host and port of an address such as 127.0.0.1:9100 or [::1]:9100. Raises ValueError."""
    host, _, port = address.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or int(port[:6]) > MAX_PORT:
        raise ValueError("it is not an address such as 127.0.0.1:9100")
    return host.strip("[]"), int(port)


def allowed_hosts(listen_host: str, configured_hosts: Collection[str]) -> frozenset[str]:
    """Return the configured hosts; without any, the host that the server listens on and the local names."""
    return frozenset(configured_hosts) if configured_hosts else frozenset((format_host(listen_host).lower(), *LOCAL_HOSTS))


def format_host(host: str) -> str:
    """Return the host as it appears in a URL: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def public_base_url(request: Request) -> URL:
    """Return the address of the directory as browsers know it, which is HTTPS if the settings say so."""
    return request.base_url.replace(scheme="https") if request.app.state.https else request.base_url


class AllowedHosts:
    """The host names that requests may be addressed to. Recognizes their `Host` headers, with or without a port."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)
        self._known_headers: set[bytes] = set()  # allowed, and not long

    @property
    def is_any(self) -> bool:
        return ANY_HOST in self._names

    def is_allowed(self, header: bytes) -> bool:
        return header in self._known_headers or self.is_any or self._check(header)

    def _check(self, header: bytes) -> bool:
        is_allowed = _strip_port(header.decode("latin-1")) in self._names
        if is_allowed and len(header) <= MAX_KNOWN_LENGTH and len(self._known_headers) < MAX_KNOWN_HEADERS:
            self._known_headers.add(header)
        return is_allowed


class AllowedHostsMiddleware:
    """Refuse requests to any host that is not allowed."""

    def __init__(self, app: ASGIApp, hosts: AllowedHosts) -> None:
        self.app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._hosts.is_any or scope["path"] in EXEMPT_PATHS or self._is_allowed(scope):
            await self.app(scope, receive, send)
            return
        message = "This host name is not allowed. The operator can allow it with DIRECTORY_ALLOWED_HOSTS."
        await refusal_response(400, ErrorCode.BAD_INPUT, message)(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        values = [value for name, value in scope["headers"] if name == b"host"]
        return len(values) == 1 and self._hosts.is_allowed(values[0])


def _strip_port(host: str) -> str:
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdecimal() else host.lower()
