"""Names that a person or bank gives never make two accounts one, nor a text something else."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from hive_desktop.adapters.files.writing import beancount, hledger, ofx, qif
from hive_desktop.domain.exporting import Book, Holding
from hive_desktop.domain.ledger import TransactionQuery
from tests.unit.services.world import TODAY


@pytest.fixture(scope="session")
def known(lived):
    """Two accounts of the vault, its categories and its rows."""

    async def work(world):
        ledger = world.session.ledger
        rows = await ledger.page(TransactionQuery())
        return await ledger.accounts(), await ledger.categories(), rows

    return lived.run(work)


def book_of(accounts, categories=(), *, has_balances=True):
    holdings = tuple(Holding(one, one.currency, 100, 250) for one in accounts)
    return Book(
        holdings,
        {one.id: one for one in categories},
        {one.id: one for one in accounts},
        TODAY,
        TODAY,
        has_balances,
    )


def written(write, book, entries=()):
    source = SimpleNamespace(book=book, entries=lambda *_, **__: iter(entries))
    return "".join(write(source))


def test_no_two_accounts_or_categories_become_one_in_beancount(known):
    accounts, categories, _ = known
    told = [("B", "12"), ("B", "34"), ("B-34", None), ("B 12", None), ("B", None)]
    made = [
        replace(one, name=name, mask=mask, institution="Bank")
        for one, (name, mask) in zip(accounts, told, strict=False)
    ]
    kinds = [replace(one, kind=categories[0].kind) for one in categories[:4]]
    names = ("Food", "food", "Food 2", "Food-2")
    kept = [replace(one, name=name) for one, name in zip(kinds, names, strict=True)]
    chart = beancount._chart(book_of(made, kept))
    for each in (chart.own, chart.pending, chart.categories):
        assert len({one.casefold() for one in each.values()}) == len(each)


def test_a_bank_called_pending_does_not_hold_what_is_pending_elsewhere(known):
    accounts, _, _ = known
    made = [
        replace(accounts[0], name="Foo", institution="Pending"),
        replace(accounts[1], name="Bar", institution="Foo"),
    ]
    chart = beancount._chart(book_of(made))
    for own in chart.own.values():
        assert not [one for one in chart.pending.values() if one.startswith(f"{own}:")]


def test_no_two_categories_become_one_in_qif_and_none_is_without_a_name(known):
    _, categories, _ = known
    kinds = [replace(one, kind=categories[0].kind) for one in categories[:4]]
    names = ("a/b", "a b", "///", "[]")
    kept = [replace(one, name=name) for one, name in zip(kinds, names, strict=True)]
    text = written(qif.write, book_of((), kept))
    told = [line for line in text.splitlines() if line.startswith("N")]
    assert told == ["Na b", "Na b 2", "NCategory", "NCategory 2"]


def test_a_statement_of_some_rows_has_the_balance_that_the_account_has(known):
    accounts, _, _ = known
    book = book_of(accounts[:1], has_balances=False)
    holding = book.holdings[0]
    text = written(ofx.write, book)
    assert holding.closing_minor == 250
    assert "<BALAMT>2.50</BALAMT>" in text
    unknown = [replace(accounts[0], balance_current_minor=None)]
    assert "SUMOFROWS" not in text
    assert "<HIVE.SUMOFROWS>Y<" in written(ofx.write, book_of(unknown))


@pytest.mark.parametrize("text", ["* (x) y", "! (", "(x) y", "*(x", "=; (x"])
def test_no_code_begins_a_description(text):
    told = hledger._description(text)
    assert told
    assert told[0] not in "(*!=~%;"
