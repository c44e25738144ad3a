"""`chat/sessions`: sessions of the chat. Questions are asked over the web-socket."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from hive_desktop.api import shapes
from hive_desktop.api.endpoints import Endpoint
from hive_desktop.api.refusals import not_found
from hive_desktop.domain.api_clients import Scope
from hive_desktop.domain.conversations import Role
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from hive_desktop.api.endpoints import Call
    from hive_desktop.api.shapes import ChatLine, ChatLines, ChatMessage, ChatSession
    from hive_desktop.domain.conversations import Conversation, Message
    from hive_desktop.services.session import VaultSession

_MOST_MESSAGES: Final = 200


async def listing(call: Call) -> ChatLines:
    """Return the sessions."""
    found = [shapes.chat_line(one) for one in await call.session.chat_desk.sessions()]
    return shapes.ChatLines(found, len(found))


async def create(call: Call) -> ChatLine:
    """Return a new session."""
    talk = await call.session.chat_desk.create()
    return shapes.ChatLine(uuid.UUID(hex=talk.id), talk.title, None, 0)


async def one(call: Call) -> ChatSession:
    """Return a session with what was said in it; what the window has open of it stays as it is."""
    try:
        talk = await call.session.chat_desk.read(call.ids["session_id"].hex(), _MOST_MESSAGES)
    except UsageError as exc:
        raise not_found("session") from exc
    said = [message for message in talk.messages if message.role is not Role.TOOL]
    shown = [await _message(call.session, talk, message) for message in said[-_MOST_MESSAGES:]]
    return shapes.ChatSession(
        uuid.UUID(hex=talk.id), talk.title, [message for message in shown if message.text]
    )


async def delete(call: Call) -> None:
    """Delete a session; it can be brought back."""
    talk = await opened(call.session, uuid.UUID(bytes=call.ids["session_id"]))
    if not talk.messages:  # it is not kept yet
        call.session.chat_desk.discard(talk)
        return
    try:
        await call.session.deleted_chats.delete(talk.id)
    except UsageError as exc:
        raise not_found("session") from exc


async def restore(call: Call) -> None:
    """Bring a deleted session back."""
    try:
        await call.session.deleted_chats.restore(call.ids["session_id"].hex())
    except UsageError as exc:
        raise not_found("session") from exc


async def opened(session: VaultSession, session_id: uuid.UUID) -> Conversation:
    """Return a session by its id.

    Raises:
        RefusalError: there is none.
    """
    try:
        return await session.chat_desk.open(session_id.hex)
    except UsageError as exc:
        raise not_found("session") from exc


async def _message(session: VaultSession, talk: Conversation, message: Message) -> ChatMessage:
    text = message.text
    if message.role is Role.MODEL:
        text = (await session.chat_desk.shown(talk, message)).text
    ended = None if message.ended is None else message.ended.value
    return shapes.ChatMessage(message.role, text, message.at, ended, message.model or None)


ENDPOINTS: Final = (
    Endpoint(
        "GET",
        "/chat/sessions",
        "The sessions of the chat, the one changed last first.",
        listing,
        shapes.ChatLines,
        Scope.CHAT,
    ),
    Endpoint(
        "POST",
        "/chat/sessions",
        "A new session; it is kept once something is asked in it.",
        create,
        shapes.ChatLine,
        Scope.CHAT,
        status=201,
    ),
    Endpoint(
        "GET",
        "/chat/sessions/{session_id}",
        "A session with its newest messages, 200 at most.",
        one,
        shapes.ChatSession,
        Scope.CHAT,
    ),
    Endpoint(
        "DELETE",
        "/chat/sessions/{session_id}",
        "Delete a session; a reply under way in it is stopped. Hive offers the person to undo it.",
        delete,
        None,
        Scope.CHAT,
        status=204,
    ),
    Endpoint(
        "POST",
        "/chat/sessions/{session_id}/restore",
        "Bring a session back that a program deleted: one of the last 20 since the unlock.",
        restore,
        None,
        Scope.CHAT,
        status=204,
    ),
)
