"""Opening a vault for one command: where it lies, how the passphrase comes in, and the session."""

from __future__ import annotations

import getpass
import os
import sys
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from hive_desktop import bootstrap
from hive_desktop.cli import given, output, served, streams, words
from hive_desktop.config import AppConfig
from hive_desktop.ports.backups import Phase
from hive_desktop.ports.errors import (
    HiveError,
    KeychainError,
    NoVaultError,
    UsageError,
    VaultBusyError,
    VaultLockedError,
    WrongKeyError,
)
from hive_desktop.ports.handover import Ask

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

    from hive_desktop.ports.backups import Heard
    from hive_desktop.ports.vault import VaultKeys, VaultStore
    from hive_desktop.services.session import VaultSession

T = TypeVar("T")
_LONGEST_SECRET = 4096


class OwnedElsewhereError(Exception):
    """Another process owns the vault, and this one has its keys: the owner may do it instead."""

    def __init__(self, busy: VaultBusyError, folder: Path, keys: VaultKeys) -> None:
        super().__init__(str(busy))
        self.busy = busy
        self.folder = folder
        self.keys = keys


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

    here = served.current()
    return bootstrap.run_async(inside()) if here is None else here.run(inside)


def folder_of(options: argparse.Namespace) -> Path:
    """Return the vault's folder: the one named, else the platform's own."""
    return AppConfig.default(options.vault).vault


def check_vault(options: argparse.Namespace) -> None:
    """Look whether there is a vault, before a person is asked for anything else.

    Raises:
        NoVaultError: there is none.
    """
    if served.current() is not None:
        return
    store, folder = bootstrap.vault_store(bootstrap.clock_of(options.today)), folder_of(options)
    store.settle(folder)
    if not store.exists(folder):
        raise NoVaultError(folder=folder)


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
    if (here := served.current()) is not None:
        answer = here.ask(Ask(prompt, variable=kind.variable, fd=fd))
        if answer is None:
            raise kind.missing()
        return answer
    stored = given.take(kind.variable)
    if fd is not None:
        return given.keep(kind.variable, secret_from_fd(fd))
    if stored is not None:
        return stored
    if not has_terminal():
        raise kind.missing()
    typed = _asked(prompt)
    if typed is None:
        raise kind.missing()
    return given.keep(kind.variable, typed)


def is_given(variable: str) -> bool:
    """Tell whether a variable of the environment holds a secret, here or where it is asked for."""
    here = served.current()
    return given.is_there(variable) if here is None else variable in here.command.given


def taken(variable: str) -> str | None:
    """Return what a variable of the environment holds, which is dropped at once."""
    here = served.current()
    return given.take(variable) if here is None else here.ask(Ask("", variable=variable))


def ask(prompt: str) -> str:
    """Ask for a secret in the terminal, without showing it."""
    if (here := served.current()) is not None:
        return here.ask(Ask(prompt, variable=prompt)) or ""
    return given.keep(prompt, _asked(prompt) or "")


def passphrase(options: argparse.Namespace) -> str:
    """Return the vault's passphrase as given."""
    return secret(PASSPHRASE, fd=options.passphrase_fd, prompt="Passphrase")


def agreed(options: argparse.Namespace, question: str) -> bool:
    """Ask before something that changes much; --yes answers, and so does nobody in a script."""
    return options.yes or (not options.json and says_yes(question))


async def agreed_inside(options: argparse.Namespace, question: str) -> bool:
    """Ask as `agreed` does, from a coroutine: a window that runs it goes on meanwhile."""
    return options.yes or (not options.json and await says_yes_inside(question))


def not_agreed(
    options: argparse.Namespace,
    title: str = "Nothing was changed",
    hint: str = "Add --yes to do it.",
) -> HiveError:
    """Return what to say where `agreed` came to no: nobody could be asked, or the person said so.

    Args:
        options: the command's options.
        title: that nothing was done.
        hint: how it is done all the same.
    """
    if options.json or not has_terminal():
        return UsageError("Nobody can be asked whether it may be done.", title=title, hint=hint)
    return HiveError("You did not agree to it.", title=title, hint=hint)


def has_terminal() -> bool:
    """Tell whether there is a terminal in which somebody can be asked."""
    if (here := served.current()) is not None:
        return here.command.terminal.asks
    return sys.stdin is not None and sys.stdin.isatty()


def says_yes(question: str) -> bool:
    """Ask in the terminal; where there is none, nobody says yes."""
    if not has_terminal():
        return False
    if (here := served.current()) is not None:
        return here.ask(Ask(question)) == given.YES
    streams.err.write(f"{question} [y/N] ")
    streams.err.flush()
    # On this thread, so that Ctrl-C ends it; nothing else runs that could not wait.
    with bootstrap.interruptible():
        return sys.stdin.readline().strip().casefold() in ("y", "yes")


async def says_yes_inside(question: str) -> bool:
    """Ask as `says_yes` does, from a coroutine."""
    here = served.current()
    if here is None:
        return says_yes(question)
    return has_terminal() and await here.command.ask(Ask(question)) == given.YES


def _asked(prompt: str) -> str | None:
    """Ask for a secret; None where the input ends, as at Ctrl-D."""
    try:
        with bootstrap.interruptible():
            return getpass.getpass(f"{prompt}: ", stream=sys.stderr)
    except EOFError:
        sys.stderr.write("\n")
        return None


def keys_of(options: argparse.Namespace, store: VaultStore, folder: Path) -> VaultKeys:
    """Return the keys: by what was given, else by the keychain, else by a prompt.

    Raises:
        NoVaultError: there is no vault.
        VaultLockedError: no passphrase was given and none can be asked for.
        WrongKeyError: it is the wrong one.
    """
    store.settle(folder)
    if not store.exists(folder):
        raise NoVaultError(folder=folder)
    is_told = options.passphrase_fd is not None or is_given(PASSPHRASE.variable)
    has_slot = not is_told and any(s.kind == "keyring" for s in store.info(folder).slots)
    if has_slot:
        try:
            return store.unlock_keychain(folder)
        except (KeychainError, WrongKeyError):
            pass  # the prompt is the other way in; a restored vault has the key of its day
    return store.unlock(folder, passphrase(options))


@contextmanager
def update_told(store: VaultStore, folder: Path) -> Iterator[Heard]:
    """Give what an opening tells of an update of the vault; at its end say where the backup is."""
    seen: set[Phase] = set()
    with output.progress() as tell:
        yield words.update_far(tell, seen)
    if Phase.COPYING in seen:
        place = store.backups.own_place(folder)
        output.say(f"The vault is up to date. The backup from before lies in {place}.")


@asynccontextmanager
async def session_of(
    options: argparse.Namespace, *, may_read_only: bool = False, **choices: Any
) -> AsyncIterator[VaultSession]:
    """Open the vault's session for one command.

    Args:
        options: the command's options.
        may_read_only: when another process owns the vault, read beside it instead of failing.
        **choices: passed on to `bootstrap.open_session`.

    Raises:
        OwnedElsewhereError: another process owns the vault, and may be asked to do it.
    """
    if (here := served.current()) is not None:
        here.check(options)
        yield here.session
        return
    clock = bootstrap.clock_of(options.today)
    store = bootstrap.vault_store(clock)
    folder = folder_of(options)
    # On this thread, so that Ctrl-C ends a prompt; nothing else runs yet that could wait for it.
    keys = keys_of(options, store, folder)
    choices |= {"clock": clock, "store": store}
    try:
        with update_told(store, folder) as heard:
            session = await bootstrap.open_session(folder, keys, heard=heard, **choices)
        session.egress.keep(session.scope)
        if session.folding is not None and session.folding.refused is not None:
            output.say_error(session.folding.refused)
    except VaultBusyError as busy:
        if not may_read_only:
            raise OwnedElsewhereError(busy, folder, keys) from busy
        session = await bootstrap.open_session(folder, keys, read_only=True, **choices)
    try:
        yield session
    finally:
        await session.close()
