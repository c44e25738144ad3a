"""A request that left, as the ledger keeps it: for the adapters that speak to banks and hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.ports.egress import Egress

if TYPE_CHECKING:
    from hive_desktop.plaidkit.egress import SentRequest


def entry_of(sent: SentRequest) -> Egress:
    """Return the record of one request."""
    return Egress(
        at=sent.at,
        host=sent.host,
        purpose=sent.purpose,
        path=sent.path,
        body=sent.body,
        body_hash=sent.body_hash,
        body_length=sent.body_length,
        status=sent.status,
        seconds=sent.seconds,
        method=sent.method,
        result=sent.result,
        once=sent.once,
        unhashed=sent.unhashed,
    )
