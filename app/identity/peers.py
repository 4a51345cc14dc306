"""Where a request comes from: the peer of its connection, or who stood before the house's own proxies."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


class NotFromHere(Exception):
    """A request that comes from where its client may not ask."""


def peer_of(path: Iterable[str], proxies: Collection[Network]) -> Address | None:
    """Who asked, of the addresses that a request came by, the nearest first: the first that is no proxy of the house.

    None where it cannot be told. What anyone else says of those before is not believed.
    """
    for text in path:
        found = _address(text)
        if found is None or not any(found in network for network in proxies):
            return found
    return None


def within(peer: Address | None, networks: Collection[Network]) -> bool:
    """Whether an address lies in one of some networks; wherever it is, known or not, where there are none."""
    return not networks or (peer is not None and any(peer in network for network in networks))


@lru_cache(maxsize=4_096)
def _address(text: str) -> Address | None:
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
