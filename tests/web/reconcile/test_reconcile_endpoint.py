"""The service over HTTP: what it says of itself, what it refuses, whose pages may ask, and what it costs."""

import json
import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from directory.records import OrganizationKind
from tests.web.conftest import code, put
from tests.web.reconcile.conftest import HERON, NAMESAKE, SECRET, TENANTS, Matching
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


def test_the_manifest_says_what_there_is(client: TestClient) -> None:
    told = client.get("/reconcile").json()
    assert told["versions"] == ["0.2"]
    assert "All Together Network" in told["name"]
    assert told["defaultTypes"] == [{"id": "organization", "name": "Organization"}]
    assert told["batchSize"] == ADVISED_BATCH_SIZE <= BATCH_LIMIT
    assert told["identifierSpace"].startswith("http://localhost/reconcile")
    assert told["schemaSpace"] == "https://schema.org/Organization"
    assert "{{id}}" in told["view"]["url"]


def test_every_address_in_the_manifest_answers(client: TestClient) -> None:
    told = client.get("/reconcile").json()
    for service in (*told["suggest"].values(), told["extend"]["propose_properties"]):
        response = client.get(service["service_url"] + service["service_path"], params={"prefix": "h", "type": "organization"})
        assert response.status_code == 200
    shown = client.get(told["view"]["url"].replace("{{id}}", TENANTS.id), follow_redirects=True)
    assert shown.json()["data"]["organization"]["name"] == TENANTS.name


def test_addresses_are_those_that_browsers_use(directory: Directory) -> None:
    with TestClient(create_app(directory, Settings(https=True)), base_url="http://localhost:8443") as client:
        assert client.get("/reconcile").json()["view"]["url"].startswith("https://localhost:8443/reconcile/")


def test_queries_may_stand_in_the_address(client: TestClient, matching: Matching) -> None:
    queries = {"q0": {"query": "Harbor Tenants Union"}}
    response = client.get("/reconcile", params={"queries": json.dumps(queries), "callback": "jQuery123"})
    assert response.json() == matching.post("queries", queries).json()
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert not response.text.startswith("jQuery")


def test_properties_are_handed_out(matching: Matching) -> None:
    told = matching.extended([TENANTS.id, "nobody", SECRET.id], "name", "ein", "city", "founded", "phone", "street", "other")
    assert [one["id"] for one in told["meta"]] == ["name", "ein", "city", "founded", "phone", "street", "other"]
    assert all(one["name"] for one in told["meta"])
    assert told["rows"][TENANTS.id] == {
        "name": [{"str": "Harbor Tenants Union"}],
        "ein": [{"str": "52-1633883"}],
        "city": [{"str": "Atlanta"}],
        "founded": [{"int": 1998}],
        "phone": [{"str": "+14045550142"}],
        "street": [{"str": "12 Larkspur Street"}],
        "other": [],
    }
    assert told["rows"][SECRET.id] == told["rows"]["nobody"]
    assert not any(told["rows"]["nobody"].values())


def test_all_properties_of_everybody(matching: Matching) -> None:
    told = matching.extended([TENANTS.id, HERON.id, NAMESAKE.id], *PROPERTIES)
    assert told["rows"][HERON.id]["membership"] == [{"str": "Prospective members"}]
    assert told["rows"][TENANTS.id]["issue_areas"] == [{"str": "Housing"}]
    assert "street" not in str(told["rows"][HERON.id]["street"])
    assert "0177" not in str(told)


def test_properties_are_proposed(client: TestClient) -> None:
    told = client.get("/reconcile/properties", params={"type": "organization", "limit": 3}).json()
    assert told["type"] == "organization"
    assert [one["id"] for one in told["properties"]] == ["id", "slug", "name"]
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
    told = client.get(f"/reconcile/suggest/{kind}", params={"prefix": prefix}).json()["result"]
    assert {one["id"] for one in told} == ids
    assert all(one["name"] for one in told)


def test_suggestions_go_on_from_a_cursor(client: TestClient) -> None:
    whole, rest = (
        client.get("/reconcile/suggest/entity", params={"prefix": "harbor", "cursor": cursor}).json()["result"]
        for cursor in (0, 1)
    )
    assert rest == whole[1:]
    for wrong in ("-1", "x", "91", "9" * 30, "٣"):
        assert client.get("/reconcile/suggest/entity", params={"prefix": "h", "cursor": wrong}).status_code == 400


NO_BATCH: list[Any] = [
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


@pytest.mark.parametrize("batch", NO_BATCH)
def test_what_is_no_batch_is_refused(matching: Matching, batch: str) -> None:
    response = matching.post("queries", batch)
    assert (response.status_code, code(response)) == (400, "BAD_INPUT")


@pytest.mark.parametrize(
    "extension", ["", "[]", "{}", '{"ids": [7], "properties": []}', '{"ids": ["x"]}', '{"ids": "x", "properties": []}']
)
def test_what_is_no_extension_is_refused(matching: Matching, extension: str) -> None:
    response = matching.post("extend", extension)
    assert (response.status_code, code(response)) == (400, "BAD_INPUT")


@pytest.mark.parametrize("name", [r"\\ud800", r"\\u0000", r"\\u202e", "%", "\\"])
def test_strange_names_are_only_names(matching: Matching, name: str) -> None:
    response = matching.post("queries", f'{{"q0": {{"query": "{name}"}}}}')
    assert response.status_code in (200, 400)


def test_more_than_is_read_is_refused(client: TestClient, matching: Matching) -> None:
    many = {f"q{number}": {"query": "x"} for number in range(BATCH_LIMIT + 1)}
    assert matching.post("queries", many).status_code == 413
    assert matching.post("queries", dict(list(many.items())[:BATCH_LIMIT])).status_code == 200
    assert matching.post("extend", {"ids": ["x"] * (EXTENSION_LIMIT + 1), "properties": []}).status_code == 413
    assert matching.post("extend", {"ids": [], "properties": [{"id": "x"}] * 50}).status_code == 413
    assert matching.post("queries", "x" * BODY_BYTES).status_code == 413
    assert client.get("/reconcile", params={"queries": "x" * 40_000}).status_code == 414
    assert client.get("/reconcile?" + "&".join(f"a{number}=1" for number in range(20))).status_code == 400
    for path in ("/reconcile/suggest/entity", "/reconcile/suggest/type", "/reconcile/properties"):
        assert client.get(path, params={"prefix": "x" * 301}).status_code == 400


def test_a_field_that_stands_twice_is_refused(client: TestClient) -> None:
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
def test_other_forms_and_credentials_are_refused(client: TestClient, headers: dict[str, str], status: int) -> None:
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


def test_what_is_not_there_is_told_in_json(client: TestClient) -> None:
    for path in (
        "/reconcile/",
        "/reconcile/suggest/person",
        "/reconcile/organizations/nobody",
        f"/reconcile/organizations/{SECRET.id}",
    ):
        response = client.get(path, follow_redirects=False)
        assert (response.status_code, code(response)) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", [*PATHS, "/reconcile?queries=nonsense"])
def test_pages_of_any_origin_may_ask(client: TestClient, path: str) -> None:
    headers = client.get(path, headers={"Origin": PAGE}, follow_redirects=False).headers
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    assert "Content-Type" in client.options(path, headers={"Origin": PAGE}).headers["access-control-allow-headers"]
    assert "access-control-allow-origin" not in client.get("/graphql?query={__typename}", headers={"Origin": PAGE}).headers


def test_where_origins_are_named_no_others_may(directory: Directory) -> None:
    with TestClient(create_app(directory, Settings(cors_origins=(PAGE,))), base_url="http://localhost") as client:
        assert client.get("/reconcile", headers={"Origin": PAGE}).headers["access-control-allow-origin"] == PAGE
        for origin in ("https://evil.example.org", "null"):
            assert "access-control-allow-origin" not in client.get("/reconcile", headers={"Origin": origin}).headers


def test_other_hosts_are_refused(client: TestClient) -> None:
    assert client.get("/reconcile", headers={"Host": "evil.example.org"}).status_code == 400


def test_answers_are_not_kept(client: TestClient) -> None:
    assert "no-store" in client.get("/reconcile/suggest/entity?prefix=harbor").headers["cache-control"]


def test_the_log_has_nothing_that_somebody_typed(
    client: TestClient, matching: Matching, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        matching.one("Harbor Tenants Union", city="Atlanta")
        client.get("/reconcile/suggest/entity", params={"prefix": "harbor"})
        client.get(f"/reconcile/organizations/{TENANTS.id}")
        matching.post("queries", '{"q0": {"query": "Harbor"')
    told = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("directory"))
    assert "POST /reconcile 200" in told
    assert "arbor" not in told
    assert TENANTS.id not in told


def test_who_has_spent_all_is_refused(tmp_path: Path) -> None:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(directory, TENANTS)
    with TestClient(create_app(directory, Settings(points_a_minute=1_000)), base_url="http://localhost") as client:
        asking = Matching(client)
        batch = {f"q{number}": {"query": "Harbor"} for number in range(10)}
        assert asking.post("queries", batch).status_code == 200
        refused = asking.post("queries", batch)
        assert (refused.status_code, code(refused)) == (429, "RATE_LIMITED")
        assert int(refused.headers["retry-after"]) > 0
        assert client.post("/graphql", json={"query": "{ network { name } }"}).status_code == 429
