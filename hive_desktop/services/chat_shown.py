"""Replies in pieces: names in place of tokens, figures held against receipts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hive_desktop.domain.conversations import OFFLINE
from hive_desktop.domain.sendable import has_tokens
from hive_desktop.services import chat_offline

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from hive_desktop.domain.conversations import Conversation, Message
    from hive_desktop.domain.pieces import Checked
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.domain.sendable import ChatTexts
    from hive_desktop.services.chat_voices import Voices


class Shown:
    """Shows replies of stored sessions, and those under way.

    Args:
        voices: who wrote them.
        is_open: tells whether the session of an id is in memory.
    """

    def __init__(self, voices: Voices, is_open: Callable[[str], bool]) -> None:
        self._chat, self._reader = voices.chat, voices.reader
        self._is_open = is_open
        self._told_by: ChatTexts | None = None
        self._told: dict[tuple[str, str], Receipt] = {}
        self._looking = asyncio.Lock()

    def __len__(self) -> int:
        """Return of how many receipts it knows that their names were looked at."""
        return len(self._told)

    async def whole(self, conversation: Conversation, message: Message) -> Checked:
        """Return a reply that is over."""
        if message.model == OFFLINE:
            return chat_offline.trusted(await self._chat.shown(conversation, message))
        texts = await self._reader.texts()
        if has_tokens(texts.revealed(message.text)):
            # Since the program was started nobody has made these tokens: the receipts have names.
            async with self._looking:  # who comes meanwhile needs them, too
                await self._learn(conversation, texts)
        return await self._chat.shown(conversation, message)

    def now(
        self,
        conversation: Conversation,
        message: Message,
        length: int,
        start: int = 0,
        cited: Collection[str] | None = None,
    ) -> Checked:
        """Return a part of one that still grows, at once; see `ChatDesk.shown_now`."""
        found = self._chat.shown_now(
            conversation, message.text[start:length], cited, language=message.language
        )
        return chat_offline.trusted(found) if message.model == OFFLINE else found

    async def _learn(self, conversation: Conversation, texts: ChatTexts) -> None:
        """Look at the receipts whose names were not looked at yet, each once."""
        if self._told_by is not texts:
            self._told_by, self._told = texts, {}
        keys = {(conversation.id, one.id): one for one in conversation.receipts.values()}
        untold = [one for key, one in keys.items() if self._told.get(key) is not one]
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, lambda: [texts.result(one) for one in untold])
        kept = {key: one for key, one in self._told.items() if self._is_open(key[0])}
        self._told = kept | keys
