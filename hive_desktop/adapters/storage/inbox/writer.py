"""Writes the inbox while the vault is locked: it has a public key, and reads nothing back."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.storage.faults import translated
from hive_desktop.adapters.storage.files import replace_file
from hive_desktop.adapters.storage.inbox import records
from hive_desktop.adapters.storage.lock import OwnerLock
from hive_desktop.i18n import mark
from hive_desktop.ports.errors import VaultBusyError, VaultUnwritableError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from hive_desktop.domain.health import Health
    from hive_desktop.ports.bank import RenewedToken
    from hive_desktop.ports.egress import Egress
    from hive_desktop.ports.relay import RelayGrant

LARGEST_INBOX: Final = 256 * 1024 * 1024
MOST_RECORDS: Final = 20_000
"""In all. What is not of an item may have half as many more, and ends the inbox then."""


class InboxWriter:
    """Implements `ports.sealed_inbox.SealedInbox`.

    Args:
        vault: the vault's folder.
        folder: of the inbox.
        mark: tells it from every other.
        public: the vault's public key.
        key: of the MACs.
    """

    def __init__(self, vault: Path, folder: Path, mark: str, *, public: bytes, key: bytes) -> None:
        self.mark = mark
        self._folder = folder
        self._public = public
        self._key = key
        self._owner = OwnerLock(vault)
        self._writing = Lock()
        # By tag, the item that was first first: how many records, and how many bytes.
        self._numbers: dict[str, int] = {}
        self._sizes: dict[str, int] = {}
        self._full: set[str] = set()
        self._is_closed = False

    def __repr__(self) -> str:
        return "InboxWriter(***)"

    def take(self) -> None:
        """Own the vault's folder, as whoever has its ledger open does.

        Who had it in between has taken this inbox in, and perhaps used its sign-in: what came
        after would be read by nobody.
        """
        with translated(self._folder):
            self._owner.acquire_again()
            if not (self._folder / records.HEAD).is_file():
                self._owner.release()
                raise VaultBusyError(holder=self._owner.note())

    def close(self) -> None:
        """Let go of it; a thread that comes late writes nothing."""
        with self._writing:
            self._is_closed = True
        self._owner.release()

    def keep_page(self, item: str, before: str, after: str, body: bytes) -> bool:
        """Keep a page."""
        return self._keep_of(item, records.PAGE, body, before, after)

    def keep_end(self, item: str, accounts: bytes, state: bytes) -> bool:
        """Keep what ends a sync of an item."""
        return self._keep_of(item, records.END, records.ending(accounts, state))

    def keep_health(self, item: str, health: Health, failing_since: datetime | None = None) -> None:
        """Keep how an item stands, and since when it fails."""
        self._keep_news(records.HEALTH, records.health(health, failing_since), item)

    def keep_grant(self, grant: RelayGrant) -> None:
        """Keep a renewed sign-in."""
        self._keep_news(records.GRANT, records.grant(grant))

    def keep_renewed(self, renewed: Sequence[RenewedToken]) -> None:
        """Keep tokens that were sealed anew."""
        self._keep_news(records.RENEWED, records.tokens(renewed))

    def keep_egress(self, entries: Sequence[Egress]) -> None:
        """Keep the record of requests."""
        self._keep_news(records.EGRESS, records.egress(entries))

    def keep_ended(self) -> None:
        """Keep that the relay did not take the sign-in any more."""
        self._keep_news(records.ENDED, b"")

    def _keep_of(
        self, item: str, sort: str, body: bytes, before: str = "", after: str = ""
    ) -> bool:
        tag = records.tag_of(item, self._key)
        with self._writing, translated(self._folder):
            if tag in self._full:
                return False
            self._write(tag, sort, item, body, before, after)
            while self._is_over() and tag not in self._full:
                self._drop(next(one for one in self._numbers if one != records.NEWS))
            return tag not in self._full

    def _keep_news(self, sort: str, body: bytes, item: str = "") -> None:
        with self._writing, translated(self._folder):
            has_room = self._numbers.get(records.NEWS, 0) < MOST_RECORDS * 3 // 2
            if not has_room and sort != records.GRANT:  # the relay takes no older one any more
                raise VaultUnwritableError(
                    folder=self._folder, reason=mark("it has been locked for too long")
                )
            self._write(records.NEWS, sort, item, body, "", "")

    def _write(self, tag: str, sort: str, item: str, body: bytes, before: str, after: str) -> None:
        if self._is_closed:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        number = self._numbers.get(tag, 0)
        content = records.Content(sort, item, number, before, after, body)
        data = records.write(content, self._public, self._key)
        replace_file(self._folder / f"{tag}-{number:06}", data)
        self._numbers[tag] = number + 1
        self._sizes[tag] = self._sizes.get(tag, 0) + len(data)

    def _is_over(self) -> bool:
        return (
            sum(self._sizes.values()) > LARGEST_INBOX or sum(self._numbers.values()) > MOST_RECORDS
        )

    def _drop(self, tag: str) -> None:
        """Let go of all of an item's pages, the first of them first: without it there is none."""
        self._full.add(tag)
        del self._sizes[tag]
        for number in range(self._numbers.pop(tag)):
            with suppress(OSError):
                (self._folder / f"{tag}-{number:06}").unlink(missing_ok=True)
