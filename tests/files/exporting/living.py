"""A ledger with everything in it that people and banks do, at random, for what is written of it."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import CategoryKind, TransactionQuery
from hive_desktop.domain.manual import ManualAccount, ManualKind, RowFacts
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.domain.splits import Part
from hive_desktop.ports.bank import BankAccount
from hive_desktop.ports.errors import HiveError
from tests.unit.services.world import NOON, TODAY, page, row

EVERYTHING = TransactionQuery()
HOSTILE = (
    'Joe\'s "Bar" & Grill',
    "two\nlines ; and a comment",
    "=HYPERLINK(1)",
    "(paid) [now] {x} | date:2020-13-45",
    "Café Müller / 東京 🐝",
    "* note:: 1/0 \\ end\\",
    "  ;  ",
    "-",
    "]]><STMT>&amp;",
    "Trader^Vic [Savings]:x/y",
    "a, b; c\td\r\ne",
)


def told_accounts(name, balances):
    """Return what a bank tells of its accounts: a checking, a card, and one in euros and yen."""
    kinds = (
        ("checking", "depository", "checking", "USD"),
        ("card", "credit", "credit card", "USD"),
        ("euro", "depository", "savings", "EUR"),
        ("yen", "depository", "checking", "JPY"),
    )
    return [
        BankAccount(
            f"{name}-{key}", None, f'{name} {key}; [x] "q"', None, f"00{at}", kind, subtype,
            currency, balances.get(key), None, None, NOON,
        )
        for at, (key, kind, subtype, currency) in enumerate(kinds)
    ]  # fmt: skip


def told_rows(name, dice, count):
    """Return rows of a bank, some of them pending, and pairs that look like transfers."""
    made = []
    for at in range(count):
        key, currency = dice.choice(
            (
                ("checking", "USD"),
                ("checking", "USD"),
                ("card", "USD"),
                ("euro", "EUR"),
                ("yen", "JPY"),
            )
        )
        day = TODAY - timedelta(days=dice.randrange(200))
        fields = {
            "name": dice.choice((*HOSTILE, f"ZORBLAX {at % 5}", "NETFLIX.COM", "PAYROLL ACME")),
            "merchant_name": dice.choice((None, None, dice.choice(HOSTILE), "Netflix")),
            "description": dice.choice((None, dice.choice(HOSTILE))),
            "currency": dice.choice((currency,) * 8 + ("CHF",)),
            "pending": at % 9 == 0,
        }
        amount = dice.choice((1, -1)) * dice.randrange(1, 500_000)
        made.append(row(f"{name}-p{at}", amount, day, f"{name}-{key}", **fields))
    for at in range(count // 8):
        day, amount = TODAY - timedelta(days=dice.randrange(200)), dice.randrange(1_000, 90_000)
        fields = {"name": "ONLINE TRANSFER", "bank_category": "TRANSFER_OUT"}
        made.append(row(f"{name}-o{at}", amount, day, f"{name}-checking", **fields))
        fields = {"name": "PAYMENT RECEIVED - THANK YOU", "bank_category": "TRANSFER_IN"}
        later = day + timedelta(days=1)
        made.append(row(f"{name}-i{at}", -amount, min(later, TODAY), f"{name}-card", **fields))
    return made


async def fill(world, dice, *, rows=80, steps=25):
    """Let two banks tell rows, and a person do as dice say."""
    items = await world.link("First", "Second")
    for name, (_, script) in items.items():
        script.accounts = told_accounts(
            name, {key: dice.randrange(1_000_000) for key in ("checking", "card", "euro", "yen")}
        )
        script.pages[""] = page(told_rows(name, dice, rows), cursor="one")
    await world.session.sync.sync()
    await _set_up(world, dice)
    for _ in range(steps):
        world.clock.advance(seconds=1)
        with suppress(HiveError):
            await dice.choice(_DOINGS)(world, dice)
    await pair_currencies(world, dice)


async def _set_up(world, dice):
    session = world.session
    opened = await session.ledger.manual.add_account(
        ManualAccount("Wallet 'w' {1}", ManualKind.CASH, "EUR"), dice.randrange(90_000), TODAY
    )
    for at, name in enumerate(HOSTILE):
        if name.strip(" ;-"):
            told = RowFacts(to_day(TODAY) - at, dice.randrange(1, 900), name)
            await session.ledger.manual.add_row(opened.account_id, told)
    await session.ledger.saved.save("Mine", TransactionQuery(text="netflix", pending=False))
    await session.ledger.put_rate("EUR", "USD", TODAY, Decimal("1.0845"))
    await session.categories.add('Own "x": y/z', CategoryKind.EXPENSE, "#112233", "tag")
    await session.settings.put("theme", "dark")
    await chat(world, dice)
    await divide(world, dice)


async def pair_currencies(world, dice):
    """Say of a payment in dollars and one in euros that they are a transfer."""
    found = await world.session.ledger.page(EVERYTHING)
    outs = [one for one in found if one.currency == "USD" and one.amount_minor > 0]
    ins = [one for one in found if one.currency == "EUR" and one.amount_minor < 0]
    free = [one for one in outs if not one.is_part and one.category != "Transfer"]
    if not free or not ins:
        return
    one, other = dice.choice(free), dice.choice([each for each in ins if not each.is_part])

    def work(writes):
        writes._handle.raw.execute(
            "INSERT OR IGNORE INTO transfers VALUES (?, ?, 'person', '1.1', 'told', 0, '{}', '{}')",
            (one.id, other.id),
        )

    await world.write(work)


async def _some(world, dice):
    found = await world.session.ledger.page(EVERYTHING)
    return dice.sample(found, min(len(found), dice.randrange(1, 6)))


async def choose(world, dice):
    every = await world.session.ledger.categories()
    ids = [one.id for one in await _some(world, dice)]
    await world.session.ledger.set_category(ids, dice.choice(every).id)


async def write_on(world, dice):
    told = RowEdit(
        name=dice.choice((None, *HOSTILE)),
        note=dice.choice(HOSTILE),
        add_tags=(dice.choice(("trip", "tax 2026", "ü#b")),),
        is_hidden=dice.choice((None, None, True, False)),
    )
    await world.session.ledger.edit([one.id for one in await _some(world, dice)], told)


async def divide(world, dice):
    found = await world.session.ledger.page(EVERYTHING)
    one = dice.choice([each for each in found if abs(each.amount_minor) > 10 and not each.is_part])
    first = one.amount_minor // 3
    every = await world.session.ledger.categories()
    parts = [
        Part(first, dice.choice(every).id, dice.choice(HOSTILE), ("part",)),
        Part(one.amount_minor - first, None, "", ()),
    ]
    await world.session.ledger.splits.divide(one.id, parts)


async def delete(world, dice):
    await world.session.ledger.delete([one.id for one in await _some(world, dice)])


async def undo(world, _dice):
    await world.session.ledger.undo()


async def redo(world, _dice):
    await world.session.ledger.redo()


async def add_rule(world, dice):
    one = (await _some(world, dice))[0]
    every = await world.session.ledger.categories()
    rule = await world.session.rules.always(one, dice.choice(every).id)
    await world.session.rules.apply(rule)


async def rename_account(world, dice):
    one = dice.choice(await world.session.ledger.accounts())
    await world.session.accounts.rename(one.id, f"Own {dice.randrange(9)}; x")


async def merge(world, dice):
    every = [one for one in await world.session.ledger.categories() if one.key != "Other"]
    one, other = dice.sample(every, 2)
    await world.session.categories.merge(one.id, other.id)


async def answer(world, dice):
    waiting = await world.session.reviews.waiting()
    if waiting:
        doing = dice.choice((world.session.reviews.accept, world.session.reviews.refuse))
        await doing(dice.choice(waiting).id)


async def chat(world, _dice):
    talk = await world.session.chat_desk.create()
    async for _ in world.session.chat_desk.ask(talk, "How much did I spend this month?"):
        pass


_DOINGS = (
    choose, choose, write_on, write_on, divide, delete, undo, redo, add_rule, rename_account,
    merge, answer, chat,
)  # fmt: skip
