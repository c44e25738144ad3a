"""The kinds of servers that speak OpenAI's Chat Completions, and in what they differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from hive_desktop.i18n import mark
from hive_desktop.plaidkit.hosts import is_loopback
from hive_desktop.ports.ai import ProfileFacts
from hive_desktop.ports.errors import AiSettingsError

# What a client takes for a name: the rest ends in faults that tell nobody anything.
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|[0-9a-f:.]{2,45}")
OPENAI: Final = "openai"
RELAY: Final = "relay"


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of server.

    Attributes:
        name: as settings store it.
        title: for people.
        base_url: up to and with `/v1`; empty where the person names it.
        model: chosen where the person names none; empty where they must.
        needs_key: requests without a key are refused.
        token_param: the name of the bound of the answer.
        send_effort: reasoning is switched off by `reasoning_effort`, which other servers refuse.
        send_store: the server is asked to keep nothing, by `store`.
        supports_schema: the server holds answers to a JSON schema.
        role: of the message that says what to do.
        patience_s: how long an answer may take; a model on this computer loads first.
        spare_tokens: room in the answer beside what it must hold, for models that think aloud.
        history_tokens: how much of a chat is sent at most; local servers read little at once.
    """

    name: str
    title: str
    base_url: str = ""
    model: str = ""
    needs_key: bool = False
    token_param: str = "max_tokens"  # noqa: S105 - a field's name
    send_effort: bool = False
    send_store: bool = False
    supports_schema: bool = True
    role: str = "system"
    patience_s: float = 300.0
    spare_tokens: int = 2_000
    history_tokens: int = 6_000

    @property
    def facts(self) -> ProfileFacts:
        """Return what a person chooses by."""
        return ProfileFacts(self.name, self.title, self.base_url, self.model, self.needs_key)


PROFILES: Final = (
    Profile(
        OPENAI,
        "OpenAI",
        "https://api.openai.com/v1",
        "gpt-6-luna",
        needs_key=True,
        token_param="max_completion_tokens",  # noqa: S106 - a field's name
        send_effort=True,
        send_store=True,
        role="developer",
        patience_s=90.0,
        spare_tokens=200,
        history_tokens=24_000,
    ),
    Profile(
        RELAY,
        mark("The relay you are signed in at"),
        model="gpt-6-luna",
        token_param="max_completion_tokens",  # noqa: S106
        send_effort=True,
        send_store=True,
        role="developer",
        patience_s=90.0,
        spare_tokens=200,
        history_tokens=24_000,
    ),
    Profile("ollama", "Ollama", "http://localhost:11434/v1"),
    Profile("lmstudio", "LM Studio", "http://localhost:1234/v1"),
    Profile("llamacpp", "llama.cpp", "http://localhost:8080/v1"),
    Profile("vllm", "vLLM", "http://localhost:8000/v1"),
    Profile("other", mark(mark("Another server")), supports_schema=False),
)


def profile_of(name: str) -> Profile:
    """Return a profile by its name; raises AiSettingsError."""
    for profile in PROFILES:
        if profile.name == name:
            return profile
    names = ", ".join(profile.name for profile in PROFILES)
    raise AiSettingsError(
        "There is no profile {name}.",
        hint="There are: {names}.",
        code="NO_PROFILE",
        name=name,
        names=names,
    )


def address_of(profile: Profile, given: str) -> str:
    """Return the address to ask, without a final slash.

    Raises:
        AiSettingsError: none is given where the profile has none, or it is not https and leaves
            this computer.
    """
    base = (given or profile.base_url).strip().rstrip("/")
    if not base:
        raise AiSettingsError(
            "The profile {name} needs an address.", code="NO_ADDRESS", name=profile.name
        )
    try:
        parts = urlsplit(base)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    is_plain = base.isascii() and base.isprintable() and _HOST.fullmatch(parts.hostname or "")
    is_trusted = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    if not is_trusted or not is_plain or "@" in parts.netloc or parts.query or parts.fragment:
        raise AiSettingsError(
            "That address cannot be used.",
            hint="It must begin with https://, or with http:// on this computer, and end with /v1.",
            code="BAD_ADDRESS",
        )
    return base


def is_here(base_url: str) -> bool:
    """Tell whether an address is on this computer, where a request costs nothing."""
    return is_loopback(urlsplit(base_url).hostname)
