"""The request log: one line per request, without client addresses, search words, variables or other user input.

    POST /graphql 200 1.4 ms SearchPage BAD_INPUT error=3f2a9c01d2e4

A line has the method, path, status and time and, if known, the operation's name, the code of the first error and the error's id.
"""

import logging
import re
import time
from collections.abc import Callable, MutableMapping
from typing import Any

from msgspec import Struct
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from directory.errors import ErrorCode
from web.operations.log_writer import LogWriter

log = logging.getLogger("directory.requests")  # only its level is used: a record of `logging` takes 20 µs

# Other paths are user input and are not logged. Of a page, the pattern of its path is logged, not what somebody looked at.
LOGGED_PATHS = frozenset(
    ("/healthz", "/readyz", "/graphql", "/graphiql", "/reconcile", "/robots.txt", "/.well-known/security.txt")
)
OTHER_PATH = "(another path)"
LOGGED_METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
OPERATION_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_ERROR_CODES = frozenset(map(str, ErrorCode))
_NOTES_KEY = "directory.notes"
_PATTERN_KEY = "directory.path_pattern"
LogEntry = tuple[str, str, int, float, "RequestNotes | None"]  # method, path, status, seconds and notes


class RequestNotes(Struct, frozen=True):
    """What is known about a request besides its status and time."""

    operation: str | None = None
    code: str | None = None
    error_id: str | None = None


class LogHandler(logging.Handler):
    """Writes the records of `logging` together with the lines about requests."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            LOG_WRITER.add(self.format(record), urgent=True)
        except Exception:  # a record whose arguments do not fit its message
            self.handleError(record)


def configure_logging(level: str) -> None:
    """Log to stderr, one line per record, from this level up; Alembic only from warnings up."""
    logging.basicConfig(level=level.upper(), format="%(levelname)s %(message)s", handlers=[LogHandler()])
    logging.getLogger("alembic").setLevel(logging.WARNING)


def set_notes(
    scope: MutableMapping[str, Any], operation: str | None = None, code: str | None = None, error_id: str | None = None
) -> None:
    """Record what the log line says besides status and time.

    An operation name is left out if it looks like user input, or like the code of an error, which would follow it.
    """
    is_name = operation and OPERATION_NAME.fullmatch(operation) and operation not in _ERROR_CODES
    name = operation if is_name else None
    scope[_NOTES_KEY] = RequestNotes(name, code, error_id)


def set_path_pattern(scope: MutableMapping[str, Any], pattern: str) -> None:
    """Set what the log says instead of the path: "/organizations/{slug}"."""
    scope[_PATTERN_KEY] = pattern


def get_notes(scope: MutableMapping[str, Any]) -> RequestNotes:
    """Return the notes on a request; empty notes if there are none."""
    notes: RequestNotes | None = scope.get(_NOTES_KEY)
    return notes or RequestNotes()


class RequestLog:
    """Writes a line for every request, and passes its status and duration in seconds to `observe`."""

    def __init__(self, observe: Callable[[Scope, int, float], None] | None = None) -> None:
        self._observe = observe

    def record(self, scope: Scope, status: int, seconds: float) -> None:
        if log.isEnabledFor(logging.INFO):
            path = scope["path"]
            shown = scope.get(_PATTERN_KEY) or (path if path in LOGGED_PATHS else OTHER_PATH)
            LOG_WRITER.add((scope["method"], shown, status, seconds, scope.get(_NOTES_KEY)))
        if self._observe:
            self._observe(scope, status, seconds)


class RequestLogMiddleware:
    """Record every request in the log."""

    def __init__(self, app: ASGIApp, request_log: RequestLog) -> None:
        self.app, self._request_log = app, request_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, started = 0, time.perf_counter()

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception:
            status = status or 500
            raise
        finally:
            self._request_log.record(scope, status, time.perf_counter() - started)


def _format_entry(entry: LogEntry | str) -> str:
    if isinstance(entry, str):
        return entry
    method, path, status, seconds, notes = entry
    method = method if method in LOGGED_METHODS else "(another method)"
    line = f"INFO {method} {path} {status} {seconds * 1000:.1f} ms"
    if notes is None:
        return line
    return " ".join(filter(None, (line, notes.operation, notes.code, notes.error_id and f"error={notes.error_id}")))


LOG_WRITER = LogWriter(_format_entry)
