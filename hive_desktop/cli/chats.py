"""`hive chat --session` and `hive chats`: sessions of the chat that are kept, and go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.cli import ai, chat, chat_model, context, ids, output
from hive_desktop.domain.conversations import OFFLINE
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from hive_desktop.domain.conversations import Conversation
    from hive_desktop.ports.chat_store import SessionLine
    from hive_desktop.services.session import VaultSession

NEW = "new"
_NONE = 'There are no sessions. Begin one: hive chat "QUESTION" --session new'


def ask(options: argparse.Namespace) -> int:
    """Ask a question within a session, which is kept."""
    question = chat.question_of(options)

    async def work() -> int:
        async with context.session_of(options) as session:
            if options.model:
                session.ai.chat()  # raises where none is set up
                ai.let_approve(session)
            desk = session.chat_desk
            talk = await _talk(session, options.session)
            known = set(talk.receipts)
            stream = desk.ask(talk, question, offline=not options.model)
            ended = await chat_model.follow(talk, stream, as_json=options.json)
            if options.json:
                backend = talk.messages[-1].model or OFFLINE
                told = await chat_model.document(session, ended, talk, backend, known)
                output.print_json(told | {"session": output.id_text(bytes.fromhex(talk.id))})
            elif options.session == NEW:
                output.say(f"Session {ids.short(bytes.fromhex(talk.id))}")
            return ended.code

    with ai.stoppable("Stopped. What had come is kept; what was sent is listed by hive egress."):
        return context.run(work)


def listing(options: argparse.Namespace) -> int:
    """List the sessions, or those that have a text, the one changed last first."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            found = await session.chat_desk.sessions(" ".join(options.text or []))
        if options.json:
            output.print_json({"sessions": [_shape(one) for one in found]})
        elif found:
            output.print_table(
                ["TITLE", "TEXT", "CHANGED", "MESSAGES", "ID"],
                [
                    [
                        one.title,
                        one.snippet if options.text else "",
                        output.moment(one.changed_at),
                        str(one.messages),
                        ids.short(bytes.fromhex(one.id)),
                    ]
                    for one in found
                ],
            )
        else:
            output.say("No session has that." if options.text else _NONE)
        return 0

    return context.run(work)


def rename(options: argparse.Namespace) -> int:
    """Give a session a title."""

    async def work() -> int:
        async with context.session_of(options) as session:
            talk_id = await _meant(session, options.id)
            await session.chat_desk.rename(talk_id, options.title)
        return _done(options, talk_id, "Renamed.")

    return context.run(work)


def delete(options: argparse.Namespace) -> int:
    """Delete a session for good."""

    async def work() -> int:
        async with context.session_of(options) as session:
            deleted = await session.chat_desk.delete(await _meant(session, options.id))
        return _done(options, deleted.id, f"Deleted: {deleted.title}")

    return context.run(work)


async def _talk(session: VaultSession, named: str) -> Conversation:
    desk = session.chat_desk
    if named == NEW:
        return await desk.create()
    talk = await desk.open(await _meant(session, named))
    await desk.older(talk)  # a model is told of it
    return talk


async def _meant(session: VaultSession, text: str) -> str:
    """Return the session that a text names.

    Raises:
        UsageError: there is none, or more than one.
    """
    known = {one.id for one in await session.chat_desk.sessions()}

    async def ending(raw: bytes) -> list[bytes]:
        return [bytes.fromhex(one) for one in known if one.endswith(raw.hex())]

    found = await ids.meant(text, ending)
    if found is None or found.hex() not in known:
        raise UsageError(
            "There is no session {id}.", hint="hive chats list shows the sessions.", id=text
        )
    return found.hex()


def _done(options: argparse.Namespace, talk_id: str, words: str) -> int:
    if options.json:
        output.print_json({"session": output.id_text(bytes.fromhex(talk_id))})
    else:
        output.say(words)
    return 0


def _shape(one: SessionLine) -> dict[str, Any]:
    return {
        "id": output.id_text(bytes.fromhex(one.id)),
        "title": one.title,
        "changed_at": one.changed_at.isoformat(),
        "messages": one.messages,
        "snippet": one.snippet,
    }
