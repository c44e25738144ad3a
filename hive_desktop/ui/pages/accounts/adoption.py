"""The dialog that asks whether a new connection takes the place of the one the person had."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from hive_desktop.domain.ledger import titled
from hive_desktop.i18n import tr
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.money import locale
from hive_desktop.ui.kit.states import Deck
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Icon, column, frame, label, paragraph, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

    from hive_desktop.domain.ledger import Item
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.adoption import AdoptedAccount, AdoptionPreview
    from hive_desktop.services.session import VaultSession

_WIDTH = 540


class Decision(Enum):
    """What became of a new connection."""

    LATER = auto()
    ADOPTED = auto()
    SEPARATE = auto()
    UNRELATED = auto()


class AdoptionDialog(Dialog):
    """Reads the new connection's history, shows what would be matched, and takes the decision.

    Args:
        parent: the page.
        session: the open vault's services.
        scope: owns the reading.
        item: the new connection.
    """

    def __init__(
        self, parent: QWidget, session: VaultSession, scope: aio.Scope, item: Item
    ) -> None:
        super().__init__(
            parent,
            tr("Do you have accounts of {bank} already?", bank=item.institution),
            tr(
                "Plaid gives a new connection new ids for everything. Hive can go on with the "
                "accounts that are here, so that nothing stands there twice."
            ),
            width=_WIDTH,
        )
        self._session = session
        self._item = item
        self._is_writing = False
        self.decision = Decision.LATER
        self.preview: AdoptionPreview | None = None
        self._latest = aio.Latest(scope, self._failed, "adoption")
        self._found = QWidget()
        self._found_layout = column(self._found, gap=Space.M)
        self._wait_words = paragraph("")
        self.deck = Deck(wait=_wait(self._wait_words), found=self._found, failed=QWidget())
        self.body.addWidget(self.deck)
        self.later = self.add_button(tr("Cancel"), "secondary", self.reject)
        self.later.setToolTip(tr("Decide later; the bank waits on its card"))
        self.separate = self.add_button(tr("Keep as a separate bank"), "secondary", self._separate)
        self.adopt = self.add_button(tr("Continue the old history"), "primary", self._adopt)
        self.again = self.add_button(tr("Try again"), "primary", self._read)
        self.adopt.setDefault(True)
        self._read()

    async def settled(self) -> None:
        """Wait until what was asked for is done."""
        await self._latest.settled()

    def reject(self) -> None:
        """Decide later; not in the middle of a change."""
        if not self._is_writing:
            self._latest.cancel()
            super().reject()

    def _read(self) -> None:
        self._busy(tr("Reading the new connection's history\N{HORIZONTAL ELLIPSIS}"))
        self._latest.run(self._load())

    def _adopt(self) -> None:
        self._is_writing = True
        self._busy(tr("Continuing the old history\N{HORIZONTAL ELLIPSIS}"))
        self._latest.run(self._do_adopt())

    def _separate(self) -> None:
        self._is_writing = True
        self._busy(tr("Keeping both banks\N{HORIZONTAL ELLIPSIS}"))
        self._latest.run(self._do_decline())

    async def _load(self) -> None:
        preview = await self._session.adoption.preview(self._item.id)
        if preview is None:
            self._decide(Decision.UNRELATED)
            return
        self.preview = preview
        _fill(self._found_layout, preview)
        self._offer("found")

    async def _do_adopt(self) -> None:
        await self._session.adoption.adopt(self._item.id)
        self._decide(Decision.ADOPTED)

    async def _do_decline(self) -> None:
        await self._session.adoption.decline(self._item.id)
        self._decide(Decision.SEPARATE)

    def _decide(self, decision: Decision) -> None:
        self._is_writing = False
        self.decision = decision
        self.accept()

    def _busy(self, words: str) -> None:
        self.error.hide()
        self._wait_words.setText(words)
        self.deck.show_one("wait")
        self.deck.show()
        self.again.hide()
        self.later.setEnabled(not self._is_writing)
        for button in (self.separate, self.adopt):
            button.setVisible(self.preview is not None)
            button.setEnabled(False)

    def _offer(self, shown: str) -> None:
        self.deck.show_one(shown)
        self.deck.setVisible(shown == "found")
        self.later.setEnabled(True)
        self.again.setVisible(self.preview is None)
        for button in (self.separate, self.adopt):
            button.setVisible(self.preview is not None)
            button.setEnabled(self.preview is not None)
        (self.again if self.preview is None else self.adopt).setFocus()

    def _failed(self, error: HiveError) -> None:
        self._is_writing = False
        self.error.show_error(error)
        self._offer("failed" if self.preview is None else "found")


def _fill(layout: QVBoxLayout, preview: AdoptionPreview) -> None:
    figures = row(gap=Space.M)
    for count, words in (
        (preview.new, tr("new")),
        (preview.matched, tr("matched")),
        (preview.doubtful, tr("to review")),
    ):
        figures.addWidget(_figure(count, words), 1)
    layout.addLayout(figures)
    layout.addWidget(label(tr("These accounts go on"), Type.STRONG))
    for account in preview.accounts:
        layout.addLayout(_account(account))
    by_hand = ", ".join(one.name for one in preview.accounts if one.is_by_hand)
    if by_hand:
        layout.addWidget(
            _notice(
                tr(
                    "Filled from files until now: {accounts}. What you wrote on their rows stays. "
                    "The bank tells their balances from then on, and this cannot be undone.",
                    accounts=by_hand,
                )
            )
        )
    if preview.new_accounts:
        names = ", ".join(preview.new_accounts)
        layout.addWidget(paragraph(tr("Not known before: {accounts}.", accounts=names)))
    if preview.left_accounts:
        names = ", ".join(preview.left_accounts)
        layout.addWidget(
            _notice(
                tr(
                    "Not in the new connection: {accounts}. The history stays, and no new rows "
                    "come. To keep it up to date, cancel, and connect again with every account "
                    "chosen.",
                    accounts=names,
                )
            )
        )
    if preview.ends_old:
        layout.addWidget(
            _notice(
                tr(
                    "The old connection still stands at the bank. Going on with it ends it there "
                    "first."
                )
            )
        )


def _figure(count: int, words: str) -> QFrame:
    box = frame("inset")
    box.setAccessibleName(f"{count} {words}")
    inside = column(box, gap=0, margin=Space.M)
    inside.addWidget(label(locale().toString(count), Type.HEADING, tabular=True))
    inside.addWidget(label(words, Type.SMALL, "muted"))
    return box


def _account(account: AdoptedAccount) -> QHBoxLayout:
    line = row(gap=Space.M)
    line.addWidget(Icon("check", "income", 16), 0, Qt.AlignmentFlag.AlignTop)
    words = column(gap=0)
    words.addWidget(label(titled(account.name, account.mask)))
    words.addWidget(paragraph(" · ".join(account.reasons), Type.SMALL))
    line.addLayout(words, 1)
    return line


def _notice(words: str) -> QFrame:
    box = frame("notice")
    line = row(box, gap=Space.M, margin=Space.M)
    line.addWidget(Icon("info", "accent_text", 16), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(paragraph(words, Type.SMALL, "text"), 1)
    return box


def _wait(words: QWidget) -> QWidget:
    result = QWidget()
    inside = column(result, gap=Space.S)
    inside.addWidget(words)
    bar = QProgressBar()
    bar.setRange(0, 0)
    bar.setTextVisible(False)
    bar.setAccessibleName(tr("Reading the history"))
    inside.addWidget(bar)
    return result
