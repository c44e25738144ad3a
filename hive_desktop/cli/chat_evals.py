"""`hive eval chat`: measure the offline analyst's answers on the demo household."""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
from collections import defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hive_desktop import bootstrap, demo
from hive_desktop.cli import chat, context, output, streams
from hive_desktop.domain.figures import FigureWords
from hive_desktop.domain.questions.folding import key_of
from hive_desktop.domain.receipts import CellKind
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Mapping, Sequence

    from hive_desktop.domain.figures import Figure
    from hive_desktop.services.analyst import Reply
    from hive_desktop.services.session import VaultSession

_HINT: Final = "Each line is {form}."
_FORM: Final = (
    '{"question": "...", "today": "2026-10-15", "expect": [{"kind": "money", '
    '"amount_minor": 1250, "currency": "USD"}], "refuse": false}'
)
_KINDS: Final = {
    "money": CellKind.MONEY,
    "count": CellKind.COUNT,
    "percent": CellKind.SHARE,
    "date": CellKind.DAY,
    "text": CellKind.TEXT,
}
_HALF_OF_A_TENTH: Final = 0.5


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the file: a question, the day it is asked, and the figures it has for answer."""

    line: int
    text: str
    today: date
    expect: tuple[Mapping[str, Any], ...]
    refuse: bool


def evaluate(options: argparse.Namespace) -> int:
    """Ask every question of a file and hold the figures of each answer against what is expected.

    An answer is right if it has every figure that is expected, and refused where it says that it
    cannot answer. A question that is to be refused is right when it is.
    """
    questions = read_questions(options.file, options.today)
    details = context.run(lambda: _asked(questions, options.seed))
    outcomes = [one["outcome"] for one in details]
    document: dict[str, Any] = {
        "questions": len(details),
        "right": outcomes.count("right"),
        "refused": outcomes.count("refused"),
        "wrong": outcomes.count("wrong"),
        "backend": chat.OFFLINE,
        "details": [one for one in details if one["outcome"] != "right" or not options.mistakes],
    }
    if options.json:
        output.print_json(document)
    else:
        _say(document, with_details=options.mistakes)
    return 0


def _say(document: Mapping[str, Any], *, with_details: bool) -> None:
    for key, value in document.items():
        if not isinstance(value, list):
            streams.out.write(f"{key:<12} {value}\n")
    if with_details and document["details"]:
        output.print_table(
            ["LINE", "OUTCOME", "QUESTION", "ANSWER"],
            [
                [str(one["line"]), one["outcome"], one["question"], one["answer"].split("\n")[0]]
                for one in document["details"]
            ],
            right="LINE",
        )


async def _asked(questions: Sequence[Question], seed: int) -> list[dict[str, Any]]:
    days: defaultdict[date, list[Question]] = defaultdict(list)
    for one in questions:
        days[one.today].append(one)
    details = []
    for today, some in days.items():
        async with demo_session(today, seed) as session:
            details += [judged(one, await session.analyst.reply(one.text)) for one in some]
    return sorted(details, key=lambda one: one["line"])


@asynccontextmanager
async def demo_session(
    today: date, seed: int = 7, *, passphrase: str | None = None
) -> AsyncIterator[VaultSession]:
    """Give the demo household's ledger as it is on a day, in a vault that is deleted afterwards."""
    bank = demo.household(seed=seed, today=today, answers_at_once=True)
    clock = bootstrap.clock_of(today)
    store = bootstrap.vault_store(clock)
    folder = Path(tempfile.mkdtemp(prefix="hive-eval-"))
    try:
        keys, _kit = store.create(folder / "vault", passphrase or secrets.token_urlsafe(24))
        server = await demo.start_server(bank)
        try:
            session = await bootstrap.open_session(
                folder / "vault",
                keys,
                clock=clock,
                store=store,
                browser=demo.DemoPerson(bank),
                is_demo=True,
                poll_s=demo.POLL_S,
            )
            try:
                await demo.populate(session, bank, server.url, one_by_one=True, is_lived_in=True)
                yield session
            finally:
                await session.close()
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def judged(question: Question, reply: Reply) -> dict[str, Any]:
    """Return whether a reply is right, with what it says and what was expected."""
    receipts = {one.id: one for one in reply.receipts}
    answer = chat.rendered(reply.text, receipts, FigureWords(reply.language))
    has_all = all(_has(reply.figures, answer, one) for one in question.expect)
    if reply.refusal is not None:
        outcome = "right" if question.refuse else "refused"
    else:
        outcome = "right" if has_all and not question.refuse else "wrong"
    return {
        "line": question.line,
        "question": question.text,
        "outcome": outcome,
        "answer": answer,
        "refusal": reply.refusal,
        "expect": list(question.expect),
        "figures": [_document(one) for one in reply.figures],
    }


def _has(figures: Sequence[Figure], answer: str, expected: Mapping[str, Any]) -> bool:
    kind = expected["kind"]
    if kind == "text":
        return _squeezed(str(expected["value"])) in _squeezed(answer)
    return any(one.kind is _KINDS[kind] and _is_same(one, expected, kind) for one in figures)


def _squeezed(text: str) -> str:
    """Return a text as names are compared: without case, signs, spaces and articles in front."""
    return "".join(word for word in key_of(text) if word != "the")


def _is_same(figure: Figure, expected: Mapping[str, Any], kind: str) -> bool:
    if kind == "date":
        return str(figure.value) == str(expected["value"])
    if kind == "count":
        return figure.value == int(expected["value"])
    if kind == "percent":
        return abs(figure.number - 10 * float(expected["value"])) <= _HALF_OF_A_TENTH
    minor: int = expected["amount_minor"]
    # What is owed, and how much more one is than another, is told by words and by a sign alike.
    sizes = {figure.number, -figure.number} if _is_relative(figure) else {figure.number}
    return minor in sizes and figure.currency == str(expected["currency"])


def _is_relative(figure: Figure) -> bool:
    return figure.formula.startswith("diff ") or figure.formula.endswith((".balance", ".owed"))


def _document(figure: Figure) -> dict[str, Any]:
    kind = next(name for name, one in _KINDS.items() if one is figure.kind)
    document: dict[str, Any] = {"kind": kind, "reference": figure.formula}
    if kind == "money":
        return document | {"amount_minor": figure.value, "currency": figure.currency}
    if kind == "percent":
        return document | {"value": figure.number / 10}
    return document | {"value": figure.value if kind == "count" else str(figure.value)}


def read_questions(path: Path, today: date | None = None) -> list[Question]:
    """Return the file's questions; `today` is the day of those that name none.

    Raises:
        UsageError: it cannot be read, has no question, or a line of another form.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        reason = getattr(exc, "strerror", None) or "it is not a text in UTF-8"
        raise UsageError("{file} cannot be read: {reason}.", file=path.name, reason=reason) from exc
    found = [
        _question(number, line, today) for number, line in enumerate(lines, start=1) if line.strip()
    ]
    if not found:
        raise UsageError("{file} has no question.", hint=_HINT, form=_FORM, file=path.name)
    return found


def _question(number: int, line: str, today: date | None) -> Question:
    try:
        told = json.loads(line)
        day = date.fromisoformat(told["today"]) if told.get("today") else today
        expect = tuple(told.get("expect") or ())
        is_whole = isinstance(told["question"], str) and all(map(_is_form, expect))
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise UsageError(
            "Line {line} is no question.", hint=_HINT, form=_FORM, line=number
        ) from exc
    if day is None or not is_whole:
        raise UsageError("Line {line} is no question.", hint=_HINT, form=_FORM, line=number)
    return Question(number, told["question"], day, expect, bool(told.get("refuse")))


def _is_form(expected: Mapping[str, Any]) -> bool:
    if expected["kind"] == "money":
        return isinstance(expected["amount_minor"], int) and isinstance(expected["currency"], str)
    return expected["kind"] in _KINDS and "value" in expected
