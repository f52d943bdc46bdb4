"""Security headers are on every response."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from directory.live import Directory
from web.app import create_app
from web.http.security_headers import HSTS_HEADER, SECURITY_HEADERS
from web.settings import Settings


async def fail(_request: Request) -> Response:
    raise RuntimeError("secret")


async def serve_with_policy(_request: Request) -> Response:
    return Response(headers={"content-security-policy": "default-src 'self'"})


def open_client(folder: Path, **settings: Any) -> TestClient:
    directory = Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")
    app = create_app(directory, Settings(**settings))
    app.routes.extend([Route("/broken", fail), Route("/framed", serve_with_policy)])
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)


def has_headers(response: httpx2.Response, headers: dict[str, str]) -> bool:
    return all(response.headers.get_list(name) == [value] for name, value in headers.items())


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/healthz", {}, 200),
        ("GET", "/robots.txt", {}, 200),
        ("GET", "/nothing", {}, 404),
        ("PUT", "/graphql", {}, 405),
        ("POST", "/graphql", {}, 415),
        ("GET", "/graphql?query={__typename}", {}, 200),
        ("OPTIONS", "/graphql", {}, 204),
        ("GET", "/graphql", {"Host": "evil.example.org"}, 400),
        ("GET", "/broken", {}, 500),
    ],
)
def test_every_response_has_them(tmp_path: Path, method: str, path: str, headers: dict[str, str], status: int) -> None:
    with open_client(tmp_path) as client:
        response = client.request(method, path, headers=headers)
    assert response.status_code == status
    assert has_headers(response, SECURITY_HEADERS)
    assert not HSTS_HEADER.keys() & response.headers.keys()
    assert "secret" not in response.text


def test_with_https_browsers_are_told_to_use_only_https(tmp_path: Path) -> None:
    with open_client(tmp_path, https=True) as client:
        response = client.get("/robots.txt")
        assert has_headers(client.get("/broken"), HSTS_HEADER)
    assert has_headers(response, HSTS_HEADER)
    assert "https://localhost/sitemap.xml" in response.text


def test_a_route_can_set_its_own_policy(tmp_path: Path) -> None:
    with open_client(tmp_path) as client:
        response = client.get("/framed")
    assert response.headers.get_list("content-security-policy") == ["default-src 'self'"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_nothing_may_be_loaded_or_framed() -> None:
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(SECURITY_HEADERS["Content-Security-Policy"].split("; "))


def test_camera_microphone_and_location_are_disabled() -> None:
    policy = SECURITY_HEADERS["Permissions-Policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(policy)
