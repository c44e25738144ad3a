"""What happened to accounts: sign-ins, revocations, refusals. No detail holds a secret."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert

from hive_desktop.relay.store.schema import AUDIT

if TYPE_CHECKING:
    from sqlalchemy import Connection

KEPT_MS: Final = 365 * 24 * 60 * 60 * 1000


class Kind(StrEnum):
    """What an audit row tells."""

    REGISTERED = "registered"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    DEVICE_REVOKED = "device_revoked"
    TOKEN_REUSED = "token_reused"  # noqa: S105 - a word for an event
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a word for an event
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a word for an event
    ACCOUNT_DELETED = "account_deleted"
    SEALED_TOKEN_REFUSED = "sealed_token_refused"  # noqa: S105 - a word for an event


def add(  # noqa: PLR0913 - the columns of one row
    connection: Connection,
    kind: Kind,
    at: int,
    *,
    user_id: str | None = None,
    device_id: str | None = None,
    address: str | None = None,
    detail: str = "",
) -> None:
    """Write one row.

    Args:
        connection: of the transaction that does what the row tells.
        kind: what happened.
        at: when, in ms.
        user_id: whose account, when there is one.
        device_id: by which device, or to which.
        address: where the request came from.
        detail: more words; never a token, a password or an e-mail address.
    """
    connection.execute(
        insert(AUDIT).values(
            at=at,
            user_id=user_id,
            device_id=device_id,
            kind=kind.value,
            address=address,
            detail=detail,
        )
    )


def sweep(connection: Connection, at: int) -> None:
    """Forget rows older than a year."""
    connection.execute(delete(AUDIT).where(AUDIT.c.at < at - KEPT_MS))
