"""The unlocked world: everything that hangs on an open vault, built and closed as one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.ports.errors import VaultError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from hive_desktop.ports.storage import Database
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.accounts import AccountService
    from hive_desktop.services.adoption import AdoptionService
    from hive_desktop.services.ai_access import AiAccess
    from hive_desktop.services.ai_categorize import AiCategorizer
    from hive_desktop.services.analyst import Analyst
    from hive_desktop.services.api_clients import ApiClients
    from hive_desktop.services.assistants import Assistants
    from hive_desktop.services.backups import BackupService
    from hive_desktop.services.bank_access import BankAccess
    from hive_desktop.services.categories import CategoryService
    from hive_desktop.services.categorize import Categorizer
    from hive_desktop.services.chat import ChatService
    from hive_desktop.services.chat_desk import ChatDesk
    from hive_desktop.services.chat_tools import ChatTools
    from hive_desktop.services.deleted_chats import DeletedChats
    from hive_desktop.services.diagnostics import DiagnosticsService
    from hive_desktop.services.egress import EgressService
    from hive_desktop.services.events import EventBus
    from hive_desktop.services.exporting import ExportService
    from hive_desktop.services.folding import Folding
    from hive_desktop.services.importing import Importing
    from hive_desktop.services.inbox import InboxService
    from hive_desktop.services.journal import JournalService
    from hive_desktop.services.ledger import LedgerService
    from hive_desktop.services.linking import LinkingService
    from hive_desktop.services.local_api import LocalApi
    from hive_desktop.services.news import NewsService
    from hive_desktop.services.notices import NoticeService
    from hive_desktop.services.proofs import ProofService
    from hive_desktop.services.reports import ReportService
    from hive_desktop.services.reviews import ReviewService
    from hive_desktop.services.rules import RuleService
    from hive_desktop.services.schedule import SyncScheduler
    from hive_desktop.services.settings import SettingsService
    from hive_desktop.services.sync import SyncService
    from hive_desktop.services.tasks import TaskScope
    from hive_desktop.services.updates import UpdateService
    from hive_desktop.services.upkeep import UpkeepService


@dataclass(frozen=True, slots=True, eq=False)
class VaultSession:
    """The services of one open vault."""

    folder: Path
    is_demo: bool
    ledger: LedgerService
    accounts: AccountService
    categories: CategoryService
    reports: ReportService
    sync: SyncService
    schedule: SyncScheduler
    news: NewsService
    linking: LinkingService
    adoption: AdoptionService
    journal: JournalService
    reviews: ReviewService
    proofs: ProofService
    rules: RuleService
    inbox: InboxService
    importing: Importing
    categorize: Categorizer
    chat_tools: ChatTools
    analyst: Analyst
    chat: ChatService
    chat_desk: ChatDesk
    deleted_chats: DeletedChats
    settings: SettingsService
    upkeep: UpkeepService
    diagnostics: DiagnosticsService
    updates: UpdateService
    notices: NoticeService
    backups: BackupService
    exports: ExportService
    bank: BankAccess
    egress: EgressService
    api_clients: ApiClients
    local_api: LocalApi
    assistants: Assistants
    ai: AiAccess
    ai_categorize: AiCategorizer
    bus: EventBus
    scope: TaskScope
    clock: Clock
    database: Database
    folding: Folding | None = None

    async def close(self, leave: Callable[[], Awaitable[None]] | None = None) -> None:
        """Refuse new work, end tasks, let go of the bank, drain and close the ledger.

        `leave` is the last that is done with the ledger; where that fails it is left out.
        """
        try:
            await self.scope.close()
            await self.bank.close()
            await self.ai.close()
            await self.egress.close()
            if leave is not None:
                with suppress(VaultError):
                    await leave()
        finally:
            await self.database.close()
            self.bus.clear()
