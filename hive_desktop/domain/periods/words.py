"""The words of periods in English and German, as pieces of patterns over lower-case text.

A space in a pattern stands for any white space. Nothing here captures but by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MONTHS: Final = {
    word: number
    for number, words in enumerate(
        (
            "january januar jänner jaenner jan",
            "february februar feber feb",
            "march märz maerz marz mar mär mrz",
            "april apr",
            "may mai",
            "june juni jun",
            "july juli jul",
            "august aug",
            "september sept sep",
            "october oktober oct okt",
            "november nov",
            "december dezember dec dez",
        ),
        start=1,
    )
    for word in words.split()
}
WEEKDAYS: Final = {
    word: number
    for number, words in enumerate(
        (
            "monday montag",
            "tuesday dienstag",
            "wednesday mittwoch",
            "thursday donnerstag",
            "friday freitag",
            "saturday samstag sonnabend",
            "sunday sonntag",
        )
    )
    for word in words.split()
}
NUMBERS: Final = {
    word: number
    for number, words in {
        1: "one a an ein eine einem einen einer eines",
        2: "two zwei beiden couple",
        3: "three drei",
        4: "four vier",
        5: "five fünf fuenf",
        6: "six sechs",
        7: "seven sieben",
        8: "eight acht",
        9: "nine neun",
        10: "ten zehn",
        11: "eleven elf",
        12: "twelve zwölf zwoelf",
        14: "fourteen vierzehn",
        30: "thirty dreißig dreissig",
        60: "sixty sechzig",
        90: "ninety neunzig",
    }.items()
    for word in words.split()
}
UNITS: Final = {
    word: unit
    for unit, words in {
        "day": "day days tag tage tagen",
        "week": "week weeks woche wochen",
        "month": "month months monat monate monaten monats",
        "quarter": "quarter quarters quartal quartale quartalen quartals",
        "half": "halbjahr halbjahre halbjahren halbjahres half-year",
        "year": "year years jahr jahre jahren jahres",
    }.items()
    for word in words.split()
}
ORDINALS: Final = {
    word: number
    for number, words in {
        1: "first 1st 1. erste ersten erster erstes",
        2: "second 2nd 2. zweite zweiten zweiter zweites",
        3: "third 3rd 3. dritte dritten dritter drittes",
        4: "fourth 4th 4. vierte vierten vierter viertes",
    }.items()
    for word in words.split()
}


def _any(words: Iterable[str]) -> str:
    """Return a pattern of any of the words, the longest first."""
    listed = sorted(words, key=len, reverse=True)
    return "|".join(one.replace(".", r"\.") for one in listed)


MONTH: Final = rf"(?:{_any(MONTHS)})(?![^\W_])\.?"
WEEKDAY: Final = f"(?:{_any(WEEKDAYS)})"
NUMBER: Final = rf"(?:\d{{1,3}}|{_any(NUMBERS)})(?: of)?"
UNIT: Final = f"(?:{_any(UNITS)})"
ORDINAL: Final = f"(?:{_any(ORDINALS)})"
SUFFIX: Final = r"(?:st|nd|rd|th|\.)?"

THE: Final = r"(?:(?:the|der|die|das|den|dem|des) )?"
THIS: Final = r"(?:this|the current|current|diese[mnrs]?|aktuelle[mnrs]?|laufende[mnrs]?)"
LAST: Final = (
    r"(?:last|previous|prior|preceding|letzte[mnrs]?|vorige[mnrs]?|vergangene[mnrs]?"
    r"|vorherige[mnrs]?)"
)
BEFORE_LAST: Final = r"(?:vorletzte[mnrs]?)"
ROLLING: Final = (
    r"(?:last|past|previous|preceding|trailing|letzte[nr]?|vergangene[nr]?|vorige[nr]?"
    r"|vorherige[nr]?)"
)
WHOLE: Final = r"(?:full|complete|completed|whole|calendar|vollen?|ganzen?|abgeschlossenen?)"
SO_FAR: Final = (
    r"(?:so far|to date|till now|until now|up to now|till today|until today|bisher|bis heute"
    r"|bis jetzt|bislang)"
)
YEAR: Final = r"(?:19|20)\d\d"
YEAR_REF: Final = (
    rf"(?:{YEAR}(?!\d)|{THE}(?:{LAST}|{THIS}|{BEFORE_LAST}) (?:year|jahr(?:es)?)"
    r"|(?:des )?vorjahr(?:es|s)?)"
)
"""A year, or words for one."""

IN: Final = (
    r"(?:in|on|at|of|for|during|over|within|throughout|from|around|im|am|vom|von|für|fuer|aus"
    r"|während|waehrend|innerhalb|über|ueber|zum|an) "
)
SINCE: Final = r"(?:since|starting(?: from| in| on| with)?|beginning|as of|seit|ab)"
FROM: Final = r"(?:from|von|vom)"
ONWARDS: Final = (
    rf"(?:onwards?|forward|on|an|ab|to now|to today|{SO_FAR})(?![^\W_])(?! {THE}(?:\d|{MONTH}))"
)
AFTER: Final = r"(?:after|following|nach)"
BEFORE: Final = r"(?:before|prior to|vor)"
UNTIL: Final = r"(?:until|till|up to|through|thru|by|bis(?: zum| zu| einschließlich)?)"
TO: Final = (
    r"(?: ?(?:\.\.\.?|\u2026) ?| ?[-\u2013\u2014] ?"
    r"| (?:up to|to|until|till|through|thru|bis(?: zum| zu| einschließlich)?) )"
)
FIRST_OF: Final = (
    r"(?:(?:the )?(?:beginning|start) of|anfang(?: des| der)?|beginn(?: des| der)?"
    r"|zu beginn(?: des| der))"
)
LAST_OF: Final = r"(?:(?:the )?end of|ende(?: des| der)?)"
ALL_TIME: Final = (
    r"(?:all[- ]?time|of all time|ever|since ever|since the (?:very )?beginning|from the beginning"
    r"|the whole (?:time|period)|all (?:years|months|data)|jemals|aller zeiten|alle zeit"
    r"|seit (?:dem )?(?:beginn|anfang)|(?:der |den )?gesamte[nr]? zeit(?:raum)?|insgesamt bisher"
    r"|die ganze zeit)"
)

NAMES: Final = {
    "en": (
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    ),
    "de": (
        *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August"),
        *("September", "Oktober", "November", "Dezember"),
    ),
}
EXAMPLES: Final = {
    "en": ("last month", "since June", "Q3 2025", "2026-10-01..2026-10-15", "last 30 days"),
    "de": ("letzten Monat", "seit Juni", "im März 2025", "1.10. bis 15.10.", "letzte 30 Tage"),
}
