"""Signs the word about a release that programs ask for: `packaging/dev.py sign-release`.

    sign-release --key FILE --key-id ID --page URL [--notes FILE] [--minimum linux=6.1]...
    sign-release --new-key FILE      make a key pair; prints the public half for source.json

The private key is read from the file that is named, and is never part of the project. The version
is the program's own. The document goes to standard output.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hive_desktop import __version__
from hive_desktop.adapters.system import SystemClock
from hive_desktop.config import update_source
from hive_desktop.domain import releases


def main(arguments: list[str]) -> int:
    """Sign a release, or make a key; returns the exit code."""
    options = _parser().parse_args(arguments)
    if options.new_key is not None:
        print(json.dumps({options.key_id: new_key(options.new_key)}))
        return 0
    if options.key is None or options.page is None:
        sys.stderr.write("Give --key and --page, or --new-key.\n")
        return 2
    notes = "" if options.notes is None else options.notes.read_text("utf-8")
    clock = SystemClock()
    now = clock.now().replace(microsecond=0)
    told = {
        "version": __version__,
        "released": options.released or clock.today().isoformat(),
        "notes": notes,
        "page": options.page,
        "minimum": dict(one.split("=", 1) for one in options.minimum),
        "issued": now.isoformat(),
        "expires": (now + timedelta(days=options.days)).isoformat(),
        "key": options.key_id,
    }
    print(json.dumps(signed(told, options.key), indent=2))
    return 0


def signed(told: dict[str, Any], key_file: Path) -> dict[str, Any]:
    """Return the document of a release.

    Args:
        told: the release, as `hive_desktop.domain.releases` reads it.
        key_file: an Ed25519 private key, PEM.

    Raises:
        ReleaseRefusedError: the program would not believe it.
        SystemExit: the program knows another key by that name.
    """
    key = load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the key is not of Ed25519")
    public = base64.b64encode(_public(key)).decode()
    known = update_source().keys.get(told["key"], public)
    if known != public:
        raise SystemExit(
            f"{told['key']} is another key's name in source.json: nobody would believe it."
        )
    made = releases.release_of(told)
    releases.check_time(made, made.issued, None)
    signature = base64.b64encode(key.sign(releases.signed_bytes(told))).decode()
    return {"release": told, "signature": signature}


def new_key(file: Path) -> str:
    """Write a new private key to a file that its owner alone may read; returns the public half."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(pem)
    return base64.b64encode(_public(key)).decode()


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py sign-release", description=__doc__)
    parser.add_argument("--key", type=Path, metavar="FILE", help="the private key, PEM")
    parser.add_argument("--key-id", default="hive-1", metavar="ID", help="its name in source.json")
    parser.add_argument("--new-key", type=Path, metavar="FILE", help="make a key and stop")
    parser.add_argument("--page", metavar="URL", help="where the release can be had")
    parser.add_argument("--notes", type=Path, metavar="FILE", help="what is new, plain text")
    parser.add_argument("--released", metavar="DATE", help="when; today")
    parser.add_argument(
        "--minimum", action="append", default=[], metavar="SYSTEM=VERSION", help="oldest system"
    )
    parser.add_argument("--days", type=int, default=90, metavar="N", help="how long it is believed")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
