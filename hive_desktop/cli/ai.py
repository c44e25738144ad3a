"""`hive ai ...`: which model is asked for categories, with what key, price and budget."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from hive_desktop.cli import context, output
from hive_desktop.domain.prices import CURRENCY, Price, PriceError, amount, micros
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Awaitable, Callable

    from hive_desktop.ports.ai import Preview
    from hive_desktop.services.ai_access import AiAccess

KEY = context.SecretKind("key of the model's server", "HIVE_AI_KEY", "--key-fd")
_NONE = "none"
PROFILES = "openai, relay, ollama, lmstudio, llamacpp, vllm, other"


def status(options: argparse.Namespace) -> int:
    """Show how it is set up, and what this month has cost."""

    async def work(access: AiAccess) -> dict[str, Any]:
        return await _status(access)

    return _run(options, work, _say_status, may_read_only=True)


def configure(options: argparse.Namespace) -> int:
    """Choose a model; the key is read from a descriptor, the environment or a prompt."""
    is_given = options.key_fd is not None or KEY.variable in os.environ or options.ask_key
    key = (
        context.secret(KEY, fd=options.key_fd, prompt="Key of the model's server")
        if is_given
        else None
    )

    async def work(access: AiAccess) -> dict[str, Any]:
        await access.configure(
            options.profile, base_url=options.url or "", model=options.model or "", key=key
        )
        if options.ask is not None:
            await access.put_asks(asks=options.ask == "on")
        return await _status(access)

    return _run(options, work, _say_status)


def test(options: argparse.Namespace) -> int:
    """Ask the model one made-up question."""

    async def work(access: AiAccess) -> dict[str, Any]:
        result = await access.test()
        return {
            "model": result.model,
            "seconds": round(result.seconds, 3),
            "keeps_form": result.keeps_form,
        }

    def say(document: dict[str, Any]) -> None:
        output.say(f"{document['model']} answered in {document['seconds']} s.")
        if not document["keeps_form"]:
            output.say("It does not keep to the form that is asked for; its answers are checked.")

    return _run(options, work, say)


def models(options: argparse.Namespace) -> int:
    """List the models that the server offers."""

    async def work(access: AiAccess) -> dict[str, Any]:
        return {"models": await access.models()}

    def say(document: dict[str, Any]) -> None:
        output.print_table(["MODEL"], [[_printable(name)] for name in document["models"]])

    return _run(options, work, say)


def forget(options: argparse.Namespace) -> int:
    """Forget model and key."""

    async def work(access: AiAccess) -> dict[str, Any]:
        return {"forgotten": await access.forget()}

    def say(document: dict[str, Any]) -> None:
        had = document["forgotten"]
        output.say("Model and key are forgotten." if had else "No model was set up.")

    return _run(options, work, say)


def prices(options: argparse.Namespace) -> int:
    """Show the price list, or enter a price."""
    numbers = options.prices or []
    if (options.model is None) == bool(numbers or options.remove):
        raise UsageError("A price is entered for one model: --model NAME PROMPT CACHED ANSWER.")
    if options.model is not None and not options.remove and len(numbers) != 3:
        raise UsageError("A price has three amounts: of prompt, of cached prompt, of answer.")
    price = None if options.remove or not numbers else Price(*(_micros(one) for one in numbers))

    async def work(access: AiAccess) -> dict[str, Any]:
        if options.model is not None:
            await access.put_price(options.model, price)
        return {
            "currency": CURRENCY,
            "per_tokens": 1_000_000,
            "prices": [
                {
                    "model": model,
                    "prompt_micros": one.prompt,
                    "cached_micros": one.cached,
                    "answer_micros": one.answer,
                    "is_own": model in access.prices.own,
                }
                for model, one in sorted(access.prices.all().items())
            ],
        }

    def say(document: dict[str, Any]) -> None:
        output.print_table(
            ["MODEL", "PROMPT", "CACHED", "ANSWER", ""],
            [
                [
                    one["model"],
                    *(amount(one[f"{part}_micros"]) for part in ("prompt", "cached", "answer")),
                    "yours" if one["is_own"] else "",
                ]
                for one in document["prices"]
            ],
            right="PROMPT CACHED ANSWER",
        )
        output.say(f"{CURRENCY} for a million tokens.")

    return _run(options, work, say)


def budget(options: argparse.Namespace) -> int:
    """Bound what a month may cost."""
    bound = None if options.amount in (None, _NONE) else _micros(options.amount)

    async def work(access: AiAccess) -> dict[str, Any]:
        if options.amount is not None:
            await access.put_budget(bound)
        return await _status(access)

    return _run(options, work, _say_budget)


def _run(
    options: argparse.Namespace,
    work: Callable[[AiAccess], Awaitable[dict[str, Any]]],
    say: Callable[[dict[str, Any]], None],
    *,
    may_read_only: bool = False,
) -> int:
    async def inside() -> int:
        async with _access(options, may_read_only=may_read_only) as access:
            document = await work(access)
        if options.json:
            output.print_json(document)
        else:
            say(document)
        return 0

    return context.run(inside)


@asynccontextmanager
async def _access(options: argparse.Namespace, *, may_read_only: bool) -> AsyncIterator[AiAccess]:
    async with context.session_of(options, may_read_only=may_read_only) as session:
        session.ai.approver = approve
        yield session.ai


async def approve(preview: Preview) -> bool:
    """Show a request in the terminal and ask whether it may leave."""
    output.say(f"To {preview.host}: {preview.purpose}")
    output.say(_printable(preview.body) or "(nothing but the request itself)")
    # On this thread, so that Ctrl-C ends it; nothing else runs that could not wait.
    return context.says_yes("Send this?")


async def _status(access: AiAccess) -> dict[str, Any]:
    now = await access.status()
    return {
        "profile": now.profile,
        "base_url": now.base_url or None,
        "model": now.model or None,
        "has_key": now.has_key,
        "paused": now.is_paused,
        "asks_before_sending": now.asks,
        "currency": CURRENCY,
        "budget_micros": now.budget_micros,
        "spent_micros": now.spent_micros,
        "has_price": now.price is not None,
    }


def _say_status(document: dict[str, Any]) -> None:
    if document["profile"] is None:
        output.say("No model is set up. Set one up with: hive ai set --profile NAME")
    else:
        output.say(
            f"{document['model'] or 'No model'} at "
            f"{document['base_url'] or 'the relay'} ({document['profile']})"
        )
        output.say("With a key." if document["has_key"] else "Without a key.")
        if document["paused"]:
            output.say("Paused.")
    if document["asks_before_sending"]:
        output.say("Each request is shown before it is sent.")
    _say_budget(document)


def _say_budget(document: dict[str, Any]) -> None:
    spent = f"{amount(document['spent_micros'])} {document['currency']}"
    bound = document["budget_micros"]
    of = "no bound" if bound is None else f"at most {amount(bound)} {document['currency']}"
    output.say(f"This month: {spent} spent, {of}.")


def _micros(text: str) -> int:
    try:
        return micros(text)
    except PriceError as exc:
        raise UsageError(
            "{text} is no amount.", hint="Write it like 0.10, with at most six decimals.", text=text
        ) from exc


def _printable(text: str) -> str:
    """Return a server's word as text that moves no terminal's cursor."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
