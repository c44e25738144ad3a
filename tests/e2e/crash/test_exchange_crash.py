"""A link cut off around its exchange is finished at the next start: not lost, not done twice."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from hive_desktop.adapters.bank import exchange_guard
from hive_desktop.adapters.bank.exchange_guard import DRAFT_SUFFIX, Order, Outcome, Refusal, seal
from hive_desktop.adapters.bank.guarded_exchange import GuardedExchange
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.system import FrozenClock
from hive_desktop.plaidkit.access import Access
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.wire import ExchangeAnswer
from tests.e2e.crash.conftest import TODAY, vault_with_bank

EXCHANGE = "/item/public_token/exchange"
KILLED = -signal.SIGKILL
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks")


@pytest.fixture
def stage(tmp_path):
    made = vault_with_bank(tmp_path, items=1, rows=30)
    yield made
    made.close()


def exchanges(bank):
    return [one["status"] for one in bank.requests() if one["path"] == EXCHANGE]


def recover(stage):
    async def work(session):
        found = await session.linking.recover()
        if found.finished:
            for result in await session.sync.settle(found.finished):
                assert result.error is None
        return found

    return stage.run(stage.vault, work)


def journal(stage, sql="SELECT state, public_token, link_token FROM link_journal"):
    raw = connect(stage.vault / "ledger.db", stage.keys.database, Role.TOOL)
    found = raw.execute(sql).fetchall()
    raw.close()
    return found


def kept(stage):
    return sorted(path.name for path in stage.vault.glob("exchange-*"))


def finished_once(stage):
    """The bank has one item, the vault has it and its rows, and nothing is left to do."""
    (item,) = stage.bank.state()["items"]
    assert not item["removed"]
    stored = journal(stage, "SELECT plaid_item_id, access_token FROM plaid_items")
    assert stored == [(item["item_id"], item["access_token"])]
    stage.check(stage.vault)
    assert journal(stage) == [("done", None, "")]
    assert kept(stage) == []
    sent = "SELECT status FROM egress WHERE path LIKE '%/public_token/exchange'"
    assert journal(stage, sent) == [(200,)]
    again = recover(stage)
    assert (again.finished, again.lost) == ((), ())


@pytest.mark.parametrize("point", ["page finished", "before the exchange"])
def test_killed_before_the_exchange(stage, nursery, point):
    assert nursery.link(stage, stage.vault, point) == KILLED
    assert exchanges(stage.bank) == []
    assert len(recover(stage).finished) == 1
    assert exchanges(stage.bank) == [200]
    finished_once(stage)


def test_killed_when_the_answer_was_read(stage, nursery):
    assert nursery.link(stage, stage.vault, "answer read") is None
    assert nursery.proceed() == KILLED
    assert exchanges(stage.bank) == [200]
    assert journal(stage, "SELECT count(*) FROM plaid_items") == [(0,)]
    (item,) = stage.bank.state()["items"]
    for file in stage.vault.glob("exchange-*"):
        assert file.stat().st_mode & 0o077 == 0
        assert item["access_token"].encode() not in file.read_bytes()
        assert item["item_id"].encode() not in file.read_bytes()
    assert len(recover(stage).finished) == 1
    assert exchanges(stage.bank) == [200]
    finished_once(stage)


def test_killed_after_the_commit(stage, nursery):
    assert nursery.link(stage, stage.vault, "committed") is None
    assert nursery.proceed() == KILLED
    assert kept(stage) != []
    assert recover(stage).finished == ()
    stage.sync(stage.vault)
    finished_once(stage)


def test_killed_while_the_bank_still_thinks(stage, nursery):
    """The guard outlives Hive; the next Hive waits for it, and the bank is asked once."""
    assert nursery.link(stage, stage.vault, "order given") is None
    found = []
    with stage.bank.lock:
        assert nursery.proceed() == KILLED
        look_at_guards(stage)
        next_start = threading.Thread(target=lambda: found.append(recover(stage)))
        next_start.start()
        time.sleep(1.0)
        assert not found
    next_start.join(120)
    assert len(found[0].finished) == 1
    assert exchanges(stage.bank) == [200]
    finished_once(stage)


def look_at_guards(stage):
    """What anybody on the computer can see of the running guard holds nothing of worth."""
    if not Path("/proc/self/cmdline").exists():
        return
    secrets = [stage.bank.options.secret, stage.bank.options.client_id, "public-", "link-"]
    secrets += [key.hex() for key in (stage.keys.egress, stage.keys.database, stage.keys.master)]
    guards = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            shown = (folder / "cmdline").read_bytes()
            around = (folder / "environ").read_bytes()
            held = [one.readlink() for one in (folder / "fd").iterdir()]
        except OSError:
            continue
        # Tests beside this one have guards too; this one's holds a lock in this one's vault.
        is_ours = any(stage.vault in path.parents for path in held)
        if b"exchange_guard" not in shown or not is_ours:
            continue
        guards += 1
        assert os.getpgid(int(folder.name)) == int(folder.name)
        for secret in secrets:
            assert secret.encode() not in shown + around
        assert b"HIVE_" not in around
    assert guards == 1


def test_a_lost_answer_is_told(stage, nursery):
    """Where the guard died too, before it could keep the answer, nobody can know the token."""
    assert nursery.link(stage, stage.vault, "guard lost") is None
    assert nursery.proceed() == 1
    assert exchanges(stage.bank) == [200]
    assert [state for state, *_ in journal(stage)] == ["exchanging"]
    found = recover(stage)
    assert found.finished == ()
    assert found.lost == (stage.bank.household[0].name,)
    assert journal(stage) == [("lost", None, "")]
    assert kept(stage) == []
    assert recover(stage).lost == ()


# The guard and its caller, each by itself.


@pytest.fixture
def guarded(tmp_path):
    def build(url, secret="sandbox-secret"):
        access = Access(url, "sandbox-client", secret)
        made = GuardedExchange(access, b"k" * 32, tmp_path, FrozenClock(TODAY).now, records.append)
        made.records = records
        return made

    records = []
    return build


def order(tmp_path, url, token):
    return Order(
        host=url, client_id="sandbox-client", secret="sandbox-secret", public_token=token,
        egress_key=b"e" * 32, seal_key=b"s" * 32, file=str(tmp_path / "exchange-01.sealed"),
        at=FrozenClock(TODAY).now(),
    )  # fmt: skip


def test_the_guard_asks_once_and_keeps_the_answer(stage, tmp_path):
    token = stage.bank.link(stage.bank.institution_ids[0])
    first = exchange_guard.answer(order(tmp_path, stage.url, token))
    assert exchange_guard.answer(order(tmp_path, stage.url, token)) == first
    assert exchanges(stage.bank) == [200]
    told = exchange_guard.unseal(b"s" * 32, first, "exchange-01.sealed")
    assert told.item.access_token.startswith("access-")
    (record,) = told.sent
    assert record["body"] == '{"public_token":"***"}'
    assert "access-" not in repr(told)
    assert "secret" not in repr(order(tmp_path, stage.url, token))


def test_an_answer_opens_only_with_its_key_and_name():
    sealed = seal(b"s" * 32, Outcome(item=ExchangeAnswer("access-1", "item-1")), "one")
    assert b"access-1" not in sealed
    assert exchange_guard.unseal(b"s" * 32, sealed, "one").item.item_id == "item-1"
    for key, text, name in (
        (b"t" * 32, sealed, "one"),
        (b"s" * 32, sealed, "two"),
        (b"s" * 32, sealed[:-1], "one"),
        (b"s" * 32, b"", "one"),
    ):
        assert exchange_guard.unseal(key, text, name) is None


def test_a_refusal_is_not_kept_and_is_the_callers_error(stage, guarded, tmp_path):
    asking = guarded(stage.url)
    with pytest.raises(PlaidError) as caught:
        asking.exchange("public-sandbox-00000000-0000-0000-0000-000000000000", b"one")
    assert (caught.value.code, caught.value.advice) == ("INVALID_PUBLIC_TOKEN", Advice.RESTART_LINK)
    assert [record.status for record in asking.records] == [400]
    assert not [file for file in kept_in(tmp_path) if not file.endswith(".lock")]
    asking.forget(())
    assert kept_in(tmp_path) == []


def test_nobody_there_is_offline_and_can_be_asked_again(stage, guarded):
    token = stage.bank.link(stage.bank.institution_ids[0])
    with pytest.raises(PlaidError) as caught:
        guarded("http://127.0.0.1:9").exchange(token, b"one")
    assert caught.value.advice is Advice.OFFLINE
    assert guarded(stage.url).exchange(token, b"one").access_token.startswith("access-")


def test_without_room_for_the_answer_nothing_is_asked(stage, tmp_path):
    token = stage.bank.link(stage.bank.institution_ids[0])
    (tmp_path / f"exchange-01.sealed{DRAFT_SUFFIX}").mkdir()
    with pytest.raises(OSError, match="directory"):
        exchange_guard.answer(order(tmp_path, stage.url, token))
    assert exchanges(stage.bank) == []


def test_a_guard_that_cannot_finish_is_a_passing_trouble(stage, guarded, tmp_path):
    (tmp_path / f"exchange-{b'one'.hex()}.sealed{DRAFT_SUFFIX}").mkdir()
    with pytest.raises(PlaidError) as caught:
        guarded(stage.url).exchange("public-sandbox-1", b"one")
    assert (caught.value.code, caught.value.advice) == ("EXCHANGE_UNFINISHED", Advice.RETRY_LATER)


def test_closed_means_offline(guarded):
    asking = guarded("http://127.0.0.1:9")
    asking.close()
    with pytest.raises(PlaidError) as caught:
        asking.exchange("public-sandbox-1", b"one")
    assert caught.value.advice is Advice.OFFLINE


def test_open_attempts_keep_their_files(guarded, tmp_path):
    for name in ("exchange-6f6e65.sealed", "exchange-6f6e65.sealed.lock", "exchange-74776f.sealed"):
        (tmp_path / name).write_bytes(b"x")
    guarded("http://127.0.0.1:9").forget([b"one"])
    assert kept_in(tmp_path) == ["exchange-6f6e65.sealed", "exchange-6f6e65.sealed.lock"]


def test_what_the_guard_tells_survives_the_way():
    refusal = Refusal("X", Advice.CONFIG, 400, "request")
    sealed = seal(b"s" * 32, Outcome(refusal=refusal), "one")
    assert exchange_guard.unseal(b"s" * 32, sealed, "one") == Outcome(refusal=refusal)


def kept_in(folder):
    return sorted(path.name for path in folder.glob("exchange-*"))
