"""Webhooks as notices: the sandbox's own bodies, and what is no webhook."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from hive_desktop.domain.health import EXPIRY_NOTICE, Health, Notice, Trouble, after_notice
from hive_desktop.domain.ledger import ItemState
from hive_desktop.plaidkit.notices import read_notice
from hive_desktop.sandbox.bank import bulk_bank
from hive_desktop.sandbox.world import Login

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADDRESS = "https://relay.example/webhook"  # off this machine: logged and never called


@pytest.fixture
def fired():
    """What the sandbox sends for a code: (item id, body)."""
    bank = bulk_bank(1, 5, today=TODAY)
    bank.link(bank.institution_ids[0], Login(webhook=ADDRESS))
    (item,) = bank.state()["items"]

    def fire(code, kind=None):
        bank.fire_webhook(code, webhook_type=kind)
        return item["item_id"], bank.webhooks()[-1]["body"]

    return fire


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("SYNC_UPDATES_AVAILABLE", None),
        ("NEW_ACCOUNTS_AVAILABLE", None),
        ("LOGIN_REPAIRED", None),
        ("USER_PERMISSION_REVOKED", Trouble.GONE),
        ("USER_ACCOUNT_REVOKED", None),
        ("PENDING_EXPIRATION", None),
        ("PENDING_DISCONNECT", None),
        ("ERROR", Trouble.RELINK),
    ],
)
def test_the_sandboxs_webhooks_are_read(fired, code, trouble):
    item_id, body = fired(code)
    found = read_notice(json.dumps(body, default=str).encode())
    assert found is not None
    whom, notice = found
    assert (whom, notice.code, notice.kind) == (item_id, code, body["webhook_type"])
    if trouble is not None and notice.trouble is not None:
        assert notice.trouble is trouble
    now = notice.ends_at - timedelta(days=1) if notice.ends_at else NOW
    after, is_wanted = after_notice(Health(), notice, now=now)
    expected = {
        "USER_PERMISSION_REVOKED": ItemState.REVOKED,
        "PENDING_EXPIRATION": ItemState.EXPIRING,
        "PENDING_DISCONNECT": ItemState.EXPIRING,
        "ERROR": ItemState.NEEDS_RELINK,
    }.get(code, ItemState.HEALTHY)
    assert after.state is expected
    assert is_wanted == (expected is ItemState.HEALTHY)
    if expected is ItemState.EXPIRING:
        assert after.ends_at == (notice.ends_at or NOW + EXPIRY_NOTICE)


def test_an_error_is_read_by_what_helps_against_it():
    body = {
        "webhook_type": "ITEM",
        "webhook_code": "ERROR",
        "item_id": "i",
        "error": {"error_type": "INSTITUTION_ERROR", "error_code": "NEW_CODE", "status": 400},
    }
    assert read_notice(json.dumps(body).encode()) == (
        "i",
        Notice("ITEM", "ERROR", "NEW_CODE", Trouble.RETRY),
    )


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-12-01T10:00:00Z", datetime(2026, 12, 1, 10, tzinfo=UTC)),
        ("2026-12-01T10:00:00+02:00", datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("soon", None),
        ("0001-01-01T00:00:00+14:00", None),
        (5, None),
        (None, None),
    ],
)
def test_an_end_is_an_instant_or_not_known(text, instant):
    for name in ("consent_expiration_time", "disconnect_time"):
        body = {
            "webhook_type": "ITEM", "webhook_code": "PENDING_EXPIRATION", "item_id": "i",
            name: text,
        }  # fmt: skip
        assert read_notice(json.dumps(body).encode())[1].ends_at == instant


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"5", b"null", b'"text"', b"\xff\xfe", b"{}",
        b'{"webhook_type": "ITEM", "webhook_code": "ERROR"}',
        b'{"webhook_type": 5, "webhook_code": "ERROR", "item_id": "i"}',
        b'{"webhook_type": "ITEM", "webhook_code": null, "item_id": "i"}',
        b"[" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_webhook_about_an_item_is_none(body):
    assert read_notice(body) is None


@pytest.mark.parametrize("error", [None, 5, [], {}, {"error_code": None}, {"error_code": 7}])
def test_an_error_that_says_nothing_is_none(error):
    body = {"webhook_type": "ITEM", "webhook_code": "ERROR", "item_id": "i", "error": error}
    assert read_notice(json.dumps(body).encode()) == ("i", Notice("ITEM", "ERROR"))
