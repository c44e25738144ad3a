"""The keyring slot, once, against a real Secret Service: gnome-keyring on its own session bus."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NEEDED = ("dbus-run-session", "gnome-keyring-daemon")

CHILD = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from hive_desktop.adapters.secrets import SystemKeychain
from hive_desktop.adapters.storage.slots import KdfParameters
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.ports.errors import KeychainError


class Clock:
    def now(self):
        return datetime(2026, 3, 14, tzinfo=UTC)

    def today(self):
        return date(2026, 3, 14)


folder = Path(sys.argv[1])
keychain = SystemKeychain()
assert keychain.is_available()
store = FileVaultStore(clock=Clock(), keychain=keychain, kdf=KdfParameters(8, 1, 1))
keys, _ = store.create(folder, "correct horse battery")
store.enable_keychain(folder, keys)
again = FileVaultStore(clock=Clock(), keychain=SystemKeychain(), kdf=KdfParameters(8, 1, 1))
assert again.unlock_keychain(folder) == keys
again.disable_keychain(folder)
try:
    again.unlock_keychain(folder)
except KeychainError:
    print("proved")
"""


@pytest.mark.full
@pytest.mark.skipif(
    any(shutil.which(one) is None for one in NEEDED),
    reason="needs dbus-run-session and gnome-keyring-daemon (apt: dbus gnome-keyring)",
)
def test_the_keyring_slot_on_a_real_secret_service(tmp_path):
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    home = tmp_path / "home"
    (home / "run").mkdir(parents=True, mode=0o700)
    unlock = 'printf "\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null'
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": str(home / "run"),
    }
    inner = f'{unlock}; exec "$0" "$@"'
    command = [sys.executable, str(script), str(tmp_path / "vault")]
    done = subprocess.run(
        [shutil.which(NEEDED[0]), "--", "sh", "-c", inner, *command],
        env=environment,
        cwd=Path.cwd(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.strip().endswith("proved"), done.stderr
