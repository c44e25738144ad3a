"""What a load does while the bank moves under it."""

import asyncio
from dataclasses import replace
from datetime import date

from hive_desktop.domain.days import Span, to_day
from hive_desktop.domain.ledger import Place, StoredRow
from hive_desktop.domain.reconcile import Known, reconcile
from hive_desktop.ports.bank import AccessToken, WindowPage
from hive_desktop.services.download import Download, Downloader
from tests.unit.services.world import ScriptedBank, account, page, row

SPAN = Span(date(2026, 3, 1), date(2026, 3, 14))


class Moving(ScriptedBank):
    """A bank that does something after each of its first answers."""

    def __init__(self, after_window=(), lists=()):
        super().__init__()
        self.script = self.add("a")
        self.after_window = list(after_window)
        self.lists = list(lists)
        self.window = []

    async def window_page(self, *_asked):
        rows = list(self.window)
        if self.after_window:
            self.after_window.pop(0)(self)
        return WindowPage(rows, [], len(rows), [])

    async def accounts(self, token):
        return self.lists.pop(0) if self.lists else await super().accounts(token)

    def load(self, verb, *words):
        downloader = Downloader(self, AccessToken("token-a"), lambda _rows: None)
        return asyncio.run(getattr(downloader, verb)(*words))


def test_a_window_is_read_again_where_a_row_left_before_the_cursor_told_of_it():
    def leaves(bank):
        bank.window.clear()
        bank.script.pages["end"] = page(removed=["short-lived"], cursor="later")

    bank = Moving(after_window=[leaves])
    bank.script.pages[""] = page(cursor="end")
    bank.window = [row("short-lived", account="a-checking")]
    load = bank.load("window", bank, SPAN, "end")
    assert load.update.incoming == {}
    assert load.update.removed == {"short-lived"}
    assert load.cursor == "later"


def test_pages_are_read_again_where_accounts_took_other_ids_before_they_were_listed():
    def pages(account_id):
        told = page([row("r1", account=account_id)])
        return replace(told, accounts=[account(account_id)])

    bank = Moving()
    bank.script.pages[""] = pages("old-id")
    bank.script.accounts = [account("new-id")]

    async def renamed(_cursor):
        if len(bank.script.calls) == 2:
            bank.script.pages[""] = pages("new-id")

    bank.script.before_page = renamed
    load = bank.load("changes", "")
    assert set(load.accounts) == {"new-id"}
    assert [one.plaid_account_id for one in load.update.incoming.values()] == ["new-id"]


def test_an_account_that_closes_while_another_opens_does_not_hold_a_sync_up():
    bank = Moving()
    bank.script.pages[""] = replace(
        page([row("r1", account="closed")]), accounts=[account("closed")]
    )
    bank.script.accounts = [account("opened")]
    assert set(bank.load("changes", "").accounts) == {"closed", "opened"}


def test_after_a_lost_cursor_each_account_keeps_what_lies_before_its_own_first_row():
    def stored(plaid_id, account_id, day):
        bank = row(plaid_id, day=day, account=account_id)
        return StoredRow(plaid_id.encode(), to_day(day), bank, Place.LEDGER)

    load = Download(is_everything=True)
    load.update.add_page(
        [
            row("c1", day=date(2024, 6, 1), account="checking"),
            row("k2", day=date(2026, 3, 1), account="card"),
        ],
        (),
        (),
    )
    vacant = load.sort_out(
        [
            stored("c0", "checking", date(2025, 1, 1)),
            stored("k0", "card", date(2025, 1, 1)),
            stored("k1", "card", date(2026, 3, 2)),
        ]
    )
    assert [one.bank.plaid_id for one in vacant] == ["k0"]
    assert load.update.removed == {"c0", "k1"}


def test_a_deleted_row_of_an_undone_sync_goes_on_under_another_id_before_the_history_is_whole():
    old = row("old", account="a-checking", name="QUILL")
    deleted = StoredRow(b"d", old.posted_on << 20, old, Place.DELETED)
    load = Download(is_history_complete=False)
    load.update.add_page([row("new", account="a-checking", name="QUILL")], (), ())
    vacant = load.miss([deleted])
    assert vacant == [deleted]
    assert load.update.removed == set()
    plan = reconcile(load.update, {"old": deleted}, Known(vacant=vacant))
    assert plan.inserts == []
    assert [(one.stored, one.row.plaid_id) for one in plan.changes] == [(deleted, "new")]

    whole = Download(is_history_complete=True)
    assert whole.miss([deleted]) == []
    assert whole.update.removed == {"old"}
