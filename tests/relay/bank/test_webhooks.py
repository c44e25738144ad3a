"""Webhooks: only Plaid's, each once, and only that an item has news."""

import asyncio
import base64
import json
import threading

import pytest

from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.relay.bank import webhooks
from hive_desktop.relay.store import schema, told
from hive_desktop.sandbox.webhooks import WebhookSigner

URL = "/webhooks/plaid"
NEWS = {
    "webhook_type": "TRANSACTIONS",
    "webhook_code": "SYNC_UPDATES_AVAILABLE",
    "environment": "sandbox",
    "initial_update_complete": True,
    "historical_update_complete": True,
}


class Plaid:
    """Signs as the sandbox bank does."""

    def __init__(self, world):
        self.world = world
        self.signer = world.bank.courier._signer

    def signed(self, said, *, age_s=0, signer=None):
        body = json.dumps(said, indent=2).encode()
        at = int(self.world.now().timestamp()) - age_s
        return body, (signer or self.signer).sign(body, at)

    def post(self, body, token, **headers):
        sent = {"Content-Type": "application/json", "Plaid-Verification": token, **headers}
        return self.world.http.post(URL, content=body, headers=sent)

    def tell(self, item_id, **more):
        return self.post(*self.signed({**NEWS, "item_id": item_id, **more}))

    def outcome(self, *args, **more):
        answer = self.tell(*args, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()["outcome"]


@pytest.fixture
def plaid(world):
    return Plaid(world)


@pytest.fixture
def item(jane):
    return jane.connect()[0]


def seqs(world):
    return {row["id"]: row["news_seq"] for row in world.rows(schema.ITEMS)}


def counted(world, outcome):
    line = f'hive_relay_webhooks_total{{outcome="{outcome}"}} '
    text = world.relay.metrics.text().decode()
    return next((float(one.split()[-1]) for one in text.splitlines() if one.startswith(line)), 0)


def test_an_item_has_news(world, plaid, jane, item):
    assert plaid.outcome(item) == "accepted"
    word = {
        "user_id": jane.id,
        "item_id": item,
        "seq": 1,
        "kind": "TRANSACTIONS",
        "code": "SYNC_UPDATES_AVAILABLE",
    }
    assert world.published == [word]
    assert seqs(world) == {item: 1}
    assert world.relay.store.run_blocking(told.untold, [jane.id]) == [told.News(jane.id, item, 1)]
    assert counted(world, "accepted") == 1


def test_the_end_of_a_permission_is_news(world, plaid, item):
    error = {"error_type": "ITEM_ERROR", "error_code": "USER_PERMISSION_REVOKED"}
    more = {"webhook_type": "ITEM", "webhook_code": "USER_PERMISSION_REVOKED", "error": error}
    assert plaid.outcome(item, **more) == "accepted"
    assert (world.published[0]["kind"], world.published[0]["code"]) == (
        "ITEM",
        "USER_PERMISSION_REVOKED",
    )


def test_a_duplicate_is_answered_and_not_pushed(world, plaid, item):
    body, token = plaid.signed({**NEWS, "item_id": item})
    for outcome in ("accepted", "duplicate", "duplicate"):
        answer = plaid.post(body, token)
        assert (answer.status_code, answer.json()) == (200, {"outcome": outcome})
    assert len(world.published) == 1
    assert seqs(world) == {item: 1}
    # The same words signed anew are other news.
    world.now.pass_(seconds=2)
    assert plaid.outcome(item) == "accepted"
    assert [word["seq"] for word in world.published] == [1, 2]


def test_a_signature_s_twin_is_a_duplicate(world, plaid, item):
    """ECDSA: with (r, s) also (r, n - s) verifies, which needs no key to find."""
    body, token = plaid.signed({**NEWS, "item_id": item})
    assert plaid.post(body, token).json() == {"outcome": "accepted"}
    head, _, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    s = webhooks._ORDER - int.from_bytes(raw[32:])
    twin = base64.urlsafe_b64encode(raw[:32] + s.to_bytes(32)).rstrip(b"=").decode()
    assert twin != signature
    answer = plaid.post(body, f"{head}.{twin}")
    assert (answer.status_code, answer.json()) == (200, {"outcome": "duplicate"})
    assert len(world.published) == 1


def test_duplicates_are_remembered_ten_minutes(world, plaid, item):
    assert plaid.outcome(item) == "accepted"
    asyncio.run(world.relay.housekeeper.sweep())
    assert len(world.rows(schema.WEBHOOKS)) == 1
    world.now.pass_(minutes=11)
    asyncio.run(world.relay.housekeeper.sweep())
    assert world.rows(schema.WEBHOOKS) == []


def test_many_at_once_are_pushed_once(world, plaid, item):
    body, token = plaid.signed({**NEWS, "item_id": item})
    told_all = []
    threads = [
        threading.Thread(target=lambda: told_all.append(plaid.post(body, token).json()["outcome"]))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told_all) == ["accepted"] + ["duplicate"] * 7
    assert len(world.published) == 1


@pytest.mark.parametrize(
    "said",
    [
        {**NEWS, "item_id": "nobody-s"},
        {**NEWS, "item_id": "a\u0000b"},
        {**NEWS, "item_id": "\ud800"},
        {**NEWS, "item_id": "x" * 5000},
        {**NEWS, "item_id": "'; DROP TABLE items; --"},
        {"webhook_type": "LINK", "webhook_code": "SESSION_FINISHED", "link_token": "l"},
        {},
        [],
        "text",
    ],
)
def test_what_is_about_no_item_here_is_ignored(world, plaid, item, said):
    answer = plaid.post(*plaid.signed(said))
    assert (answer.status_code, answer.json()) == (200, {"outcome": "ignored"})
    assert world.published == []
    assert seqs(world) == {item: 0}


def test_words_that_plaid_does_not_write_are_not_passed_on(world, plaid, item):
    for more in ({"webhook_type": "LINK"}, {"webhook_code": "a b"}, {"webhook_type": "X" * 65}):
        assert plaid.outcome(item, **more) == "ignored"
    assert world.published == []


def test_an_item_that_was_removed_has_no_news(world, plaid, jane):
    item_id, sealed = jane.connect()
    jane.ask("DELETE", f"/plaid/items/{item_id}", item=sealed)
    assert plaid.outcome(item_id) == "ignored"


# ---- forgeries -------------------------------------------------------------------------------


def refused(world, answer):
    assert answer.status_code == 401, answer.text
    assert answer.json()["error"]["code"] == "forged_webhook"
    assert world.published == []
    assert world.rows(schema.WEBHOOKS) == []
    return True


def test_a_changed_body_is_refused(world, plaid, item):
    body, token = plaid.signed({**NEWS, "item_id": item})
    for changed in (body + b" ", json.dumps(json.loads(body)).encode(), body[:-1], b""):
        assert refused(world, plaid.post(changed, token))
    assert counted(world, "forged") == 4


def test_an_old_or_early_one_is_refused(world, plaid, item):
    for age_s in (301, 3600, -120):
        body, token = plaid.signed({**NEWS, "item_id": item}, age_s=age_s)
        assert refused(world, plaid.post(body, token))
    body, token = plaid.signed({**NEWS, "item_id": item}, age_s=290)
    assert plaid.post(body, token).status_code == 200


def test_another_key_is_refused(world, plaid, item):
    other = WebhookSigner(99)
    body, token = plaid.signed({**NEWS, "item_id": item}, signer=other)
    assert refused(world, plaid.post(body, token))
    other.key_id = plaid.signer.key_id
    body, token = plaid.signed({**NEWS, "item_id": item}, signer=other)
    assert refused(world, plaid.post(body, token))


def test_none_two_or_odd_signatures_are_refused(world, plaid, item):
    body, token = plaid.signed({**NEWS, "item_id": item})
    post = world.http.post
    assert refused(world, post(URL, content=body))
    twice = [("Plaid-Verification", token)] * 2
    assert refused(world, post(URL, content=body, headers=twice))
    head, claims, _ = token.split(".")
    for odd in ("", "x", f"{head}.{claims}.", "a" * 5000, "eyJhbGciOiJub25lIn0.e30.", "\u00e9"):
        headers = {"Plaid-Verification": odd.encode("latin-1")}
        assert refused(world, post(URL, content=body, headers=headers))


def test_forgers_are_slowed_down_and_cost_plaid_nothing(world, plaid, item):
    keys = "/webhook_verification_key/get"
    before = world.calls(keys)
    statuses = []
    for number in range(15):
        other = WebhookSigner(1000 + number)
        body, token = plaid.signed({**NEWS, "item_id": item}, signer=other)
        statuses.append(plaid.post(body, token).status_code)
    assert statuses == [401] * 10 + [429] * 5
    assert world.calls(keys) - before == 10


def test_a_key_that_cannot_be_fetched_is_no_verdict(world, plaid, item, monkeypatch):
    def away(*_, **__):
        raise PlaidError("READ_TIMEOUT", Advice.RETRY)

    with monkeypatch.context() as patch:
        patch.setattr(world.relay.plaid, "send", away)
        answer = plaid.tell(item)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "key_not_known")
    assert answer.headers["retry-after"]
    assert world.published == []
    assert plaid.outcome(item) == "accepted"


def test_keys_are_asked_for_once(world, plaid, item):
    keys = "/webhook_verification_key/get"
    before = world.calls(keys)
    for seconds in range(4):
        world.now.pass_(seconds=seconds)
        plaid.tell(item)
    assert world.calls(keys) - before == 1


def test_slow_keys_hold_up_few(world, plaid, item, monkeypatch):
    """Webhooks that wait for a key leave the threads of bank calls alone, and are not piled up."""
    monkeypatch.setattr(webhooks, "_WAITING", 2)
    entered, go_on = threading.Semaphore(0), threading.Event()
    send = world.relay.plaid.send

    def slow(path, fields, **more):
        entered.release()
        go_on.wait(30)
        return send(path, fields, **more)

    monkeypatch.setattr(world.relay.plaid, "send", slow)
    one = plaid.signed({**NEWS, "item_id": item})
    threads = [threading.Thread(target=plaid.post, args=one) for _ in range(2)]
    for thread in threads:
        thread.start()
        assert entered.acquire(timeout=30)
    assert plaid.tell(item).status_code == 503
    go_on.set()
    for thread in threads:
        thread.join()
    assert len(world.published) == 1


def test_a_large_body_is_refused(world, plaid):
    answer = plaid.post(b" " * 70_000, "x")
    assert answer.status_code == 413


def test_the_digest_names_the_signed_words(plaid):
    body, token = plaid.signed(NEWS)
    assert webhooks.digest(token, body) == webhooks.digest(token, body)
    assert webhooks.digest(token, body) != webhooks.digest(token, body + b" ")
    assert webhooks.digest(token, body) != webhooks.digest(plaid.signed(NEWS, age_s=1)[1], body)
