"""What left the machine: one entry for each request to Plaid, the relay or an AI."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Egress:
    """One request that left for Plaid, the relay or an AI; `body` has its secrets masked.

    `method` is HTTP's, or SEND for a message over an open line. `path` has the query.
    `body_hash` is a hash keyed by the vault over the unmasked body, `body_length` its bytes.
    `status` is the HTTP status, None where no answer came; `result` is None where a whole answer
    came, and else says in a word why not (timed_out, unreachable, tls_failed, half_answer,
    too_long, connection_lost, cancelled ...) or that none is expected (sent).
    `host` is an address with its scheme, and with its port where that is not the scheme's own.
    `cost_micros` is in millionths of the price list's currency, None where no price is known.
    `once` names a request whose record may be handed over twice; the ledger keeps one.
    `unhashed` is the unmasked body of a request whose hash was not made yet: the vault was locked.
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
    once: bytes | None = None
    unhashed: bytes | None = field(default=None, repr=False)

    @property
    def is_at_most(self) -> bool:
        """Tell whether the cost is the most that it can be: the server has counted no tokens."""
        return bool(self.cost_micros) and self.prompt_tokens is None


def place(host: str) -> str:
    """Return an address for people, without the scheme that goes without saying."""
    return host.removeprefix("https://")


class EgressLine(NamedTuple):
    """An entry as stored; `id` grows in the order in which entries were written."""

    id: int
    entry: Egress


class EgressFilter(NamedTuple):
    """Which entries are meant; what is None excludes nothing.

    `since` is included, `until` is not. `host` is an address as it is stored, or a host or one of
    its parent domains, with or without a port. `purpose` is a part of theirs. Both in any case.
    """

    since: datetime | None = None
    until: datetime | None = None
    host: str | None = None
    purpose: str | None = None


EVERYTHING = EgressFilter()


class EgressSum(NamedTuple):
    """What left for one host and purpose. `unanswered` counts those without a status.

    Messages over an open line expect no answer and are not counted there. `is_at_most` tells that
    some of the cost is the most that it can be.
    """

    host: str
    purpose: str
    requests: int
    unanswered: int
    body_bytes: int
    prompt_tokens: int
    completion_tokens: int
    cost_micros: int
    is_at_most: bool = False


class Forgotten(NamedTuple):
    """What was deleted, and what of it had to stay."""

    deleted: int
    kept: int


class EgressReads(Protocol):
    """What left the machine, as stored."""

    def page(
        self, wanted: EgressFilter = EVERYTHING, *, limit: int = 200, offset: int = 0
    ) -> list[EgressLine]:
        """Return entries, newest first."""
        ...

    def after(self, wanted: EgressFilter, last_id: int, limit: int) -> list[EgressLine]:
        """Return the entries written after one, in the order in which they were written."""
        ...

    def one(self, line_id: int) -> EgressLine | None:
        """Return one entry, or None."""
        ...

    def count(self, wanted: EgressFilter = EVERYTHING) -> int:
        """Return how many entries there are."""
        ...

    def summary(self, wanted: EgressFilter = EVERYTHING) -> list[EgressSum]:
        """Return totals by host and purpose, those with most requests first."""
        ...

    def cost_since(self, at: datetime) -> int:
        """Return what requests from an instant on have cost, in millionths."""
        ...


class EgressWrites(EgressReads, Protocol):
    """Mutations, inside one transaction on the writer."""

    def record(self, entries: Sequence[Egress]) -> None:
        """Write entries down in their order; one that was named before is not written again."""
        ...

    def forget(self, before: datetime, *, costs_since: datetime) -> Forgotten:
        """Delete what is older, except what has cost something since an instant."""
        ...
