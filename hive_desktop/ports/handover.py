"""What the first Hive on a vault offers to those that are started after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Visit:
    """What a second start of the window wants of the first.

    Attributes:
        demo: open the demo.
        hidden: it was started without a window, so that nothing is to be shown.
        token: what the desktop gave it to bring a window to the front; empty where it gave none.
        files: absolute paths of files to import.
    """

    demo: bool = False
    hidden: bool = False
    token: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a command's words are read.

    Attributes:
        out: standard output is a terminal.
        err: standard error is one.
        asks: somebody can be asked there.
        columns: how wide it is.
    """

    out: bool = False
    err: bool = False
    asks: bool = False
    columns: int = 80


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that only the client can put to the person.

    Attributes:
        text: the question, or the prompt of a secret; empty to take what is given already.
        variable: of the environment, where the secret may be; empty for a question of yes or no.
        fd: the descriptor that may hold it.
    """

    text: str
    variable: str = ""
    fd: int | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A command that another process hands over.

    Attributes:
        arguments: the words after `hive`.
        folder: where it was called.
        terminal: where its words are read.
        given: variables of its environment that hold a secret.
        say: takes a text for standard output (1) or standard error (2), from any thread.
        ask: puts a question; None where nobody answers. On the loop's thread.
    """

    arguments: tuple[str, ...]
    folder: Path
    terminal: Terminal
    given: frozenset[str]
    say: Callable[[int, str], None]
    ask: Callable[[Ask], Awaitable[str | None]]


class Channel(Protocol):
    """One conversation over the private socket. Used on the loop's thread only."""

    @property
    def is_own_user(self) -> bool:
        """Tell whether the other side runs for the same person."""
        ...

    @property
    def waiting(self) -> int:
        """Return how many bytes the other side has not taken yet."""
        ...

    async def receive(self) -> bytes | None:
        """Return the next payload; None when the other side has gone.

        Raises:
            HandoverError: what came is no frame.
        """
        ...

    def send(self, payload: bytes) -> None:
        """Send a payload; one for somebody who has gone is dropped."""
        ...

    def close(self) -> None:
        """End the conversation once all is sent."""
        ...
