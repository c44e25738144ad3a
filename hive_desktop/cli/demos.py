"""`hive demo`, the whole main job on the sandbox bank, and `hive sandbox`, the bank alone."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hive_desktop import bootstrap
from hive_desktop import demo as demos
from hive_desktop.cli import output, shapes, streams
from hive_desktop.cli.chat import rendered
from hive_desktop.config import AppConfig
from hive_desktop.domain.figures import FigureWords
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.errors import UsageError, VaultUnwritableError

if TYPE_CHECKING:
    import argparse

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.sandbox.bank import Bank
    from hive_desktop.services.session import VaultSession

_QUESTION = "What did I spend the most on last month?"


def demo(options: argparse.Namespace) -> int:
    """Run the demo: in a window, or headless with pictures and a document."""
    bank = demos.household(seed=options.seed, today=options.today, custom_users=options.custom_user)
    is_headless = options.headless or options.json
    if not is_headless and not _has_display():
        output.say("No display here: the demo runs headless and writes pictures instead.")
        is_headless = True
    if not is_headless:
        clock = bootstrap.clock_of(options.today)
        visit = demos.WindowDemo(clock, lambda: bank)
        return bootstrap.run_window(
            lambda: bootstrap.lifecycle(AppConfig.default(), clock, visit), opens_demo=True
        )
    out: Path = (options.out or Path(tempfile.mkdtemp(prefix="hive-demo-"))).absolute()
    _make_folder(out)
    document, errors = bootstrap.run_offscreen(lambda: _headless(options, bank, out))
    if options.json:
        output.print_json(document)
    else:
        _tell(document)
    return max((error.exit_code for error in errors), default=0)


def sandbox(options: argparse.Namespace) -> int:
    """Run the simulated bank until it is interrupted."""
    from hive_desktop.sandbox.server import SandboxServer  # noqa: PLC0415 - a server, on demand

    bank = demos.household(seed=options.seed, today=options.today, custom_users=options.custom_user)
    _warn_refused(bank)
    server = SandboxServer(bank, port=options.port)
    try:
        server.bind()
    except OSError as exc:
        raise demos.port_busy(options.port, exc) from exc
    streams.out.write(
        f"{server.url}\nclient id {bank.options.client_id}, secret {bank.options.secret}\n"
    )
    streams.out.flush()
    server.serve_forever()
    return 0


async def _headless(
    options: argparse.Namespace, bank: Bank, out: Path
) -> tuple[dict[str, Any], tuple[HiveError, ...]]:
    """Do the main job; returns its document and what went wrong with single banks."""
    started = time.perf_counter()
    clock = bootstrap.clock_of(options.today)
    store = bootstrap.vault_store(clock)
    if store.exists(out / "vault"):
        raise UsageError(
            "{out} holds the vault of an earlier demo.",
            hint="Give another folder with --out, or delete this one first.",
            out=out,
        )
    _warn_refused(bank)
    passphrase = os.environ.pop("HIVE_PASSPHRASE", None) or secrets.token_urlsafe(24)
    loop = asyncio.get_running_loop()
    keys, _kit = await loop.run_in_executor(
        None, lambda: store.create(out / "vault", passphrase, may_be_short=True)
    )
    server = await demos.start_server(bank)
    try:
        session = await bootstrap.open_session(
            out / "vault",
            keys,
            clock=clock,
            store=store,
            browser=demos.DemoPerson(bank),
            is_demo=True,
            poll_s=demos.POLL_S,
        )
        try:
            filled = await demos.populate(
                session, bank, server.url, is_lived_in=not options.custom_user
            )
            for error in filled.errors:
                output.say_error(error)
            rendering = time.perf_counter()
            pictures = await bootstrap.render_pages(session, out)
            rendered = time.perf_counter()
            document = await _document(session)
        finally:
            await session.close()
    finally:
        await loop.run_in_executor(None, server.stop)
    document |= {
        "screenshots": [str(path) for path in pictures],
        "seconds": {
            "link": round(filled.link_s, 3),
            "sync": round(filled.sync_s, 3),
            "categorize": round(filled.categorize_s, 3),
            "render": round(rendered - rendering, 3),
            "total": round(time.perf_counter() - started, 3),
        },
    }
    return document, filled.errors


async def _document(session: VaultSession) -> dict[str, Any]:
    ledger = session.ledger
    everything = TransactionQuery()
    total = await ledger.count(everything)
    span = await ledger.history_span()
    slices = await session.reports.summary(span) if span else ()
    uncategorized = await ledger.count(TransactionQuery(uncategorized=True))
    return {
        "vault": str(session.folder),
        "items": len(await ledger.items()),
        "accounts": len(await ledger.accounts()),
        "transactions": total,
        "pending": await ledger.count(TransactionQuery(pending=True)),
        "categorized": total - uncategorized,
        "needs_review": await ledger.count(TransactionQuery(needs_review=True)),
        "spending": shapes.spending(slices),
        "chat": await _asked(session),
    }


async def _asked(session: VaultSession) -> dict[str, str]:
    """Ask the offline analyst one question, as somebody would who sees the program first."""
    reply = await session.analyst.reply(_QUESTION)
    receipts = {one.id: one for one in reply.receipts}
    return {
        "question": _QUESTION,
        "answer": rendered(reply.text, receipts, FigureWords(reply.language)),
    }


def _tell(document: dict[str, Any]) -> None:
    seconds = document["seconds"]["total"]
    output.say(
        f"{document['items']} banks, {document['accounts']} accounts, "
        f"{document['transactions']} transactions in {seconds:.1f} s."
    )
    output.say(
        f"The vault is in {document['vault']}; its passphrase was HIVE_PASSPHRASE's or is gone."
    )
    output.say("Pictures:")
    for path in document["screenshots"]:
        streams.out.write(f"{path}\n")


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise VaultUnwritableError(folder=out, reason=exc.strerror or "refused") from exc


def _warn_refused(bank: Bank) -> None:
    for row in bank.refused:
        output.say(f"Left out of {row.label}, account {row.account}, row {row.index}: {row.reason}")


def _has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
