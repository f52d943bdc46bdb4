"""One connection, how long a client may take, and how much it may send. uvicorn itself waits for a request for ever.

The deadline stands where the bytes come in, not in the application: a head that is not whole reaches no application, a body is
late even where nobody reads it, and one timer serves both. A request has to be whole some seconds after it began, however
steadily it trickles.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from directory.errors import Code
from web.connection_limits import Admission, ConnectionLimits
from web.headers import STANDING
from web.reply import refusal

WHOLE_WITHIN = 10.0  # seconds from the first byte of a request, or the connection's begin, to its last
TAKEN_WITHIN = 30.0  # seconds in which a client reads some of what waits for it
HEARD_WITHIN = 1.0  # seconds that a refused client has to read why
IDLE = 10  # seconds that a connection waits for another request
HEAD_LIMIT = 131_072  # bytes; twice what an address may have (web/asked.py)
HEADERS_LIMIT = 100  # fields of a head, and of the trailers of a chunked body
HEADERS_BYTES = 16_384  # of their names and values; browsers send less than 2,000
PIECES_LIMIT = 5_000  # reads and chunks of a request; the longest body in the smallest usual packets needs 4,000
PIPELINE_LIMIT = 100  # requests of one connection that wait for the answer to an earlier one
REQUEST_BYTES = 4_194_304  # with what frames it, and what is read of a body after its refusal; then the client is hung up on
LAST_REQUEST = 0.5  # seconds that an idle connection still takes a request while the server stops
LAST_BODY = 3.0  # seconds that a request which has begun has to become whole then

_LATE = (408, Code.TOO_SLOW, f"The request was not whole {WHOLE_WITHIN:g} seconds after it began. Send it again.")
_STOPPING = (503, Code.UNAVAILABLE, "The server stops, and the request was not whole. Send it again.")
_LONG = (431, Code.TOO_LARGE, f"The head of a request has at most {HEAD_LIMIT:,} bytes. Ask by POST, with fewer headers.")
_MANY_HEADERS = (
    431,
    Code.TOO_LARGE,
    f"A request has at most {HEADERS_LIMIT} headers, with {HEADERS_BYTES:,} bytes together. Send fewer, or shorter cookies.",
)
_PIECES = (413, Code.TOO_LARGE, f"A request comes in at most {PIECES_LIMIT:,} chunks. Send larger ones, or a Content-Length.")
_PIPELINE = (
    429,
    Code.RATE_LIMITED,
    f"At most {PIPELINE_LIMIT} requests wait on one connection. Read answers before you send more.",
)
_TOO_MANY = (429, Code.RATE_LIMITED, "You have too many connections open. Close some, or use one for several requests.")
_NONE_LEFT = (503, Code.UNAVAILABLE, "The server has no connection left. Try again in a few seconds.")
_BROKEN = (400, Code.BAD_INPUT, "This is no HTTP request that can be read.")


class TooMuch(Exception):
    """Raised in a callback of the parser, so that it stops: the client sends more of something than it may."""


class Connection(HttpToolsProtocol):
    """uvicorn's connection, with deadlines, within the limits of its process."""

    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _whole = True  # the newest request that has begun
    _head = 0  # bytes of a head that is not whole
    _fields = _field_bytes = _pieces = _bytes = 0  # of the newest request that has begun
    _active: Any = None  # the oldest request that is not answered, which may be another than the newest, uvicorn's `cycle`
    _stopping = False
    _refused = False

    def __init__(self, limits: ConnectionLimits, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self._limits = limits

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_request(WHOLE_WITHIN)
        self._peer = self.client[0] if self.client else ""
        admission = self._limits.enter(self._peer)
        if admission is Admission.CLOSED:
            transport.abort()
        elif admission is not Admission.SERVED:
            self._turn_away(*(_NONE_LEFT if admission is Admission.NONE_LEFT else _TOO_MANY))

    def connection_lost(self, exc: Exception | None) -> None:
        self._limits.leave(self._peer)
        self._await_nothing()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._bytes += len(data)
        if self._bytes > REQUEST_BYTES:
            self.transport.abort()
        if self._refused or self.transport.is_closing():
            return
        if self._deadline is None:
            self._await_request(WHOLE_WITHIN)
        self._pieces += 1
        super().data_received(data)
        if self._head and not self.transport.is_closing():
            self._head += len(data)
            if self._head > HEAD_LIMIT:
                self._refuse(*_LONG)

    def on_message_begin(self) -> None:
        self._whole, self._head = False, 1
        self._fields = self._field_bytes = self._pieces = self._bytes = 0
        if len(self.pipeline) >= PIPELINE_LIMIT:
            self._stop_parsing(*_PIPELINE)
        if self._stopping or self._deadline is None:
            self._await_request(LAST_BODY if self._stopping else WHOLE_WITHIN)
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Trailers are counted, and not heeded."""
        self._fields += 1
        self._field_bytes += len(name) + len(value)
        if self._fields > HEADERS_LIMIT or self._field_bytes > HEADERS_BYTES:
            self._stop_parsing(*_MANY_HEADERS)
        if self._head:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._pieces += 1
        if self._pieces > PIECES_LIMIT:
            self._stop_parsing(*_PIECES)
        super().on_body(body)

    def on_headers_complete(self) -> None:
        self._head = 0
        super().on_headers_complete()
        if not self.pipeline:
            self._active = self.cycle
        if self._stopping:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        self._whole = True
        self._await_nothing()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self._active = self.pipeline[-1][0] if self.pipeline else None
        super().on_response_complete()

    def shutdown(self) -> None:
        """Called once, when the server stops. What has come, or is on its way, is still answered."""
        self._stopping = True
        if self._is_answering():
            self.cycle.keep_alive = False
        if not self._whole:
            self._await_request(LAST_BODY)
        elif not self._is_answering():
            self._await_request(LAST_REQUEST)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(TAKEN_WITHIN, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread:
            self._unread.cancel()
            self._unread = None

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        if self._unread is None and self.transport.get_write_buffer_size():  # too little for pause_writing, and never read
            self._unread = self.loop.call_later(TAKEN_WITHIN, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        self._refuse(*_BROKEN)

    def _await_request(self, seconds: float) -> None:
        self._await_nothing()
        self._deadline = self.loop.call_later(seconds, self._late)

    def _await_nothing(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _late(self) -> None:
        self._deadline = None
        answers_an_earlier_one = self._is_answering() and (self._whole or bool(self._head) or bool(self.pipeline))
        if answers_an_earlier_one:
            self._await_request(WHOLE_WITHIN)
        elif self._whole:
            self.transport.close()
        else:
            self._refuse(*(_STOPPING if self._stopping else _LATE))

    def _stop_parsing(self, status: int, code: Code, sentence: str) -> None:
        self._refuse(status, code, sentence)
        raise TooMuch

    def _refuse(self, status: int, code: Code, sentence: str) -> None:
        """And hang up; without a word where an answer has begun, or was given."""
        if self.transport.is_closing() or self._refused:
            return
        unanswered = self._is_answering() and not self.cycle.response_started
        if self._active is not None and self._active.response_started and not self._active.response_complete:
            self.transport.close()
            return
        for cycle in (self._active, self.cycle):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()
        self.pipeline.clear()
        if self._head or unanswered or code is Code.BAD_INPUT:
            self._turn_away(status, code, sentence)
        else:
            self.transport.close()

    def _turn_away(self, status: int, code: Code, sentence: str) -> None:
        """What comes meanwhile is read and thrown away: closing over unread bytes would take the answer from the client."""
        self._refused = True
        response = refusal(status, code, sentence, {**STANDING, "Connection": "close"})
        lines = [b"%b: %b\r\n" % header for header in response.raw_headers]
        self.transport.write(b"".join([STATUS_LINE[status], *lines, b"\r\n", bytes(response.body)]))
        self._await_nothing()
        self._deadline = self.loop.call_later(HEARD_WITHIN, self.transport.close)
        if self.transport.can_write_eof():
            self.transport.write_eof()
