"""`hive chat`: one question about the ledger, answered in the terminal."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from hive_desktop.cli import context, output, streams
from hive_desktop.domain import recipes
from hive_desktop.domain.figures import FigureError, FigureWords, written
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.receipts import CellKind
from hive_desktop.domain.references import cited, found_in
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from hive_desktop.domain.figures import Figure
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.domain.recipes import Number
    from hive_desktop.services.analyst import Reply
    from hive_desktop.services.session import VaultSession

OFFLINE = "offline"


def chat(options: argparse.Namespace) -> int:
    """Ask one question; the offline analyst answers it, without any model or network.

    Returns 1 where it does not understand the question.
    """
    question = question_of(options)

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            if options.json:
                reply = await session.analyst.reply(question)
                output.print_json(await document(session, reply))
                return int(reply.refusal is not None)
            is_refused = False
            receipts: dict[str, Receipt] = {}
            words = FigureWords()
            async for part in session.analyst.stream(question):
                if isinstance(part, str):
                    streams.out.write(output.printable_lines(rendered(part, receipts, words)))
                    streams.out.flush()
                else:
                    is_refused = part.refusal is not None
                    receipts = {one.id: one for one in part.receipts}
                    words = FigureWords(part.language)
            streams.out.write("\n")
            _say_notes(receipts)
        return int(is_refused)

    return context.run(work)


def question_of(options: argparse.Namespace) -> str:
    """Return what is asked, in one line; raises UsageError where that is nothing."""
    question = " ".join(options.question.split())
    if not question:
        raise UsageError(
            "There is no question.",
            hint='Ask like this: hive chat "How much did I spend last month?"',
        )
    return question


def _say_notes(receipts: Mapping[str, Receipt]) -> None:
    notes = dict.fromkeys(note for one in receipts.values() for note in one.notes)
    for note in notes:
        output.say(output.printable(note))


async def document(session: VaultSession, reply: Reply) -> dict[str, Any]:
    """Return a reply as `hive chat --json` prints it."""
    receipts = {one.id: one for one in reply.receipts}
    words = FigureWords(reply.language)
    return {
        "answer": rendered(reply.text, receipts, words),
        "refusal": reply.refusal,
        "figures": [
            {
                "text": written(figure, words),
                "receipt": figure.formula,
                "verified": True,
                **made_document(figure, receipts, words),
            }
            for inner in _references(reply.text)
            if (figure := _figure(inner, receipts)) is not None
        ],
        "receipts": [
            {
                "id": one.id,
                "tool": one.tool,
                "query": None if one.query is None else query_document(one.query),
                "rows": 0 if one.query is None else await session.ledger.count(one.query),
            }
            for one in reply.receipts
        ],
        "backend": OFFLINE,
    }


def made_document(
    figure: Figure, receipts: Mapping[str, Receipt], words: FigureWords
) -> dict[str, Any]:
    """Return a figure's value, what was computed for it, if it was, and the parts with rows."""
    steps = recipes.steps_of(figure, receipts)
    parts = recipes.parts_of(steps)
    return {
        **value_document(figure),
        "computed": recipes.in_words(steps, words, _quantity) if len(steps) > 1 else None,
        "parts": [
            {
                "text": written(one.figure, words),
                **value_document(one.figure),
                "receipt": str(one.place),
                "query": query_document(one.query),
            }
            for one in parts
            if one.query is not None
        ],
    }


def value_document(figure: Figure) -> dict[str, Any]:
    """Return an amount in minor units with its currency, or a count; nothing of other figures."""
    if figure.kind is CellKind.MONEY:
        return {"amount_minor": figure.number, "currency": figure.currency}
    return {"value": figure.number} if figure.kind is CellKind.COUNT else {}


def _quantity(one: Number) -> str:
    size = FigureWords().ratio(round(one.size * 100))
    plural = "" if one.size == 1 else "s"
    return f"{size} {one.unit}{plural}" if one.unit else size


def _references(text: str) -> list[str]:
    return list(dict.fromkeys(one.inner for one in found_in(text)))


def _figure(inner: str, receipts: Mapping[str, Receipt]) -> Figure | None:
    try:
        return cited(inner, receipts).figure
    except FigureError:
        return None


def rendered(text: str, receipts: Mapping[str, Receipt], words: FigureWords) -> str:
    """Return a text with its references written out; one that stands for nothing is left out."""
    parts, place = [], 0
    for one in found_in(text):
        figure = _figure(one.inner, receipts)
        parts += [text[place : one.start], "" if figure is None else written(figure, words)]
        place = one.end
    return "".join((*parts, text[place:]))


def query_document(query: TransactionQuery) -> dict[str, Any]:
    """Return what of a query is not left open, as JSON has it."""
    empty = TransactionQuery()
    told = {one.name: getattr(query, one.name) for one in fields(query)}
    return {name: _plain(value) for name, value in told.items() if value != getattr(empty, name)}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
