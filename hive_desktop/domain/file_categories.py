"""Which of Hive's categories a file means: by its name, or by what other programs call it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE_CATEGORY: Final = "file:"
"""What stands before a file's own word where a bank's code stands else (`bank_category`)."""

_WORDS: Final = re.compile(r"[^\W_]+")
_LEVELS: Final = re.compile(r"\s*(?::|>|»|\||\s/\s|\s-\s)\s*")

# By other programs and banks: the words of Hive's default categories.
_ALSO: Final = {
    "Food & Dining": (
        "food, dining, groceries, grocery, supermarket, supermarkets, restaurant, restaurants, "
        "fast food, coffee, coffee shops, coffee shop, cafe, cafes, alcohol bars, bars, alcohol, "
        "food drink, food and drink, eating out, dining out, dining drinks, takeaway, take out, "
        "food delivery, bakery, lunch, lebensmittel, supermarkt, restaurants cafes, essen trinken, "
        "essen, gastronomie, boodschappen, courses, alimentation, supermercado, alimentacion, "
        "spesa, alimentari, ristorazione, mat, matvaror"
    ),
    "Transportation": (
        "auto transport, transport, transit, auto, car, gas, gas fuel, fuel, petrol, gasoline, "
        "gas stations, automotive, parking, parking tolls, public transportation, public transit, "
        "public transport, taxi, taxi ride shares, rideshare, ride share, ride sharing, "
        "auto payment, auto insurance, auto maintenance, service parts, tolls, train, bus, "
        "verkehr, mobilitat, mobilität, tanken, kraftstoff, auto verkehr, vervoer, transports, "
        "transporte, trasporti, benzine"
    ),
    "Shopping": (
        "merchandise, clothing, clothes, electronics, electronics software, department stores, "
        "general merchandise, home improvement, furnishings, furniture, household, hobbies, "
        "sporting goods, books, gift, gifts, gifts donations, pets, pet food supplies, einkaufen, "
        "einkäufe, kleidung, haushalt, kleding, shopping, vetements, ropa, abbigliamento"
    ),
    "Entertainment": (
        "fun, fun money, movies, movies dvds, music, games, gaming, streaming, television, "
        "newspapers magazines, arts, amusement, subscriptions, recreation, leisure, nightlife, "
        "hobby, unterhaltung, freizeit, freizeit unterhaltung, loisirs, ocio, svago, uitgaan"
    ),
    "Bills & Utilities": (
        "bills, utilities, utility, rent, mortgage, mortgage rent, housing, home, home phone, "
        "internet, internet cable, mobile phone, phone, telephone, electric, electricity, "
        "gas electric, water, garbage, insurance, home insurance, life insurance, taxes, tax, "
        "federal tax, state tax, property tax, telecommunications, bills subscriptions, miete, "
        "wohnen, strom, versicherung, versicherungen, nebenkosten, steuern, huur, loyer, "
        "logement, factures, alquiler, bollette, affitto, verzekering, energie"
    ),
    "Healthcare": (
        "health, medical, doctor, dentist, dental, pharmacy, eyecare, health insurance, "
        "health fitness, health wellness, hospital, medicine, drugstore, gesundheit, apotheke, "
        "arzt, sante, santé, salud, salute, zorg, gezondheid"
    ),
    "Travel": (
        "vacation, vacations, holiday, holidays, hotel, hotels, lodging, air travel, airlines, "
        "airfare, flights, rental car, rental car taxi, travel vacation, reisen, urlaub, reise, "
        "hotels reisen, voyage, voyages, viajes, viaggi, vakantie, reizen"
    ),
    "Education": (
        "tuition, school, student loan, books supplies, kids education, courses education, "
        "bildung, ausbildung, schule, education, formation, educacion, istruzione, onderwijs"
    ),
    "Personal Care": (
        "hair, spa, spa massage, laundry, gym, beauty, barber, cosmetics, fitness, haircut, "
        "körperpflege, friseur, drogerie, kosmetik, beaute, belleza"
    ),
    "Income": (
        "paycheck, paychecks, salary, wages, wage, payroll, bonus, interest, interest income, "
        "interest earned, dividend, dividends, dividends capital gains, returned purchase, "
        "reimbursement, rental income, other income, inflow, ready to assign, to be budgeted, "
        "available this month, starting balances, gehalt, lohn, lohn gehalt, einkommen, zinsen, "
        "salaire, revenus, salario, nomina, ingresos, stipendio, loon, salaris, inkomen"
    ),
    "Transfer": (
        "transfers, credit card payment, credit card payments, account transfer, "
        "internal transfer, savings, balance adjustments, transfer for cash spending, "
        "umbuchung, umbuchungen, "
        "überweisung, virement interne, virements internes, traspaso, trasferimento, "
        "overboeking"
    ),
    "Other": (
        "misc, miscellaneous, uncategorised expenses, fees, fees charges, bank fee, bank fees, "
        "service fee, atm fee, late fee, finance charge, cash atm, cash, check, sonstiges, "
        "gebühren, bankgebühren, divers, otros, altro, overig"
    ),
}


def _tidy(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))


_KNOWN: Final = {
    _tidy(word): name
    for name, words in _ALSO.items()
    for word in (name, *words.replace(" and ", " ").split(","))
}


def category_meant(said: str, names: Iterable[str]) -> str | None:
    """Return the category that a file means, by its present or its default name, or None.

    Args:
        said: as the file has it; of levels (`Food:Groceries`) the last that is known counts.
        names: present names of the categories.
    """
    present = {_tidy(name): name for name in names}
    for one in (said, *reversed(_LEVELS.split(said))):
        tidy = _tidy(one)
        found = present.get(tidy) or _KNOWN.get(_tidy(tidy.replace(" and ", " ")))
        if found is not None:
            return found
    return None
