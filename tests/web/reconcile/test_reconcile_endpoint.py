"""The service over HTTP: manifest, refusals, CORS and rate limits."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from directory.records import OrganizationKind
from tests.web.conftest import LogReader, code, put
from tests.web.reconcile.conftest import HERON, NAMESAKE, SECRET, TENANTS, ReconcileClient
from web.app import create_app
from web.reconcile.limits import ADVISED_BATCH_SIZE, BATCH_LIMIT, BODY_BYTES, EXTENSION_LIMIT
from web.reconcile.properties import PROPERTIES
from web.settings import Settings

PATHS = (
    "/reconcile",
    "/reconcile/suggest/entity?prefix=harbor",
    "/reconcile/properties",
    f"/reconcile/organizations/{TENANTS.id}",
)
PAGE = "https://example.org"


def test_the_manifest(client: TestClient) -> None:
    manifest = client.get("/reconcile").json()
    assert manifest["versions"] == ["0.2"]
    assert "All Together Network" in manifest["name"]
    assert manifest["defaultTypes"] == [{"id": "organization", "name": "Organization"}]
    assert manifest["batchSize"] == ADVISED_BATCH_SIZE <= BATCH_LIMIT
    assert manifest["identifierSpace"].startswith("http://localhost/reconcile")
    assert manifest["schemaSpace"] == "https://schema.org/Organization"
    assert "{{id}}" in manifest["view"]["url"]


def test_every_address_in_the_manifest_answers(client: TestClient) -> None:
    manifest = client.get("/reconcile").json()
    for service in (*manifest["suggest"].values(), manifest["extend"]["propose_properties"]):
        response = client.get(service["service_url"] + service["service_path"], params={"prefix": "h", "type": "organization"})
        assert response.status_code == 200
    shown = client.get(manifest["view"]["url"].replace("{{id}}", TENANTS.id), follow_redirects=True)
    assert f"<h1>{TENANTS.name}</h1>" in shown.text


def test_the_manifest_has_public_addresses(directory: Directory) -> None:
    with TestClient(create_app(directory, Settings(https=True)), base_url="http://localhost:8443") as client:
        assert client.get("/reconcile").json()["view"]["url"].startswith("https://localhost:8443/reconcile/")


def test_queries_may_be_in_the_query_string(client: TestClient, reconcile: ReconcileClient) -> None:
    queries = {"q0": {"query": "Harbor Tenants Union"}}
    response = client.get("/reconcile", params={"queries": json.dumps(queries), "callback": "jQuery123"})
    assert response.json() == reconcile.post("queries", queries).json()
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert not response.text.startswith("jQuery")


def test_properties_are_returned(reconcile: ReconcileClient) -> None:
    body = reconcile.extend([TENANTS.id, "unknown", SECRET.id], "name", "ein", "city", "founded", "phone", "street", "other")
    assert [one["id"] for one in body["meta"]] == ["name", "ein", "city", "founded", "phone", "street", "other"]
    assert all(one["name"] for one in body["meta"])
    assert body["rows"][TENANTS.id] == {
        "name": [{"str": "Harbor Tenants Union"}],
        "ein": [{"str": "52-1633883"}],
        "city": [{"str": "Atlanta"}],
        "founded": [{"int": 1998}],
        "phone": [{"str": "+14045550142"}],
        "street": [{"str": "12 Larkspur Street"}],
        "other": [],
    }
    assert body["rows"][SECRET.id] == body["rows"]["unknown"]
    assert not any(body["rows"]["unknown"].values())


def test_all_properties_of_all_organizations(reconcile: ReconcileClient) -> None:
    body = reconcile.extend([TENANTS.id, HERON.id, NAMESAKE.id], *PROPERTIES)
    assert body["rows"][HERON.id]["membership"] == [{"str": "Prospective members"}]
    assert body["rows"][TENANTS.id]["issue_areas"] == [{"str": "Housing"}]
    assert "street" not in str(body["rows"][HERON.id]["street"])
    assert "0177" not in str(body)


def test_properties_are_proposed(client: TestClient) -> None:
    body = client.get("/reconcile/properties", params={"type": "organization", "limit": 3}).json()
    assert body["type"] == "organization"
    assert [one["id"] for one in body["properties"]] == ["id", "slug", "name"]
    assert len(client.get("/reconcile/properties", params={"limit": "x"}).json()["properties"]) == len(PROPERTIES)


@pytest.mark.parametrize(
    ("kind", "prefix", "ids"),
    [
        ("entity", "harb", {TENANTS.id, NAMESAKE.id}),
        ("entity", "blue hero", {HERON.id}),
        ("entity", TENANTS.id, {TENANTS.id}),
        ("entity", "marigold", set()),
        ("entity", "", set()),
        ("entity", '"', set()),
        ("entity", "x " * 150, set()),
        ("property", "zip", {"postal_code"}),
        ("property", "e-mail", {"email"}),
        ("type", "union", {"UNION"}),
        ("type", "", {"organization", *OrganizationKind}),
    ],
)
def test_suggestions(client: TestClient, kind: str, prefix: str, ids: set[str]) -> None:
    suggestions = client.get(f"/reconcile/suggest/{kind}", params={"prefix": prefix}).json()["result"]
    assert {one["id"] for one in suggestions} == ids
    assert all(one["name"] for one in suggestions)


def test_suggestions_continue_from_a_cursor(client: TestClient) -> None:
    whole, rest = (
        client.get("/reconcile/suggest/entity", params={"prefix": "harbor", "cursor": cursor}).json()["result"]
        for cursor in (0, 1)
    )
    assert rest == whole[1:]
    for wrong in ("-1", "x", "91", "9" * 30, "٣"):
        assert client.get("/reconcile/suggest/entity", params={"prefix": "h", "cursor": wrong}).status_code == 400


INVALID_BATCHES: list[Any] = [
    "",
    "nonsense",
    "[]",
    "null",
    "7",
    '{"q0": {}}',
    '{"q0": {"query": ""}}',
    '{"q0": {"query": 7}}',
    '{"q0": {"query": "x", "limit": 0}}',
    '{"q0": {"query": "x", "limit": "x"}}',
    '{"q0": {"query": "x", "limit": NaN}}',
    '{"q0": {"query": "x", "properties": [{"v": 1}]}}',
    '{"q0": {"query": "x", "properties": {"pid": "city", "v": 1}}}',
    '{"q0": {"query": "x", "properties": [{"pid": "city", "v": [[1]]}]}}',
    json.dumps({"q0": {"query": "x", "properties": [{"pid": "city", "v": "x"}] * 21}}),
    json.dumps({"q0": {"query": "x", "properties": [{"pid": "phone", "v": ["1"] * 11}]}}),
    '{"q0": {"query": "x", "type": ' + "[" * 20_000 + "]" * 20_000 + "}}",
    '{"q0": {"query": "x"',
    '{"q0": {"query": "x"}, "q0": {"query": "y"}}',
]


@pytest.mark.parametrize("batch", INVALID_BATCHES)
def test_an_invalid_batch_is_refused(reconcile: ReconcileClient, batch: str) -> None:
    response = reconcile.post("queries", batch)
    assert (response.status_code, code(response)) == (400, "BAD_INPUT")


@pytest.mark.parametrize(
    "extension", ["", "[]", "{}", '{"ids": [7], "properties": []}', '{"ids": ["x"]}', '{"ids": "x", "properties": []}']
)
def test_an_invalid_extension_is_refused(reconcile: ReconcileClient, extension: str) -> None:
    response = reconcile.post("extend", extension)
    assert (response.status_code, code(response)) == (400, "BAD_INPUT")


@pytest.mark.parametrize("name", [r"\\ud800", r"\\u0000", r"\\u202e", "%", "\\"])
def test_strange_names_cause_no_error(reconcile: ReconcileClient, name: str) -> None:
    response = reconcile.post("queries", f'{{"q0": {{"query": "{name}"}}}}')
    assert response.status_code in (200, 400)


def test_requests_beyond_the_limits_are_refused(client: TestClient, reconcile: ReconcileClient) -> None:
    many = {f"q{number}": {"query": "x"} for number in range(BATCH_LIMIT + 1)}
    assert reconcile.post("queries", many).status_code == 413
    assert reconcile.post("queries", dict(list(many.items())[:BATCH_LIMIT])).status_code == 200
    assert reconcile.post("extend", {"ids": ["x"] * (EXTENSION_LIMIT + 1), "properties": []}).status_code == 413
    assert reconcile.post("extend", {"ids": [], "properties": [{"id": "x"}] * 50}).status_code == 413
    assert reconcile.post("queries", "x" * BODY_BYTES).status_code == 413
    assert client.get("/reconcile", params={"queries": "x" * 40_000}).status_code == 414
    assert client.get("/reconcile?" + "&".join(f"a{number}=1" for number in range(20))).status_code == 400
    for path in ("/reconcile/suggest/entity", "/reconcile/suggest/type", "/reconcile/properties"):
        assert client.get(path, params={"prefix": "x" * 301}).status_code == 400


def test_a_duplicate_field_is_refused(client: TestClient) -> None:
    assert client.get("/reconcile?queries=%7B%7D&queries=%7B%7D").status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json"}, 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 400),
        ({"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "Authorization": "Bearer x"}, 401),
    ],
)
def test_other_content_types_and_credentials_are_refused(client: TestClient, headers: dict[str, str], status: int) -> None:
    response = client.post("/reconcile", content=b"\xff%ff=x", headers=headers)
    assert response.status_code == status
    assert code(response)


def test_the_charset_of_a_form_does_not_matter(client: TestClient) -> None:
    body = urlencode({"queries": json.dumps({"q0": {"query": "Niñez Härbor"}})})
    response = client.post(
        "/reconcile", content=body, headers={"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}
    )
    assert response.status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_methods(client: TestClient, path: str) -> None:
    get, head, options = (client.request(method, path, follow_redirects=False) for method in ("GET", "HEAD", "OPTIONS"))
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert (options.status_code, options.content) == (204, b"")
    assert client.put(path).status_code == 405


def test_unknown_paths_get_404_in_json(client: TestClient) -> None:
    for path in (
        "/reconcile/",
        "/reconcile/suggest/person",
        "/reconcile/organizations/unknown",
        f"/reconcile/organizations/{SECRET.id}",
    ):
        response = client.get(path, follow_redirects=False)
        assert (response.status_code, code(response)) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", [*PATHS, "/reconcile?queries=nonsense"])
def test_pages_of_any_origin_may_send_requests(client: TestClient, path: str) -> None:
    headers = client.get(path, headers={"Origin": PAGE}, follow_redirects=False).headers
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    assert "Content-Type" in client.options(path, headers={"Origin": PAGE}).headers["access-control-allow-headers"]
    assert "access-control-allow-origin" not in client.get("/graphql?query={__typename}", headers={"Origin": PAGE}).headers


def test_only_configured_origins_are_allowed(directory: Directory) -> None:
    with TestClient(create_app(directory, Settings(cors_origins=(PAGE,))), base_url="http://localhost") as client:
        assert client.get("/reconcile", headers={"Origin": PAGE}).headers["access-control-allow-origin"] == PAGE
        for origin in ("https://evil.example.org", "null"):
            assert "access-control-allow-origin" not in client.get("/reconcile", headers={"Origin": origin}).headers


def test_other_hosts_are_refused(client: TestClient) -> None:
    assert client.get("/reconcile", headers={"Host": "evil.example.org"}).status_code == 400


def test_answers_are_not_cached(client: TestClient) -> None:
    assert "no-store" in client.get("/reconcile/suggest/entity?prefix=harbor").headers["cache-control"]


def test_the_log_has_no_user_input(
    client: TestClient,
    reconcile: ReconcileClient,
    read_request_log: LogReader,
    caplog: pytest.LogCaptureFixture,
) -> None:
    reconcile.match("Harbor Tenants Union", city="Atlanta")
    client.get("/reconcile/suggest/entity", params={"prefix": "harbor"})
    client.get(f"/reconcile/organizations/{TENANTS.id}")
    reconcile.post("queries", '{"q0": {"query": "Harbor"')
    records = [record.getMessage() for record in caplog.records if record.name.startswith("directory")]
    log = " ".join([*read_request_log(), *records])
    assert "POST /reconcile 200" in log
    assert "arbor" not in log
    assert TENANTS.id not in log


def test_a_client_without_points_is_refused(tmp_path: Path) -> None:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(directory, TENANTS)
    with TestClient(create_app(directory, Settings(points_a_minute=1_000)), base_url="http://localhost") as client:
        reconcile = ReconcileClient(client)
        batch = {f"q{number}": {"query": "Harbor"} for number in range(10)}
        assert reconcile.post("queries", batch).status_code == 200
        refused = reconcile.post("queries", batch)
        assert (refused.status_code, code(refused)) == (429, "RATE_LIMITED")
        assert int(refused.headers["retry-after"]) > 0
        assert client.post("/graphql", json={"query": "{ network { name } }"}).status_code == 429
