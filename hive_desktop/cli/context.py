"""Opening a vault for one command: where it lies, how the passphrase comes in, and the session."""

from __future__ import annotations

import getpass
import os
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from hive_desktop import bootstrap
from hive_desktop.config import AppConfig
from hive_desktop.ports.errors import (
    KeychainError,
    NoVaultError,
    UsageError,
    VaultBusyError,
    VaultLockedError,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ports.vault import VaultKeys, VaultStore
    from hive_desktop.services.session import VaultSession

T = TypeVar("T")
_LONGEST_SECRET = 4096


@dataclass(frozen=True, slots=True)
class SecretKind:
    """A secret, and the ways in which a person may give it besides a prompt.

    Args:
        name: what it is called, in the middle of a sentence.
        variable: the environment variable that may hold it.
        option: the option that names its file descriptor.
        opens_vault: without it the vault stays locked.
    """

    name: str
    variable: str
    option: str
    opens_vault: bool = False

    def missing(self) -> HiveError:
        """Return what to say when it was not given and cannot be asked for."""
        message = "This needs the {name}, and none was given."
        hint = "Set {variable}, use {option}, or run it in a terminal."
        words = {"name": self.name, "variable": self.variable, "option": self.option}
        if self.opens_vault:
            return VaultLockedError(message, hint=hint, **words)
        return UsageError(message, title="A secret is missing", hint=hint, **words)


PASSPHRASE = SecretKind(
    "vault's passphrase", "HIVE_PASSPHRASE", "--passphrase-fd", opens_vault=True
)
FIRST_PASSPHRASE = SecretKind("new vault's passphrase", "HIVE_PASSPHRASE", "--passphrase-fd")
NEW_PASSPHRASE = SecretKind("new passphrase", "HIVE_NEW_PASSPHRASE", "--new-passphrase-fd")
RECOVERY_KIT = SecretKind(
    "vault's recovery kit", "HIVE_RECOVERY_KIT", "--passphrase-fd", opens_vault=True
)
RELAY_PASSWORD = SecretKind("password at the relay", "HIVE_RELAY_PASSWORD", "--password-fd")
NEW_RELAY_PASSWORD = SecretKind(
    "new password at the relay", "HIVE_NEW_RELAY_PASSWORD", "--new-password-fd"
)
PLAID_SECRET = SecretKind("Plaid secret", "HIVE_PLAID_SECRET", "--secret-fd")


def run(work: Callable[[], Awaitable[T]]) -> T:
    """Run a command's async part."""

    async def inside() -> T:
        return await work()

    return bootstrap.run_async(inside())


def folder_of(options: argparse.Namespace) -> Path:
    """Return the vault's folder: the one named, else the platform's own."""
    return AppConfig.default(options.vault).vault


def secret_from_fd(fd: int) -> str:
    """Read a secret up to the end of the file or its first line.

    Raises:
        UsageError: the descriptor is not open, or holds no text.
    """
    try:
        with os.fdopen(fd, "rb") as stream:
            raw = stream.read(_LONGEST_SECRET)
        return raw.decode("utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError, OverflowError) as exc:
        raise UsageError(
            "Nothing readable is on file descriptor {fd}.",
            hint="Open it in the shell, for example: --passphrase-fd 3 3< file",
            fd=fd,
        ) from exc


def secret(kind: SecretKind, *, fd: int | None, prompt: str) -> str:
    """Return a secret from a descriptor, an environment variable (dropped at once), or a prompt.

    Raises:
        UsageError: none of them is there.
        VaultLockedError: none of them is there, for a secret that opens the vault.
    """
    stored = os.environ.pop(kind.variable, None)
    if fd is not None:
        return secret_from_fd(fd)
    if stored is not None:
        return stored
    if not has_terminal():
        raise kind.missing()
    return ask(prompt)


def ask(prompt: str) -> str:
    """Ask for a secret in the terminal, without showing it."""
    with bootstrap.interruptible():
        return getpass.getpass(f"{prompt}: ", stream=sys.stderr)


def passphrase(options: argparse.Namespace) -> str:
    """Return the vault's passphrase as given."""
    return secret(PASSPHRASE, fd=options.passphrase_fd, prompt="Passphrase")


def agreed(options: argparse.Namespace, question: str) -> bool:
    """Ask before something that changes much; --yes answers, and so does nobody in a script."""
    return options.yes or (not options.json and says_yes(question))


def has_terminal() -> bool:
    """Tell whether there is a terminal in which somebody can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def says_yes(question: str) -> bool:
    """Ask in the terminal; where there is none, nobody says yes."""
    if not has_terminal():
        return False
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    with bootstrap.interruptible():
        return sys.stdin.readline().strip().casefold() in ("y", "yes")


def keys_of(options: argparse.Namespace, store: VaultStore, folder: Path) -> VaultKeys:
    """Return the keys: by what was given, else by the keychain, else by a prompt.

    Raises:
        NoVaultError: there is no vault.
        VaultLockedError: no passphrase was given and none can be asked for.
        WrongKeyError: it is the wrong one.
    """
    if not store.exists(folder):
        raise NoVaultError(folder=folder)
    is_given = options.passphrase_fd is not None or "HIVE_PASSPHRASE" in os.environ
    has_slot = not is_given and any(s.kind == "keyring" for s in store.info(folder).slots)
    if has_slot:
        try:
            return store.unlock_keychain(folder)
        except KeychainError:
            pass  # the prompt is the other way in
    return store.unlock(folder, passphrase(options))


@asynccontextmanager
async def session_of(
    options: argparse.Namespace, *, may_read_only: bool = False, **choices: Any
) -> AsyncIterator[VaultSession]:
    """Open the vault's session for one command.

    Args:
        options: the command's options.
        may_read_only: when another process owns the vault, read beside it instead of failing.
        **choices: passed on to `bootstrap.open_session`.
    """
    clock = bootstrap.clock_of(options.today)
    store = bootstrap.vault_store(clock)
    folder = folder_of(options)
    # On this thread, so that Ctrl-C ends a prompt; nothing else runs yet that could wait for it.
    keys = keys_of(options, store, folder)
    choices |= {"clock": clock, "store": store}
    try:
        session = await bootstrap.open_session(folder, keys, **choices)
        session.egress.keep(session.scope)
    except VaultBusyError:
        if not may_read_only:
            raise
        session = await bootstrap.open_session(folder, keys, read_only=True, **choices)
    try:
        yield session
    finally:
        await session.close()
