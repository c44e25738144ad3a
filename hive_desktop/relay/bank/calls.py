"""One call for one person: the sealed token opened, Plaid asked, its words carried back."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import ValidationError
from starlette.responses import Response

from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.relay.bank import sealing
from hive_desktop.relay.errors import PlaidSaid, RelayError, invalid, invalid_field, too_many
from hive_desktop.relay.http.context import address_of
from hive_desktop.relay.http.limits import Rule
from hive_desktop.relay.store import audit
from hive_desktop.relay.store.instants import to_ms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.requests import Request

    from hive_desktop.plaidkit.wire import Answer
    from hive_desktop.relay.auth.caller import Caller
    from hive_desktop.relay.bank.allow import Body
    from hive_desktop.relay.bank.sealing import Opened
    from hive_desktop.relay.relay import Relay

B = TypeVar("B", bound="Body")

ITEM_HEADER: Final = "X-Hive-Item"
RESEALED_HEADER: Final = "X-Hive-Resealed"
MOST_AT_ONCE: Final = 8
_REFUSALS: Final = Rule("sealed-refused", 10, 60)
_ITEM: Final = ITEM_HEADER.lower().encode()
_JSON: Final = "application/json"
# Statuses of Plaid's that mean the same between desktop and relay. Its others, 401 above all, do
# not: they are about the relay's own keys.
_CARRIED: Final = frozenset({400, 404, 409, 429})
_TEXT: Final = 500


class Turns:
    """Keeps one person from taking all threads that call Plaid."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._most = most
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def of(self, user_id: str) -> Iterator[None]:
        """Hold a turn.

        Raises:
            RelayError: 429, this person has too many calls under way.
        """
        if self._under_way[user_id] >= self._most:
            raise too_many(1, "Too many requests to banks at the same time.")
        self._under_way[user_id] += 1
        try:
            yield
        finally:
            self._under_way[user_id] -= 1
            if not self._under_way[user_id]:
                del self._under_way[user_id]


async def read_body(request: Request, model: type[B]) -> B:
    """Return a request's body; an absent one is an empty object.

    Raises:
        RelayError: 415 or 422; the error repeats nothing of it.
    """
    raw = await request.body()
    if raw:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != _JSON:
            raise RelayError(
                415,
                "not_json",
                "Another media type is wanted",
                "The body is not said to be JSON.",
                f"Send it as {_JSON}.",
            )
    try:
        return model.model_validate_json(raw or b"{}")
    except ValidationError as exc:
        raise invalid_field(exc.errors(include_input=False, include_url=False)) from None


async def open_item(relay: Relay, caller: Caller, request: Request) -> Opened:
    """Open the sealed token that a request brings; what is not the caller's is audited.

    Raises:
        RelayError: 422 without one, 403 for one that is not the caller's or was changed, 429 for
            many of those.
    """
    values = [value for name, value in request.scope["headers"] if name == _ITEM]
    if len(values) != 1 or not 0 < len(values[0]) <= sealing.LONGEST:
        raise invalid(f"The header {ITEM_HEADER} must name one connection to a bank.")
    sealed: bytes = values[0]
    return await open_sealed(relay, caller, sealed.decode("latin-1"), address_of(request))


async def open_sealed(relay: Relay, caller: Caller, sealed: str, address: str | None) -> Opened:
    """Open a sealed token; what is not the caller's is audited.

    Raises:
        RelayError: 403, or 429 for many of those.
    """
    try:
        return relay.sealer.open(caller.user_id, sealed)
    except RelayError as refusal:
        await relay.limits.hit(_REFUSALS, caller.user_id)
        await relay.store.run(
            audit.add,
            audit.Kind.SEALED_TOKEN_REFUSED,
            to_ms(relay.now()),
            user_id=caller.user_id,
            device_id=caller.device_id,
            address=address,
        )
        raise refusal from None


async def send(
    relay: Relay, path: str, fields: Mapping[str, object], *, slow: bool = False
) -> Answer:
    """Ask Plaid.

    Raises:
        PlaidError: it gave no usable answer.
    """
    try:
        answer = await relay.call_plaid(relay.plaid.send, path, fields, slow=slow)
    except PlaidError as error:
        count(relay, path, error)
        raise
    count(relay, path)
    return answer


def count(relay: Relay, path: str, error: PlaidError | None = None) -> None:
    """Count a call by what came of it."""
    outcome = "ok" if error is None else error.advice.value
    relay.metrics.plaid.labels(path, outcome).inc()


async def ask(
    relay: Relay, path: str, fields: Mapping[str, object], *, slow: bool = False
) -> Answer:
    """Ask Plaid.

    Raises:
        RelayError: it gave no usable answer; the error carries its words.
    """
    try:
        return await send(relay, path, fields, slow=slow)
    except PlaidError as error:
        raise refusal_of(error) from None


def passed_on(answer: Answer, opened: Opened | None = None) -> Response:
    """Return Plaid's bytes as they came, with the token sealed anew where its key is old."""
    headers = {RESEALED_HEADER: opened.resealed} if opened and opened.resealed else None
    return Response(answer.body, HTTPStatus.OK, headers, media_type=_JSON)


def refusal_of(error: PlaidError) -> RelayError:
    """Return what a desktop is told about a call that Plaid refused or did not answer."""
    said = PlaidSaid(
        status=error.status,
        error_type=error.family,
        error_code=error.code,
        error_message=(error.explanation or "")[:_TEXT] or None,
        request_id=error.request_id,
    )
    if error.advice is Advice.OFFLINE:
        return _refused(503, "plaid_unreachable", "The relay cannot reach Plaid now.", said)
    if error.advice is Advice.RATE_LIMIT:
        wait_s = str(max(1, round(error.wait_s)))
        return _refused(429, error.code, "Plaid takes no more requests now.", said, wait_s)
    if error.family is None or error.status is None:
        return _refused(502, "plaid_unusable", "Plaid's answer is of no use.", said)
    is_carried = error.status in _CARRIED and error.advice is not Advice.CONFIG
    status = error.status if is_carried else 502
    return _refused(status, error.code, "Plaid refused the request.", said)


def _refused(
    status: int, code: str, message: str, said: PlaidSaid, wait_s: str | None = None
) -> RelayError:
    return RelayError(
        status,
        code,
        "The bank's data could not be read",
        message,
        "Try again later." if status >= 429 else "See what Plaid says about it.",
        headers={"Retry-After": wait_s} if wait_s else None,
        plaid=said,
    )
