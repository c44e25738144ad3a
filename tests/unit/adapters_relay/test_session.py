"""A sign-in that renews itself: once, in time, and never so that the vault misses it."""

import asyncio
import gc
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hive_desktop.adapters.bank import relay_http, relay_session
from hive_desktop.adapters.bank.relay_session import RelaySession
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.wire import Answer
from hive_desktop.ports.errors import (
    BankOfflineError,
    BankRateLimitError,
    BankRetryError,
    RelaySignInError,
    VaultUnwritableError,
)
from hive_desktop.ports.relay import RelayGrant

ENDS = datetime(2026, 12, 4, tzinfo=UTC)
FIRST = RelayGrant("https://relay.example.org", "mira@example.org", "d", "hr1.d.0", ENDS)


def refusal(status, code="not_signed_in"):
    said = {"error": {"code": code, "message": "Words.", "hint": "Do."}}
    return relay_http._refusal(status, {}, json.dumps(said).encode())


class Relay:
    """Renews by refresh token, each once; stands in for `RelayHttp`."""

    def __init__(self):
        self.valid = "hr1.d.0"
        self.count = 0
        self.faults = []
        self.paths = []
        self.live = set()
        self.may = threading.Event()
        self.may.set()
        self.arrived = threading.Event()

    def send(self, method, path, purpose, *, fields=None, bearer=None, silence_s=None):
        assert method == "POST"
        assert purpose
        self.paths.append(path)
        if path != "/auth/refresh":
            if bearer not in self.live:
                raise refusal(401)
            return Answer(200, b"{}", {})
        assert silence_s < 10
        self.arrived.set()
        assert self.may.wait(30)
        if self.faults:
            raise self.faults.pop(0)
        if fields["refresh_token"] != self.valid:
            raise refusal(401)
        self.count += 1
        self.valid = f"hr1.d.{self.count}"
        token = f"jwt-{self.count}"
        self.live.add(token)
        said = {
            "access_token": token,
            "refresh_token": self.valid,
            "refresh_expires_at": ENDS.isoformat(),
            "user": {"email": "mira@example.org"},
            "device_id": "d",
        }
        return Answer(200, json.dumps(said).encode(), {})


class Vault:
    def __init__(self):
        self.kept = []
        self.error = None

    async def keep(self, grant):
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        self.kept.append(grant.refresh_token)


@pytest.fixture
def relay():
    return Relay()


@pytest.fixture
def vault():
    return Vault()


@pytest.fixture
def session(relay, vault):
    async def make():
        return RelaySession(relay, FIRST, vault.keep, lambda _seconds: None)

    return make


def spawn(work):
    return asyncio.get_running_loop().create_task(work)


async def arrived(relay):
    await asyncio.get_running_loop().run_in_executor(None, relay.arrived.wait, 5)


def test_one_renewal_for_all_who_need_it(relay, vault, session):
    async def main():
        made = await session()
        tokens = await asyncio.gather(*(made.bearer() for _ in range(20)))
        assert set(tokens) == {"jwt-1"}
        stale = await asyncio.gather(*(made.bearer(stale="jwt-1") for _ in range(20)))
        assert set(stale) == {"jwt-2"}

    asyncio.run(main())
    assert relay.count == 2
    assert vault.kept == ["hr1.d.1", "hr1.d.2"]


def test_it_is_kept_before_it_is_used(relay, vault, session):
    async def main():
        made = await session()

        def send(bearer):
            assert vault.kept == ["hr1.d.1"]
            return bearer

        assert await made.call(send) == "jwt-1"

    asyncio.run(main())


def test_it_is_renewed_before_it_ends(relay, session, monkeypatch):
    async def main():
        made = await session()
        await made.bearer()
        assert await made.bearer() == "jwt-1"
        monkeypatch.setattr(relay_session, "_RENEW_AFTER_S", -1.0)
        assert await made.bearer() == "jwt-2"

    asyncio.run(main())


def test_who_stops_waiting_does_not_lose_it(relay, vault, session):
    async def main():
        made = await session()
        relay.may.clear()
        waiting = spawn(made.bearer())
        await arrived(relay)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        relay.may.set()
        assert await made.bearer() == "jwt-1"
        assert vault.kept == ["hr1.d.1"]
        assert relay.count == 1

    asyncio.run(main())


def test_a_refused_token_is_renewed_once_and_not_for_ever(relay, session):
    async def main():
        made = await session()
        calls = []

        def send(bearer):
            calls.append(bearer)
            raise refusal(401)

        with pytest.raises(RelaySignInError):
            await made.call(send)
        assert calls == ["jwt-1", "jwt-2"]

    asyncio.run(main())
    assert relay.count == 2


def test_a_token_that_ended_is_renewed_in_silence(relay, session):
    async def main():
        made = await session()
        await made.bearer()
        relay.live.clear()  # the computer slept
        answer = await made.call(lambda bearer: relay.send("POST", "/x", "Why", bearer=bearer))
        assert answer.status == 200

    asyncio.run(main())
    assert relay.paths == ["/auth/refresh", "/x", "/auth/refresh", "/x"]


def test_a_sign_in_that_is_over(relay, vault, session):
    async def main():
        relay.valid = "another"
        made = await session()
        for _ in range(2):
            with pytest.raises(RelaySignInError) as caught:
                await made.call(lambda bearer: bearer)
            assert caught.value.code == "RELAY_SIGNED_OUT"

    asyncio.run(main())
    assert vault.kept == []


def test_a_lost_answer_is_asked_for_again_at_once(relay, vault, session):
    relay.faults = [PlaidError("READ_TIMEOUT", Advice.RETRY), refusal(503, "unavailable")]

    async def main():
        assert await (await session()).bearer() == "jwt-1"

    asyncio.run(main())
    assert vault.kept == ["hr1.d.1"]
    assert relay_session._RENEWING.within_s + relay_session._RENEWING.read_s < 30


@pytest.mark.parametrize(
    ("fault", "kind", "tries"),
    [
        (lambda: PlaidError("UNREACHABLE", Advice.OFFLINE), BankOfflineError, 1),
        (lambda: PlaidError("READ_TIMEOUT", Advice.RETRY), BankRetryError, 3),
        (lambda: refusal(429, "too_many_requests"), BankRateLimitError, 1),
    ],
)
def test_a_relay_that_is_away_signs_nobody_out(relay, vault, session, fault, kind, tries):
    relay.faults = [fault() for _ in range(tries)]

    async def main():
        made = await session()
        with pytest.raises(kind):
            await made.bearer()
        assert relay.paths == ["/auth/refresh"] * tries
        assert await made.bearer() == "jwt-1"

    asyncio.run(main())


def test_a_vault_that_does_not_keep_it_is_told_and_asked_again(relay, vault, session):
    async def main():
        made = await session()
        vault.error = VaultUnwritableError(folder="/vault", reason="read only")
        for _ in range(3):
            with pytest.raises(VaultUnwritableError):
                await made.call(lambda bearer: bearer)
        assert relay.count == 1  # what is not kept is not renewed again and again
        vault.error = None
        assert await made.call(lambda bearer: bearer) == "jwt-1"
        assert vault.kept == ["hr1.d.1"]

    asyncio.run(main())


def test_other_errors_of_a_call_come_through(session):
    async def main():
        made = await session()

        def send(_bearer):
            raise PlaidError("UNREACHABLE", Advice.OFFLINE)

        with pytest.raises(BankOfflineError):
            await made.call(send)

        def refused(_bearer):
            raise refusal(429, "too_many_requests")

        with pytest.raises(BankRateLimitError):
            await made.call(refused)

    asyncio.run(main())


@pytest.mark.parametrize(
    ("everywhere", "path"), [(False, "/auth/logout"), (True, "/auth/logout-everywhere")]
)
def test_the_end(relay, session, everywhere, path):
    async def main():
        made = await session()
        await made.end(everywhere=everywhere)
        with pytest.raises(RelaySignInError):
            await made.bearer()

    asyncio.run(main())
    assert relay.paths == ["/auth/refresh", path]


def test_closing_waits_for_a_renewal_that_is_under_way(relay, vault, session):
    async def main():
        made = await session()
        relay.may.clear()
        waiting = spawn(made.bearer())
        await arrived(relay)
        waiting.cancel()
        closing = spawn(made.close())
        await asyncio.sleep(0.02)
        assert not closing.done()
        relay.may.set()
        await closing
        assert vault.kept == ["hr1.d.1"]
        with pytest.raises(BankOfflineError):
            await made.bearer()

    asyncio.run(main())


def test_closing_does_not_wait_for_ever(relay, session, monkeypatch):
    monkeypatch.setattr(relay_session, "_CLOSING_S", 0.02)

    async def main():
        made = await session()
        relay.may.clear()
        waiting = spawn(made.bearer())
        await arrived(relay)
        await made.close()
        assert not waiting.done()
        relay.may.set()
        assert await waiting == "jwt-1"

    asyncio.run(main())


def test_a_sign_in_that_could_not_be_stored_is_stored_at_the_end(relay, vault, session):
    async def main():
        made = await session()
        vault.error = VaultUnwritableError(folder="/vault", reason="the disk is full")
        with pytest.raises(VaultUnwritableError):
            await made.bearer()
        vault.error = None
        await made.close()
        assert vault.kept == ["hr1.d.1"]
        # And where it still cannot, that is no reason not to close.
        other = await session()
        relay.valid = "hr1.d.0"
        vault.error = VaultUnwritableError(folder="/vault", reason="the disk is full")
        with pytest.raises(VaultUnwritableError):
            await other.bearer()
        await other.close()
        assert vault.kept == ["hr1.d.1"]

    asyncio.run(main())


def test_a_renewal_that_fails_when_nobody_waits_is_no_fault_of_the_program(relay, vault, session):
    async def main():
        made = await session()
        vault.error = VaultUnwritableError(folder="/vault", reason="the disk is full")
        relay.may.clear()
        waiting = spawn(made.bearer())
        await arrived(relay)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        relay.may.set()
        await made.close()
        gc.collect()

    asyncio.run(main())  # the log stays empty: `_no_stray_warnings`


def test_who_signed_in_is_not_learnt_by_a_renewal(relay):
    """Beside a locked vault nobody's name is known, and a renewal does not bring it back."""
    kept = []

    async def keep(grant):
        kept.append(grant)

    async def main():
        nameless = replace(FIRST, email="")
        made = RelaySession(relay, nameless, keep, lambda _seconds: None)
        await made.bearer()

    asyncio.run(main())
    assert [(one.email, one.refresh_token) for one in kept] == [("", "hr1.d.1")]
