"""How far the reading of a file is, told to whoever waits for it, who may end it.

Readers go through what they read by `Steps`, which costs nothing where nobody listens.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final, TypeVar

from hive_desktop.ports.errors.files import ImportStoppedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

T = TypeVar("T")
WHOLE: Final = 1_000
"""A whole file, in the parts that are told."""
_STEP: Final = 1_000
_heard: ContextVar[Callable[[int, int], bool] | None] = ContextVar("heard", default=None)


@contextmanager
def told_to(heard: Callable[[int, int], bool] | None) -> Iterator[None]:
    """Let somebody hear of the readings of this thread, who says whether to go on."""
    token = _heard.set(heard)
    try:
        yield
    finally:
        _heard.reset(token)


def tell(share: float) -> None:
    """Tell which share of a file is read.

    Raises:
        ImportStoppedError: it is to end.
    """
    heard = _heard.get()
    if heard is not None and not heard(int(share * WHOLE), WHOLE):
        raise ImportStoppedError


class Steps:
    """What a stage of a reading goes through, in one loop or in several.

    Args:
        total: how many items, or letters, there are over all loops.
        first: which share of the file is read when the stage begins.
        last: which share is when it ends.
    """

    def __init__(self, total: int, first: float = 0.0, last: float = 1.0) -> None:
        self._total, self._first, self._last = max(total, 1), first, last
        self._done = 0

    def over(self, items: Sequence[T]) -> Iterable[T]:
        """Give the items of one loop."""
        return items if _heard.get() is None else self._told(items)

    def over_pieces(self, pieces: Iterable[str]) -> Iterator[str]:
        """Give pieces of a text, which are counted by their letters."""
        for piece in pieces:
            self._add(len(piece))
            yield piece

    def _told(self, items: Sequence[T]) -> Iterator[T]:
        for start in range(0, len(items), _STEP):
            some = items[start : start + _STEP]
            self._add(len(some))
            yield from some

    def _add(self, more: int) -> None:
        share = min(self._done / self._total, 1.0)
        tell(self._first + share * (self._last - self._first))
        self._done += more
