"""The adapters that are chosen, and the services made of them."""

from __future__ import annotations

import hashlib
import platform
from dataclasses import replace
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
from hive_desktop.bootstrap.later import later
from hive_desktop.i18n import tr
from hive_desktop.services.ai_access import AiAccess
from hive_desktop.services.background import BackgroundSync

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import date
    from pathlib import Path

    from hive_desktop.domain.exporting import ExportFormat
    from hive_desktop.domain.redaction import Redactor
    from hive_desktop.domain.vocabulary import Vocabulary
    from hive_desktop.ports.bank import BankConnector
    from hive_desktop.ports.egress import Egress
    from hive_desktop.ports.events import EventSink
    from hive_desktop.ports.exports import Writer
    from hive_desktop.ports.files import FileReader
    from hive_desktop.ports.offline_model import OfflineModel
    from hive_desktop.ports.relay import (
        BodyReader,
        RawBank,
        RelayDoor,
        RelayGrant,
        RelayLink,
    )
    from hive_desktop.ports.sealed_inbox import InboxStore
    from hive_desktop.ports.secrets import Keychain
    from hive_desktop.ports.storage import Database
    from hive_desktop.ports.system import Browser, Clock, Network
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

    name = tr("Hive on {computer}", computer=platform.node() or tr("a computer"))
    return Door(egress_key, clock, device_name=name[:_LONGEST_NAME])


def file_reader() -> FileReader:
    """Return what reads files of banks and other programs."""
    from hive_desktop.adapters.files.reader import StatementReader  # noqa: PLC0415 - as above

    return StatementReader()


def export_writers() -> Mapping[ExportFormat, Writer]:
    """Return what writes rows for other programs, by format."""
    from hive_desktop.adapters.files.writing import WRITERS  # noqa: PLC0415 - as above

    return WRITERS


def inboxes() -> InboxStore:
    """Return where what comes while a vault is locked is sealed."""
    return later(_inboxes)


def body_reader() -> BodyReader:
    """Return what reads a bank's answers that were kept."""
    return later(_body_reader)


def hashed(entry: Egress, egress_key: bytes) -> Egress:
    """Return the record of a request with the hash that could not be made while locked."""
    from hive_desktop.plaidkit.egress import hash_of  # noqa: PLC0415 - not for every start

    if entry.unhashed is None:
        return entry
    return replace(entry, body_hash=hash_of(egress_key, entry.unhashed), unhashed=None)


def digest(egress_key: bytes) -> Callable[[bytes], bytes]:
    """Return what makes the hash of a body that is recorded."""

    def made(body: bytes) -> bytes:
        from hive_desktop.plaidkit.egress import hash_of  # noqa: PLC0415 - not for every start

        return hash_of(egress_key, body)

    return made


def _inboxes() -> InboxStore:
    from hive_desktop.adapters.storage.inbox.store import (  # noqa: PLC0415 - not for every start
        FileInboxes,
    )

    return FileInboxes()


def _body_reader() -> BodyReader:
    from hive_desktop.adapters.bank.relay_raw import BodyReader  # noqa: PLC0415 - as above

    return BodyReader()


def background(network: Network, clock: Clock, bus: EventSink) -> BackgroundSync:
    """Return what goes on while the vault is locked."""

    def enter(
        grant: RelayGrant, keep: Callable[[RelayGrant], Awaitable[None]]
    ) -> tuple[RelayLink, RawBank]:
        from hive_desktop.adapters.bank.relay_client import RelayClient  # noqa: PLC0415 - as above
        from hive_desktop.adapters.bank.relay_raw import RelayRaw  # noqa: PLC0415 - as above

        client = RelayClient(grant, keep, egress_key=None, clock=clock)
        return client, RelayRaw(client)

    return BackgroundSync(inboxes(), enter, network=network, clock=clock, bus=bus)


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
