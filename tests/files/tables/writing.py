"""Writes a table from known rows in whatever way a bank might, for guesses to be held against."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hive_desktop.domain.days import to_day

if TYPE_CHECKING:
    import random

HEADINGS = {
    "en": {
        "date": ["Date", "Posting Date", "Transaction Date"], "amount": ["Amount"],
        "out": ["Debit", "Withdrawal", "Paid out"], "in": ["Credit", "Deposit", "Paid in"],
        "balance": ["Balance", "Running Balance"], "text": ["Description", "Details"],
        "name": ["Payee", "Merchant"], "side": ["Type", "Debit/Credit"], "currency": ["Currency"],
    },
    "de": {
        "date": ["Buchungstag", "Datum", "Buchungsdatum"], "amount": ["Betrag", "Umsatz"],
        "out": ["Soll", "Belastung"], "in": ["Haben", "Gutschrift"], "balance": ["Saldo"],
        "text": ["Verwendungszweck", "Buchungstext"], "name": ["Empfänger",
        "Auftraggeber/Empfänger"],
        "side": ["Soll/Haben"], "currency": ["Währung"],
    },
    "fr": {
        "date": ["Date", "Date opération"], "amount": ["Montant"], "out": ["Débit"],
        "in": ["Crédit"], "balance": ["Solde"], "text": ["Libellé"], "name": ["Tiers"],
        "side": ["Sens"], "currency": ["Devise"],
    },
    "es": {
        "date": ["Fecha", "Fecha operación"], "amount": ["Importe"], "out": ["Cargo", "Debe"],
        "in": ["Abono", "Haber"], "balance": ["Saldo"], "text": ["Concepto", "Descripción"],
        "name": ["Beneficiario"], "side": ["Tipo movimiento"], "currency": ["Divisa"],
    },
    "nl": {
        "date": ["Datum", "Boekdatum"], "amount": ["Bedrag"], "out": ["Af"], "in": ["Bij"],
        "balance": ["Saldo"], "text": ["Omschrijving"], "name": ["Naam tegenpartij"],
        "side": ["Af Bij"], "currency": ["Munt"],
    },
    "it": {
        "date": ["Data", "Data contabile"], "amount": ["Importo"], "out": ["Uscite", "Addebiti"],
        "in": ["Entrate", "Accrediti"], "balance": ["Saldo"], "text": ["Descrizione", "Causale"],
        "name": ["Beneficiario"], "side": ["D/C"], "currency": ["Valuta"],
    },
    "sv": {
        "date": ["Bokföringsdag", "Datum"], "amount": ["Belopp"], "out": ["Uttag"],
        "in": ["Insättning"], "balance": ["Saldo"], "text": ["Beskrivning"], "name": ["Mottagare"],
        "side": ["D/K"], "currency": ["Valuta"],
    },
    "pl": {
        "date": ["Data operacji", "Data księgowania"], "amount": ["Kwota"],
        "out": ["Obciążenia"], "in": ["Uznania"], "balance": ["Saldo"], "text": ["Opis operacji"],
        "name": ["Kontrahent"], "side": ["D/C"], "currency": ["Waluta"],
    },
    "pt": {
        "date": ["Data", "Data mov."], "amount": ["Valor", "Montante"], "out": ["Débito"],
        "in": ["Crédito"], "balance": ["Saldo"], "text": ["Descrição"], "name": ["Beneficiário"],
        "side": ["D/C"], "currency": ["Moeda"],
    },
}  # fmt: skip
SIDES = [("D", "C"), ("DR", "CR"), ("debit", "credit"), ("Af", "Bij"), ("S", "H"), ("-", "+")]
DATES = {
    "iso": "%Y-%m-%d", "slash ymd": "%Y/%m/%d", "compact": "%Y%m%d", "dotted": "%d.%m.%Y",
    "short dotted": "%d.%m.%y", "slash dmy": "%d/%m/%Y", "slash mdy": "%m/%d/%Y",
    "dash dmy": "%d-%m-%Y", "short mdy": "%m/%d/%y", "named": "%d %b %Y",
    "timed": "%Y-%m-%d %H:%M:%S",
}  # fmt: skip
WORDS = ["Bakery Müller", "Café Noir", "Market 24", "Rail Co", "Employer Ltd", "Café, Bar & Co",
         'The "Inn"', "Añil", "=SUM(A1)", "+49 Phone", "Kiosk 7", "Åhus"]  # fmt: skip


@dataclass
class Way:
    """How a table is written."""

    language: str
    delimiter: str
    dates: str
    mark: str
    group: str
    minus: str
    sign: str  # "in", "out", "columns", "side"
    sides: tuple[str, str]
    has_header: bool
    has_balance: bool
    has_currency: bool
    newest_first: bool
    preamble: int
    encoding: str
    sep_line: bool
    footer: bool
    symbol: str
    extra: list[str] = field(default_factory=list)


def any_way(chance: random.Random) -> Way:
    language = chance.choice(sorted(HEADINGS))
    mark = chance.choice(".,")
    delimiter = chance.choice(";\t|") if mark == "," else chance.choice(",;\t|")
    if mark == "," and chance.random() < 0.15:
        delimiter = ","  # with quotes around amounts
    group = chance.choice(["", "", " ", "'", "." if mark == "," else ","])
    encoding = chance.choice(["utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16"])
    if encoding == "cp1252" and language == "pl":
        encoding = "cp1250"
    minus = chance.choice(["-1", "-1", "-1", "1-", "(1)", "\u22121"])
    return Way(
        language=language,
        delimiter=delimiter,
        dates=chance.choice(sorted(DATES)),
        mark=mark,
        group=group,
        minus="-1" if encoding.startswith("cp") and minus == "\u22121" else minus,
        sign=chance.choice(["in", "in", "in", "out", "columns", "columns", "side"]),
        sides=chance.choice(SIDES),
        has_header=chance.random() < 0.85,
        has_balance=chance.random() < 0.5,
        has_currency=chance.random() < 0.3,
        newest_first=chance.random() < 0.5,
        preamble=chance.choice([0, 0, 0, 1, 4, 9]),
        encoding=encoding,
        sep_line=chance.random() < 0.05,
        footer=chance.random() < 0.1,
        symbol=chance.choice(["", "", "", "€", "$", "EUR "]),
    )


def any_rows(chance: random.Random) -> list[tuple[int, int, str]]:
    """Return rows as (day, minor units with positive = out, words), oldest first."""
    on = date(chance.randint(2012, 2025), chance.randint(1, 12), chance.randint(1, 28))
    found = []
    for _ in range(chance.choice([1, 2, 3, 5, 12, 40, 90])):
        on += timedelta(days=chance.choice([0, 0, 1, 1, 2, 5, 9]))
        amount = chance.choice([1, 1, 1, -1]) * chance.randint(
            1, chance.choice([999, 99999, 9999999])
        )
        found.append((to_day(on), amount, chance.choice(WORDS)))
    return found


def amount_text(minor: int, way: Way) -> str:
    whole, cents = divmod(abs(minor), 100)
    digits = f"{whole:,}".replace(",", way.group)
    text = f"{way.symbol}{digits}{way.mark}{cents:02}"
    if minor >= 0:
        return text
    return {"-1": f"-{text}", "1-": f"{text}-", "(1)": f"({text})"}.get(way.minus, f"\u2212{text}")


def written(rows: list[tuple[int, int, str]], way: Way, chance: random.Random) -> bytes:
    """Return the table's bytes; rows as `any_rows`."""
    names = HEADINGS[way.language]
    pick = {key: chance.choice(options) for key, options in names.items()}
    columns = ["date", "text"]
    columns += {"columns": ["out", "in"], "side": ["amount", "side"]}.get(way.sign, ["amount"])
    columns += ["balance"] * way.has_balance + ["currency"] * way.has_currency
    if way.has_header:
        chance.shuffle(columns)
    balance, told = 100_000, []
    for day, amount, words in rows:
        balance -= amount
        on = date.fromordinal(day + date(1970, 1, 1).toordinal())
        cell = {
            "date": on.strftime(DATES[way.dates]),
            "text": words,
            "amount": amount_text(
                -amount if way.sign == "in" else abs(amount) if way.sign == "side" else amount, way
            ),
            "out": amount_text(amount, way) if amount > 0 else "",
            "in": amount_text(-amount, way) if amount <= 0 else "",
            "side": way.sides[0] if amount > 0 else way.sides[1],
            "balance": amount_text(balance, way),
            "currency": "EUR",
        }
        told.append([cell[one] for one in columns])
    if way.newest_first:
        told.reverse()
    out = io.StringIO()
    writer = csv.writer(out, delimiter=way.delimiter, lineterminator=chance.choice(["\n", "\r\n"]))
    if way.sep_line:
        out.write(f"sep={way.delimiter}\n")
    for i in range(way.preamble if way.has_header else 0):
        writer.writerow(
            ["Kontoauszug", f"Zeile {chr(97 + i)}"] if i % 2 else [f"Info {chr(97 + i)}:"]
        )
    if way.has_header:
        writer.writerow([pick[one] for one in columns])
    writer.writerows(told)
    if way.footer:
        writer.writerow(["Ende der Liste"])
    return out.getvalue().encode(way.encoding, errors="replace")
