"""Records of a table become rows of statements, each held against the layout, none bent to it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files import reasons as common
from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.amounts import Amounts, marks_of
from hive_desktop.adapters.files.balances import LONGEST_NO_ROW, NoTransactions
from hive_desktop.adapters.files.dates import NO_DAY, Dates, looks_like_date
from hive_desktop.adapters.files.parts import (
    LONGEST_MEMO,
    LONGEST_NAME,
    currency_code,
    own_id,
    refuse,
    tidy,
    with_distinct_ids,
)
from hive_desktop.adapters.files.tables_accounts import LOOKED_AT, above, is_another
from hive_desktop.adapters.files.tables_cards import CREDIT_CARD
from hive_desktop.adapters.files.tables_cells import Record
from hive_desktop.adapters.files.tables_headings import currency_of
from hive_desktop.adapters.files.tables_kept import (
    NO_WORDS,
    UNNAMED,
    Account,
    Kept,
    gone_on,
    tags_of,
    tidied,
)
from hive_desktop.adapters.files.tables_odd import (
    A_ROW,
    GOES_ON,
    OTHER_TABLE,
    SAME_HEADINGS,
    OddRecords,
)
from hive_desktop.adapters.files.tables_signs import proof_of
from hive_desktop.adapters.files.tables_values import OwnAmounts, in_columns, with_word
from hive_desktop.adapters.files.tables_words import DONE, FAILED, PENDING, YES, plain
from hive_desktop.domain.csv_layouts import Role, Sign
from hive_desktop.domain.statements import (
    FileAccount,
    FileBalance,
    FileRow,
    Statement,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hive_desktop.adapters.files.tables_accounts import Above
    from hive_desktop.adapters.files.tables_cells import Pair
    from hive_desktop.adapters.files.tables_values import Value
    from hive_desktop.domain.csv_layouts import CsvLayout
    from hive_desktop.domain.statements import Refused

_PROVED: Final = 2_000
_IS_NUMBER: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}|[0-9xX*•-]*[0-9]{4}[0-9-]*")
_MOST_LINES_ON: Final = 8
_MOST_NOTES: Final = 200
_TRANSFER: Final = "Transfer : "


class TableReader:
    """Reads the rows of one table.

    Args:
        layout: how.
        currency: ISO 4217, where neither table nor layout says it; may be "".
        width: how many columns rows have.
        told: what stands before the table says of its account.
    """

    def __init__(self, layout: CsvLayout, *, currency: str, width: int, told: Above) -> None:
        self._layout = layout
        self._width = width
        self._told, self._number = told, told.number
        self._currency = layout.currency or currency
        self._days = Dates(layout.date_order)
        self._odd = OddRecords(layout, self._days, width)
        self._amounts: dict[str, Amounts] = {}
        self._kept = Kept()
        self._states: dict[str, str] = {}
        state_at = layout.first(Role.STATE)
        heading = layout.headings[state_at : state_at + 1] if state_at is not None else ()
        self._asks_pending = any(plain(one) in PENDING for one in heading)
        self._codes: dict[str, str] = {}
        self._accounts: dict[tuple[str, str, str], Account] = {}
        self._last: Account | None = None
        self._account_at, self._number_at = layout.first(Role.ACCOUNT), layout.first(Role.NUMBER)
        self._early: list[Refused] = []
        self._owner: str | None = None
        self.notes: list[Record] = []
        """What stands behind the last row."""
        self._looked = ((0, 0), False)
        self._value = self._reader_of_amounts()
        of = layout.of
        self._day, self._happened = layout.first(Role.DATE), layout.first(Role.HAPPENED)
        self._payer, self._payee = layout.first(Role.PAYER), layout.first(Role.PAYEE)
        self._words = (*of(Role.NAME), *of(Role.TEXT), *of(Role.MEMO))
        self._need = max((i for _, i in layout.columns), default=-1) + 1

    def read(self, records: Iterator[Pair]) -> Record | None:  # noqa: C901, PLR0912, PLR0915
        """Read records to the end, or to the headings of another table, which are returned.

        All of it is one loop: in a table of a hundred thousand rows, calls cost more than the rest.
        """
        layout, days, width, need = self._layout, self._days, self._width, self._need
        day_at, happened_at = self._day, self._happened
        if day_at is None:
            self._refuse_all(records)
            return None
        first = layout.first
        currency_at, state_at, id_at = first(Role.CURRENCY), first(Role.STATE), first(Role.ID)
        kind_at, category_at, tags_at = first(Role.KIND), first(Role.CATEGORY), first(Role.TAGS)
        balance_at, transfer_at = first(Role.BALANCE), first(Role.TRANSFER)
        fee_at = first(Role.FEE) if layout.fee_is_extra else None
        value, named, place, new = self._value, self._named, self._place, tuple.__new__
        plain_at = first(Role.AMOUNT) if value is None else None
        turn = layout.sign is not Sign.OUT_POSITIVE
        kept, odd, no_rows = self._kept, self._odd, NoTransactions()
        fixed = currency = self._currency
        amounts = self._amounts_of(fixed)
        is_one = not (layout.of(Role.ACCOUNT) or layout.of(Role.NUMBER) or currency_at is not None)
        account: Account | None = None
        notes = self.notes
        for line, cells in records:
            if len(cells) < need:
                if not cells:
                    continue
                cells.extend([""] * (need - len(cells)))
            day = days[cells[day_at]]
            if currency_at is not None:
                currency = cells[currency_at] or fixed
                amounts = self._amounts.get(currency) or self._amounts_of(currency)
            amount: int | None
            if plain_at is not None:
                amount = amounts[cells[plain_at]]
                if turn and amount is not None:
                    amount = -amount
            else:
                amount = value(cells, amounts) if value is not None else None
            if day is None and happened_at is not None and not cells[day_at].strip():
                day = days[cells[happened_at]]
            if day is None or amount is None or len(cells) > width:
                told = odd.told(cells, day, amount, amounts)
                if told == OTHER_TABLE or (told == SAME_HEADINGS and self._is_another(line)):
                    return Record(line, cells)
                if told != A_ROW or day is None or amount is None:
                    if told == GOES_ON:
                        self._go_on(line, cells)
                    elif told and told != SAME_HEADINGS:
                        self._refuse(line, cells, told)
                    if told != SAME_HEADINGS and len(notes) < _MOST_NOTES:
                        notes.append(Record(line, cells))
                    continue
            if notes:
                notes.clear()
            if currency_at is not None:
                currency = self._code(currency)
                if not currency:
                    self._refuse(line, cells, common.NO_CURRENCY)
                    continue
            is_pending = False
            if state_at is not None and cells[state_at]:
                state = self._state(cells[state_at])
                if state == "failed":
                    self._refuse(line, cells, reasons.FAILED)
                    continue
                # Without a posting day, a state that is not known is not booked yet.
                is_pending = state == "pending" or (state == "" and not cells[day_at].strip())
            if fee_at is not None and cells[fee_at]:
                fee = amounts[cells[fee_at]]
                amount += (-fee if layout.fee_is_negative else abs(fee)) if fee else 0
            name, memo = named(cells, amount)
            if len(name) < LONGEST_NO_ROW:
                told = no_rows[name]
                if told:
                    self._refuse(line, cells, told)
                    if told == common.OPENING_BALANCE:
                        place(cells, currency).openings.append((day - 1, -amount))
                    continue
            happened = None
            if happened_at is not None:
                happened = days[cells[happened_at]]
            elif " as of " in cells[day_at]:
                happened = days[cells[day_at].partition(" as of ")[2]]
            if not is_one or account is None:
                account = place(cells, currency)
            transfer = cells[transfer_at].strip() if transfer_at is not None else ""
            if name.startswith(_TRANSFER):
                transfer = name[len(_TRANSFER) :]
            account.rows.append(
                new(
                    FileRow,
                    (
                        line,
                        day,
                        amount,
                        currency,
                        name,
                        memo,
                        own_id(cells[id_at].strip("'")) if id_at is not None else "",
                        happened if happened is None or happened <= day else None,
                        is_pending,
                        kept[cells[kind_at]] if kind_at is not None else "",
                        kept[cells[category_at]] if category_at is not None else "",
                        tags_of(cells[tags_at]) if tags_at is not None and cells[tags_at] else (),
                        (),
                        transfer,
                    ),
                )
            )
            if balance_at is not None:
                account.balances.append(cells[balance_at])
            self._last = account
        return None

    def _refuse_all(self, records: Iterator[Pair]) -> None:
        """Refuse whatever has an amount, in a table that has no day anywhere."""
        for line, cells in records:
            if any(marks_of(one) and not looks_like_date(one) for one in cells):
                self._refuse(line, cells, NO_DAY)

    def _is_another(self, line: int) -> bool:
        """Return whether the same headings come again for another account."""
        before = [one for one in self.notes[:LOOKED_AT] if one.line < line]
        looked = (before[0].line, len(before)) if before else (0, 0)
        if looked != self._looked[0]:  # headings can come a million times in a row
            self._looked = looked, is_another(above(before, None), self._told)
        return self._looked[1]

    def statements(self, remarks: list[str]) -> list[Statement]:
        """Return what was read, one statement for each account and currency."""
        found = []
        for (name, number, currency), one in self._accounts.items():
            if not number and _IS_NUMBER.fullmatch(name.replace(" ", "")):
                name, number = "", name.replace(" ", "")  # noqa: PLW2901 - one column for both
            told = FileAccount(
                number=number or self._number,
                name=name or self._layout.account,
                kind=self._layout.account_kind,
                currency=currency,
            )
            one.refuse_total()
            balances = self._balances(one, currency)
            made = Statement(told, one.rows, balances, one.refused)
            found.append(with_distinct_ids(made, remarks))
        if not found:
            account = FileAccount(
                number=self._number,
                name=self._layout.account,
                kind=self._layout.account_kind,
                currency=self._currency,
            )
            found.append(Statement(account))
        found[0].refused[:0] = self._early
        return found

    def refuse_before(self, records: Sequence[Record], reason: str) -> None:
        """Refuse rows that stand before the table, for a reason that is marked."""
        for line, cells in records:
            self._refuse(line, cells, reason)

    def _amounts_of(self, currency: str) -> Amounts:
        code = currency if len(currency) == 3 else currency_of(currency)
        kind = Amounts if self._layout.of(Role.CURRENCY) else OwnAmounts  # its word is the row's
        return self._amounts.setdefault(currency, kind(code, self._layout.decimal_mark))

    def _reader_of_amounts(self) -> Value | None:
        """Return what reads a row's amount, positive = out, or None where its sign is enough."""
        layout = self._layout
        if layout.sign is Sign.COLUMNS:
            return in_columns(layout)
        at = layout.first(Role.AMOUNT)
        if layout.sign is Sign.INDICATOR and at is not None:
            return with_word(layout, at)
        return None

    def _named(self, cells: list[str], amount: int) -> tuple[str, str]:
        name, rest = "", ""
        if self._payer is not None and self._payee is not None:
            name = tidied(self._other_party(cells, amount))
        for i in self._words:
            words = cells[i]
            if words and (
                "  " in words or words[0] in ' "' or words[-1] == " " or not words.isprintable()
            ):
                words = tidied(words)
            if words in NO_WORDS:
                continue
            if not name:
                name = words
            elif words and words not in name and words not in rest:
                rest = f"{rest}; {words}" if rest else words
        if not name:
            kind = self._layout.first(Role.KIND)
            name = (tidied(cells[kind]) if kind is not None else "") or UNNAMED[amount < 0]
        if len(name) > LONGEST_NAME:
            rest = f"{name}; {rest}" if rest else name
            name = tidy(name)
        return name, rest if len(rest) <= LONGEST_MEMO else tidy(rest, LONGEST_MEMO)

    def _other_party(self, cells: list[str], amount: int) -> str:
        payer, payee = cells[self._payer or 0].strip(), cells[self._payee or 0].strip()
        if self._owner:
            if payer == self._owner:
                return payee
            if payee == self._owner:
                return payer
        return (payee or payer) if amount > 0 else (payer or payee)

    def look_for_owner(self, sample: Sequence[Sequence[str]]) -> None:
        """Find whose account it is: the one party that nearly all rows have."""
        if self._payer is None or self._payee is None:
            return
        parties: Counter[str] = Counter()
        rows = 0
        for cells in sample:
            pair = {cells[i].strip() for i in (self._payer, self._payee) if i < len(cells)} - {""}
            rows += len(pair) == 2
            if len(pair) == 2:
                parties.update(pair)
        for party, times in parties.most_common(1):
            if rows >= 2 and times >= 0.7 * rows and len(parties) > 2:
                self._owner = party

    def _place(self, cells: list[str], currency: str) -> Account:
        account_at, number_at = self._account_at, self._number_at
        key = (
            cells[account_at].strip() if account_at is not None else "",
            cells[number_at].strip(" \"'=") if number_at is not None else "",
            currency,
        )
        found = self._accounts.get(key)
        if found is None:
            found = self._accounts[key] = Account()
        return found

    def _code(self, text: str) -> str:
        """Return the code of a cell of currencies, or "" where it is none."""
        found = self._codes.get(text)
        if found is None:
            found = self._codes[text] = currency_code(text) or currency_of(text.strip().upper())
        return found

    def _refuse(self, line: int, cells: list[str], reason: str) -> None:
        text = self._layout.delimiter.join(one for one in cells if one.strip())
        refused = self._early if self._last is None else self._last.refused
        refused.append(refuse(line, text, reason))

    def _go_on(self, line: int, cells: list[str]) -> None:
        """Add a line that has words alone to the row above it."""
        row = self._last.rows[-1] if self._last is not None else None
        if self._last is None or row is None or line - row.line > _MOST_LINES_ON:
            return
        self._last.rows[-1] = gone_on(row, " ".join(cells[i] for i in self._words))

    def _state(self, cell: str) -> str:
        found = self._states.get(cell)
        if found is None:
            words = plain(cell)
            is_pending = words in PENDING or (self._asks_pending and words in YES)
            is_done = "done" if words in DONE else ""
            found = "pending" if is_pending else "failed" if words in FAILED else is_done
            self._states[cell] = found
        return found

    def _balances(self, account: Account, currency: str) -> list[FileBalance]:
        """Return the balance at the end of each day, where amounts prove the column."""
        rows, told = account.rows, account.balances
        is_card = self._layout.account_kind == CREDIT_CARD
        opening = [
            FileBalance(day, -held if is_card else held, currency) for day, held in account.openings
        ]
        if len(told) != len(rows) or len(rows) < 2:
            return opening
        read, some = self._amounts_of(currency), rows[:_PROVED]
        proof = proof_of(
            [-row.amount_minor for row in some],
            [read[one] if one else None for one in told[:_PROVED]],
            [row.day for row in some],
        )
        if not proof.is_clear or (proof.sign < 0 and not is_card):
            return opening
        ordered = zip(rows, told, strict=True)
        pairs = reversed(list(ordered)) if proof.is_newest_first else ordered
        closing = {row.day: balance for row, balance in pairs if balance}
        turn = -1 if is_card and proof.sign > 0 else 1
        found = ((day, read[text]) for day, text in sorted(closing.items()))
        return opening + [
            FileBalance(day, turn * one, currency) for day, one in found if one is not None
        ]
