"""/graphiql with test files. stories/browser/test_explorer_build.py tests the real build."""

import gzip
import re
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.applications import Starlette
from starlette.testclient import TestClient

from web.app import _handle_http_error
from web.pages.explorer import NONCE_PLACEHOLDER, build_routes

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "web" / "front" / "examples").glob("*.graphql"))
SCRIPT = b"export const answer = 42;\n" * 40
ASSET = "/graphiql/index-1nZQ2KZk.js"


def open_client(static: Path) -> TestClient:
    app = Starlette(routes=build_routes(static), exception_handlers={404: _handle_http_error})
    app.router.redirect_slashes = False
    return TestClient(app)


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """Return a folder like that of a build, with other files beside and inside it."""
    assets = tmp_path / "static" / "explorer" / "graphiql"
    assets.mkdir(parents=True)
    (assets.parent / "index.html").write_text(
        f'<!doctype html><title>GraphQL explorer</title><script nonce="{NONCE_PLACEHOLDER}"></script>'
    )
    (assets / "index-1nZQ2KZk.js").write_bytes(SCRIPT)
    (assets / "index-1nZQ2KZk.js.gz").write_bytes(gzip.compress(SCRIPT))
    (assets / "licenses.md").write_text("# Licenses")
    (assets / "secret.txt").write_text("secret")
    (tmp_path / "static" / "left-out").write_text("secret")
    (tmp_path / "secret.js").write_text("secret")
    return tmp_path / "static"


@pytest.fixture
def client_with_build(static: Path) -> TestClient:
    return open_client(static)


@pytest.mark.parametrize("path", ["/graphiql", ASSET])
def test_without_a_build_the_message_says_how_to_get_one(tmp_path: Path, path: str) -> None:
    response = open_client(tmp_path).get(path)
    assert response.status_code == 404
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert ("./dev front" in error["message"]) == (path == "/graphiql")


def parse_policy(response: Response) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in response.headers["content-security-policy"].split("; "))


def test_each_page_has_its_own_nonce_for_styles(client_with_build: TestClient) -> None:
    pages = [client_with_build.get("/graphiql") for _ in range(2)]
    nonces = [re.findall('nonce="([^"]+)"', page.text) for page in pages]
    assert [parse_policy(page)["style-src"] for page in pages] == [f"'self' 'nonce-{nonce}'" for (nonce,) in nonces]
    assert nonces[0] != nonces[1]
    assert all(len(nonce) >= 22 and nonce != NONCE_PLACEHOLDER for (nonce,) in nonces)
    assert {page.headers["cache-control"] for page in pages} == {"no-store"}


def test_assets_have_no_nonce(client_with_build: TestClient) -> None:
    assert parse_policy(client_with_build.get(ASSET))["style-src"] == "'self'"


@pytest.mark.parametrize("path", ["/graphiql", ASSET])
def test_only_our_own_files_may_run_and_be_requested(client_with_build: TestClient, path: str) -> None:
    policy = parse_policy(client_with_build.get(path))
    assert "unsafe" not in " ".join(policy.values())
    assert policy.pop("style-src").split(" ")[0] == "'self'"
    assert {name for name, value in policy.items() if value == "'none'"} == {
        "default-src",
        "frame-ancestors",
        "base-uri",
        "form-action",
    }
    assert set(" ".join(policy.values()).split()) == {"'none'", "'self'", "data:"}
    assert policy["script-src"] == policy["worker-src"] == policy["connect-src"] == "'self'"


def test_the_other_security_headers_are_set_too(client: TestClient) -> None:
    headers = client.get("/graphiql").headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "content_type", "is_immutable"),
    [
        ("/graphiql", "text/html; charset=utf-8", False),
        (ASSET, "text/javascript; charset=utf-8", True),
        ("/graphiql/licenses.md", "text/markdown; charset=utf-8", False),
    ],
)
def test_files_with_a_hash_in_their_name_are_cached_for_ever(
    client_with_build: TestClient, path: str, content_type: str, is_immutable: bool
) -> None:
    response = client_with_build.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    assert ("immutable" in response.headers["cache-control"]) == is_immutable
    assert (response.headers["cache-control"] in ("no-cache", "no-store")) != is_immutable


@pytest.mark.parametrize(
    ("accept_encoding", "is_compressed"),
    [
        ("gzip, deflate, br", True),
        ("GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip;q=nothing", False),
        ("br", False),
        ("", False),
        ("identity", False),
    ],
)
def test_assets_are_compressed_for_clients_that_accept_gzip(
    client_with_build: TestClient, accept_encoding: str, is_compressed: bool
) -> None:
    response = client_with_build.get(ASSET, headers={"Accept-Encoding": accept_encoding})
    assert (response.headers.get("content-encoding") == "gzip") == is_compressed
    assert (int(response.headers["content-length"]) < len(SCRIPT)) == is_compressed
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.content == SCRIPT


def test_head_has_the_headers_of_get(client_with_build: TestClient) -> None:
    head, get = client_with_build.head(ASSET), client_with_build.get(ASSET)
    assert not head.content
    assert head.headers == get.headers


OUTSIDE = [
    "secret.txt",  # in the folder, but not of a type that a build creates
    "index-1nZQ2KZk.js.gz",
    "..%2findex.html",
    "..%2f..%2fleft-out",
    "..%2f..%2f..%2fsecret.js",
    "%2e%2e%2f%2e%2e%2f%2e%2e%2fsecret.js",
    "..%5c..%5c..%5csecret.js",
    "%2fetc%2fpasswd",
    "%00",
    "index-1nZQ2KZk.js%00",
    "",
    "a" * 5_000,
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_other_files_cannot_be_read(client_with_build: TestClient, name: str) -> None:
    response = client_with_build.get(f"/graphiql/{name}")
    assert response.status_code == 404
    assert "secret" not in response.text


def test_a_removed_file_is_not_found(client_with_build: TestClient, static: Path) -> None:
    (static / "explorer" / "graphiql" / "licenses.md").unlink()
    assert client_with_build.get("/graphiql/licenses.md").status_code == 404


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "parameters"),
    [(BROWSER, {}), ("text/html", {}), ("application/json;q=0.5, text/html;q=0.6", {}), (BROWSER, {"operationName": "A"})],
)
def test_a_browser_at_the_endpoint_is_redirected_to_the_explorer(
    client: TestClient, accept: str, parameters: dict[str, str]
) -> None:
    response = client.get("/graphql", params=parameters, headers={"Accept": accept}, follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (303, "/graphiql")
    assert "accept" in response.headers["vary"].lower()


@pytest.mark.parametrize(
    ("accept", "parameters"),
    [
        (BROWSER, {"query": "{ network { name } }"}),
        (BROWSER, {"query": ""}),
        (BROWSER, {"documentId": "sha256:0"}),
        ("*/*", {}),
        ("text/*", {}),
        ("application/json", {}),
        ("application/json, text/html", {}),
        ("application/graphql-response+json, text/html;q=0.9", {}),
        ("text/html;q=0, */*", {}),
        ("text/html;q=nan", {}),
    ],
)
def test_a_client_of_the_endpoint_is_not_redirected(client: TestClient, accept: str, parameters: dict[str, str]) -> None:
    response = client.get("/graphql", params=parameters, headers={"Accept": accept}, follow_redirects=False)
    assert response.status_code != 303


def test_a_post_request_is_not_redirected(client: TestClient) -> None:
    body = {"query": "{ network { name } }"}
    assert client.post("/graphql", json=body, headers={"Accept": BROWSER}, follow_redirects=False).status_code == 200


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_answered_and_explained(client: TestClient, example: Path) -> None:
    document = example.read_text()
    body = client.post("/graphql", json={"query": document}).json()
    assert "errors" not in body
    assert re.match(r"(# .+\n)+query [A-Z]\w+[ (]", document)  # the name becomes the title of the tab


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 7
