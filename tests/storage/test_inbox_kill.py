"""An inbox whose writer is killed anywhere has all that was kept, and nothing that is half."""

import os
import sys
from datetime import UTC, datetime

import pytest

from hive_desktop.adapters.storage.inbox.store import FileInboxes
from hive_desktop.ports.egress import Egress
from hive_desktop.ports.relay import RelayGrant
from hive_desktop.ports.vault import VaultKeys

WATCHED = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree"}
KEYS = VaultKeys(b"m" * 32, b"d" * 32, b"e" * 32, b"c" * 32, b"i" * 32)
STORE = FileInboxes()
NOW = datetime(2026, 3, 14, tzinfo=UTC)


def fuse_at(count, folder, die):
    """Die at the count-th file operation inside the folder, and around each flush to the disk."""
    left = count
    flush = os.fsync

    def step():
        nonlocal left
        if left == 0:
            die()
        left -= 1

    def hook(event, arguments):
        if event in WATCHED and str(folder) in str(arguments[0]):
            step()

    def fsync(descriptor):
        step()  # written, and not on the disk yet
        flush(descriptor)
        step()

    sys.addaudithook(hook)
    os.fsync = fsync


def grant(number):
    return RelayGrant("https://r", "", "d", f"hr1.{number}", NOW)


def request(number):
    body = str(number).encode()
    return Egress(NOW, "https://r", "why", "/p", "{}", b"", 1, 200, 0.1, unhashed=body)


def deeds(inbox):
    """What a locked program keeps, one by one."""
    yield lambda: inbox.keep_grant(grant(1))
    yield lambda: inbox.keep_page("a", "", "1", b"a1")
    yield lambda: inbox.keep_page("a", "1", "2", b"a2")
    yield lambda: inbox.keep_end("a", b"accounts", b"state")
    yield lambda: inbox.keep_egress([request(1)])
    yield lambda: inbox.keep_grant(grant(2))
    yield lambda: inbox.keep_page("a", "2", "3", b"a3")
    yield lambda: inbox.keep_end("a", b"accounts", b"state")
    yield lambda: inbox.keep_egress([request(2)])


# By the number of deeds that are done: the newest sign-in, pages that count, requests.
KEPT = (
    (None, 0, 0),
    ("hr1.1", 0, 0),
    ("hr1.1", 0, 0),
    ("hr1.1", 0, 0),
    ("hr1.1", 2, 0),
    ("hr1.1", 2, 1),
    ("hr1.2", 2, 1),
    ("hr1.2", 2, 1),
    ("hr1.2", 3, 1),
    ("hr1.2", 3, 2),
)


def found(vault, mark):
    opened = STORE.open(vault, KEYS, mark)
    tidings = opened.tidings()
    chains = opened.chains(["a"])
    pages = 0
    if "a" in chains:
        chain = chains["a"]
        pages = len(chain)
        assert [chain.page(place) for place in range(pages)] == [b"a1", b"a2", b"a3"][:pages]
        assert (chain.accounts(), chain.item()) == (b"accounts", b"state")
    token = tidings.grant.refresh_token if tidings.grant else None
    return (token, pages, len(tidings.egress))


@pytest.mark.timeout(120)
def test_killed_at_every_file_operation_and_flush(tmp_path, kit):
    said = tmp_path / "said"
    kills = 0
    for count in range(200):
        vault = tmp_path / f"vault-{count}"
        vault.mkdir()
        old = STORE.begin(vault, KEYS)
        old.keep_grant(grant(0))
        said.write_text("")

        def work(count=count, vault=vault):
            with said.open("w", buffering=1) as out:
                fuse_at(count, vault, kit.die)
                inbox = STORE.begin(vault, KEYS)
                out.write(f"{inbox.mark}\n")
                for deed in deeds(inbox):
                    deed()
                    out.write("done\n")

        code = kit.in_child(work)
        lines = said.read_text().split()
        if lines:
            done = len(lines) - 1
            assert found(vault, lines[0]) in KEPT[done : done + 2]
        else:
            assert STORE.open(vault, KEYS, old.mark) is None or found(vault, old.mark)[1] == 0
        # Whatever is left, the next lock begins anew.
        fresh = STORE.begin(vault, KEYS)
        assert found(vault, fresh.mark) == (None, 0, 0)
        STORE.clear(vault)
        assert not (vault / "inbox").exists()
        if code == 0:
            assert len(lines) == len(KEPT)
            break
        assert code == -9
        kills += 1
    assert code == 0
    assert kills > 60
