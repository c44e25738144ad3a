"""The end of the setup: what holds now, and where to change it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from hive_desktop.domain.ledger import ItemState
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Icon, column, frame, label, paragraph, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QLabel

    from hive_desktop.domain.ledger import Item
    from hive_desktop.services.ai_access import AiStatus
    from hive_desktop.services.bank_access import BankAccess
    from hive_desktop.ui.page import PageContext


class DoneStep(QWidget):
    """Three facts, each with the section of the settings that changes it.

    Args:
        context: the page's own.
    """

    title = mark("Your vault is ready")
    text = mark("All of this can be changed later in Settings.")

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.error = ErrorBanner(self.open)
        self._latest = aio.Latest(context.scope, self.error.show_error, "setup-done")
        card = frame("card")
        inside = column(card, gap=Space.M, margin=Space.L)
        self.facts: list[QLabel] = []
        for place, (icon, title, where) in enumerate(_FACTS):
            if place:
                inside.addWidget(frame("line"))
            line = row(gap=Space.M)
            line.addWidget(Icon(icon, "accent_text", 20), 0, Qt.AlignmentFlag.AlignTop)
            words = column(gap=2)
            words.addWidget(label(tr(title), Type.STRONG))
            fact = paragraph(" ", tone="text")
            words.addWidget(fact)
            words.addWidget(paragraph(tr(where), Type.SMALL))
            line.addLayout(words, 1)
            inside.addLayout(line)
            self.facts.append(fact)
        layout = column(self, gap=Space.M)
        layout.addWidget(self.error)
        layout.addWidget(card)

    def open(self) -> None:
        """Look what holds."""
        self.error.hide()
        self._latest.run(self._load())

    async def settled(self) -> None:
        """Wait until it is shown."""
        await self._latest.settled()

    async def _load(self) -> None:
        session = self._context.session
        items, status = await asyncio.gather(session.ledger.items(), session.ai.status())
        told = (source_words(items, session.bank), model_words(status), tr(_KEYS_WORDS))
        for fact, words in zip(self.facts, told, strict=True):
            fact.setText(words)


_FACTS = (
    ("bank", mark("Transactions"), mark("Settings, Banks: keys, relay, and how often Hive syncs.")),
    (
        "spark",
        mark("Categories"),
        mark("Settings, AI and privacy: a model, its budget, and what is sent."),
    ),
    (
        "lock",
        mark("The vault"),
        mark("Settings, Security: passphrase, recovery kit, keychain and idle lock."),
    ),
)
_KEYS_WORDS = mark("Encrypted on this computer. Your passphrase or the recovery kit opens it.")


def source_words(items: Sequence[Item], bank: BankAccess) -> str:
    """Return where rows come from."""
    names = [one.institution for one in items if one.state is not ItemState.CLOSED]
    if len(names) == 1:
        return tr("{bank} is connected.", bank=names[0])
    if names:
        return tr_n("{count} bank is connected.", "{count} banks are connected.", len(names))
    if bank.grant is not None:
        return tr("You are signed in at a relay. Connect a bank in Accounts when you like.")
    if bank.keys_host is not None:
        return tr("Your Plaid keys are kept. Connect a bank in Accounts when you like.")
    return tr("No bank is connected, and nothing leaves this computer.")


def model_words(status: AiStatus) -> str:
    """Return who sorts rows into categories."""
    if status.profile is None:
        return tr("Hive sorts by itself, on this computer.")
    if status.is_paused:
        return tr("Hive sorts by itself; {model} is paused.", model=status.model)
    return tr("Hive sorts by itself, and asks {model} where it is not sure.", model=status.model)
