"""Whether there is a newer Hive: off until the person wants it, told and linked, never installed.

One signed document is fetched, once a day at most or at the person's word. It is believed where a
key of this build signed it, it has not expired, and nothing newer was believed before.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import platform
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from hive_desktop import __version__
from hive_desktop.domain import releases
from hive_desktop.domain.releases import ReleaseRefusedError
from hive_desktop.i18n import mark
from hive_desktop.ports.errors import HiveError, UpdateError
from hive_desktop.ports.events import UpdateFound

if TYPE_CHECKING:
    from hive_desktop.config import UpdateSource
    from hive_desktop.domain.releases import Release
    from hive_desktop.ports.diagnostics import Web
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.events import EventBus
    from hive_desktop.services.settings import SettingsService
    from hive_desktop.services.tasks import TaskScope

ON: Final = "updates.on"
KNOWN: Final = "updates.known"
"""What was believed last and when it was asked, as JSON."""

PURPOSE: Final = "Ask whether there is a newer Hive"
_EVERY: Final = timedelta(days=1)
_LOOK_S: Final = 900.0
_SYSTEMS: Final = {"linux": "linux", "darwin": "macos", "win32": "windows"}
_REFUSED: Final = {
    "expired": mark("What the address for updates says is too old to be believed."),
    "not_yet": mark("What the address for updates says is dated later than this computer's clock."),
    "replayed": mark("The address for updates says less than it said before."),
}
_UNBELIEVED: Final = mark("What the address for updates says is not believed ({code}).")


@dataclass(frozen=True, slots=True)
class Update:
    """What is known of newer versions.

    Args:
        asked_at: when the address was last asked with success; None where it never was.
        release: a newer version, None where there is none.
        is_fit: whether it runs on this system.
    """

    asked_at: datetime | None = None
    release: Release | None = None
    is_fit: bool = True


class UpdateService:
    """Asks for the newest version, and remembers what was said.

    Args:
        source: address and keys of this build.
        web: asks the address; each request is recorded.
        settings: keep the choice and what was said last.
        bus: hears of a newer version.
        clock: tells when a day is over.
        version: of the program that runs.
    """

    def __init__(
        self,
        source: UpdateSource,
        web: Web,
        settings: SettingsService,
        *,
        bus: EventBus,
        clock: Clock,
        version: str = __version__,
    ) -> None:
        self._source = source
        self._web = web
        self._settings = settings
        self._bus = bus
        self._clock = clock
        self._version = version

    @property
    def is_configured(self) -> bool:
        """Tell whether this build has an address to ask."""
        return bool(self._source.url and self._source.keys)

    @property
    def address(self) -> str:
        """Return the address that is asked; empty where there is none."""
        return self._source.url

    async def is_on(self) -> bool:
        """Tell whether the person wants it to be asked each day."""
        return await self._settings.get(ON, "0") == "1"

    async def switch(self, *, on: bool) -> None:
        """Let the address be asked each day from now on, or no more."""
        await self._settings.put(ON, "1" if on else "0")

    async def known(self) -> Update:
        """Return what was said last, without asking."""
        told = await self._stored()
        asked = _instant(told.get("asked_at"))
        release: Release | None = None
        if isinstance(kept := told.get("release"), dict):
            with suppress(ReleaseRefusedError):
                release = releases.release_of(kept)
        return self._update(asked, release)

    async def check(self) -> Update:
        """Ask the address now.

        Raises:
            UpdateError: there is none in this build, it did not answer, or is not believed.
        """
        if not self.is_configured:
            raise UpdateError(
                "No address for updates is configured in this build.",
                hint="Newer versions come from where you got this one.",
            )
        raw = await self._web.read(self._source.url, PURPOSE, releases.LARGEST)
        before = await self._stored()
        now = self._clock.now()
        try:
            release, told = self._believed(raw, now, _instant(before.get("issued")))
        except ReleaseRefusedError as refused:
            code = str(refused)
            raise UpdateError(
                _REFUSED.get(code, _UNBELIEVED),
                hint="Nothing was changed. If it stays so, look where you got this Hive.",
                code=code,
            ) from refused
        kept = {
            "asked_at": now.isoformat(),
            "issued": release.issued.isoformat(),
            "release": told,
        }
        await self._settings.put(KNOWN, json.dumps(kept))
        found = self._update(now, release)
        if found.release is not None:
            self._bus.publish(UpdateFound(found.release.version))
        return found

    def keep(self, scope: TaskScope) -> None:
        """Ask each day while the scope lasts, where the person wants that."""
        if self.is_configured:
            scope.spawn(self._daily(), name="updates")

    async def _daily(self) -> None:
        while True:
            with suppress(HiveError):
                if await self.is_on() and await self._is_due():
                    await self.check()
            await asyncio.sleep(_LOOK_S)

    async def _is_due(self) -> bool:
        """Tell whether a day has passed since the last try, whatever came of it."""
        told, now = await self._stored(), self._clock.now()
        last = _instant(told.get("tried_at")) or _instant(told.get("asked_at"))
        if last is not None and timedelta(0) <= now - last < _EVERY:
            return False
        await self._settings.put(KNOWN, json.dumps({**told, "tried_at": now.isoformat()}))
        return True

    def _believed(
        self, raw: bytes, now: datetime, last_issued: datetime | None
    ) -> tuple[Release, dict[str, object]]:
        told, signature = releases.parsed(raw)
        self._check_signature(told, signature)
        release = releases.release_of(told)
        releases.check_time(release, now, last_issued)
        return release, told

    def _check_signature(self, told: dict[str, object], signature: str) -> None:
        from cryptography.exceptions import (  # noqa: PLC0415 - once a day, not at every start
            InvalidSignature,
        )
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - as above
            Ed25519PublicKey,
        )

        key = self._source.keys.get(str(told.get("key")))
        if key is None:
            raise ReleaseRefusedError("unknown_key")
        try:
            public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
            public.verify(base64.b64decode(signature, validate=True), releases.signed_bytes(told))
        except (InvalidSignature, binascii.Error, ValueError) as exc:
            raise ReleaseRefusedError("bad_signature") from exc

    def _update(self, asked_at: datetime | None, release: Release | None) -> Update:
        if release is None or not releases.is_newer(release.version, self._version):
            return Update(asked_at)
        system = _SYSTEMS.get(sys.platform, "")
        return Update(asked_at, release, releases.runs_on(release, system, _system_version()))

    async def _stored(self) -> dict[str, object]:
        try:
            told = json.loads(await self._settings.get(KNOWN, "{}"))
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}


def _system_version() -> str:
    """Return the version that `minimum` speaks of: of macOS, of Windows, else of the kernel."""
    system = platform.system()
    if system == "Darwin":
        return platform.mac_ver()[0]
    return platform.version() if system == "Windows" else platform.release().partition("-")[0]


def _instant(value: object) -> datetime | None:
    with suppress(ValueError):
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return found if found is not None and found.tzinfo is not None else None
    return None
