"""Who writes, where it is not the person in front of the program: a client of the local API.

What is written in a context with an author is the person's own change all the same, and is undone
as one; the log of edits keeps the author's name beside it.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_AUTHOR: Final[ContextVar[str]] = ContextVar("author", default="")


def author() -> str:
    """Return the name of the client that writes; empty for the person."""
    return _AUTHOR.get()


@contextmanager
def written_by(name: str) -> Iterator[None]:
    """Let what this context writes be by a client of that name."""
    before = _AUTHOR.set(name)
    try:
        yield
    finally:
        _AUTHOR.reset(before)
