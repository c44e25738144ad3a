"""The offline analyst: answers common questions from the same tools as a model, without one.

A question is understood by a grammar or it is refused; no figure is ever guessed. An answer is a
text with references (`[[r1.total]]`), in the language of the question.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hive_desktop.domain.categories import category_title
from hive_desktop.domain.days import Span
from hive_desktop.domain.figures import FigureError
from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.domain.questions import (
    NamedAccount,
    NamedCategory,
    Names,
    NotUnderstood,
    understand,
)
from hive_desktop.i18n import SOURCE_LANGUAGE, languages, tr_in
from hive_desktop.services import analyst_words
from hive_desktop.services.analyst_answers import answered
from hive_desktop.services.analyst_sheet import CannotTell
from hive_desktop.services.chat_tools import ToolInputError
from hive_desktop.services.reports import main_currency

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from hive_desktop.domain.figures import Figure
    from hive_desktop.domain.ledger import Category, CategoryId
    from hive_desktop.domain.questions import (
        Intent,
    )
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.ports.storage import Database, Reads
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.analyst_sheet import Answer
    from hive_desktop.services.chat_tools import ChatTools

_LATELY = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the analyst says.

    Attributes:
        text: Markdown with references to the receipts.
        receipts: what its figures stand on, with their ids.
        figures: those that answer the question, the most important first.
        language: of the text.
        refusal: why the question is not answered, as `NotUnderstood.reason`; None for an answer.
    """

    text: str
    receipts: tuple[Receipt, ...]
    figures: tuple[Figure, ...]
    language: str
    refusal: str | None = None


class Analyst:
    """Answers questions about the ledger without any model.

    Args:
        week_start: the first day of a week, 0 for Monday to 6 for Sunday.
    """

    def __init__(
        self, database: Database, tools: ChatTools, clock: Clock, *, week_start: int = 0
    ) -> None:
        self._database = database
        self._tools = tools
        self._clock = clock
        self._week_start = week_start
        self._known: Names | None = None

    async def reply(self, question: str, *, first: int = 1, spoken: str = SOURCE_LANGUAGE) -> Reply:
        """Answer a question, or say why not and what could be asked.

        Args:
            question: in English or German.
            first: the number of its first receipt within the session.
            spoken: the language in use, for what both languages would write so.
        """
        today = self._clock.today()

        def work(reads: Reads) -> tuple[Names, Intent | NotUnderstood]:
            known = self._names(reads)
            week = self._week_start
            return known, understand(question, known, today, week_start=week, spoken=spoken)

        names, intent = await self._database.read(work)
        if isinstance(intent, NotUnderstood):
            return self._refused(intent, names)
        try:
            receipts, answer = await self._answer(intent, names, first)
        except CannotTell as exc:
            return self._refused(NotUnderstood(exc.reason, intent.language, exc.words), names)
        except (ToolInputError, FigureError):
            return self._refused(NotUnderstood("tool", intent.language), names)
        return Reply(answer.text, tuple(receipts.values()), answer.figures, intent.language)

    async def stream(
        self, question: str, *, first: int = 1, spoken: str = SOURCE_LANGUAGE
    ) -> AsyncIterator[Reply | str]:
        """Yield the reply, then its text in pieces that never part a reference."""
        reply = await self.reply(question, first=first, spoken=spoken)
        yield reply
        for piece in analyst_words.pieces(reply.text):
            yield piece
            await asyncio.sleep(0)

    async def names(self) -> Names:
        """Return what the ledger knows by name."""
        return await self._database.read(self._names)

    async def examples(self, language: str = SOURCE_LANGUAGE) -> tuple[str, ...]:
        """Return three questions of the person's own data that can be answered."""
        return analyst_words.examples(await self.names(), language)

    def _names(self, reads: Reads) -> Names:
        """Return the names; the same ones keep what was made of them for looking names up."""
        found = names_of(reads)
        if self._known is None or self._known != found:
            self._known = found
        return self._known

    async def _answer(
        self, intent: Intent, names: Names, first: int
    ) -> tuple[Mapping[str, Receipt], Answer]:
        receipts: dict[str, Receipt] = {}
        for number, call in enumerate(intent.calls, start=first):
            found = await self._tools.run(call.tool, call.arguments)
            receipts[f"r{number}"] = replace(found, id=f"r{number}")
        return receipts, answered(intent, names, receipts)

    def _refused(self, told: NotUnderstood, names: Names) -> Reply:
        text = analyst_words.refused(told, names)
        return Reply(text, (), (), told.language, told.reason)


def _in_other_languages(category: Category) -> tuple[str, ...]:
    if category.key != category.name:
        return ()
    return tuple(tr_in(code, category.name) for code in languages())


def names_of(reads: Reads) -> Names:
    """Return what a ledger knows by name; where most was spent lately comes first."""
    accounts = reads.accounts()
    history = reads.history_span()
    main = main_currency((), [one.currency for one in accounts])
    lately = Span(history.end - _LATELY, history.end) if history else None
    top = reads.reports.top_merchants(lately, main, 3) if lately else []
    known = [one.name for one in reads.sums.merchants()]
    merchants = dict.fromkeys((*(one.name for one in top), *known))
    categories = {
        one.id: NamedCategory(one.name, one.key, category_title(one), _in_other_languages(one))
        for one in reads.categories()
        if one.kind is CategoryKind.EXPENSE and not one.is_archived
    }
    busiest = _busiest(reads, lately, main) if lately else ()
    return Names(
        tuple(categories.values()),
        tuple(merchants),
        tuple(
            NamedAccount(one.name, one.type, one.subtype or "", one.institution, one.is_owed)
            for one in accounts
        ),
        history.start if history else None,
        history.end if history else None,
        main,
        next((categories[one] for one in busiest if one in categories), None),
    )


def _busiest(reads: Reads, span: Span, currency: str) -> list[CategoryId]:
    """Return the categories in which money was spent in a span, the largest sum first."""
    spent: Counter[CategoryId] = Counter()
    for one in reads.reports.by_month(span):
        if one.category_id is not None and one.currency == currency:
            spent[one.category_id] += one.out_minor - one.in_minor
    return [category for category, minor in spent.most_common() if minor > 0]
