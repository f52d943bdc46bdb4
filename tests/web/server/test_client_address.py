"""Who asks: nobody can pass for somebody else but through a proxy that was named."""

import pytest
from starlette.types import Scope

from web.server.client_address import SITE_SHARE, find_client_address, list_counted_networks, parse_networks

PROXIES = parse_networks(["10.0.0.0/8", "2001:db8:1::/48"])


def asked(peer: str | None, *forwarded: str) -> Scope:
    headers = [(b"x-forwarded-for", value.encode("latin-1")) for value in forwarded]
    return {"type": "http", "client": (peer, 1234) if peer is not None else None, "headers": headers}


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("192.0.2.7", (), "192.0.2.7"),
        ("192.0.2.7", ("198.51.100.1",), "192.0.2.7"),  # a stranger says so
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.1", ("203.0.113.9, 198.51.100.1",), "198.51.100.1"),  # what the client itself said is not believed
        ("10.0.0.1", ("203.0.113.9, 198.51.100.1, 10.2.3.4",), "198.51.100.1"),
        ("10.0.0.1", ("203.0.113.9", "198.51.100.1", "10.2.3.4"), "198.51.100.1"),
        ("10.0.0.1", ("10.9.9.9, 10.2.3.4",), "10.9.9.9"),
        ("10.0.0.1", ("198.51.100.1:4711",), "198.51.100.1"),
        ("10.0.0.1", ("[2001:db8:7::1]:4711",), "2001:db8:7::/64"),
        ("10.0.0.1", ("198.51.100.1, nonsense",), "10.0.0.1"),
        ("10.0.0.1", ("198.51.100.1, nonsense, 10.2.3.4",), "10.2.3.4"),
        ("10.0.0.1", ("",), "10.0.0.1"),
        ("10.0.0.1", ("\xff\x00, ,",), "10.0.0.1"),
        ("::ffff:10.0.0.1", ("::ffff:198.51.100.1",), "198.51.100.1"),
        ("2001:db8:1::5", ("198.51.100.1",), "198.51.100.1"),
        ("2001:db8:7:1:aaaa::1", (), "2001:db8:7:1::/64"),
        ("2001:db8:7:1:bbbb::2", (), "2001:db8:7:1::/64"),
        ("testclient", ("198.51.100.1",), "testclient"),
        (None, ("198.51.100.1",), ""),
    ],
)
def test_whose_request_it_is(peer: str | None, forwarded: tuple[str, ...], found: str) -> None:
    assert find_client_address(asked(peer, *forwarded), PROXIES) == found


@pytest.mark.parametrize(
    ("known", "counted"),
    [
        ("2001:db8:7:1::/64", [("2001:db8:7:1::/64", 1), ("2001:db8:7::/48", SITE_SHARE)]),
        ("2001:db8:8:ffff::9", [("2001:db8:8:ffff::/64", 1), ("2001:db8:8::/48", SITE_SHARE)]),
        ("fe80::1%eth0", [("fe80::/64", 1), ("fe80::/48", SITE_SHARE)]),
        ("::ffff:192.0.2.7", [("192.0.2.7", 1)]),
        ("192.0.2.7", [("192.0.2.7", 1)]),
        ("testclient", [("testclient", 1)]),
        ("", [("", 1)]),
    ],
)
def test_the_networks_that_a_client_is_counted_for(known: str, counted: list[tuple[str, int]]) -> None:
    assert list_counted_networks(known) == counted
    assert list_counted_networks(known, parse_networks(["10.0.0.0/8"])) == counted


@pytest.mark.parametrize("proxy", ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8:1::5"])
def test_a_named_proxy_is_not_counted(proxy: str) -> None:
    assert list_counted_networks(proxy, PROXIES) == []


def test_without_named_proxies_nothing_forwarded_is_believed() -> None:
    assert find_client_address(asked("127.0.0.1", "198.51.100.1"), ()) == "127.0.0.1"


@pytest.mark.parametrize("wrong", ["proxy.example.org", "10.0.0.0/33", "10.0.0.1/8", ""])
def test_what_is_no_network_is_named(wrong: str) -> None:
    with pytest.raises(ValueError, match="neither an address nor a network"):
        parse_networks([wrong])
