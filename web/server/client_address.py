"""Who asks: the address that a request comes from, as far as it can be believed."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

Networks = tuple[IPv4Network | IPv6Network, ...]
Address = IPv4Address | IPv6Address

FORWARDED_FOR_HEADER = b"x-forwarded-for"
SUBNET_BITS = 64  # bits of an IPv6 address; whoever has one such network has all addresses in it
SITE_BITS = 48  # bits; the largest network that providers give to one customer, with 65,536 subnets
SITE_SHARE = 10  # times as much as a subnet may a whole site use
_WITH_PORT = re.compile(r"\[(.+)\](?::\d+)?|([\d.]+):\d+")


def parse_networks(values: Iterable[str]) -> Networks:
    """Of addresses and networks such as 10.0.0.0/8 or ::1. Raises ValueError, which names the one that is neither."""
    return tuple(map(_parse_network, values))


def find_client_address(scope: Scope, proxies: Networks) -> str:
    """The peer's address; where the peer is one of the proxies, the last that these did not forward for another proxy.

    Of IPv6, the network of 64 bits. What the peer is called, or nothing, where it has no address.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    if not proxies and ":" not in peer:
        return str(peer)
    found = _parse_address(peer)
    if found is None:
        return str(peer)
    if _is_in_networks(found, proxies):
        found = _find_forwarded_address(scope, proxies, found)
    return str(found) if found.version == 4 else str(ip_network((found, SUBNET_BITS), strict=False))


def list_counted_networks(client_address: str, exempt_networks: Networks = ()) -> list[tuple[str, int]]:
    """The networks that a client's use is counted for, each with the multiple of one client's share that it may use.

    `client` is an address, or what the function of that name returned. Its IPv4 address, or its IPv6 subnet and site; none for an
    address among `exempt`.
    """
    if ":" not in client_address and not exempt_networks:
        return [(client_address, 1)]
    address = _parse_address(client_address.partition("/")[0])
    if address is None or _is_in_networks(address, exempt_networks):
        return [] if address else [(client_address, 1)]
    if address.version == 4:
        return [(str(address), 1)]
    subnet, site = (str(ip_network((int(address), bits), strict=False)) for bits in (SUBNET_BITS, SITE_BITS))
    return [(subnet, 1), (site, SITE_SHARE)]


def _find_forwarded_address(scope: Scope, proxies: Networks, peer: Address) -> Address:
    """Each proxy adds at the end whom it was asked by, so that only what stands behind the last stranger is believed."""
    headers = [value.decode("latin-1") for name, value in scope["headers"] if name == FORWARDED_FOR_HEADER]
    found = peer
    for hop in reversed(",".join(headers).split(",")):
        address = _parse_address(hop.strip())
        if address is None:
            return found
        found = address
        if not _is_in_networks(address, proxies):
            return found
    return found


def _is_in_networks(address: Address, proxies: Networks) -> bool:
    return any(address in network for network in proxies)


def _parse_address(text: str) -> Address | None:
    with_port = _WITH_PORT.fullmatch(text)
    try:
        address = ip_address((with_port[1] or with_port[2]) if with_port else text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _parse_network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(f"{text!r} is neither an address nor a network such as 10.0.0.0/8") from None
