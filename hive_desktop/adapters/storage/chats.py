"""What is kept of the chat, as stored."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.adapters.storage.bulk import json_keys
from hive_desktop.adapters.storage.heirs import heirs
from hive_desktop.adapters.storage.instants import from_micros, from_optional, to_optional
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.conversations import (
    Ended,
    Fault,
    Message,
    ProposalState,
    Role,
    ToolCall,
)
from hive_desktop.domain.receipt_text import (
    proposal_from_text,
    proposal_to_text,
    receipt_from_text,
    receipt_to_text,
)
from hive_desktop.domain.recipes import named_by
from hive_desktop.ports.chat_store import (
    DeletedSession,
    Said,
    SessionLine,
    StoredPart,
    StoredSession,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.conversations import Proposal
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.ports.chat_store import SessionPatch

_SESSIONS = """
    SELECT s.id, s.title, s.changed_at, s.messages, coalesce((
        SELECT substr(m.text, 1, 200) FROM chat_messages AS m
        WHERE m.session_id = s.id AND m.role = 'person' ORDER BY m.place DESC LIMIT 1
    ), '')
    FROM chat_sessions AS s ORDER BY s.changed_at DESC, s.id DESC
"""
_SAID = """
    SELECT session_id, text FROM chat_messages
    WHERE role <> 'tool' AND calls IS NULL ORDER BY session_id, place DESC
"""
_SESSION = "SELECT title, receipts_made FROM chat_sessions WHERE id = ?"
_END = "SELECT coalesce(max(place), -1) + 1 FROM chat_messages WHERE session_id = ?"
_QUESTION = """
    SELECT coalesce(max(place), 0) FROM chat_messages
    WHERE session_id = ? AND role = 'person' AND place <= ?
"""
_COLUMNS: Final = "role, ended, at, model, language, call_id, receipt, calls, fault, about, text"
_MESSAGES = f"""
    SELECT {_COLUMNS} FROM chat_messages
    WHERE session_id = ? AND place >= ? AND place < ? ORDER BY place
"""  # noqa: S608 - constants of this module only
_RECEIPTS = """
    SELECT r.body FROM json_each(?) AS k
    CROSS JOIN chat_receipts AS r ON r.session_id = ? AND r.id = k.value
"""
_PROPOSALS = "SELECT id, state, body FROM chat_proposals WHERE session_id = ? ORDER BY place"
_PUT_SESSION = """
    INSERT INTO chat_sessions VALUES (?1, ?2, ?3, ?3, ?4, 0)
    ON CONFLICT (id) DO UPDATE SET title = ?2, changed_at = ?3, receipts_made = ?4
"""
_PUT_MESSAGE = f"""
    INSERT OR REPLACE INTO chat_messages (session_id, place, {_COLUMNS})
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""  # noqa: S608 - as above
_CUT_RECEIPTS = """
    DELETE FROM chat_receipts WHERE session_id = ?1 AND id IN (
        SELECT receipt FROM chat_messages WHERE session_id = ?1 AND place >= ?2
    )
"""
_CUT = "DELETE FROM chat_messages WHERE session_id = ? AND place >= ?"
_COUNT = """
    UPDATE chat_sessions SET messages = (
        SELECT count(*) FROM chat_messages AS m
        WHERE m.session_id = chat_sessions.id AND m.role <> 'tool' AND m.calls IS NULL
    ) WHERE id = ?
"""
_PUT_RECEIPT = "INSERT OR REPLACE INTO chat_receipts VALUES (?, ?, ?)"
_OPEN_PROPOSALS = """
    SELECT count(*) FROM chat_proposals AS p WHERE p.state = ? AND EXISTS (
        SELECT 1 FROM chat_messages AS m WHERE m.session_id = p.session_id AND m.model = ?
    )
"""
_PUT_PROPOSAL = "INSERT OR REPLACE INTO chat_proposals VALUES (?, ?, ?, ?, ?)"
_DROP_RECEIPT = "DELETE FROM chat_receipts WHERE session_id = ? AND id = ?"
_DROP_PROPOSAL = "DELETE FROM chat_proposals WHERE session_id = ? AND id = ?"
_RENAME = "UPDATE chat_sessions SET title = ? WHERE id = ?"
_DELETE = "DELETE FROM chat_sessions WHERE id = ?"
_KEYS: Final = {
    "chat_sessions": "id",
    "chat_messages": "session_id",
    "chat_receipts": "session_id",
    "chat_proposals": "session_id",
}
_NAMED: Final = re.compile(r"(?<![A-Za-z0-9_])r[0-9]{1,6}(?![A-Za-z0-9_])", re.IGNORECASE)
_PLACE: Final = re.compile(r"[0-9]+$")


class Chats:
    """Implements `ports.chat_store.ChatReads` on one connection."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def sessions(self) -> list[SessionLine]:
        """Return the sessions, the one that was changed last first."""
        return [
            SessionLine(key.hex(), title, from_micros(at), messages, snippet)
            for key, title, at, messages, snippet in self._all(_SESSIONS)
        ]

    def said(self) -> Iterator[Said]:
        """Yield questions and replies, session by session, the newest of each first."""
        for key, text in self._handle.raw.execute(_SAID):
            yield Said(key.hex(), text)

    def session(self, session_id: str, newest: int) -> StoredSession | None:
        """Return a session with its newest messages, or None where there is none."""
        key = bytes.fromhex(session_id)
        found = self._all(_SESSION, key)
        if not found:
            return None
        ((end,),) = self._all(_END, key)
        title, receipts_made = found[0]
        ends = heirs(self._handle.raw)
        proposals = [
            proposal_from_text(one, ProposalState(state), body, ends)
            for one, state, body in self._all(_PROPOSALS, key)
        ]
        part = self._part(key, end, newest)
        return StoredSession(session_id, title, receipts_made, part, tuple(proposals))

    def open_proposals(self, model: str) -> int:
        """Return how many proposals of a model the person has not decided on."""
        ((count,),) = self._all(_OPEN_PROPOSALS, ProposalState.OPEN.value, model)
        return int(count)

    def older(self, session_id: str, before: int, most: int) -> StoredPart:
        """Return the messages before a place, back to a question."""
        return self._part(bytes.fromhex(session_id), before, most)

    def receipts(self, session_id: str, names: Iterable[str]) -> dict[str, Receipt]:
        """Return the receipts of a session by their ids; merged categories by their heirs."""
        return self._receipts(bytes.fromhex(session_id), names)

    def _part(self, key: bytes, end: int, most: int) -> StoredPart:
        ((first,),) = self._all(_QUESTION, key, max(0, end - most))
        messages = [_message(row) for row in self._all(_MESSAGES, key, first, end)]
        named = {one.receipt for one in messages if one.receipt is not None}
        for one in messages:
            if one.role is Role.MODEL:
                named.update(name.lower() for name in _NAMED.findall(one.text))
        receipts = self._receipts(key, named)
        while more := {name for one in receipts.values() for name in named_by(one)} - named:
            named |= more  # a calculation may stand on what was looked up long before
            receipts |= self._receipts(key, more)
        return StoredPart(first, tuple(messages), receipts)

    def _receipts(self, key: bytes, named: Iterable[str]) -> dict[str, Receipt]:
        found = self._all(_RECEIPTS, json_keys(sorted(named)), key)
        ends = heirs(self._handle.raw)
        receipts = (receipt_from_text(body, ends) for (body,) in found)
        return {one.id: one for one in receipts}

    def _all(self, statement: str, *values: object) -> list[Any]:
        found: list[Any] = self._handle.raw.execute(statement, values).fetchall()
        return found


class ChatWriter(Chats):
    """Writes what is kept of the chat, inside one transaction on the writer."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.handle)
        self._work = work
        self._execute = work.handle.raw.execute

    def put(self, patch: SessionPatch) -> None:
        """Write what became of a session."""
        key = bytes.fromhex(patch.id)
        self._execute(_PUT_SESSION, (key, patch.title, self._work.now(), patch.receipts_made))
        self._execute(_CUT_RECEIPTS, (key, patch.end))
        self._execute(_CUT, (key, patch.end))
        for lost in patch.lost:
            self._execute(_DROP_RECEIPT, (key, lost))
        for place, message in patch.messages.items():
            self._execute(_PUT_MESSAGE, (key, place, *_line(message)))
        for receipt in patch.receipts:
            self._execute(_PUT_RECEIPT, (key, receipt.id, receipt_to_text(receipt)))
        for dropped in patch.dropped:
            self._execute(_DROP_PROPOSAL, (key, dropped))
        self._put_proposals(key, patch.proposals)
        self._execute(_COUNT, (key,))
        self._note(key)

    def rename(self, session_id: str, title: str) -> bool:
        """Give a session a title; tells whether there is one."""
        key = bytes.fromhex(session_id)
        self._note(key)
        return bool(self._execute(_RENAME, (title, key)).rowcount)

    def delete(self, session_id: str) -> DeletedSession | None:
        """Delete a session; returns what brings it back, or None where there is none."""
        key = bytes.fromhex(session_id)
        found = self._all(_SESSION, key)
        if not found:
            return None
        lines = {
            table: self._all(f"SELECT * FROM {table} WHERE {column} = ?", key)  # noqa: S608
            for table, column in _KEYS.items()
        }
        self._execute(_DELETE, (key,))
        self._note(key)
        return DeletedSession(session_id, found[0][0], lines)

    def restore(self, deleted: DeletedSession) -> None:
        """Bring a deleted session back; where there is one of this id, nothing changes."""
        key = bytes.fromhex(deleted.id)
        if self._all(_SESSION, key):
            return
        for table in _KEYS:
            for line in deleted.lines.get(table, ()):
                marks = ", ".join("?" * len(line))
                self._execute(f"INSERT INTO {table} VALUES ({marks})", tuple(line))  # noqa: S608
        self._note(key)

    def _put_proposals(self, key: bytes, proposals: Iterable[Proposal]) -> None:
        for one in proposals:
            found = _PLACE.search(one.id)
            place = int(found[0]) if found else 0
            values = (key, place, one.id, one.state.value, proposal_to_text(one))
            self._execute(_PUT_PROPOSAL, values)

    def _note(self, key: bytes) -> None:
        self._work.note(Kind.CHATS, (key,))


def _line(message: Message) -> tuple[Any, ...]:
    """Return a message as the columns of `_COLUMNS`."""
    calls = [[one.id, one.name, one.arguments] for one in message.calls]
    fault = message.fault
    return (
        message.role.value,
        None if message.ended is None else message.ended.value,
        to_optional(message.at),
        message.model,
        message.language,
        message.call_id,
        message.receipt,
        json.dumps(calls, ensure_ascii=False) if calls else None,
        None
        if fault is None
        else json.dumps([fault.title, fault.message, fault.hint], ensure_ascii=False),
        message.about,
        message.text,
    )


def _message(row: Any) -> Message:
    role, ended, at, model, language, call_id, receipt, calls, fault, about, text = row
    return Message(
        Role(role),
        text,
        tuple(ToolCall(*one) for one in json.loads(calls)) if calls else (),
        call_id,
        receipt,
        None if ended is None else Ended(ended),
        Fault(*json.loads(fault)) if fault else None,
        model,
        from_optional(at),
        language,
        about,
    )
