"""Reads the inbox when the vault is open: whatever is not whole and in its place is left out."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import msgspec

from hive_desktop.adapters.storage.inbox import records
from hive_desktop.plaidkit.egress import hash_of
from hive_desktop.ports.errors import BankRetryError
from hive_desktop.ports.sealed_inbox import Tidings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from hive_desktop.adapters.storage.inbox.records import Content
    from hive_desktop.domain.health import Health
    from hive_desktop.ports.bank import RenewedToken
    from hive_desktop.ports.egress import Egress
    from hive_desktop.ports.relay import RelayGrant
    from hive_desktop.ports.vault import VaultKeys

LARGEST_RECORD: Final = 128 * 1024 * 1024
_NUMBER_DIGITS: Final = 6
_ONCE_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class _Step:
    """A record of an item's chain, without its body."""

    number: int
    sort: str
    before: str
    after: str


class InboxReader:
    """Implements `ports.sealed_inbox.OpenedInbox`.

    Args:
        folder: of the inbox.
        mark: tells it from every other.
        keys: the vault's.
        key: of the MACs.
    """

    def __init__(self, folder: Path, mark: str, keys: VaultKeys, key: bytes) -> None:
        self._folder = folder
        self._mark = mark
        self._keys = keys
        self._key = key

    def __repr__(self) -> str:
        return "InboxReader(***)"

    def tidings(self) -> Tidings:
        """Return what happened, but for rows; what cannot be read is passed over."""
        grant: RelayGrant | None = None
        renewed: list[RenewedToken] = []
        egress: list[Egress] = []
        health: dict[str, Health] = {}
        failing: dict[str, datetime | None] = {}
        has_ended = False
        for number in self._numbers()[records.NEWS]:
            said = self.read(records.NEWS, number)
            if said is None:
                continue
            try:
                match said.sort:
                    case records.GRANT:
                        grant = records.read_grant(said.body)
                    case records.RENEWED:
                        renewed += records.read_tokens(said.body)
                    case records.EGRESS:
                        egress += self._hashed(number, records.read_egress(said.body))
                    case records.HEALTH:
                        health[said.item], failing[said.item] = records.read_health(said.body)
                    case records.ENDED:
                        has_ended = True
            except msgspec.MsgspecError:
                continue
        since = {item: at for item, at in failing.items() if at is not None}
        return Tidings(grant, renewed, egress, health, has_ended, since)

    def chains(self, items: Iterable[str]) -> dict[str, InboxChain]:
        """Return the whole chains of these items."""
        numbers = self._numbers()
        found: dict[str, InboxChain] = {}
        for item in items:
            tag = records.tag_of(item, self._key)
            chain = self._chain(item, tag, numbers[tag]) if tag in numbers else None
            if chain is not None:
                found[item] = chain
        return found

    def read(self, tag: str, number: int) -> Content | None:
        """Return a record, or None where it is not the one of this place."""
        file = self._folder / f"{tag}-{number:0{_NUMBER_DIGITS}}"
        try:
            data = read_private(file, LARGEST_RECORD)
        except OSError:
            return None
        said = records.read(data, self._keys.inbox, self._key)
        if said is None or said.number != number:
            return None
        is_news = said.sort not in (records.PAGE, records.END)
        of = records.NEWS if is_news else records.tag_of(said.item, self._key)
        return said if of == tag else None

    def _chain(self, item: str, tag: str, numbers: list[int]) -> InboxChain | None:
        """Return an item's chain; None unless every record is there and fits the one before."""
        if numbers != list(range(len(numbers))):
            return None
        steps: list[_Step] = []
        for number in numbers:
            said = self.read(tag, number)
            if said is None:
                return None
            steps.append(_Step(number, said.sort, said.before, said.after))
        whole = _whole(steps)
        if whole is None:
            return None
        starts_at, pages, end = whole
        return InboxChain(self, item, tag, starts_at, pages, end)

    def _hashed(self, number: int, entries: list[Egress]) -> Iterator[Egress]:
        """Give entries the hash that could not be made without the vault, and a name."""
        for place, one in enumerate(entries):
            name = f"{self._mark} {number} {place}".encode()
            once = hashlib.blake2b(name, digest_size=_ONCE_BYTES).digest()
            body = one.unhashed
            made = one.body_hash if body is None else hash_of(self._keys.egress, body)
            yield replace(one, body_hash=made, unhashed=None, once=once)

    def _numbers(self) -> defaultdict[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        try:
            names = [file.name for file in self._folder.iterdir()]
        except OSError:
            return found
        for name in sorted(names):
            tag, _, number = name.rpartition("-")
            if tag and len(number) == _NUMBER_DIGITS and number.isascii() and number.isdigit():
                found[tag].append(int(number))
        return found


class InboxChain:
    """Implements `ports.sealed_inbox.Chain`; bodies are read when they are asked for."""

    def __init__(
        self,
        reader: InboxReader,
        item: str,
        tag: str,
        starts_at: str,
        pages: list[int],
        end: int,
    ) -> None:
        self.starts_at = starts_at
        self._reader = reader
        self._item = item
        self._tag = tag
        self._pages = pages
        self._end = end

    def __len__(self) -> int:
        return len(self._pages)

    def page(self, place: int) -> bytes:
        """Return a page's body."""
        return self._body(self._pages[place])

    def accounts(self) -> bytes:
        """Return the body that told of the accounts last."""
        return records.read_ending(self._body(self._end))[0]

    def item(self) -> bytes:
        """Return the body that told of the item last."""
        return records.read_ending(self._body(self._end))[1]

    def _body(self, number: int) -> bytes:
        said = self._reader.read(self._tag, number)
        if said is None or said.item != self._item:
            raise BankRetryError(code="INBOX_CHANGED")
        return said.body


def read_private(file: Path, most: int) -> bytes:
    """Return the bytes of a file that is no link, no pipe and not larger than we make one.

    Raises:
        OSError: it is, or cannot be read.
    """
    known = file.lstat()
    if not stat.S_ISREG(known.st_mode) or known.st_size > most:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    return file.read_bytes()


def _whole(steps: list[_Step]) -> tuple[str, list[int], int] | None:
    """Return where a chain starts, its pages, and its last end; None where it is broken or empty.

    Each sync of an item is a loop of pages up to an end. Where the bank's data changed meanwhile,
    a loop goes on from its first cursor again, and what it had read before counts for nothing; so
    does a last loop that has no end.
    """
    if not steps:
        return None
    starts_at = first = at = steps[0].before
    pages: list[int] = []
    loop: list[_Step] = []
    end: int | None = None
    for step in steps:
        if step.sort == records.PAGE:
            if step.before != at:
                if step.before != first:
                    return None
                loop = []
            loop.append(step)
            at = step.after
        elif loop and loop[-1].after:
            pages += [one.number for one in loop]
            first, loop, end = at, [], step.number
        else:
            at, loop = first, []
    return None if end is None else (starts_at, pages, end)
