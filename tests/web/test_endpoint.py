"""/graphql: what cannot be read is refused in JSON, never with a 500."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from web.endpoint import BODY_LIMIT

JSON = {"Content-Type": "application/json"}
GRAPHQL_JSON = "application/graphql-response+json"


def code(response: Any) -> str:
    assert response.headers["content-type"].endswith("; charset=utf-8")
    return str(response.json()["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"{",
        b"null",
        b"[]",
        b"3",
        b"NaN",
        b'"{ network { name } }"',
        b'{"query": 3}',
        b'{"query": null}',
        b'{"query": ""}',
        b'{"variables": {}}',
        b'{"query": "{ __typename }", "variables": "{}"}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "variables": {"a": NaN}}',
        b'{"query": "{ __typename }", "variables": {"a": Infinity}}',
        b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 5000 + b"}}",
        b'{"query": "{ __typename }", "operationName": 7}',
        b'{"query": "{ __typename }", "extensions": "x"}',
        b'{"query": "{ __typename }"} trailing',
        b'{"query": "\xff\xfe"}',
        b'{"query": "\\ud800"}',
        "{'query': 'ü'}".encode("latin-1"),
        '{"query": "{ __typename }"}'.encode("utf-16"),
        b'{"query": "{ __typename }", "variables": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        b"\x00" * 100,
    ],
)
def test_bodies_that_cannot_be_read(client: TestClient, body: bytes) -> None:
    response = client.post("/graphql", content=body, headers=JSON)
    assert response.status_code == 400
    assert code(response) == "BAD_INPUT"
    assert "data" not in response.json()


def test_a_body_that_is_too_large(client: TestClient) -> None:
    most = b'{"query": "{ __typename }"}'.ljust(BODY_LIMIT)
    assert client.post("/graphql", content=most, headers=JSON).status_code == 200
    response = client.post("/graphql", content=most + b" ", headers=JSON)
    assert response.status_code == 413
    assert code(response) == "TOO_LARGE"


def test_a_body_without_a_length_is_counted_as_it_comes(client: TestClient) -> None:
    response = client.post("/graphql", content=(b" " * 65_536 for _ in range(1000)), headers=JSON)
    assert response.status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/graphql"},
        {"Content-Type": ""},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_other_media_types_are_refused(client: TestClient, headers: dict[str, str]) -> None:
    response = client.post("/graphql", content=b'{"query": "{ __typename }"}', headers=headers)
    assert response.status_code == 415
    assert code(response) == "BAD_INPUT"


@pytest.mark.parametrize("kind", ["application/json", "APPLICATION/JSON; charset=UTF-8", 'application/json; charset="utf-8"'])
def test_json_is_taken_however_it_is_said(client: TestClient, kind: str) -> None:
    response = client.post("/graphql", content=b'{"query": "{ __typename }"}', headers={"Content-Type": kind})
    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    response = client.request(method, "/graphql")
    assert response.status_code == 405
    assert {"GET", "HEAD", "POST"} == set(response.headers["allow"].split(", "))
    assert code(response) == "BAD_INPUT"


@pytest.mark.parametrize(
    "credentials",
    [{"Authorization": "Bearer x"}, {"Authorization": ""}, {"Authorization": "Basic eDp5"}, {"Cookie": "session=x"}],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_any_credential_is_refused(client: TestClient, method: str, credentials: dict[str, str]) -> None:
    response = client.request(method, "/graphql", params={"query": "{ __typename }"}, headers=credentials)
    assert response.status_code == 401
    assert response.headers["www-authenticate"]
    assert code(response) == "UNAUTHENTICATED"


def test_get(client: TestClient) -> None:
    document = "query A($n: Int) { organizations(first: $n) { nodes { name } } } query B { __typename }"
    response = client.get("/graphql", params={"query": document, "variables": '{"n": 1}', "operationName": "A"})
    assert response.status_code == 200
    assert response.json() == {"data": {"organizations": {"nodes": [{"name": "Harbor Tenants Union"}]}}}


@pytest.mark.parametrize(
    "parameters", [{}, {"query": ""}, {"query": "{ __typename }", "variables": "x"}, {"query": "{ a }", "variables": "[1]"}]
)
def test_get_that_cannot_be_read(client: TestClient, parameters: dict[str, str]) -> None:
    response = client.get("/graphql", params=parameters)
    assert response.status_code == 400
    assert code(response) == "BAD_INPUT"


def test_get_with_bytes_that_are_no_text(client: TestClient) -> None:
    response = client.get("/graphql?query=%FF%FE{&variables=%FF")
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("document", "told"), [("{", "BAD_SYNTAX"), ("{ nothing }", "NOT_VALID"), ("mutation { a }", "NOT_VALID")]
)
def test_a_refused_document_by_media_type(client: TestClient, document: str, told: str) -> None:
    plain = client.post("/graphql", json={"query": document})
    assert (plain.status_code, code(plain)) == (200, told)
    newer = client.post("/graphql", json={"query": document}, headers={"Accept": GRAPHQL_JSON})
    assert (newer.status_code, code(newer)) == (400, told)
    assert newer.headers["content-type"].startswith(GRAPHQL_JSON)
    assert "data" not in newer.json()


def test_a_refused_field_is_told_beside_the_data(client: TestClient) -> None:
    response = client.post("/graphql", json={"query": "{ organizations(first: 0) { totalCount } viewer { audience } }"})
    assert response.status_code == 200
    assert response.json()["data"] == {"organizations": None, "viewer": {"audience": "PUBLIC"}}
    assert code(response) == "BAD_INPUT"


def test_only_what_is_public_is_there(client: TestClient) -> None:
    document = '{ organization(by: {slug: "members-only-circle"}) { name } organizations { totalCount } }'
    response = client.post("/graphql", json={"query": document})
    assert response.json()["data"]["organization"] is None
    assert response.json()["data"]["organizations"] == {"totalCount": 1}
    assert "Circle" not in response.text


def test_unknown_parameters_are_not_read(client: TestClient) -> None:
    response = client.post("/graphql", json={"query": "{ __typename }", "id": 3, "query2": []})
    assert response.json() == {"data": {"__typename": "Query"}}
