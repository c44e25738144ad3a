"""Backup, restore and migration killed anywhere: the vault opens, and nothing is lost.

The process is a real one and its death is SIGKILL. A few steps in every run, more with `--full`,
where `strace` also kills inside of SQLite, at its own writes and flushes; each with `--every`, too.
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from hive_desktop.adapters.storage.names import HEAD, KNOWN
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.domain.ledger import TransactionQuery
from tests.killing import chosen
from tests.storage import fuse

GOLDEN = Path(__file__).parent / "golden"
EVERYTHING = TransactionQuery()
KILLED = -9
FEW = 14
MORE = None
CHILD = Path(__file__).with_name("backup_child.py")
STRACE = shutil.which("strace")
CALLS = (
    "pwrite64",
    "write",
    "fsync",
    "fdatasync",
    "rename",
    "link",
    "linkat",
    "unlink",
    "openat",
    "mkdir",
)
EARLIER, LATER = 30, 45

amounts = pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(FEW, marks=pytest.mark.timeout(240)),
        pytest.param(MORE, marks=[pytest.mark.full, pytest.mark.timeout(3600)]),
    ],
)


@pytest.fixture
def stage(store, folder, keys, kit, clock, tmp_path):
    """A vault of 45 rows with a backup of when it had 30, and a way to have it anew."""
    ledger = kit.Ledger(store, folder, keys)
    item_id = ledger.with_bank("checking")
    ledger.apply(item_id, [kit.bank_row(f"p{at}") for at in range(EARLIER)])
    backup, _ = store.backups.make(folder, keys, store.backups.own_place(folder), clock.now())
    ledger.apply(item_id, [kit.bank_row(f"q{at}") for at in range(LATER - EARLIER)])
    ledger.close()
    clock.advance(days=1)
    return Stage(store, keys, kit, clock, folder, tmp_path, backup.file.name)


class Stage:
    def __init__(self, store, keys, kit, clock, folder, home, backup):  # noqa: PLR0917 - a stage
        self.store, self.keys, self.kit, self.clock = store, keys, kit, clock
        self.folder, self.home, self.backup = folder, home / "home", backup
        self.kept = home / "kept"
        shutil.copytree(folder, self.kept / "vault")

    def anew(self):
        """Have the vault as it was made, in a home of its own; returns its folder."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self.kept, self.home)
        return self.home / "vault"

    def steps(self, work):
        """Return the steps that the work has, undisturbed, in a child."""
        folder = self.anew()
        log = self.home.with_name("steps")

        def counted():
            seen = []
            fuse.lay(0, self.home, seen)
            work(folder)
            log.write_text("\n".join(seen))

        assert self.kit.in_child(counted) == 0
        return log.read_text().splitlines()

    def killed(self, work, at):
        """Do the work in a child that dies at a step; returns the folder."""
        folder = self.anew()
        assert self.again(work, folder, at) == KILLED
        return folder

    def again(self, work, folder, at):
        def dying():
            fuse.lay(at, self.home)
            work(folder)

        return self.kit.in_child(dying)

    def rows(self, folder):
        ledger = self.kit.Ledger(self.store, folder, self.keys)
        try:
            assert ledger.sql("PRAGMA integrity_check") == [("ok",)]
            return ledger.read(lambda reads: reads.count(EVERYTHING))
        finally:
            ledger.close()

    def backups(self, folder):
        """Prove every backup in reach; returns how many rows each has, newest first."""
        place = self.store.backups.own_place(folder)
        found = self.store.backups.found(place)
        return [self.store.backups.verify(one.file, self.keys).transactions for one in found]

    def make(self, folder):
        place = self.store.backups.own_place(folder)
        made, _ = self.store.backups.make(folder, self.keys, place, self.clock.now())
        self.store.backups.thin(place, made.vault_id)

    def restore(self, folder):
        file = self.store.backups.own_place(folder) / self.backup
        self.store.backups.restore(file, self.keys, folder, ready=lambda: None)


@amounts
def test_a_killed_backup_harms_neither_vault_nor_older_backups(stage, wanted, every):
    steps = stage.steps(stage.make)
    assert len(steps) > 50
    for at in fuse.places(steps, wanted, every=every):
        folder = stage.killed(stage.make, at)
        assert stage.backups(folder) in ([EARLIER], [LATER, EARLIER])
        assert stage.rows(folder) == LATER
        stage.clock.advance(seconds=1)
        stage.make(folder)
        assert stage.backups(folder)[0] == LATER
        assert not list(folder.rglob("*.part"))


@amounts
def test_a_killed_restore_is_finished_or_taken_back(stage, wanted, every):
    steps = stage.steps(stage.restore)
    assert len(steps) > 40
    outcomes = Counter()
    for at in fuse.places(steps, wanted, every=every):
        folder = stage.killed(stage.restore, at)
        outcomes[_check_restored(stage, folder)] += 1
    assert outcomes[LATER]


@amounts
def test_a_restore_killed_in_its_last_steps_and_a_recovery_killed_too(stage, wanted):
    """The steps between the journal and its end, and each of the recovery's after each of them."""
    steps = stage.steps(stage.restore)
    first = steps.index("os.rename", steps.index("os.rename") + 1)
    tried = Counter()
    stride, most = (3, 2) if wanted == FEW else (1, 30)
    for at in range(first - 6, len(steps), stride):
        for inner in range(most):
            folder = stage.killed(stage.restore, at)
            code = stage.again(stage.store.settle, folder, inner)
            tried[code] += 1
            tried[_check_restored(stage, folder)] += 1
            if code == 0:
                break
    assert tried[KILLED] >= 5
    assert tried[EARLIER]
    assert tried[LATER]


def _check_restored(stage, folder):
    """Let whoever opens the vault next find it; returns how many rows it has."""
    stage.store.settle(folder)
    asides = list(folder.parent.glob("vault-replaced-*"))
    left = sorted(path.name for path in folder.parent.iterdir())
    assert [name for name in left if "restoring" in name or name.endswith(".json")] == []
    rows = stage.rows(folder)
    assert stage.backups(folder) == [EARLIER]
    if rows == LATER:
        assert asides == []
    else:
        assert rows == EARLIER
        assert [stage.rows(aside) for aside in asides] == [LATER]
    return rows


@amounts
@pytest.mark.parametrize("version", [KNOWN[0], KNOWN[-2]])
def test_a_killed_migration_goes_on_at_the_next_opening(
    version, wanted, every, kit, *, clock, keychain, tmp_path
):
    golden = GOLDEN / f"schema_{version}"
    store = FileVaultStore(clock=clock, keychain=keychain)
    keys = store.unlock(golden, "golden vault passphrase")
    folder, log = tmp_path / "vault", tmp_path / "steps"

    def open_it():
        store.open_database(folder, keys)

    def counted():
        seen = []
        fuse.lay(0, folder, seen)
        open_it()
        log.write_text("\n".join(seen))

    def anew():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(golden, folder)

    anew()
    assert kit.in_child(counted) == 0
    steps = log.read_text().splitlines()
    assert len(steps) > 100
    for at in fuse.places(steps, wanted, every=every):
        anew()

        def dying(at=at):
            fuse.lay(at, folder)
            open_it()

        assert kit.in_child(dying) == KILLED
        ledger = kit.Ledger(store, folder, keys)
        try:
            assert ledger.sql("SELECT version_num FROM alembic_version") == [(HEAD,)]
            rows = ledger.read(lambda reads: reads.transactions(TransactionQuery(text="golden")))
            assert [row.amount_minor for row in rows] == [-250_000, 1_234]
        finally:
            ledger.close()
        kept = store.backups.found(store.backups.own_place(folder))
        assert version in [one.schema for one in kept]
        for one in kept:
            assert store.backups.verify(one.file, keys).sums == {"USD": 1_234 - 250_000}
        assert not list(folder.rglob("*.part"))


def traced(stage, thing, rule, log):
    """Do one thing under strace; returns the exit code."""
    folder = stage.anew()
    secret = ",".join(key.hex() for key in (stage.keys.master, stage.keys.database))
    command = [STRACE, "-f", "-y", "-qq", "-o", str(log), "-e", f"trace={','.join(CALLS)}"]
    if rule is not None:
        command += ["-e", f"inject={rule}"]
    command += [sys.executable, str(CHILD), secret, str(folder), thing, stage.backup]
    done = subprocess.run(command, capture_output=True, timeout=180, check=False)
    return done.returncode


def first_calls(log, home):
    """How many calls of each name came before the vault's folder was first named, and the others.

    Those are told by the name of the file that they are about, without its numbers.
    """
    before, after = Counter(), {name: [] for name in CALLS}
    is_inside = False
    for line in log.read_text(errors="replace").splitlines():
        called = re.match(r"\d+ +(\w+)\(", line)
        if called is None or called[1] not in CALLS:
            continue
        is_inside = is_inside or str(home) in line
        if is_inside:
            about = re.search(r'[<"]([^>"]*)[>"]', line)
            name = about[1].rpartition("/")[2] if about else ""
            after[called[1]].append(re.sub(r"\d+", "", name))
        else:
            before[called[1]] += 1
    return before, after


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.parametrize("thing", ["make", "restore"])
def test_killed_at_every_system_call(stage, thing, tmp_path, every):
    log = tmp_path / "calls"
    assert traced(stage, thing, None, log) == 0
    before, after = first_calls(log, stage.home)
    kills = 0
    for name in CALLS:
        for at in (before[name] + 1 + place for place in chosen(after[name], every=every)):
            code = traced(stage, thing, f"{name}:signal=SIGKILL:when={at}", log)
            folder = stage.home / "vault"
            kills += code in {KILLED, 128 + 9}
            if thing == "restore":
                _check_restored(stage, folder)
            else:
                assert stage.backups(folder) in ([EARLIER], [LATER, EARLIER])
                assert stage.rows(folder) == LATER
    assert kills > 30
