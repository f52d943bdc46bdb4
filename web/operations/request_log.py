"""The log: one line a request. No addresses of clients, no search words, no variables, nothing that somebody typed.

    POST /graphql 200 1.4 ms SearchPage BAD_INPUT error=3f2a9c01d2e4

Method, path, status and time; where they are known, the operation's name, the code of the first refusal and the error's id.
"""

import logging
import re
import time
from collections.abc import Callable, MutableMapping
from typing import Any

from msgspec import Struct
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("directory.requests")

# Any other path is what somebody typed.
LOGGED_PATHS = ("/", "/healthz", "/readyz", "/graphql", "/graphiql", "/reconcile", "/robots.txt", "/.well-known/security.txt")
LOGGED_METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
OPERATION_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_NOTES_KEY = "directory.notes"


class RequestNotes(Struct, frozen=True):
    """What is known of a request beside status and time."""

    operation: str | None = None
    code: str | None = None
    error_id: str | None = None


def configure_logging(level: str) -> None:
    """Everything of that level or above goes to stderr, a line each; what libraries tell from warnings on."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


def set_notes(
    scope: MutableMapping[str, Any], operation: str | None = None, code: str | None = None, error_id: str | None = None
) -> None:
    """What the request's line says beside status and time. A name that no program would give is left out."""
    name = operation if operation and OPERATION_NAME.fullmatch(operation) else None
    scope[_NOTES_KEY] = RequestNotes(name, code, error_id)


def get_notes(scope: MutableMapping[str, Any]) -> RequestNotes:
    """What was noted of a request; nothing where nobody did."""
    notes: RequestNotes | None = scope.get(_NOTES_KEY)
    return notes or RequestNotes()


class RequestLog:
    """Writes a line for every request, and tells `observe` its status and seconds, too."""

    def __init__(self, app: ASGIApp, observe: Callable[[Scope, int, float], None] | None = None) -> None:
        self.app, self.observe = app, observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (self.observe or log.isEnabledFor(logging.INFO)):
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
            seconds = time.perf_counter() - began
            log.info(_format_line(scope, status, seconds))
            if self.observe:
                self.observe(scope, status, seconds)


def _format_line(scope: Scope, status: int, seconds: float) -> str:
    method = scope["method"] if scope["method"] in LOGGED_METHODS else "(another method)"
    path = scope["path"] if scope["path"] in LOGGED_PATHS else "(another path)"
    notes = get_notes(scope)
    known = (notes.operation, notes.code, notes.error_id and f"error={notes.error_id}")
    return " ".join([method, path, str(status), f"{seconds * 1000:.1f} ms", *filter(None, known)])
