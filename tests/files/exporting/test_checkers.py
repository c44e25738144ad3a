"""hledger, ledger and Beancount accept the journals, and their balances are Hive's."""

import re
import shutil
import subprocess
from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from hive_desktop.adapters.files.writing import beancount, hledger
from hive_desktop.domain.exporting import ExportFormat
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.money import from_minor
from tests.files.exporting.odd import odd_source
from tests.unit.services.world import TODAY

EVERYTHING = TransactionQuery()
OWN = re.compile(r"(assets|liabilities):(?!pending:)", re.IGNORECASE)


@pytest.fixture
def journal(lived, tmp_path):
    """Write a journal; returns it, and what Hive has for each of the person's accounts."""

    def journal(form, query=EVERYTHING):
        file = tmp_path / f"all{form.suffix}"

        async def work(world):
            await world.session.exports.write(form, query, file)
            ledger = world.session.ledger
            rows = await ledger.page(EVERYTHING)
            sums = Counter()
            for row in rows:
                if not row.pending:
                    sums[row.account_id, row.currency] -= row.amount_minor
            held = []
            for one in await ledger.accounts():
                worth = sums[one.id, one.currency] if one.worth_minor is None else one.worth_minor
                held.append((one.currency, from_minor(worth, one.currency)))
                held += [
                    (currency, from_minor(total, currency))
                    for (account, currency), total in sums.items()
                    if account == one.id and currency != one.currency
                ]
            return sorted(one for one in held if one[1])

        return file, lived.run(work)

    return journal


def said(*words):
    assert shutil.which(words[0]), f"{words[0]} is not installed: dev.py test --full does it"
    done = subprocess.run(
        [*map(str, words)], capture_output=True, text=True, timeout=100, check=False,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.mark.full
def test_hledger_accepts_the_journal_and_has_hives_balances(journal):
    file, held = journal(ExportFormat.HLEDGER)
    assert " @@ " in file.read_text("utf-8")  # a transfer between two currencies
    said("hledger", "-f", file, "check")
    said("hledger", "-f", file, "check", "accounts")
    report = said(
        "hledger", "-f", file, "balance", "--flat", "--no-total", "--no-elide", "-O", "csv",
        "not:pending", "assets", "liabilities", "--layout", "tidy",
    )  # fmt: skip
    found = []
    for line in report.splitlines()[1:]:
        cells = [one.strip('"') for one in line.split('","')]
        if Decimal(cells[-1] or 0):
            found.append((cells[-2], Decimal(cells[-1])))
    assert sorted(found) == held
    pending = said("hledger", "-f", file, "print", "--pending")
    assert pending.count("\n\n") > 3


@pytest.mark.full
def test_ledger_accepts_the_journal_and_has_hives_balances(journal):
    file, held = journal(ExportFormat.HLEDGER)
    report = said(
        "ledger", "-f", file, "--args-only", "--init-file", "/dev/null", "register",
        "--format", "%(account)|%(quantity(amount))|%(commodity(amount))\n", "^assets:",
        "^liabilities:",
    )  # fmt: skip
    sums = defaultdict(Decimal)
    for line in report.splitlines():
        account, amount, currency = line.rsplit("|", 2)
        if OWN.match(account):
            sums[account, currency.strip('"')] += Decimal(amount)
    found = sorted((currency, total) for (_, currency), total in sums.items() if total)
    assert found == held


@pytest.mark.full
def test_beancount_accepts_the_journal_and_has_hives_balances(journal):
    from beancount import loader
    from beancount.core import realization
    from beancount.core.data import Balance, Transaction

    file, held = journal(ExportFormat.BEANCOUNT)
    entries, errors, _ = loader.load_file(str(file))
    assert errors == []
    assert sum(isinstance(one, Balance) for one in entries) >= len(held)
    assert {one.flag for one in entries if isinstance(one, Transaction)} == {"*", "!"}
    found = [
        (position.units.currency, position.units.number)
        for account in realization.iter_children(realization.realize(entries))
        if OWN.match(account.account)
        for position in account.balance
        if position.units.number
    ]
    assert sorted(found) == held


@pytest.mark.full
def test_parts_of_a_ledger_are_accepted_too(journal, lived):
    async def ask(world):
        return await world.session.ledger.accounts()

    account = next(one for one in lived.run(ask) if one.type == "credit")
    days = {"start": TODAY - timedelta(days=60), "end": TODAY - timedelta(days=20)}
    queries = (
        TransactionQuery(accounts=(account.id,)),
        TransactionQuery(**days),
        TransactionQuery(text="netflix"),
        TransactionQuery(text="nothing is called so"),
        TransactionQuery(pending=True),
    )
    for query in queries:
        file, _ = journal(ExportFormat.HLEDGER, query)
        said("hledger", "-f", file, "check")
        said("ledger", "-f", file, "--args-only", "--init-file", "/dev/null", "balance")
        file, _ = journal(ExportFormat.BEANCOUNT, query)
        _accepted(file)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(12))
def test_odd_ledgers_are_accepted_with_the_balances_that_they_end_with(seed, tmp_path):
    """Odd names, currencies, days and amounts; a journal says its balances and is held to them."""
    source = odd_source(Random(seed))
    file = tmp_path / "odd.journal"
    file.write_text("".join(hledger.write(source)), "utf-8")
    assert file.read_text("utf-8").count(" = ") >= len(source.book.holdings)
    said("hledger", "-f", file, "check")
    said("hledger", "-f", file, "check", "accounts")
    said("ledger", "-f", file, "--args-only", "--init-file", "/dev/null", "balance")
    file = tmp_path / "odd.beancount"
    file.write_text("".join(beancount.write(source)), "utf-8")
    assert file.read_text("utf-8").count(" balance ") >= len(source.book.holdings)
    _accepted(file)


def test_a_name_is_as_long_as_ledger_takes_one_and_whole_units_have_a_tolerance():
    assert hledger._name("x" * 300) == "x" * 120
    text = "".join(beancount.write(odd_source(Random(1), currencies=("JPY",))))
    assert 'option "inferred_tolerance_default" "JPY:0.001"' in text


def _accepted(file):
    from beancount import loader

    assert loader.load_file(str(file))[1] == []
