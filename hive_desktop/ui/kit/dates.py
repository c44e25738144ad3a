"""Dates for people, in the order that their locale writes them."""

from __future__ import annotations

from datetime import UTC, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, QTime

from hive_desktop.domain.days import Period
from hive_desktop.i18n import tr, tr_n
from hive_desktop.ui.kit.money import locale

if TYPE_CHECKING:
    from datetime import date, datetime

    from hive_desktop.domain.days import Span

_DASH = "\N{EN DASH}"


@lru_cache(maxsize=4096)
def day(value: date, *, with_year: bool = False) -> str:
    """Return a short date such as `Nov 23` or `Nov 23, 2026`; in German `23. Nov. 2026`."""
    return locale().toString(_q(value), day_pattern(with_year=with_year))


def day_pattern(*, with_year: bool) -> str:
    """Return Qt's pattern of a short date, in the order of the locale."""
    leading = _leading_day()
    if leading:
        return f"{leading} MMM yyyy" if with_year else f"{leading} MMM"
    return "MMM d, yyyy" if with_year else "MMM d"


def span(value: Span) -> str:
    """Return a range such as `Nov 1 to Nov 23, 2026`, with a dash."""
    same_year = value.start.year == value.end.year
    start = day(value.start, with_year=not same_year)
    return f"{start} {_DASH} {day(value.end, with_year=True)}"


def period_title(period: Period, start: date) -> str:
    """Return the name of a whole bucket: `November 2026`, `2026`, or the week's days."""
    if period is Period.YEAR:
        return str(start.year)
    if period is Period.MONTH:
        return locale().toString(_q(start), "MMMM yyyy")
    end = start + timedelta(days=6)
    return f"{day(start)} {_DASH} {day(end, with_year=True)}"


def bucket_tick(period: Period, start: date) -> str:
    """Return a bucket's name as short as an axis needs it."""
    if period is Period.YEAR:
        return str(start.year)
    if period is Period.MONTH:
        return locale().standaloneMonthName(start.month, QLocale.FormatType.ShortFormat)
    return day(start)


def ago(then: datetime | None, now: datetime) -> str:
    """Return how long ago an instant was, in words; both are aware."""
    if then is None:
        return tr("never")
    minutes = int((now - then.astimezone(UTC)).total_seconds() // 60)
    if minutes < 1:
        return tr("just now")
    if minutes < 60:
        return tr_n("{count} minute ago", "{count} minutes ago", minutes)
    if minutes < 60 * 24:
        return tr_n("{count} hour ago", "{count} hours ago", minutes // 60)
    days = minutes // (60 * 24)
    return tr_n("{count} day ago", "{count} days ago", days)


def moment(instant: datetime, now: datetime) -> str:
    """Return a time of day where the person is, with its day when that is not today."""
    there = instant.astimezone()
    time = locale().toString(
        QTime(there.hour, there.minute), locale().timeFormat(QLocale.FormatType.ShortFormat)
    )
    days = days_ahead(instant, now)
    if days == 0:
        return time
    if days == 1:
        return tr("tomorrow {time}", time=time)
    if days == -1:
        return tr("yesterday {time}", time=time)
    return f"{local_day(instant, now)}, {time}"


def days_ahead(instant: datetime, now: datetime) -> int:
    """Return in how many days an instant comes where the person is: 0 today, -1 yesterday."""
    return (instant.astimezone().date() - now.astimezone().date()).days


def local_day(instant: datetime, now: datetime) -> str:
    """Return the day of an instant where the person is, with its year when that is another."""
    there, today = instant.astimezone().date(), now.astimezone().date()
    return day(there, with_year=there.year != today.year)


def duration(seconds: float) -> str:
    """Return how long something took: `0.4 s`, `12 s`, `3 min 20 s`."""
    if seconds < 10:
        tenths = round(seconds * 10)
        written = f"{tenths // 10}{locale().decimalPoint()}{tenths % 10}"
        return tr("{seconds} s", seconds=written)
    if seconds < 60:
        return tr("{seconds} s", seconds=round(seconds))
    minutes, rest = divmod(round(seconds), 60)
    if rest:
        return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    return tr("{minutes} min", minutes=minutes)


def speaks(language: str) -> bool:
    """Return whether the locale's names of months are of a language (ISO 639-1)."""
    return locale().name().partition("_")[0] == language


def forget_locale() -> None:
    """Forget how dates were written: the locale is another from now on."""
    day.cache_clear()
    _leading_day.cache_clear()


def _q(value: date) -> QDate:
    return QDate(value.year, value.month, value.day)


@lru_cache(maxsize=8)
def _leading_day() -> str:
    """Return Qt's pattern of a day that stands before its month, `d` or `d.`; else nothing."""
    pattern = locale().dateFormat(QLocale.FormatType.LongFormat).replace("dddd", "")
    if pattern.find("d") > pattern.find("M"):
        return ""
    return "d." if "d." in pattern else "d"
