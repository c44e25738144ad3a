"""What a signed word about a newer Hive is, and when it is believed. Pure; who signed is not known.

The signature is over `signed_bytes`: the release in its one canonical form, after a line that no
other signed text begins with.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST: Final = 32 * 1024
"""Bytes of a whole document."""

LONGEST_LIFE: Final = timedelta(days=120)
"""No word is valid for longer from when it was issued: a host cannot freeze what it says."""

_LINE: Final = b"hive-desktop release 1\n"
_VERSION: Final = re.compile(r"(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})", re.ASCII)
_SYSTEM: Final = re.compile(r"\d{1,6}(?:\.\d{1,6}){0,3}", re.ASCII)
_KEY_ID: Final = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
_LONGEST_NOTES: Final = 4_000
_LONGEST_URL: Final = 300
_SYSTEMS: Final = frozenset({"linux", "macos", "windows"})
_EARLY: Final = timedelta(days=1)
_FIELDS: Final = frozenset(
    {"version", "released", "notes", "page", "minimum", "issued", "expires", "key"}
)


class ReleaseRefusedError(ValueError):
    """A document that is not believed; its text is a code in one word."""


@dataclass(frozen=True, slots=True)
class Release:
    """One release, as it is told.

    Args:
        version: three numbers.
        released: when, as a date of ISO 8601.
        notes: what is new, plain text.
        page: where it can be had, https.
        minimum: the oldest system that it runs on, by linux, macos and windows.
        issued: when this was signed.
        expires: until when it is believed.
        key: which key signed it.
    """

    version: str
    released: str
    notes: str
    page: str
    minimum: Mapping[str, str]
    issued: datetime
    expires: datetime
    key: str


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return JSON in its one form: keys in order, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def signed_bytes(release: Mapping[str, Any]) -> bytes:
    """Return what a signature is over."""
    return _LINE + canonical(release)


def parsed(raw: bytes) -> tuple[dict[str, Any], str]:
    """Return the release of a document as it stands, and its signature in base64.

    Raises:
        ReleaseRefusedError: it is no such document.
    """
    if len(raw) > LARGEST:
        raise ReleaseRefusedError("too_large")
    try:
        whole = json.loads(raw)
        release, signature = whole["release"], whole["signature"]
        is_right = set(whole) == {"release", "signature"} and set(release) == _FIELDS
    except (ValueError, KeyError, TypeError, RecursionError) as exc:
        raise ReleaseRefusedError("malformed") from exc
    if not is_right or not isinstance(release, dict) or not isinstance(signature, str):
        raise ReleaseRefusedError("malformed")
    return release, signature


def release_of(told: Mapping[str, Any]) -> Release:
    """Return a release whose signature was found right.

    Raises:
        ReleaseRefusedError: a value cannot be.
    """
    try:
        made = Release(
            version=_text(told["version"], _VERSION),
            released=datetime.fromisoformat(_text(told["released"])).date().isoformat(),
            notes=_text(told["notes"])[:_LONGEST_NOTES],
            page=_text(told["page"]),
            minimum={
                _text(name): _text(least, _SYSTEM) for name, least in dict(told["minimum"]).items()
            },
            issued=_instant(told["issued"]),
            expires=_instant(told["expires"]),
            key=_text(told["key"], _KEY_ID),
        )
    except (ValueError, TypeError, KeyError) as exc:
        raise ReleaseRefusedError("malformed") from exc
    is_page = made.page.startswith("https://") and made.page.isascii() and made.page.isprintable()
    if not is_page or len(made.page) > _LONGEST_URL or not set(made.minimum) <= _SYSTEMS:
        raise ReleaseRefusedError("malformed")
    return made


def check_time(release: Release, now: datetime, last_issued: datetime | None) -> None:
    """Refuse what is too old, from the future, or older than what was believed before.

    Raises:
        ReleaseRefusedError: `expired`, `not_yet` or `replayed`.
    """
    if now >= release.expires or release.expires - release.issued > LONGEST_LIFE:
        raise ReleaseRefusedError("expired")
    if release.issued > now + _EARLY:
        raise ReleaseRefusedError("not_yet")
    if last_issued is not None and release.issued < last_issued:
        raise ReleaseRefusedError("replayed")


def is_newer(version: str, than: str) -> bool:
    """Tell whether one version comes after another; what is no version never does."""
    one, other = _VERSION.fullmatch(version), _VERSION.match(than)
    if one is None or other is None:
        return False
    return [int(part) for part in one.groups()] > [int(part) for part in other.groups()]


def runs_on(release: Release, system: str, has: str) -> bool:
    """Tell whether a release runs on a system; where one of them is not told, it does.

    Args:
        release: the release.
        system: linux, macos or windows.
        has: the system's version, numbers with points.
    """
    least = release.minimum.get(system)
    if least is None or not _SYSTEM.fullmatch(has):
        return True
    return [int(part) for part in has.split(".")] >= [int(part) for part in least.split(".")]


def _text(value: object, pattern: re.Pattern[str] | None = None) -> str:
    if not isinstance(value, str) or (pattern is not None and not pattern.fullmatch(value)):
        raise TypeError("text")
    return value


def _instant(value: object) -> datetime:
    instant = datetime.fromisoformat(_text(value))
    if instant.tzinfo is None:
        raise ValueError("instant")
    return instant
