"""Find the address of the client behind trusted proxies, and the networks that its use counts for."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

Networks = tuple[IPv4Network | IPv6Network, ...]
Address = IPv4Address | IPv6Address

FORWARDED_FOR_HEADER = b"x-forwarded-for"
SUBNET_BITS = 64  # bits of an IPv6 address; one client usually has all addresses of such a network
SITE_BITS = 48  # bits; the largest network that providers assign to one customer, with 65,536 subnets
SITE_SHARE = 10  # a site may use this many times as much as a subnet
_WITH_PORT = re.compile(r"\[(.+)\](?::\d+)?|([\d.]+):\d+")


def parse_networks(values: Iterable[str]) -> Networks:
    """Parse addresses and networks such as 10.0.0.0/8 or ::1. Raises ValueError, which names the invalid one."""
    return tuple(map(_parse_network, values))


def find_client_address(scope: Scope, proxies: Networks) -> str:
    """Return the client's address, or its 64-bit network for IPv6.

    This is the peer's address. If the peer is a trusted proxy, it is the last forwarded address that is not a trusted proxy
    itself. Returns the peer's name if it is not an IP address, and "" if there is no peer.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    if not proxies and ":" not in peer:
        return str(peer)
    address = _parse_address(peer)
    if address is None:
        return str(peer)
    if _is_in_networks(address, proxies):
        address = _find_forwarded_address(scope, proxies, address)
    return str(address) if address.version == 4 else str(ip_network((address, SUBNET_BITS), strict=False))


def list_counted_networks(client_address: str, exempt_networks: Networks = ()) -> list[tuple[str, int]]:
    """Return the networks that a client's use counts for, each with how many times one client's share it may use.

    `client_address` is an address or a result of `find_client_address`. The networks are the IPv4 address itself, or the IPv6
    subnet and site. The list is empty for an address in `exempt_networks`.
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
    """Return the last forwarded address that is not a trusted proxy.

    Each proxy appends the address of its own peer, so everything before that address may be forged.
    """
    headers = [value.decode("latin-1") for name, value in scope["headers"] if name == FORWARDED_FOR_HEADER]
    client = peer
    for hop in reversed(",".join(headers).split(",")):
        address = _parse_address(hop.strip())
        if address is None:
            return client
        client = address
        if not _is_in_networks(address, proxies):
            return client
    return client


def _is_in_networks(address: Address, networks: Networks) -> bool:
    return any(address in network for network in networks)


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
        raise ValueError(f"{text!r} is not an address or network such as 10.0.0.0/8") from None
