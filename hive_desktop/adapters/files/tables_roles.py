"""Which columns of a table are read, and as what: a day, amounts, names and the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files.tables_columns import (
    agrees,
    counts_lines,
    is_id,
    is_indicator,
    is_of_numbers,
    is_of_rates,
    is_of_states,
    roles_of,
)
from hive_desktop.adapters.files.tables_parties import (
    is_of_tokens,
    with_own_currency,
    without_others,
    without_owner,
)
from hive_desktop.adapters.files.tables_words import plain
from hive_desktop.domain.csv_layouts import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hive_desktop.adapters.files.preset import Preset
    from hive_desktop.adapters.files.tables_columns import Column

_POSTED: Final = re.compile(
    r"post|book|buch|complet|clear|settl|compta|contab|zauct|ksieg|bokf|bogf|finish|process|entered"
    r"|abschluss|registr|verreken|verwerk|finaliz|conclusao|voltooid|zrealiz|date de fin|release"
    r"|платеж|провод|провед|обработ|списан|记账|入账|过账|成功时间"
)
_BEFORE_FEES: Final = re.compile(r"\b(?:gross|brut|bruto|brutto|lordo|original)\b")
_ALSO_DAYS: Final = re.compile(
    r"\b(?:time|\w*zeit|hora|heure|tijd|ora|время"
    r"|valuation date|bewertungsdatum|date d evaluation)\b"
)
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_MANY: Final = 10
_ONE_EACH: Final = frozenset(Role) - {Role.NAME, Role.TEXT, Role.MEMO, Role.KIND, Role.TAGS}
_NAMING: Final = frozenset({Role.NAME, Role.TEXT, Role.PAYEE, Role.PAYER})


class Chosen(NamedTuple):
    """Columns by role, and how far headings say so themselves.

    Attributes:
        columns: column and role.
        by_heading: the day and the amount were named by headings.
        is_exact: by headings that are well known.
        is_sure_whose: it is clear whether numbers of accounts are the owner's.
        is_sure_which: it is clear which column is the amount.
    """

    columns: list[tuple[Role, int]]
    by_heading: bool
    is_exact: bool
    is_sure_whose: bool = True
    is_sure_which: bool = True

    def of(self, role: Role) -> list[int]:
        """Return the columns of a role."""
        return [i for one, i in self.columns if one is role]


def chosen_roles(
    columns: Sequence[Column], headings: Sequence[str], preset: Preset | None
) -> Chosen:
    """Return which column is what; without a day or an amount where there is none."""
    overrides: Mapping[str, Role | None] = preset.roles if preset else {}
    found: list[tuple[Role, int]] = []
    own = roles_of(columns)
    is_sure_whose = True
    if preset is None:
        own, is_sure_whose = without_others(own, columns)
    for i in range(len(columns)):
        words = plain(headings[i]) if i < len(headings) else ""
        bare = words.rpartition(" ")[0]
        if words in overrides or (bare in overrides and words not in overrides):
            role = overrides.get(words, overrides.get(bare))
            if role is not None and agrees(role, columns[i]):
                found.append((role, i))
            continue
        found.extend(one for one in own if one[1] == i)
    _drop_counts_of_lines(found, columns)
    _add_days(found, columns)
    named_day = any(role is Role.DATE and columns[i].heading.is_known for role, i in found)
    _choose_amounts(found, columns)
    named_amount = any(
        role in {Role.AMOUNT, Role.OUT, Role.IN} and columns[i].heading.is_known
        for role, i in found
    )
    found = with_own_currency(found, columns)
    if not headings:
        _add_own_number(found, columns)
    _add_words(found, columns, has_headings=bool(headings))
    _add_rest(found, columns)
    kept = without_owner(_one_of_each(found, columns), columns)
    is_exact = all(
        columns[i].heading.is_exact
        for role, i in kept
        if role in {Role.DATE, Role.AMOUNT, Role.OUT, Role.IN}
    )
    return Chosen(kept, named_day and named_amount, is_exact, is_sure_whose)


def _drop_counts_of_lines(found: list[tuple[Role, int]], columns: Sequence[Column]) -> None:
    """Take no numbers of lines for names where other columns have words."""
    naming = {i for role, i in found if role in _NAMING}
    counting = {i for i in naming if counts_lines(columns[i])}
    memos = {i for role, i in found if role is Role.MEMO}
    others = [one for i, one in enumerate(columns) if i in memos or not one.heading.is_known]
    has_words = any(one.words > 0.5 * len(one.cells) and not one.currencies for one in others)
    if has_words or any(columns[i].words for i in naming - counting):
        found[:] = [one for one in found if one[0] not in _NAMING or one[1] not in counting]


def _has(found: list[tuple[Role, int]], *roles: Role) -> bool:
    return any(role in roles for role, _ in found)


def _free(found: list[tuple[Role, int]], columns: Sequence[Column]) -> list[int]:
    """Return columns without a role whose heading does not say that they are something else."""
    taken = {i for _, i in found}
    return [
        i
        for i, column in enumerate(columns)
        if i not in taken and column.filled and not column.heading.is_known
    ]


def _add_days(found: list[tuple[Role, int]], columns: Sequence[Column]) -> None:
    dates = [i for role, i in found if role is Role.DATE]
    if len(dates) > 1:
        full = max(columns[i].filled for i in dates)
        best = max(
            dates,
            key=lambda i: (
                columns[i].filled >= 0.9 * full,
                _tells_rows_apart(columns[i]),
                columns[i].days,
                bool(_POSTED.search(columns[i].name)),
                -i,
            ),
        )
        posted = [
            i
            for i in dates
            if _POSTED.search(columns[i].name)
            and columns[i].days > 0.5 * columns[best].days
            and (_tells_rows_apart(columns[i]) or not _tells_rows_apart(columns[best]))
        ]
        best = posted[0] if posted and best not in posted else best
        rest = [i for i in dates if i != best]
        found[:] = [one for one in found if one[0] is not Role.DATE or one[1] == best]
        if not _has(found, Role.HAPPENED):
            found.append((Role.HAPPENED, rest[0]))
    if dates:
        return
    for role in (Role.HAPPENED, Role.VALUE_DATE):
        named = [i for one, i in found if one is role]
        if named:
            best = next((i for i in named if _POSTED.search(columns[i].name)), named[0])
            found.remove((role, best))
            found.append((Role.DATE, best))
            return
    free = [i for i in _free(found, columns) if columns[i].is_of_days]
    also = [i for i, one in enumerate(columns) if one.is_of_days and _ALSO_DAYS.search(one.name)]
    if free or also:
        found.append((Role.DATE, (free or also)[0]))


def _tells_rows_apart(column: Column) -> bool:
    """Return whether a column is no day of the whole statement, such as its first or last."""
    return column.distinct > 1 or column.filled < _MANY


def _choose_amounts(found: list[tuple[Role, int]], columns: Sequence[Column]) -> None:
    amounts = [i for role, i in found if role is Role.AMOUNT]
    outs = [i for role, i in found if role is Role.OUT]
    ins = [i for role, i in found if role is Role.IN]
    if len(outs) > 1 or len(ins) > 1:
        outs, ins = _booked(outs, columns), _booked(ins, columns)
    if amounts and outs and ins:
        # Amounts of few rows are parts of what stands in the columns of the sides.
        sides = zip(columns[outs[0]].cells, columns[ins[0]].cells, strict=True)
        least = sum(bool(out or back) for out, back in sides)
        signed = [i for i in amounts if columns[i].is_signed and columns[i].filled >= least] or (
            amounts if _has(found, Role.INDICATOR) else []
        )
        if signed:
            outs = ins = []
            amounts = signed
        else:
            amounts = []
    elif bool(outs) != bool(ins):
        # One side alone is a plain column of amounts, unless a column of amounts is there too.
        if not amounts:
            return
        outs = ins = []
    if len(amounts) > 1:
        # Beside a rate, the amount in a currency of its own is the account's; else the plainest.
        has_rate = any(map(is_of_rates, columns))
        currencies = {columns[i].heading.currency for i in amounts} - {""}
        is_converted = len(currencies) == len(amounts)

        def likelihood(i: int) -> tuple[bool, int, bool, bool, bool, bool, bool, int]:
            column, heading = columns[i], columns[i].heading
            is_own = has_rate and bool(heading.currency)
            is_plain = any(f" {column.name}" in columns[other].name for other in amounts)
            is_booked = _POSTED.search(column.name) is not None
            is_money = not is_of_tokens(columns, i)
            values = sum(map(_is_not_zero, column.cells))
            # Zeros alone are no amounts, nor are the few in a currency that its heading tells.
            has_values = 3 * values > column.filled if is_converted else values > 0
            return (
                has_values,
                column.filled,
                is_money,
                is_own,
                heading.is_exact,
                is_booked,
                is_plain,
                -i,
            )

        amounts = [max(amounts, key=likelihood)]
    kept = {*amounts, *outs, *ins}
    found[:] = [
        one for one in found if one[0] not in {Role.AMOUNT, Role.OUT, Role.IN} or one[1] in kept
    ]


def _is_not_zero(cell: str) -> bool:
    return any(one in "123456789" for one in cell)


def _booked(sides: list[int], columns: Sequence[Column]) -> list[int]:
    """Return the one of several columns of a side that is what was booked."""

    def likelihood(i: int) -> tuple[bool, bool, bool, int]:
        name = columns[i].name
        is_booked = _POSTED.search(name) is not None
        return columns[i].amounts > 0, _BEFORE_FEES.search(name) is None, is_booked, -i

    return [max(sides, key=likelihood)] if sides else []


def _add_own_number(found: list[tuple[Role, int]], columns: Sequence[Column]) -> None:
    """Take what is surely the account's own number, where no heading says it.

    That is the one IBAN that all rows have, unless it is beside the one name that all rows have,
    or long numbers of few accounts that begin all rows.
    """
    full = [i for i in _free(found, columns) if 1 < columns[i].filled == len(columns[i].cells)]
    same = [
        i
        for i in full
        if columns[i].distinct == 1 and _IBAN.fullmatch(columns[i].cells[0].replace(" ", ""))
        and not any(map(_is_of_one_name, (*columns[max(0, i - 1) : i], *columns[i + 1 : i + 2])))
    ]  # fmt: skip
    if len(same) == 1:
        found.append((Role.NUMBER, same[0]))
    elif 0 in full and _is_of_long_numbers(columns[0]):
        found.append((Role.NUMBER, 0))


def _is_of_one_name(column: Column) -> bool:
    """Return whether all rows have the same words, as those do that are of one payee."""
    is_same = column.distinct == 1 and column.words == len(column.cells)
    return is_same and not (column.currencies or is_of_states(column) or is_indicator(column))


def _is_of_long_numbers(column: Column) -> bool:
    """Return whether all cells are long numbers of few things, and no days."""
    if column.is_of_days or column.filled < 3 * column.distinct:
        return False
    return all(8 <= len(one) <= 20 and one.isdigit() for one in column.cells)


def _add_words(
    found: list[tuple[Role, int]], columns: Sequence[Column], *, has_headings: bool
) -> None:
    """Name what has letters where no heading names a payee or description."""
    if any(role in {Role.NAME, Role.TEXT, Role.PAYEE} and columns[i].words for role, i in found):
        return
    free = [
        i
        for i in _free(found, columns)
        if columns[i].words >= 0.3 * columns[i].filled and not columns[i].currencies
    ]
    for i in free:
        column = columns[i]
        if is_indicator(column) or is_of_states(column):
            continue
        is_kind = column.distinct <= 6 and column.filled > 4 * column.distinct
        role = Role.KIND if is_kind and len(free) > 1 else Role.TEXT
        if role is Role.TEXT and not has_headings and is_of_numbers(column):
            role = Role.MEMO  # numbers of accounts, references: what they stand beside is the name
        found.append((role, i))
    if not any(role in _NAMING and columns[i].words for role, i in found):
        _name_by_rest(found, columns)


def _name_by_rest(found: list[tuple[Role, int]], columns: Sequence[Column]) -> None:
    """Take what says most of the kinds and remarks for the description, where there is no other."""
    told = [
        (role, i)
        for role, i in found
        if role in {Role.KIND, Role.MEMO} and columns[i].words and not is_of_numbers(columns[i])
    ]
    if told:
        said = max(told, key=lambda one: (columns[one[1]].distinct, one[0] is Role.MEMO, one[1]))
        found.remove(said)
        found.append((Role.TEXT, said[1]))
    elif not any(role in _NAMING for role, _ in found):
        found[:] = [(Role.TEXT, i) if role is Role.MEMO else (role, i) for role, i in found]


def _add_rest(found: list[tuple[Role, int]], columns: Sequence[Column]) -> None:
    free = _free(found, columns)
    for i in free:
        column = columns[i]
        if column.currencies >= 0.9 * column.filled and not _has(found, Role.CURRENCY):
            found.append((Role.CURRENCY, i))
        elif is_of_states(column) and not _has(found, Role.STATE):
            found.append((Role.STATE, i))
        elif _tells_sides(column) and not _has(found, Role.INDICATOR):
            found.append((Role.INDICATOR, i))
    if not _has(found, Role.INDICATOR):
        # The kind of a row may be its direction: "debit" and "credit".
        kinds = [i for role, i in found if role is Role.KIND and is_indicator(columns[i])]
        if kinds:
            found.append((Role.INDICATOR, kinds[0]))
    if not _has(found, Role.INDICATOR):
        sided = [i for role, i in found if role is Role.AMOUNT and columns[i].sided]
        if sided:
            found.append((Role.INDICATOR, sided[0]))


def _tells_sides(column: Column) -> bool:
    """Return whether words of direction tell rows apart.

    "J" in all rows is "yes" as well, and so is a letter alone that only some rows have.
    """
    longest = max(map(len, column.cells))
    is_same = column.distinct == 1 and column.filled == len(column.cells)
    is_letter = column.distinct == 1 and longest == 1 and any(map(str.isalpha, column.cells))
    return is_indicator(column) and not is_letter and not (is_same and longest < 3)


def _one_of_each(
    found: list[tuple[Role, int]], columns: Sequence[Column]
) -> list[tuple[Role, int]]:
    kept: list[tuple[Role, int]] = []
    # A column of ids that is none (it repeats, or counts lines) is not read at all.
    for role, i in sorted(found, key=lambda one: one[1]):
        if role is Role.ID and not is_id(columns[i]):
            continue
        if role in _ONE_EACH and _has(kept, role):
            before = next(one for one in kept if one[0] is role)
            if columns[before[1]].filled >= columns[i].filled:
                continue
            kept.remove(before)
        kept.append((role, i))
    if not (_has(kept, Role.PAYER) and _has(kept, Role.PAYEE)):
        kept = [
            (Role.NAME, i) if role in {Role.PAYER, Role.PAYEE} else (role, i) for role, i in kept
        ]
    return kept
