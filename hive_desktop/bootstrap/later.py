"""Services that the first figures do without: made, and their modules loaded, when first used."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class _Later:
    """Stands for a service until something is asked of it, and then hands that on."""

    __slots__ = ("_lock", "_made", "_make")

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make
        self._made: object | None = None
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            if self._made is None:
                self._made = self._make()
        return getattr(self._made, name)


def later(make: Callable[[], T]) -> T:
    """Return what stands for a service that `make` gives once something is asked of it."""
    return cast("T", _Later(make))
