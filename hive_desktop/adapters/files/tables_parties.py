"""Whose a column is: the account's own number, name and currency, or those of somebody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.csv_layouts import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.adapters.files.tables_columns import Column

Found = list[tuple[Role, int]]
"""Columns with their roles, as far as they are found."""

_OTHERS: Final = re.compile(
    r"tegen|gegen|counter|partner|contrepart|contropart|protiuc|protistr|kontrahent"
    r"|zahlungsbeteiligt|other party|saajan"
)
_PEOPLE: Final = frozenset({Role.NAME, Role.PAYEE, Role.PAYER})
_MONEY: Final = frozenset({Role.AMOUNT, Role.OUT, Role.IN})
_MOST_ACCOUNTS: Final = 5


def without_others(found: Found, columns: Sequence[Column]) -> Found:
    """Return the roles with numbers and names of other people's accounts as what they are: words.

    An account's own are the same in many rows and stand in all of them; another's stand behind the
    name of who has it.
    """
    roles = {i: role for role, i in found}
    has_others = any(_OTHERS.search(one.name) for one in columns)

    def is_others(role: Role, i: int) -> bool:
        column = columns[i]
        if not column.filled:
            return False
        if column.filled < 0.9 * len(column.cells):
            return True
        if column.distinct > _MOST_ACCOUNTS and column.distinct > 0.3 * column.filled:
            return True
        if role is not Role.NUMBER or has_others or (column.distinct == 1 and column.filled > 2):
            return False
        before = i - 2 if roles.get(i - 1) is Role.TEXT else i - 1
        return roles.get(before) in _PEOPLE

    return [
        (Role.MEMO, i) if role in {Role.NUMBER, Role.ACCOUNT} and is_others(role, i) else (role, i)
        for role, i in found
    ]


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
        if roles.get(i - 1) in _MONEY:
            return 3
        if roles.get(i + 1) in _MONEY and roles.get(i - 1) is not Role.BALANCE:
            return 2
        return 0 if _is_foreign(columns, i - 1) else 1

    best = max(told, key=lambda i: (columns[i].filled > 0, nearness(i), columns[i].filled, -i))
    # "Amount (EUR)" says it for all rows: a column beside it is of what was paid elsewhere.
    is_other = len(named) == 1 and any(one.upper() not in named for one in columns[best].cells)
    if is_other or (_is_foreign(columns, best - 1) and nearness(best) == 0):
        best = -1
    return [one for one in found if one[0] is not Role.CURRENCY or one[1] == best]


def _is_foreign(columns: Sequence[Column], i: int) -> bool:
    """Return whether a column has amounts that are not the account's, by its heading."""
    if not 0 <= i < len(columns):
        return False
    heading = columns[i].heading
    return heading.is_known and heading.role is None and columns[i].amounts > 0
