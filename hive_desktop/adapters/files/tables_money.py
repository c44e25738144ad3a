"""Columns of amounts that no heading names: proved by a balance, paired, or the likeliest."""

from __future__ import annotations

import re
from itertools import chain, combinations, pairwise, permutations
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.amounts import Amounts
from hive_desktop.adapters.files.dates import Dates
from hive_desktop.adapters.files.tables_orders import Hints, date_order, decimal_mark
from hive_desktop.adapters.files.tables_signs import Proof, by_text, proof_of
from hive_desktop.adapters.files.tables_words import words_of
from hive_desktop.domain.csv_layouts import DateOrder, Role, Sign

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hive_desktop.adapters.files.tables_columns import Column
    from hive_desktop.adapters.files.tables_places import Place
    from hive_desktop.adapters.files.tables_roles import Chosen

    _Values = Mapping[int, Sequence[int | None]]  # minor units by column
    _Proved = tuple[Proof, list[tuple[Role, int]]]

_AMOUNTS: Final = frozenset({Role.AMOUNT, Role.OUT, Role.IN})
_PARTS: Final = frozenset(
    words_of(
        """brutto, bruto, lordo, avant commission, sous montant, importo singolo,
        individual amount, sub amount, teilbetrag"""
    )
)
"""Headings of what is no amount beside one that is named, and may be it where none is."""
_NUMBERED: Final = re.compile(r"\b(?:\w*number|\w*nummer|\w*nr|no|num|numero|id|ref|reference)\b")


def with_amounts(chosen: Chosen, columns: list[Column], place: Place) -> Chosen:
    """Find amounts that no heading names: those that a balance proves, pairs, or the first."""
    if any(chosen.of(one) for one in _AMOUNTS):
        return _with_other_side(chosen, columns)
    taken = {i for role, i in chosen.columns if role is not Role.ID}
    money = [
        i
        for i, one in enumerate(columns)
        if i not in taken and one.is_of_amounts and not one.is_of_days
        and not (one.heading.is_known and place.header >= 0 and one.name not in _PARTS)
        and (one.marked or one.amounts)
    ]  # fmt: skip
    days: list[int | None] = [None] * len(columns[0].cells)
    if chosen.of(Role.DATE):
        read = Dates(_any_order(columns[chosen.of(Role.DATE)[0]].cells))
        days = [read[one] for one in columns[chosen.of(Role.DATE)[0]].cells]
    found = _proved(money, columns, days) or _paired(money, columns)
    is_sure = True
    if found is None:
        real = (
            [i for i in money if columns[i].is_of_money]
            or [i for i, one in enumerate(columns) if one.name == "price" and one.is_of_money]
            or [
                i
                for i in money
                if (columns[i].distinct > 1 or len(columns[i].cells) == 1)
                and _NUMBERED.search(columns[i].name) is None
            ]
        )
        if not real:
            return chosen
        full = max(columns[i].filled for i in real)
        best = max(
            real,
            key=lambda i: (
                columns[i].filled >= 0.9 * full,
                columns[i].is_signed,
                bool(columns[i].marked),
                -i,
            ),
        )
        found = [(Role.AMOUNT, best)]
        is_sure = len(real) < 2
    kept = [one for one in chosen.columns if one[1] not in {i for _, i in found}]
    return chosen._replace(columns=[*kept, *found], by_heading=False, is_sure_which=is_sure)


def _with_other_side(chosen: Chosen, columns: list[Column]) -> Chosen:
    """Find the column that is filled where the one that a heading names is empty."""
    sides = [(role, i) for role, i in chosen.columns if role in {Role.OUT, Role.IN}]
    if len(sides) != 1 or chosen.of(Role.AMOUNT):
        return chosen
    role, named = sides[0]
    taken = {i for _, i in chosen.columns}
    for i in (named - 1, named + 1):
        if not 0 <= i < len(columns) or i in taken or columns[i].heading.is_known:
            continue
        if columns[i].is_of_amounts and _one_at_a_time(_minor(columns[named]), _minor(columns[i])):
            other = Role.IN if role is Role.OUT else Role.OUT
            return chosen._replace(columns=[*chosen.columns, (other, i)], by_heading=False)
    return chosen


def _any_order(cells: Sequence[str]) -> DateOrder:
    return DateOrder(date_order(cells, Hints(is_american=False, is_european=False)).value)


def _minor(column: Column) -> list[int | None]:
    mark = decimal_mark(set(column.cells), likely=".").value
    read = Amounts("", mark)
    return [read[one] if one else None for one in column.cells]


def _proved(
    money: list[int], columns: list[Column], days: Sequence[int | None]
) -> list[tuple[Role, int]] | None:
    """Return amounts with the balance that follows from them."""
    values = {i: _minor(columns[i]) for i in money[:8]}
    best: tuple[float, list[tuple[Role, int]]] | None = None  # steps that agree
    # Two columns come first: each of them alone agrees where the other one is empty.
    for proof, roles in chain(
        _pairs(values, columns, days),
        _between(values),
        _singles(values, days),
        _before(values, days),
    ):
        agreed = proof.share * proof.steps
        if proof.is_clear and (best is None or agreed > best[0]):
            best = agreed, roles
    return best[1] if best else None


def _pairs(values: _Values, columns: list[Column], days: Sequence[int | None]) -> Iterator[_Proved]:
    """Give money out and money in by themselves, with the balance that follows from both."""
    for b, balances in values.items():
        for (out, outs), (into, ins) in combinations(values.items(), 2):
            if b in {out, into} or not _one_at_a_time(outs, ins):
                continue
            net = [(y or 0) - (x or 0) for x, y in zip(outs, ins, strict=True)]
            proof = proof_of(net, balances, days)
            turned = net if proof.sign > 0 else [-one for one in net]
            is_usual = (proof.sign > 0) != _is_owed(turned, columns)
            left, right = (out, into) if is_usual else (into, out)
            yield proof, [(Role.OUT, left), (Role.IN, right), (Role.BALANCE, b)]


def _between(values: _Values) -> Iterator[_Proved]:
    """Give amounts that stand between the balance before each and the balance after it."""
    for (a, amounts), (_, before), (b, after) in permutations(values.items(), 3):
        rows = [
            (amount, now - was)
            for amount, was, now in zip(amounts, before, after, strict=True)
            if amount is not None and was is not None and now is not None
        ]
        if not _follow(before, after) and not _follow(after, before):
            continue  # such as what was paid, the fee and both together
        if any(amount < 0 for amount, _ in rows) and all(amount == step for amount, step in rows):
            yield Proof(1, share=1.0, steps=len(rows)), [(Role.AMOUNT, a), (Role.BALANCE, b)]


def _follow(one: Sequence[int | None], other: Sequence[int | None]) -> bool:
    """Return whether each value of a column stands in the row before in the other column."""
    return all(now == was for now, was in zip(one[1:], other[:-1], strict=True))


def _singles(values: _Values, days: Sequence[int | None]) -> Iterator[_Proved]:
    """Give amounts with the balance that follows from them."""
    for (b, balances), (a, amounts) in permutations(values.items(), 2):
        yield proof_of(amounts, balances, days), [(Role.AMOUNT, a), (Role.BALANCE, b)]


def _before(values: _Values, days: Sequence[int | None]) -> Iterator[_Proved]:
    """Give amounts beside which the balance before each of them stands."""
    for (_, balances), (a, amounts) in permutations(values.items(), 2):
        yield _proof_before(amounts, balances, days), [(Role.AMOUNT, a)]


def _proof_before(
    amounts: Sequence[int | None], balances: Sequence[int | None], days: Sequence[int | None]
) -> Proof:
    """Return whether balances are those before each amount."""
    after = [
        None if amount is None or balance is None else balance + amount
        for amount, balance in zip(amounts, balances, strict=True)
    ]
    proof = proof_of(amounts, after, days)
    return proof if proof.sign > 0 else Proof()


def _is_owed(net: Sequence[int], columns: list[Column]) -> bool:
    """Return whether a balance that rises by amounts is what is owed, by the words of rows."""
    words = [one for one in columns if one.words > 0.5 * one.filled]
    texts = [" ".join(one.cells[n] for one in words) for n in range(len(net))]
    judged = by_text(net, texts)
    return judged.sign is Sign.OUT_POSITIVE and judged.why == reasons.SIGN_BY_TEXT


def _one_at_a_time(outs: Sequence[int | None], ins: Sequence[int | None]) -> bool:
    pairs = list(zip(outs, ins, strict=True))
    return bool(pairs) and all(bool(a) != bool(b) for a, b in pairs)


def _paired(money: list[int], columns: list[Column]) -> list[tuple[Role, int]] | None:
    """Return two columns side by side of which each row fills one; the left is money out.

    Unless the words of the rows say that it is the other one.
    """
    for a, b in pairwise(money):
        outs, ins = _minor(columns[a]), _minor(columns[b])
        if b == a + 1 and _one_at_a_time(outs, ins):
            net = [abs(y or 0) - abs(x or 0) for x, y in zip(outs, ins, strict=True)]
            left, right = (b, a) if _is_owed(net, columns) else (a, b)
            return [(Role.OUT, left), (Role.IN, right)]
    return None
