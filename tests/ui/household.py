"""A household in memory: what the window's tests show, as realistic as the eye needs it.

Deterministic by seed. Not a bank: the sandbox is that; this only feeds pages without a vault.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from hive_desktop.domain.ledger import (
    Account,
    AccountId,
    Category,
    CategoryId,
    CategoryKind,
    CategorySource,
    Item,
    ItemId,
    ItemState,
    TransactionId,
    TransactionRow,
)

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)

_CATEGORIES = (
    ("Food & Dining", "expense", "#FF6B6B", "utensils"),
    ("Transportation", "expense", "#4ECDC4", "car"),
    ("Shopping", "expense", "#45B7D1", "shopping-bag"),
    ("Entertainment", "expense", "#96CEB4", "film"),
    ("Bills & Utilities", "expense", "#FFEAA7", "file-text"),
    ("Healthcare", "expense", "#DDA0DD", "heart"),
    ("Travel", "expense", "#98D8C8", "plane"),
    ("Education", "expense", "#F7DC6F", "book"),
    ("Personal Care", "expense", "#BB8FCE", "user"),
    ("Income", "income", "#58D68D", "dollar-sign"),
    ("Transfer", "transfer", "#85C1E9", "repeat"),
    ("Other", "expense", "#AAB7B8", "circle"),
)
# Merchant, category, lowest and highest amount in minor units, times a month, account index.
_HABITS = (
    ("Greenleaf Market", "Food & Dining", 1800, 14200, 7, 2),
    ("Blue Door Coffee", "Food & Dining", 380, 1190, 9, 2),
    ("Trattoria Sole", "Food & Dining", 2800, 9400, 2, 3),
    ("Harbour Sushi", "Food & Dining", 2200, 6800, 1, 3),
    ("Metro Transit", "Transportation", 275, 275, 10, 2),
    ("Northgate Fuel", "Transportation", 3200, 6100, 2, 2),
    ("Paperback & Co.", "Shopping", 900, 5200, 1, 3),
    ("Hearth Home Goods", "Shopping", 2400, 18900, 1, 3),
    ("Marigold Online", "Shopping", 1200, 15900, 3, 3),
    ("Lumen Cinema", "Entertainment", 1450, 4200, 1, 2),
    ("Streamly", "Entertainment", 1599, 1599, 1, 2),
    ("Rillington Property Management", "Bills & Utilities", 185000, 185000, 1, 0),
    ("City Power & Light", "Bills & Utilities", 6400, 14800, 1, 0),
    ("Fibrewave Internet", "Bills & Utilities", 6500, 6500, 1, 0),
    ("Corner Pharmacy", "Healthcare", 900, 4800, 1, 2),
    ("Oak Street Dental", "Healthcare", 9000, 22000, 0.2, 0),
    ("Kestrel Air", "Travel", 14000, 62000, 0.25, 3),
    ("Open Lectures", "Education", 2900, 2900, 0.6, 3),
    ("Fern & Fade Barbers", "Personal Care", 3800, 5200, 1, 2),
    ("Monthly fee", "Other", 500, 500, 0.5, 0),
)


@dataclass
class Household:
    """Banks, accounts, categories and rows (newest first)."""

    items: list[Item] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)
    rows: list[TransactionRow] = field(default_factory=list)


def empty() -> Household:
    """Return categories and nothing else, as a new vault has it."""
    return Household(categories=_categories())


def household(months: int = 14, seed: int = 7) -> Household:
    """Return three banks with six accounts and their rows up to today."""
    items = [
        _item(1, "First Platypus Bank", ItemState.HEALTHY, 12),
        _item(2, "Tartan Credit Union", ItemState.NEEDS_RELINK, 3 * 24 * 60),
        _item(3, "Banque du Lac", ItemState.HEALTHY, 64),
    ]
    accounts = [
        _account(1, items[0], ("Everyday Checking", "checking", "depository", "0000"), 482_155),
        _account(2, items[0], ("High-Yield Savings", "savings", "depository", "1111"), 2_150_000),
        _account(3, items[0], ("Cashback Card", "credit card", "credit", "3333"), 84_219, 500_000),
        _account(
            4, items[1], ("Travel Rewards", "credit card", "credit", "8832"), 131_042, 800_000
        ),
        _account(5, items[1], ("Home Mortgage", "mortgage", "loan", "7721"), 24_118_000),
        _account(
            6, items[2], ("Compte courant", "checking", "depository", "4410"), 96_230, None, "EUR"
        ),
    ]
    house = Household(items, accounts, _categories())
    house.rows = _rows(house, months, random.Random(seed))
    return house


def _categories() -> list[Category]:
    return [
        Category(CategoryId(_id(40, n)), name, CategoryKind(kind), color, icon, key=name)
        for n, (name, kind, color, icon) in enumerate(_CATEGORIES)
    ]


def _id(kind: int, number: int) -> bytes:
    return bytes([kind]) + number.to_bytes(15, "big")


def _item(number: int, name: str, state: ItemState, minutes_ago: int) -> Item:
    synced = NOW - timedelta(minutes=minutes_ago)
    code = "ITEM_LOGIN_REQUIRED" if state is ItemState.NEEDS_RELINK else None
    return Item(
        ItemId(_id(1, number)), f"item-{number}", f"ins_{number}", name, state, code,
        NOW - timedelta(days=300), synced,
    )  # fmt: skip


def _account(
    number: int,
    item: Item,
    what: tuple[str, str, str, str],
    current: int,
    limit: int | None = None,
    currency: str = "USD",
) -> Account:
    name, subtype, kind, mask = what
    available = limit - current if limit else (current if kind == "depository" else None)
    return Account(
        AccountId(_id(2, number)), item.id, f"acc-{number}", item.institution, name, name, mask,
        kind, subtype, currency, current, available, limit, item.last_synced_at, item.state,
    )  # fmt: skip


def _rows(house: Household, months: int, dice: random.Random) -> list[TransactionRow]:
    by_name = {category.name: category for category in house.categories}
    start = TODAY - timedelta(days=months * 30)
    found: list[tuple[date, str, str | None, int, int]] = []
    days = (TODAY - start).days
    for merchant, category, low, high, often, account in _HABITS:
        for _ in range(max(round(often * months), 1)):
            day = start + timedelta(days=dice.randrange(days + 1))
            found.append((day, merchant, category, dice.randint(low, high), account))
    for month in range(months):
        pay_on = TODAY - timedelta(days=month * 30 + 8)
        found.append((pay_on, "Acme Robotics Payroll", "Income", -412_500, 0))
        found.append((pay_on + timedelta(days=1), "Transfer to savings", "Transfer", 50_000, 0))
        found.append((pay_on, "Boulangerie Petit", "Food & Dining", dice.randint(600, 2900), 5))
    found.append((TODAY - timedelta(days=4), "Marigold Online", "Shopping", -4_599, 3))
    found.append((TODAY - timedelta(days=2), "SQ *FLOATING MKT 0042", None, 1_850, 2))
    found.sort(key=lambda each: (each[0], each[1], each[3]))
    result = []
    for n, (day, merchant, name, amount, account) in enumerate(found):
        category = by_name.get(name) if name else None
        owner = house.accounts[account]
        result.append(
            TransactionRow(
                seq=n, id=TransactionId(_id(3, n)), account_id=owner.id, posted_on=day,
                authorized_on=None, amount_minor=amount, currency=owner.currency,
                name=merchant.upper(), merchant=merchant if category else None, description=None,
                category_id=category.id if category else None,
                category=category.name if category else None,
                category_source=CategorySource.BANK if category else None,
                confidence=0.9 if category else None,
                pending=day >= TODAY - timedelta(days=1), note=None, needs_review=category is None,
            )
        )  # fmt: skip
    return result[::-1]
