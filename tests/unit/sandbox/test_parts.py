"""The small parts of the simulated bank, each by itself."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest

from hive_desktop.sandbox.bank import bulk_bank
from hive_desktop.sandbox.clock import Clock, iso_instant
from hive_desktop.sandbox.cursors import Position, read_cursor, write_cursor
from hive_desktop.sandbox.errors import CATALOGUE, PlaidError
from hive_desktop.sandbox.faults import Faults
from hive_desktop.sandbox.ids import Minter, opaque_id
from hive_desktop.sandbox.ledger import Ledger, Row
from hive_desktop.sandbox.merchants import as_version_1, category_of, guess, primary_of
from hive_desktop.sandbox.recurring import find_streams
from hive_desktop.sandbox.render import render
from hive_desktop.sandbox.script import Entry
from hive_desktop.sandbox.wire import encode

DAY = dt.date(2026, 11, 2)


def entry(number=0, on=DAY, amount="5.00", **extra):
    fields = {
        "key": str(number),
        "account": "a",
        "transacted_on": on,
        "posted_on": on,
        "amount": Decimal(amount),
        "currency": "USD",
        "name": "CORNER KIOSK",
    }
    return Entry(**(fields | extra))


def row(number=0, **extra):
    made = entry(number, **extra)
    return Row(render(made, "account", 7, pending=False), made.name, made)


class TestClock:
    def test_a_frozen_day_stands_and_advance_moves_both_times(self):
        clock = Clock(DAY, monotonic=lambda: 10.0, wall=lambda: 1_000.0)
        assert (clock.today(), clock.seconds()) == (DAY, 10.0)
        clock.advance(2)
        assert clock.today() == dt.date(2026, 11, 4)
        assert clock.seconds() == 10.0 + 2 * 86_400
        assert clock.now() == dt.datetime(1970, 1, 3, 0, 16, 40, tzinfo=dt.UTC)
        assert clock.wall() == 1_000.0
        with pytest.raises(ValueError, match="forward"):
            clock.advance(-1)

    def test_instants_are_written_in_utc(self):
        local = dt.timezone(dt.timedelta(hours=5))
        assert iso_instant(dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=local)) == "2026-01-01T22:04:05Z"


class TestIds:
    def test_they_are_stable_mixed_case_and_free_of_lookalikes(self):
        made = [opaque_id(7, "x", str(number)) for number in range(500)]
        assert len(set(made)) == 500
        assert {len(one) for one in made} == {37}
        assert not set("".join(made)) & set("0OIl")
        assert made == [opaque_id(7, "x", str(number)) for number in range(500)]
        assert opaque_id(7, "ab", "c") != opaque_id(7, "a", "bc")

    def test_minters_count_by_kind(self):
        one, two = Minter(7), Minter(7)
        first = one.token("access")
        two.token("public")
        assert two.token("access") == first
        assert one.token("access") != first


class TestCursor:
    def test_round_trip_and_binding(self):
        for where in (
            Position(),
            Position(3, 9, 12),
            Position(9, 9),
            Position(2**40, 2**41, 2**42),
        ):
            text = write_cursor(where, 7, "token", "")
            assert read_cursor(text, 7, "token", "") == where
            assert len(text) <= 256
            for seed, token, stream in (
                (8, "token", ""),
                (7, "other", ""),
                (7, "token", "account"),
            ):
                assert read_cursor(text, seed, token, stream) is None

    def test_no_flipped_character_is_taken(self):
        text = write_cursor(Position(3, 9, 12), 7, "token", "")
        for place in range(len(text) - 1):
            flipped = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
            assert read_cursor(flipped, 7, "token", "") is None
        for junk in ("", "a", "=", "é", "A" * 500):
            assert read_cursor(junk, 7, "token", "") is None


class TestLedger:
    def test_any_page_size_gives_the_same_changes_as_a_client_that_keeps_up(self):
        """A client that pages through random histories always ends with the bank's rows."""
        dice = random.Random(5)
        for _ in range(40):
            ledger, held, start = Ledger(), {}, 0
            for step in range(12):
                self._happen(ledger, dice, step)
                if dice.random() < 0.5:
                    start = self._catch_up(ledger, held, start, dice.randint(1, 7))
                    assert held == self._truth(ledger)
            self._catch_up(ledger, held, start, 3)
            assert held == self._truth(ledger)

    @staticmethod
    def _truth(ledger):
        return {one.tx.transaction_id: one.tx.amount for one in ledger.live()}

    @staticmethod
    def _happen(ledger, dice, step):
        ledger.publish([row(f"{step}/{n}") for n in range(dice.randint(0, 5))])
        living = ledger.live()
        for one in dice.sample(living, min(len(living), 2)):
            if dice.random() < 0.5:
                ledger.remove(one)
            else:
                one.tx.amount += 1
                ledger.touch(one)

    @staticmethod
    def _catch_up(ledger, held, start, count):
        position, more = start, True
        while more:
            page = ledger.page(start, position, count, None)
            for one in page.added:
                assert one.tx.transaction_id not in held
                held[one.tx.transaction_id] = one.tx.amount
            for one in page.modified:
                assert one.tx.transaction_id in held
                held[one.tx.transaction_id] = one.tx.amount
            for one in page.removed:
                del held[one.tx.transaction_id]
            position, more = page.position, page.has_more
        return position

    def test_held_rows_are_unknown_to_clients(self):
        ledger = Ledger()
        ledger.hold([row(1)])
        assert not ledger.live()
        assert len(ledger.live(published=False)) == len(ledger.held()) == 1
        ledger.remove(ledger.held()[0])
        assert ledger.head == 0
        assert not ledger.page(0, 0, 10, None).removed


class TestRender:
    def test_pending_shows_its_own_amount_and_day(self):
        made = entry(posted_on=dt.date(2026, 11, 4), pending_amount=Decimal("4.00"))
        waiting = render(made, "account", 7, pending=True)
        posted = render(made, "account", 7, pending=False, pending_id=waiting.transaction_id)
        assert (waiting.amount, waiting.date, waiting.pending) == (Decimal("4.00"), DAY, True)
        assert (posted.amount, posted.date) == (Decimal("5.00"), dt.date(2026, 11, 4))
        assert posted.authorized_date == DAY
        assert posted.transaction_id != waiting.transaction_id == posted.pending_transaction_id

    def test_amounts_are_numbers_with_their_digits(self):
        assert encode({"a": Decimal("5.10"), "b": Decimal(-3)}) == b'{"a":5.10,"b":-3}'


class TestGuess:
    @pytest.mark.parametrize(
        ("line", "merchant", "detailed"),
        [
            ("AMZN Mktp US*2K4L", "Amazon", "GENERAL_MERCHANDISE_ONLINE_MARKETPLACES"),
            ("UBER *EATS HELP", "Uber Eats", "FOOD_AND_DRINK_RESTAURANT"),
            ("Uber 063015 SF**POOL**", "Uber", "TRANSPORTATION_TAXIS_AND_RIDE_SHARES"),
            ("SHELL SERVICE S", "Shell", "TRANSPORTATION_GAS"),
            ("Monthly Rent Payment", None, "RENT_AND_UTILITIES_RENT"),
            ("ACH Electronic CreditGUSTO PAY 123456", None, "INCOME_SALARY"),
            ("Discover credit card payment", None, "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"),
        ],
    )
    def test_known_lines(self, line, merchant, detailed):
        found = guess(line, money_in=False)
        assert (found.merchant.name if found.merchant else None, found.detailed) == (
            merchant,
            detailed,
        )

    @pytest.mark.parametrize("line", ["", "QX 0093 ZZ", "CURRENT SEASHELLS", "PARENTAL", "BUBERT"])
    def test_nothing_is_better_than_a_wild_guess(self, line):
        assert guess(line, money_in=False) is None

    def test_direction_matters(self):
        assert guess("INTRST PYMNT", money_in=True).detailed == "INCOME_INTEREST_EARNED"
        assert guess("INTRST PYMNT", money_in=False).detailed == "BANK_FEES_INTEREST_CHARGE"

    def test_taxonomies(self):
        assert primary_of("LOAN_PAYMENTS_CAR_PAYMENT") == "LOAN_PAYMENTS"
        assert primary_of("SOMETHING_NEW") == "OTHER"
        old = as_version_1(category_of("INCOME_SALARY", "HIGH"))
        assert (old.detailed, old.version) == ("INCOME_WAGES", "v1")


class TestStreams:
    def rows(self, step, count, amount="-9.99"):
        return [row(n, on=DAY - dt.timedelta(days=step * n), amount=amount) for n in range(count)]

    @pytest.mark.parametrize(
        ("step", "name"),
        [(7, "WEEKLY"), (14, "BIWEEKLY"), (15, "SEMI_MONTHLY"), (30, "MONTHLY"), (365, "ANNUALLY")],
    )
    def test_rhythms(self, step, name):
        inflow, outflow = find_streams(self.rows(step, 5), 7, DAY)
        assert [stream["frequency"] for stream in inflow] == [name]
        assert not outflow
        assert inflow[0]["is_active"]
        assert inflow[0]["average_amount"]["amount"] == Decimal("-9.99")

    def test_no_rhythm_no_stream(self):
        assert find_streams(self.rows(30, 2), 7, DAY) == ([], [])
        uneven = [
            row(n, on=DAY - dt.timedelta(days=gap)) for n, gap in enumerate((0, 3, 40, 47, 90))
        ]
        assert find_streams(uneven, 7, DAY) == ([], [])

    def test_an_old_stream_is_over(self):
        _, outflow = find_streams(self.rows(30, 5, "9.99"), 7, DAY + dt.timedelta(days=90))
        assert (outflow[0]["status"], outflow[0]["predicted_next_date"]) == ("TOMBSTONED", None)


def test_faults_count_down_only_on_their_path():
    faults = Faults()
    faults.arm("/a", nth=2, kind="html")
    assert [bool(faults.take(path)) for path in ("/b", "/a", "/b", "/a", "/a")] == [
        False, False, False, True, False,
    ]  # fmt: skip
    assert faults.armed == ()


def test_rate_limit_codes_share_a_text():
    error = PlaidError("TRANSACTIONS_SYNC_LIMIT")
    assert (error.http, error.error_type) == (429, "RATE_LIMIT_EXCEEDED")
    assert "{" not in "".join(PlaidError(code, fields=("x",)).message for code in CATALOGUE)


def test_bulk_has_exactly_the_rows_asked_for():
    bank = bulk_bank(2, 750, today=DAY)
    for place, institution_id in enumerate(bank.institution_ids):
        bank.link(institution_id)
        rows = bank.items[place].ledger.rows
        assert len(rows) == 750
        assert len({one.tx.account_id for one in rows.values()}) == 3
        assert not any(one.tx.pending for one in rows.values())
