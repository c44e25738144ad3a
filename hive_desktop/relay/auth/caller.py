"""Who makes a request: the person and the device that a valid access token names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Caller:
    """The bearer of a valid access token whose device is not revoked."""

    user_id: str
    email: str
    device_id: str
    expires_at: datetime
