"""What happens at the bank: a table of small functions, each one thing.

Each takes the world and returns a few words for the log, or None when there was nothing to do.
"""

from __future__ import annotations

from hive_desktop.sandbox.ids import opaque_id
from tests.simulation.small_bank import MERCHANTS, draw_amount

_TROUBLES = (
    "ITEM_LOGIN_REQUIRED", "INSTITUTION_DOWN", "INSTITUTION_NOT_RESPONDING",
    "INTERNAL_SERVER_ERROR", "ITEM_LOCKED", "PRODUCT_NOT_READY",
)  # fmt: skip


def new_payment(world):
    item = world.some_item()
    account = world.dice.choice(item.open_accounts())
    world.bank.add_transaction(
        draw_amount(world.dice),
        world.dice.choice(MERCHANTS),
        account_id=account.account_id,
        pending=world.dice.random() < 0.5,
    )
    return f"on {account.spec.name}"


def twins(world):
    item = world.some_item()
    account = world.dice.choice(item.open_accounts())
    amount, merchant = draw_amount(world.dice), world.dice.choice(MERCHANTS)
    pending = world.dice.random() < 0.3
    for _ in range(2):
        world.bank.add_transaction(amount, merchant, account_id=account.account_id, pending=pending)
    return f"{amount} at {merchant}"


def transfer(world):
    accounts = [one for item in world.living() for one in item.open_accounts()]
    if len(accounts) < 2:
        return None
    source, target = world.dice.sample(accounts, 2)
    amount = abs(draw_amount(world.dice))
    for account, signed in ((source, amount), (target, -amount)):
        world.bank.add_transaction(signed, "ONLINE TRANSFER", account_id=account.account_id)
    return str(amount)


def post(world):
    return _post(world)


def post_with_tip(world):
    return _post(world, tip=True)


def post_unnamed(world):
    return _post(world, link=False)


def post_and_linger(world):
    return _post(world, link=world.dice.random() < 0.3, linger=True)


def _post(world, *, tip=False, **how):
    waiting = world.rows(
        lambda row: row.tx.pending and row.tx.transaction_id not in world.lingering
    )
    if not waiting:
        return None
    row = world.dice.choice(waiting)
    old_id = row.tx.transaction_id
    amount = (row.tx.amount * 6 / 5).quantize(row.tx.amount) if tip else None
    new_id = world.bank.post_pending(old_id, amount=amount, **how)
    world.lineage.follows(old_id, new_id)
    if how.get("linger"):
        world.lingering[old_id] = new_id
    return f"{row.tx.amount} at {row.tx.name}"


def end_lingering(world):
    if not world.lingering:
        return None
    old_id = world.dice.choice(sorted(world.lingering))
    _leave_lingering(world, old_id)
    return "the pending row is gone"


def _leave_lingering(world, old_id):
    """Remove a pending row that stood beside its posted one."""
    del world.lingering[old_id]
    if world.rows(lambda row: row.tx.transaction_id == old_id):
        world.bank.remove(old_id)


def modify(world):
    rows = world.rows()
    if not rows:
        return None
    row = world.dice.choice(rows)
    what = world.dice.choice(("amount", "name", "date"))
    value = {
        "amount": lambda: draw_amount(world.dice),
        "name": lambda: f"{row.tx.name} {world.dice.randrange(100)}",
        "date": lambda: row.tx.date.replace(day=world.dice.randint(1, 28)).isoformat(),
    }[what]()
    world.bank.modify(row.tx.transaction_id, **{what: value})
    return f"{what} of {row.tx.name}"


def remove(world):
    rows = world.rows()
    if not rows:
        return None
    row = world.dice.choice(rows)
    for old_id, new_id in sorted(world.lingering.items()):
        if row.tx.transaction_id in (old_id, new_id):
            _leave_lingering(world, old_id)
    if not row.removed:
        world.bank.remove(row.tx.transaction_id)
    return f"{row.tx.amount} at {row.tx.name}"


def re_id(world):
    busy = {one for pair in world.lingering.items() for one in pair}
    rows = world.rows(lambda row: row.tx.transaction_id not in busy)
    if not rows:
        return None
    row = world.dice.choice(rows)
    old_id = row.tx.transaction_id
    world.lineage.follows(old_id, world.bank.re_id(old_id))
    return f"{row.tx.amount} at {row.tx.name}"


def re_id_accounts(world):
    item = world.some_item()
    if len(item.open_accounts()) < len(item.accounts) or world.lingering:
        return None
    with_rows = world.dice.random() < 0.4
    if with_rows:
        for row in item.ledger.live():
            old_id = row.tx.transaction_id
            world.lineage.follows(old_id, opaque_id(world.bank.seed, "transaction-after", old_id))
    for old, new in world.bank.re_id_accounts(item.item_id, with_rows=with_rows).items():
        world.lineage.account_follows(old, new)
    return "with rows" if with_rows else "rows keep their ids"


def open_account(world):
    item = world.some_item()
    if len(item.accounts) > 3:
        return None
    number = len(item.accounts)
    world.bank.add_account(item.item_id, name=f"Pot {number}", subtype="savings")
    return item.institution.name


def close_account(world):
    item = world.some_item()
    known = {row.bank.plaid_account_id for row in world.oracle.seen.values()}
    open_ones = [one for one in item.open_accounts() if one.account_id in known]
    if len(open_ones) < 2:
        return None
    world.bank.close_account(world.dice.choice(open_ones).account_id)
    return item.institution.name


def drift(world):
    item = world.some_item()
    account = world.dice.choice(item.open_accounts())
    world.bank.set_balance_drift(account.account_id, world.dice.choice((0, 5, -20)))
    return account.spec.name


def break_item(world):
    item = world.some_item()
    code = world.dice.choice(_TROUBLES)
    world.bank.break_item(item.item_id, code)
    return code


def repair_item(world):
    broken = [item for item in world.living() if item.error_code]
    if not broken:
        return None
    world.bank.repair_item(world.dice.choice(broken).item_id)
    return "well again"


def lose_cursors(world):
    item = world.some_item()
    world.bank.reset_cursors(item.item_id)
    return item.institution.name


def move_between_pages(world):
    change = world.dice.choice(("touch", "add", "modify"))
    world.bank.mutate_during_pagination(
        world.dice.randint(1, 3), item=world.some_item().item_id, change=change
    )
    return change


def a_day_passes(world):
    days = world.dice.choice((1, 1, 2, 4))
    world.bank.advance(days)
    return f"{days} days"


EVENTS = (
    (new_payment, 14), (twins, 3), (transfer, 2), (post, 6), (post_with_tip, 3), (post_unnamed, 4),
    (post_and_linger, 2), (end_lingering, 2), (modify, 6), (remove, 4), (re_id, 6),
    (re_id_accounts, 1), (open_account, 1), (close_account, 1), (drift, 1), (break_item, 2),
    (repair_item, 3), (lose_cursors, 2), (move_between_pages, 4), (a_day_passes, 4),
)  # fmt: skip
"""What can happen at the bank, each with how often."""
