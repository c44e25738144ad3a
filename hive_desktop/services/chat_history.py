"""What of a session is sent with a request: whole pairs of calls and results, within a budget."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.config import resources_dir
from hive_desktop.domain.conversations import OFFLINE, Ended, Role, ToolCall
from hive_desktop.domain.prices import estimated_tokens
from hive_desktop.ports.chat import SentMessage, Speaker

if TYPE_CHECKING:
    from hive_desktop.domain.conversations import Conversation, Message
    from hive_desktop.domain.sendable import ChatTexts
    from hive_desktop.ports.chat import ChatContext

_MOST_CATEGORIES: Final = 60
_MOST_MESSAGES: Final = 200
_MOST_REASONS: Final = 12
_OFFLINE: Final = "(The program answered this without a model.)"
_UNANSWERED: Final = "(There was no answer.)"
_CUT_OFF: Final = "\n(This answer was cut off.)"
_NOTE: Final = (
    "The program could not verify these figures of your answer:\n{reasons}\n"
    "Write the whole answer once more. Write each figure as a reference to a cell that you were"
    " given, such as [[r1.total]], look it up first where you have none, or leave it out."
    " Do not speak of this note."
)


@dataclass(frozen=True, slots=True)
class Correction:
    """A reply that the model is asked to write once more, and what was wrong with it.

    Attributes:
        draft: the reply.
        reasons: found in the text as the model wrote it, with tokens; they are sent.
    """

    draft: Message
    reasons: tuple[str, ...]


def prompt() -> str:
    """Return the words that say what to do; they never vary, so that servers can keep them."""
    return (resources_dir() / "prompts" / "chat.md").read_text(encoding="utf-8").strip()


def facts_of(context: ChatContext) -> dict[str, Any]:
    """Return a context as a model reads it."""
    facts: dict[str, Any] = {
        "today": context.today.isoformat(),
        "weekday": f"{context.today:%A}",
        "currencies": list(context.currencies),
        "accounts": dict(context.accounts),
        "categories": list(context.categories[:_MOST_CATEGORIES]),
    }
    if context.first_day is not None and context.last_day is not None:
        facts["data"] = f"{context.first_day.isoformat()}..{context.last_day.isoformat()}"
    return facts


class History:
    """Makes the messages of requests.

    Args:
        texts: makes what may be sent.
        context: goes before the person's first question that is sent.
        budget: how many tokens the messages may have, about.
    """

    def __init__(self, texts: ChatTexts, context: ChatContext, budget: int) -> None:
        self._texts = texts
        self._context = context
        self.budget = budget

    def messages(
        self,
        conversation: Conversation,
        correction: Correction | None = None,
    ) -> tuple[SentMessage, ...]:
        """Return the messages of a request; the oldest units are left out first.

        The prompt and the last question are always there.
        """
        texts = self._texts
        head = SentMessage(Speaker.PROGRAM, texts.program(prompt()))
        context = texts.context(facts_of(self._context))
        draft = None if correction is None else correction.draft
        units = self._units(conversation, draft)
        last = max(i for i, unit in enumerate(units) if unit[0].speaker is Speaker.PERSON)
        tail = [] if correction is None else self._correction(correction)
        spare = self.budget - sum(map(_tokens, [head, *tail])) - estimated_tokens(context.text)
        spare -= sum(map(_tokens, units[last]))
        kept = self._kept(units, last, spare)
        first = next(i for i, unit in enumerate(kept) if unit[0].speaker is Speaker.PERSON)
        question = kept[first][0]
        kept[first] = [
            SentMessage(Speaker.PERSON, texts.joined(context, question.text)),
            *kept[first][1:],
        ]
        return (head, *(one for unit in kept for one in unit), *tail)

    def _kept(
        self, units: list[list[SentMessage]], last: int, spare: int
    ) -> list[list[SentMessage]]:
        """Return the units that fit: those since the last question first, then older questions."""
        after: list[list[SentMessage]] = []
        for unit in reversed(units[last + 1 :]):
            spare -= sum(map(_tokens, unit))
            if spare < 0:
                break
            after.insert(0, unit)
        before: list[list[SentMessage]] = []
        waiting: list[list[SentMessage]] = []
        for unit in reversed(units[:last]):
            spare -= sum(map(_tokens, unit))
            if spare < 0:
                break
            waiting.insert(0, unit)
            if unit[0].speaker is Speaker.PERSON:
                before, waiting = waiting + before, []
        return [*before, units[last], *after]

    def _units(self, conversation: Conversation, draft: Message | None) -> list[list[SentMessage]]:
        """Return what belongs together: a question, a reply, or calls with all their results.

        Calls without a result, and the draft of a reply, are none.
        """
        recent = _recent(conversation.messages)
        results = {one.call_id: one for one in recent if one.role is Role.TOOL}
        units: list[list[SentMessage]] = []
        for one in recent:
            if one.role is Role.PERSON:
                if units and units[-1][0].speaker is Speaker.PERSON:
                    units.append([self._said(_UNANSWERED)])
                asked = f"{one.text}\n\nAbout: {one.about}" if one.about else one.text
                units.append([SentMessage(Speaker.PERSON, self._texts.question(asked))])
            elif one.role is Role.MODEL and one.model == OFFLINE:
                # Its words have names as they are, which do not leave.
                if one.text:
                    units.append([self._said(_OFFLINE)])
            elif one.role is Role.MODEL and one.calls:
                if all(call.id in results for call in one.calls):
                    units.append(self._pair(one, results))
            elif one.role is Role.MODEL and one.text and one is not draft:
                is_whole = one.ended in (Ended.DONE, None)
                units.append([self._said(one.text + ("" if is_whole else _CUT_OFF))])
        return units

    def _pair(self, one: Message, results: dict[str, Message]) -> list[SentMessage]:
        calls = tuple(ToolCall(call.id, call.name, _json(call.arguments)) for call in one.calls)
        said = SentMessage(Speaker.MODEL, self._texts.reply(one.text), calls)
        answers = [
            SentMessage(Speaker.TOOL, self._texts.again(results[call.id].text), call_id=call.id)
            for call in calls
        ]
        return [said, *answers]

    def _correction(self, correction: Correction) -> list[SentMessage]:
        reasons = "\n".join(f"- {one}" for one in correction.reasons[:_MOST_REASONS])
        note = self._texts.reply(_NOTE.format(reasons=reasons))
        return [self._said(correction.draft.text), SentMessage(Speaker.PERSON, note)]

    def _said(self, text: str) -> SentMessage:
        return SentMessage(Speaker.MODEL, self._texts.reply(text))


def _recent(messages: list[Message]) -> list[Message]:
    """Return the newest messages, from a question on; no more of them ever fit a request."""
    first = max(0, len(messages) - _MOST_MESSAGES)
    while first > 0 and messages[first].role is not Role.PERSON:
        first -= 1
    return messages[first:]


def _tokens(one: SentMessage) -> int:
    calls = sum(len(call.arguments) + len(call.name) + 20 for call in one.calls)
    return 4 + estimated_tokens(one.text.text, is_json=True) + calls // 3


def _json(arguments: str) -> str:
    """Return arguments as they are, or none where they are no JSON: some servers read them."""
    try:
        found = json.loads(arguments)
    except (ValueError, RecursionError):
        return "{}"
    return arguments if isinstance(found, dict) else "{}"
