"""Spans exist only if a provider is configured, and contain no user input."""

from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient

from directory.live import Directory
from web.app import create_app
from web.operations import tracing
from web.operations.tracing import TracingMiddleware

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """Configure a provider for one test, and return the exporter that receives its spans."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    yield exporter
    provider.shutdown()


def has_tracing(directory: Directory) -> bool:
    classes: list[object] = [middleware.cls for middleware in create_app(directory).user_middleware]
    return TracingMiddleware in classes


def test_without_a_provider_there_are_no_spans(directory: Directory) -> None:
    assert not has_tracing(directory)


def test_without_the_api_there_are_no_spans(monkeypatch: pytest.MonkeyPatch, spans: InMemorySpanExporter) -> None:
    monkeypatch.setattr(tracing, "trace", None)
    assert not tracing.is_configured()


def test_a_request_has_a_span_in_its_clients_trace(directory: Directory, spans: InMemorySpanExporter) -> None:
    assert has_tracing(directory)
    document = 'query Find { organizations(query: "harriet", first: 0) { totalCount } }'
    client = TestClient(create_app(directory), base_url="http://localhost")
    headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "baggage": "name=harriet", "User-Agent": "harriet"}
    client.post("/graphql", json={"query": document, "operationName": "Find"}, headers=headers)
    (span,) = spans.get_finished_spans()
    assert (span.name, span.kind) == ("POST", trace.SpanKind.SERVER)
    assert span.context
    assert f"{span.context.trace_id:032x}" == TRACE
    attributes = dict(span.attributes or {})
    points = attributes.pop("directory.points")
    assert isinstance(points, int)
    assert points > 0
    assert attributes == {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "graphql.operation.name": "Find",
        "directory.code": "BAD_INPUT",
    }
    assert "harriet" not in span.to_json()


def test_a_failure_is_a_span_with_error_status_but_no_message(directory: Directory, spans: InMemorySpanExporter) -> None:
    app = create_app(directory)
    app.state.graphql.documents = None  # so that the request fails
    client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
    assert client.post("/graphql", json={"query": "{ __typename }"}).status_code == 500
    (span,) = spans.get_finished_spans()
    assert span.status.status_code is trace.StatusCode.ERROR
    assert not span.events
    assert "NoneType" not in span.to_json()
