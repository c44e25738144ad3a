"""How a Hosted Link page stands, over all the times that it was opened. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hive_desktop.plaidkit.rows import clean

if TYPE_CHECKING:
    from hive_desktop.plaidkit import wire


@dataclass(frozen=True, slots=True)
class AddedBank:
    """A bank that the person connected; its token opens it once."""

    public_token: str = field(repr=False)
    institution_id: str | None
    institution: str


@dataclass(frozen=True, slots=True)
class LinkState:
    """What came of a page so far; `exit_code` says why it was left without a bank."""

    is_finished: bool
    banks: tuple[AddedBank, ...] = ()
    exit_code: str | None = None


def read_state(answer: wire.LinkStateAnswer) -> LinkState:
    """Say how a Link page stands.

    A person may leave the page and open it again, so an exit counts only while no other session is
    open; a bank counts as soon as its session has ended.
    """
    sessions = answer.link_sessions or []
    ended = [session for session in sessions if _is_ended(session)]
    banks = {
        bank.public_token: bank
        for session in ended
        for bank in _added(session)
        if bank.public_token
    }
    if banks:
        return LinkState(is_finished=True, banks=tuple(banks.values()))
    if not ended or len(ended) < len(sessions):
        return LinkState(is_finished=False)
    return LinkState(is_finished=True, exit_code=_exit_code(ended[-1]))


def _is_ended(session: wire.LinkSession) -> bool:
    return bool(
        session.finished_at or session.exit or session.on_exit or session.on_success
    ) or bool(session.results and session.results.item_add_results)


def _added(session: wire.LinkSession) -> list[AddedBank]:
    results = (session.results.item_add_results if session.results else None) or []
    banks = [_bank(result.public_token, result.institution) for result in results]
    success = session.on_success
    if success is not None:
        institution = success.metadata.institution if success.metadata else None
        if success.public_token not in {bank.public_token for bank in banks}:
            banks.append(_bank(success.public_token, institution))
    return banks


def _bank(public_token: str | None, institution: wire.Institution | None) -> AddedBank:
    return AddedBank(
        public_token=public_token or "",
        institution_id=institution.institution_id if institution else None,
        institution=clean((institution.name if institution else None) or ""),
    )


def _exit_code(session: wire.LinkSession) -> str | None:
    left = session.exit or session.on_exit
    if left is None:
        return None
    if left.error and left.error.error_code:
        return left.error.error_code
    return (left.metadata.status if left.metadata else None) or "EXITED"
