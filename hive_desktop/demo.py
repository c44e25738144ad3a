"""The main job over the simulated bank: start it, link its banks, sync them, label the rows.

`hive demo` and the window's "Open the demo" both run it. The bank's page is visited by
`DemoPerson`, who does what a person does in the browser; everything else is the program itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hive_desktop import bootstrap
from hive_desktop.i18n import mark, tr
from hive_desktop.ports.errors import EnvironmentFaultError, UsageError
from hive_desktop.services.bank_access import BankKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ports.system import Browser, Clock, Network
    from hive_desktop.sandbox.bank import Bank
    from hive_desktop.sandbox.custom_user import CustomUser
    from hive_desktop.sandbox.server import SandboxServer
    from hive_desktop.services.session import VaultSession

# The demo's bank answers as a bank does: at first nothing, then 30 days, then the rest.
_INITIAL_AFTER_S, _HISTORY_AFTER_S = 0.2, 0.6
POLL_S = 0.1
# Where the bank of a demo that repeats listens, if that is free.
_PORT = 47_190


class DemoPerson:
    """A `Browser` port that signs in at the sandbox bank's page for the next bank of its list."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._wanted = list(bank.institution_ids)

    def open(self, url: str) -> bool:
        """Choose the next bank and sign in; the link token is the last part of the address."""
        self._bank.complete_link(urlsplit(url).path.rsplit("/", 1)[-1], self._wanted.pop(0))
        return True


class DemoThenBrowser:
    """Lets the demo's person link the household, and the real browser whatever comes after."""

    def __init__(self, person: DemoPerson, browser: Browser) -> None:
        self.is_over = False
        self._person = person
        self._browser = browser

    def open(self, url: str) -> bool:
        """Show the page to whoever is in charge."""
        return (self._browser if self.is_over else self._person).open(url)


@dataclass(frozen=True, slots=True)
class Populated:
    """What filling a vault from the bank did, with the seconds that each part took."""

    items: tuple[ItemId, ...]
    categorized: int
    errors: tuple[HiveError, ...]
    link_s: float
    sync_s: float
    categorize_s: float


def household(
    *,
    seed: int = 7,
    today: date | None = None,
    custom_users: Sequence[Path] = (),
    answers_at_once: bool = False,
) -> Bank:
    """Return the demo's own household bank, or one that holds these custom users and nothing else.

    Args:
        seed: gives every id, token and amount.
        today: the bank's day; None for the machine's.
        custom_users: files that describe other households.
        answers_at_once: all history is there from the first request.

    Raises:
        UsageError: a file cannot be read, or is no custom user.
    """
    from hive_desktop.sandbox.bank import (  # noqa: PLC0415 - the server is needed on demand only
        BankOptions,
        custom_bank,
        household_bank,
    )

    initial, history = (0.0, 0.0) if answers_at_once else (_INITIAL_AFTER_S, _HISTORY_AFTER_S)
    options = BankOptions(initial_after=initial, history_after=history)
    if not custom_users:
        return household_bank(seed=seed, today=today, options=options)
    users = [_custom_user(path) for path in custom_users]
    return custom_bank(users, seed=seed, today=today, options=options)


def _custom_user(path: Path) -> CustomUser:
    from hive_desktop.sandbox.custom_user import (  # noqa: PLC0415 - as above
        CustomUserError,
        load_custom_user,
    )

    try:
        return load_custom_user(path.read_text(encoding="utf-8"), label=path.name)
    except (OSError, UnicodeDecodeError) as exc:
        reason = getattr(exc, "strerror", None) or mark("it is not text")
        raise UsageError("{file} cannot be read: {reason}.", file=path, reason=reason) from exc
    except CustomUserError as exc:
        raise UsageError(
            "{file} is not a custom user: {reason}.", file=path.name, reason=exc
        ) from exc


async def start_server(bank: Bank, port: int = 0) -> SandboxServer:
    """Start the bank's server on loopback without holding up the loop."""
    from hive_desktop.sandbox.server import SandboxServer  # noqa: PLC0415 - on demand

    server = SandboxServer(bank, port=port)
    try:
        await asyncio.get_running_loop().run_in_executor(None, server.start)
    except OSError as exc:
        raise port_busy(port, exc) from exc
    return server


def port_busy(port: int, exc: OSError) -> EnvironmentFaultError:
    """Return what to tell a person when the bank's port cannot be had."""
    return EnvironmentFaultError(
        "The sandbox bank cannot listen on port {port}: {reason}.",
        title="The port is taken",
        hint="Choose another port with --port, or leave it out for a free one.",
        port=port,
        reason=exc.strerror or "refused",
    )


async def populate(
    session: VaultSession,
    bank: Bank,
    url: str,
    on_step: Callable[[str], None] = lambda _: None,
    *,
    one_by_one: bool = False,
    is_lived_in: bool = False,
) -> Populated:
    """Link every bank of the household, sync until all history is there, and label the rows.

    Args:
        session: the open vault's services.
        bank: the household's banks.
        url: where they listen.
        on_step: hears what is done.
        one_by_one: no bank is asked while another is.
        is_lived_in: leave a rule behind, as somebody who uses the program would.
    """
    keys = BankKeys(url, bank.options.client_id, bank.options.secret)
    await session.bank.configure(keys)
    started = time.perf_counter()
    items: list[ItemId] = []
    count = len(bank.institution_ids)
    for _ in bank.institution_ids:
        items += await session.linking.connect()
        on_step(tr("Linked {linked} of {banks} banks", linked=len(items), banks=count))
    linked = time.perf_counter()
    on_step(tr("Syncing two years of transactions"))
    groups = [[item] for item in items] if one_by_one else [items]
    results = [
        each for group in groups for each in await session.sync.settle(group, timeout_s=60.0)
    ]
    synced = time.perf_counter()
    on_step(tr("Sorting into categories"))
    categorized = await session.categorize.run()
    if is_lived_in:
        await _live_in(session)
    return Populated(
        tuple(items),
        categorized,
        tuple(result.error for result in results if result.error is not None),
        linked - started,
        synced - linked,
        time.perf_counter() - synced,
    )


async def _live_in(session: VaultSession) -> None:
    """Make a rule of the demo household's own."""
    from hive_desktop.domain.rules import Actions  # noqa: PLC0415 - its patterns' library

    categories = {one.name: one.id for one in await session.ledger.categories()}
    drafted = session.rules.draft(
        "name contains costco and amount between 0 60",
        Actions(categories["Food & Dining"], tags=("groceries",)),
        name=tr("Small shopping at Costco"),
    )
    await session.rules.apply(await session.rules.put(drafted))


class WindowDemo:
    """Implements `services.lifecycle.DemoHost`: bank and vault last as long as the visit.

    Args:
        clock: of the session.
        make_bank: gives the bank; the demo's own household when not given.
        network: what the session knows of the network; nothing when not given.
        repeats: everything is asked in the same order and at the same address, and the next sync
            comes at the same moment, whenever the demo is opened.
    """

    def __init__(
        self,
        clock: Clock,
        make_bank: Callable[[], Bank] | None = None,
        *,
        network: Network | None = None,
        repeats: bool = False,
    ) -> None:
        self._clock = clock
        self._network = network
        self._repeats = repeats
        self._make_bank = make_bank or household
        self._server: SandboxServer | None = None
        self._folder: Path | None = None

    async def open(self, on_step: Callable[[str], None]) -> VaultSession:
        """Start the bank, make and link the vault, and sync it."""
        on_step(tr("Starting the sandbox bank"))
        loop = asyncio.get_running_loop()
        bank = await loop.run_in_executor(None, self._make_bank)
        try:
            self._server = await start_server(bank, _PORT if self._repeats else 0)
        except EnvironmentFaultError:
            self._server = await start_server(bank)
        self._folder = Path(tempfile.mkdtemp(prefix="hive-demo-"))
        store = bootstrap.vault_store(self._clock)
        on_step(tr("Making an encrypted vault"))
        keys, _kit = await loop.run_in_executor(
            None, store.create, self._folder / "vault", secrets.token_urlsafe(24)
        )
        browser = DemoThenBrowser(DemoPerson(bank), bootstrap.browser())
        session = await bootstrap.open_session(
            self._folder / "vault",
            keys,
            clock=self._clock,
            store=store,
            browser=browser,
            network=self._network,
            dice=Random(1) if self._repeats else None,  # noqa: S311 - spreads load, no secret
            is_demo=True,
            poll_s=POLL_S,
        )
        session.egress.keep(session.scope)
        try:
            await populate(
                session,
                bank,
                self._server.url,
                on_step,
                one_by_one=self._repeats,
                is_lived_in=True,
            )
        except BaseException:
            await session.close()
            raise
        browser.is_over = True
        await session.schedule.start(at_unlock=False)
        return session

    async def close(self) -> None:
        """Stop the bank and delete the vault."""
        server, self._server = self._server, None
        folder, self._folder = self._folder, None
        loop = asyncio.get_running_loop()
        if server is not None:
            await loop.run_in_executor(None, server.stop)
        if folder is not None:
            with contextlib.suppress(OSError):
                await loop.run_in_executor(None, shutil.rmtree, folder)
