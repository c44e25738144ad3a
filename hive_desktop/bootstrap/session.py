"""Opens a vault's ledger and hangs every service on it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hive_desktop.adapters.system import (
    LoopbackCompletionPage,
    SystemBrowser,
    UnknownNetwork,
)
from hive_desktop.bootstrap import parts
from hive_desktop.bootstrap.later import later
from hive_desktop.ports.events import RelayChanged
from hive_desktop.services.accounts import AccountService
from hive_desktop.services.ai_categorize import AiCategorizer
from hive_desktop.services.bank_access import BankAccess
from hive_desktop.services.categories import CategoryService
from hive_desktop.services.egress import EgressService
from hive_desktop.services.events import EventBus
from hive_desktop.services.journal import JournalService
from hive_desktop.services.ledger import LedgerService
from hive_desktop.services.linking import LinkingService
from hive_desktop.services.news import NewsService
from hive_desktop.services.proofs import ProofService
from hive_desktop.services.reports import ReportService
from hive_desktop.services.reviews import ReviewService
from hive_desktop.services.schedule import SyncScheduler
from hive_desktop.services.session import VaultSession
from hive_desktop.services.settings import SettingsService
from hive_desktop.services.sync import SyncService
from hive_desktop.services.tasks import TaskScope
from hive_desktop.services.upkeep import UpkeepService

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from random import Random

    from hive_desktop.ports.bank import BankConnector
    from hive_desktop.ports.category_store import MerchantAnswer
    from hive_desktop.ports.relay import RelayDoor
    from hive_desktop.ports.storage import Database
    from hive_desktop.ports.system import Browser, Clock, Network
    from hive_desktop.ports.vault import VaultKeys, VaultStore
    from hive_desktop.services.adoption import AdoptionService
    from hive_desktop.services.bank_access import BankKeys
    from hive_desktop.services.categorize import Categorizer
    from hive_desktop.services.inbox import InboxService
    from hive_desktop.services.rules import RuleService


async def open_session(  # noqa: PLR0913 - every choice that a session's maker has
    folder: Path,
    keys: VaultKeys,
    *,
    clock: Clock,
    store: VaultStore,
    browser: Browser | None = None,
    network: Network | None = None,
    dice: Random | None = None,
    is_demo: bool = False,
    read_only: bool = False,
    poll_s: float = 2.0,
) -> VaultSession:
    """Open a vault's ledger and hang every service on it.

    Raises:
        VaultError: busy, damaged, too new, unwritable.
    """
    bus = EventBus()
    loop = asyncio.get_running_loop()
    database = await loop.run_in_executor(
        None, lambda: store.open_database(folder, keys, read_only=read_only, publish=bus.publish)
    )

    def connect(bank_keys: BankKeys) -> BankConnector:
        return parts.plaid(bank_keys, keys.egress, clock, folder)

    def open_door() -> RelayDoor:
        return parts.relay_door(keys.egress, clock)

    access = BankAccess(database, connect, open_door)
    access.subscribe(lambda: bus.publish(RelayChanged()))
    scope = TaskScope("session")
    categorizer = later(lambda: _categorizer(database))
    settings = SettingsService(database)

    async def answer(said: Sequence[MerchantAnswer]) -> int:
        return await categorizer.answer(said)

    sync = SyncService(database, access, categorizer, bus, scope, clock)
    network = network or UnknownNetwork()
    schedule = SyncScheduler(
        sync, access, settings, network=network, clock=clock, bus=bus, scope=scope, dice=dice
    )
    egress = EgressService(database, access.record, clock)
    ai = parts.ai_access(database, access, egress, keys.egress, clock)
    session = VaultSession(
        folder=folder,
        is_demo=is_demo,
        ledger=LedgerService(database, categorizer),
        accounts=AccountService(database),
        categories=CategoryService(database),
        reports=ReportService(database),
        sync=sync,
        schedule=schedule,
        news=NewsService(access, schedule, network=network, bus=bus, scope=scope),
        adoption=later(lambda: _adoption(database, access, categorizer, bus)),
        journal=JournalService(database, categorizer),
        reviews=ReviewService(database),
        proofs=ProofService(database),
        rules=later(lambda: _rules(database, categorizer, clock)),
        inbox=later(lambda: _inbox(database, categorizer)),
        linking=LinkingService(
            database,
            access,
            bus,
            clock=clock,
            browser=browser or SystemBrowser(),
            make_page=LoopbackCompletionPage.start,
            poll_s=poll_s,
        ),
        categorize=categorizer,
        settings=settings,
        upkeep=UpkeepService(database),
        bank=access,
        egress=egress,
        ai=ai,
        ai_categorize=AiCategorizer(database, ai, parts.redactor(keys.egress), answer, bus),
        bus=bus,
        scope=scope,
        clock=clock,
        database=database,
    )
    try:
        await settings.load()
        await access.load()
        await ai.load()
        if not read_only:
            await sync.close_cut_off()
    except BaseException:
        await session.close()
        raise
    return session


def _categorizer(database: Database) -> Categorizer:
    from hive_desktop.services.categorize import Categorizer  # noqa: PLC0415 - see `later`

    return Categorizer(database, parts.offline_model)


def _rules(database: Database, categorizer: Categorizer, clock: Clock) -> RuleService:
    from hive_desktop.services.rules import RuleService  # noqa: PLC0415 - see `later`

    return RuleService(database, categorizer, clock)


def _inbox(database: Database, categorizer: Categorizer) -> InboxService:
    from hive_desktop.services.inbox import InboxService  # noqa: PLC0415 - see `later`

    return InboxService(database, categorizer)


def _adoption(
    database: Database, access: BankAccess, categorizer: Categorizer, bus: EventBus
) -> AdoptionService:
    from hive_desktop.services.adoption import AdoptionService  # noqa: PLC0415 - see `later`

    return AdoptionService(database, access, categorizer, bus)
