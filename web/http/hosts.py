"""Under which names the directory answers, and to pages of which origins.

A page that makes a browser believe its own name leads here could read what a private network's directory says. So a request
whose `Host` is none of ours is refused. Only /healthz and /readyz answer under any: they are asked by machines, by address.
"""

import re
from collections.abc import Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from directory.errors import ErrorCode
from web.http.responses import refusal_response

ANY_HOST = "*"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")
MAX_PORT = 65_535
EXEMPT_PATHS = ("/healthz", "/readyz")
_HOST_NAME = re.compile(r"\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_ORIGIN = re.compile(r"https?://(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::\d{1,5})?")


def parse_host_names(values: Collection[str]) -> tuple[str, ...]:
    """As they are compared; `*` alone allows any. Raises ValueError, which names the one that is no host's name."""
    for name in values:
        if not _HOST_NAME.fullmatch(name.lower()) and list(values) != [ANY_HOST]:
            raise ValueError(f"{name!r} is no host's name, such as directory.example.org; a port does not belong to it")
    return tuple(name.lower() for name in values)


def parse_origins(values: Collection[str]) -> tuple[str, ...]:
    """As browsers send them; `*` alone allows any. Raises ValueError, which names the one that is no origin."""
    for origin in values:
        if not _ORIGIN.fullmatch(origin) and list(values) != [ANY_HOST]:
            raise ValueError(f"{origin!r} is no origin such as https://example.org, in small letters and without a path")
    return tuple(values)


def parse_listen_address(address: str) -> tuple[str, int]:
    """Host and port of an address such as 127.0.0.1:9100 or [::1]:9100. Raises ValueError."""
    host, _, port = address.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or int(port[:6]) > MAX_PORT:
        raise ValueError("it is no address such as 127.0.0.1:9100")
    return host.strip("[]"), int(port)


def allowed_hosts(listen_host: str, configured_hosts: Collection[str]) -> frozenset[str]:
    """Under which names a directory that listens at that address answers: those that are named, else its own and local ones."""
    own = f"[{listen_host}]" if ":" in listen_host else listen_host
    return frozenset(configured_hosts) if configured_hosts else frozenset((own.lower(), *LOCAL_HOSTS))


class AllowedHostsMiddleware:
    """Refuses requests to any other host."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or ANY_HOST in self._hosts or scope["path"] in EXEMPT_PATHS or self._is_allowed(scope):
            await self.app(scope, receive, send)
            return
        sentence = (
            "The directory does not answer under this host name. Whoever runs it allows names with DIRECTORY_ALLOWED_HOSTS."
        )
        await refusal_response(400, ErrorCode.BAD_INPUT, sentence)(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        said = [value for name, value in scope["headers"] if name == b"host"]
        return len(said) == 1 and _strip_port(said[0].decode("latin-1")) in self._hosts


def _strip_port(host: str) -> str:
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdecimal() else host.lower()
