"""The command that another process handed over, as the rest of the command line asks for it."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Coroutine, Iterator

    from hive_desktop.ports.handover import Ask, Command
    from hive_desktop.services.front_door import LoopWork
    from hive_desktop.services.session import VaultSession

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Served:
    """A command, and the session in which it runs."""

    command: Command
    session: VaultSession
    loop: LoopWork

    def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine of the command where the session lives; on the command's thread."""
        return self.loop.run(work)

    def ask(self, question: Ask) -> str | None:
        """Have the person asked; on the command's thread."""

        async def work() -> str | None:
            return await self.command.ask(question)

        return self.run(work)

    def check(self, options: argparse.Namespace) -> None:
        """Raise UsageError for what an open session cannot do."""
        if options.today is not None:
            raise UsageError(
                "The clock of a vault that is open in a window cannot be stopped.",
                title="Nothing was done",
                hint="Leave --today out, or lock the vault first.",
            )


_current: ContextVar[Served | None] = ContextVar("served", default=None)


def current() -> Served | None:
    """Return the command that was handed over and runs in this context; None for one's own."""
    return _current.get()


@contextmanager
def serving(command: Served) -> Iterator[None]:
    """Let a command that was handed over run in this context."""
    token = _current.set(command)
    try:
        yield
    finally:
        _current.reset(token)
