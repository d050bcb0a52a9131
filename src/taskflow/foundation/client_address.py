"""Whose request it is, as far as its network address tells."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
# The longest one that can be written: a mapped IPv6 address.
LONGEST = 45


def client_address(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """Name the client to count by: an IPv4 address, or the /64 of an IPv6 one, all of which is one customer's.

    `forwarded_for` is X-Forwarded-For, its lines joined by commas: each proxy adds whom it heard from at the right, so
    an entry is believed only where the one that added it is trusted. A peer that is no address is returned as it is.
    """
    client = _parsed(peer.strip())
    if client is None:
        return peer
    rest = forwarded_for
    while rest and _trusted(client, trusted):
        rest, _, entry = rest.rpartition(",")
        before = _parsed(entry.strip())
        if before is None:
            break
        client = before
    return _named(client)


def network_of(address: str) -> str:
    """Name the neighbourhood of a client's address: the /24 of an IPv4 one, the /64 of an IPv6 one.

    A /24 is the least that is routed on its own: who moves about in one, by a new lease or a carrier's shared
    addresses, stays one guesser, and who is anywhere else is not locked out with him.
    """
    if "/" in address:
        return address
    parsed = _parsed(address)
    return str(ip_network((parsed, 24), strict=False)) if isinstance(parsed, IPv4Address) else address


@lru_cache(maxsize=4096)
def _named(address: Address) -> str:
    return str(address) if isinstance(address, IPv4Address) else str(ip_network((address, 64), strict=False))


def _trusted(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def _parsed(text: str) -> Address | None:
    return _parse(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=4096)
def _parse(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        # Without the name of the interface that a link-local one may have.
        return address.ipv4_mapped or IPv6Address(int(address))
    return address
