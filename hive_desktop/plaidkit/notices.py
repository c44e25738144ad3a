"""A webhook of Plaid's as the notice that can move a connection. Pure.

`webhooks` says whether a body is Plaid's at all; here it is only read. Plaid adds members and codes
as it likes: what is not known is left out, and a body that names no item is no notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from hive_desktop.domain.health import Notice, Trouble
from hive_desktop.plaidkit.errors import Advice, advise
from hive_desktop.plaidkit.wire import parse_instant

if TYPE_CHECKING:
    from datetime import datetime

_TROUBLES: Final[dict[Advice, Trouble]] = {
    Advice.RATE_LIMIT: Trouble.RATE_LIMIT,
    Advice.RELINK: Trouble.RELINK,
    Advice.GONE: Trouble.GONE,
    Advice.CONFIG: Trouble.CONFIG,
    Advice.PERMANENT: Trouble.PERMANENT,
    Advice.BUG: Trouble.PERMANENT,
    Advice.OFFLINE: Trouble.OFFLINE,
}
# The error inside a webhook comes with no HTTP status of its own; Plaid answers such calls so.
_REFUSED: Final = 400
_ENDS: Final = ("consent_expiration_time", "disconnect_time")


def trouble_of(advice: Advice) -> Trouble:
    """Return what helps against an error that stands on an item; what is not listed may pass."""
    return _TROUBLES.get(advice, Trouble.RETRY)


def read_notice(body: bytes) -> tuple[str, Notice] | None:
    """Return the Plaid id of the item that a webhook is about, and what it says.

    Args:
        body: the webhook's body; it was verified.

    Returns:
        None for what is no webhook about an item.
    """
    try:
        said = msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    item_id, kind, code = (_text(said, key) for key in ("item_id", "webhook_type", "webhook_code"))
    if not (item_id and kind and code):
        return None
    error_code, trouble = _error(said.get("error"))
    return item_id, Notice(kind, code, error_code, trouble, _ends_at(said))


def _error(error: object) -> tuple[str | None, Trouble | None]:
    if not isinstance(error, dict):
        return None, None
    code = _text(error, "error_code")
    if not code:
        return None, None
    advice = advise(code, _text(error, "error_type"), _REFUSED, _text(error, "error_message") or "")
    return code, trouble_of(advice)


def _ends_at(said: dict[str, object]) -> datetime | None:
    found = (parse_instant(_text(said, key)) for key in _ENDS)
    return next((instant for instant in found if instant is not None), None)


def _text(said: dict[str, object], key: str) -> str | None:
    value = said.get(key)
    return value if isinstance(value, str) else None
