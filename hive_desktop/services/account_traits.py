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


def traits_of_filled(
    accounts: Iterable[BankAccount], new: Iterable[BankAccount]
) -> list[AccountTraits]:
    """Return what tells accounts apart that files filled, beside those of a new connection.

    A file may number an account otherwise than its bank: digits that no new one has say nothing.
    """
    masks = {one.mask for one in new}
    return [one if one.mask in masks else one._replace(mask=None) for one in traits_of(accounts)]
