"""The computer's own keychain, through `keyring`, with a list of back-ends that truly encrypt.

A machine without one has none: no plain-text or null back-end is ever used, whatever `keyring`
would choose by itself. `keyring` is imported at the first call, because it looks through every
installed package for back-ends.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
from typing import TYPE_CHECKING

from hive_desktop.ports.errors import KeychainError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from keyring.backend import KeyringBackend

ALLOWED_BACKENDS = (
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.macOS.Keyring",
    "keyring.backends.Windows.WinVaultKeyring",
)
_SERVICE = "Hive Desktop vault"


class SystemKeychain:
    """Implements `ports.secrets.Keychain` over the first allowed back-end that works here."""

    def is_available(self) -> bool:
        """Tell whether a real, encrypted keychain answers."""
        return _backend() is not None

    def store(self, name: str, secret: bytes) -> None:
        """Keep the secret; raises KeychainError."""
        with _explained():
            _needed().set_password(_SERVICE, name, base64.b64encode(secret).decode())

    def fetch(self, name: str) -> bytes | None:
        """Return the secret or None; raises KeychainError when the keychain refuses."""
        with _explained():
            text = _needed().get_password(_SERVICE, name)
        if text is None:
            return None
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as exc:
            raise KeychainError("The keychain's entry for the vault is not Hive's.") from exc

    def forget(self, name: str) -> None:
        """Remove the secret; silent when it is not there."""
        with _explained():
            backend = _needed()
            if backend.get_password(_SERVICE, name) is not None:
                backend.delete_password(_SERVICE, name)


def class_path(backend: object) -> str:
    """Return the name by which back-ends are allowed."""
    kind = type(backend)
    return f"{kind.__module__}.{kind.__qualname__}"


def _backend() -> KeyringBackend | None:
    from keyring.backend import get_all_keyring  # noqa: PLC0415 - slow, and seldom needed

    with contextlib.suppress(KeychainError), _explained():
        viable = {class_path(backend): backend for backend in get_all_keyring()}
        return next((viable[path] for path in ALLOWED_BACKENDS if path in viable), None)
    return None


def _needed() -> KeyringBackend:
    backend = _backend()
    if backend is None:
        raise KeychainError("This computer has no keychain that Hive trusts.")
    return backend


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    from keyring.errors import KeyringError  # noqa: PLC0415 - see `_backend`

    try:
        yield
    except (KeyringError, OSError, RuntimeError) as exc:
        raise KeychainError from exc
