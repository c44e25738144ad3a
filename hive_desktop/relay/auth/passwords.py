"""Passwords: hashed by bcrypt on threads of their own, and refused where anybody would guess them.

bcrypt reads 72 bytes and stops at a NUL, so it is given the base64 of a SHA-256 of the password:
no length is cut, and every character counts. Passwords are compared in Unicode's form NFC, because
keyboards differ in how they write an accent.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Final, TypeVar

import bcrypt

from hive_desktop.domain.guessing import guesses
from hive_desktop.relay.errors import RelayError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

SHORTEST: Final = 10
LONGEST: Final = 1024
_COST: Final = 12
_THREADS: Final = 2
_MOST_WAITING: Final = 32
# A hash of no password, for people who are not there: checking it takes as long as any.
_NOBODY: Final = "$2b${cost:02d}$uRtEGzO9Rrvq2yhCd0PoSuGcRXqmTZrVaYwvhXz3ka0F4m1cH2lqe"
_FEWEST_GUESSES_LOG10: Final = 6.0  # zxcvbn's score 2


class Passwords:
    """Hashes and checks passwords, two at a time.

    Args:
        cost: bcrypt's cost, the logarithm of its rounds.
    """

    def __init__(self, *, cost: int = _COST) -> None:
        self._cost = cost
        self._nobody = _NOBODY.format(cost=cost).encode()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="relay-passwords")
        self._places = BoundedSemaphore(_THREADS + _MOST_WAITING)

    async def hash(self, password: str) -> str:
        """Return the hash to store.

        Raises:
            RelayError: 503; too many wait already.
        """
        work = partial(bcrypt.hashpw, _digest(password), bcrypt.gensalt(self._cost))
        return (await self._run(work)).decode()

    async def matches(self, password: str, hashed: str | None) -> bool:
        """Tell whether a password is the one of a hash; without a hash, no, in the same time.

        Raises:
            RelayError: 503; too many wait already.
        """
        against = self._nobody if hashed is None else hashed.encode()
        is_right = await self._run(partial(bcrypt.checkpw, _digest(password), against))
        return is_right and hashed is not None

    async def refuse_weak(self, password: str, email: str) -> None:
        """Return when a password is not among the first million that somebody would try.

        Raises:
            RelayError: 422, it is; or 503, too many wait already.
        """
        if await self._run(partial(_is_weak, password, email)):
            raise RelayError(
                422,
                "weak_password",
                "The password is too easy to guess",
                "It is a common one, or near to one.",
                "Take several words that do not belong together.",
            )

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._places.acquire(blocking=False):
            raise RelayError(
                503,
                "busy",
                "The relay is busy",
                "Many people sign in at the same time.",
                "Try again in a few seconds.",
                headers={"Retry-After": "5"},
            )
        future = self._threads.submit(work)
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)


def _digest(password: str) -> bytes:
    text = unicodedata.normalize("NFC", password)
    return base64.b64encode(hashlib.sha256(text.encode()).digest())


def _is_weak(password: str, email: str) -> bool:
    """Tell whether a million guesses find the password; what is near the e-mail counts as known."""
    known = [email, *email.split("@"), "hive"]
    return guesses(password, known).log10 < _FEWEST_GUESSES_LOG10
