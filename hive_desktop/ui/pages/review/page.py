"""The Review page: merchants that want a category, open questions, and the way back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ui.card_page import DOWN, UP, CardPage, Cards
from hive_desktop.ui.exporting.rows import RowExport
from hive_desktop.ui.kit.money import are_hidden
from hive_desktop.ui.kit.states import EmptyState
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import clear, column, label, paragraph
from hive_desktop.ui.kit.wording import number
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.review import words
from hive_desktop.ui.pages.review.cards import AnsweredCard, QuestionCard
from hive_desktop.ui.pages.review.kept import KeptCard
from hive_desktop.ui.pages.review.sorting import SortingSection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.reviews import Review
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext
    from hive_desktop.ui.pages.review.sort_card import SortCard

_CARDS = 30
_ANSWERED = 20
# What a statement takes as parameters with room to spare; nobody has so many questions.
_MOST_ASKED = 20_000


class ReviewPage(CardPage):
    """What is only probable waits here; nothing is done until it is answered."""

    keys = (
        ("Up Down", mark("Previous and next question")),
        ("Return", mark("Accept the category that is proposed")),
        ("Space", mark("Skip this merchant for now")),
        ("U", mark("Undo the last decision")),
        ("A", mark("Make a rule of the choice")),
        ("M", mark("Merge or pair the two rows")),
        ("K", mark("Keep the two rows apart")),
    )

    def __init__(self, context: PageContext) -> None:
        cards = Cards(
            load=self._load,
            stops=self._places,
            empty=EmptyState(
                "inbox",
                tr("Nothing to review"),
                tr(
                    "When Hive is not sure of a category, or two rows may be one payment or a "
                    "transfer, it asks here instead of guessing."
                ),
                tr("Show transactions"),
                lambda: self.context.go.show_page(PageName.TRANSACTIONS),
            ),
            keys={
                "M": lambda: self._answer_current(accepted=True),
                "K": lambda: self._answer_current(accepted=False),
            },
            hint=tr("{up} {down} move  ·  M merges or pairs  ·  K keeps apart", up=UP, down=DOWN),
        )
        super().__init__(context, tr("Review"), cards)
        self._answering = False
        self.cards: list[QuestionCard] = []
        self._asked: tuple[Review, ...] = ()
        self._unsorted = 0
        self.export = RowExport(
            self,
            self._unsure_rows,
            self._failed,
            tr("Export the transactions that want a category"),
        )
        self.export_asked = RowExport(
            self, self._asked_rows, self._failed, tr("Export the transactions of these questions")
        )
        self.answered = AnsweredCard()
        self.kept = KeptCard()
        self.sorting = SortingSection(context, self.reload, self._failed)
        self._list = column(gap=Space.M)
        self._more = paragraph("", Type.SMALL)
        self._answered_title = label(tr("Answered"), Type.STRONG)
        self._answered_place = column(gap=0)
        self._build()
        self._begin(Kind.REVIEWS, Kind.TRANSACTIONS, Kind.CATEGORIES)

    def tools(self) -> list[QWidget]:
        """Return the button that exports the rows that want a category."""
        return [self.export.button]

    def ask_export(self) -> None:
        """Ask where rows are written: of the questions from one of them, else the unsure ones."""
        is_asked = isinstance(self._card_at_hand(), QuestionCard)
        (self.export_asked if is_asked else self.export).ask()

    def answer(self, review: Review, accepted: bool) -> None:  # noqa: FBT001 - a card's call-back
        """Take an answer; a second one has to wait for the first."""
        if not self._answering:
            self._answering = True
            self._spawn(self._answer(review, accepted=accepted), "answer")

    def _failed(self, error: HiveError) -> None:
        """Say it, and wait no longer for what did not come."""
        super()._failed(error)
        self.sorting.give_up()

    def take_back(self, review_id: bytes) -> None:
        """Undo an answer."""
        self._spawn(self._take_back(review_id), "take-back")

    def _build(self) -> None:
        layout = self._cards_layout
        layout.addWidget(self.sorting)
        layout.addSpacing(Space.S)
        head = self._head()
        head.addWidget(self.export_asked.button)
        layout.addLayout(head)
        layout.addLayout(self._list)
        layout.addWidget(self._more)
        layout.addSpacing(Space.S)
        layout.addWidget(self._answered_title)
        self._answered_place.addWidget(self.answered)
        layout.addLayout(self._answered_place)
        layout.addSpacing(Space.S)
        layout.addWidget(self.kept)
        layout.addStretch(1)

    async def _load(self) -> None:
        reviews = self.context.session.reviews
        waiting, decided, records = await asyncio.gather(
            reviews.waiting(),
            reviews.decided(limit=_ANSWERED),
            self.context.session.inbox.records(),
        )
        at, had_merchant = self._current(), self.sorting.has_card()
        self._unsorted = unsorted = await self.sorting.load()
        self.export.button.setEnabled(unsorted > 0)
        if at > 0:
            at += self.sorting.has_card() - had_merchant
        self.error.hide()
        self._show_waiting(waiting)
        self._show_answered(decided)
        self.kept.show_records(records)
        has_any = bool(unsorted or waiting or decided or records)
        self.stack.show_one("cards" if has_any else "empty")
        if at >= 0 or self.hasFocus():
            self._focus(max(at, 0))

    def _show_waiting(self, waiting: Sequence[Review]) -> None:
        known = {(card.review, card.hides_amounts): card for card in self.cards}
        self.cards = []
        for place, review in enumerate(waiting[:_CARDS]):
            card = known.pop((review, are_hidden()), None) or QuestionCard(review, self.answer)
            self._list.insertWidget(place, card)
            self.cards.append(card)
        for card in known.values():
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._asked, count = tuple(waiting), len(waiting)
        self.export_asked.button.setVisible(count > 0)
        words_ = tr_n(
            "{count_text} question", "{count_text} questions", count, count_text=number(count)
        )
        self._show_count(words_, has_any=count > 0)
        rest = count - len(self.cards)
        self._more.setText(
            tr_n(
                "{count_text} more follow when these are answered.",
                "{count_text} more follow when these are answered.",
                rest,
                count_text=number(rest),
            )
        )
        self._more.setVisible(rest > 0)

    def _show_answered(self, decided: Sequence[Review]) -> None:
        clear(self._answered_place)
        self.answered = AnsweredCard()
        now = self.context.session.clock.now()
        for review in decided:
            self.answered.add(
                review,
                words.answered(review, now),
                lambda review=review: self.take_back(review.id),  # type: ignore[misc]
            )
        self._answered_place.addWidget(self.answered)
        for widget in (self.answered, self._answered_title):
            widget.setVisible(bool(decided))

    def _places(self) -> list[SortCard | QuestionCard]:
        """Return what the arrow keys walk over, from top to bottom."""
        first = [self.sorting.card] if self.sorting.has_card() else []
        return [*first, *self.cards]

    def _answer_current(self, *, accepted: bool) -> None:
        card = self._card_at_hand()
        if isinstance(card, QuestionCard):
            self.answer(card.review, accepted)

    def _card_at_hand(self) -> SortCard | QuestionCard | None:
        current = self._current()
        return self._places()[current] if current >= 0 else None

    def _unsure_rows(self) -> TransactionQuery | None:
        return TransactionQuery(needs_review=True) if self._unsorted else None

    def _asked_rows(self) -> TransactionQuery | None:
        sides = (side for review in self._asked for side in (review.first, review.second))
        ids = tuple(dict.fromkeys(side.id for side in sides if not side.is_gone))[:_MOST_ASKED]
        return TransactionQuery(ids=ids) if ids else None

    async def _answer(self, review: Review, *, accepted: bool) -> None:
        reviews = self.context.session.reviews
        try:
            await (reviews.accept(review.id) if accepted else reviews.refuse(review.id))
        finally:
            self._answering = False
        wording = words.WORDING[review.kind]
        self.context.notices.show_message(
            tr(wording.accepted if accepted else wording.refused),
            tr("Undo"),
            lambda: self.take_back(review.id),
        )
        self.reload()

    async def _take_back(self, review_id: bytes) -> None:
        await self.context.session.reviews.take_back(review_id)
        self.context.notices.show_message(tr("Asked again"))
        self.reload()
