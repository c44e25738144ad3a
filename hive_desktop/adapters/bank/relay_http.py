"""Requests to a relay, and what its refusals mean here."""

from __future__ import annotations

import math
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import msgspec
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from hive_desktop.adapters.bank.advice import to_hive
from hive_desktop.plaidkit.errors import Advice, PlaidError, advise, advise_by_status
from hive_desktop.plaidkit.hosts import is_loopback
from hive_desktop.plaidkit.transport import Transport
from hive_desktop.plaidkit.wire import MALFORMED
from hive_desktop.ports.errors import (
    BankConfigError,
    BankError,
    BankOfflineError,
    BankPermanentError,
    BankRateLimitError,
    BankRetryError,
    LinkError,
    RelaySignInError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hive_desktop.plaidkit.egress import Recorder
    from hive_desktop.plaidkit.transport import Patience
    from hive_desktop.plaidkit.wire import Answer
    from hive_desktop.ports.errors import HiveError

API: Final = "/api/v1"
ITEM: Final = "X-Hive-Item"
RESEALED: Final = "X-Hive-Resealed"
SIGNED_OUT: Final = "RELAY_SIGNED_OUT"
_LONGEST_WORDS: Final = 300
_LONGEST_CODE: Final = 60
_LONGEST_WAIT_S: Final = 3600.0


class PlaidSaid(msgspec.Struct):
    """Plaid's own words, as the relay passes them on."""

    error_code: str
    status: int | None = None
    error_type: str | None = None
    error_message: str | None = None
    request_id: str | None = None


class _Detail(msgspec.Struct):
    code: str
    title: str = ""
    message: str = ""
    hint: str = ""
    request_id: str | None = None
    plaid: PlaidSaid | None = None


class _Body(msgspec.Struct):
    error: _Detail


_ERROR: Final = msgspec.json.Decoder(_Body)


class RelayRefusalError(PlaidError):
    """A refusal of the relay's own, with its words for a person."""

    def __init__(self, status: int, detail: _Detail, wait_s: float | None) -> None:
        advice = _ADVICE.get(status, Advice.RETRY if status >= 500 else Advice.BUG)
        super().__init__(
            _word(detail.code), advice, status=status, request_id=detail.request_id, wait_s=wait_s
        )
        self.title = _plain(detail.title)
        self.words = _plain(detail.message)
        self.what_to_do = _plain(detail.hint)


_ADVICE: Final[dict[int, Advice]] = {
    HTTPStatus.UNAUTHORIZED: Advice.CONFIG,
    HTTPStatus.FORBIDDEN: Advice.CONFIG,
    HTTPStatus.CONFLICT: Advice.CONFIG,
    HTTPStatus.TOO_MANY_REQUESTS: Advice.RATE_LIMIT,
}
_PASSING: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_IN_PROGRESS: Final = "exchange_under_way"
_NOT_SIGNED_IN: Final = "not_signed_in"
NOT_FOUND: Final = "RELAY_NOT_FOUND"
_LOST: Final = "exchange_lost"
# What was given at the door is not accepted; it says nothing of banks.
_AT_THE_DOOR: Final = frozenset({"weak_password", "invite_needed", "invite_refused", "email_taken"})
_ELSEWHERE: Final = "HTTP_"
_NOBODY_THERE: Final = frozenset({"UNREACHABLE", "CONNECT_TIMEOUT", "TLS_FAILED"})
INVALID: Final = "RELAY_INVALID_REQUEST"
_LONGEST_ADDRESS: Final = 255


def relay_address(text: str) -> str:
    """Return a relay's address without a final slash; without a scheme it is https.

    Raises:
        UsageError: it is none, or is not encrypted on the way.
    """
    given = text.strip()
    address = (given if "://" in given else f"https://{given}").rstrip("/")
    try:
        parts = parse_url(address)
    except LocationParseError:
        parts = Url()
    name = (parts.hostname or "").strip("[]")
    has_extras = bool(parts.path or parts.query or parts.fragment or parts.auth)
    is_clear = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(name))
    is_odd = len(address) > _LONGEST_ADDRESS or not address.isascii()
    if not name or has_extras or is_odd or not address.isprintable():
        raise UsageError(
            "This is not a relay's address.",
            title="That address is not usable",
            hint="Give it like https://relay.example.org.",
        )
    if not is_clear:
        raise UsageError(
            "A relay outside this computer is only used over https.",
            title="That address is not usable",
            hint="Give it like https://relay.example.org.",
        )
    # In small letters, by which others tell whether it is encrypted.
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{parts.host}{port}"


class RelayHttp:
    """Calls to one relay; they block.

    Args:
        url: the relay's address, from `relay_address`.
        recorder: receives a record of each request.
        patience: time-outs.
    """

    def __init__(self, url: str, recorder: Recorder, patience: Patience) -> None:
        self._patience = patience
        self._transport = Transport(url, recorder, patience, refuse=_refusal)

    def send(  # noqa: PLR0913 - the parts of one request
        self,
        method: str,
        path: str,
        purpose: str,
        *,
        fields: Mapping[str, object] | None = None,
        bearer: str | None = None,
        item: str | None = None,
        slow: bool = False,
        silence_s: float | None = None,
    ) -> Answer:
        """Send one request and return a 2xx answer.

        Args:
            method: GET, POST or DELETE.
            path: below the API's root.
            purpose: why, for the record.
            fields: the body.
            bearer: the access token.
            item: the sealed token of the item that it is about.
            slow: whether the bank itself is asked while the call waits.
            silence_s: how long to wait for the answer, in place of what is usual.

        Raises:
            RelayRefusalError: the relay said no.
            PlaidError: Plaid did, or nobody answered.
        """
        headers = {"Accept": "application/json", "User-Agent": "Hive"}
        body = b""
        if fields is not None:
            headers["Content-Type"] = "application/json"
            body = msgspec.json.encode(fields)
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        if item is not None:
            headers[ITEM] = item
        usual_s = self._patience.slow_read_s if slow else self._patience.read_s
        read_s = usual_s if silence_s is None else silence_s
        return self._transport.send(
            method,
            API + path,
            purpose,
            headers=headers,
            body=body,
            timeout=(self._patience.connect_s, read_s),
        )

    def close(self) -> None:
        """Break calls under way."""
        self._transport.abort()


def explain(error: PlaidError) -> HiveError:
    """Return what a service catches, in the relay's words where it is the relay that refused."""
    if not isinstance(error, RelayRefusalError):
        return _not_the_relay_s(error)
    code = f"RELAY_{error.code.upper()}"
    words, hint = error.words or None, error.what_to_do or None
    if error.code == _NOT_SIGNED_IN:
        return signed_out()
    if error.status == HTTPStatus.UNAUTHORIZED:
        return signed_out(words, hint)
    title = error.title or None
    if error.code in _AT_THE_DOOR:
        return RelaySignInError(words, code=code, hint=hint, title=title)
    if error.code == _LOST:
        return LinkError(words, hint=hint)
    kind: type[BankError] = BankPermanentError
    if error.advice is Advice.RETRY or error.code == _IN_PROGRESS:
        kind = BankRetryError
    elif error.advice is Advice.RATE_LIMIT:
        kind = BankRateLimitError
    elif error.advice is Advice.CONFIG:
        kind = BankConfigError
    return kind(words, hint=hint, code=code, wait_s=error.wait_s, title=title)


def signed_out(words: str | None = None, hint: str | None = None) -> RelaySignInError:
    """Return the error of a sign-in that the relay does not know any more, or refused."""
    return RelaySignInError(words, code=SIGNED_OUT, hint=hint)


def _is_elsewhere(error: PlaidError) -> bool:
    return error.advice is Advice.CONFIG and error.code.startswith(_ELSEWHERE)


@contextmanager
def given() -> Iterator[None]:
    """Tell of what the person gave and the relay does not take."""
    try:
        yield
    except BankError as error:
        if error.code not in (INVALID, NOT_FOUND):
            raise
        raise UsageError(error.message, hint="Check what was given.", code=error.code) from error


def _not_the_relay_s(error: PlaidError) -> HiveError:
    """Return what Plaid's own words, or those of nobody, mean."""
    if error.code in _NOBODY_THERE and error.advice is Advice.OFFLINE:
        return _away(error)
    return _no_relay(error) if _is_elsewhere(error) else to_hive(error)


def _away(error: PlaidError) -> BankOfflineError:
    return BankOfflineError(
        "The relay does not answer ({code}).",
        code=error.code,
        title="The relay cannot be reached",
        hint="Check its address, whether it runs, and the network. On this computer it may be "
        "http:// and not https://. What was synced before stays readable.",
    )


def _no_relay(error: PlaidError) -> BankConfigError:
    return BankConfigError(
        "What answers at the relay's address is no relay ({code}).",
        code=error.code,
        hint="Check the address, and whether this network asks to sign in first.",
    )


def _refusal(status: int, headers: Mapping[str, str], body: bytes) -> PlaidError:
    if 300 <= status <= 399:
        return PlaidError("REDIRECTED", Advice.RETRY_LATER, status=status)
    try:
        detail = _ERROR.decode(body).error
    except MALFORMED:
        # A proxy's page, or another program at this address.
        is_passing = status >= 500 or status in _PASSING
        advice = advise_by_status(status) if is_passing else Advice.CONFIG
        return PlaidError(f"{_ELSEWHERE}{status}", advice, status=status, wait_s=_wait_s(headers))
    said = detail.plaid
    if said is None:
        return RelayRefusalError(status, detail, _wait_s(headers))
    refused = said.status or status
    advice = advise(said.error_code, said.error_type, refused, said.error_message or "")
    return PlaidError(
        said.error_code,
        advice if said.status is not None else Advice.RETRY,
        status=refused,
        request_id=said.request_id,
        wait_s=_wait_s(headers) if advice is Advice.RATE_LIMIT else None,
        family=said.error_type,
        explanation=said.error_message,
    )


def _wait_s(headers: Mapping[str, str]) -> float | None:
    try:
        seconds = float(headers.get("Retry-After", ""))
    except ValueError:
        return None
    is_wait = math.isfinite(seconds) and seconds >= 0
    return min(seconds, _LONGEST_WAIT_S) if is_wait else None


def _word(code: str) -> str:
    """Return a relay's code fit for a log."""
    return "".join(c for c in code if c.isascii() and (c.isalnum() or c == "_"))[:_LONGEST_CODE]


def _plain(words: str) -> str:
    """Return a relay's words fit for a sentence here: short, printable, and no template."""
    kept = "".join(c for c in words if c.isprintable())[:_LONGEST_WORDS]
    return kept.replace("{", "(").replace("}", ")")
