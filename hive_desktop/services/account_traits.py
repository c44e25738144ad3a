"""Accounts as `domain.adoption` compares them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.adoption import AccountTraits

if TYPE_CHECKING:
    from collections.abc import Iterable

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
