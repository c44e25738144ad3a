"""What left the machine: one entry for each request to Plaid, the relay or an AI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Egress:
    """One request that left for Plaid, the relay or an AI; `body` has its secrets masked.

    `body_hash` is a hash keyed by the vault over the unmasked body, `body_length` its bytes.
    `status` is the HTTP status, None where no answer came; `result` then says in a word why.
    `cost_micros` is in millionths of the price list's currency, None where no price is known.
    """

    at: datetime
    host: str
    purpose: str
    path: str
    body: str
    body_hash: bytes
    body_length: int
    status: int | None
    seconds: float
    method: str = "POST"
    result: str | None = None
    model: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_micros: int | None = None
