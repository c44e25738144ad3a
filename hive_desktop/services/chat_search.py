"""Finds sessions of the chat by what was said in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.chat_store import SessionLine
    from hive_desktop.ports.storage import Reads

_REFERENCE: Final = re.compile(r"\[\[[^\[\]]*\]\]")
_SPACES: Final = re.compile(r"\s+")
_BEFORE, _AFTER = 40, 120


def found_in(reads: Reads, text: str, revealed: Callable[[str], str]) -> list[SessionLine]:
    """Return the sessions that have a text in their title or a message, with the words around it.

    Args:
        reads: the ledger.
        text: in any case of letters; blanks are alike.
        revealed: puts names in place of the tokens that a model was told.
    """
    wanted = _plain(text).casefold()
    sessions = reads.chats.sessions()
    snippets: dict[str, str] = {}
    for session_id, said in reads.chats.said():
        if session_id not in snippets:
            snippet = _around(_plain(_REFERENCE.sub("…", revealed(said))), wanted)
            if snippet is not None:
                snippets[session_id] = snippet
    return [
        one._replace(snippet=snippets.get(one.id, one.snippet))
        for one in sessions
        if one.id in snippets or wanted in _plain(one.title).casefold()
    ]


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _around(text: str, wanted: str) -> str | None:
    """Return the words around what was searched for; None where it is not there."""
    found = re.search(re.escape(wanted), text, re.IGNORECASE)
    if found is None:
        if wanted not in text.casefold():
            return None
        return text[: _BEFORE + _AFTER]  # as "ss" is found in "ß", at no place that could be told
    start, end = max(0, found.start() - _BEFORE), found.end() + _AFTER
    head = text[start:end]
    return f"{'…' if start else ''}{head.strip()}{'…' if end < len(text) else ''}"
