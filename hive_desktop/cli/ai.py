"""`hive ai ...`: which model is asked for categories, with what key, price and budget."""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from hive_desktop.cli import context, output, served, words
from hive_desktop.domain.prices import CURRENCY, Price, PriceError, amount, micros
from hive_desktop.ports.egress import place
from hive_desktop.ports.errors import AiKeyError, AiSettingsError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from hive_desktop.ports.ai import Preview
    from hive_desktop.services.ai_access import AiAccess
    from hive_desktop.services.session import VaultSession

KEY = context.SecretKind("key of the model's server", "HIVE_AI_KEY", "--key-fd")
_NONE = "none"
PROFILES = "openai, relay, ollama, lmstudio, llamacpp, vllm, other"
_KEY_WAYS = "Add --ask-key or --key-fd N, or set HIVE_AI_KEY."
# What was given is at fault, or is missing; the hint is the error's own where none stands here.
_OF_USAGE = {
    "NOT_SET_UP": f"Add --profile NAME, one of {PROFILES}.",
    "NO_PROFILE": None,
    "NO_ADDRESS": "Add --url ADDRESS, up to and with /v1, and --model NAME.",
    "BAD_ADDRESS": None,
    "NO_MODEL": "Add --model NAME. What a server offers: hive ai models --profile NAME.",
    "NO_KEY": _KEY_WAYS,
    "NO_SUCH_KEY": None,
}


def status(options: argparse.Namespace) -> int:
    """Show how it is set up, and what this month has cost."""

    async def work(access: AiAccess) -> dict[str, Any]:
        return await _status(access)

    return _run(options, work, _say_status, may_read_only=True)


def configure(options: argparse.Namespace) -> int:
    """Choose a model by what is given; the key comes as `_key` has it."""
    named = {"profile": options.profile, "base_url": options.url, "model": options.model}
    is_asks_only = options.ask is not None and not _names_key(options) and not any(named.values())
    key = None if is_asks_only else _key(options)
    if not is_asks_only and key is None and all(one is None for one in named.values()):
        raise UsageError(
            "Nothing was given to set.", hint="Give --profile, --url, --model, --ask-key or --ask."
        )

    async def work(access: AiAccess) -> dict[str, Any]:
        is_left = False
        if not is_asks_only:
            with _as_usage():
                is_left = await access.change(**named, key=key)
        if options.ask is not None:
            await access.put_asks(asks=options.ask == "on")
        return await _status(access) | {"key_forgotten": is_left}

    def say(document: dict[str, Any]) -> None:
        _say_status(document)
        if document["key_forgotten"]:
            output.say(
                "The key that was stored is forgotten: it was given for another address. "
                f"If this one needs a key: {_KEY_WAYS}"
            )

    return _run(options, work, say)


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
    """List the models that a server offers: the one that is set up, or one that is named."""
    if options.profile is None and (options.url is not None or _names_key(options)):
        raise UsageError("An address or a key belongs to a profile.", hint="Add --profile NAME.")
    key = None if options.profile is None else _key(options)

    async def work(access: AiAccess) -> dict[str, Any]:
        if options.profile is None:
            return {"models": await access.models()}
        with _as_usage():
            found = await access.offered(options.profile, base_url=options.url or "", key=key)
        return {"models": found}

    def say(document: dict[str, Any]) -> None:
        output.print_table(["MODEL"], [[output.printable(name)] for name in document["models"]])

    return _run(options, work, say)


def pause(options: argparse.Namespace) -> int:
    """Ask nothing until it is to go on."""
    return _put_paused(options, paused=True)


def resume(options: argparse.Namespace) -> int:
    """Let the asking go on."""
    return _put_paused(options, paused=False)


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
            ["MODEL", "PROMPT", "CACHED", "ANSWER", "STATE"],
            [
                [
                    one["model"],
                    *(amount(one[f"{part}_micros"]) for part in ("prompt", "cached", "answer")),
                    "yours" if one["is_own"] else "listed",
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


def _put_paused(options: argparse.Namespace, *, paused: bool) -> int:
    async def work(access: AiAccess) -> dict[str, Any]:
        if not access.is_set_up:
            raise AiSettingsError(code="NOT_SET_UP")
        await access.put_paused(paused=paused)
        return await _status(access)

    return _run(options, work, _say_status)


def _names_key(options: argparse.Namespace) -> bool:
    return options.key_fd is not None or options.ask_key


def _key(options: argparse.Namespace) -> str | None:
    """Return the key from a descriptor, the environment or a prompt; None where none is given."""
    if not _names_key(options) and not context.is_given(KEY.variable):
        return None
    return context.secret(KEY, fd=options.key_fd, prompt="Key of the model's server")


@contextmanager
def _as_usage() -> Iterator[None]:
    """Tell what was given wrongly as such, with the options that mend it."""
    try:
        yield
    except (AiKeyError, AiSettingsError) as error:
        if error.code not in _OF_USAGE:
            raise
        title, message, hint = error.rendered(in_window=False)
        title = "A key is missing" if error.code == "NO_KEY" else title
        wanted = _OF_USAGE[error.code] or hint
        raise UsageError(message, title=title, hint=wanted) from error


@contextmanager
def stoppable(words: str) -> Iterator[None]:
    """Say a line where Ctrl-C ends what is inside."""
    try:
        yield
    except KeyboardInterrupt:
        output.say(words)
        raise


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

    with stoppable("Stopped. What was sent is listed by hive egress."):
        return context.run(inside)


@asynccontextmanager
async def _access(options: argparse.Namespace, *, may_read_only: bool) -> AsyncIterator[AiAccess]:
    async with context.session_of(options, may_read_only=may_read_only) as session:
        let_approve(session)
        yield session.ai


def let_approve(session: VaultSession) -> None:
    """Have requests shown in the terminal before they leave; a window that is open shows them."""
    if served.current() is None:
        session.ai.approver = approve


async def approve(preview: Preview) -> bool:
    """Show a request in the terminal and ask whether it may leave."""
    output.say(f"To {place(preview.host)}: {preview.purpose}")
    output.say(output.printable(preview.body) or "(nothing but the request itself)")
    return await context.says_yes_inside("Send this?")


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
        "left_merchants": now.left,
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
            output.say("Paused; it goes on with: hive ai resume")
        if document["left_merchants"]:
            output.say(
                f"Without an answer: {words.counted(document['left_merchants'], 'merchant')}. "
                "They are asked about again by: hive categorize --ask-again"
            )
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
