"""A relay as services see it, which does as a test says."""

import asyncio
from datetime import UTC, datetime

from hive_desktop.ports.bank import AccessToken, RenewedToken
from hive_desktop.ports.egress import Egress
from hive_desktop.ports.errors import BankOfflineError, RelaySignInError
from hive_desktop.ports.relay import RelayGrant

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
URL = "https://relay.example.org"
WHO = "mira@example.org"


def grant_of(number, *, device=None, url=URL):
    device = device or f"device-{number}"
    return RelayGrant(url, WHO, device, f"hr1.{device}.{number}", NOW)


def sent(path):
    return Egress(NOW, URL, "why", path, "{}", b"h" * 32, 2, 200, 0.01)


class FakeStream:
    """A line; what a test puts there is heard, an error breaks it."""

    def __init__(self):
        self.queue = asyncio.Queue()
        self.acknowledged = []
        self.is_closed = False

    def __aiter__(self):
        return self

    async def __anext__(self):
        said = await self.queue.get()
        if isinstance(said, Exception):
            raise said
        return said

    def say(self, said):
        self.queue.put_nowait(said)

    async def acknowledge(self, news):
        self.acknowledged.append((news.plaid_item_id, news.seq))

    async def close(self):
        await asyncio.sleep(0)
        self.is_closed = True


class FakeRelay:
    """Implements `RelayLink` as far as it is used here."""

    def __init__(self, grant, keep):
        self.grant = grant
        self.keep = keep
        self.calls = []
        self.sent = []
        self.renewed = []
        self.streams = []
        self.errors = []
        self.is_closed = False
        self.before_sign_out = None

    @property
    def stream(self):
        return self.streams[-1]

    def _call(self, *call):
        self.calls.append(call)
        self.sent.append(sent(f"/{call[0]}"))
        if self.errors:
            raise self.errors.pop(0)

    async def begin_link(self, *, completion_url, relink=None):
        self._call("begin_link", relink)
        return completion_url

    async def poll_link(self, link_token):
        self._call("poll_link", link_token)

    async def exchange(self, public_token, attempt):
        self._call("exchange", public_token, attempt)

    async def item(self, token):
        self._call("item", token.value)

    async def forget_exchanges(self, open_attempts):
        self.calls.append(("forget_exchanges", tuple(open_attempts)))

    async def sync_page(self, token, cursor):
        self._call("sync_page", token.value, cursor)

    async def remove(self, token):
        self._call("remove", token.value)

    async def known_data(self):
        self._call("known_data")
        return {"user": {}}

    async def sign_out(self, *, everywhere):
        if self.before_sign_out is not None:
            await self.before_sign_out()
        self._call("sign_out", everywhere)

    async def listen(self):
        self._call("listen")
        self.streams.append(FakeStream())
        return self.stream

    def drain_egress(self):
        drained, self.sent = self.sent, []
        return drained

    def drain_renewed(self):
        drained, self.renewed = self.renewed, []
        return drained

    def renew(self, old, new):
        self.renewed.append(RenewedToken(AccessToken(old), AccessToken(new)))

    async def close(self):
        self.is_closed = True


class FakeDoor:
    """Implements `RelayDoor`."""

    def __init__(self):
        self.relays = []
        self.entered = []
        self.sent = []
        self.error = None
        self.grants = iter(range(1, 100))

    @property
    def relay(self):
        return self.relays[-1]

    async def sign_in(self, url, credentials):
        return self._enter("/auth/login", url, credentials)

    async def sign_up(self, url, credentials):
        return self._enter("/auth/register", url, credentials)

    def _enter(self, path, url, credentials):
        self.sent.append(sent(path))
        self.entered.append((path, url, credentials.email))
        if self.error is not None:
            raise self.error
        return grant_of(next(self.grants), url=url)

    def enter(self, grant, keep):
        self.relays.append(FakeRelay(grant, keep))
        return self.relay

    def drain_egress(self):
        drained, self.sent = self.sent, []
        return drained


def offline():
    return BankOfflineError(code="UNREACHABLE")


def signed_out():
    return RelaySignInError(code="RELAY_SIGNED_OUT")
