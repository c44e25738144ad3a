"""Into which account the rows of a file go: suggested by what is known, checked when meant."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain.ledger import ItemState
from hive_desktop.domain.manual import ManualAccount, ManualKind
from hive_desktop.domain.money import KNOWN_CURRENCIES
from hive_desktop.i18n import tr
from hive_desktop.ports.errors import UsageError
from hive_desktop.services import limits
from hive_desktop.services.accounts import check_free

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from hive_desktop.domain.ledger import Account, AccountId
    from hive_desktop.domain.statements import FileAccount, Statement
    from hive_desktop.ports.bank import BankAccount
    from hive_desktop.ports.storage import Reads
    from hive_desktop.services.importing_source import Source

_LAST_DIGITS = 4
_NUMBERED = limits.LONGEST_ACCOUNT - 5
_COUNTED = frozenset(map(str, range(2, 100)))  # "Savings 2024" is a person's own
_KINDS = {
    "checking": ManualKind.CHECKING,
    "savings": ManualKind.SAVINGS,
    "credit card": ManualKind.CARD,
    "loan": ManualKind.LOAN,
    "investment": ManualKind.INVESTMENT,
    "cash": ManualKind.CASH,
}
_MASK = re.compile(r"[xX*•·#]{2,}")
_OWED = frozenset({ManualKind.CARD, ManualKind.LOAN})


class Target(NamedTuple):
    """Where rows go: an account that is there, or one that is made for them."""

    account_id: AccountId | None = None
    new: ManualAccount | None = None


def suggestions(
    reads: Reads, sources: Sequence[Source], *, is_new: bool = False
) -> list[list[Target]]:
    """Return for each file where the rows of each of its accounts would go."""
    accounts = [one for one in reads.accounts() if one.state is not ItemState.AWAITING]
    home = home_currency(accounts)
    taken = {one.name.casefold() for one in accounts}
    made: dict[FileAccount, Target] = {}
    found = []
    for source in sources:
        targets = []
        for statement in source.read.statements:
            told = statement.account
            known = None if is_new else _known(reads, accounts, told, source)
            if known is not None:
                targets.append(Target(known))
                continue
            if told not in made or not says_anything(told):
                new = new_account(source, statement, home, taken)
                taken.add(new.name.casefold())
                made[told] = Target(new=new)
            targets.append(made[told])
        found.append(targets)
    return found


def home_currency(accounts: Iterable[Account]) -> str:
    """Return the currency that most accounts are in, or "" where there are none."""
    usual = Counter(one.currency for one in accounts).most_common(1)
    return usual[0][0] if usual else ""


def new_account(
    source: Source, statement: Statement, home: str, taken: Collection[str] = ()
) -> ManualAccount:
    """Return the account that would be made for a part of a file, under a name that is free."""
    told = statement.account
    kind = _KINDS.get(told.kind, ManualKind.CHECKING)
    currency = told.currency or _usual_currency(statement) or home
    names = _names_for(told, source.name)
    free, n = next((one for one in names if one.casefold() not in taken), names[-1]), 2
    while free.casefold() in taken:
        free, n = f"{names[-1][:_NUMBERED]} {n}", n + 1
    bank = limits.one_line(told.bank_name)[: limits.LONGEST_ACCOUNT]
    return ManualAccount(free, kind, currency, bank)


def named_by_person(reads: Reads, accounts: Iterable[BankAccount]) -> set[str]:
    """Return by Plaid's id which accounts without a bank have a name that no import gave them."""
    return {
        one.plaid_account_id
        for one in accounts
        if not any(
            is_made_up(one.name, told, file)
            for file, told in reads.manual.files_of(one.plaid_account_id)
        )
    }


def names_currency(statement: Statement) -> bool:
    """Tell whether a part of a file says in which currency it is."""
    return bool(statement.account.currency or _usual_currency(statement))


def is_made_up(name: str, told: FileAccount, file_name: str) -> bool:
    """Tell whether a name is one that `new_account` gives, and nobody's own."""
    made = _names_for(told, file_name)
    begin, _, number = name.rpartition(" ")
    return name in made or (begin in (one[:_NUMBERED] for one in made) and number in _COUNTED)


def _names_for(told: FileAccount, file_name: str) -> list[str]:
    """Return names for an account, the best first: its own, or one with its last digits."""
    digits = last_digits(told.number)
    own = limits.one_line(told.name)
    name = own or limits.one_line(told.bank_name or PurePosixPath(file_name).stem)
    names = [name[: limits.LONGEST_ACCOUNT]] if own else []
    if digits and digits not in name:
        name = f"{name[: limits.LONGEST_ACCOUNT - 8]} ··{digits}"
    names.append(name[: limits.LONGEST_ACCOUNT] or tr("Imported account"))
    return list(dict.fromkeys(names))


def is_strange(statement: Statement, target: Target) -> bool:
    """Tell whether a file itself names a currency that no account can be in."""
    new = target.new
    if new is None or not new.currency or new.currency in KNOWN_CURRENCIES:
        return False
    return new.currency in {statement.account.currency, _usual_currency(statement)}


def kinds_of(new: ManualAccount, statement: Statement) -> list[ManualKind]:
    """Return what a new account can be: where balances stand alone, owed ones stay owed."""
    is_free = not statement.balances or is_told_owed(statement.account) is not None
    return [
        kind
        for kind in ManualKind
        if not kind.is_of_a_thing and (is_free or (kind in _OWED) == (new.kind in _OWED))
    ]


def is_told_owed(told: FileAccount) -> bool | None:
    """Tell whether balances of a file are what is owed; None where it says no kind of account."""
    kind = _KINDS.get(told.kind)
    return None if kind is None else kind in _OWED


def is_empty(statement: Statement) -> bool:
    """Tell whether a part of a file has nothing that an account could be made for."""
    return not (statement.rows or statement.refused or statement.balances)


def check_names(accounts: Iterable[ManualAccount | None]) -> None:
    """Hold new accounts against each other.

    Raises:
        UsageError: two that are not the same have one name.
    """
    known: dict[str, ManualAccount] = {}
    for one in accounts:
        if one is None:
            continue
        other = known.setdefault(one.name.casefold(), one)
        if (other.kind, other.currency) != (one.kind, one.currency):
            raise UsageError(
                "There would be two new accounts with the name “{name}”.",
                hint="Give each of them a name of its own, or import their files one by one.",
                name=one.name,
            )


def checked(reads: Reads, target: Target) -> Account | None:
    """Return the account that is meant, or None where it is to be made.

    Raises:
        UsageError: it has left, or the new one cannot be made so.
    """
    if target.new is not None:
        code = target.new.currency
        if not code:
            raise UsageError(
                "The file does not say in which currency its amounts are.",
                hint="Give its three letters, like EUR.",
            )
        if code not in KNOWN_CURRENCIES:
            raise UsageError(
                "“{code}” is not a currency.", hint="Give its three letters, like EUR.", code=code
            )
        if not limits.named(target.new.name, limits.LONGEST_ACCOUNT):
            raise UsageError("A name is missing.", hint="Type one.")
        check_free(reads, target.new.name)
        return None
    found = next((one for one in reads.accounts() if one.id == target.account_id), None)
    if found is None:
        raise UsageError("The account has left the ledger.", hint="Choose another one.")
    return found


def _known(
    reads: Reads, accounts: Sequence[Account], told: FileAccount, source: Source
) -> AccountId | None:
    """Return the account that a file means: as the last time, or by its number or name."""
    present = {one.id for one in accounts if told.currency in ("", one.currency)}
    for record in reads.imports.of_file(source.digest):
        if record.account_id in present and _are_one(record.account, told):
            return record.account_id
    if not says_anything(told):
        # Files that say nothing of their account: where all of their kind went, they go too.
        used = reads.imports.accounts_of(source.origin) & present
        return used.pop() if len(used) == 1 else None
    # Earlier imports kept a bank's number alone.
    for like in dict.fromkeys((told, replace(told, bank=told.bank_number))):
        before = reads.imports.account_of(like)
        if before in present:
            return before
    digits = last_digits(told.number)
    by_number = [
        one
        for one in accounts
        if digits
        and one.mask == digits
        and told.currency in ("", one.currency)
        and _can_have(reads, one, told.number)
    ]
    if len(by_number) == 1:
        return by_number[0].id
    named = told.name.casefold()
    # A table may have told the account by what people see of it: its name with the last digits.
    ends = f"··{digits}" if digits else None
    titles = [
        one.casefold() for one in _names_for(told, source.name) if ends and one.endswith(ends)
    ]
    by_name = [
        one
        for one in accounts
        if told.currency in ("", one.currency)
        and (
            (named and named in (one.name.casefold(), one.bank_name.casefold()))
            or (one.title.casefold() in (*titles, named) and _can_have(reads, one, told.number))
        )
    ]
    return by_name[0].id if len(by_name) == 1 else None


def _can_have(reads: Reads, account: Account, number: str) -> bool:
    """Tell whether an account can be the one of a number: no file told one, or one told this."""
    return any(numbers_alike(reads, account, number) or (True,))


def numbers_alike(reads: Reads, account: Account, number: str) -> list[bool]:
    """Tell for each number that files told of an account whether it is this one, or its end.

    An IBAN ends with the number that other files tell, and of a masked one its end is shown alone.
    """
    asked = _shown_digits(number)
    files = reads.manual.files_of(account.plaid_account_id)
    told = [_shown_digits(one.number) for _, one in files]
    return [one.endswith(asked) or asked.endswith(one) for one in told]


def _are_one(one: FileAccount, other: FileAccount) -> bool:
    return (one.number, one.name, one.bank) == (other.number, other.name, other.bank)


def says_anything(told: FileAccount) -> bool:
    """Tell whether a file says anything by which its account can be known again."""
    return bool(told.number or told.name)


def last_digits(number: str) -> str:
    """Return the digits by which people know the number of an account, or "" where it has few."""
    digits = _digits(number)
    return digits[-_LAST_DIGITS:] if len(digits) >= _LAST_DIGITS else ""


def _shown_digits(number: str) -> str:
    """Return the digits of a number, of a masked one those behind its mask."""
    return _digits(_MASK.split(number)[-1]) or _digits(number)


def _digits(number: str) -> str:
    return "".join(one for one in number if one.isdigit())


def _usual_currency(statement: Statement) -> str:
    found = Counter(row.currency for row in statement.rows if row.currency)
    return found.most_common(1)[0][0] if found else ""
