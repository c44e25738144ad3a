"""Receipts, and replies about them: right ones, and ones with a wrong figure planted."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from hive_desktop.domain.figures import FigureWords, figure_at, written
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.money import from_minor, minor_digits
from hive_desktop.domain.receipts import Cell, CellKind, Receipt
from hive_desktop.domain.references import place_of

NAMES = ("Tesco", "Lidl", "7-Eleven", "Studio 54 Bar", "Café Müller", "Shell", "Rent")
SIGNS = {
    "GBP": ("£", "GBP", "pounds"),
    "EUR": ("€", "EUR", "euros"),
    "USD": ("$", "USD", "dollars"),
    "JPY": ("¥", "JPY", "yen"),
}


def money(name, minor, currency="GBP", query=None):
    return Cell(name, CellKind.MONEY, minor, currency, query)


def count(name, number):
    return Cell(name, CellKind.COUNT, number)


def share(name, tenths):
    return Cell(name, CellKind.SHARE, tenths)


def text(name, words):
    return Cell(name, CellKind.TEXT, words)


def day(name, value):
    return Cell(name, CellKind.DAY, value)


def receipt(key, *cells, arguments=None, start=date(2026, 10, 1), end=date(2026, 10, 31), rows=()):
    query = TransactionQuery(start=start, end=end)
    return Receipt(key, "spending_summary", arguments or {"period": "October"}, "Spending", cells,
                   rows, query)  # fmt: skip


def a_receipt(dice, key):
    """A receipt as a tool leaves it, with sizes of every kind."""
    currency = dice.choice(list(SIGNS))
    top = dice.choice((5_000, 90_000, 2_500_000, 400_000_000))
    month = dice.randint(1, 12)
    start = date(2026, month, 1)
    end = (start + timedelta(days=40)).replace(day=1) - timedelta(days=1)
    cells = [
        money("total", dice.randint(1, top), currency),
        count("count", dice.randint(2, 900)),
        money("change", -dice.randint(1, top), currency),
        share("change_share", dice.choice((1, -1)) * dice.randint(11, 995)),
        day("last", start + timedelta(days=dice.randint(0, 27))),
    ]
    for place in range(1, dice.randint(2, 6)):
        cells += [
            text(f"g{place}.name", dice.choice(NAMES)),
            money(f"g{place}.total", dice.randint(1, top), currency),
            share(f"g{place}.share", dice.randint(11, 995)),
        ]
    return receipt(key, *cells, arguments={"period": f"2026-{month:02}", "limit": 5},
                   start=start, end=end)  # fmt: skip


@dataclass
class Reply:
    """A reply and what is to be marked in it."""

    language: str
    receipts: dict
    text: str = ""
    planted: list = field(default_factory=list)
    right: list = field(default_factory=list)


def decimal_text(dice, amount, decimals, language):
    grouped = dice.random() < 0.7
    said = f"{amount:,.{decimals}f}" if grouped else f"{amount:.{decimals}f}"
    return said.translate(str.maketrans(",.", ".,")) if language == "de" else said


def amount_text(dice, amount, currency, language, decimals=None):
    """An amount as people write it in this language."""
    decimals = minor_digits(currency) if decimals is None else decimals
    number = decimal_text(dice, amount, decimals, language)
    sign, code, word = SIGNS[currency]
    if language == "de":
        word = {"EUR": "Euro", "GBP": "Pfund", "USD": "Dollar", "JPY": "Yen"}[currency]
        return dice.choice((f"{number} {sign}", f"{number}\u00a0{sign}", f"{number} {code}",
                            f"{number} {word}", f"**{number} {sign}**"))  # fmt: skip
    forms = (f"{sign}{number}", f"{code} {number}", f"{number} {code}", f"{number} {word}")
    return dice.choice((*forms, f"**{sign}{number}**", f"`{sign}{number}`"))


def is_near(amount, cells):
    """Tell whether an amount could be a rounding of a cell."""
    return any(
        abs(abs(from_minor(one.value, one.currency)) - amount) <= max(Decimal(1), amount / 8)
        for one in cells
    )


def wrong_amount(dice, cells):
    while True:
        one = dice.choice(cells)
        size = abs(from_minor(one.value, one.currency))
        wrong = dice.choice((size * dice.randint(2, 9), size * 10, size / 10,
                             size + dice.randint(2, 5_000)))  # fmt: skip
        wrong = wrong.quantize(Decimal(1).scaleb(-minor_digits(one.currency)))
        if wrong > 1 and not is_near(wrong, cells):
            return wrong, one.currency


def of_kind(one, kind):
    return [cell for cell in one.cells if cell.kind is kind]


TEMPLATES = {
    "en": {
        "reference": ("You spent [[{p}]] there.", "| Total | [[{p}]] |", "- Total: **[[{p}]]**"),
        "amount": ("That makes {x} [[{r}]].", "- In all {x} ([[{r}]])", "| Rent | {x} [[{r}]] |"),
        "round": ("It was about {x} [[{r}]].", "Roughly {x} [[{r}]]."),
        "count": ("There were {x} transactions [[{r}]].", "{x} payments in all [[{r}]]"),
        "percent": ("That is {x}% of it [[{r}]].", "It is {x} percent [[{r}]].", "{x} % [[{r}]]"),
        "day": ("The last one was on {x} [[{r}]].",),
        "whole": ("You spent {x} on it [[{r}]].", "> {x} in all [[{r}]]"),
        "scale": ("It came to {x} [[{r}]].",),
        "spoken": ("There were {x} purchases [[{r}]].", "You paid there {x} times [[{r}]]."),
        "signed": ("The change is {x} [[{r}]].", "| Change | {x} | [[{r}]] |"),
        "month": ("In {x} it was [[{r}.total]].", "{x}: [[{r}.total]]"),
        "computed": ("Less by [[diff {r}.total {r}.change]], which is {x}.",),
    },
    "de": {
        "reference": ("Das waren [[{p}]].", "| Summe | [[{p}]] |", "- Summe: **[[{p}]]**"),
        "amount": ("Das macht {x} [[{r}]].", "- Zusammen {x} ([[{r}]])", "| Miete | {x} [[{r}]] |"),
        "round": ("Das waren etwa {x} [[{r}]].", "Rund {x} [[{r}]]."),
        "count": ("Es gab {x} Buchungen [[{r}]].", "{x} Zahlungen insgesamt [[{r}]]"),
        "percent": ("Das sind {x} % davon [[{r}]].", "Das sind {x} Prozent [[{r}]]."),
        "day": ("Die letzte war am {x} [[{r}]].",),
        "whole": ("Das waren {x} dafür [[{r}]].", "> {x} insgesamt [[{r}]]"),
        "scale": ("Es waren {x} [[{r}]].",),
        "spoken": ("Es gab {x} Einkäufe [[{r}]].", "Das waren {x} Zahlungen [[{r}]]."),
        "signed": ("Die Änderung ist {x} [[{r}]].", "| Änderung | {x} | [[{r}]] |"),
        "month": ("Im {x} waren es [[{r}.total]].", "{x}: [[{r}.total]]"),
        "computed": ("Weniger um [[diff {r}.total {r}.change]], also {x}.",),
    },
}  # fmt: skip


def percent_text(tenths, language):
    whole, part = divmod(abs(tenths), 10)
    point = "," if language == "de" else "."
    return f"{whole}{point}{part}" if part else str(whole)


def day_text(dice, value, language):
    words = FigureWords(language).day(value)
    if language == "de":
        return dice.choice((words, f"{value.day}.{value.month}.{value.year}", value.isoformat()))
    month = words.split()[1]
    return dice.choice((words, f"{month} {value.day}, {value.year}", value.isoformat()))


EN_ONES = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
           "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
           "eighteen", "nineteen")  # fmt: skip
EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
DE_ONES = ("", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn",
           "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn",
           "neunzehn")  # fmt: skip
DE_TENS = ("", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig",
           "neunzig")  # fmt: skip


def in_words(number, language):
    """A number below a thousand in words."""
    hundreds, rest = divmod(number, 100)
    if language == "de":
        head = f"{DE_ONES[hundreds]}hundert" if hundreds else ""
        if rest < 20:
            return head + DE_ONES[rest]
        ones = f"{DE_ONES[rest % 10]}und" if rest % 10 else ""
        return head + ones + DE_TENS[rest // 10]
    head = f"{EN_ONES[hundreds]} hundred" if hundreds else ""
    if rest < 20:
        tail = EN_ONES[rest]
    else:
        tail = EN_TENS[rest // 10] + (f"-{EN_ONES[rest % 10]}" if rest % 10 else "")
    return " and ".join(part for part in (head, tail) if part)


def other_said(dice, kind, one, language, *, is_wrong):
    """The words of the odder kinds."""
    if kind == "spoken":
        number = one.cell("count").value
        return in_words(number + dice.choice((1, 3, 50)) * is_wrong, language)
    if kind == "month":
        start = one.query.start
        if is_wrong:
            start = (start + timedelta(days=45)).replace(day=1)
        month = FigureWords(language).day(start).split()[1]
        return f"{month} {start.year}"
    if kind == "signed":
        cell = one.cell("change")
        size = abs(from_minor(cell.value, cell.currency))
        return ("+" if is_wrong else "-") + amount_text(dice, size, cell.currency, "de").strip("*")
    amounts = of_kind(one, CellKind.MONEY)
    if kind == "computed":
        total, change = one.cell("total"), one.cell("change")
        size = from_minor(total.value - change.value + 777 * is_wrong, total.currency)
        if is_wrong and is_near(size, amounts):
            size *= 7
        return amount_text(dice, size, total.currency, language)
    cell = max(amounts, key=lambda found: abs(found.value))
    size, currency = abs(from_minor(cell.value, cell.currency)), cell.currency
    while is_wrong and is_near(size, amounts):
        size = size * dice.randint(2, 5) + dice.randint(11, 99)
    if kind == "scale" and size >= 1_000:
        number = decimal_text(dice, (size / 1000).quantize(Decimal("0.1")), 1, language)
        sign = SIGNS[currency][0]
        return f"{number} Tsd. {sign}" if language == "de" else f"{sign}{number}k"
    return amount_text(dice, size.quantize(Decimal(1)), currency, language, 0)


def said(dice, kind, one, language, *, is_wrong):
    """The words of one figure of a kind, right or wrong."""
    if kind in ("whole", "scale", "spoken", "signed", "month", "computed"):
        return other_said(dice, kind, one, language, is_wrong=is_wrong)
    amounts = of_kind(one, CellKind.MONEY)
    if kind in ("amount", "round"):
        if is_wrong:
            size, currency = wrong_amount(dice, amounts)
        else:
            cell = dice.choice(amounts)
            size, currency = abs(from_minor(cell.value, cell.currency)), cell.currency
        decimals = None
        if kind == "round" and size >= 10:
            decimals = 0
            step = Decimal(10) ** (len(str(int(size))) - 2)
            size = (size / step).quantize(Decimal(1)) * step
        return amount_text(dice, size, currency, language, decimals)
    if kind == "count":
        (cell,) = of_kind(one, CellKind.COUNT)
        number = cell.value + dice.choice((1, 2, 7, 400)) * is_wrong
        return decimal_text(dice, number, 0, language)
    if kind == "percent":
        shares = of_kind(one, CellKind.SHARE)
        tenths = abs(dice.choice(shares).value)
        while is_wrong and any(abs(abs(cell.value) - tenths) < 8 for cell in shares):
            tenths = dice.randint(1, 1_000)
        if dice.random() < 0.3:
            tenths = (tenths + 5) // 10 * 10
        return percent_text(tenths, language)
    (cell,) = of_kind(one, CellKind.DAY)
    value = cell.value
    while is_wrong and value in (cell.value, one.query.start, one.query.end):
        value = value + timedelta(days=dice.choice((1, 3, 40, 366)))
    return day_text(dice, value, language)


def a_reply(seed):
    """One reply of several paragraphs, half of them with wrong figures in some."""
    dice = random.Random(seed)
    language = dice.choice(("en", "de"))
    receipts = {key: a_receipt(dice, key) for key in ("r1", "r2", "r3")[: dice.randint(1, 3)]}
    reply = Reply(language, receipts)
    is_careless = dice.random() < 0.5
    parts = []
    for _ in range(dice.randint(1, 6)):
        key = dice.choice(list(receipts))
        one = receipts[key]
        kind = dice.choice(list(TEMPLATES[language]))
        template = dice.choice(TEMPLATES[language][kind])
        if kind == "reference":
            cell = dice.choice(one.cells)
            parts.append(template.format(p=f"{key}.{cell.name}"))
            reply.right.append(written(figure_at(receipts, place_of(f"{key}.{cell.name}")),
                                       FigureWords(language)))  # fmt: skip
            continue
        is_wrong = is_careless and dice.random() < 0.6
        words = said(dice, kind, one, language, is_wrong=is_wrong)
        (reply.planted if is_wrong else reply.right).append(words)
        sentence = template.format(x=words, r=key)
        if dice.random() < 0.2:
            sentence = f"```\n{sentence}\n```" if dice.random() < 0.5 else f"1. {sentence}"
        parts.append(sentence)
    reply.text = "\n\n".join(parts)
    return reply
