"""A person at the command line, with one small bank: what the sync commands' tests stand on."""

import hashlib
from collections import Counter
from contextlib import closing
from datetime import date

from hive_desktop import bootstrap
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.slots import KdfParameters
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.sandbox.bank import BankOptions, bulk_bank

TODAY = date(2026, 11, 23)
PASSPHRASE = "correct horse battery staple"
ROWS = 60
# What may change without a decision: the record of requests and of exchanges, and that the bank is
# known at all.
UNGUARDED = {"egress", "link_journal"}


def small_bank(items=1, rows=ROWS):
    return bulk_bank(items, rows, today=TODAY, options=BankOptions(rate_limits=False))


def cheap_store(clock, keychain=None):
    """The store of vaults without the price of a passphrase: these tests open them often."""
    kdf = KdfParameters(memory_kib=8, passes=1, lanes=1)
    return FileVaultStore(clock=clock, keychain=keychain or bootstrap.keychain(), kdf=kdf)


class Teller:
    """Says commands to one vault."""

    def __init__(self, hive, bank, url, folder, monkeypatch):
        self.hive = hive
        self.bank = bank
        self.folder = folder
        self._wanted = []
        monkeypatch.setattr(bootstrap, "vault_store", cheap_store)
        assert hive("vault", "create", "--vault", folder).code == 0
        said = hive(
            "bank", "set", "--vault", folder, "--environment", url, "--client-id", "sandbox-client",
            HIVE_PLAID_SECRET="sandbox-secret",
        )  # fmt: skip
        assert said.code == 0, said.err
        monkeypatch.setattr("webbrowser.open", self._visit)

    def _visit(self, url):
        wanted = self._wanted.pop(0) if self._wanted else self.bank.institution_ids[0]
        return bool(self.bank.complete_link(url.rsplit("/", 1)[-1], wanted))

    def say(self, *words, code=0):
        said = self.hive(*words, "--vault", self.folder, "--today", TODAY)
        assert said.code == code, (words, said.code, said.err, said.out)
        return said

    def asks(self, *words, code=0):
        """Say a command with --json; returns the document."""
        return self.say(*words, "--json", code=code).document

    def refuses(self, *words, code=2):
        """Say what must not work; title, message and hint are there, and nothing else."""
        for as_json in ((), ("--json",)):
            said = self.say(*words, *as_json, code=code)
            assert said.out == ""
            lines = said.err.strip().splitlines()
            assert len(lines) == 2, said.err
            assert ". " in lines[0]
        return said.err

    def link(self, *words, bank=None):
        self._wanted = [] if bank is None else [bank]
        return self.asks("link", *words)

    def sync(self, *words, code=0):
        (item,) = self.asks("sync", *words, code=code)["items"]
        return item

    def counts(self, *words):
        item = self.sync(*words)
        return item["added"], item["modified"], item["removed"]

    def rows(self):
        return self.asks("transactions")["transactions"]

    def row(self, text):
        (found,) = self.asks("transactions", "--search", f'"{text}"')["transactions"]
        return found

    def items(self):
        return self.asks("items")["items"]

    def states(self):
        return [one["state"] for one in self.items()]

    def calls(self, path):
        return sum(one["path"] == path for one in self.bank.requests())

    def opened(self):
        """The vault's file, opened beside Hive to look behind the commands."""
        keys = bootstrap.vault_store(bootstrap.clock_of(TODAY)).unlock(self.folder, PASSPHRASE)
        return closing(connect(self.folder / "ledger.db", keys.database, Role.TOOL))

    def sql(self, statement, *values):
        with self.opened() as raw:
            found = raw.execute(statement, values).fetchall()
            raw.commit()
            return found

    def dump(self, *but):
        """A digest of every table but some."""
        with self.opened() as raw:
            names = raw.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            ).fetchall()
            return {
                name: hashlib.sha256(
                    repr(sorted(map(repr, raw.execute(f"SELECT * FROM {name}")))).encode()  # noqa: S608
                ).hexdigest()
                for (name,) in names
                if name not in UNGUARDED | set(but) and not name.startswith("sqlite_stat")
            }


def without(rows, *names):
    return [{key: value for key, value in row.items() if key not in names} for row in rows]


def twins(rows):
    """Rows that look alike in all but their ids."""
    seen = Counter(tuple(sorted(map(repr, one.items()))) for one in without(rows, "id"))
    return [one for one, count in seen.items() if count > 1]
