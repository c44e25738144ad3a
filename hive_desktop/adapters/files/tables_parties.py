"""Whose a column is: the account's own number, name and currency, or those of somebody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files.tables_columns import is_of_rates
from hive_desktop.domain.csv_layouts import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hive_desktop.adapters.files.tables_columns import Column

Found = list[tuple[Role, int]]
"""Columns with their roles, as far as they are found."""

_OTHERS: Final = re.compile(
    r"tegen|gegen|counter|partner|contrepart|contropart|protiuc|protistr|kontrahent"
    r"|zahlungsbeteiligt|other party|saajan"
)
_PEOPLE: Final = frozenset({Role.NAME, Role.PAYEE, Role.PAYER})
_MONEY: Final = frozenset({Role.AMOUNT, Role.OUT, Role.IN})
_CARD: Final = re.compile(r"\b(?:card|kart|tarjeta|carte|карт)")
_OF_AMOUNT: Final = re.compile(r"\b(?:tax|vat|steuer|mwst|taxe|impuesto|imposta|tip|discount)\b")
_NAME: Final = re.compile(r"\b(?:name|naam|nom|nombre|nome|navn|namn|nazwa|nazev|nimi)\b")
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2} ?[A-Z0-9]{4} ?[0-9]{4}")
_PRODUCT: Final = re.compile(r"^prod")
_MOST_ACCOUNTS: Final = 5
_FEW_ROWS: Final = 20
_NAMES: Final = frozenset({Role.NAME, Role.PAYEE, Role.PAYER, Role.TEXT})


class Whose(NamedTuple):
    """Columns with their roles, and whether it is sure that numbers of accounts are whose."""

    found: Found
    is_sure: bool = True


def without_others(found: Found, columns: Sequence[Column]) -> Whose:
    """Return the roles with numbers of other people's accounts as what they are: words.

    An account's own are the same in many rows and stand in all of them; another's stand behind the
    name of who has it. A column that names accounts and a full one of cards are the owner's. A
    product beside an ISIN is a security, and who is beside a name and has IBANs is a number.
    """
    roles = {i: role for role, i in found}
    has_others = any(_OTHERS.search(one.name) for one in columns)
    has_securities = any("isin" in one.name.split() for one in columns)
    has_names = any(role is Role.NAME and _NAME.search(columns[i].name) for role, i in found)
    kept, is_sure = [], True
    for role, i in found:
        is_own, sure = (True, True)
        if role is Role.NUMBER and columns[i].filled:
            is_own, sure = _is_own(columns, roles, i, has_others=has_others)
        elif role is Role.ACCOUNT and has_securities and _PRODUCT.search(columns[i].name):
            is_own = False
        elif role is Role.NAME and has_names and not _NAME.search(columns[i].name):
            numbers = sum(_IBAN.match(one) is not None for one in columns[i].cells)
            is_own = not numbers or numbers < 0.5 * columns[i].filled
        kept.append((role if is_own else Role.MEMO, i))
        is_sure = is_sure and sure
    return Whose(kept, is_sure)


def _is_own(
    columns: Sequence[Column], roles: Mapping[int, Role], i: int, *, has_others: bool
) -> tuple[bool, bool]:
    """Return whether a column of numbers is of the owner's accounts, and whether that is sure."""
    column = columns[i]
    is_one = column.distinct == 1
    if _OTHERS.search(column.name):
        return False, True
    is_full = column.filled >= 0.9 * len(column.cells)
    if not is_full:
        return False, is_one
    if _CARD.search(column.name):
        return True, True
    if column.distinct > _MOST_ACCOUNTS and column.distinct > 0.3 * column.filled:
        return False, column.filled >= _FEW_ROWS
    before = i - 2 if roles.get(i - 1) is Role.TEXT else i - 1
    if has_others or (is_one and column.filled > 2) or roles.get(before) not in _PEOPLE:
        return True, True
    names = max(columns[at].distinct for at, role in roles.items() if role in _NAMES)
    return 2 * column.distinct <= names, is_one


def without_owner(found: Found, columns: Sequence[Column]) -> Found:
    """Return the roles with a name that all rows have behind those that tell rows apart."""
    named = [i for role, i in found if role in {Role.NAME, Role.TEXT}]
    if not any(columns[i].distinct > 1 for i in named):
        return found
    return [
        (Role.MEMO, i) if i in named and columns[i].distinct == 1 and columns[i].filled > 1
        else (role, i)
        for role, i in found
    ]  # fmt: skip


def with_own_currency(found: Found, columns: Sequence[Column]) -> Found:
    """Return the roles with the one column of currencies that is the amounts' own, or none."""
    told = [i for role, i in found if role is Role.CURRENCY]
    if not told:
        return found
    roles = {i: role for role, i in found}
    money = [i for i, role in roles.items() if role in _MONEY]
    named = {columns[i].heading.currency for i in money} - {""}

    def nearness(i: int) -> int:
        is_balance_s = i - 2 in told and roles.get(i + 1) is Role.BALANCE
        if roles.get(i - 1) in _MONEY and not is_balance_s:
            return 3
        if _is_foreign(columns, i - 1) and not is_of_rates(columns[i - 1]):
            return 0
        return 2 if roles.get(i + 1) in _MONEY and roles.get(i - 1) is not Role.BALANCE else 1

    best = max(told, key=lambda i: (columns[i].filled > 0, nearness(i), columns[i].filled, -i))
    # "Amount (EUR)" says it for all rows: a column beside it is of what was paid elsewhere.
    is_other = len(named) == 1 and any(one.upper() not in named for one in columns[best].cells)
    if is_other or (_is_foreign(columns, best - 1) and nearness(best) == 0):
        best = -1
    return [one for one in found if one[0] is not Role.CURRENCY or one[1] == best]


def is_of_tokens(columns: Sequence[Column], i: int) -> bool:
    """Return whether amounts have a column of units beside them of which few are currencies."""
    words = set(columns[i].name.split())

    def nearness(at: int) -> tuple[int, int]:  # "Native Currency" is of "Native Amount"
        return len(words & set(columns[at].name.split())), -at

    near = (at for at in (i - 1, i + 1) if 0 <= at < len(columns))
    units = [at for at in near if columns[at].filled and columns[at].heading.role is Role.CURRENCY]
    if not units:
        return False
    own = columns[max(units, key=nearness)]
    return own.currencies < 0.5 * own.filled


def _is_foreign(columns: Sequence[Column], i: int) -> bool:
    """Return whether a column has amounts that are not the account's, by its heading."""
    if not 0 <= i < len(columns):
        return False
    column = columns[i]
    is_other = column.heading.is_known and column.heading.role is None and column.amounts > 0
    return is_other and not _OF_AMOUNT.search(column.name)
