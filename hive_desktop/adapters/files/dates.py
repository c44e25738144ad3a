"""Dates as files write them, read in one order for a whole file; what is no date is None.

Read are numbers with `.`, `/`, `-` or blanks between, eight digits in a row, names of months in
many languages, two-digit years, and times of day behind. A spreadsheet's day number is no date:
nothing says whether it is one.
"""

# ruff: noqa: RUF001 - letters of other alphabets

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

from hive_desktop.domain.csv_layouts import DateOrder
from hive_desktop.domain.days import to_day
from hive_desktop.i18n import mark

NO_DATE: Final = mark("This is not a date.")
NO_DAY: Final = mark("There is no date.")
NO_SUCH_DAY: Final = mark("There is no such day.")
SERIAL: Final = mark("This is a spreadsheet's day number: save the dates as dates.")
ODD_YEAR: Final = mark("The year of the date cannot be right.")

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
_PIVOT: Final = 70
_LONGEST: Final = 60
_MOST_KEPT: Final = 100_000
_MONTHS: Final = (
    """jan january januar janvier janv enero ene januari gennaio gen styczeń stycznia sty
    janeiro jän jänner leden ledna января янв январь ocak oca
    tammikuuta tammi ianuarie ian sausio január""",
    """feb february februar février févr fév febrero februari febbraio luty lutego lut
    fevereiro fev febr feber únor února февраля фев февраль şubat
    şub helmikuuta helmi februarie vasario február""",
    """mar march märz mär mrz mars marzo maart mrt marzec marca março mär březen března марта мар
    март mart maaliskuuta maalis martie kovo március""",
    """apr april avril avr abril abr aprile kwiecień kwietnia kwi duben dubna апреля апр апрель
    nisan
    nis huhtikuuta huhti aprilie balandžio április""",
    """may mai mayo mei maj maja maggio mag maio květen května мая май mayıs mayis
    toukokuuta touko gegužės május máj""",
    """jun june juni juin junio giugno giu czerwiec czerwca cze junho červen června июня июн июнь
    haziran haz kesäkuuta kesä iunie birželio június jún""",
    """jul july juli juillet juil julio luglio lug lipiec lipca lip julho červenec července июля
    июл июль
    temmuz tem heinäkuuta heinä iulie liepos július júl""",
    """aug august août aoû agosto ago augustus augusti sierpień sierpnia sie srpen srpna августа
    авг
    август ağustos ağu elokuuta elo rugpjūčio augusztus""",
    """sep sept september septembre septiembre settembre set wrzesień września wrz setembro
    září сентября сен сент сентябрь eylül eyl syyskuuta syys septembrie rugsėjo szeptember""",
    """oct october oktober okt octobre octubre oktober ottobre ott październik października
    paź outubro out říjen října
    октября окт октябрь ekim eki lokakuuta loka octombrie spalio október""",
    """nov november novembre noviembre listopad listopada lis novembro listopadu
    ноября ноя нояб ноябрь kasım kasim kas marraskuuta marras noiembrie lapkričio november""",
    """dec december dezember dez décembre déc diciembre dic dicembre grudzień grudnia gru
    dezembro prosinec prosince des desember декабря дек декабрь aralık aralik joulukuuta joulu
    decembrie gruodžio""",
)
_MONTH: Final = {name: i for i, names in enumerate(_MONTHS, 1) for name in names.split()}
MONTHS: Final = frozenset(_MONTH)
"""Names of months, in small letters."""
_TIME: Final = (
    r"(?:(?:[T,]| |, | at )+[0-9]{1,2}[:.h][0-9]{2}(?:[:.][0-9]{2})?(?:[.,][0-9]{1,9})?"
    r"(?: ?[AaPp]\.?[Mm]\.?)?)?(?: ?(?:Z|[+-][0-9]{2}:?[0-9]{2}|[A-Z]{2,5}|\[[^\]]{0,40}\]))?"
)
_DAY_NAME: Final = r"(?:[^\W\d_]{2,10}\.?,? (?=[0-9]))?"
_DAY_BEHIND: Final = re.compile(r"(?:, ?| ?[(（]| )([^\W\d_]{1,10})\.?[)）]?\Z")
_WEEK: Final = """mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday
sunday
    mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonntag
    lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì
    sabato domenica maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    hétfő kedd szerda csütörtök péntek szombat vasárnap
    月 火 水 木 金 土 日 월 화 수 목 금 토 일"""
_DAYS_OF_WEEK: Final = frozenset(_WEEK.split())
_NUMBERS: Final = re.compile(
    rf"{_DAY_NAME}([0-9]{{1,4}})([-./' ]) ?([0-9]{{1,2}})\2 ?([0-9]{{1,4}})\.?{_TIME}"
)
_ROW: Final = re.compile(
    r"([0-9]{8})(?:[ T]?[0-9]{4,6}(?:\.[0-9]{1,6})?)?(?:\[[^\]]{0,40}\]|Z)?"
    rf"|([0-9]{{8}}){_TIME}"
)
_SHORT_ROW: Final = re.compile(r"[0-9]{6}")
_DAY_FIRST: Final = re.compile(
    rf"{_DAY_NAME}([0-9]{{1,2}})(?:st|nd|rd|th|\.|º)?[-./ ]*(?:de |of )?([^\W\d_]{{3,12}})\.?,?"
    rf"[-./ ]*(?:de )?'?([0-9]{{4}}|[0-9]{{2}}){_TIME}"
)
_MONTH_FIRST: Final = re.compile(
    rf"(?:[^\W\d_]{{2,10}}\.?, )?([^\W\d_]{{3,12}})\.?[- ]*([0-9]{{1,2}})(?:st|nd|rd|th)?,?[- ]*"
    rf"([0-9]{{4}}|(?<=[- ,])[0-9]{{2}}){_TIME}"
)
_YEAR_FIRST: Final = re.compile(
    rf"([0-9]{{4}})[-./ ]+([^\W\d_]{{3,12}})\.?[-./ ]+([0-9]{{1,2}}){_TIME}"
)
_SERIAL: Final = re.compile(r"[2-6][0-9]{4}(?:[.,][0-9]+)?")
_AS_OF: Final = " as of "


def read_day(text: str, order: DateOrder) -> int | None:
    """Return the day number of a date in an order, or None where it is none."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    if _AS_OF in text:
        text = text.partition(_AS_OF)[0].strip()
    parts = _parts_of(text, order)
    if parts is None:
        return None
    year, month, day = parts
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return to_day(date(year, month, day))
    except ValueError:
        return None


class Dates(dict[str, int | None]):
    """Days of one column by their text, each read once; None where it is none."""

    def __init__(self, order: DateOrder) -> None:
        super().__init__()
        self._order = order

    def __missing__(self, text: str) -> int | None:
        found = read_day(text, self._order)
        if len(self) < _MOST_KEPT:
            self[text] = found
        return found

    def why_not(self, text: str) -> str:
        """Return why a text is no date, marked for translation."""
        text = text.strip()
        if not text:
            return NO_DAY
        if _SERIAL.fullmatch(text):
            return SERIAL
        parts = _parts_of(text, self._order)
        if parts is None:
            return NO_DATE
        return NO_SUCH_DAY if FIRST_YEAR <= parts[0] <= LAST_YEAR else ODD_YEAR


def orders_of(text: str) -> frozenset[DateOrder]:
    """Return all orders in which a text is a date; none where it is no date at all."""
    return frozenset(order for order in DateOrder if read_day(text, order) is not None)


def looks_like_date(text: str) -> bool:
    """Return whether a text has the form of a date, even of a day or year that there is not."""
    return 4 < len(text) <= _LONGEST and _looks_like_date(text)


@lru_cache(maxsize=20_000)
def _looks_like_date(text: str) -> bool:
    text = text.strip().partition(_AS_OF)[0].strip()
    if text.isdigit():  # an amount or id as well, unless there is such a day
        return len(text) in {8, 12, 14} and bool(orders_of(text))
    return any(_parts_of(text, order) is not None for order in DateOrder)


def is_serial(text: str) -> bool:
    """Return whether a text may be a spreadsheet's day number."""
    return _SERIAL.fullmatch(text.strip()) is not None


def _parts_of(text: str, order: DateOrder) -> tuple[int, int, int] | None:
    """Return year, month and day as they stand there, whether or not there is such a day."""
    if len(text) > _LONGEST:
        return None
    found = _NUMBERS.fullmatch(text)
    if found is not None:
        return _ordered(found[1], found[3], found[4], order)
    found = _ROW.fullmatch(text)
    if found is not None:
        return _in_a_row(found[1] or found[2], order)
    if _SHORT_ROW.fullmatch(text):
        return _ordered(text[:2], text[2:4], text[4:], order, is_short=True)
    behind = _DAY_BEHIND.search(text) if text[:1].isdigit() else None
    if behind is not None and behind[1].casefold() in _DAYS_OF_WEEK:
        return _parts_of(text[: behind.start()], order)
    return _named(text)


def _ordered(
    one: str, two: str, three: str, order: DateOrder, *, is_short: bool = False
) -> tuple[int, int, int] | None:
    if len(one) == 4:
        return (int(one), int(two), int(three)) if len(three) <= 2 else None
    if len(one) == 3:
        return None
    if order is DateOrder.YMD:
        # A short year in front has two digits and stands with two-digit months and days.
        if len(one) == len(two) == len(three) == 2:
            return _full(one), int(two), int(three)
        return None
    if len(three) not in {2, 4} or (is_short and len(three) != 2):
        return None
    day, month = (one, two) if order is DateOrder.DMY else (two, one)
    return _full(three), int(month), int(day)


def _in_a_row(digits: str, order: DateOrder) -> tuple[int, int, int] | None:
    """Read eight digits: by their order, and year first wherever they can be that."""
    year = int(digits[:4])
    if order is DateOrder.YMD or (FIRST_YEAR <= year <= LAST_YEAR and int(digits[4:6]) <= 12):
        return year, int(digits[4:6]), int(digits[6:])
    one, two = int(digits[:2]), int(digits[2:4])
    day, month = (one, two) if order is DateOrder.DMY else (two, one)
    return int(digits[4:]), month, day


def _named(text: str) -> tuple[int, int, int] | None:
    for form, day, month, year in (
        (_DAY_FIRST, 1, 2, 3),
        (_MONTH_FIRST, 2, 1, 3),
        (_YEAR_FIRST, 3, 2, 1),
    ):
        found = form.fullmatch(text)
        if found is not None:
            number = _MONTH.get(found[month].lower())
            if number is not None:
                return _full(found[year]), number, int(found[day])
    return None


def _full(year: str) -> int:
    number = int(year)
    if len(year) == 4:
        return number
    return number + (1900 if number >= _PIVOT else 2000)
