"""The way to a model's server that all back-ends share: its connection, its budget, its manners."""

from __future__ import annotations

import asyncio
import importlib
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.domain.prices import estimated_tokens
from hive_desktop.plaidkit.egress import Recorder
from hive_desktop.ports.errors import AiSettingsError, BudgetReachedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from hive_desktop.adapters.ai.client import Client
    from hive_desktop.adapters.ai.profiles import Profile
    from hive_desktop.domain.prices import Price, Prices
    from hive_desktop.ports.ai import Hooks
    from hive_desktop.ports.system import Clock

_OPTIONAL: Final = frozenset({"temperature", "reasoning_effort", "store", "stream_options"})
_BOUNDS: Final = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


@dataclass(frozen=True, slots=True, repr=False)
class Access:
    """Where a model is asked, and how one gets in.

    Attributes:
        key: returns the key; given the one that was refused, another if there is.
        budget_micros: at most this much a month; None for no bound.
    """

    profile: Profile
    base_url: str
    model: str
    key: Callable[[str | None], Awaitable[str]]
    budget_micros: int | None = None


class Line:
    """One back-end's line.

    Args:
        access: where it leads.
        prices: what tokens cost.
        hooks: who is told of requests, and asked before them.
        egress_key: keys the hash of bodies.
        clock: dates the records.
    """

    def __init__(
        self, access: Access, prices: Prices, hooks: Hooks, egress_key: bytes, clock: Clock
    ) -> None:
        self.access = access
        self._prices = prices
        self._hooks = hooks
        self._recorder = Recorder(egress_key, clock.now, lambda _: None)
        self._client: Client | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._without: set[str] = set()
        self._bound = access.profile.token_param

    @property
    def price(self) -> Price | None:
        """Return what the model's tokens cost; None where it is not known."""
        return self._prices.of(self.access.model)

    def fitted(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of a request as this server takes them."""
        named = self.access.profile.token_param
        if self._bound != named:
            fields[self._bound] = fields.pop(named)
        return {name: value for name, value in fields.items() if name not in self._without}

    def adapt(self, refused: str, fields: dict[str, Any]) -> bool:
        """Do without a field that the server refused; False where that cannot be."""
        if refused in _OPTIONAL and refused in fields:
            self._without.add(refused)
            return True
        if refused == self._bound == self.access.profile.token_param:
            self._bound = _BOUNDS[refused]
            return True
        return False

    @asynccontextmanager
    async def paid(self, fields: dict[str, Any]) -> AsyncIterator[None]:
        """Hold the most that a request can cost until it is on record.

        Raises:
            BudgetReachedError: it could cost more than is left.
            AiSettingsError: there is a budget, and the price is not known.
        """
        budget = self.access.budget_micros
        if budget is None:
            yield
            return
        most, held = self._most(fields), self._hooks.held
        async with held.turn:
            if await self._hooks.spent() + held.micros + most > budget:
                raise BudgetReachedError(code="BUDGET")
            held.micros += most
        try:
            yield
        finally:
            held.micros -= most

    async def connected(self) -> Client:
        """Return the client of the running loop."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            # A second of importing does not hold the loop up.
            module = await loop.run_in_executor(
                None, importlib.import_module, "hive_desktop.adapters.ai.client"
            )
            access = self.access
            patience = access.profile.patience_s
            transport = module.RecordingTransport(
                self._recorder, self._hooks, self._prices, patience
            )
            self._client = module.Client(access.base_url, access.key, transport, patience)
            self._loop = loop
        return self._client

    async def close(self) -> None:
        """Let go of connections."""
        client, self._client = self._client, None
        if client is not None and self._loop is asyncio.get_running_loop():
            await client.close()

    def _most(self, fields: dict[str, Any]) -> int:
        price = self.price
        if price is None:
            raise AiSettingsError(
                "The price of {model} is not known, so no budget can be kept.",
                hint="Enter its price, or take the budget away.",
                code="NO_PRICE",
                model=self.access.model,
            )
        text = json.dumps(fields, ensure_ascii=False)
        return price.cost(estimated_tokens(text, is_json=True), int(fields[self._bound]))
