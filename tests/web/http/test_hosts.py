"""Allowed host names and origins."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from tests.web.conftest import code
from web.app import create_app
from web.http.hosts import MAX_KNOWN_HEADERS, AllowedHosts, allowed_hosts, parse_host_names, parse_listen_address, parse_origins
from web.settings import Settings

QUERY = "/graphql?query={__typename}"
PAGE = "https://example.org"


def open_client(folder: Path, **settings: Any) -> TestClient:
    directory = Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")
    return TestClient(create_app(directory, Settings(**settings)), base_url="http://localhost")


@pytest.mark.parametrize("host", ["localhost", "LocalHost:8000", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:8000", "192.0.2.9"])
def test_its_own_address_and_local_names_are_allowed(tmp_path: Path, host: str) -> None:
    with open_client(tmp_path, host="192.0.2.9") as client:
        assert client.get(QUERY, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example.org", "localhost.evil.org", "evil.org:localhost", "localhost:", "localhost:x", "", " ", "[::1", "::1", "*"],
)
def test_other_hosts_are_refused_and_the_setting_is_named(tmp_path: Path, host: str) -> None:
    with open_client(tmp_path) as client:
        response = client.get(QUERY, headers={"Host": host})
    assert (response.status_code, code(response)) == (400, "BAD_INPUT")
    assert "DIRECTORY_ALLOWED_HOSTS" in response.text


def test_two_host_headers_are_refused(tmp_path: Path) -> None:
    with open_client(tmp_path) as client:
        assert client.get(QUERY, headers=[("Host", "localhost"), ("Host", "evil.example.org")]).status_code == 400


def test_only_configured_hosts_are_allowed(tmp_path: Path) -> None:
    with open_client(tmp_path, allowed_hosts="Directory.example.org, members.example.org") as client:
        assert client.get(QUERY, headers={"Host": "directory.example.org:443"}).status_code == 200
        assert client.get(QUERY, headers={"Host": "localhost"}).status_code == 400


def test_any_host_can_be_allowed(tmp_path: Path) -> None:
    with open_client(tmp_path, allowed_hosts="*") as client:
        assert client.get(QUERY, headers={"Host": "whatever"}).status_code == 200


def test_health_checks_accept_any_host(tmp_path: Path) -> None:
    with open_client(tmp_path) as client:
        assert client.get("/healthz", headers={"Host": "10.0.0.5:8000"}).status_code == 200
        assert client.get("/readyz", headers={"Host": "10.0.0.5:8000"}).status_code == 200


@pytest.mark.parametrize("wrong", ["https://example.org", "example.org:80", "a b", "-a", "*.example.org", "*, example.org"])
def test_an_invalid_host_name_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not a host name"):
        parse_host_names(wrong.split(", "))


@pytest.mark.parametrize("wrong", ["example.org", "https://example.org/", "https://Example.org", "null", "*, https://a.org"])
def test_an_invalid_origin_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not an origin"):
        parse_origins(wrong.split(", "))


@pytest.mark.parametrize("wrong", ["9100", ":9100", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "127.0.0.1:\u0663", ""])
def test_an_invalid_listen_address_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="it is not an address"):
        parse_listen_address(wrong)


def test_ipv4_and_ipv6_addresses_are_parsed() -> None:
    assert parse_listen_address("127.0.0.1:9100") == ("127.0.0.1", 9100)
    assert parse_listen_address("[::1]:9100") == ("::1", 9100)
    assert "[2001:db8::1]" in allowed_hosts("2001:db8::1", ())


def test_by_default_no_other_origin_is_allowed(tmp_path: Path) -> None:
    with open_client(tmp_path) as client:
        response = client.get(QUERY, headers={"Origin": PAGE})
    assert not [name for name in response.headers if name.startswith("access-control-")]


def test_configured_origins_are_allowed_but_never_with_credentials(tmp_path: Path) -> None:
    preflight_headers = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    with open_client(tmp_path, cors_origins=PAGE) as client:
        preflight = client.options("/graphql", headers={"Origin": PAGE, **preflight_headers})
        allowed = client.get(QUERY, headers={"Origin": PAGE})
        refused = client.post("/graphql", headers={"Origin": PAGE})
        stranger = client.get(QUERY, headers={"Origin": "https://evil.example.org"})
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (200, PAGE)
    assert allowed.headers["access-control-allow-origin"] == refused.headers["access-control-allow-origin"] == PAGE
    assert {"ETag", "Retry-After"} == set(allowed.headers["access-control-expose-headers"].split(", "))
    assert "access-control-allow-origin" not in stranger.headers
    for response in (preflight, allowed, refused, stranger):
        assert "access-control-allow-credentials" not in response.headers


# Headers that Apollo Client, urql, Relay and OpenTelemetry send from pages of another origin.
CLIENT_HEADERS = [
    "content-type",
    "if-none-match",
    "apollographql-client-name",
    "apollographql-client-version",
    "x-apollo-operation-name",
    "graphql-require-preflight",
    "traceparent",
    "tracestate",
]


def test_headers_that_clients_send_are_allowed(tmp_path: Path) -> None:
    preflight_headers = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": ", ".join(CLIENT_HEADERS)}
    with open_client(tmp_path, cors_origins=PAGE) as client:
        preflight = client.options("/graphql", headers={"Origin": PAGE, **preflight_headers})
        others = [
            client.options("/graphql", headers={"Origin": PAGE, **preflight_headers, "Access-Control-Request-Headers": name})
            for name in ("authorization", "cookie", "x-forwarded-for")
        ]
    assert preflight.status_code == 200
    assert set(CLIENT_HEADERS) <= set(preflight.headers["access-control-allow-headers"].lower().split(", "))
    assert [other.status_code for other in others] == [400] * 3


def test_few_and_short_headers_are_remembered() -> None:
    hosts = AllowedHosts(["localhost"])
    for port in range(1_000):
        assert hosts.is_allowed(b"localhost:%d" % port)
        assert hosts.is_allowed(b"localhost:" + b"0" * 500 + b"%d" % port)
        assert not hosts.is_allowed(b"evil.example.org:%d" % port)
    assert len(hosts._known_headers) == MAX_KNOWN_HEADERS
    assert max(map(len, hosts._known_headers)) < 20
    assert hosts.is_allowed(b"localhost:1")
