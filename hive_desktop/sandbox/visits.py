"""A person's visit to the Link page: picking a bank, logging in, or leaving.

The hosted page and the control surface both come through here, so that a scripted visit leaves the
same events as a real one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.sandbox.errors import PlaidError
from hive_desktop.sandbox.people import script_for

if TYPE_CHECKING:
    from hive_desktop.sandbox.institutions import Institution
    from hive_desktop.sandbox.items import Item
    from hive_desktop.sandbox.link import LinkSession, LinkToken
    from hive_desktop.sandbox.scenario import Scenario
    from hive_desktop.sandbox.world import Login


def banks_for(world: Scenario, link: LinkToken) -> tuple[Institution, ...]:
    """The banks that a link token's page offers, the household's own first."""
    if link.update_item is not None:
        return (link.update_item.institution,)
    if link.institution_id is not None:
        return (world.institution(link.institution_id),)
    countries = set(link.country_codes)
    return world.household or tuple(
        bank for bank in world.institutions.values() if countries & set(bank.country_codes)
    )


def log_in(
    world: Scenario, link: LinkToken, session: LinkSession, bank: Institution, login: Login
) -> str:
    """Pick a bank and log in; returns the public token.

    Raises:
        PlaidError: As the bank says; the session stays open and has an ERROR event.
    """
    session.institution = bank
    record = world.desk.record
    record(session, "SELECT_INSTITUTION")
    record(session, "TRANSITION_VIEW", view_name="OAUTH" if bank.oauth else "CREDENTIAL")
    record(session, "OPEN_OAUTH" if bank.oauth else "SUBMIT_CREDENTIALS")
    try:
        item = _item_for(world, link, bank, login)
    except PlaidError as error:
        record(
            session,
            "ERROR",
            error_code=error.code,
            error_message=error.message,
            error_type=error.error_type,
        )
        raise
    if bank.oauth:
        record(session, "CLOSE_OAUTH")
    record(session, "TRANSITION_VIEW", view_name="CONNECTED")
    public_token = world.desk.finish(session, item)
    _tell(world, link, session, [public_token])
    return public_token


def _item_for(world: Scenario, link: LinkToken, bank: Institution, login: Login) -> Item:
    """The new item, or in update mode the old one, repaired."""
    item = link.update_item
    if item is None:
        return world.connect(bank, login)
    if item.removed:
        raise PlaidError("ITEM_NOT_FOUND")
    if item.institution.institution_id != bank.institution_id:
        raise PlaidError("INVALID_INSTITUTION")
    script_for(bank, login.username, login.password, world.seed)
    world.repair(item)
    return item


def leave(world: Scenario, link: LinkToken, session: LinkSession) -> None:
    """Close the page without a bank."""
    world.desk.leave(session)
    _tell(world, link, session, [])


def _tell(world: Scenario, link: LinkToken, session: LinkSession, public_tokens: list[str]) -> None:
    """Send Link's webhooks to the link token's address."""
    if link.webhook is None:
        return
    common = {
        "webhook_type": "LINK",
        "link_session_id": session.session_id,
        "link_token": link.token,
        "environment": "sandbox",
    }
    events = list(session.events)
    world.courier.post(link.webhook, {**common, "webhook_code": "EVENTS", "events": events})
    for token in public_tokens:
        body = {**common, "webhook_code": "ITEM_ADD_RESULT", "public_token": token}
        world.courier.post(link.webhook, body)
    finished = {
        **common,
        "webhook_code": "SESSION_FINISHED",
        "status": "SUCCESS" if public_tokens else "EXITED",
        "public_tokens": public_tokens,
    }
    world.courier.post(link.webhook, finished)
