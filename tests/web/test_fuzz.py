"""Fuzz the endpoint: every request is answered or refused with an error code, and nothing fails."""

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote_from_bytes

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.errors import ErrorCode
from directory.live import Directory
from tests.web.documents import documents
from web.app import create_app
from web.settings import Settings

QUICK, THOROUGH = 100, 250
METHODS = ["GET", "HEAD", "POST", "POST", "POST", "OPTIONS", "PUT", "DELETE", "XYZZY"]
TYPES = [
    b"application/json", b"application/json", b"application/json; charset=utf-8", b"application/json; charset=utf-16",
    b"application/graphql", b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x", b"text/plain", b"",
]  # fmt: skip
ACCEPT_VALUES = [
    b"*/*", b"application/json", b"application/graphql-response+json", b"text/html,*/*;q=0.1", b"text/html", b"*/*;q=0", b";q=,",
]  # fmt: skip
HEADERS = [
    b"accept", b"content-encoding", b"content-length", b"if-none-match", b"authorization", b"cookie", b"host", b"origin",
    b"range", b"x-forwarded-for", b"transfer-encoding", b"accept-language",
]  # fmt: skip
ENCODINGS = ["utf-8", "utf-8", "utf-8", "utf-16", "utf-32-be", "latin-1", "utf-8-sig"]

Headers = list[tuple[bytes, bytes]]


class FuzzRequest(NamedTuple):
    method: str
    query_string: bytes
    headers: Headers
    chunks: Sequence[bytes]


class FuzzResponse(NamedTuple):
    status: int
    headers: Headers
    body: bytes


@pytest.fixture(scope="module")
def app(directory: Directory) -> Any:
    return create_app(directory, Settings(points_a_minute=0, limits=("cpu_seconds=30",)))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
shapes = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=6)
queries = st.sampled_from(
    ["{ __typename }", "query A { __typename }", '{ __type(name: "Query") { name } }', "{", "{ nothing }", "mutation { a }"]
)
parameters = {
    "variables": st.none() | st.dictionaries(texts, shapes, max_size=3),
    "operationName": st.sampled_from(["A", "", None]),
    "extensions": st.just({}) | st.dictionaries(texts, shapes, max_size=1),
}
request_bodies = (
    st.fixed_dictionaries({"query": queries}, optional=parameters)
    | st.fixed_dictionaries({"query": texts, "documentId": texts}, optional=parameters)
    | st.fixed_dictionaries({}, optional=dict.fromkeys(["query", "documentId", *parameters], shapes))
)
field_values = st.binary(max_size=40).map(lambda value: value.translate(None, b"\r\n\0"))


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    if draw(st.integers(0, 3)) == 0:
        return draw(st.binary(max_size=200))
    text = msgspec.json.encode(draw(request_bodies | shapes)).decode()
    return text.encode(draw(st.sampled_from(ENCODINGS)), errors="replace")


@st.composite
def query_strings(draw: st.DrawFn) -> bytes:
    if draw(st.integers(0, 3)) == 0:
        return draw(st.binary(max_size=60))
    parameters_ = draw(request_bodies)
    values = {
        key: (value if isinstance(value, str) else msgspec.json.encode(value).decode()).encode(errors="replace")
        for key, value in parameters_.items()
    }
    return "&".join(f"{key}={quote_from_bytes(value)}" for key, value in values.items()).encode()


@st.composite
def requests(draw: st.DrawFn) -> FuzzRequest:
    body = draw(bodies())
    cut = draw(st.integers(0, len(body)))
    headers = draw(st.lists(st.tuples(st.sampled_from(HEADERS), field_values), max_size=2))
    if draw(st.integers(0, 9)):
        headers.append((b"content-type", draw(st.sampled_from(TYPES) | st.just(TYPES[0]) | field_values)))
    if draw(st.integers(0, 3)) == 0:
        headers.append((b"accept", draw(st.sampled_from(ACCEPT_VALUES) | field_values)))
    return FuzzRequest(draw(st.sampled_from(METHODS)), draw(query_strings()), headers, [body[:cut], body[cut:]])


@pytest.mark.parametrize("examples", [QUICK, pytest.param(THOROUGH, marks=pytest.mark.slow)])
def test_random_requests_are_answered_or_refused(app: Any, examples: int) -> None:
    statuses: set[int] = set()

    @settings(max_examples=examples, deadline=None, database=None, derandomize=examples == QUICK)
    @given(requests())
    def fuzz(request: FuzzRequest) -> None:
        response = asyncio.run(call_app(app, request))
        statuses.add(response.status)
        assert response.status < 500
        if response.status not in (204, 303):
            body = msgspec.json.decode(response.body)
            assert set(body) <= {"data", "errors", "extensions"}
            assert "data" in body or body["errors"]
            assert all(error["extensions"]["code"] in set(ErrorCode) - {ErrorCode.INTERNAL} for error in body.get("errors", ()))
            assert response.status < 400 or "data" not in body

    fuzz()
    assert {200, 400, 405, 415} <= statuses


@pytest.mark.parametrize("examples", [QUICK, pytest.param(THOROUGH, marks=pytest.mark.slow)])
def test_random_documents_are_answered_or_refused(app: Any, examples: int) -> None:
    seen: set[str] = set()

    @settings(max_examples=examples, deadline=None, database=None, derandomize=examples == QUICK)
    @given(documents())
    def fuzz(question: tuple[str, dict[str, Any]]) -> None:
        document, variables = question
        body = msgspec.json.encode({"query": document, "variables": variables})
        response = asyncio.run(call_app(app, FuzzRequest("POST", b"", [(b"content-type", b"application/json")], [body])))
        assert response.status < 500
        decoded = msgspec.json.decode(response.body)
        codes = {error["extensions"]["code"] for error in decoded.get("errors", ())}
        assert ErrorCode.INTERNAL not in codes
        assert codes <= set(ErrorCode)
        seen.update(codes, ["data"] * bool(decoded.get("data")))

    fuzz()
    assert {"data", ErrorCode.BAD_INPUT} <= seen


async def call_app(app: Any, request: FuzzRequest) -> FuzzResponse:
    """Call the application as a server does, and return what it sends. Exceptions are not caught."""
    events = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in request.chunks]
    events.append({"type": "http.request", "body": b"", "more_body": False})
    messages: list[Any] = []

    async def receive() -> dict[str, Any]:
        return events.pop(0) if events else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": request.method, "scheme": "http",
        "path": "/graphql", "raw_path": b"/graphql", "root_path": "", "query_string": request.query_string,
        "headers": [(b"host", b"localhost"), *request.headers],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await app(scope, receive, send)
    start, *rest = messages
    return FuzzResponse(start["status"], start["headers"], b"".join(message.get("body", b"") for message in rest))
