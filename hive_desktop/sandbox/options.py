"""How one simulated bank is set up."""

from __future__ import annotations

from dataclasses import dataclass

# Plaid tries again for a day: first after 30 seconds, then four times as long each time.
DAY_OF_RETRIES = (30.0, 120.0, 480.0, 1_920.0, 7_680.0, 30_720.0)


@dataclass(frozen=True, slots=True)
class BankOptions:
    """Settings of a bank.

    Attributes:
        client_id: The only client that the bank knows.
        secret: That client's secret.
        rate_limits: Whether Plaid's sandbox limits per minute apply.
        initial_after: Seconds from link until the last 30 days are there.
        history_after: Seconds from link until the whole history is there.
        preencode: Encode the pages of the whole history (500 rows each, with original
            descriptions) when a public token is exchanged, so that serving one is a look-up.
        webhook_retries: Pauses in seconds before each further try of a webhook.
        webhook_timeout: Seconds that a receiver may take to answer.
        login_lasts_days: Days after linking until an item asks for a new login; None: for ever.
    """

    client_id: str = "sandbox-client"
    secret: str = "sandbox-secret"  # noqa: S105 - the fake bank's published test value
    rate_limits: bool = True
    initial_after: float = 0.0
    history_after: float = 0.0
    preencode: bool = False
    webhook_retries: tuple[float, ...] = DAY_OF_RETRIES
    webhook_timeout: float = 10.0
    login_lasts_days: int | None = None
