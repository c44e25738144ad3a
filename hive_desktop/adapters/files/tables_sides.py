"""How a table tells money out from money in: its columns, words, signs and balances weighed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.amounts import Amounts, side_of
from hive_desktop.adapters.files.dates import Dates
from hive_desktop.adapters.files.tables_cards import CREDIT_CARD, is_card_by_payments
from hive_desktop.adapters.files.tables_shown import finest_of
from hive_desktop.adapters.files.tables_signs import Proof, Signed, by_text, by_word, proof_of
from hive_desktop.adapters.files.tables_words import side_of_word
from hive_desktop.domain.csv_layouts import Role, Sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.adapters.files.tables_shown import Shown
    from hive_desktop.domain.csv_layouts import CsvLayout

_GROSS_OR_NET: Final = re.compile(
    r"\b(?:gross|net|brutt?o|nett?o|lordo|avant commission|incl\w*)\b"
)
_SIGNS: Final = "+-\u2212("


def signed(  # noqa: PLR0911 - one way out for each kind of evidence
    shown: Shown, layout: CsvLayout
) -> tuple[CsvLayout, float, str]:
    """Return the layout with its sign, how sure that is, and what it stands on."""
    chosen, preset = shown.chosen, shown.preset
    read = _reading(shown, layout)
    one_side = [role for role in (Role.OUT, Role.IN) if chosen.of(role)]
    if len(one_side) == 2:
        return _by_columns(shown, layout, read)
    if one_side and not chosen.of(Role.AMOUNT):
        i = chosen.of(one_side[0])[0]
        chosen.columns.remove((one_side[0], i))
        chosen.columns.append((Role.AMOUNT, i))
        is_out = one_side[0] is Role.OUT and _has_few_refunds(shown, i, read)
        sign = Sign.OUT_POSITIVE if is_out else Sign.IN_POSITIVE
        return replace(layout, sign=sign), 0.75, reasons.SIGN_UNSURE
    if not chosen.of(Role.AMOUNT):
        return layout, 1.0, reasons.NO_ROWS
    amounts = [read[one] if one else None for one in shown.columns[chosen.of(Role.AMOUNT)[0]].cells]
    layout = _with_fees(shown, layout, amounts)
    proof = _proof(shown, layout, amounts)
    words = _indicator(shown)
    if words is not None:
        told = by_word(amounts, words)
        if told is not None and (preset is None or preset.sign in {None, Sign.INDICATOR}):
            return _by_indicator(layout, told.sign, told.confidence, words, amounts)
    judged = by_text(amounts, _texts(shown), _categories(shown))
    if preset is not None and preset.sign is not None and preset.sign is not Sign.INDICATOR:
        return _by_preset(replace(layout, sign=preset.sign), proof, judged)
    if proof.is_clear:
        sign = Sign.IN_POSITIVE if proof.sign > 0 else Sign.OUT_POSITIVE
        # A card's balance may be what is owed: it rises by what is spent.
        negative = sum(1 for one in amounts if one and one < 0)
        says_owed = judged.sign is Sign.OUT_POSITIVE and judged.why == reasons.SIGN_BY_TEXT
        if proof.sign > 0 and says_owed:
            return replace(layout, sign=Sign.OUT_POSITIVE), 0.7, reasons.SIGN_UNSURE
        sure = 0.97 if proof.steps >= 2 and negative else 0.91 if proof.steps >= 3 else 0.88
        return replace(layout, sign=sign), sure, reasons.SIGN_BY_BALANCE
    judged = _with_signs(shown, layout, amounts, judged)
    return replace(layout, sign=judged.sign), judged.confidence, judged.why


def _has_few_refunds(shown: Shown, i: int, read: Amounts) -> bool:
    """Return whether a column of money out alone has no minus, or so few that they are refunds.

    A minus in brackets behind an amount is always a refund's.
    """
    cells = shown.columns[i].cells
    amounts = [read[one] if one else None for one in cells]
    pairs = zip(amounts, cells, strict=True)
    minus = sum(one < 0 and not cell.endswith("(-)") for one, cell in pairs if one)
    if not minus:
        return True
    judged = by_text(amounts, _texts(shown), _categories(shown))
    says_in = judged.why == reasons.SIGN_BY_TEXT and judged.sign is Sign.IN_POSITIVE
    return 3 * minus < sum(map(bool, amounts)) and not says_in


def _with_signs(
    shown: Shown, layout: CsvLayout, amounts: Sequence[int | None], judged: Signed
) -> Signed:
    """Return what words and numbers say, corrected by the signs of all amounts and by a card."""
    has_signs = _has_signs(shown)
    if judged.why == reasons.SIGN_UNSURE and has_signs:
        judged = Signed(Sign.IN_POSITIVE, 0.85, reasons.SIGN_BY_MINUS)
    if layout.account_kind != CREDIT_CARD or judged.sign is not Sign.IN_POSITIVE or has_signs:
        return judged
    minus = sum(one < 0 for one in amounts if one)
    if judged.why == reasons.SIGN_UNSURE and not minus and not _has_any_sign(shown):
        return judged._replace(sign=Sign.OUT_POSITIVE)  # of a card most rows are purchases
    if judged.why == reasons.SIGN_BY_MINUS and 2 * minus < sum(map(bool, amounts)):
        return judged._replace(confidence=0.7, why=reasons.SIGN_UNSURE)
    return judged


def _has_any_sign(shown: Shown) -> bool:
    """Return whether a plus, a minus or brackets stand at any amount."""
    cells = shown.columns[shown.chosen.of(Role.AMOUNT)[0]].cells
    return any(one in cell for cell in cells for one in _SIGNS)


def shows_payments_of_card(shown: Shown, layout: CsvLayout) -> bool:
    """Return whether a table of one account has purchases and, with a minus, payments of a card."""
    chosen = shown.chosen
    if (
        layout.sign is not Sign.OUT_POSITIVE
        or shown.preset is not None
        or not chosen.of(Role.AMOUNT)
    ):
        return False
    if chosen.of(Role.ACCOUNT) or chosen.of(Role.NUMBER):
        return False
    read = _reading(shown, layout)
    cells = shown.columns[chosen.of(Role.AMOUNT)[0]].cells
    amounts = [read[one] if one else None for one in cells]
    return is_card_by_payments(zip(amounts, _texts(shown), strict=True))


def _reading(shown: Shown, layout: CsvLayout) -> Amounts:
    """Return what reads the amounts of all currencies."""
    return Amounts(finest_of(shown, layout.currency), layout.decimal_mark)


def _by_preset(layout: CsvLayout, proof: Proof, judged: Signed) -> tuple[CsvLayout, float, str]:
    """Return the sign of a known export, less sure where balances or words say the opposite."""
    says = judged.why == reasons.SIGN_BY_TEXT and judged.sign is not layout.sign
    if says and not proof.is_clear:
        return layout, 0.6, reasons.SIGN_UNSURE
    return _checked(layout, 0.98, reasons.KNOWN_EXPORT, proof)


def _has_signs(shown: Shown) -> bool:
    """Return whether a plus or minus stands at all amounts: whoever writes both means both."""
    cells = shown.columns[shown.chosen.of(Role.AMOUNT)[0]].cells
    amounts = [one for one in cells if any(digit in one for digit in "123456789")]
    is_signed = all(any(one in cell for one in _SIGNS) for cell in amounts)
    return is_signed and any("+" in one for one in amounts)


def _with_fees(shown: Shown, layout: CsvLayout, amounts: Sequence[int | None]) -> CsvLayout:
    """Return the layout with fees as costs of their own where the balance falls by them too."""
    fees = shown.chosen.of(Role.FEE)
    if not fees or layout.fee_is_extra or not any(_costs(shown, layout)):
        return layout
    extra = replace(layout, fee_is_extra=True)
    with_fee, without = _proof(shown, extra, amounts), _proof(shown, layout, amounts)
    is_extra = with_fee.sign > 0 and with_fee.is_clear and with_fee.share > without.share
    return extra if is_extra else layout


def _with_fees_beside(shown: Shown, layout: CsvLayout, net: Sequence[int | None]) -> CsvLayout:
    """Return the layout with fees as costs of their own where the balance falls by them too.

    Without a balance it is so where some rows have nothing else, and no fee is a row's amount.
    """
    if not shown.chosen.of(Role.FEE) or layout.fee_is_extra:
        return layout
    fees = _costs(shown, replace(layout, fee_is_negative=True))
    charged = sum(one > 0 for one in fees)
    extra = replace(layout, fee_is_negative=2 * charged > sum(map(bool, fees)))
    if shown.chosen.of(Role.BALANCE):
        return _with_fees(shown, extra, net)
    charges = [(amount, abs(fee)) for amount, fee in zip(net, fees, strict=True) if fee]
    is_alone = any(not amount for amount, _ in charges)
    is_amount = any(abs(amount or 0) == fee for amount, fee in charges)
    return replace(extra, fee_is_extra=is_alone and not is_amount)


def fees_are_open(shown: Shown, layout: CsvLayout) -> bool:
    """Return whether fees stand beside amounts and nothing says whether these are in them."""
    at = shown.chosen.of(Role.AMOUNT)
    is_of_sides = layout.sign is Sign.COLUMNS and not shown.chosen.of(Role.BALANCE)
    if (
        not (at or is_of_sides)
        or shown.preset is not None
        or (layout.fee_is_extra and not is_of_sides)
        or not shown.chosen.of(Role.FEE)
    ):
        return False
    if any(_GROSS_OR_NET.search(one.name) for one in shown.columns) or not any(
        _costs(shown, layout)
    ):
        return False
    if is_of_sides:
        return True
    read = _reading(shown, layout)
    amounts = [read[one] if one else None for one in shown.columns[at[0]].cells]
    return not _proof(shown, layout, amounts).is_clear


def _costs(shown: Shown, layout: CsvLayout) -> list[int]:
    read = _reading(shown, layout)
    found = shown.columns[shown.chosen.of(Role.FEE)[0]].cells
    fees = [read[one] or 0 if one else 0 for one in found]
    return [-one if layout.fee_is_negative else abs(one) for one in fees]


def _checked(
    layout: CsvLayout, sure: float, why: str, proof: Proof
) -> tuple[CsvLayout, float, str]:
    """Lower the confidence where a running balance says the opposite."""
    says = {Sign.IN_POSITIVE: 1, Sign.OUT_POSITIVE: -1}.get(layout.sign, 0)
    if (
        proof.is_clear
        and proof.steps >= 3
        and proof.sign == -says
        and layout.account_kind != CREDIT_CARD
    ):
        return layout, 0.6, reasons.SIGN_AGAINST_BALANCE
    return layout, sure, why


def _by_columns(shown: Shown, layout: CsvLayout, read: Amounts) -> tuple[CsvLayout, float, str]:
    out_column, in_column = shown.chosen.of(Role.OUT)[0], shown.chosen.of(Role.IN)[0]
    outs = [read[one] if one else None for one in shown.columns[out_column].cells]
    ins = [read[one] if one else None for one in shown.columns[in_column].cells]
    minus = sum(1 for one in outs if one and one < 0)
    plus = sum(1 for one in outs if one and one > 0)
    below = sum(1 for one in ins if one and one < 0)
    above = sum(1 for one in ins if one and one > 0)
    layout = replace(
        layout, sign=Sign.COLUMNS, out_is_negative=minus > plus, in_is_negative=below > above
    )
    turn = -1 if layout.out_is_negative else 1
    turn_in = -1 if layout.in_is_negative else 1
    net = [
        None if a is None and b is None else turn_in * (b or 0) - turn * (a or 0)
        for a, b in zip(outs, ins, strict=True)
    ]
    sure = 0.97 if shown.place.header >= 0 and shown.chosen.by_heading else 0.75
    if layout.in_is_negative:
        sure = min(sure, 0.88)
    if (minus and plus) or (below and above):
        sure = min(sure, 0.85)
    if any(a and b for a, b in zip(outs, ins, strict=True)):
        sure = min(sure, 0.8)
    layout = _with_fees_beside(shown, layout, net)
    proof = _proof(shown, layout, net)
    if proof.is_clear and proof.steps >= 2:
        if proof.sign > 0:
            return layout, max(sure, 0.93), reasons.SIGN_BY_BALANCE
        if layout.account_kind != CREDIT_CARD:
            return layout, min(sure, 0.7), reasons.SIGN_AGAINST_BALANCE
    return layout, sure, reasons.SIGN_BY_COLUMNS


def _by_indicator(
    layout: CsvLayout,
    sign: Sign,
    sure: float,
    words: Sequence[str],
    amounts: Sequence[int | None],
) -> tuple[CsvLayout, float, str]:
    if sign is not Sign.INDICATOR:
        return replace(layout, sign=sign), sure, reasons.SIGN_BY_WORD
    told = {word.strip() for word in words}
    outs = {word for word in told if side_of_word(word) == "out"}
    empty = [amount for amount, word in zip(amounts, words, strict=True) if not word and amount]
    if empty and not outs:
        outs.add("")  # of a card: only money in is marked
        sure = min(sure, 0.9)
    if len({side_of_word(one) for one in told if one}) < 2 and not empty:
        sure = min(sure, 0.9)
    kept = tuple(sorted(one.casefold() for one in outs))
    return replace(layout, sign=Sign.INDICATOR, out_words=kept), sure, reasons.SIGN_BY_WORD


def _indicator(shown: Shown) -> list[str] | None:
    found = shown.chosen.of(Role.INDICATOR)
    if not found:
        return None
    cells = shown.columns[found[0]].cells
    if found[0] in shown.chosen.of(Role.AMOUNT):
        return [side_of(one) for one in cells]
    return list(cells)


def _proof(shown: Shown, layout: CsvLayout, amounts: Sequence[int | None]) -> Proof:
    found = shown.chosen.of(Role.BALANCE)
    if not found:
        return Proof()
    read, dates = _reading(shown, layout), Dates(layout.date_order)
    balances = [read[one] if one else None for one in shown.columns[found[0]].cells]
    days = [dates[one] for one in shown.columns[shown.chosen.of(Role.DATE)[0]].cells]
    if shown.chosen.of(Role.FEE) and layout.fee_is_extra:
        costs = _costs(shown, layout)
        amounts = [
            None if a is None and not b else (a or 0) - b
            for a, b in zip(amounts, costs, strict=True)
        ]
    return proof_of(amounts, balances, days)


def _categories(shown: Shown) -> list[str]:
    found = shown.chosen.of(Role.CATEGORY)
    return list(shown.columns[found[0]].cells) if found else []


def _texts(shown: Shown) -> list[str]:
    wanted = [i for role in (Role.KIND, Role.NAME, Role.TEXT) for i in shown.chosen.of(role)]
    return [" ".join(cells[i] for i in wanted if i < len(cells)) for cells in shown.rows]
