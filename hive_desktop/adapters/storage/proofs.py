"""Balance proofs as stored: one line a verdict, folded while the verdict stays the same."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import derived, imports, listing, rows
from hive_desktop.adapters.storage.bulk import json_ids, unpack_ids
from hive_desktop.adapters.storage.instants import from_micros, from_optional, to_optional
from hive_desktop.domain.balance_proof import PROVED, Change, Checkpoint, Verdict, prove
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import AccountId, TransactionId
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.sync_store import Disagreement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import ItemId, TransactionRow

_MOST_CHANGES = 400
# A row that the person deleted is at the bank all the same, and in its balance.
_ACCOUNTS = """
    SELECT a.id, a.plaid_account_id, a.type, a.balance_current_minor, a.balance_available_minor,
           coalesce(sum(d.posted_minor), 0) + (
               SELECT coalesce(sum(iif(s.pending, 0, s.amount_minor)), 0) FROM shelved AS s
               WHERE s.account_id = a.id AND s.why = 'deleted' AND s.currency = a.currency
           ),
           coalesce(sum(d.pending_minor), 0) + (
               SELECT coalesce(sum(iif(s.pending, s.amount_minor, 0)), 0) FROM shelved AS s
               WHERE s.account_id = a.id AND s.why = 'deleted' AND s.currency = a.currency
           ),
           EXISTS (SELECT 1 FROM account_daily AS o
                   WHERE o.account_id = a.id AND o.currency <> a.currency)
    FROM accounts AS a
    LEFT JOIN account_daily AS d ON d.account_id = a.id AND d.currency = a.currency
    WHERE a.item_id = ? GROUP BY a.id
"""
_CHECK = """
    id, account_id, run_id, at, balance_at, current_minor, available_minor, posted_minor,
    pending_minor, verdict, difference_minor
"""
_LAST = f"SELECT {_CHECK} FROM balance_checks WHERE account_id = ? ORDER BY id DESC LIMIT 1"  # noqa: S608
_BASE = f"""
    SELECT {_CHECK} FROM balance_checks
    WHERE account_id = ? AND verdict IN ('first', 'agrees') ORDER BY id DESC LIMIT 1
"""  # noqa: S608 - constants of this module only
_INSERT = """
    INSERT INTO balance_checks (
        account_id, run_id, at, balance_at, current_minor, available_minor, posted_minor,
        pending_minor, verdict, difference_minor
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_DROP = "DELETE FROM balance_checks WHERE id = ?"
_LAST_TOLD = f"""
    SELECT {_CHECK} FROM balance_checks
    WHERE account_id = ? AND verdict <> 'unknown' ORDER BY id DESC LIMIT 1
"""  # noqa: S608 - constants of this module only
_LAST_TWO = """
    SELECT c.account_id, a.type, c.verdict, c.difference_minor
    FROM balance_checks AS c JOIN accounts AS a ON a.id = c.account_id
    WHERE c.id IN (
        SELECT n.id FROM balance_checks AS n
        WHERE n.account_id = c.account_id AND n.verdict <> 'unknown' ORDER BY n.id DESC LIMIT 2
    )
    ORDER BY c.account_id, c.id
"""
_EVENTS = """
    SELECT e.transaction_id, e.before FROM sync_events AS e
    JOIN sync_runs AS r ON r.id = e.run_id
    WHERE r.seq > coalesce((SELECT seq FROM sync_runs WHERE id = ?), 0)
      AND r.item_id = (SELECT item_id FROM accounts WHERE id = ?)
    ORDER BY e.id
"""
_ADDED = """
    SELECT s.ids, s.fetched FROM sync_added AS s JOIN sync_runs AS r ON r.id = s.run_id
    WHERE r.seq > coalesce((SELECT seq FROM sync_runs WHERE id = ?), 0)
      AND r.item_id = (SELECT item_id FROM accounts WHERE id = ?) ORDER BY r.seq
"""
# What a sync of a time frame brought from before all that was known of an account moved no balance:
# the bank had it all along. Where nothing was known, that is what is older than the balance.
_HISTORY = """
    WITH fetched AS (SELECT unhex(value) AS id FROM json_each(:keys)),
    mine AS (
        SELECT id, posted_on, currency, iif(pending, 0, amount_minor) AS minor
        FROM transactions
        WHERE account_id = :account_id AND id NOT IN (SELECT id FROM split_parts)
        UNION ALL
        SELECT id, posted_on, currency, iif(pending, 0, amount_minor) FROM shelved
        WHERE account_id = :account_id AND why IN ('deleted', 'split')
          AND id NOT IN (SELECT id FROM split_parts)
    )
    SELECT m.id, m.minor FROM mine AS m
    JOIN accounts AS a ON a.id = :account_id AND a.currency = m.currency
    WHERE m.id IN (SELECT id FROM fetched) AND m.posted_on < coalesce(
        (SELECT min(posted_on) FROM mine WHERE id NOT IN (SELECT id FROM fetched)), :base_day
    )
"""
_IMAGE = """
    SELECT before FROM sync_events WHERE transaction_id = ? AND kind = 'removed'
    ORDER BY id DESC LIMIT 1
"""
_NOW = """
    SELECT t.id, iif(t.pending, 0, t.amount_minor) FROM json_each(?) AS k
    CROSS JOIN transactions AS t ON t.id = unhex(k.value) WHERE t.account_id = ?
    UNION ALL
    SELECT t.id, iif(t.pending, 0, t.amount_minor) FROM json_each(?) AS k
    CROSS JOIN shelved AS t ON t.id = unhex(k.value)
    WHERE t.account_id = ? AND t.why IN ('deleted', 'split')
"""


class Proofs:
    """Reads the verdicts, and what may explain a disagreement."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def disagreeing(self) -> list[Disagreement]:
        """Return the accounts that have disagreed twice in a row."""
        verdicts: dict[bytes, list[tuple[str, int]]] = {}
        for account_id, kind, verdict, difference in self._all(_LAST_TWO):
            if kind in PROVED:  # the bank may have given it another type since
                verdicts.setdefault(account_id, []).append((verdict, difference))
        found = []
        for account_id, last_two in verdicts.items():
            bases = self._all(_BASE, account_id)
            if bases and [verdict for verdict, _ in last_two] == [Verdict.DISAGREES] * 2:
                since = from_micros(bases[0][4] or bases[0][3])
                found.append(Disagreement(AccountId(account_id), last_two[-1][1], since))
        return found

    def changes_since(self, account_id: AccountId) -> list[Change]:
        """Return by how much each row moved the posted sum since the last balance that agreed."""
        bases = self._all(_BASE, account_id)
        if not bases:
            return []
        before = self._before(account_id, bases[0][2])
        for row_id in self._history(account_id, bases[0]):
            before.pop(row_id, None)
        keys = json_ids(before)
        now = dict(self._all(_NOW, keys, account_id, keys, account_id))
        changes = [
            Change(row_id, now.get(row_id, 0) - was)
            for row_id, was in before.items()
            if now.get(row_id, 0) != was
        ]
        return changes[-_MOST_CHANGES:]

    def row(self, transaction_id: bytes) -> TransactionRow | None:
        """Return a row of the ledger, or as it was when the bank removed it; else None."""
        found = listing.transaction_row(self._handle.core, TransactionId(transaction_id))
        if found is not None:
            return found
        images = self._all(_IMAGE, transaction_id)
        return _row_of(json.loads(images[0][0])) if images else None

    def _before(self, account_id: AccountId, run_id: bytes) -> dict[bytes, int]:
        """Return what each changed row added to the posted sum at the last agreement."""
        before: dict[bytes, int] = {}
        for row_id, text in self._all(_EVENTS, run_id, account_id):
            image = json.loads(text)
            if row_id not in before:
                counts = not image["pending"] and image["account_id"] == account_id.hex().upper()
                before[row_id] = image["amount_minor"] if counts else 0
        for packed, _ in self._all(_ADDED, run_id, account_id):
            before.update((row_id, 0) for row_id in unpack_ids(packed))
        return before

    def _history(self, account_id: bytes, base: Any) -> dict[bytes, int]:
        """Return rows older than all that was known at a base, with their posted amounts."""
        added = self._all(_ADDED, base[2], account_id)
        fetched = [key for _, packed in added for key in unpack_ids(packed)]
        if not fetched:
            return {}
        base_day = to_day(from_micros(base[4] or base[3]).date())
        values = {"keys": json_ids(fetched), "account_id": account_id, "base_day": base_day}
        return dict(self._handle.raw.execute(_HISTORY, values).fetchall())

    def _all(self, statement: str, *values: object) -> list[Any]:
        found: list[Any] = self._handle.raw.execute(statement, values).fetchall()
        return found


class ProofWriter(Proofs):
    """Holds ledgers against balances, inside one transaction on the writer."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.handle)
        self._work = work

    def check(
        self, item_id: ItemId, run_id: bytes, balance_times: Mapping[str, datetime | None]
    ) -> None:
        """Prove each account of an item; see the port."""
        derived.refresh(self._work.connection, self._work.dirty)
        for row in self._all(_ACCOUNTS, item_id):
            account_id, plaid_id, kind, current, available, posted, pending, is_mixed = row
            # The bank's balance knows nothing of rows that only files told.
            untold = imports.untold_sums(self._handle, account_id)
            posted, pending = posted - untold[0], pending - untold[1]
            at = None if is_mixed else balance_times.get(plaid_id)
            after = Checkpoint(at, current, available, posted, pending)
            before = None
            moved = after
            for base in self._all(_BASE, account_id):
                before = _checkpoint(base)
                history = sum(self._history(account_id, base).values())
                moved = replace(after, posted_minor=posted - history)
            verdict, difference = prove(kind, before, moved)
            self._keep(account_id, run_id, after, verdict, difference)

    def accept(self, account_id: AccountId) -> None:
        """Make the check that disagrees the base of what comes; see the port.

        It is the last one that told anything: of a later balance nobody knows the time.
        """
        if account_id not in {one.account_id for one in self.disagreeing()}:
            raise UsageError(
                "The account's balance and the ledger do not disagree.",
                hint="hive accounts tells which accounts do.",
            )
        (last,) = self._all(_LAST_TOLD, account_id)
        self._insert(account_id, last[2], _checkpoint(last), Verdict.FIRST, 0)

    def _keep(
        self,
        account_id: bytes,
        run_id: bytes,
        after: Checkpoint,
        verdict: Verdict,
        difference: int,
    ) -> None:
        """Write a verdict; one like the last takes its place, and so does any after an unknown one.

        Unknown ones part nothing: a balance that disagrees before and after one has disagreed once.
        """
        for last in self._all(_LAST, account_id):
            if last[9] == Verdict.UNKNOWN:
                self._all(_DROP, last[0])
        for told in self._all(_LAST_TOLD, account_id):
            is_same = told[9] == verdict and (
                verdict is not Verdict.DISAGREES or told[4] == to_optional(after.at)
            )
            if is_same or (told[9] == Verdict.FIRST and verdict is Verdict.AGREES):
                self._all(_DROP, told[0])
        self._insert(account_id, run_id, after, verdict, difference)

    def _insert(
        self,
        account_id: bytes,
        run_id: bytes,
        after: Checkpoint,
        verdict: Verdict,
        difference: int,
    ) -> None:
        sums = (after.current_minor, after.available_minor, after.posted_minor, after.pending_minor)
        now, balance_at = self._work.now(), to_optional(after.at)
        values = (account_id, run_id, now, balance_at, *sums, verdict.value)
        self._all(_INSERT, *values, difference)
        self._work.note(Kind.ACCOUNTS, (account_id,))


def _row_of(image: dict[str, Any]) -> TransactionRow:
    """Return a row that the bank removed, by its image; its category is not looked up."""
    values = (
        image["seq"],
        bytes.fromhex(image["id"]),
        bytes.fromhex(image["account_id"]),
        *(image[name] for name in ("posted_on", "authorized_on", "amount_minor", "currency")),
        image["name"],
        image["display_name"] or image["merchant_name"],
        image["description"],
        *(None, None, None, None),
        image["pending"],
        image["note"],
        0,
    )
    return rows.transaction_rows([values])[0]


def _checkpoint(row: Any) -> Checkpoint:
    return Checkpoint(from_optional(row[4]), *row[5:9])
