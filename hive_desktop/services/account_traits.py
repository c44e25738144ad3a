"""Accounts as `domain.adoption` compares them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.adoption import AccountTraits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hive_desktop.ports.bank import BankAccount


def traits_of(accounts: Iterable[BankAccount]) -> list[AccountTraits]:
    """Return what tells accounts apart, keyed by the bank's id."""
    return [
        AccountTraits(
            key=one.plaid_account_id,
            persistent_id=one.persistent_id,
            mask=one.mask,
            type=one.type,
            subtype=one.subtype,
            name=one.name,
            official_name=one.official_name,
            currency=one.currency,
        )
        for one in accounts
    ]


def traits_of_filled(
    accounts: Iterable[BankAccount],
    new: Iterable[BankAccount],
    shared: Mapping[tuple[str, str], int],
) -> list[AccountTraits]:
    """Return what tells accounts apart that files filled, beside those of a new connection.

    Its digits count where rows are the same too: a file may number an account otherwise than its
    bank, and nobody knows that it is of the same bank. `shared` has how many rows are the same.
    """
    alike = {one.plaid_account_id: one.mask for one in new}
    meant = {(old, alike.get(other)) for (old, other), count in shared.items() if count}
    return [
        one if (one.key, one.mask) in meant else one._replace(mask=None)
        for one in traits_of(accounts)
    ]
