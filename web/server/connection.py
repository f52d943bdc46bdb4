"""One HTTP connection, with deadlines and limits on what a client may send. uvicorn itself has none while a request arrives.

The deadline is enforced where bytes arrive and not in the application: an incomplete head never reaches the application, and the
application may never read a body. A request has to be complete within a fixed time, however steadily its bytes arrive.
tests/test_uvicorn_assumptions.py checks what this class expects of uvicorn.
"""

import asyncio
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from directory.errors import ErrorCode
from web.http.responses import NO_STORE, WRITE_RESPONSE_KEY, Refusal
from web.http.security_headers import SECURITY_HEADERS
from web.server.connection_limits import Admission, ConnectionLimits
from web.server.rate_limit import CONNECTION_KEY
from web.server.request_parser import RequestParser

REQUEST_TIMEOUT_SECONDS = 10.0  # seconds from the start of a request, or of the connection, until the request is complete
WRITE_TIMEOUT_SECONDS = 30.0  # seconds in which a client has to read some of the waiting output
REFUSAL_READ_SECONDS = 1.0  # seconds that a refused client has to read the reason
KEEP_ALIVE_SECONDS = 10  # seconds that an idle connection waits for another request
HEAD_LIMIT = 131_072  # bytes; the longest query string (web/http/request_parsing.py) fits in a quarter of it
HEADERS_LIMIT = 100  # headers of a request, and trailers of a chunked body
HEADERS_BYTES_LIMIT = 16_384  # bytes of their names and values; browsers send less than 2,000
CHUNKS_LIMIT = 5_000  # reads and chunks of a request; the longest body in the smallest usual packets needs 4,000
PIPELINE_LIMIT = 100  # requests of one connection that wait for the answer to an earlier one
REQUEST_BYTES_LIMIT = 4_194_304  # bytes of a request with its framing; also limits what is read of a body after its refusal
SHUTDOWN_REQUEST_SECONDS = 0.5  # seconds that an idle connection may still send a request after the shutdown began
SHUTDOWN_BODY_SECONDS = 3.0  # seconds in which a request that has started then has to be complete

_TIMEOUT_REFUSAL = Refusal(
    408,
    ErrorCode.TOO_SLOW,
    f"The request was not complete {REQUEST_TIMEOUT_SECONDS:g} seconds after it started. Send it again.",
)
_SHUTDOWN_REFUSAL = Refusal(
    503, ErrorCode.UNAVAILABLE, "The server is shutting down and the request was not complete. Send it again."
)
_HEAD_TOO_LARGE_REFUSAL = Refusal(
    431,
    ErrorCode.TOO_LARGE,
    f"The head of the request has more than {HEAD_LIMIT:,} bytes. Use POST, or send fewer headers.",
)
_TOO_MANY_HEADERS_REFUSAL = Refusal(
    431,
    ErrorCode.TOO_LARGE,
    f"The request has more than {HEADERS_LIMIT} headers or {HEADERS_BYTES_LIMIT:,} bytes of headers. Send fewer headers or "
    "shorter cookies.",
)
_TOO_MANY_CHUNKS_REFUSAL = Refusal(
    413,
    ErrorCode.TOO_LARGE,
    f"The request has more than {CHUNKS_LIMIT:,} chunks. Send larger chunks, or a Content-Length.",
)
_PIPELINE_FULL_REFUSAL = Refusal(
    429,
    ErrorCode.RATE_LIMITED,
    f"More than {PIPELINE_LIMIT} requests are waiting on this connection. Read the answers before you send more.",
)
_CLIENT_LIMIT_REFUSAL = Refusal(
    429,
    ErrorCode.RATE_LIMITED,
    "You have too many connections open. Close some, or use one connection for several requests.",
)
_SERVER_FULL_REFUSAL = Refusal(503, ErrorCode.UNAVAILABLE, "The server has no free connections. Try again in a few seconds.")
_BAD_REQUEST_REFUSAL = Refusal(400, ErrorCode.BAD_INPUT, "This is not a valid HTTP request.")


class LimitExceeded(Exception):
    """Raised in a callback to stop the parser when a client exceeds a limit."""


class Connection(HttpToolsProtocol):
    """uvicorn's HTTP connection, with deadlines and within the limits of its process."""

    _deadline_timer: asyncio.TimerHandle | None = None
    _write_timer: asyncio.TimerHandle | None = None
    _is_request_complete = True  # of the newest request that has started
    _head_bytes = 0  # bytes of an incomplete head, plus 1; else 0
    _header_count = _header_bytes = _chunk_count = _request_bytes = 0  # of the newest request that has started
    _oldest_cycle: Any = None  # uvicorn's `cycle` of the oldest request without a complete answer
    _is_stopping = False
    _is_refused = False

    def __init__(self, limits: ConnectionLimits, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self.parser = RequestParser(self)
        self._limits = limits
        self._memory: dict[str, Any] = {}  # of the application, in the scope of every request of this connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_deadline(REQUEST_TIMEOUT_SECONDS)
        self._peer = self.client[0] if self.client else ""
        admission = self._limits.admit(self._peer)
        if admission is Admission.CLOSE:
            transport.abort()
        elif admission is not Admission.SERVE:
            is_full = admission is Admission.REFUSE_SERVER_FULL
            self._send_refusal(_SERVER_FULL_REFUSAL if is_full else _CLIENT_LIMIT_REFUSAL)

    def connection_lost(self, exc: Exception | None) -> None:
        self._limits.release(self._peer)
        self._cancel_deadline()
        self.resume_writing()
        self._drop_requests()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._request_bytes += len(data)
        if self._request_bytes > REQUEST_BYTES_LIMIT:
            self.transport.abort()
        if self._is_refused or self.transport.is_closing():
            return
        self._chunk_count += 1
        super().data_received(data)
        if self.transport.is_closing():
            return
        is_request_waiting = self._is_request_complete and self._is_answering()
        if self._deadline_timer is None and not is_request_waiting:
            self._start_deadline(REQUEST_TIMEOUT_SECONDS)
        if self._head_bytes:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_LIMIT:
                self._refuse(_HEAD_TOO_LARGE_REFUSAL)

    def on_message_begin(self) -> None:
        self._is_request_complete, self._head_bytes = False, 1
        self._header_count = self._header_bytes = self._chunk_count = self._request_bytes = 0
        if len(self.pipeline) >= PIPELINE_LIMIT:
            self._stop_parsing(_PIPELINE_FULL_REFUSAL)
        if self._is_stopping:
            self._start_deadline(SHUTDOWN_BODY_SECONDS)
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header or trailer. Trailers are counted but ignored."""
        self._header_count += 1
        self._header_bytes += len(name) + len(value)
        if self._header_count > HEADERS_LIMIT or self._header_bytes > HEADERS_BYTES_LIMIT:
            self._stop_parsing(_TOO_MANY_HEADERS_REFUSAL)
        if self._head_bytes:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._chunk_count += 1
        if self._chunk_count > CHUNKS_LIMIT:
            self._stop_parsing(_TOO_MANY_CHUNKS_REFUSAL)
        super().on_body(body)

    def on_headers_complete(self) -> None:
        self._head_bytes = 0
        if self.parser.should_upgrade():
            return
        super().on_headers_complete()
        if not self.pipeline:
            self._oldest_cycle = self.cycle
        if self._is_stopping:
            self.cycle.keep_alive = False
        scope: Any = self.scope
        scope[CONNECTION_KEY], scope[WRITE_RESPONSE_KEY] = self._memory, partial(self._write_response, self.cycle)

    def on_message_complete(self) -> None:
        if self.parser.should_upgrade():
            return
        self._is_request_complete = True
        self._cancel_deadline()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self._oldest_cycle = self.pipeline[-1][0] if self.pipeline else None
        super().on_response_complete()

    def shutdown(self) -> None:
        """Prepare for the server's shutdown. Requests that have arrived or started are still answered. Called once."""
        self._is_stopping = True
        if self._is_refused:
            return
        if self._is_answering():
            self.cycle.keep_alive = False
        if not self._is_request_complete:
            self._start_deadline(SHUTDOWN_BODY_SECONDS)
        elif not self._is_answering():
            self._start_deadline(SHUTDOWN_REQUEST_SECONDS)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_timer = self.loop.call_later(WRITE_TIMEOUT_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._write_timer:
            self._write_timer.cancel()
            self._write_timer = None

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        if self._write_timer is None and self.transport.get_write_buffer_size():  # unread, but too little for pause_writing
            self._write_timer = self.loop.call_later(WRITE_TIMEOUT_SECONDS, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        self._refuse(_BAD_REQUEST_REFUSAL)

    def _write_response(self, cycle: Any, status: int, headers: bytes, body: bytes) -> bool:
        """Send a whole response at once, with the effect of two calls of `cycle.send`, which examine each header.

        `headers` are complete lines. Returns False, and does nothing, if the response has started already or if the client has
        to read earlier ones first.
        """
        if self.flow.write_paused or cycle.response_started:
            return False
        if self.transport.is_closing():
            cycle.disconnected = True
        if not cycle.disconnected:
            cycle.response_started = cycle.response_complete = True
            default_headers = [b"%b: %b\r\n" % header for header in cycle.default_headers]
            head_end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
            head = b"".join([STATUS_LINE[status], *default_headers, headers, head_end])
            self.transport.writelines([head, body])  # one system call, and no copy of the body
            cycle.message_event.set()
            if not cycle.keep_alive:
                self.transport.close()
            cycle.on_response()
        return True

    def _start_deadline(self, seconds: float) -> None:
        self._cancel_deadline()
        self._deadline_timer = self.loop.call_later(seconds, self._handle_deadline)

    def _cancel_deadline(self) -> None:
        if self._deadline_timer:
            self._deadline_timer.cancel()
            self._deadline_timer = None

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _handle_deadline(self) -> None:
        self._deadline_timer = None
        is_answering_earlier_request = self._is_answering() and (
            self._is_request_complete or bool(self._head_bytes) or bool(self.pipeline)
        )
        if is_answering_earlier_request:
            self._start_deadline(REQUEST_TIMEOUT_SECONDS)
        elif self._is_request_complete:
            self.transport.close()
        else:
            self._refuse(_SHUTDOWN_REFUSAL if self._is_stopping else _TIMEOUT_REFUSAL)

    def _stop_parsing(self, refusal: Refusal) -> None:
        self._refuse(refusal)
        raise LimitExceeded

    def _refuse(self, refusal: Refusal) -> None:
        """Send the refusal and close the connection; only close it if an answer has started or was sent."""
        if self.transport.is_closing() or self._is_refused:
            return
        is_unanswered = self._is_answering() and not self.cycle.response_started
        if self._oldest_cycle is not None and self._oldest_cycle.response_started and not self._oldest_cycle.response_complete:
            self.transport.close()
            return
        self._drop_requests()
        if self._head_bytes or is_unanswered or refusal.code is ErrorCode.BAD_INPUT:
            self._send_refusal(refusal)
        else:
            self.transport.close()

    def _drop_requests(self) -> None:
        """Send no answers to the running request and those that wait for it."""
        for cycle in (self._oldest_cycle, self.cycle):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        self.pipeline.clear()

    def _send_refusal(self, refusal: Refusal) -> None:
        """Send the refusal, then read and discard input for a moment: closing with unread input would discard the refusal."""
        self._is_refused = True
        response = refusal.to_raw_response(headers={**NO_STORE, **SECURITY_HEADERS, "Connection": "close"})
        lines = [b"%b: %b\r\n" % header for header in response.all_headers]
        self.transport.write(b"".join([STATUS_LINE[refusal.status], *lines, b"\r\n", response.body]))
        self._cancel_deadline()
        self._deadline_timer = self.loop.call_later(REFUSAL_READ_SECONDS, self.transport.close)
        if self.transport.can_write_eof():
            self.transport.write_eof()
