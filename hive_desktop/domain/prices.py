"""What models cost: a price list that a person may edit, and sums by it.

Prices are micros, millionths of the list's currency, for a million tokens. A sum is rounded up, so
that no request counts as free that is not.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_MILLION: Final = 1_000_000
_DEAREST: Final = 1_000_000  # of the currency, for a million tokens
CURRENCY: Final = "USD"
_AMOUNT: Final = re.compile(r"([0-9]{1,7})(?:\.([0-9]{1,6}))?")
_DATED: Final = re.compile(r"(.+)-20\d\d(?:-\d\d-\d\d|\d{4})", re.ASCII)
_CHARS_PER_TOKEN: Final = 4
_JSON_TENTHS_PER_TOKEN: Final = 35
# From this many tokens of a prompt on, hosted models bill twice the prompt and 1.5 of the answer.
_LONG_PROMPT: Final = 272_000


class PriceError(ValueError):
    """A price that cannot be one."""


@dataclass(frozen=True, slots=True)
class Price:
    """Micros for a million tokens of prompt, of prompt that the server had cached, of answer."""

    prompt: int
    cached: int
    answer: int

    def __post_init__(self) -> None:
        if not all(
            0 <= one <= _DEAREST * _MILLION for one in (self.prompt, self.cached, self.answer)
        ):
            raise PriceError("a price is from 0 to a million")

    def cost(self, prompt_tokens: int, completion_tokens: int, cached_tokens: int = 0) -> int:
        """Return what a request costs, in micros, rounded up."""
        cached = min(max(cached_tokens, 0), prompt_tokens)
        prompt = (prompt_tokens - cached) * self.prompt + cached * self.cached
        answer = completion_tokens * self.answer
        if prompt_tokens > _LONG_PROMPT:
            prompt, answer = prompt * 2, answer * 3 // 2
        return -(-(prompt + answer) // _MILLION)


DEFAULT_PRICES: Final[Mapping[str, Price]] = {
    "gpt-6-luna": Price(100_000, 10_000, 500_000),
    "gpt-5.6-luna": Price(200_000, 20_000, 1_200_000),
    "gpt-5.4-mini": Price(750_000, 75_000, 4_500_000),
}


class Prices:
    """A price list: the program's, with the person's own over it.

    Args:
        own: the person's, by a model's name.
        is_free: a server on this computer, whose models cost nothing unless the person says so.
    """

    def __init__(self, own: Mapping[str, Price] | None = None, *, is_free: bool = False) -> None:
        self.own = dict(own or {})
        self._is_free = is_free

    def of(self, model: str) -> Price | None:
        """Return a model's price, or None; a dated name such as `m-2026-05-01` is the model's."""
        known = self.own if self._is_free else self.all()
        dated = _DATED.fullmatch(model)
        names = [model, dated[1]] if dated else [model]
        found = next((known[name] for name in names if name in known), None)
        return Price(0, 0, 0) if found is None and self._is_free else found

    def all(self) -> dict[str, Price]:
        """Return every model's price that is known."""
        return {**DEFAULT_PRICES, **self.own}

    def free(self) -> Prices:
        """Return the list for a server on this computer."""
        return Prices(self.own, is_free=True)

    def with_price(self, model: str, price: Price | None) -> Prices:
        """Return the list with a price of the person's; None takes it out."""
        own = {name: one for name, one in self.own.items() if name != model}
        return Prices(own if price is None else own | {model: price}, is_free=self._is_free)

    def text(self) -> str:
        """Return the person's prices as text that can be stored."""
        return json.dumps({m: [p.prompt, p.cached, p.answer] for m, p in self.own.items()})


def prices_from(text: str | None) -> Prices:
    """Return a stored list; what cannot be read of it is left out."""
    try:
        stored = json.loads(text or "{}")
    except ValueError:
        return Prices()
    own = {}
    for model, numbers in stored.items() if isinstance(stored, dict) else ():
        if isinstance(numbers, list) and len(numbers) == 3 and all(type(n) is int for n in numbers):
            try:
                own[model] = Price(*numbers)
            except PriceError:
                continue
    return Prices(own)


def micros(text: str) -> int:
    """Return an amount that a person wrote, such as "0.10", in micros.

    Raises:
        PriceError: it is no amount from 0 to a million, or has more than six decimals.
    """
    found = _AMOUNT.fullmatch(text.strip())
    value = int(found[1]) * _MILLION + int(f"{found[2] or '':0<6}") if found else -1
    if not 0 <= value <= _DEAREST * _MILLION:
        raise PriceError(f"{text!r} is no amount from 0 to a million with at most six decimals")
    return value


def amount(value: int) -> str:
    """Return micros as an amount for people, with two to six decimals."""
    whole, part = divmod(value, _MILLION)
    digits = f"{part:06}".rstrip("0")
    return f"{whole:,}.{digits:0<2}"


def estimated_tokens(text: str, *, is_json: bool = False) -> int:
    """Return about how many tokens a text has, rounded up; by its bytes outside of Latin."""
    size = len(text) if text.isascii() else len(text.encode(errors="replace"))
    if is_json:
        return -(-size * 10 // _JSON_TENTHS_PER_TOKEN)
    return -(-size // _CHARS_PER_TOKEN)
