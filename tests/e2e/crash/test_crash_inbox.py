"""An inbox whose taking in is killed anywhere, and done again, ends with the bank's rows, once."""

import json
import urllib.request
from collections import Counter
from datetime import UTC, datetime

import pytest

from hive_desktop.adapters.storage.inbox.store import FileInboxes
from hive_desktop.domain.health import Health
from hive_desktop.ports.egress import Egress
from hive_desktop.services.settings import SEALED_INBOX, SEALED_ROWS
from tests.e2e.crash.conftest import PAGE_ROWS, STRACE
from tests.e2e.crash.killed import KILLED, Killing

POINTS = ("file", "statement", "commit", "committed")
REQUESTS = 7


def ask(stage, path, token, **fields):
    """Ask the bank as a program does that keeps what it says unread."""
    options = stage.bank.options
    fields |= {"client_id": options.client_id, "secret": options.secret, "access_token": token}
    request = urllib.request.Request(  # noqa: S310 - the test's own server
        stage.url_of_bank + path,
        json.dumps(fields).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        return answer.read()


@pytest.fixture(scope="module")
def sealed(stage):
    """The stage's vault, locked: all that its next sync would bring lies in the inbox."""
    stage.url_of_bank = stage.server.url

    async def items(session):
        return await session.database.read(lambda reads: reads.linked_items())

    found = stage.run(stage.vault, items)
    inbox = FileInboxes().begin(stage.vault, stage.keys)
    for item in found:
        cursor, has_more = item.cursor, True
        while has_more:
            body = ask(
                stage, "/transactions/sync", item.token.value, cursor=cursor, count=PAGE_ROWS
            )
            said = json.loads(body)
            inbox.keep_page(item.plaid_item_id, cursor, said["next_cursor"], body)
            cursor, has_more = said["next_cursor"], said["has_more"]
        ends = [ask(stage, path, item.token.value) for path in ("/accounts/get", "/item/get")]
        inbox.keep_end(item.plaid_item_id, *ends)
        inbox.keep_health(item.plaid_item_id, Health())
    now = datetime(2026, 11, 23, tzinfo=UTC)
    for number in range(REQUESTS):
        body = str(number).encode()
        inbox.keep_egress(
            [Egress(now, "https://r", "why", "/locked", "{}", b"", 1, 200, 0.1, unhashed=body)]
        )

    async def keep_mark(session):
        await session.settings.put(SEALED_INBOX, inbox.mark)

    stage.run(stage.vault, keep_mark)
    return stage


def after(stage, folder):
    """Take in what is left as the next unlock does; no bank is asked."""

    async def fold(session):
        await session.folding.fold()
        told = [line.entry for line in await session.egress.page(limit=1000)]
        while_locked = Counter(one.body_hash for one in told if one.path == "/locked")
        assert sorted(while_locked.values()) == [1] * REQUESTS
        for key in (SEALED_INBOX, SEALED_ROWS):
            assert await session.settings.get(key, "") == ""
        return sum(one.path == "/transactions/sync" for one in told)

    asked = stage.run(folder, fold)
    assert not (folder / "inbox").exists()
    stage.check(folder)
    return asked


@pytest.fixture
def killing(sealed, nursery):
    return Killing(sealed, nursery, nursery.fold, lambda folder: after(sealed, folder), fold=True)


def test_an_undisturbed_taking_in_asks_no_bank(sealed, nursery, tmp_path):
    folder = sealed.copy(tmp_path / "vault")
    before = len(sealed.bank.requests())
    code, seen = nursery.fold(sealed, folder)
    assert code == 0
    assert seen["file"] > 20
    assert seen["statement"] > 60
    after(sealed, folder)
    assert len(sealed.bank.requests()) == before
    # A sync after it finds nothing new.
    sealed.sync(folder)
    sealed.check(folder)


@pytest.mark.parametrize(
    ("kind", "places"),
    [("file", (1, 9, 30, 45)), ("statement", (4, 30, 90)), ("commit", (1, 2)), ("committed", (1,))],
)
def test_killed_at_some_points(killing, tmp_path, kind, places):
    reached = [killing.at_point(tmp_path / "vault", kind, at) for at in places]
    assert reached[0]


def test_killed_twice_in_a_row(killing, sealed, nursery, tmp_path):
    folder = sealed.copy(tmp_path / "vault")
    for kind in ("statement", "committed"):
        assert nursery.fold(sealed, folder, kind, 1)[0] == KILLED
    killing.go_on(folder)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", POINTS)
def test_killed_at_every_point(killing, tmp_path, kind, every):
    assert killing.at_every_point(tmp_path / "vault", kind, every=every) > 1


@pytest.mark.full
@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
def test_killed_at_some_system_calls(killing, tmp_path):
    found = killing.counted(tmp_path)
    flush = max(("fdatasync", "fsync"), key=found.get)
    assert found["pwrite64"] > 20
    assert killing.at_call(tmp_path, "pwrite64", found["pwrite64"] // 2)
    assert killing.at_call(tmp_path, flush, found[flush] - 1)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.parametrize("names", [("pwrite64",), ("fdatasync", "fsync")])
def test_killed_at_every_system_call(killing, tmp_path, names, every):
    places, killed = killing.at_every_call(tmp_path, names, every=every)
    assert killed > places // 2
