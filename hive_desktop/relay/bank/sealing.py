"""Seals what opens a bank, so that the relay need not keep it.

A sealed token opens only for the person, the item and the environment that it was made for: they
are bound to it, with the key's id and a purpose, as additional data.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hive_desktop.relay.errors import forbidden
from hive_desktop.relay.settings import sealing_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

    from hive_desktop.relay.errors import RelayError

REFUSED: Final = "sealed_token_refused"
LONGEST: Final = 1024
_FORM: Final = "hs1"
_ITEM: Final = "item"
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_LENGTH_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Opened:
    """A token that was sealed.

    Args:
        item_id: the item that it opens.
        token: Plaid's access token; no text form shows it.
        resealed: the same under the newest key, where it was sealed under an older one.
    """

    item_id: str
    token: str = field(repr=False)
    resealed: str | None = field(default=None, repr=False)


class Sealer:
    """Seals and opens with AES-256-GCM.

    Args:
        keys: 32 bytes in base64 by their ids; the first seals, all open.
        environment: the environment of Plaid's that items belong to.
    """

    def __init__(self, keys: Mapping[str, SecretStr], environment: str) -> None:
        self._ciphers = {key_id: AESGCM(sealing_key(key)) for key_id, key in keys.items()}
        self._newest = next(iter(self._ciphers))
        self._environment = environment

    def __repr__(self) -> str:
        return "Sealer(***)"

    def seal(self, user_id: str, item_id: str, token: str) -> str:
        """Return a token as its owner may keep it."""
        return self._seal(_ITEM, user_id, item_id, token)

    def open(self, user_id: str, sealed: str) -> Opened:
        """Return what `seal` was given.

        Raises:
            RelayError: 403; it was not sealed here, or not for this person, or it was changed.
        """
        key_id, item_id, token = self._open(_ITEM, user_id, sealed)
        is_old = key_id != self._newest
        return Opened(item_id, token, self.seal(user_id, item_id, token) if is_old else None)

    def seal_text(self, purpose: str, owner: str, text: str) -> str:
        """Return a text as the relay itself may keep it, for one purpose and one owner."""
        return self._seal(f"text/{purpose}", owner, "", text)

    def open_text(self, purpose: str, owner: str, sealed: str) -> str:
        """Return what `seal_text` was given.

        Raises:
            RelayError: 403; as with `open`.
        """
        return self._open(f"text/{purpose}", owner, sealed)[2]

    def _seal(self, purpose: str, owner: str, subject: str, text: str) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        bound = self._bound(self._newest, purpose, owner, subject)
        shut = nonce + self._ciphers[self._newest].encrypt(nonce, text.encode(), bound)
        return ".".join((_FORM, self._newest, _written(subject.encode()), _written(shut)))

    def _open(self, purpose: str, owner: str, sealed: str) -> tuple[str, str, str]:
        try:
            form, key_id, subject64, shut64 = sealed.split(".")
            subject, shut = _read(subject64).decode(), _read(shut64)
            cipher = self._ciphers[key_id]
            if form != _FORM or len(shut) < _NONCE_BYTES + _TAG_BYTES:
                raise _refused()
            bound = self._bound(key_id, purpose, owner, subject)
            text = cipher.decrypt(shut[:_NONCE_BYTES], shut[_NONCE_BYTES:], bound).decode()
        except (ValueError, KeyError, InvalidTag):
            # Which of them it was is nobody's business; the cause would hold the sealed text.
            raise _refused() from None
        return key_id, subject, text

    def _bound(self, key_id: str, purpose: str, owner: str, subject: str) -> bytes:
        parts = (owner, subject, self._environment, key_id, purpose)
        coded = [part.encode() for part in parts]
        return b"".join(len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in coded)


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    """Read base64 in its one proper form: without this, several texts would mean one sealed token.

    Raises:
        ValueError: it is not in that form.
    """
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except binascii.Error:
        raise ValueError("not base64") from None
    if _written(raw) != text:
        raise ValueError("not base64 as it is written here")
    return raw


def _refused() -> RelayError:
    return forbidden(
        REFUSED,
        "This connection was made by somebody else, or the relay has no key for it any more.",
        "Sign in as whoever connected it, or ask whoever runs the relay. Only where neither helps, "
        "connect the bank again.",
    )
