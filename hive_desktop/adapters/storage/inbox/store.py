"""The inbox in a vault's folder: begun, opened, cleared."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.storage.faults import translated
from hive_desktop.adapters.storage.files import make_private_folder, replace_file, sync_folder
from hive_desktop.adapters.storage.inbox import hpke, records
from hive_desktop.adapters.storage.inbox.reader import InboxReader, read_private
from hive_desktop.adapters.storage.inbox.writer import InboxWriter

if TYPE_CHECKING:
    from pathlib import Path

    from hive_desktop.ports.vault import VaultKeys

FOLDER: Final = "inbox"
_INFO: Final = b"hive inbox: key"
_LARGEST_HEAD: Final = 1024


class FileInboxes:
    """Implements `ports.sealed_inbox.InboxStore`."""

    def begin(self, folder: Path, keys: VaultKeys) -> InboxWriter:
        """Put an empty inbox in place of what is there.

        Its mark is a hash of its head, and the vault keeps it: no other inbox is opened, neither
        an older one nor one that somebody else has made.
        """
        inbox = folder / FOLDER
        public = hpke.public_of(keys.inbox)
        key = secrets.token_bytes(records.KEY_BYTES)
        head = hpke.seal(public, key, _INFO)
        with translated(folder):
            _remove(inbox)
            make_private_folder(inbox)
            replace_file(inbox / records.HEAD, head)
            sync_folder(folder)
        return InboxWriter(folder, inbox, mark_of(head), public=public, key=key)

    def open(self, folder: Path, keys: VaultKeys, mark: str) -> InboxReader | None:
        """Open the inbox that has this mark."""
        inbox = folder / FOLDER
        try:
            head = read_private(inbox / records.HEAD, _LARGEST_HEAD)
        except OSError:
            return None
        if mark_of(head) != mark:
            return None
        key = hpke.unseal(keys.inbox, head, _INFO)
        return None if key is None else InboxReader(inbox, mark, keys, key)

    def clear(self, folder: Path) -> None:
        """Delete what is there, the head first: without it nothing opens."""
        inbox = folder / FOLDER
        with suppress(OSError):
            if inbox.is_symlink():
                inbox.unlink()
            else:
                (inbox / records.HEAD).unlink(missing_ok=True)
                shutil.rmtree(inbox, ignore_errors=True)


def mark_of(head: bytes) -> str:
    """Return by which a head is known."""
    return hashlib.blake2b(head, digest_size=32, person=b"hive-inbox").hexdigest()


def _remove(inbox: Path) -> None:
    if inbox.is_symlink() or inbox.is_file():
        inbox.unlink()
    elif inbox.exists():
        shutil.rmtree(inbox)
