"""Only keychains that truly encrypt are used; everything that goes wrong is a KeychainError."""

import pytest
from keyring import backend as keyring_backend
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked, PasswordDeleteError

from hive_desktop.adapters import secrets
from hive_desktop.ports.errors import KeychainError

SERVICE = "keyring.backends.SecretService"


def stored_in(module, name):
    """Return a working back-end that calls itself by a given class path."""

    class Backend(KeyringBackend):
        priority = 5
        entries = {}  # noqa: RUF012 - of this one class

        def get_password(self, service, username):
            return self.entries.get((service, username))

        def set_password(self, service, username, password):
            self.entries[service, username] = password

        def delete_password(self, service, username):
            del self.entries[service, username]

    Backend.__module__, Backend.__qualname__ = module, name
    return Backend()


@pytest.fixture
def present(monkeypatch):
    """Choose which back-ends the computer has."""

    def choose(*backends):
        monkeypatch.setattr(keyring_backend, "get_all_keyring", lambda: list(backends))

    return choose


def test_a_real_keychain_keeps_and_forgets(present):
    backend = stored_in(SERVICE, "Keyring")
    present(fail.Keyring(), backend)
    keychain = secrets.SystemKeychain()
    secret = bytes(range(32))
    assert keychain.is_available()
    assert keychain.fetch("vault") is None
    keychain.store("vault", secret)
    assert keychain.fetch("vault") == secret
    assert keychain.fetch("other") is None
    keychain.forget("vault")
    keychain.forget("vault")
    assert keychain.fetch("vault") is None


@pytest.mark.parametrize(
    "backend",
    [
        fail.Keyring(),
        null.Keyring(),
        stored_in("keyrings.alt.file", "PlaintextKeyring"),
        stored_in("keyrings.alt.file", "EncryptedKeyring"),
        stored_in("keyring.backends.chainer", "ChainerBackend"),
        stored_in("keyring.backends.SecretService", "Keyring.Other"),
    ],
    ids=secrets.class_path,
)
def test_no_other_keychain_is_ever_used(present, backend):
    present(backend)
    keychain = secrets.SystemKeychain()
    assert not keychain.is_available()
    for call in (
        lambda: keychain.store("vault", b"secret"),
        lambda: keychain.fetch("vault"),
        lambda: keychain.forget("vault"),
    ):
        with pytest.raises(KeychainError):
            call()
    assert not getattr(backend, "entries", {})


@pytest.mark.parametrize("error", [KeyringLocked("no"), PasswordDeleteError("no"), OSError("gone")])
def test_a_refusal_is_explained(present, monkeypatch, error):
    backend = stored_in(SERVICE, "Keyring")

    def refuse(*_):
        raise error

    monkeypatch.setattr(backend, "get_password", refuse)
    present(backend)
    with pytest.raises(KeychainError):
        secrets.SystemKeychain().fetch("vault")


def test_a_foreign_entry_is_refused(present):
    backend = stored_in(SERVICE, "Keyring")
    present(backend)
    secrets.SystemKeychain().store("vault", b"x")
    backend.entries.update(dict.fromkeys(backend.entries, "not base64!"))
    with pytest.raises(KeychainError):
        secrets.SystemKeychain().fetch("vault")
