"""The log: one line a request. No addresses of clients, no search words, no variables, nothing that somebody typed.

    POST /graphql 200 1.4 ms SearchPage BAD_INPUT error=3f2a9c01d2e4

Method, path, status and time; where they are known, the operation's name, the code of the first refusal and the error's id.
"""

import logging
import re
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("directory.requests")

TOLD = ("/", "/healthz", "/graphql", "/graphiql")  # any other path is what somebody typed
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
OPERATION = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_NOTES = "directory.notes"


def configure(level: str) -> None:
    """Everything of that level or above goes to stderr, a line each; what libraries tell from warnings on."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


def note(
    scope: MutableMapping[str, Any], operation: str | None = None, code: str | None = None, error_id: str | None = None
) -> None:
    """What the request's line says beside status and time. A name that no program would give is left out."""
    name = operation if operation and OPERATION.fullmatch(operation) else None
    scope[_NOTES] = [told for told in (name, code, error_id and f"error={error_id}") if told]


class RequestLog:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not log.isEnabledFor(logging.INFO):
            await self.app(scope, receive, send)
            return
        status, began = 0, time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception:
            status = status or 500
            raise
        finally:
            log.info(_line(scope, status, time.perf_counter() - began))


def _line(scope: Scope, status: int, seconds: float) -> str:
    method = scope["method"] if scope["method"] in METHODS else "(another method)"
    path = scope["path"] if scope["path"] in TOLD else "(another path)"
    return " ".join([method, path, str(status), f"{seconds * 1000:.1f} ms", *scope.get(_NOTES, ())])
