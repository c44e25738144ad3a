"""The checks of `hive doctor`: small functions from facts to what they mean.

A sentence has no name, no amount and no path in it, so that what is found may be passed on.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.ledger import ItemState
from hive_desktop.i18n import mark
from hive_desktop.ports.diagnostics import Finding, Result
from hive_desktop.ports.errors import VaultDamagedError, VaultTooNewError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hive_desktop.domain.ledger import Item
    from hive_desktop.ports.diagnostics import (
        BackupsSeen,
        LedgerLook,
        Reached,
        VaultLook,
        WindowLook,
    )
    from hive_desktop.ports.errors import VaultError

OK, WARNING, PROBLEM, UNKNOWN = Result.OK, Result.WARNING, Result.PROBLEM, Result.UNKNOWN
_MEGABYTE: Final = 1_000_000
_LEAST_FREE: Final = 50 * _MEGABYTE
_LITTLE_FREE: Final = 1_000 * _MEGABYTE
_OLDEST: Final = datetime(2025, 1, 1, tzinfo=UTC)
_NEWEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
_SKEW: Final = timedelta(minutes=5)
_STALE: Final = timedelta(days=3)
_OLD_BACKUP: Final = timedelta(days=8)
_NEEDS_PERSON: Final = frozenset(
    {ItemState.NEEDS_RELINK, ItemState.REVOKED, ItemState.MISCONFIGURED, ItemState.EXPIRING}
)
_TROUBLED: Final = frozenset({ItemState.DEGRADED, ItemState.RATE_LIMITED})
_OLDER: Final = mark("An older ledger tells it once it is brought up to date: open the vault.")
_LOCKED: Final = mark("This needs the open vault.")
_LOCKED_COMMAND: Final = "Give the passphrase by HIVE_PASSPHRASE or --passphrase-fd."
_RESTORE: Final = mark("Take a backup back, from before this began.")
_RESTORE_COMMAND: Final = (
    "Take a backup back, from before this began: hive backup list, and restore."
)
_BACK_UP_COMMAND: Final = "Make a backup: hive backup now."


def versions(known: Mapping[str, str]) -> Finding:
    """Say what the program runs on."""
    values = {"version": known.get("Hive", ""), "system": known.get("System", "")}
    return Finding("versions", OK, mark("Hive {version} on {system}."), values=values)


def header(look: VaultLook) -> Finding:
    """Say whether the header can be read."""
    if not look.exists:
        return Finding("header", UNKNOWN, mark("There is no vault yet."))
    if look.slots is None:
        return Finding(
            "header", PROBLEM, mark("The vault's header cannot be read ({fault})."),
            _RESTORE, _RESTORE_COMMAND,
            values={"fault": look.header_fault},
        )  # fmt: skip
    return Finding("header", OK, mark("The vault's header is whole."))


def slots(look: VaultLook, *, has_keychain: bool) -> Finding | None:
    """Say by what the vault can be opened; None without a header."""
    found = look.slots
    if found is None:
        return None
    if not found.passphrase or not found.recovery:
        return Finding(
            "slots", WARNING, mark("The vault has no passphrase or no recovery kit."),
            mark("Make a recovery kit, and keep it apart from this computer."),
        )  # fmt: skip
    if found.weak:
        return Finding(
            "slots", WARNING, mark("The passphrase is easier to guess than it has to be."),
            mark("Change the passphrase, to the same one if you like: it is sealed anew."),
        )  # fmt: skip
    if found.keyring and not has_keychain:
        return Finding(
            "slots", WARNING, mark("The vault has a key in a keychain that does not answer."),
            mark("Open it with the passphrase, or take the keychain's key away."),
        )  # fmt: skip
    if found.keyring:
        return Finding("slots", OK, mark("Passphrase, recovery kit and keychain open the vault."))
    return Finding("slots", OK, mark("Passphrase and recovery kit open the vault."))


def seal(*, is_right: bool | None) -> Finding:
    """Say whether the header is as the program wrote it; None where that needs the key."""
    if is_right is None:
        return Finding("seal", UNKNOWN, mark("The header's seal was not checked."), _LOCKED,
                       _LOCKED_COMMAND)  # fmt: skip
    if not is_right:
        return Finding(
            "seal",
            PROBLEM,
            mark("Another program has changed the vault's header."),
            _RESTORE,
            _RESTORE_COMMAND,
        )
    return Finding("seal", OK, mark("The header's seal is right."))


def ledger(look: LedgerLook | None, fault: VaultError | None = None) -> list[Finding]:
    """Say how the ledger's pages, schema and derived tables stand.

    Args:
        look: what it tells of itself; None where it is not open.
        fault: why it could not be read.
    """
    if isinstance(fault, VaultTooNewError):
        words = mark("A newer Hive has written the ledger.")
        return [Finding("schema", PROBLEM, words, mark("Install the newer Hive again."))]
    if isinstance(fault, VaultDamagedError):
        return [
            Finding(
                "integrity", PROBLEM, mark("The ledger cannot be read."), _RESTORE, _RESTORE_COMMAND
            )
        ]
    if fault is not None:
        words = mark("The ledger could not be opened ({fault}).")
        return [Finding("integrity", UNKNOWN, words, values={"fault": type(fault).__name__})]
    if look is None:
        words = mark("The ledger was not looked at.")
        return [Finding("integrity", UNKNOWN, words, _LOCKED, _LOCKED_COMMAND)]
    return [_integrity(look), _schema(look), _derived(look)]


def _integrity(look: LedgerLook) -> Finding:
    bad = look.faults + (look.broken_pages or 0)
    if bad:
        return Finding(
            "integrity", PROBLEM, mark("The ledger is damaged; faults found: {count}."),
            _RESTORE, _RESTORE_COMMAND,
            values={"count": bad},
        )  # fmt: skip
    if look.orphans:
        return Finding(
            "integrity", PROBLEM, mark("Rows name others that are not there: {count}."),
            mark("Save a report, and pass it on."), values={"count": look.orphans},
        )  # fmt: skip
    if look.is_thorough:
        return Finding("integrity", OK, mark("Every page and every index of the ledger is whole."))
    return Finding("integrity", OK, mark("Every page of the ledger can be read and is whole."))


def _schema(look: LedgerLook) -> Finding:
    values = {"schema": look.schema, "head": look.head}
    if look.schema == look.head:
        return Finding("schema", OK, mark("The ledger has schema {schema}."), values=values)
    return Finding(
        "schema", WARNING, mark("The ledger has schema {schema}; this Hive writes {head}."),
        mark("It is brought up to date when the vault is opened next."), values=values,
    )  # fmt: skip


def _derived(look: LedgerLook) -> Finding:
    if look.differing:
        return Finding(
            "derived", PROBLEM, mark("Sums that are kept do not match the rows: {tables}."),
            mark("Save a report, and pass it on: figures may be wrong."),
            values={"tables": ", ".join(look.differing)},
        )  # fmt: skip
    return Finding("derived", OK, mark("The sums that are kept match the rows."))


def space(look: VaultLook) -> Finding:
    """Say whether the disk has room for the vault and one more backup."""
    if look.free_bytes is None:
        return Finding("space", UNKNOWN, mark("The system does not tell how much room is left."))
    values = {"free": _size(look.free_bytes), "ledger": _size(look.ledger_bytes)}
    hint = mark("Make room on the disk: a full one keeps the vault from being written.")
    if look.free_bytes < _LEAST_FREE:
        return Finding("space", PROBLEM, mark("Only {free} are left on the vault's disk."), hint,
                       values=values)  # fmt: skip
    if look.free_bytes < max(_LITTLE_FREE, 2 * look.ledger_bytes):
        return Finding(
            "space", WARNING,
            mark("Only {free} are left on the vault's disk; the ledger takes {ledger}."), hint,
            values=values,
        )  # fmt: skip
    return Finding("space", OK, mark("{free} are left on the vault's disk."), values=values)


def files(look: VaultLook) -> Finding | None:
    """Say whether others may read the vault's files, and what a crash left; None without any."""
    if not look.exists:
        return None
    if look.is_cut_short:
        return Finding(
            "files", PROBLEM, mark("The ledger's file ends too early."), _RESTORE, _RESTORE_COMMAND
        )
    if look.open_to_others:
        return Finding(
            "files", WARNING, mark("Files of the vault that others may open: {count}."),
            mark("Let nobody but you read the vault's folder and what is in it."),
            values={"count": look.open_to_others},
        )  # fmt: skip
    if look.leftovers:
        return Finding(
            "files", OK, mark("Files that an interrupted write left: {count}."),
            mark("They go by themselves."), values={"count": look.leftovers},
        )  # fmt: skip
    if look.open_to_others is None:
        return Finding("files", UNKNOWN, mark("Who may read the files is kept by Windows."))
    return Finding("files", OK, mark("Nobody else may read the vault's files."))


def owner(look: VaultLook) -> Finding | None:
    """Say who has the vault open; None without a vault."""
    if not look.exists:
        return None
    if look.is_held_here:
        return Finding("owner", OK, mark("This process has the vault open."))
    if look.holder:
        return Finding("owner", OK, mark("Another Hive ({holder}) has the vault open."),
                       values={"holder": look.holder})  # fmt: skip
    return Finding("owner", OK, mark("No process has the vault open."))


def restore(look: VaultLook) -> Finding | None:
    """Say that a restore was not finished; None where none was begun."""
    if not look.is_restoring:
        return None
    return Finding(
        "restore", WARNING, mark("A restore from a backup is not finished."),
        mark("It is finished or taken back when the vault is opened next."),
    )  # fmt: skip


def clock(now: datetime, newest: datetime | None, skews: Sequence[timedelta]) -> Finding:
    """Say whether the computer's clock can be right.

    Args:
        now: by the computer.
        newest: the last sync; it cannot be after now.
        skews: by how much the clocks of hosts are ahead, those that answered.
    """
    hint = mark("Set the computer's clock: days and syncs are told by it.")
    if not _OLDEST < now < _NEWEST:
        return Finding("clock", PROBLEM, mark("The computer's clock is wrong."), hint)
    if any(abs(ahead) > _SKEW for ahead in skews):
        return Finding(
            "clock", WARNING, mark("The computer's clock differs from that of a host."), hint
        )
    if newest is not None and newest > now + timedelta(days=1):
        return Finding("clock", WARNING, mark("The last sync is later than now."), hint)
    if skews:
        return Finding("clock", OK, mark("The computer's clock agrees with that of hosts."))
    return Finding("clock", OK, mark("The computer's clock can be right."))


def network(*, is_online: bool | None, reached: Mapping[str, Reached] | None) -> Finding:
    """Say whether the network is there.

    Args:
        is_online: what the system says, None where it does not.
        reached: what came of asking hosts, by kind; None where none was asked.
    """
    if reached:
        lost = sorted(kind for kind, one in reached.items() if not one.is_reached)
        if lost:
            return Finding(
                "network", WARNING, mark("No answer came from: {hosts}."),
                mark("Check the network, and a firewall or proxy between."),
                values={"hosts": ", ".join(lost)},
            )  # fmt: skip
        return Finding("network", OK, mark("Answers came from: {hosts}."),
                       values={"hosts": ", ".join(sorted(reached))})  # fmt: skip
    if is_online is None:
        return Finding(
            "network", UNKNOWN, mark("Nobody was asked whether the network is there."),
            command="With --network, each host that is set up is asked once.",
        )  # fmt: skip
    if is_online:
        return Finding("network", OK, mark("The system says that the network is there."))
    return Finding("network", WARNING, mark("The system says that there is no network."))


def keychain(*, is_available: bool) -> Finding:
    """Say whether the computer has a keychain."""
    if is_available:
        return Finding("keychain", OK, mark("This computer has a keychain."))
    return Finding("keychain", OK, mark("This computer has no keychain that Hive trusts."))


def window(look: WindowLook) -> Finding:
    """Say whether the window can be shown."""
    values = {"qt": look.qt, "platform": look.platform, "fault": look.fault}
    if look.fault:
        return Finding(
            "window", PROBLEM, mark("The window's library cannot be used ({fault})."),
            mark("Install Hive again. On Debian or Ubuntu, see the libraries that it names at "
                 "its start."), values=values,
        )  # fmt: skip
    if not look.has_display:
        return Finding("window", WARNING, mark("There is no display here; Qt {qt} is whole."),
                       values=values)  # fmt: skip
    return Finding("window", OK, mark("Qt {qt} shows windows by {platform}."), values=values)


def language(code: str, encoding: str) -> Finding:
    """Say in which locale the program runs."""
    values = {"code": code or "C", "encoding": encoding}
    if encoding.replace("-", "").lower() != "utf8":
        return Finding(
            "locale", WARNING, mark("Names of files are in {encoding} and not in UTF-8."),
            mark("Choose a locale with UTF-8."), values=values,
        )  # fmt: skip
    return Finding("locale", OK, mark("The locale is {code}, with {encoding}."), values=values)


def errors(faults: int, crashes: int) -> Finding:
    """Say what went wrong lately: lines of the log, and reports of crashes."""
    if crashes:
        return Finding(
            "errors", WARNING, mark("Reports of crashes: {crashes}; errors in the log: {faults}."),
            mark("Save a report, and pass it on. Delete them when you have."),
            "Save a report by --save FILE, and pass it on. --delete-crashes deletes them then.",
            values={"crashes": crashes, "faults": faults},
        )  # fmt: skip
    if faults:
        return Finding("errors", WARNING, mark("Errors in the log: {faults}."),
                       mark("Save a report, and pass it on."),
                       "Save a report by --save FILE, and pass it on.",
                       values={"faults": faults})  # fmt: skip
    return Finding("errors", OK, mark("The log has no errors."))


def _unseen(check: str, text: str, *, is_open: bool) -> Finding:
    """Say that something was not looked at: the vault is locked, or its ledger an older Hive's."""
    return Finding(check, UNKNOWN, text, *((_OLDER,) if is_open else (_LOCKED, _LOCKED_COMMAND)))


def syncs(items: Sequence[Item] | None, now: datetime, *, is_open: bool = False) -> Finding:
    """Say how the connections to banks stand, as far as they could be read; no bank is named."""
    if items is None:
        return _unseen("syncs", mark("The connections were not looked at."), is_open=is_open)
    if not items:
        return Finding("syncs", OK, mark("No bank is connected."))
    needing = sum(one.state in _NEEDS_PERSON for one in items)
    troubled = sum(one.state in _TROUBLED for one in items)
    old = sum(one.last_synced_at is None or now - one.last_synced_at > _STALE for one in items)
    values = {"all": len(items), "needing": needing, "troubled": troubled, "old": old}
    if needing or troubled or old:
        return Finding(
            "syncs", WARNING,
            mark("Connections: {all}; that wait for you: {needing}; without an answer: {troubled}; "
                 "without news for three days: {old}."),
            mark("Look at each bank among the accounts."), "See hive items.", values=values,
        )  # fmt: skip
    return Finding("syncs", OK, mark("Connections: {all}, and all of them work."), values=values)


def relay(*, waits: bool) -> Finding | None:
    """Say that the relay is left alone; None where it is not, or nobody is signed in at one."""
    if not waits:
        return None
    return Finding(
        "relay", WARNING, mark("What came while the vault was locked could not be stored."),
        mark("Make room on the vault's disk, then lock and unlock: the relay waits for it."),
        "Make room on the vault's disk: the relay waits for it.",
    )  # fmt: skip


def backup(seen: BackupsSeen | None, now: datetime, *, is_open: bool = False) -> Finding:
    """Say when the last backup was proven, and whether backups can be written; as `syncs`."""
    if seen is None:
        return _unseen("backup", mark("The backups were not looked at."), is_open=is_open)
    if not seen.is_place_there:
        return Finding("backup", WARNING, mark("The folder of backups is not there."),
                       mark("Connect its disk, or choose another folder."),
                       "Connect its disk, or choose another: hive backup folder DIR.")  # fmt: skip
    proven_at = seen.proven_at
    if proven_at is None:
        return Finding("backup", WARNING, mark("No backup was proven yet."),
                       mark("Make a backup."), _BACK_UP_COMMAND)  # fmt: skip
    values = {"days": (now - proven_at).days}
    if now - proven_at > _OLD_BACKUP:
        return Finding("backup", WARNING, mark("The last proven backup is {days} days old."),
                       mark("Make a backup."), _BACK_UP_COMMAND, values=values)  # fmt: skip
    return Finding("backup", OK, mark("Days since the last proven backup: {days}."), values=values)


def _size(count: int) -> str:
    """Return bytes to the first digits, which is enough and says less."""
    if count < 10 * _MEGABYTE:
        return f"{count / _MEGABYTE:.1f} MB"
    if count < 1_000 * _MEGABYTE:
        return f"{count // _MEGABYTE} MB"
    return f"{count / (1_000 * _MEGABYTE):.0f} GB"
