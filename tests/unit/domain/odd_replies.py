"""Paragraphs about receipts in the odder ways that models write figures, right ones and wrong."""

import random
from dataclasses import replace
from decimal import Decimal

from hive_desktop.domain.money import from_minor, minor_digits
from hive_desktop.domain.receipts import Cell, CellKind
from tests.unit.domain.replies import (
    SIGNS,
    a_receipt,
    in_words,
    is_near,
    money,
    of_kind,
    share,
    wrong_amount,
)

SPACES = ("\u00a0", "\u202f", "\u2009", "\u2007", " ")
APOSTROPHES = ("'", "\u2019", "\u02bc", "\uff07")
# Of each, how it is said in English and German, and how many tenths of a percent it is.
PARTS = (
    ("a third of", "ein Drittel", 333),
    ("two thirds of", "zwei Drittel", 667),
    ("a quarter of", "ein Viertel", 250),
    ("\u00be of", "\u00be von", 750),
    ("\u2153 of", "\u2153 von", 333),
    ("a tenth of", "ein Zehntel", 100),
)
FOLDS = (("doubled", "verdoppelt", 200), ("tripled", "verdreifacht", 300),
         ("quadrupled", "vervierfacht", 400))  # fmt: skip
# What stands around a reference to an amount or a count, and which of the two it makes another.
BESIDE_RIGHT = ("**{p}**", "({p})", "\u201c{p}\u201d", "Rent \u2013 {p}", "_{p}_", "{p}.",
                "{p}, {q}",
                "about {p}",
                "`{p}`", "{q} payments, {p}", "- {p}", "| a | {p} |")  # fmt: skip
BESIDE_WRONG = (
    "-{p}", "\u2212{p}", "minus {p}", "-**{p}**", "{p}k", "{p} million", "{p} Tsd", "{p}\u00a0Mio",
    "1{q}", "1\u00a0{q}", "1'{q}", "1.{q}", "{q}0", "{q}'000", "{q}%", "{q} percent", "{q} ‰",
    "${q}", "EUR {q}", "{q} dollars", "{q} €", "{p} cents", "{q}{q}", "{q} {q}", "{p}**{q}**",
    "&minus;{p}", "{p} crore", "{q} dozen", "+{n}",
)  # fmt: skip
KINDS = ("beside", "uncited", "grand", "part", "fold", "spaces", "apostrophes", "code", "fence")


def receipt_of(dice):
    """A receipt that has what the odder words say."""
    one = a_receipt(dice, "r1")
    currency = one.cells[0].currency
    part, fold = dice.choice(PARTS)[2], dice.choice(FOLDS)[2]
    own = [cell for cell in one.cells if cell.kind is not CellKind.SHARE]
    grand = dice.randint(2, 900)
    more = (
        share("part", part),
        Cell("times", CellKind.RATIO, fold),
        money("grand", grand * 1_000 * 10 ** minor_digits(currency), currency),
    )
    return replace(one, cells=(*own, *more))


def digits_of(dice, kind, one, *, is_wrong):
    """An amount whose digits are in groups by odd signs, with its currency."""
    cells = of_kind(one, CellKind.MONEY)
    large = [cell for cell in cells if abs(from_minor(cell.value, cell.currency)) >= 1_000]
    cell = dice.choice(large)
    size, currency = abs(from_minor(cell.value, cell.currency)), cell.currency
    while is_wrong and (is_near(size, cells) or size < 1_000):
        size, currency = wrong_amount(dice, large)
        size += 1_000
    point = dice.choice(".,") if kind == "spaces" else "."
    gap = dice.choice(SPACES if kind == "spaces" else APOSTROPHES)
    number = f"{size:,.{minor_digits(currency)}f}".replace(".", point if point == "." else "\0")
    number = number.replace(",", gap).replace("\0", ",")
    sign, code, word = SIGNS[currency]
    return dice.choice((f"{sign}{number}", f"{number} {sign}", f"{number} {code}",
                        f"{number}\u00a0{word}", f"{code} {number}"))  # fmt: skip


def plain_amount(dice, one, *, is_wrong):
    """An amount as code has it."""
    cells = of_kind(one, CellKind.MONEY)
    cell = dice.choice(cells)
    size, currency = abs(from_minor(cell.value, cell.currency)), cell.currency
    if is_wrong:
        size, currency = wrong_amount(dice, cells)
    number = f"{size:.{minor_digits(currency)}f}"
    return dice.choice((number, f"{SIGNS[currency][0]}{number}"))


def a_paragraph(seed):
    """A receipt, a kind of words, a paragraph of them, and whether a figure of it is wrong."""
    dice = random.Random(seed)
    one = receipt_of(dice)
    kind, language = dice.choice(KINDS), dice.choice(("en", "de"))
    is_wrong = dice.random() < 0.5
    return one, kind, WORDS[kind](dice, one, language, is_wrong), is_wrong


def _beside(dice, _one, _language, is_wrong):
    told = dice.choice(BESIDE_WRONG if is_wrong else BESIDE_RIGHT)
    told = told.format(p="[[r1.total]]", q="[[r1.count]]", n="[[r1.change]]")
    return told if told.startswith(("- ", "| ")) else f"It was {told}"


def _uncited(dice, one, language, is_wrong):
    count = one.cell("count").value
    said = dice.choice((str(count), in_words(count, language)))
    noun = dice.choice(("payments", "orders") if language == "en" else ("Zahlungen", "Käufe"))
    return f"{said} {noun}" + ("." if is_wrong else " [[r1]].")


def _grand(dice, one, _language, is_wrong):
    thousands = int(from_minor(one.cell("grand").value, one.cell("grand").currency)) // 1_000
    cells = of_kind(one, CellKind.MONEY)
    while is_wrong and is_near(Decimal(thousands * 1_000), cells):
        thousands = thousands * dice.randint(2, 5) % 991 + 2
    said = dice.choice((str(thousands), in_words(thousands, "en")))
    return f"It cost {said} grand [[r1]]."


def _part(dice, one, language, is_wrong):
    tenths = one.cell("part").value
    fitting = [found for found in PARTS if (abs(found[2] - tenths) < 60) != is_wrong]
    english, german, _ = dice.choice(fitting)
    return f"{english} it [[r1]]." if language == "en" else f"Das war {german} davon [[r1]]."


def _fold(dice, one, language, is_wrong):
    fold = one.cell("times").value
    english, german, _ = dice.choice([found for found in FOLDS if (found[2] == fold) != is_wrong])
    return f"It {english} [[r1]]." if language == "en" else f"Es hat sich {german} [[r1]]."


def _grouped(kind):
    def words(dice, one, _language, is_wrong):
        return f"In all {digits_of(dice, kind, one, is_wrong=is_wrong)} [[r1]]."

    return words


def _code(dice, one, _language, is_wrong):
    return f"In all `{plain_amount(dice, one, is_wrong=is_wrong)}` [[r1]]."


def _fence(dice, one, _language, is_wrong):
    said = plain_amount(dice, one, is_wrong=is_wrong)
    mark, word = dice.choice(("```", "~~~")), dice.choice(("total =", "sum:", "|"))
    blank = dice.choice(("", "\n"))
    return f"{mark}\n# [[r1]]\n{blank}{word} {said}\n{mark}"


WORDS = {
    "beside": _beside, "uncited": _uncited, "grand": _grand, "part": _part, "fold": _fold,
    "spaces": _grouped("spaces"), "apostrophes": _grouped("apostrophes"), "code": _code,
    "fence": _fence,
}  # fmt: skip
