"""Makes back-ends by what a person has set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.adapters.ai import profiles
from hive_desktop.adapters.ai.line import Access
from hive_desktop.ports.errors import AiKeyError, AiSettingsError, AiSignInError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hive_desktop.adapters.ai.chat_backend import OpenAIChat
    from hive_desktop.adapters.ai.openai_backend import OpenAIBackend
    from hive_desktop.adapters.ai.profiles import Profile
    from hive_desktop.domain.prices import Prices
    from hive_desktop.ports.ai import AiSettings, Hooks, ProfileFacts
    from hive_desktop.ports.system import Clock

_NO_KEY = "none"  # the SDK sends one in any case


class Backends:
    """Implements `ports.ai.BackendMaker`.

    Args:
        egress_key: keys the hashes of request bodies.
        clock: dates the records of requests.
        relay: returns the address of the relay that the person is signed in at and what gives an
            access token (given the one that was refused, another), or None.
    """

    def __init__(
        self,
        egress_key: bytes,
        clock: Clock,
        relay: Callable[[], tuple[str, Callable[[str | None], Awaitable[str]]] | None],
    ) -> None:
        self._egress_key = egress_key
        self._clock = clock
        self._relay = relay

    def profiles(self) -> list[ProfileFacts]:
        """Return the kinds of servers."""
        return [one.facts for one in profiles.PROFILES]

    def make(self, settings: AiSettings, prices: Prices, hooks: Hooks) -> OpenAIBackend:
        """Return a back-end.

        Raises:
            AiSettingsError: the address or the model cannot be used, or nobody is signed in.
            AiKeyError: the key is missing.
        """
        from hive_desktop.adapters.ai.openai_backend import (  # noqa: PLC0415 - not for every start
            OpenAIBackend,
        )

        access, listed = self._access(settings, prices)
        return OpenAIBackend(access, listed, hooks, self._egress_key, self._clock)

    def make_chat(self, settings: AiSettings, prices: Prices, hooks: Hooks) -> OpenAIChat:
        """Return a back-end that chats.

        Raises:
            AiSettingsError: the address or the model cannot be used, or nobody is signed in.
            AiKeyError: the key is missing.
        """
        from hive_desktop.adapters.ai.chat_backend import (  # noqa: PLC0415 - not for every start
            OpenAIChat,
        )

        access, listed = self._access(settings, prices)
        return OpenAIChat(access, listed, hooks, self._egress_key, self._clock)

    def _access(self, settings: AiSettings, prices: Prices) -> tuple[Access, Prices]:
        """Return the way in, and the price list that holds there."""
        profile = profiles.profile_of(settings.profile)
        base_url, key = self._way(profile, settings)
        model = (settings.model or profile.model).strip()
        if not model:
            raise AiSettingsError("No model is chosen.", code="NO_MODEL")
        if profile.needs_key and not settings.key:
            raise AiKeyError("A key is needed, and none is stored for this.", code="NO_KEY")
        if not (settings.key.isascii() and settings.key.isprintable()):
            raise AiKeyError(
                "The key has a sign in it that no key has: only plain letters, digits and signs.",
                hint="Copy the key again from where it was made.",
                code="NO_SUCH_KEY",
            )
        is_free = profiles.is_here(base_url) and profile.name != profiles.RELAY
        access = Access(profile, base_url, model, key, settings.budget_micros)
        return access, prices.free() if is_free else prices

    def _way(
        self, profile: Profile, settings: AiSettings
    ) -> tuple[str, Callable[[str | None], Awaitable[str]]]:
        if profile.name != profiles.RELAY:
            base_url = profiles.address_of(profile, settings.base_url)

            async def stored(_stale: str | None) -> str:
                return settings.key or _NO_KEY

            return base_url, stored
        found = self._relay()
        if found is None:
            raise AiSignInError(code="NO_RELAY")
        url, bearer = found
        return profiles.address_of(profile, f"{url.rstrip('/')}/ai/v1"), bearer
