"""Under which names the directory answers, and to pages of which origins.

A page that makes a browser believe its own name leads here could read what a private network's directory says. So a request
whose `Host` is none of ours is refused. Only /healthz and /readyz answer under any: they are asked by machines, by address.
"""

import re
from collections.abc import Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from directory.errors import Code
from web.reply import refusal

ANY = "*"
LOCAL = ("localhost", "127.0.0.1", "[::1]")
MOST_PORTS = 65_535
ASKED_BY_ADDRESS = ("/healthz", "/readyz")
_NAME = re.compile(r"\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_ORIGIN = re.compile(r"https?://(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::\d{1,5})?")


def names(listed: Collection[str]) -> tuple[str, ...]:
    """As they are compared; `*` alone allows any. Raises ValueError, which names the one that is no host's name."""
    for name in listed:
        if not _NAME.fullmatch(name.lower()) and list(listed) != [ANY]:
            raise ValueError(f"{name!r} is no host's name, such as directory.example.org; a port does not belong to it")
    return tuple(name.lower() for name in listed)


def origins(listed: Collection[str]) -> tuple[str, ...]:
    """As browsers send them; `*` alone allows any. Raises ValueError, which names the one that is no origin."""
    for origin in listed:
        if not _ORIGIN.fullmatch(origin) and list(listed) != [ANY]:
            raise ValueError(f"{origin!r} is no origin such as https://example.org, in small letters and without a path")
    return tuple(listed)


def listening(address: str) -> tuple[str, int]:
    """Host and port of an address such as 127.0.0.1:9100 or [::1]:9100. Raises ValueError."""
    host, _, port = address.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or int(port[:6]) > MOST_PORTS:
        raise ValueError("it is no address such as 127.0.0.1:9100")
    return host.strip("[]"), int(port)


def answered(listening: str, named: Collection[str]) -> frozenset[str]:
    """Under which names a directory that listens at that address answers: those that are named, else its own and local ones."""
    own = f"[{listening}]" if ":" in listening else listening
    return frozenset(named) if named else frozenset((own.lower(), *LOCAL))


class KnownHosts:
    """Refuses requests to any other host."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or ANY in self._hosts or scope["path"] in ASKED_BY_ADDRESS or self._is_known(scope):
            await self.app(scope, receive, send)
            return
        sentence = (
            "The directory does not answer under this host name. Whoever runs it allows names with DIRECTORY_ALLOWED_HOSTS."
        )
        await refusal(400, Code.BAD_INPUT, sentence)(scope, receive, send)

    def _is_known(self, scope: Scope) -> bool:
        said = [value for name, value in scope["headers"] if name == b"host"]
        return len(said) == 1 and _without_port(said[0].decode("latin-1")) in self._hosts


def _without_port(host: str) -> str:
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdecimal() else host.lower()
