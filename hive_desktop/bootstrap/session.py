"""Opens a vault's ledger and hangs every service on it."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from hive_desktop.adapters.system import (
    LoopbackCompletionPage,
    SystemBrowser,
    UnknownNetwork,
)
from hive_desktop.bootstrap import parts
from hive_desktop.bootstrap.later import later
from hive_desktop.ports.errors import RelayWaitsError, VaultError
from hive_desktop.ports.events import RelayChanged
from hive_desktop.services.accounts import AccountService
from hive_desktop.services.ai_categorize import AiCategorizer
from hive_desktop.services.backups import BackupService
from hive_desktop.services.bank_access import BankAccess
from hive_desktop.services.categories import CategoryService
from hive_desktop.services.chat_voices import Voices
from hive_desktop.services.egress import EgressService
from hive_desktop.services.events import EventBus
from hive_desktop.services.folding import Folding
from hive_desktop.services.journal import JournalService
from hive_desktop.services.ledger import LedgerService
from hive_desktop.services.linking import LinkingService
from hive_desktop.services.news import NewsService
from hive_desktop.services.notices import NoticeService
from hive_desktop.services.proofs import ProofService
from hive_desktop.services.reports import ReportService
from hive_desktop.services.reviews import ReviewService
from hive_desktop.services.schedule import SyncScheduler
from hive_desktop.services.session import VaultSession
from hive_desktop.services.settings import SettingsService
from hive_desktop.services.stoppable import stoppable
from hive_desktop.services.sync import SyncService
from hive_desktop.services.tasks import TaskScope
from hive_desktop.services.upkeep import UpkeepService

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from random import Random

    from hive_desktop.domain.redaction import Redactor
    from hive_desktop.ports.backups import Heard
    from hive_desktop.ports.bank import BankConnector
    from hive_desktop.ports.category_store import MerchantAnswer
    from hive_desktop.ports.diagnostics import Web
    from hive_desktop.ports.local_api import ApiServer
    from hive_desktop.ports.relay import RelayDoor
    from hive_desktop.ports.storage import Database
    from hive_desktop.ports.system import Browser, Clock, Network
    from hive_desktop.ports.vault import VaultKeys, VaultStore
    from hive_desktop.services.adoption import AdoptionService
    from hive_desktop.services.ai_access import AiAccess
    from hive_desktop.services.analyst import Analyst
    from hive_desktop.services.api_clients import ApiClients
    from hive_desktop.services.assistants import Assistants
    from hive_desktop.services.bank_access import BankKeys
    from hive_desktop.services.categorize import Categorizer
    from hive_desktop.services.chat import ChatService
    from hive_desktop.services.chat_context import ContextReader
    from hive_desktop.services.chat_desk import ChatDesk
    from hive_desktop.services.chat_proposals import Proposals
    from hive_desktop.services.chat_tools import ChatTools
    from hive_desktop.services.deleted_chats import DeletedChats
    from hive_desktop.services.diagnostics import DiagnosticsService
    from hive_desktop.services.exporting import ExportService
    from hive_desktop.services.importing import Importing
    from hive_desktop.services.inbox import InboxService
    from hive_desktop.services.local_api import LocalApi
    from hive_desktop.services.rules import RuleService
    from hive_desktop.services.updates import UpdateService


_log = logging.getLogger(__name__)


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
    heard: Heard | None = None,
) -> VaultSession:
    """Open a vault's ledger and hang every service on it.

    `heard` is told, on the loop's thread, how far a migration and the backup before it are.

    Raises:
        VaultError: busy, damaged, too new, unwritable.
    """
    bus = EventBus()
    database = await stoppable(
        lambda told: store.open_database(
            folder, keys, read_only=read_only, publish=bus.publish, heard=told
        ),
        heard,
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
    egress = EgressService(database, access.record, clock, parts.digest(keys.egress))
    ai = parts.ai_access(database, access, egress, keys.egress, clock)
    redactor = parts.redactor(keys.egress)
    reader = later(lambda: _chat_reader(database, clock, redactor))
    chat = later(lambda: _chat(database, ai, reader, clock))
    analyst = later(lambda: _analyst(database, clock))
    ledger = LedgerService(database, categorizer, clock)
    rules = later(lambda: _rules(database, categorizer, clock))
    proposals = later(lambda: _proposals(database, ledger, rules))
    desk = later(lambda: _chat_desk(database, voices, proposals, scope, clock))
    clients = later(lambda: _api_clients(database, clock))
    voices = Voices(ai, chat, analyst, reader)
    web = later(lambda: _web(keys, clock, egress))
    session = VaultSession(
        folder=folder,
        is_demo=is_demo,
        ledger=ledger,
        accounts=AccountService(database),
        categories=CategoryService(database),
        reports=ReportService(database, bus),
        sync=sync,
        schedule=schedule,
        news=NewsService(access, schedule, network=network, bus=bus, scope=scope),
        adoption=later(lambda: _adoption(database, access, categorizer, bus)),
        journal=JournalService(database, categorizer),
        reviews=ReviewService(database),
        proofs=ProofService(database),
        rules=rules,
        inbox=later(lambda: _inbox(database, categorizer)),
        importing=later(lambda: _importing(database, categorizer, clock)),
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
        chat_tools=later(lambda: _chat_tools(database, clock)),
        analyst=analyst,
        chat=chat,
        chat_desk=desk,
        deleted_chats=later(lambda: _deleted_chats(desk, bus)),
        settings=settings,
        upkeep=UpkeepService(database),
        diagnostics=later(
            lambda: _diagnostics(
                (database, store, folder, keys, clock),
                access=access,
                web=None if read_only else web,
                network=network,
                waits=lambda: session.folding is not None and session.folding.refused is not None,
            )
        ),
        updates=later(lambda: _updates(web, settings, bus, clock)),
        notices=NoticeService(database, settings, bus, clock, scope),
        backups=BackupService(
            store.backups, folder, keys, settings, bus, clock, is_read_only=read_only
        ),
        exports=later(lambda: _exports(store, folder, keys, clock)),
        bank=access,
        egress=egress,
        api_clients=clients,
        local_api=later(lambda: _local_api(session, clients)),
        assistants=later(lambda: _assistants(database, clock, reader, egress)),
        ai=ai,
        ai_categorize=AiCategorizer(database, ai, redactor, answer, bus),
        bus=bus,
        scope=scope,
        clock=clock,
        database=database,
        folding=Folding(
            parts.inboxes(),
            parts.body_reader(),
            database,
            sync,
            bus,
            folder=folder,
            keys=keys,
        ),
    )
    try:
        await settings.load()
        may_speak = not read_only and await _taken_up(session)
        await access.load(read_only=not may_speak)
        await ai.load()
        if not read_only:
            await sync.close_cut_off()
    except BaseException:
        await session.close()
        raise
    return session


async def _taken_up(session: VaultSession) -> bool:
    """Store what came while the vault was locked; False where the disk refuses that.

    The vault opens all the same, without its relay: the sign-in that it has may be spent, and one
    that is used twice is taken for stolen. The inbox stays for the next opening.
    """
    if session.folding is not None:
        try:
            await session.folding.take_up()
        except VaultError as error:
            _log.warning("what came while locked waits: %s", type(error).__name__)
            session.folding.refused = RelayWaitsError()
            session.folding.refused.__cause__ = error
            return False
    return True


def _web(keys: VaultKeys, clock: Clock, egress: EgressService) -> Web:
    from hive_desktop.bootstrap import diagnosing  # noqa: PLC0415 - see `later`

    return diagnosing.web(keys, clock, egress)


def _diagnostics(
    vault: tuple[Database, VaultStore, Path, VaultKeys, Clock],
    *,
    access: BankAccess,
    web: Web | None,
    network: Network,
    waits: Callable[[], bool],
) -> DiagnosticsService:
    from hive_desktop.bootstrap import diagnosing  # noqa: PLC0415 - see `later`

    _, _, folder, _, clock = vault
    return diagnosing.over_session(
        replace(diagnosing.opened(*vault), waits=waits),
        folder,
        clock,
        access=access,
        asks=web,
        network=network,
    )


def _updates(web: Web, settings: SettingsService, bus: EventBus, clock: Clock) -> UpdateService:
    from hive_desktop.bootstrap import diagnosing  # noqa: PLC0415 - see `later`

    return diagnosing.updates(web, settings, bus, clock)


def _exports(store: VaultStore, folder: Path, keys: VaultKeys, clock: Clock) -> ExportService:
    from hive_desktop.services.exporting import ExportService  # noqa: PLC0415 - see `later`

    return ExportService(store.exports, folder, keys, parts.export_writers, clock)


def _api_clients(database: Database, clock: Clock) -> ApiClients:
    from hive_desktop.services.api_clients import ApiClients  # noqa: PLC0415 - see `later`

    return ApiClients(database, clock)


def _assistants(
    database: Database, clock: Clock, reader: ContextReader, egress: EgressService
) -> Assistants:
    from hive_desktop.services.assistants import Assistants  # noqa: PLC0415 - see `later`

    return Assistants(database, _chat_tools(database, clock), reader, egress, clock)


def _local_api(session: VaultSession, clients: ApiClients) -> LocalApi:
    from hive_desktop.services.local_api import LocalApi  # noqa: PLC0415 - see `later`

    def make() -> ApiServer:
        from hive_desktop.api.server import ApiServer  # noqa: PLC0415 - a server, where it is wanted

        return ApiServer(session)

    return LocalApi(session.settings, clients, session.egress, session.bus, session.scope, make)


def _categorizer(database: Database) -> Categorizer:
    from hive_desktop.services.categorize import Categorizer  # noqa: PLC0415 - see `later`

    return Categorizer(database, parts.offline_model)


def _chat_tools(database: Database, clock: Clock) -> ChatTools:
    from hive_desktop.services.chat_tools import ChatTools  # noqa: PLC0415 - see `later`

    return ChatTools(database, clock)


def _analyst(database: Database, clock: Clock) -> Analyst:
    from hive_desktop.services.analyst import Analyst  # noqa: PLC0415 - see `later`

    return Analyst(database, _chat_tools(database, clock), clock)


def _chat_reader(
    database: Database, clock: Clock, redactor: Callable[[], Redactor]
) -> ContextReader:
    from hive_desktop.services.chat_context import ContextReader  # noqa: PLC0415 - see `later`

    return ContextReader(database, clock, redactor)


def _chat_desk(
    database: Database, voices: Voices, proposals: Proposals, scope: TaskScope, clock: Clock
) -> ChatDesk:
    from hive_desktop.services.chat_desk import ChatDesk  # noqa: PLC0415 - see `later`

    return ChatDesk(database, voices, proposals, scope, clock)


def _deleted_chats(desk: ChatDesk, bus: EventBus) -> DeletedChats:
    from hive_desktop.services.deleted_chats import DeletedChats  # noqa: PLC0415 - see `later`

    return DeletedChats(desk, bus)


def _proposals(database: Database, ledger: LedgerService, rules: RuleService) -> Proposals:
    from hive_desktop.services.chat_proposals import Proposals  # noqa: PLC0415 - see `later`

    return Proposals(database, ledger, rules)


def _chat(database: Database, ai: AiAccess, reader: ContextReader, clock: Clock) -> ChatService:
    from hive_desktop.services.chat import ChatService  # noqa: PLC0415 - see `later`

    return ChatService(_chat_tools(database, clock), ai.chat, reader, clock)


def _rules(database: Database, categorizer: Categorizer, clock: Clock) -> RuleService:
    from hive_desktop.services.rules import RuleService  # noqa: PLC0415 - see `later`

    return RuleService(database, categorizer, clock)


def _inbox(database: Database, categorizer: Categorizer) -> InboxService:
    from hive_desktop.services.inbox import InboxService  # noqa: PLC0415 - see `later`

    return InboxService(database, categorizer)


def _importing(database: Database, categorizer: Categorizer, clock: Clock) -> Importing:
    from hive_desktop.services.importing import Importing  # noqa: PLC0415 - see `later`

    return Importing(database, parts.file_reader(), categorizer, clock)


def _adoption(
    database: Database, access: BankAccess, categorizer: Categorizer, bus: EventBus
) -> AdoptionService:
    from hive_desktop.services.adoption import AdoptionService  # noqa: PLC0415 - see `later`

    return AdoptionService(database, access, categorizer, bus)
