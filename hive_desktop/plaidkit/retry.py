"""Calls that cost nothing to repeat, tried again after passing faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

import tenacity

from hive_desktop.plaidkit.errors import PlaidError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.plaidkit.transport import Patience

P = ParamSpec("P")
T = TypeVar("T")


def trying(
    patience: Patience,
    sleep: Callable[[float], None],
    call: Callable[P, T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Return what a call returns, of as many tries as there is patience for.

    Raises:
        PlaidError: of the last try.
    """
    retrying = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(patience.tries)
        | tenacity.stop_after_delay(patience.within_s),
        wait=tenacity.wait_random_exponential(
            multiplier=patience.first_pause_s, max=patience.longest_pause_s
        ),
        retry=tenacity.retry_if_exception(_is_passing),
        sleep=sleep,
        reraise=True,
    )
    return retrying(call, *args, **kwargs)


def _is_passing(exc: BaseException) -> bool:
    return isinstance(exc, PlaidError) and exc.is_passing
