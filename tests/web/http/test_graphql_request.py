"""Parsing a request: invalid requests are refused in JSON, never with status 500."""

import asyncio
import gzip
import threading
import time
import timeit
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import code
from web.http import graphql_request
from web.http.graphql_request import BODY_LIMIT, INLINE_BODY_BYTES, SEPARATOR_LIMIT, read_graphql_request
from web.http.json_keys import reject_duplicate_keys
from web.http.request_parsing import QUERY_STRING_LIMIT, HttpRequest, collect_headers
from web.http.responses import Refusal
from web.server.rate_limit import RateLimiter, Windows

JSON = {"Content-Type": "application/json"}
TYPENAME = b'{"query": "{ __typename }"}'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"{",
        b"null",
        b"3",
        b"NaN",
        b"true",
        b'"{ network { name } }"',
        b'{"query": 3}',
        b'{"query": null}',
        b'{"query": ""}',
        b'{"query": ["{ __typename }"]}',
        b'{"variables": {}}',
        b'{"documentId": 7}',
        b'{"documentId": ""}',
        b'{"query": "{ __typename }", "variables": "{}"}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "variables": {"a": NaN}}',
        b'{"query": "{ __typename }", "variables": {"a": Infinity}}',
        b'{"query": "{ __typename }", "variables": {"a": 1e999}}',
        b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 5000 + b"}}",
        b'{"query": "{ __typename }", "operationName": 7}',
        b'{"query": "{ __typename }", "extensions": "x"}',
        b'{"query": "{ __typename }"} trailing',
        b'{"query": "\xff\xfe"}',
        b'{"query": "\\ud800"}',
        "{'query': 'ü'}".encode("latin-1"),
        b"\xef\xbb\xbf" + TYPENAME,
        TYPENAME.decode().encode("utf-16"),
        TYPENAME.decode().encode("utf-32-be"),
        gzip.compress(TYPENAME, mtime=0),
        b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 30_000 + b"]" * 30_000 + b"}}",
        b"\x00" * 100,
    ],
)
def test_an_invalid_body_is_refused(client: TestClient, body: bytes) -> None:
    response = client.post("/graphql", content=body, headers=JSON)
    assert response.status_code == 400
    assert code(response) == "BAD_INPUT"
    assert "data" not in response.json()


@pytest.mark.parametrize("body", [b"[]", b"[" + TYPENAME + b"]", b" \n[1]"])
def test_a_batch_is_refused_with_an_explanation(client: TestClient, body: bytes) -> None:
    response = client.post("/graphql", content=body, headers=JSON)
    assert response.status_code == 400
    assert "send each request separately" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"query": "{ a }", "query": "{ __typename }"}',
        b'{"query": "{ __typename }", "qu\\u0065ry": "{ a }"}',
        b'{"query": "{ __typename }", "other": 1, "other": 1}',
        b'{"query": "{ __typename }", "variables": {"a": {"b": [{"c": 1, "d": 2, "c": 3}]}}}',
        b'{"query": "{ __typename }", "extensions": {"": 1, "": 2}}',
    ],
)
def test_a_duplicate_key_is_refused_at_any_depth(client: TestClient, body: bytes) -> None:
    response = client.post("/graphql", content=body, headers=JSON)
    assert (response.status_code, code(response)) == (400, "BAD_INPUT")
    assert "twice; send each key once" in response.json()["errors"][0]["message"]


def test_a_long_duplicate_key_is_shortened_in_the_message(client: TestClient) -> None:
    body = b'{"query": "{ __typename }", "%b": 1, "%b": 2}' % (b"k" * 10_000, b"k" * 10_000)
    assert len(client.post("/graphql", content=body, headers=JSON).content) < 1_000


def test_the_same_key_in_two_objects_is_allowed(client: TestClient) -> None:
    body = b'{"query": "{ __typename }", "variables": {"query": [{"a": 1}, {"a": 1}]}}'
    assert client.post("/graphql", content=body, headers=JSON).json()["data"] == {"__typename": "Query"}


def test_checking_keys_takes_linear_time() -> None:
    """Test many objects, many keys in one object, and a long key."""
    for piece in ('{"a":[%s]}', '{"a":{%s}}', '{"%s":1}'):
        small, large = (fastest(document(piece, size)) for size in (20_000, 40_000))
        assert large < 3 * small


def document(piece: str, size: int) -> str:
    filling = {"[": ",".join(["{}"] * (size // 3)), "{": ",".join(f'"{number}":1' for number in range(size // 9))}
    return piece % filling.get(piece[5], "k" * size)


def fastest(document: str) -> float:
    """Return seconds of CPU time, which does not depend on other processes."""
    return min(timeit.repeat(lambda: reject_duplicate_keys(document), number=1, repeat=15, timer=time.process_time))


@pytest.mark.parametrize("body", [b'{"query": "\xff\xfe"}', b'{"query": "{ __typename }", "\xff": 1}', "{'ü'}".encode("latin-1")])
def test_a_body_that_is_not_utf_8_gets_our_own_message(client: TestClient, body: bytes) -> None:
    message = client.post("/graphql", content=body, headers=JSON).json()["errors"][0]["message"]
    assert "not valid UTF-8 from byte" in message
    assert "codec" not in message


def test_a_large_body_is_parsed_off_the_event_loop(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []
    parse = graphql_request._parse_body

    def record_thread(body: bytes) -> graphql_request.GraphQLRequest:
        threads.append(threading.get_ident())
        return parse(body)

    monkeypatch.setattr(graphql_request, "_parse_body", record_thread)
    for size in (INLINE_BODY_BYTES, INLINE_BODY_BYTES + 1):
        assert client.post("/graphql", content=TYPENAME.ljust(size), headers=JSON).status_code == 200
    assert client.portal
    loop = client.portal.call(threading.get_ident)
    assert threads[0] == loop != threads[1]


def test_a_body_that_is_too_large_is_refused(client: TestClient) -> None:
    largest = TYPENAME.ljust(BODY_LIMIT)
    assert client.post("/graphql", content=largest, headers=JSON).status_code == 200
    response = client.post("/graphql", content=largest + b" ", headers=JSON)
    assert response.status_code == 413
    assert code(response) == "TOO_LARGE"


@pytest.mark.parametrize("value", ["{}", "[]", "1", '{"a":1}'])
def test_a_body_with_too_many_values_is_refused_before_parsing(client: TestClient, value: str) -> None:
    values = ",".join([value] * (SEPARATOR_LIMIT + 1))
    body = f'{{"query": "{{ __typename }}", "variables": {{"a": [{values}]}}}}'
    response = client.post("/graphql", content=body, headers=JSON)
    assert (response.status_code, code(response)) == (413, "TOO_LARGE")
    assert response.json()["errors"][0]["extensions"]["limit"] == SEPARATOR_LIMIT


def test_a_body_without_a_length_is_refused_while_it_arrives(client: TestClient) -> None:
    chunk_sizes: list[int] = []

    def endless() -> Iterator[bytes]:
        while len(chunk_sizes) < 1000:
            chunk_sizes.append(65_536)
            yield b" " * 65_536

    response = client.post("/graphql", content=endless(), headers=JSON)
    assert response.status_code == 413
    assert "connection" not in response.headers  # closing with unread input would discard the response


def test_an_incomplete_body_is_refused() -> None:
    events: list[dict[str, object]] = [
        {"type": "http.request", "body": TYPENAME[:9], "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, object]:
        return events.pop(0)

    request = HttpRequest({"type": "http", "method": "POST"}, receive, {b"content-type": b"application/json"})
    with pytest.raises(Refusal, match="before the whole body arrived") as refused:
        asyncio.run(read_graphql_request(request, RateLimiter(0, (), b"key", Windows())))
    assert refused.value.status == 408  # as web/server/connection.py answers if the client is too slow


def test_the_first_value_of_a_repeated_header_applies_and_lists_are_joined() -> None:
    pairs = [(b"a", b"1"), (b"accept", b"x"), (b"cookie", b"b=c"), (b"a", b"2"), (b"cookie", b"d=e"), (b"accept", b"y")]
    assert collect_headers(pairs) == {b"a": b"1", b"accept": b"x,y", b"cookie": b"b=c;d=e"}
    assert collect_headers(pairs[:3]) == dict(pairs[:3])


@pytest.mark.parametrize("length", [str(BODY_LIMIT + 1), "9" * 100])
def test_a_content_length_that_is_too_large_is_refused_without_reading(client: TestClient, length: str) -> None:
    response = client.post("/graphql", content=b"", headers={**JSON, "Content-Length": length})
    assert response.status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/graphql"},
        {"Content-Type": "application/graphql-response+json"},
        {"Content-Type": "application/jsonp"},
        {"Content-Type": "application/json, text/plain"},
        {"Content-Type": ""},
        {"Content-Type": ";;;"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json; charset=utf-8; charset=latin1"},
        {"Content-Type": "application/json; charset="},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {"Content-Type": "application/json", "Content-Encoding": "identity, br"},
    ],
)
def test_other_content_types_are_refused(client: TestClient, headers: dict[str, str]) -> None:
    response = client.post("/graphql", content=TYPENAME, headers=headers)
    assert response.status_code == 415
    assert code(response) == "BAD_INPUT"


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "APPLICATION/JSON; charset=UTF-8",
        'application/json; charset="utf-8"',
        "application/json;charset=utf8;version=1",
        "application/json;",
    ],
)
def test_every_spelling_of_the_content_type_is_accepted(client: TestClient, kind: str) -> None:
    response = client.post("/graphql", content=TYPENAME, headers={"Content-Type": kind, "Content-Encoding": "Identity"})
    assert response.json()["data"] == {"__typename": "Query"}


def test_unknown_parameters_are_ignored(client: TestClient) -> None:
    response = client.post("/graphql", json={"query": "{ __typename }", "id": 3, "query2": []})
    assert response.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    "query_string",
    [
        "",
        "query=",
        "query",
        "documentId=",
        "query={__typename}&variables=x",
        "query={__typename}&variables=[1]",
        "query={__typename}&variables=%22%22",
        "query={__typename}&extensions=3",
        "query={__typename}&query={__typename}",
        "query={__typename}&variables={%22a%22:1,%22a%22:2}",
        "query={__typename}&extensions={%22a%22:{%22b%22:1,%22b%22:1}}",
        "query={__typename}&variables={}&variables={}",
        "query=%FF%FE{&variables=%FF",
        "query=%ED%A0%80",
        "query={__typename}&variables={%22a%22:" + "[" * 10_000 + "]" * 10_000 + "}",
        "query={__typename}" + "&a=1" * 30,
    ],
)
def test_an_invalid_query_string_is_refused(client: TestClient, query_string: str) -> None:
    response = client.get(f"/graphql?{query_string}")
    assert response.status_code == 400
    assert code(response) == "BAD_INPUT"


@pytest.mark.parametrize(
    "query_string",
    [
        "query={__typename}",
        "query=%7B%5F%5Ftypename%7D&variables=&operationName=&extensions=",
        "query={__typename}&variables=null&extensions={}",
        "query={+__typename+}&other=1",
    ],
)
def test_a_valid_query_string_is_answered(client: TestClient, query_string: str) -> None:
    assert client.get(f"/graphql?{query_string}").json()["data"] == {"__typename": "Query"}


def test_a_query_string_that_is_too_long_is_refused(client: TestClient) -> None:
    response = client.get(f"/graphql?query={'a' * QUERY_STRING_LIMIT}")
    assert response.status_code == 414
    assert code(response) == "TOO_LARGE"
