"""OpenTelemetry spans, if its API is installed and the operator has configured a tracer provider.

A span has the method, status, operation, cost and error code. It never has user input or addresses.
"""

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.operations.request_log import LOGGED_METHODS, get_notes
from web.server.rate_limit import COST_KEY

try:
    from opentelemetry import propagate, trace
except ImportError:  # without the API, no provider can be configured
    trace = None  # type: ignore[assignment]

_TRACE_HEADERS = (b"traceparent", b"tracestate")


def is_configured() -> bool:
    """Return whether a tracer provider is configured. Call this after the provider is set; later changes have no effect."""
    return trace is not None and not isinstance(
        trace.get_tracer_provider(), (trace.ProxyTracerProvider, trace.NoOpTracerProvider)
    )


class TracingMiddleware:
    """Record a span for every request, within the client's trace if the request names one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._tracer = trace.get_tracer("directory.web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in LOGGED_METHODS else "_OTHER"
        status = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._tracer.start_as_current_span(
            method,
            context=_extract_parent(scope),
            kind=trace.SpanKind.SERVER,
            record_exception=False,  # its message may contain user input
            set_status_on_exception=False,
        ) as span:
            try:
                await self.app(scope, receive, send_and_note)
            finally:
                _set_attributes(span, scope, method, status)


def _extract_parent(scope: Scope) -> Any:
    return propagate.extract(
        {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in _TRACE_HEADERS}
    )


def _set_attributes(span: Any, scope: Scope, method: str, status: int) -> None:
    notes = get_notes(scope)
    attributes = {
        "http.request.method": method,
        "http.response.status_code": status,
        "graphql.operation.name": notes.operation,
        "directory.code": notes.code,
        "directory.points": scope.get(COST_KEY),
    }
    span.set_attributes({name: value for name, value in attributes.items() if value is not None})
    if status >= 500:
        span.set_status(trace.StatusCode.ERROR)
