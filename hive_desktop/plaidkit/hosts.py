"""Where Plaid answers: its two environments, or a simulated bank on this computer.

The keys travel in every request, so no other address is accepted, and plain HTTP only where it does
not leave the computer.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from hive_desktop.plaidkit.errors import Advice, PlaidError

_ENVIRONMENTS = {
    "production": "https://production.plaid.com",
    "sandbox": "https://sandbox.plaid.com",
}


def resolve_host(name: str) -> str:
    """Return the base address for `production`, `sandbox` or a loopback URL, without a final slash.

    Raises:
        PlaidError: anything else (`UNKNOWN_HOST`, advice CONFIG).
    """
    if name in _ENVIRONMENTS:
        return _ENVIRONMENTS[name]
    base = name.rstrip("/")
    if base in _ENVIRONMENTS.values() or _is_loopback_base(base):
        return base
    raise PlaidError("UNKNOWN_HOST", Advice.CONFIG)


def _is_loopback_base(base: str) -> bool:
    try:
        parts = urlsplit(base)
        has_extras = bool(parts.path or parts.query or parts.fragment or "@" in parts.netloc)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and not has_extras and is_loopback(parts.hostname)


def is_loopback(hostname: str | None) -> bool:
    """Tell whether a name means this computer."""
    if hostname == "localhost":
        return True
    try:
        return ip_address(hostname or "").is_loopback
    except ValueError:
        return False
