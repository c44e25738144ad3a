"""What the egress page says: the columns of a request, the cards of a host, the filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import Qt

from hive_desktop.domain.prices import CURRENCY
from hive_desktop.i18n import mark, tr, tr_c, tr_n
from hive_desktop.ports.egress import EgressFilter, place
from hive_desktop.ui.forms.words import purpose_words
from hive_desktop.ui.kit import dates, micros
from hive_desktop.ui.kit.money import locale

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from hive_desktop.ports.egress import Egress, EgressLine, EgressSum
    from hive_desktop.services.egress import EgressService
    from hive_desktop.ui.kit.widgets import Tone

TIME, HOST, PURPOSE, REQUEST, SIZE, TOKENS, COST, RESULT = range(8)
_RIGHT: Final = frozenset({SIZE, TOKENS, COST})
_SENT: Final = "sent"
_REFUSED: Final = 400
_LONG: Final = 10_000
_GRAIN: Final = 100
_NO_MORE: Final = "\N{LESS-THAN OR EQUAL TO} "  # at most, where there is little room
# How a request can end without a whole answer.
RESULTS: Final = {
    "cancelled": mark("cancelled"),
    "connection_lost": mark("connection lost"),
    "failed": mark("failed"),
    "half_answer": mark("half answer"),
    _SENT: mark("sent"),
    "timed_out": mark("timed out"),
    "tls_failed": mark("tls failed"),
    "too_large": mark("too large"),
    "too_long": mark("too long"),
    "too_slow": mark("too slow"),
    "unreachable": mark("unreachable"),
}
_HASH: Final = mark(
    "A hash of the whole body, keyed by this vault: it shows that two bodies were the same, "
    "and tells nobody else what was in them."
)


@dataclass(frozen=True, slots=True)
class Query:
    """Which requests are shown; None is all."""

    host: str | None = None
    purpose: str | None = None

    def wanted(self) -> EgressFilter:
        """Return it as the record is asked."""
        return EgressFilter(host=self.host, purpose=self.purpose)


class Requests:
    """The requests of a query, as a paged model asks for them."""

    def __init__(self, service: EgressService, query: Query) -> None:
        self._service = service
        self._wanted = query.wanted()

    async def count(self) -> int:
        """Return how many there are."""
        return await self._service.count(self._wanted)

    async def page(self, offset: int, limit: int) -> Sequence[EgressLine]:
        """Return some, newest first."""
        return await self._service.page(self._wanted, limit=limit, offset=offset)


class RequestColumns:
    """The words of each cell.

    Args:
        now: the instant from which days are told.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._titles = (
            tr("Time"),
            tr_c("address", "To"),
            tr("Why"),
            tr("Request"),
            tr("Size"),
            tr("Tokens"),
            tr("Cost, {currency}", currency=CURRENCY),
            tr("Result"),
        )

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the words of the head."""
        return self._titles

    def text(self, row: EgressLine, column: int) -> str:
        """Return the words of a cell."""
        if column == TIME:
            return dates.moment(row.entry.at, self._now)
        return _CELLS[column](row.entry)

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Return where a column's words stand."""
        side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def key(self, row: EgressLine) -> object:
        """Return what identifies a request."""
        return row.id


@dataclass(frozen=True, slots=True)
class HostSum:
    """What left for one host; `host` is empty for several that have no card of their own."""

    host: str
    title: str
    requests: int
    body_bytes: int
    tokens: int
    cost_micros: int
    is_at_most: bool


def by_host(sums: Sequence[EgressSum], most: int) -> list[HostSum]:
    """Return totals by host, most requests first; what is beyond `most` is one total at the end."""
    hosts: dict[str, list[EgressSum]] = {}
    for one in sums:
        hosts.setdefault(one.host, []).append(one)
    ordered = sorted(hosts.items(), key=lambda item: (-sum(s.requests for s in item[1]), item[0]))
    if len(ordered) > most:
        shown, rest = ordered[: most - 1], ordered[most - 1 :]
        title = tr_n("{count} other host", "{count} other hosts", len(rest))
        others = _total("", title, [s for _, group in rest for s in group])
        return [*(_total(host, place(host), group) for host, group in shown), others]
    return [_total(host, place(host), group) for host, group in ordered]


def _total(host: str, title: str, sums: Sequence[EgressSum]) -> HostSum:
    return HostSum(
        host,
        title,
        sum(one.requests for one in sums),
        sum(one.body_bytes for one in sums),
        sum(one.prompt_tokens + one.completion_tokens for one in sums),
        sum(one.cost_micros for one in sums),
        any(one.is_at_most for one in sums),
    )


def extras(total: HostSum) -> str:
    """Return cost, tokens and bytes in one line."""
    parts = []
    if total.cost_micros:
        parts.append(_cost_words(_rounded(total.cost_micros), is_at_most=total.is_at_most))
    if total.tokens:
        count = _short(total.tokens)
        parts.append(
            tr_n("{count_text} token", "{count_text} tokens", total.tokens, count_text=count)
        )
    parts.append(size(total.body_bytes))
    return " \N{MIDDLE DOT} ".join(parts)


def result(entry: Egress) -> tuple[str, Tone]:
    """Return how a request ended, and the tone of that."""
    if entry.result is not None:
        words = tr(RESULTS.get(entry.result, entry.result.replace("_", " ")))
        if entry.status is not None:
            words = f"{entry.status}, {words}"
        return words[:1].upper() + words[1:], "muted" if entry.result == _SENT else "danger"
    if entry.status is None:
        return tr("No answer"), "danger"
    if entry.status >= _REFUSED:
        return tr("{status} refused", status=entry.status), "danger"
    return tr("{status} OK", status=entry.status), "muted"


def tokens(entry: Egress) -> int:
    """Return how many tokens went and came."""
    return (entry.prompt_tokens or 0) + (entry.completion_tokens or 0)


class Fact(NamedTuple):
    """What is known of a request by a name; `meaning` says more of it."""

    name: str
    text: str
    tone: Tone = "text"
    meaning: str = ""


def facts(line: EgressLine) -> list[Fact]:
    """Return all that is known of a request but its purpose and its body."""
    entry = line.entry
    words, tone = result(entry)
    time = dates.duration(entry.seconds)
    known = [
        Fact(tr("When"), f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S %Z}"),
        Fact(tr_c("address", "To"), place(entry.host)),
        Fact(tr("Request"), f"{entry.method} {entry.path}"),
        Fact(
            tr("Result"),
            tr("{result}, after {time}", result=words, time=time),
            "text" if tone == "muted" else tone,
        ),
        Fact(
            tr("Size"),
            tr_n(
                "{count_text} byte as sent",
                "{count_text} bytes as sent",
                entry.body_length,
                count_text=number(entry.body_length),
            ),
        ),
    ]
    if entry.model:
        known.append(Fact(tr("Model"), entry.model))
    if tokens(entry):
        asked, said = number(entry.prompt_tokens or 0), number(entry.completion_tokens or 0)
        known.append(
            Fact(tr("Tokens"), tr("{asked} sent, {said} answered", asked=asked, said=said))
        )
    if entry.cost_micros is not None:
        cost = _cost_words(entry.cost_micros, is_at_most=entry.is_at_most)
        known.append(Fact(tr("Cost"), cost))
    known.append(Fact(tr("Hash"), entry.body_hash.hex(), meaning=tr(_HASH)))
    return known


def number(value: int) -> str:
    """Return a count, grouped as the locale does."""
    return str(locale().toString(value))


def requests_words(count: int) -> str:
    """Return how many requests there are."""
    return tr_n("{count_text} request", "{count_text} requests", count, count_text=number(count))


def has_costs(sums: Sequence[EgressSum]) -> bool:
    """Tell whether any request has used tokens or cost something."""
    return any(one.prompt_tokens or one.completion_tokens or one.cost_micros for one in sums)


def _cost(entry: Egress) -> str:
    if entry.cost_micros is None:
        return ""
    return f"{_NO_MORE if entry.is_at_most else ''}{micros.text(entry.cost_micros)}"


def _cost_words(value: int, *, is_at_most: bool) -> str:
    cost = f"{micros.text(value)} {CURRENCY}"
    return tr("at most {cost}", cost=cost) if is_at_most else cost


def _short(value: int) -> str:
    if value < _LONG:
        return number(value)
    return tr("{thousands}K", thousands=number(round(value / 1_000)))


def _rounded(micros: int) -> int:
    """Return a sum to a hundredth of a cent, upwards; less than one of them stays as it is."""
    return micros if micros < _GRAIN else -(-micros // _GRAIN) * _GRAIN


def size(value: int) -> str:
    """Return a size as short as a column needs it: `312 B`, `4.1 kB`."""
    return str(locale().formattedDataSize(value, 1, locale().DataSizeFormat.DataSizeSIFormat))


_CELLS: Final[dict[int, Callable[[Egress], str]]] = {
    HOST: lambda entry: place(entry.host),
    PURPOSE: lambda entry: purpose_words(entry.purpose),
    REQUEST: lambda entry: f"{entry.method} {entry.path}",
    SIZE: lambda entry: size(entry.body_length),
    TOKENS: lambda entry: number(count) if (count := tokens(entry)) else "",
    COST: _cost,
    RESULT: lambda entry: result(entry)[0],
}
