"""What transactions with securities mean for an account's cash, as OFX tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files import reasons

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUYS: Final = ("BUYDEBT", "BUYMF", "BUYOPT", "BUYOTHER", "BUYSTOCK")
_SELLS: Final = ("SELLDEBT", "SELLMF", "SELLOPT", "SELLOTHER", "SELLSTOCK")
_CASH: Final = ("INCOME", "INVEXPENSE", "MARGININTEREST", "RETOFCAP")
_NO_CASH: Final = {
    "CLOSUREOPT": reasons.NO_MONEY,
    "JRNLFUND": reasons.OTHER_MONEY,
    "JRNLSEC": reasons.NO_MONEY,
    "REINVEST": reasons.REINVESTED,
    "SPLIT": reasons.NO_MONEY,
    "TRANSFER": reasons.NO_MONEY,
}
TRADES: Final = frozenset((*_BUYS, *_SELLS))
"""Money for securities: no spending and no income."""
KINDS: Final = (*_BUYS, *_SELLS, *_CASH, *_NO_CASH)


class Move(NamedTuple):
    """A transaction's cash: the amount as written, or why there is none.

    `turns` says that the amount's sign is to be the other one.
    """

    amount: str
    reason: str = ""
    turns: bool = False


def move_of(kind: str, fields: Mapping[str, str]) -> Move:
    """Return what a transaction of a kind does to the account's cash."""
    if kind in _NO_CASH:
        return Move("", _NO_CASH[kind])
    if fields.get("SUBACCTFUND", "").upper() == "OTHER":
        return Move("", reasons.OTHER_MONEY)
    total = fields.get("TOTAL", "")
    units = fields.get("UNITS", "").lstrip("+ ")
    # Some brokers write what a purchase cost without its sign; units tell that it was one.
    is_in = not total.lstrip().startswith("-")
    turns = kind in _BUYS and is_in and bool(units) and not units.startswith("-")
    return Move(total, turns=turns)


def words_of(kind: str, fields: Mapping[str, str], securities: Mapping[str, str]) -> list[str]:
    """Return what a row is called: the security, then what was done with it."""
    security = fields.get("UNIQUEID", "")
    units, price = fields.get("UNITS", ""), fields.get("UNITPRICE", "")
    deal = " ".join(filter(None, (kind, units, price and f"@ {price}")))
    return [securities.get(security, ""), fields.get("MEMO", ""), security, deal]
