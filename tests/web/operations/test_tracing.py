"""Spans: only where somebody configured them, and nothing in them that somebody typed."""

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

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What the provider that somebody configured receives; it is not left behind for other tests."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    yield exporter
    provider.shutdown()


def has_spans(directory: Directory) -> bool:
    return "Traced" in [getattr(middleware.cls, "__name__", "") for middleware in create_app(directory).user_middleware]


def test_there_are_none_unless_a_provider_is_configured(directory: Directory) -> None:
    assert not has_spans(directory)


def test_there_are_none_without_the_api(monkeypatch: pytest.MonkeyPatch, spans: InMemorySpanExporter) -> None:
    monkeypatch.setattr(tracing, "trace", None)
    assert not tracing.is_configured()


def test_a_request_is_a_span_of_its_clients_trace(directory: Directory, spans: InMemorySpanExporter) -> None:
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


def test_what_breaks_is_an_error_without_its_words(directory: Directory, spans: InMemorySpanExporter) -> None:
    app = create_app(directory)
    app.state.documents = None  # so that an answer is impossible
    client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
    assert client.post("/graphql", json={"query": "{ __typename }"}).status_code == 500
    (span,) = spans.get_finished_spans()
    assert span.status.status_code is trace.StatusCode.ERROR
    assert not span.events
    assert "NoneType" not in span.to_json()
