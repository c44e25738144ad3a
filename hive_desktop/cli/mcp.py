"""`hive mcp`: an assistant asks the ledger over standard input and output.

It runs for as long as the assistant does, and owns the vault for none of that time: each call reads
beside whoever owns it. What must be written before an answer goes is written by the window that has
the vault open, or here, in the moment that it takes, where nobody has.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hive_desktop import bootstrap
from hive_desktop.cli import context, served, streams
from hive_desktop.domain.assistants import Kept, client_name
from hive_desktop.ports.errors import HiveError, UsageError, VaultBusyError
from hive_desktop.ports.handover import Command, Terminal

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from mcp.server.context import ServerRequestContext

    from hive_desktop.ports.handover import Ask
    from hive_desktop.ports.vault import VaultKeys
    from hive_desktop.services.assistants import Assistant, Told
    from hive_desktop.services.session import VaultSession

_PATIENCE_S: Final = 5.0
_AGAIN_S: Final = 0.2


def run(options: argparse.Namespace) -> int:
    """Serve one assistant until it closes its end; nothing but the protocol is on standard output.

    Raises:
        VaultLockedError: no passphrase was given, and the keychain has none.
    """
    if options.keep is not None:
        return _keep(options)
    if served.current() is not None:
        raise UsageError(
            "hive mcp runs in a process of its own, beside an open window.",
            hint="Let the assistant start it.",
        )
    store, folder = bootstrap.vault_store(bootstrap.clock_of(options.today)), _folder(options)
    keys = context.keys_of(options, store, folder)
    host = StdioHost(options, folder, keys)

    async def work() -> int:
        from hive_desktop.api.mcp import server, stdio  # noqa: PLC0415 - slow to import

        await host.settle()
        await stdio.serve(server.make(host))
        return 0

    return context.run(work)


def _keep(options: argparse.Namespace) -> int:
    """Write down what another Hive is about to tell an assistant; in the session open here."""
    if served.current() is None:
        raise UsageError("This is said by one Hive to another.", hint="Leave --keep out.")
    try:
        kept = Kept.from_text(options.keep)
    except ValueError as exc:
        raise UsageError("This cannot be read.", hint="Leave --keep out.") from exc

    async def work() -> int:
        async with context.session_of(options) as session:
            await session.assistants.keep(kept)
        return 0

    return context.run(work)


def _folder(options: argparse.Namespace) -> Path:
    return context.folder_of(options).absolute()


class StdioHost:
    """Answers the one assistant that started this process.

    Args:
        options: of the command.
        folder: the vault's, absolute.
        keys: open it.
    """

    def __init__(self, options: argparse.Namespace, folder: Path, keys: VaultKeys) -> None:
        from hive_desktop.services.assistants import assistant  # noqa: PLC0415 - see `run`

        self._folder = folder
        self._keys = keys
        self._clock = bootstrap.clock_of(options.today)
        self._store = bootstrap.vault_store(self._clock)
        self._one = assistant("", may_propose=options.allow_proposals)
        self._writing = asyncio.Lock()

    async def settle(self) -> None:
        """Open the vault once: what is wrong with it is said at the start, and it is migrated.

        Raises:
            VaultError: it cannot be opened.
        """
        try:
            session = await self._opened(read_only=False)
        except VaultBusyError:
            session = await self._opened(read_only=True)
        await session.close()

    def assistant(self, context: ServerRequestContext[Any, Any]) -> Assistant:
        """Return who asks: the one that started this process."""
        from hive_desktop.api.mcp.server import said_name  # noqa: PLC0415 - see `run`

        self._one.name = client_name(said_name(context))
        return self._one

    async def answer(self, one: Assistant, name: str, arguments: Mapping[str, Any]) -> Told:
        """Return what a call found, once that is written down.

        Raises:
            HiveError: the ledger cannot be read, or nothing can be written down: nothing is told.
        """
        session = await self._opened(read_only=True)
        try:
            told = await session.assistants.answer(one, name, arguments)
        finally:
            await session.close()
        async with self._writing:
            await self._written(told.kept)
        return told

    async def _opened(self, *, read_only: bool) -> VaultSession:
        return await bootstrap.open_session(
            self._folder, self._keys, clock=self._clock, store=self._store, read_only=read_only
        )

    async def _written(self, kept: Kept) -> None:
        """Write down what is told: here, or by the window that has the vault.

        Raises:
            VaultBusyError: a process without a window has it for too long.
        """
        ends_at = time.monotonic() + _PATIENCE_S
        while True:
            try:
                await self._written_here(kept)
            except VaultBusyError as busy:
                try:
                    await asyncio.get_running_loop().run_in_executor(
                        None, self._handed_over, kept, busy
                    )
                except VaultBusyError:  # another command has it, most of them for a moment
                    if time.monotonic() > ends_at:
                        raise VaultBusyError(
                            "Another Hive ({holder}) has this vault open, and no window.",
                            title="Nothing was told",
                            hint="End it. Or ask that one, if it is hive serve: at /mcp.",
                            holder=busy.arguments.get("holder"),
                        ) from busy
                    await asyncio.sleep(_AGAIN_S)
                    continue
            return

    async def _written_here(self, kept: Kept) -> None:
        session = await self._opened(read_only=False)
        try:
            await session.assistants.keep(kept)
        finally:
            await session.close()

    def _handed_over(self, kept: Kept, busy: VaultBusyError) -> None:
        """Have the window write it down; blocks.

        Raises:
            HiveError: it is locked, does not answer, or cannot write.
        """
        from hive_desktop.cli import handover  # noqa: PLC0415 - beside an open window only

        words = ["mcp", "--keep", kept.to_text(), "--vault", str(self._folder)]
        quiet = Command(tuple(words), Path("/"), Terminal(), frozenset(), _unsaid, _unasked)
        owned = context.OwnedElsewhereError(busy, self._folder, self._keys)
        with streams.sent(quiet):
            code = handover.run(words, owned)
        if code:
            raise HiveError(
                "The Hive that has this vault open could not write down what is told.",
                title="Nothing was told",
                hint="Look into its log file, or quit it, start it again, and ask again.",
            )


def _unsaid(_stream: int, _text: str) -> None:
    """Drop the words of a command that runs for nobody: the protocol has the standard output."""


async def _unasked(_question: Ask) -> str | None:
    return None
