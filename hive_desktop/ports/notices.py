"""What a person is told outside of the window, and who shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from hive_desktop.domain.notice_choices import NoticeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.domain.noticing import Happening, NewRow

__all__ = [
    "Notice",
    "NoticeKind",
    "NoticeReads",
    "NoticeWrites",
    "Notifier",
    "RunNews",
    "Target",
    "Teller",
    "ToldNotice",
]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a click on a notice leads.

    Attributes:
        page: the name of a page, as the window's commands call it.
        values: what the page is to show, by name.
    """

    page: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that a person is told; its words are in their language already."""

    kind: NoticeKind
    title: str
    body: str
    target: Target | None = None


class Notifier(Protocol):
    """Shows notices: the tray, or the desktop's own service."""

    def show(self, notice: Notice) -> bool:
        """Show it once; False, which is no error, on a desktop that shows none."""
        ...


class Teller(Protocol):
    """Puts what happened in words, and has it shown."""

    @property
    def is_in_sight(self) -> bool:
        """Tell whether the person has the window before them."""
        ...

    def tell(self, happenings: Sequence[Happening], *, hides_details: bool) -> bool:
        """Show one notice of all these, at least one; False where it has to wait.

        It has to while nothing shows it: no tray, no desktop that does, no window in sight.
        """
        ...


class RunNews(NamedTuple):
    """What a sync run brought, as far as it may be told; `seq` counts runs.

    `is_over` is false while it is under way.
    """

    seq: int
    id: bytes
    reason: str
    added: int
    is_over: bool


class ToldNotice(NamedTuple):
    """A happening with when it was met, was told, and was over; None: not yet. All are aware."""

    happening: Happening
    at: datetime
    told_at: datetime | None
    over_at: datetime | None = None


class NoticeReads(Protocol):
    """What was told, and what may be told of."""

    def mark(self) -> int | None:
        """Return the newest run that was looked at; None before the first look."""
        ...

    def newest_run(self) -> int:
        """Return the number of the newest run; 0 without one."""
        ...

    def runs_after(self, seq: int) -> list[RunNews]:
        """Return the runs after one, oldest first; undone ones are left out."""
        ...

    def accounts_of(self, run_ids: Iterable[bytes], limit: int) -> list[bytes]:
        """Return the accounts of up to `limit` rows of the ledger that runs added."""
        ...

    def rows_of(self, run_ids: Iterable[bytes], first_day: int, limit: int) -> list[NewRow]:
        """Return up to `limit` rows that runs added or changed, of `first_day` on, newest first."""
        ...

    def failing_since(self) -> dict[ItemId, datetime]:
        """Return, for each item, its first failure after the last run that worked; aware.

        Failures while the vault was locked count.
        """
        ...

    def known(self, keys: Iterable[str]) -> set[str]:
        """Return those of the keys that are kept."""
        ...

    def untold(self) -> list[Happening]:
        """Return what is kept and not told, oldest first."""
        ...

    def latest(self, limit: int) -> list[ToldNotice]:
        """Return what was met last, newest first."""
        ...


class NoticeWrites(NoticeReads, Protocol):
    """Keeping what is to be told, and that it was."""

    def keep(self, happenings: Iterable[Happening], *, told: bool = False) -> None:
        """Keep each under all its keys; what is kept already stays as it is."""
        ...

    def tell(self, keys: Iterable[str]) -> None:
        """Note that these were told."""
        ...

    def end(self, keys: Iterable[str]) -> None:
        """Note that these are over: history alone, which is not told, and they can come again."""
        ...

    def keep_failing(self, since: Mapping[ItemId, datetime]) -> None:
        """Keep since when items failed while the vault was locked; aware."""
        ...

    def advance(self, seq: int) -> None:
        """Note the newest run that was looked at."""
        ...

    def prune(self, before: datetime) -> None:
        """Forget what is over, and single events that were told, of before an instant."""
        ...
