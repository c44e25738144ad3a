"""What QIF's actions with securities mean for an account's cash."""

from __future__ import annotations

from typing import Final

from hive_desktop.adapters.files import reasons

_IN: Final = frozenset(
    {
        *("div", "intinc", "cglong", "cgshort", "cgmid", "miscinc", "rtrncap", "sell"),
        *("shtsell", "xin", "contrib", "contribx", "deposit"),
    }
)
_OUT: Final = frozenset(
    {"buy", "miscexp", "margint", "cvrshrt", "xout", "withdrw", "withdrwx", "withdraw"}
)
_TRADES: Final = frozenset({"buy", "sell", "shtsell", "cvrshrt"})
_THROUGH: Final = frozenset({"xin", "xout", "contribx", "withdrwx"})
_NO_MONEY: Final = frozenset(
    {
        *("shrsin", "shrsout", "stksplit", "grant", "vest", "exercise", "exercisx", "expire"),
        *("reminder", "bonus"),
    }
)
_AS_WRITTEN: Final = frozenset({"", "cash", "atm", "dep", "deb", "eft", "print"})


def reason_of(action: str) -> str:
    """Return why an action leaves the account's cash as it is, or ""."""
    word = _word(action)
    if word.startswith("reinv"):
        return reasons.REINVESTED
    if word in _NO_MONEY:
        return reasons.NO_MONEY
    if word in _IN or word in _OUT or word in _AS_WRITTEN or word.isdigit():
        return ""
    base = word.removesuffix("x")
    return reasons.OTHER_MONEY if base in _IN or base in _OUT else reasons.UNKNOWN_ACTION


def signed(action: str, minor: int) -> int:
    """Return an amount as written in the ledger's sense: positive = money out."""
    return abs(minor) if _word(action) in _OUT else -minor


def names_other_account(action: str) -> bool:
    """Tell whether the category of such a record is the account that money came from or went to."""
    return _word(action) in _THROUGH


def is_trade(action: str) -> bool:
    """Tell whether money went for securities: that is no spending and no income."""
    return _word(action) in _TRADES


def _word(action: str) -> str:
    return "".join(action.lower().split())
