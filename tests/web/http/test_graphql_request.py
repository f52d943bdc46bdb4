"""Reading a request: what cannot be read is refused in JSON, never with a 500."""

import asyncio
import gzip
import threading
import time
import timeit
from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from tests.web.conftest import code
from web.http import graphql_request
from web.http.graphql_request import BODY_LIMIT, INLINE_BODY_BYTES, QUERY_STRING_LIMIT, SEPARATOR_LIMIT, read_graphql_request
from web.http.json_keys import reject_duplicate_keys
from web.http.responses import Refusal

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
def test_bodies_that_cannot_be_read(client: TestClient, body: bytes) -> None:
    response = client.post("/graphql", content=body, headers=JSON)
    assert response.status_code == 400
    assert code(response) == "BAD_INPUT"
    assert "data" not in response.json()


@pytest.mark.parametrize("body", [b"[]", b"[" + TYPENAME + b"]", b" \n[1]"])
def test_several_requests_in_one_are_refused_with_a_sentence(client: TestClient, body: bytes) -> None:
    response = client.post("/graphql", content=body, headers=JSON)
    assert response.status_code == 400
    assert "send each by itself" in response.json()["errors"][0]["message"]


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
def test_a_key_given_twice_is_rejected_wherever_it_is(client: TestClient, body: bytes) -> None:
    response = client.post("/graphql", content=body, headers=JSON)
    assert (response.status_code, code(response)) == (400, "BAD_INPUT")
    assert "twice; send each key once" in response.json()["errors"][0]["message"]


def test_a_long_key_given_twice_is_not_quoted_whole(client: TestClient) -> None:
    body = b'{"query": "{ __typename }", "%b": 1, "%b": 2}' % (b"k" * 10_000, b"k" * 10_000)
    assert len(client.post("/graphql", content=body, headers=JSON).content) < 1_000


def test_a_key_of_two_objects_is_not_given_twice(client: TestClient) -> None:
    body = b'{"query": "{ __typename }", "variables": {"query": [{"a": 1}, {"a": 1}]}}'
    assert client.post("/graphql", content=body, headers=JSON).json()["data"] == {"__typename": "Query"}


def test_checking_keys_takes_time_in_proportion() -> None:
    """The most objects, the most keys of one object, and keys that begin alike."""
    for piece in ('{"a":[%s]}', '{"a":{%s}}', '{"%s":1}'):
        longest = [fastest(document(piece, size)) for size in (20_000, 40_000)]
        assert longest[1] < 3 * longest[0]


def document(piece: str, size: int) -> str:
    filling = {"[": ",".join(["{}"] * (size // 3)), "{": ",".join(f'"{number}":1' for number in range(size // 9))}
    return piece % filling.get(piece[5], "k" * size)


def fastest(document: str) -> float:
    """Seconds of the processor, which other processes do not change."""
    return min(timeit.repeat(lambda: reject_duplicate_keys(document), number=1, repeat=15, timer=time.process_time))


@pytest.mark.parametrize("body", [b'{"query": "\xff\xfe"}', b'{"query": "{ __typename }", "\xff": 1}', "{'ü'}".encode("latin-1")])
def test_a_body_that_is_not_utf_8_gets_a_sentence_of_our_own(client: TestClient, body: bytes) -> None:
    message = client.post("/graphql", content=body, headers=JSON).json()["errors"][0]["message"]
    assert "not valid UTF-8 from byte" in message
    assert "codec" not in message


def test_a_large_body_is_parsed_off_the_event_loop(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []
    parse = graphql_request._parse_body

    def noting(body: bytes) -> graphql_request.GraphQLRequest:
        threads.append(threading.get_ident())
        return parse(body)

    monkeypatch.setattr(graphql_request, "_parse_body", noting)
    for size in (INLINE_BODY_BYTES, INLINE_BODY_BYTES + 1):
        assert client.post("/graphql", content=TYPENAME.ljust(size), headers=JSON).status_code == 200
    assert client.portal
    loop = client.portal.call(threading.get_ident)
    assert threads[0] == loop != threads[1]


def test_a_body_that_is_too_large(client: TestClient) -> None:
    most = TYPENAME.ljust(BODY_LIMIT)
    assert client.post("/graphql", content=most, headers=JSON).status_code == 200
    response = client.post("/graphql", content=most + b" ", headers=JSON)
    assert response.status_code == 413
    assert code(response) == "TOO_LARGE"


@pytest.mark.parametrize("value", ["{}", "[]", "1", '{"a":1}'])
def test_a_body_of_very_many_values_is_refused_before_they_are_parsed(client: TestClient, value: str) -> None:
    values = ",".join([value] * (SEPARATOR_LIMIT + 1))
    body = f'{{"query": "{{ __typename }}", "variables": {{"a": [{values}]}}}}'
    response = client.post("/graphql", content=body, headers=JSON)
    assert (response.status_code, code(response)) == (413, "TOO_LARGE")
    assert response.json()["errors"][0]["extensions"]["limit"] == SEPARATOR_LIMIT


def test_a_body_without_a_length_is_refused_while_it_comes(client: TestClient) -> None:
    sent: list[int] = []

    def endless() -> Iterator[bytes]:
        while len(sent) < 1000:
            sent.append(65_536)
            yield b" " * 65_536

    response = client.post("/graphql", content=endless(), headers=JSON)
    assert response.status_code == 413
    assert "connection" not in response.headers  # closing over what is still to come would take the answer from the client


def test_a_body_that_breaks_off_is_no_fault_of_ours() -> None:
    events: list[dict[str, object]] = [
        {"type": "http.request", "body": TYPENAME[:9], "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, object]:
        return events.pop(0)

    request = Request({"type": "http", "method": "POST", "headers": [(b"content-type", b"application/json")]}, receive)
    with pytest.raises(Refusal, match="before the body was whole"):
        asyncio.run(read_graphql_request(request))


@pytest.mark.parametrize("length", [str(BODY_LIMIT + 1), "9" * 100])
def test_a_length_that_is_too_large_is_refused_before_anything_is_read(client: TestClient, length: str) -> None:
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
def test_other_forms_are_refused(client: TestClient, headers: dict[str, str]) -> None:
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
def test_json_is_taken_however_it_is_said(client: TestClient, kind: str) -> None:
    response = client.post("/graphql", content=TYPENAME, headers={"Content-Type": kind, "Content-Encoding": "Identity"})
    assert response.json()["data"] == {"__typename": "Query"}


def test_unknown_parameters_are_not_read(client: TestClient) -> None:
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
def test_addresses_that_cannot_be_read(client: TestClient, query_string: str) -> None:
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
def test_addresses_that_can(client: TestClient, query_string: str) -> None:
    assert client.get(f"/graphql?{query_string}").json()["data"] == {"__typename": "Query"}


def test_an_address_that_is_too_long(client: TestClient) -> None:
    response = client.get(f"/graphql?query={'a' * QUERY_STRING_LIMIT}")
    assert response.status_code == 414
    assert code(response) == "TOO_LARGE"
