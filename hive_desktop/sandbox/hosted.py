"""The hosted Link page: where a person picks a bank of the household and logs in, or leaves.

One small page without any script or outside asset. The form carries the session's nonce; the
content policy allows nothing but the page's own style and its own form.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import Route

from hive_desktop.sandbox import visits
from hive_desktop.sandbox.api import HOSTED_PATH
from hive_desktop.sandbox.errors import PlaidError
from hive_desktop.sandbox.hosted_page import done_page, gone_page, pick_page
from hive_desktop.sandbox.world import Login

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from hive_desktop.sandbox.bank import Bank
    from hive_desktop.sandbox.link import LinkSession, LinkToken


def routes(bank: Bank) -> list[Route]:
    """The page's two routes."""
    page = _HostedPage(bank)
    at = HOSTED_PATH + "{hosted_id}"
    return [Route(at, page.show, methods=["GET"]), Route(at, page.submit, methods=["POST"])]


class _HostedPage:
    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    async def show(self, request: Request) -> Response:
        """Begin a session and show the banks."""
        with self._bank.lock:
            link = self._bank.desk.hosted(request.path_params["hosted_id"])
            if link is None:
                return _page(gone_page, None, 404)
            return self._pick(link, self._bank.desk.begin(link))

    async def submit(self, request: Request) -> Response:
        """Take the person's choice."""
        form = {
            name: values[0]
            for name, values in parse_qs((await request.body()).decode("utf-8", "replace")).items()
        }
        with self._bank.lock:
            link = self._bank.desk.hosted(request.path_params["hosted_id"])
            session = _session_of(link, form.get("nonce", "")) if link else None
            if link is None or session is None:
                return _page(gone_page, link, 403 if link else 404)
            return self._act(link, session, form)

    def _act(self, link: LinkToken, session: LinkSession, form: Mapping[str, str]) -> Response:
        if form.get("action") == "cancel":
            visits.leave(self._bank, link, session)
            return _return(link)
        login = Login(
            form.get("username") or "user_good",
            form.get("password") or "pass_good",
            link.products,
            link.days_requested,
            link.webhook,
        )
        try:
            bank = self._bank.institution(form.get("institution_id", ""))
            visits.log_in(self._bank, link, session, bank, login)
        except PlaidError as error:
            return self._pick(link, session, problem=error.display or error.message)
        return _return(link)

    def _pick(self, link: LinkToken, session: LinkSession, problem: str = "") -> Response:
        banks = visits.banks_for(self._bank, link)

        def draw(style_nonce: str) -> str:
            return pick_page(link, session.nonce, banks, style_nonce, problem)

        return _page(draw, link, 400 if problem else 200)


def _session_of(link: LinkToken, nonce: str) -> LinkSession | None:
    """The unfinished session that a form's nonce belongs to."""
    for session in link.sessions:
        if session.finished_at is None and hmac.compare_digest(
            session.nonce.encode(), nonce.encode()
        ):
            return session
    return None


def _return(link: LinkToken) -> Response:
    """Back to the program: to its address if it gave one, else a word that says so."""
    if link.completion_uri is not None and _origin(link.completion_uri):
        return RedirectResponse(link.completion_uri, status_code=303)
    return _page(done_page, link, 200)


def _origin(url: str | None) -> str:
    """A completion address's origin, for the content policy; "" for a foreign scheme."""
    parts = urlsplit(url or "")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if any(mark in host for mark in " ;,'\""):
        return ""
    try:
        port = parts.port
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def _page(draw: Callable[[str], str], link: LinkToken | None, status: int) -> Response:
    """A page under a policy that forbids everything else."""
    nonce = secrets.token_urlsafe(16)
    origin = _origin(link.completion_uri) if link else ""
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {origin}"
    ).strip()
    headers = {
        "content-security-policy": policy,
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return HTMLResponse(draw(nonce), status, headers)
