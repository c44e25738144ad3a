"""`hive chat --model`: the question goes to the model that is set up, and streams in."""

from __future__ import annotations

import re
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hive_desktop.cli import ai, chat, context, output, streams
from hive_desktop.domain.conversations import Conversation
from hive_desktop.domain.figures import FigureWords
from hive_desktop.domain.links import parted, without_links
from hive_desktop.i18n import SOURCE_LANGUAGE
from hive_desktop.ports.chat import Correcting, Over, Verified, Wrote

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncGenerator, Iterable, Mapping

    from hive_desktop.domain.conversations import Message
    from hive_desktop.domain.pieces import Checked, Piece
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.ports.chat import ChatEvent
    from hive_desktop.services.session import VaultSession

# Words of a line that no link of Markdown can begin in or take in: each with the space behind it.
_WORDS: Final = re.compile(
    r"(?:(?:\[\[[^\[\]\n]*+\]\](?![(\[])|!(?!\[)|[^\s\[\]<!\\])*+[ \t\u00a0]++)*+"
)
_ENDS = {
    "stopped": "It was stopped.",
    "cut": "The answer was cut off: the connection broke.",
    "timed_out": "The answer was cut off: it took too long.",
    "too_long": "The answer was cut off: it was too long.",
    "filtered": "The model's server ended the answer.",
    "refused": "The model would not answer.",
    "rounds": "The model looked things up and never answered.",
    "empty": "The model said nothing.",
}


def run(options: argparse.Namespace) -> int:
    """Ask one question: the offline analyst, or the model that is set up."""
    if not options.model:
        return chat.chat(options)
    question = chat.question_of(options)

    async def work() -> int:
        # What leaves must be recorded, so a model is asked by the vault's owner alone.
        async with context.session_of(options) as session:
            return await ask(session, question, as_json=options.json)

    with ai.stoppable("Stopped. What was sent is listed by hive egress."):
        return context.run(work)


async def ask(session: VaultSession, question: str, *, as_json: bool) -> int:
    """Ask the model; tells 0 where an answer came whole.

    Raises:
        AiError: nothing came of it.
    """
    ai.let_approve(session)
    session.chat.write_by(FigureWords)
    talk = Conversation("terminal")
    ended = await follow(talk, session.chat.ask(talk, question), as_json=as_json)
    if as_json:
        output.print_json(await document(session, ended, talk, session.ai.chat().model))
    return ended.code


async def follow(
    talk: Conversation, stream: AsyncGenerator[ChatEvent, None], *, as_json: bool
) -> EndedReply:
    """Follow a reply to its end, and write it as it grows unless JSON is wanted.

    Raises:
        HiveError: nothing came of it.
    """
    verified: Verified | None = None
    over: Over | None = None
    screen = _Screen(talk)
    async with aclosing(stream) as events:
        async for event in events:
            if isinstance(event, Verified):
                verified = event
            elif isinstance(event, Over):
                over = event
            elif not as_json:
                screen.show(event)
    screen.finish()
    checked = verified.checked if verified is not None else None
    if over is not None and over.error is not None and checked is None:
        raise over.error
    why = over.why.value if over is not None else "stopped"
    if not as_json:
        _say_end(verified, why)
    return EndedReply(checked, why)


class EndedReply(NamedTuple):
    """A reply that is over: in pieces, if it got so far, and how it ended."""

    checked: Checked | None
    why: str

    @property
    def code(self) -> int:
        """Return the command's exit code."""
        return 0 if self.why == "done" else 1


class _Screen:
    """Writes replies as they grow, without links and without what moves a terminal's cursor."""

    def __init__(self, talk: Conversation) -> None:
        self._talk = talk
        self._words = FigureWords()
        self._message: Message | None = None
        self._raw = ""
        self._line = 0
        self._shown = 0

    def show(self, event: ChatEvent) -> None:
        """Write what is new, but for a word or a link that is not whole."""
        if isinstance(event, Correcting):
            self.finish()
            output.say("\nSome figures are not verified; the model looks at them again.")
        if not isinstance(event, Wrote):
            return
        if event.message is not self._message:
            self.finish()
            streams.out.write("\n" if self._message is not None else "")
            self._message, self._raw, self._line, self._shown = event.message, "", 0, 0
            self._words = FigureWords(event.message.language or SOURCE_LANGUAGE)
        self._raw = event.message.text[: event.length]
        while (end := self._raw.find("\n", self._line)) >= 0:
            self._write(end)
            streams.out.write("\n")
            self._line, self._shown = end + 1, 0
        settled = _WORDS.match(self._raw, self._line)
        if settled is not None:
            self._write(settled.end())
        streams.out.flush()

    def finish(self) -> None:
        """Write what was held back."""
        self._write(len(self._raw))
        streams.out.flush()

    def _write(self, end: int) -> None:
        asked = self._talk.addresses()
        plain = "".join(parted(without_links(self._raw[self._line : end], asked), asked))
        text = output.printable_lines(chat.rendered(plain, self._talk.receipts, self._words))
        streams.out.write(text[self._shown :])
        self._shown = max(self._shown, len(text))


def _say_end(verified: Verified | None, why: str) -> None:
    streams.out.write("\n")
    if verified is not None:
        if verified.is_corrected:
            streams.out.write(f"\n{output.printable_lines(verified.checked.text)}\n")
        streams.out.flush()
        flaws = list(dict.fromkeys(one.text.strip() for one in verified.checked.flaws))
        if flaws:
            output.say(output.printable(f"Not verified: {', '.join(flaws)}"))
    if why in _ENDS:
        output.say(_ENDS[why])


async def document(
    session: VaultSession,
    ended: EndedReply,
    talk: Conversation,
    backend: str,
    before: Iterable[str] = (),
) -> dict[str, Any]:
    """Return a reply as `hive chat --model --json` prints it.

    Args:
        session: the vault's.
        ended: the reply.
        talk: whose receipts it stands on.
        backend: who answered.
        before: ids of receipts that were there before it; they are not listed.
    """
    known = dict(talk.receipts)
    receipts = [one for key, one in known.items() if key not in set(before)]
    checked, why = ended
    pieces = checked.pieces if checked is not None else ()
    return {
        "answer": checked.text if checked is not None else "",
        "refusal": why if why == "refused" else None,
        "ended": why,
        "figures": [_figure(one, known) for one in pieces if one.figure is not None or one.is_flaw],
        "receipts": [
            {
                "id": one.id,
                "tool": one.tool,
                "query": None if one.query is None else chat.query_document(one.query),
                "rows": 0 if one.query is None else await session.ledger.count(one.query),
            }
            for one in receipts
        ],
        "backend": backend,
    }


def _figure(one: Piece, receipts: Mapping[str, Receipt]) -> dict[str, Any]:
    made: dict[str, Any] = {"computed": None, "parts": []}
    if one.figure is not None:
        made = chat.made_document(one.figure, receipts, FigureWords())
    return {
        "text": one.text,
        "receipt": one.figure.formula if one.figure is not None else None,
        "verified": not one.is_flaw,
        **made,
    }
