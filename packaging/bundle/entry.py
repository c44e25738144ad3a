"""The entry of both programs: which of them this is, is its name.

On Linux and macOS `hive` is a link to `hive-desktop`, so that the modules are there once. What the
program starts of itself (the guard of an exchange, a probe, pictures) is always the window's.
"""

import os
import re
import sys
from pathlib import Path

from hive_desktop import interrupts

# The loader's own search path: what this program starts (a browser) must not get it.
_SEARCH_PATHS = ("LD_LIBRARY_PATH", "LIBPATH", "DYLD_LIBRARY_PATH")
# What the loader tells itself: another Hive that this one starts is not a part of it.
_LOADERS = "_PYI_"
# Where systems keep the certificates that they trust, all in one file.
_STORES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]")
_OWN_FILE = "/proc/self/exe"
# What the installer of Windows looks for: windows/hive.iss.
_MUTEX = "HiveDesktopIsRunning"
# Tells which modules cannot be imported; the packages' tests ask it.
_IMPORT_FLAG = "--import-modules"


def run() -> None:
    """Give back the environment that the loader changed, and run the program."""
    interrupts.end_at_once()
    for name in _SEARCH_PATHS:
        os.environ.pop(name, None)
        if (kept := os.environ.pop(f"{name}_ORIG", None)) is not None:
            os.environ[name] = kept
    for name in [one for one in os.environ if one.startswith(_LOADERS)]:
        del os.environ[name]
    is_command = Path(sys.argv[0]).stem == "hive"
    sys.executable = str(Path(sys.executable).with_stem("hive-desktop"))
    _keep_own_file()
    _tell_installer()
    _find_certificates()
    if sys.argv[1:] == [_IMPORT_FLAG]:
        _import_modules()
        return
    if is_command:
        from hive_desktop.cli.main import entry  # noqa: PLC0415 - one of the two
    else:
        from hive_desktop.__main__ import entry  # noqa: PLC0415 - one of the two
    entry()


def _keep_own_file() -> None:
    """Import from the file that was started, also when an upgrade has put another in its place.

    The loader opens it by its path at each import, and would find there the modules of another
    version, or the middle of one.
    """
    archive = getattr(sys.modules.get("pyimod02_importers"), "pyz_archive", None)
    if archive is not None and sys.platform.startswith("linux") and Path(_OWN_FILE).exists():
        archive._filename = _OWN_FILE  # noqa: SLF001 - the loader has no other way


def _tell_installer() -> None:
    """Let the installer of Windows see that Hive runs, until the process ends."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - not where it is not needed

        ctypes.windll.kernel32.CreateMutexW(None, False, _MUTEX)  # noqa: FBT003 - Windows' own


def _find_certificates() -> None:
    """Trust what this system trusts, wherever the computer that built OpenSSL keeps its own."""
    if sys.platform == "darwin":
        import truststore  # noqa: PLC0415 - not where it is not needed

        truststore.inject_into_ssl()
    elif sys.platform.startswith("linux") and not _has_certificates():
        own = Path(getattr(sys, "_MEIPASS", ".")) / "certifi" / "cacert.pem"
        found = next((one for one in (*_STORES, own) if Path(one).is_file()), None)
        if found is not None:
            os.environ["SSL_CERT_FILE"] = str(found)


def _has_certificates() -> bool:
    """Tell whether OpenSSL finds certificates where it looks by itself."""
    from _ssl import get_default_verify_paths  # noqa: PLC0415 - `ssl` itself is slow

    file_variable, file, folder_variable, folder = get_default_verify_paths()
    if os.environ.get(file_variable) or os.environ.get(folder_variable):
        return True
    if Path(file).is_file():
        return True
    return Path(folder).is_dir() and any(
        _HASHED.match(file.name) for file in Path(folder).iterdir()
    )


def _import_modules() -> None:
    """Read names from standard input, and write those that cannot be imported, each with why."""
    import importlib  # noqa: PLC0415 - for the tests alone
    import json  # noqa: PLC0415 - as above

    faults = {}
    for name in json.load(sys.stdin):
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            faults[name] = f"{type(error).__name__}: {error}"
    json.dump(faults, sys.stdout)


if __name__ == "__main__":
    run()
