"""The adapters that are chosen, and the services made of them."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from typing import TYPE_CHECKING

from hive_desktop import config
from hive_desktop.adapters.ai.backends import Backends
from hive_desktop.adapters.secrets import SystemKeychain
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.adapters.system import (
    FrozenClock,
    SystemBrowser,
    SystemClock,
)
from hive_desktop.services.ai_access import AiAccess

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date
    from pathlib import Path

    from hive_desktop.domain.redaction import Redactor
    from hive_desktop.domain.vocabulary import Vocabulary
    from hive_desktop.ports.bank import BankConnector
    from hive_desktop.ports.offline_model import OfflineModel
    from hive_desktop.ports.relay import RelayDoor
    from hive_desktop.ports.secrets import Keychain
    from hive_desktop.ports.storage import Database
    from hive_desktop.ports.system import Browser, Clock
    from hive_desktop.ports.vault import VaultStore
    from hive_desktop.services.bank_access import BankAccess, BankKeys
    from hive_desktop.services.egress import EgressService

_LONGEST_NAME = 100


def clock_of(today: date | None) -> Clock:
    """Return the machine's clock, or one that stands at a date."""
    return SystemClock() if today is None else FrozenClock(today)


def browser() -> Browser:
    """Return the person's own browser."""
    return SystemBrowser()


def keychain() -> Keychain:
    """Return this computer's keychain."""
    return SystemKeychain()


def vault_store(clock: Clock, chain: Keychain | None = None) -> VaultStore:
    """Return the store of vault folders."""
    return FileVaultStore(clock=clock, keychain=chain or keychain())


@cache
def vocabulary() -> Vocabulary:
    """Return what the program knows of businesses and words."""
    from hive_desktop.adapters.ai.offline.loading import (  # noqa: PLC0415 - numpy
        read_vocabulary,
    )

    return read_vocabulary(config.resources_dir() / "lexicon")


@cache
def offline_model() -> OfflineModel:
    """Return the model that guesses categories without a network, as it was built."""
    from hive_desktop.adapters.ai.offline.loading import load_model  # noqa: PLC0415 - numpy

    return load_model(config.resources_dir() / "lexicon")


def plaid(bank_keys: BankKeys, egress_key: bytes, clock: Clock, folder: Path) -> BankConnector:
    """Return what speaks to Plaid by the person's own keys; the folder is the vault's."""
    from hive_desktop.adapters.bank.plaid_direct import PlaidDirect  # noqa: PLC0415 - heavy SDK

    return PlaidDirect(
        bank_keys.host,
        bank_keys.client_id,
        bank_keys.secret,
        egress_key=egress_key,
        clock=clock,
        folder=folder,
    )


def relay_door(egress_key: bytes, clock: Clock) -> RelayDoor:
    """Return what speaks to a relay."""
    from hive_desktop.adapters.bank.relay_door import Door  # noqa: PLC0415 - not for every start

    return Door(
        egress_key, clock, device_name=f"Hive on {platform.node() or 'a computer'}"[:_LONGEST_NAME]
    )


def ai_access(
    database: Database, bank: BankAccess, egress: EgressService, egress_key: bytes, clock: Clock
) -> AiAccess:
    """Return the access to a model, which may be the relay's."""

    def relay() -> tuple[str, Callable[[str | None], Awaitable[str]]] | None:
        link, grant = bank.relay, bank.grant
        if link is None or grant is None:
            return None
        return grant.url, lambda stale: link.bearer(stale=stale)

    maker = Backends(egress_key, clock, relay)
    return AiAccess(database, maker, egress.note, egress.cost_this_month)


def redactor(egress_key: bytes) -> Callable[[], Redactor]:
    """Return the maker of the redactor: its tokens are the vault's own, its businesses ours."""

    @cache
    def make() -> Redactor:
        from hive_desktop.domain.redaction import Redactor  # noqa: PLC0415 - not for every start

        facts = vocabulary().facts
        businesses = [fact.phrase for fact in facts if fact.is_merchant]
        words = [fact.phrase for fact in facts if not fact.is_merchant]
        key = hashlib.blake2b(egress_key, digest_size=32, person=b"hive-tokens").digest()
        return Redactor(key, businesses, words)

    return make
