"""The address that a request truly came from.

`X-Forwarded-For` is believed only as far as proxies that the settings name have written it: from
the right, each entry is the word of the one to its right.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from ipaddress import IPv4Address

    from hive_desktop.relay.settings import Network

UNKNOWN: Final = "unknown"
_MOST_HOPS: Final = 16
_HOST_BITS: Final = 64


def real_address(peer: str | None, forwarded: Iterable[str], proxies: Sequence[Network]) -> str:
    """Return an address in its shortest form, or UNKNOWN.

    Args:
        peer: who opened the connection.
        forwarded: the values of all X-Forwarded-For headers, in order.
        proxies: networks whose word is believed.
    """
    address = _parsed(peer or "")
    hops = [hop.strip() for value in forwarded for hop in value.split(",")][-_MOST_HOPS:]
    while address is not None and hops and any(address in network for network in proxies):
        before = _parsed(hops.pop())
        if before is None:
            break
        address = before
    return UNKNOWN if address is None else str(address)


def limit_key(address: str) -> str:
    """Return what limits count by: a whole /64 of IPv6 is one customer, who may use all of it."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return f"{IPv6Address(int(parsed) >> _HOST_BITS << _HOST_BITS)}/64"
    return address


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
