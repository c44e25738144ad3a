"""`hive relay ...`: signing in at a relay, what it knows, and signing out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from hive_desktop.cli import context, output, streams, words
from hive_desktop.ports.errors import BankError, UsageError
from hive_desktop.ports.relay import Credentials

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from hive_desktop.services.session import VaultSession

_INVITE = "HIVE_RELAY_INVITE"


def login(options: argparse.Namespace) -> int:
    """Sign in at a relay, or make an account there, and connect new banks through it."""
    context.check_vault(options)
    is_asked = options.password_fd is None and not context.is_given(context.RELAY_PASSWORD.variable)
    prompt = "New password at the relay" if options.register else "Password at the relay"
    password = context.secret(context.RELAY_PASSWORD, fd=options.password_fd, prompt=prompt)
    invite = context.taken(_INVITE)
    if options.register and is_asked:
        if context.ask("The same again") != password:
            raise UsageError("The two passwords differ.", hint="Type the same one twice.")
        invite = invite or context.ask("Invite code (empty for none)") or None
    credentials = Credentials(options.email.strip(), password, invite)

    async def work() -> int:
        async with context.session_of(options) as session:
            await session.bank.sign_in(options.url, credentials, is_new=options.register)
            document = _status(session)
        if options.json:
            output.print_json(document)
        else:
            output.say(f"Signed in at {document['url']} as {document['email']}.")
            output.say("New banks are connected through this relay.")
        return 0

    return context.run(work)


def logout(options: argparse.Namespace) -> int:
    """Sign out, on this computer or everywhere."""

    async def work() -> int:
        async with context.session_of(options) as session:
            was = session.bank.grant
            await session.bank.sign_out(everywhere=options.everywhere)
        if options.json:
            output.print_json({"signed_out": was is not None, "everywhere": options.everywhere})
        elif was is None:
            output.say("This vault was not signed in at a relay.")
        else:
            where = "on every device" if options.everywhere else "here"
            output.say(f"Signed out of {was.url} {where}. Banks connected through it are not read.")
        return 0

    return context.run(work)


def status(options: argparse.Namespace) -> int:
    """Show how the vault stands with a relay, and whether that answers."""

    async def work() -> int:
        async with context.session_of(options) as session:
            document = _status(session)
            error: BankError | None = None
            if session.bank.grant is not None:
                try:
                    document["devices"] = _live_devices(await session.bank.known_data())
                except BankError as caught:
                    error = caught
                    document["error"] = error.code
        if options.json:
            output.print_json(document)
        else:
            _say_status(document)
        if error is not None:
            output.say_error(error)
        return 0 if error is None else error.exit_code

    return context.run(work)


def data(options: argparse.Namespace) -> int:
    """Show all that the relay keeps of the person."""

    async def work() -> int:
        async with context.session_of(options) as session:
            known = await session.bank.known_data()
        if options.json:
            output.print_json(dict(known))
            return 0
        for name, value in known.items():
            streams.out.write(f"{output.printable(str(name)).replace('_', ' ').upper()}\n")
            _print_known(value)
        return 0

    return context.run(work)


def devices(options: argparse.Namespace) -> int:
    """List the devices that are signed in, or sign one out."""

    async def work() -> int:
        async with context.session_of(options) as session:
            if options.revoke is not None:
                await session.bank.revoke_device(options.revoke)
            found = _live_devices(await session.bank.known_data())
            here = session.bank.grant.device_id if session.bank.grant else None
        if options.json:
            marked = [{**one, "is_this": one.get("id") == here} for one in found]
            output.print_json({"devices": marked})
        else:
            output.print_table(
                ["NAME", "USED", "STATE", "ID"],
                [
                    [
                        str(one.get("name") or "?"),
                        _used(one.get("used_at")),
                        "this one" if one.get("id") == here else "another",
                        str(one.get("id") or "?"),
                    ]
                    for one in found
                ],
            )
        return 0

    return context.run(work)


def password(options: argparse.Namespace) -> int:
    """Change the password at the relay; other devices are signed out."""
    context.check_vault(options)
    old = context.secret(context.RELAY_PASSWORD, fd=options.password_fd, prompt="Present password")
    new = context.secret(
        context.NEW_RELAY_PASSWORD, fd=options.new_password_fd, prompt="New password"
    )

    async def work() -> int:
        async with context.session_of(options) as session:
            await session.bank.change_password(old, new)
        if options.json:
            output.print_json({"changed": True})
        else:
            output.say("The password is changed. Your other devices are signed out.")
        return 0

    return context.run(work)


def delete_account(options: argparse.Namespace) -> int:
    """End the relay's connections at Plaid, then the account; the history stays here."""
    context.check_vault(options)
    if not context.agreed(options, "Delete the account at the relay, and end its banks?"):
        raise context.not_agreed(options)
    given = context.secret(
        context.RELAY_PASSWORD, fd=options.password_fd, prompt="Password at the relay"
    )

    async def work() -> int:
        async with context.session_of(options) as session:
            ended = await session.bank.delete_account(given, abandon=options.abandon)
        if options.json:
            output.print_json({"deleted": True, "ended": [output.id_text(one) for one in ended]})
        else:
            banks = words.counted(len(ended), "connection")
            output.say(f"The account is deleted and {banks} ended. The history stays here.")
        return 0

    return context.run(work)


def use(options: argparse.Namespace) -> int:
    """Choose how new banks are connected."""

    async def work() -> int:
        async with context.session_of(options) as session:
            is_there = session.bank.grant if options.way == "relay" else session.bank.keys_host
            if is_there is None:
                raise UsageError(
                    "The vault has no {way}.",
                    title="That way is not set up",
                    hint="Set it up with hive relay login or hive bank set.",
                    way="sign-in at a relay" if options.way == "relay" else "Plaid keys",
                )
            await session.bank.prefer_relay(preferred=options.way == "relay")
            document = _status(session)
        if options.json:
            output.print_json(document)
        else:
            output.say(f"New banks are connected through {session_way(document)}.")
        return 0

    return context.run(work)


def session_way(document: Mapping[str, Any]) -> str:
    """Return how new banks are connected, in the middle of a sentence."""
    if document["new_banks"] == "relay":
        return f"the relay {document['url']}"
    return "your own Plaid keys" if document["new_banks"] == "keys" else "nothing yet"


def _status(session: VaultSession) -> dict[str, Any]:
    grant = session.bank.grant
    way = None
    if session.bank.host is not None:
        way = "relay" if session.bank.prefers_relay else "keys"
    return {
        "signed_in": grant is not None,
        "url": grant.url if grant else None,
        "email": grant.email if grant else None,
        "device_id": grant.device_id if grant else None,
        "expires_at": grant.expires_at.isoformat() if grant else None,
        "new_banks": way,
    }


def _live_devices(known: Mapping[str, object]) -> list[dict[str, Any]]:
    devices = known.get("devices")
    found = [one for one in devices if isinstance(one, dict)] if isinstance(devices, list) else []
    return [one for one in found if not one.get("revoked_at")]


def _used(told: object) -> str:
    """Return when a device was used, as other commands tell instants."""
    try:
        return output.moment(datetime.fromisoformat(str(told)))
    except ValueError:
        return "?"


def _say_status(document: Mapping[str, Any]) -> None:
    if not document["signed_in"]:
        output.say("This vault is not signed in at a relay.")
    else:
        ends = datetime.fromisoformat(document["expires_at"])
        output.say(
            f"Signed in at {document['url']} as {document['email']}; "
            f"without use until {output.moment(ends)}."
        )
        devices = document.get("devices")
        if devices is not None:
            output.say(f"{words.counted(len(devices), 'device')} signed in:")
            for one in devices:
                here = "  (this one)" if one.get("id") == document["device_id"] else ""
                output.say(f"  {output.printable(str(one.get('name', '?')))}{here}")
    output.say(f"New banks are connected through {session_way(document)}.")


def _print_known(value: object) -> None:
    if isinstance(value, list):
        if not value:
            streams.out.write("  nothing\n")
        for place, one in enumerate(value):
            streams.out.write("\n" if place else "")
            _print_known(one)
    elif isinstance(value, dict):
        for name, inner in value.items():
            shown = "-" if inner is None else output.printable(str(inner))
            streams.out.write(f"  {output.printable(str(name)).replace('_', ' ')}: {shown}\n")
    else:
        streams.out.write(f"  {output.printable(str(value))}\n")
