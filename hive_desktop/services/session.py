"""The unlocked world: everything that hangs on an open vault, built and closed as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from hive_desktop.ports.storage import Database
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.accounts import AccountService
    from hive_desktop.services.adoption import AdoptionService
    from hive_desktop.services.ai_access import AiAccess
    from hive_desktop.services.ai_categorize import AiCategorizer
    from hive_desktop.services.bank_access import BankAccess
    from hive_desktop.services.categories import CategoryService
    from hive_desktop.services.categorize import Categorizer
    from hive_desktop.services.egress import EgressService
    from hive_desktop.services.events import EventBus
    from hive_desktop.services.inbox import InboxService
    from hive_desktop.services.journal import JournalService
    from hive_desktop.services.ledger import LedgerService
    from hive_desktop.services.linking import LinkingService
    from hive_desktop.services.news import NewsService
    from hive_desktop.services.proofs import ProofService
    from hive_desktop.services.reports import ReportService
    from hive_desktop.services.reviews import ReviewService
    from hive_desktop.services.rules import RuleService
    from hive_desktop.services.schedule import SyncScheduler
    from hive_desktop.services.settings import SettingsService
    from hive_desktop.services.sync import SyncService
    from hive_desktop.services.tasks import TaskScope
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
    categorize: Categorizer
    settings: SettingsService
    upkeep: UpkeepService
    bank: BankAccess
    egress: EgressService
    ai: AiAccess
    ai_categorize: AiCategorizer
    bus: EventBus
    scope: TaskScope
    clock: Clock
    database: Database

    async def close(self) -> None:
        """Refuse new work, end tasks, let go of the bank, drain and close the ledger."""
        try:
            await self.scope.close()
            await self.bank.close()
            await self.ai.close()
            await self.egress.close()
        finally:
            await self.database.close()
            self.bus.clear()
