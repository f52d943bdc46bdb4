"""Client addresses: only a trusted proxy can name another client."""

import pytest
from starlette.types import Scope

from web.server.client_address import SITE_SHARE, find_client_address, list_counted_networks, parse_networks

PROXIES = parse_networks(["10.0.0.0/8", "2001:db8:1::/48"])


def build_scope(peer: str | None, *forwarded: str) -> Scope:
    headers = [(b"x-forwarded-for", value.encode("latin-1")) for value in forwarded]
    return {"type": "http", "client": (peer, 1234) if peer is not None else None, "headers": headers}


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.7", (), "192.0.2.7"),
        ("192.0.2.7", ("198.51.100.1",), "192.0.2.7"),  # not a trusted proxy
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.1", ("203.0.113.9, 198.51.100.1",), "198.51.100.1"),  # the client itself sent the first address
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
def test_the_client_is_found(peer: str | None, forwarded: tuple[str, ...], expected: str) -> None:
    assert find_client_address(build_scope(peer, *forwarded), PROXIES) == expected


@pytest.mark.parametrize(
    ("address", "networks"),
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
def test_the_networks_that_a_client_counts_for(address: str, networks: list[tuple[str, int]]) -> None:
    assert list_counted_networks(address) == networks
    assert list_counted_networks(address, parse_networks(["10.0.0.0/8"])) == networks


@pytest.mark.parametrize("proxy", ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8:1::5"])
def test_a_trusted_proxy_is_not_counted(proxy: str) -> None:
    assert list_counted_networks(proxy, PROXIES) == []


def test_without_trusted_proxies_forwarded_addresses_are_ignored() -> None:
    assert find_client_address(build_scope("127.0.0.1", "198.51.100.1"), ()) == "127.0.0.1"


@pytest.mark.parametrize("wrong", ["proxy.example.org", "10.0.0.0/33", "10.0.0.1/8", ""])
def test_an_invalid_network_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not an address or network"):
        parse_networks([wrong])
