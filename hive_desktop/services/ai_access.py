"""Which model is asked for categories, with which key, at what price and within which budget.

All of it is kept among the vault's settings. A key stays with the address that it was given for:
another address gets none of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.prices import prices_from
from hive_desktop.ports.ai import AiSettings, Held, Hooks
from hive_desktop.ports.errors import AiError, AiKeyError, AiSettingsError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from hive_desktop.domain.prices import Price, Prices
    from hive_desktop.ports.ai import (
        BackendMaker,
        CategoryBackend,
        Preview,
        ProfileFacts,
        TestResult,
    )
    from hive_desktop.ports.chat import ChatBackend
    from hive_desktop.ports.egress import Egress
    from hive_desktop.ports.storage import Database, Reads, Writes

_PROFILE, _BASE_URL, _MODEL, _KEY = "ai.profile", "ai.base_url", "ai.model", "ai.key"
_BUDGET, _ASKS, _PAUSED, _PRICES = "ai.budget_micros", "ai.asks", "ai.paused", "ai.prices"
_ANY: Final = "any"  # a list of models is asked for without naming one
_SET_UP: Final = (_PROFILE, _BASE_URL, _MODEL, _KEY, _PAUSED)


@dataclass(frozen=True, slots=True)
class AiStatus:
    """How the asking of a model is set up; `profile` is None where it is not.

    `budget_micros` and `spent_micros` are of the running month, in millionths of the price list's
    currency; the price is None where it is not known. `left` counts the merchants that a model was
    asked about and gave no answer.
    """

    profile: str | None
    base_url: str
    model: str
    has_key: bool
    is_paused: bool
    asks: bool
    budget_micros: int | None
    spent_micros: int
    price: Price | None
    left: int = 0


class AiAccess:
    """Holds what is set up, and the back-end made of it.

    Args:
        database: keeps the settings.
        maker: makes back-ends.
        record: takes the record of each request.
        spent: returns what this month's requests have cost, in micros.
    """

    def __init__(
        self,
        database: Database,
        maker: BackendMaker,
        record: Callable[[Egress], None],
        spent: Callable[[], Awaitable[int]],
    ) -> None:
        self._database = database
        self._maker = maker
        self._record = record
        self._spent = spent
        self._settings: AiSettings | None = None
        self._budget: int | None = None
        self._asks = False
        self._is_paused = False
        self._prices = prices_from(None)
        self._backend: CategoryBackend | None = None
        self._chat: ChatBackend | None = None
        self._held = Held()
        self._settings_seen = 0
        self.approver: Callable[[Preview], Awaitable[bool]] | None = None
        """Shows a request before it is sent; without one nothing is sent that is to be shown."""

    @property
    def is_set_up(self) -> bool:
        """Tell whether there is a model to ask."""
        return self._settings is not None

    @property
    def is_paused(self) -> bool:
        """Tell whether the person has paused the asking."""
        return self._is_paused

    @property
    def prices(self) -> Prices:
        """Return the price list."""
        return self._prices

    def profiles(self) -> Sequence[ProfileFacts]:
        """Return the kinds of servers that may be chosen."""
        return self._maker.profiles()

    async def load(self) -> None:
        """Take up what the vault has stored."""
        stored = await self._database.read(_stored)
        self._budget = int(budget) if (budget := stored[_BUDGET]).isdecimal() else None
        self._asks, self._is_paused = stored[_ASKS] == "1", stored[_PAUSED] == "1"
        self._prices = prices_from(stored[_PRICES])
        self._settings = None
        if stored[_PROFILE]:
            self._settings = AiSettings(
                stored[_PROFILE], stored[_BASE_URL], stored[_MODEL], stored[_KEY]
            )
        await self._let_go()

    async def status(self) -> AiStatus:
        """Return how it is set up, without the key."""
        settings = self._settings
        facts = next(
            (one for one in self.profiles() if settings and one.name == settings.profile), None
        )
        model = (settings.model if settings else "") or (facts.model if facts else "")
        return AiStatus(
            profile=settings.profile if settings else None,
            base_url=(settings.base_url if settings else "") or (facts.base_url if facts else ""),
            model=model,
            has_key=bool(settings and settings.key),
            is_paused=self._is_paused,
            asks=self._asks,
            budget_micros=self._budget,
            spent_micros=await self._spent(),
            price=self._price(model),
            left=await self._database.read(lambda reads: reads.categorization.left_merchants()),
        )

    async def configure(
        self, profile: str, *, base_url: str = "", model: str = "", key: str | None = None
    ) -> None:
        """Choose a model; the key that is stored stays where profile and address stay.

        Args:
            profile: the name of a kind of server.
            base_url: the profile's own where empty.
            model: the profile's own where empty.
            key: None for the one that is stored, if it is for the same address.

        Raises:
            AiSettingsError: the address or the model cannot be used.
            AiKeyError: a key is needed.
        """
        chosen = AiSettings(profile, base_url, model, self._key_for(profile, base_url, key))
        await self._maker.make(chosen, self._prices, self._hooks()).close()
        # The one before sends nothing more, from now on.
        await self._put(
            {_PROFILE: profile, _BASE_URL: base_url, _MODEL: model, _KEY: chosen.key, _PAUSED: ""},
            _settings=chosen,
            _is_paused=False,
        )

    async def change(
        self,
        *,
        profile: str | None = None,
        base_url: str | None = None,
        model: str | None = None,
        key: str | None = None,
    ) -> bool:
        """Choose a model by what is given; the rest stays where the profile stays.

        Args:
            profile: the name of a kind of server; None for the one that is set up.
            base_url: the profile's own where empty.
            model: the profile's own where empty.
            key: it stays with its address: a new address gets none but this.

        Returns:
            Whether a key was stored that is not for this address, and is forgotten.

        Raises:
            AiSettingsError: the address or the model cannot be used, or no profile is known.
            AiKeyError: a key is needed.
        """
        was = self._settings
        if profile is None and was is None:
            raise AiSettingsError(code="NOT_SET_UP")
        if was is not None and profile in (None, was.profile):
            profile = was.profile
            base_url = was.base_url if base_url is None else base_url
            model = was.model if model is None else model
        has_other = key is None and was is not None and bool(was.key)
        try:
            await self.configure(profile or "", base_url=base_url or "", model=model or "", key=key)
        except AiKeyError as error:
            if was is None or not has_other:
                raise
            raise AiKeyError(
                "The stored key was given for {address} and is sent to no other address.",
                code=error.code,
                address=self._address(was.profile, was.base_url),
            ) from error
        return has_other and self._settings is not None and not self._settings.key

    async def forget(self) -> bool:
        """Forget model and key; prices and budget stay. Tells whether there was one."""
        had = self._settings is not None
        await self._put(dict.fromkeys(_SET_UP, ""), _settings=None, _is_paused=False)
        return had

    async def put_budget(self, micros: int | None) -> None:
        """Bound what a month may cost; None takes the bound away."""
        await self._put({_BUDGET: "" if micros is None else str(micros)}, _budget=micros)

    async def put_price(self, model: str, price: Price | None) -> None:
        """Enter a model's price; None goes back to the program's own, if it has one."""
        prices = self._prices.with_price(model, price)
        await self._put({_PRICES: prices.text()}, _prices=prices)

    async def put_asks(self, *, asks: bool) -> None:
        """Choose whether each request is shown before it is sent."""
        await self._put({_ASKS: "1" if asks else ""}, _asks=asks)

    async def put_paused(self, *, paused: bool) -> None:
        """Remember that the asking is paused, or goes on."""
        await self._put({_PAUSED: "1" if paused else ""}, _is_paused=paused)

    def backend(self) -> CategoryBackend:
        """Return the back-end.

        Raises:
            AiSettingsError: none is set up, or it cannot be used any more.
        """
        if self._backend is None:
            self._backend = self._maker.make(self._bounded(), self._prices, self._hooks())
        return self._backend

    def chat(self) -> ChatBackend:
        """Return the back-end that chats, by the same model and within the same budget.

        Raises:
            AiSettingsError: none is set up, or it cannot be used any more.
        """
        if self._chat is None:
            self._chat = self._maker.make_chat(self._bounded(), self._prices, self._hooks())
        return self._chat

    async def test(self) -> TestResult:
        """Ask one made-up question.

        Raises:
            AiError: by what to do.
        """
        return await self.backend().test()

    async def models(self) -> list[str]:
        """Return the models that the server offers.

        Raises:
            AiError: by what to do.
        """
        return await self.backend().models()

    async def offered(
        self, profile: str, *, base_url: str = "", key: str | None = None
    ) -> list[str]:
        """Return the models that a server offers, before one of them is chosen.

        Args:
            profile: the name of a kind of server.
            base_url: the profile's own where empty.
            key: None for the one that is stored, if it is for the same address.

        Raises:
            AiError: by what to do.
        """
        chosen = AiSettings(profile, base_url, _ANY, self._key_for(profile, base_url, key))
        backend = self._maker.make(chosen, self._prices, self._hooks())
        try:
            return await backend.models()
        finally:
            await backend.close()

    async def close(self) -> None:
        """Let go of connections."""
        await self._let_go()

    def _price(self, model: str) -> Price | None:
        try:
            return self.backend().price if self.is_set_up else None
        except AiError:  # it cannot be used any more: the relay's sign-in is gone
            return self._prices.of(model)

    def _bounded(self) -> AiSettings:
        if self._settings is None:
            raise AiSettingsError(code="NOT_SET_UP")
        return replace(self._settings, budget_micros=self._budget)

    def _hooks(self) -> Hooks:
        made_for = self._settings_seen

        async def approve(preview: Preview) -> bool:
            if made_for != self._settings_seen:
                raise AiSettingsError(
                    "The settings of the model have changed meanwhile.",
                    hint="Nothing was sent by the old ones. Start again.",
                    code="CHANGED",
                )
            if not self._asks:
                return True
            return self.approver is not None and await self.approver(preview)

        return Hooks(self._record, self._spent, approve, self._held)

    def _key_for(self, profile: str, base_url: str, key: str | None) -> str:
        was = self._settings
        if key is None:
            is_same = was is not None and (
                (was.profile, self._address(was.profile, was.base_url))
                == (profile, self._address(profile, base_url))
            )
            key = was.key if was is not None and is_same else ""
        return key.strip()

    def _address(self, profile: str, base_url: str) -> str:
        facts = next((one for one in self.profiles() if one.name == profile), None)
        return (base_url or (facts.base_url if facts else "")).strip().rstrip("/")

    async def _let_go(self) -> None:
        """Make the next request by what is set up now; a back-end of before sends none."""
        self._settings_seen += 1
        backend, self._backend = self._backend, None
        chat, self._chat = self._chat, None
        if backend is not None:
            await backend.close()
        if chat is not None:
            await chat.close()

    async def _put(self, values: Mapping[str, str], **news: Any) -> None:
        """Go by what was chosen at once, and keep it; what cannot be kept does not hold.

        A sync may have the writer for a while, and nothing may leave by then that the person has
        just forbidden.
        """
        before = {name: getattr(self, name) for name in news}
        self._take(news)
        if news.keys() - {"_asks", "_is_paused"}:  # what a back-end is made of
            await self._let_go()
        try:
            await self._store(values)
        except BaseException:
            self._take(before)
            await self._let_go()
            raise

    def _take(self, news: Mapping[str, Any]) -> None:
        for name, value in news.items():
            setattr(self, name, value)

    async def _store(self, values: Mapping[str, str]) -> None:
        def work(writes: Writes) -> None:
            for key, value in values.items():
                writes.put_setting(key, value or None)

        await self._database.write(work, actor=Actor.PERSON)


def _stored(reads: Reads) -> dict[str, str]:
    keys = (*_SET_UP, _BUDGET, _ASKS, _PRICES)
    return {key: reads.setting(key) or "" for key in keys}
