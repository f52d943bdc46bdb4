"""/graphql: methods, credentials, and the status and media type of every kind of answer."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from directory.live import Directory
from schema.limits import Limits
from tests.web.conftest import code
from web.http import caching
from web.http.graphql_endpoint import METHODS, GraphQLEndpoint
from web.http.graphql_request import INCLUDED_PARSING_POINTS
from web.http.trusted_documents import TrustedDocuments
from web.server.rate_limit import NOT_MODIFIED_POINTS, PARSING_POINTS_KEY, REFUSAL_POINTS, RateLimiter, Windows

GRAPHQL_JSON = "application/graphql-response+json"
QUERY = {"query": "{ __typename }"}
ANSWER = {"__typename": "Query"}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    response = client.request(method, "/graphql")
    assert response.status_code == 405
    assert {"GET", "HEAD", "OPTIONS", "POST"} == set(response.headers["allow"].split(", "))
    assert code(response) == "BAD_INPUT"


def test_options_lists_the_allowed_methods(client: TestClient) -> None:
    response = client.options("/graphql")
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_head_has_the_headers_of_get(client: TestClient) -> None:
    head, get = client.head("/graphql", params=QUERY), client.get("/graphql", params=QUERY)
    assert head.status_code == get.status_code == 200
    assert head.headers == get.headers


@pytest.mark.parametrize(
    "credentials",
    [{"Authorization": "Bearer x"}, {"Authorization": ""}, {"Authorization": "Basic eDp5"}, {"Cookie": "session=x"}],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_credentials_are_refused(client: TestClient, method: str, credentials: dict[str, str]) -> None:
    response = client.request(method, "/graphql", params=QUERY, headers=credentials)
    assert response.status_code == 401
    assert response.headers["www-authenticate"]
    assert response.headers["cache-control"] == "private, no-store"
    assert method == "HEAD" or code(response) == "UNAUTHENTICATED"


@pytest.mark.parametrize("cookie", ["a=b; session=x", ' session = "x"', "a=b;session=", "session", "a; session ;b"])
def test_a_session_cookie_is_found_among_others(client: TestClient, cookie: str) -> None:
    assert client.get("/graphql", params=QUERY, headers={"Cookie": cookie}).status_code == 401


@pytest.mark.parametrize("cookie", ["sessions=x", "a=session", "a=b session=x", "mysession=x;session_id=x"])
def test_other_cookies_are_ignored(client: TestClient, cookie: str) -> None:
    assert client.get("/graphql", params=QUERY, headers={"Cookie": cookie}).status_code == 200


def test_values_of_cookies_are_not_decoded(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The standard library takes quadratic time for escapes: 10 s for 120,000 of them."""
    decoded = list[str]()
    monkeypatch.setattr("http.cookies._unquote", decoded.append)
    assert client.get("/graphql", params=QUERY, headers={"Cookie": 'a="' + "\\" * 100 + '"'}).status_code == 200
    assert decoded == []


def test_get(client: TestClient) -> None:
    document = "query A($n: Int) { organizations(first: $n) { nodes { name } } } query B { __typename }"
    response = client.get("/graphql", params={"query": document, "variables": '{"n": 1}', "operationName": "A"})
    assert response.status_code == 200
    assert response.json()["data"] == {"organizations": {"nodes": [{"name": "Harbor Tenants Union"}]}}


@pytest.mark.parametrize("accept", ["application/json", GRAPHQL_JSON, "*/*", f"{GRAPHQL_JSON}, application/json;q=0.9"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_has_the_requested_media_type(client: TestClient, method: str, accept: str) -> None:
    body = {"json": QUERY} if method == "POST" else {}
    response = client.request(method, "/graphql", headers={"Accept": accept}, params=QUERY, **body)  # type: ignore[arg-type]
    expected = GRAPHQL_JSON if GRAPHQL_JSON in accept else "application/json"
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{expected}; charset=utf-8"
    assert response.json()["data"] == ANSWER


def test_a_header_in_two_lines_is_joined(client: TestClient) -> None:
    response = client.post("/graphql", json=QUERY, headers=[("Accept", "text/html"), ("Accept", GRAPHQL_JSON)])
    assert response.headers["content-type"].startswith(GRAPHQL_JSON)


@pytest.mark.parametrize("accept", ["text/html", "image/png", "application/json;q=0"])
def test_an_unacceptable_media_type_is_refused(client: TestClient, accept: str) -> None:
    response = client.post("/graphql", json=QUERY, headers={"Accept": accept})
    assert response.status_code == 406
    assert code(response) == "BAD_INPUT"


def test_a_browser_is_redirected_to_the_explorer(client: TestClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    response = client.get("/graphql", headers=browser, follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (303, "/graphiql")
    assert client.get("/graphql", params=QUERY, headers=browser).json()["data"] == ANSWER


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"query": "{"}, "BAD_SYNTAX"),
        ({"query": "{}"}, "BAD_SYNTAX"),
        ({"query": "{ }"}, "BAD_SYNTAX"),
        ({"query": "{ network { } }"}, "BAD_SYNTAX"),
        ({"query": "{ nothing }"}, "NOT_VALID"),
        ({"query": "mutation { a }"}, "NOT_VALID"),
        ({"query": "query A { __typename } query B { __typename }"}, "BAD_INPUT"),
        ({"query": "query A { __typename }", "operationName": "B"}, "BAD_INPUT"),
        ({"query": "query A($n: Int!) { organizations(first: $n) { totalCount } }"}, "BAD_INPUT"),
        ({"query": "query A($n: Int!) { organizations(first: $n) { totalCount } }", "variables": {"n": "x"}}, "BAD_INPUT"),
        ({"query": "query A($n: Int!) { organizations(first: $n) { totalCount } }", "variables": {"n": 2**31}}, "BAD_INPUT"),
        ({"query": "query A($n: Int!) { organizations(first: $n) { totalCount } }", "variables": {"n": 10**300}}, "BAD_INPUT"),
    ],
)
def test_the_status_of_a_refused_document_depends_on_the_media_type(
    client: TestClient, body: dict[str, object], expected: str
) -> None:
    plain = client.post("/graphql", json=body)
    assert (plain.status_code, code(plain)) == (200, expected)
    newer = client.post("/graphql", json=body, headers={"Accept": GRAPHQL_JSON})
    assert (newer.status_code, code(newer)) == (400, expected)
    assert newer.headers["content-type"].startswith(GRAPHQL_JSON)
    assert "data" not in newer.json()
    assert "data" not in plain.json()


def test_an_unreadable_request_gets_the_requested_media_type(client: TestClient) -> None:
    response = client.post("/graphql", content=b"", headers={"Accept": GRAPHQL_JSON, "Content-Type": "application/json"})
    assert response.status_code == 400
    assert response.headers["content-type"].startswith(GRAPHQL_JSON)


@pytest.mark.parametrize(
    ("document", "operation"),
    [
        ("mutation { a }", None),
        ("mutation { __typename }", None),
        ("subscription A { a }", "A"),
        ("query A { __typename } mutation B { a }", "B"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_get_refuses_mutations(client: TestClient, method: str, document: str, operation: str | None) -> None:
    response = client.request(method, "/graphql", params={"query": document, "operationName": operation or ""})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "document",
    [
        "{ mutation: __typename }",
        "# mutation\n{ __typename }",
        '{ __typename @include(if: true) ... @skip(if: false) { __typename } } # "subscription"',
    ],
)
def test_the_word_mutation_alone_is_allowed(client: TestClient, document: str) -> None:
    assert client.get("/graphql", params={"query": document}).status_code == 200


def test_looking_for_a_mutation_is_charged(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    spent = list[int]()
    monkeypatch.setattr(RateLimiter, "spend", lambda _self, scope, cost: spent.append(cost + scope.get(PARSING_POINTS_KEY, 0)))
    document = f"{{ {'__typename ' * 500} ...F }} # mutation"
    tag = '"x"'
    monkeypatch.setattr(caching, "compute_etag", lambda *_: tag)
    assert client.get("/graphql", params={"query": document}, headers={"If-None-Match": tag}).status_code == 304
    assert spent[0] > 10 * NOT_MODIFIED_POINTS


def test_a_failed_field_is_reported_with_the_data(client: TestClient) -> None:
    response = client.post("/graphql", json={"query": "{ organizations(first: 0) { totalCount } viewer { audience } }"})
    assert response.status_code == 200
    assert response.json()["data"] == {"organizations": None, "viewer": {"audience": "PUBLIC"}}
    assert code(response) == "BAD_INPUT"


def test_only_public_records_are_returned(client: TestClient) -> None:
    document = '{ organization(by: {slug: "members-only-circle"}) { name } organizations { totalCount } }'
    response = client.post("/graphql", json={"query": document})
    assert response.json()["data"]["organization"] is None
    assert response.json()["data"]["organizations"] == {"totalCount": 1}
    assert "Circle" not in response.text


@pytest.mark.parametrize("headers", [{"Accept": "text/html"}, {"Accept": "image/png"}, {"Cookie": "session=x"}])
def test_nothing_is_examined_for_a_client_without_points(directory: Directory, headers: dict[str, str]) -> None:
    """A redirect to the explorer is charged too."""
    graphql = GraphQLEndpoint(directory, TrustedDocuments(), Limits(), RateLimiter(2 * REFUSAL_POINTS, (), b"key", Windows()))
    client = TestClient(Starlette(routes=[Route("/graphql", graphql, methods=METHODS)]), follow_redirects=False)
    statuses = [client.get("/graphql", headers=headers).status_code for _ in range(4)]
    assert 429 not in statuses[:2]
    assert statuses[2:] == [429, 429]


@pytest.mark.parametrize("query_string", ["a&" * 32_000, "%e9&" * 16_000])
def test_a_long_query_string_is_not_parsed(client: TestClient, monkeypatch: pytest.MonkeyPatch, query_string: str) -> None:
    decoded = list[str]()
    for module in ("starlette.datastructures", "web.http.request_parsing"):
        monkeypatch.setattr(f"{module}.parse_qsl", decoded.append)
    for accept in ("text/html", "*/*"):
        response = client.get(f"/graphql?{query_string}", headers={"Accept": accept}, follow_redirects=False)
        assert response.status_code == (303 if accept == "text/html" else 414)
    assert decoded == []


def test_parsing_many_small_values_is_charged(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values that take longer to parse than a small answer takes, however small the body is; longer text costs nothing."""
    points = list[int]()
    monkeypatch.setattr(RateLimiter, "spend", lambda _self, scope, _cost: points.append(scope.get(PARSING_POINTS_KEY, 0)))
    values: list[Any] = [[{}] * 5_000, "a" * 4_000]
    for value in values:
        client.post("/graphql", json={**QUERY, "variables": {"a": value}})
    client.get(f"/graphql?query=%7B__typename%7D&variables={'%20' * 10_000}")
    assert min(points[0], points[2]) > INCLUDED_PARSING_POINTS
    assert points[1] == 0
