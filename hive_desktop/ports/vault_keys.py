"""The keys of an open vault, as they are passed along."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, repr=False)
class VaultKeys:
    """The opened keys of a vault.

    `egress` keys the hashes of what left the machine; `commands` proves to the Hive that has the
    vault open that a command comes from somebody who can open it; `inbox` opens what came while the
    vault was locked.
    """

    master: bytes
    database: bytes
    egress: bytes = field(default=b"")
    commands: bytes = field(default=b"")
    inbox: bytes = field(default=b"")

    def __repr__(self) -> str:
        return "VaultKeys(***)"
