"""Who asks: the address that a request comes from, as far as it can be believed."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

Networks = tuple[IPv4Network | IPv6Network, ...]
Address = IPv4Address | IPv6Address

FORWARDED = b"x-forwarded-for"
SUBNET = 64  # bits of an IPv6 address; whoever has one such network has all addresses in it
SITE = 48  # bits; the largest network that providers give to one customer, with 65,536 subnets
SITE_SHARE = 10  # times as much as a subnet may a whole site use
_WITH_PORT = re.compile(r"\[(.+)\](?::\d+)?|([\d.]+):\d+")


def networks(listed: Iterable[str]) -> Networks:
    """Of addresses and networks such as 10.0.0.0/8 or ::1. Raises ValueError, which names the one that is neither."""
    return tuple(map(_network, listed))


def client(scope: Scope, proxies: Networks) -> str:
    """The peer's address; where the peer is one of the proxies, the last that these did not forward for another proxy.

    Of IPv6, the network of 64 bits. What the peer is called, or nothing, where it has no address.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    if not proxies and ":" not in peer:
        return str(peer)
    found = _address(peer)
    if found is None:
        return str(peer)
    if _among(found, proxies):
        found = _forwarded(scope, proxies, found)
    return str(found) if found.version == 4 else str(ip_network((found, SUBNET), strict=False))


def shares(client: str, exempt: Networks = ()) -> list[tuple[str, int]]:
    """The networks that a client's use is counted for, each with the multiple of one client's share that it may use.

    `client` is an address, or what the function of that name returned. Its IPv4 address, or its IPv6 subnet and site; none for an
    address among `exempt`.
    """
    if ":" not in client and not exempt:
        return [(client, 1)]
    address = _address(client.partition("/")[0])
    if address is None or _among(address, exempt):
        return [] if address else [(client, 1)]
    if address.version == 4:
        return [(str(address), 1)]
    subnet, site = (str(ip_network((int(address), bits), strict=False)) for bits in (SUBNET, SITE))
    return [(subnet, 1), (site, SITE_SHARE)]


def _forwarded(scope: Scope, proxies: Networks, peer: Address) -> Address:
    """Each proxy adds at the end whom it was asked by, so that only what stands behind the last stranger is believed."""
    headers = [value.decode("latin-1") for name, value in scope["headers"] if name == FORWARDED]
    found = peer
    for hop in reversed(",".join(headers).split(",")):
        address = _address(hop.strip())
        if address is None:
            return found
        found = address
        if not _among(address, proxies):
            return found
    return found


def _among(address: Address, proxies: Networks) -> bool:
    return any(address in network for network in proxies)


def _address(written: str) -> Address | None:
    with_port = _WITH_PORT.fullmatch(written)
    try:
        address = ip_address((with_port[1] or with_port[2]) if with_port else written)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _network(written: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(written)
    except ValueError:
        raise ValueError(f"{written!r} is neither an address nor a network such as 10.0.0.0/8") from None
