"""The computer's keychain, for the vault's optional key slot."""

from __future__ import annotations

from typing import Protocol


class Keychain(Protocol):
    """Stores small secrets under a name. Calls block: use them on `hive-io`."""

    def is_available(self) -> bool:
        """Tell whether a real, encrypted keychain answers; never a plain-text one."""
        ...

    def store(self, name: str, secret: bytes) -> None:
        """Keep the secret; raises KeychainError."""
        ...

    def fetch(self, name: str) -> bytes | None:
        """Return the secret or None; raises KeychainError when the keychain refuses."""
        ...

    def forget(self, name: str) -> None:
        """Remove the secret; silent when it is not there."""
        ...
