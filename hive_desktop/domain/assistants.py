"""What an answer to an assistant leaves behind, as it is handed to whoever can write the vault."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import asdict, dataclass, field, replace
from typing import Final

_LONGEST_NAME: Final = 60
_SESSION_BYTES: Final = 16
_NAMELESS: Final = "An assistant"
_PLACE: Final = re.compile(r"[^a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """A receipt that a proposal stands on.

    Attributes:
        text: as `receipt_text` writes it.
        told: what the assistant was told of it.
    """

    text: str
    told: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What is written before an assistant is told something.

    Attributes:
        client: who it says that it is.
        tool: that it called.
        rows: how many lines of the ledger it is told.
        body: what it is told, as JSON.
        told: what of it its model reads.
        arguments: of the call, as JSON.
        proposal: as `receipt_text` writes it; empty where nothing is proposed.
        receipts: that the proposal stands on.
        seconds: how long the answer took.
        session: of the chat, in hexadecimal, in which the proposal is shown.
    """

    client: str
    tool: str
    rows: int
    body: str
    told: str = ""
    arguments: str = "{}"
    proposal: str = ""
    receipts: tuple[KeptReceipt, ...] = ()
    seconds: float = 0.0
    session: str = field(default_factory=lambda: uuid.uuid4().hex)

    def after(self, seconds: float) -> Kept:
        """Return it with the time that the answer took."""
        return replace(self, seconds=seconds)

    def to_text(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Kept:
        """Return what `to_text` wrote.

        Raises:
            ValueError: it is something else.
        """
        try:
            told = json.loads(text)
            receipts = tuple(KeptReceipt(**one) for one in told.pop("receipts"))
            kept = cls(receipts=receipts, **told)
            is_session = len(bytes.fromhex(kept.session)) == _SESSION_BYTES
        except (TypeError, AttributeError, KeyError, RecursionError) as exc:
            raise ValueError("this is nothing that was kept") from exc
        texts = [kept.client, kept.tool, kept.body, kept.told, kept.arguments, kept.proposal]
        texts += [part for one in receipts for part in (one.text, one.told)]
        numbers = (kept.rows, kept.seconds)
        is_text = all(isinstance(one, str) for one in texts)
        if not (is_session and is_text and all(isinstance(one, int | float) for one in numbers)):
            raise ValueError("this is nothing that was kept")
        return kept


def client_name(text: str) -> str:
    """Return an assistant's own name as people are shown it: one line, bounded."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.split())[:_LONGEST_NAME].strip() or _NAMELESS


def place_name(text: str) -> str:
    """Return a name as a part of an address: lower case, digits and hyphens."""
    return _PLACE.sub("-", text.lower()).strip("-")[:_LONGEST_NAME] or "unknown"
