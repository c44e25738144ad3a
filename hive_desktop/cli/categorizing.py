"""`hive categorize`: decide over every row again, and ask the model about what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.cli import ai, context, output, words
from hive_desktop.ports.ai import LeftReason
from hive_desktop.ports.category_store import Again
from hive_desktop.ports.errors import AiError, AiSettingsError
from hive_desktop.ports.events import AiProgress, AiState

if TYPE_CHECKING:
    import argparse

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.ai_access import AiAccess
    from hive_desktop.services.ai_categorize import AiRun
    from hive_desktop.services.session import VaultSession

_AGAIN = {None: Again.NONE, "left": Again.LEFT, "all": Again.ALL}
_LEFT = {
    LeftReason.REFUSED: "refused",
    LeftReason.FILTERED: "held back by a filter",
    LeftReason.CUT_OFF: "cut off",
    LeftReason.UNUSABLE: "not usable",
}
_AGAIN_BY = "They are asked about again by: hive categorize --ask-again"
# Why no model was asked, as programs read it.
_OFFLINE, _NOT_SET_UP, _PAUSED = "offline", "not_set_up", "paused"


def categorize(options: argparse.Namespace) -> int:
    """Decide over every row again, then ask the model about what is left."""
    again = _AGAIN[options.ask_again]

    async def work() -> int:
        run, left = None, 0
        async with context.session_of(options) as session:
            why_not = _why_not(session.ai, is_offline=options.offline)
            if why_not is not None and again is not Again.NONE:
                raise _cannot_ask(why_not)
            is_quiet = options.json or (why_not is None and (await session.ai.status()).asks)
            with output.progress(is_quiet=is_quiet) as tell:
                tell("Deciding over every transaction")
                decided = await session.categorize.run()
            if not options.json:
                output.say(f"{words.counted(decided, 'transaction')} labelled on this computer.")
            if why_not is None:
                run = await _ask(session, again, is_quiet=is_quiet)
                left = (await session.ai.status()).left
        if options.json:
            output.print_json(_document(decided, run, left, why_not))
        elif run is not None:
            _say(run, left)
        elif why_not == _PAUSED:
            output.say("The model is paused; it goes on with: hive ai resume")
        if run is None or run.error is None:
            return 0
        output.say_error(run.error)
        return run.error.exit_code

    with ai.stoppable("Stopped. What is decided and answered so far is kept."):
        return context.run(work)


async def ask_after_sync(session: VaultSession, *, is_quiet: bool) -> None:
    """Ask the model about what a sync brought, where one is set up, and say what came of it.

    What stops it is said, and is no fault of the sync's.
    """
    if _why_not(session.ai, is_offline=False) is not None:
        return
    run = await _ask(session, Again.NONE, is_quiet=is_quiet)
    if run.found and not is_quiet:
        _say(run, 0)
    if run.error is not None:
        output.say_error(run.error)


def _why_not(access: AiAccess, *, is_offline: bool) -> str | None:
    if is_offline:
        return _OFFLINE
    if not access.is_set_up:
        return _NOT_SET_UP
    return _PAUSED if access.is_paused else None


def _cannot_ask(why_not: str) -> AiSettingsError:
    if why_not == _NOT_SET_UP:
        return AiSettingsError(code="NOT_SET_UP")
    return AiSettingsError(
        "The model is paused.", hint="Let it go on first: hive ai resume.", code="PAUSED"
    )


async def _ask(session: VaultSession, again: Again, *, is_quiet: bool) -> AiRun:
    ai.let_approve(session)
    with output.progress(is_quiet=is_quiet) as tell:

        def hear(progress: AiProgress) -> None:
            if progress.state is AiState.RUNNING and progress.total:
                tell(f"AI: {progress.done:,} of {words.counted(progress.total, 'merchant')}")

        unsubscribe = session.bus.subscribe(AiProgress, hear)
        try:
            return await session.ai_categorize.run(again)
        finally:
            unsubscribe()


def _document(decided: int, run: AiRun | None, left: int, why_not: str | None) -> dict[str, Any]:
    return {
        "categorized": decided + (0 if run is None else run.rows),
        "on_this_computer": decided,
        "not_asked": why_not,
        "model": None if run is None else _model(run) | {"left_merchants": left},
    }


def _model(run: AiRun) -> dict[str, Any]:
    return {
        "name": run.model or None,
        "merchants": run.found,
        "asked": run.asked,
        "answered": run.answered,
        "left": {reason.value: run.left[reason] for reason in LeftReason},
        "skipped": run.skipped,
        "not_reached": _not_reached(run),
        "transactions": run.rows,
        "stopped": None if run.error is None else _stopped(run.error),
    }


def _stopped(error: HiveError) -> dict[str, Any]:
    title, message, hint = error.rendered(in_window=False)
    code = error.code if isinstance(error, AiError) else None
    return {"code": code, "title": title, "message": message, "hint": hint}


def _not_reached(run: AiRun) -> int:
    return run.found - run.asked - run.skipped


def _say(run: AiRun, left: int) -> None:
    if run.model and not run.found:
        output.say(f"{run.model} was not asked: there is no merchant to ask about.")
    elif run.model:
        asked = words.counted(run.asked, "merchant")
        output.say(
            f"{run.model} was asked about {asked} and answered for {run.answered:,}; "
            f"{words.counted(run.rows, 'transaction')} labelled by that."
        )
    if run.left:
        reasons = ", ".join(
            f"{run.left[reason]:,} {_LEFT[reason]}" for reason in LeftReason if run.left[reason]
        )
        output.say(f"Without an answer: {run.left.total():,} ({reasons}). {_AGAIN_BY}")
    elif left:
        output.say(f"Without an answer since before: {left:,}. {_AGAIN_BY}")
    if run.skipped:
        output.say(f"Not sent, because it would tell no model what it is: {run.skipped:,}.")
    if _not_reached(run):
        output.say(f"Still to be asked: {_not_reached(run):,}. hive categorize goes on.")
