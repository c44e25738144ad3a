"""Clock, browser and call-back page: the parts of the computer that services ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime


class Clock(Protocol):
    """The only source of time. Frozen in demos, pictures, evaluations and tests."""

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """Return the civil date where the person is."""
        ...


class Network(Protocol):
    """What the computer knows of its network; None where it does not tell."""

    @property
    def is_online(self) -> bool | None:
        """Tell whether the internet can be reached."""
        ...

    @property
    def is_metered(self) -> bool | None:
        """Tell whether traffic costs money."""
        ...

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back on the loop's thread when either changes; returns the function that ends it."""
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
