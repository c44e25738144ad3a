"""Clock, browser and call-back page: the parts of the computer that services ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date, datetime


class Clock(Protocol):
    """The only source of time. Frozen in demos, pictures, evaluations and tests."""

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """Return the civil date where the person is."""
        ...


class Browser(Protocol):
    """Opens a page in the person's own browser."""

    def open(self, url: str) -> bool:
        """Show the page; False when no browser could be started."""
        ...


class CompletionPage(Protocol):
    """A page on loopback to which Hosted Link returns; it carries no result, it saves waiting."""

    @property
    def url(self) -> str:
        """Return the address to give to the bank."""
        ...

    async def wait(self, timeout_s: float) -> bool:
        """Wait until the page was visited; False when the time ran out."""
        ...

    async def close(self) -> None:
        """Stop listening."""
        ...
