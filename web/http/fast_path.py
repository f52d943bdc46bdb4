"""Serve ordinary requests to /graphql without Starlette, whose routing and middleware cost more than a small answer.

The endpoint is the same. This file does what the middleware does for other requests: it checks the host, adds the headers for
security and CORS, and records the request.
"""

import re
import time
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Message, Receive, Scope, Send

from web.http.graphql_endpoint import GraphQLEndpoint
from web.http.hosts import AllowedHosts
from web.http.request_parsing import HttpRequest
from web.http.responses import STATUSES_WITHOUT_BODY, WRITE_RESPONSE_KEY, RawHeaders, RawResponse, log_and_answer_internal_error
from web.operations.request_log import RequestLog

PATH = "/graphql"
METHODS = ("POST", "GET")
_CONTROL_CHARACTER = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


class FastPath:
    """Serves requests by POST and GET that have an allowed host and no header twice. `cors` is None if it is not configured."""

    def __init__(
        self,
        endpoint: GraphQLEndpoint,
        hosts: AllowedHosts,
        security_headers: RawHeaders,
        request_log: RequestLog,
        cors: CORSMiddleware | None,
    ) -> None:
        self._endpoint, self._hosts, self._request_log, self._cors = endpoint, hosts, request_log, cors
        self._security_headers, self._security_lines = security_headers, _format_headers(security_headers)

    def find_request(self, scope: Scope, receive: Receive) -> HttpRequest | None:
        """Return the request if it can be served here, and None if Starlette has to answer it."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] not in METHODS:
            return None
        headers = dict(scope["headers"])
        if len(headers) < len(scope["headers"]) or not self._hosts.is_allowed(headers.get(b"host", b"")):
            return None
        return HttpRequest(scope, receive, headers)

    async def serve(self, request: HttpRequest, send: Send) -> None:
        status, started = 0, time.perf_counter()
        try:
            response = await self._endpoint.answer(request)
            if self._cors:
                response = await _add_cors_headers(response, self._cors, request.scope)
            status = response.status
            await self._send(request.scope, response, send)
        except Exception as error:
            status = status or 500
            await self._send(request.scope, log_and_answer_internal_error(error), send)
            raise
        finally:
            self._request_log.record(request.scope, status, time.perf_counter() - started)

    async def _send(self, scope: Scope, response: RawResponse, send: Send) -> None:
        write_response = scope.pop(WRITE_RESPONSE_KEY, None)
        if write_response and write_response(response.status, self._format_lines(response), response.body):
            return
        headers = [*response.all_headers, *self._security_headers]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})

    def _format_lines(self, response: RawResponse) -> bytes:
        """Return the headers as they are sent."""
        lines = _format_headers(response.headers) + self._security_lines
        if response.status in STATUSES_WITHOUT_BODY:
            return lines
        return b"content-length: %d\r\n%b" % (len(response.body), lines)


async def _add_cors_headers(response: RawResponse, cors: CORSMiddleware, scope: Scope) -> RawResponse:
    """Return the response with what the middleware adds to the head of any response."""

    async def ignore(_message: Message) -> None: ...

    message: Message = {"type": "http.response.start", "headers": response.headers}
    await cors.send(message, ignore, Headers(scope=scope))
    return response._replace(headers=tuple(message["headers"]))


@lru_cache(maxsize=64)
def _format_headers(headers: RawHeaders) -> bytes:
    """Return the headers as lines. Raises ValueError for a value with a line break or another control character."""
    if any(_CONTROL_CHARACTER.search(value) for _, value in headers):
        raise ValueError("a header contains a control character")
    return b"".join(b"%b: %b\r\n" % header for header in headers)
