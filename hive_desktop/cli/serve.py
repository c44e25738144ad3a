"""`hive serve` and `hive api clients`: the local API, and the programs that may ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.cli import context, output, served, streams
from hive_desktop.domain.api_clients import Scope
from hive_desktop.ports.errors import EnvironmentFaultError, UsageError

if TYPE_CHECKING:
    import argparse

    from hive_desktop.domain.api_clients import ApiClient


def serve(options: argparse.Namespace) -> int:
    """Serve the local API until Ctrl-C; beside an open Hive it is that one that serves."""

    async def work() -> int:
        async with context.session_of(options) as session:
            api = session.local_api
            if api.port is not None:
                _say(options, api.port, "It is served already, by the Hive that has the vault open")
                return 0
            port = await api.start(
                await api.wanted_port() if options.port is None else options.port
            )
            _say(options, port, "The local API is served until you press Ctrl-C")
            if all(one.revoked for one in await session.api_clients.list()):
                # That command works beside a window that serves, and not beside this process.
                first = "" if served.current() else "end this, then "
                output.say(f"No program may ask it yet: {first}hive api clients add NAME")
            try:
                await api.over()
            finally:
                await api.stop()
        raise EnvironmentFaultError(
            "The local API was stopped.", hint="Somebody turned it off, or the vault was locked."
        )

    return context.run(work)


def add(options: argparse.Namespace) -> int:
    """Let a program in, and print its id and secret this once."""

    async def work() -> int:
        async with context.session_of(options) as session:
            scopes = [Scope(one) for one in options.scope or (Scope.READ,)]
            client, secret = await session.api_clients.create(options.name, scopes)
        if options.json:
            output.print_json(_shape(client) | {"client_secret": secret})
        else:
            output.print_table(
                ["SECRET", "MAY", "ID"], [[secret, _scopes(client), client.client_id]]
            )
            output.say("The secret is shown this once; Hive keeps a hash of it alone.")
        return 0

    return context.run(work)


def listing(options: argparse.Namespace) -> int:
    """List the programs that may ask, or might once."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            clients = await session.api_clients.list()
        if options.json:
            output.print_json({"clients": [_shape(one) for one in clients]})
        elif clients:
            output.print_table(
                ["NAME", "MAY", "SINCE", "LAST USED", "REVOKED", "ID"],
                [
                    [
                        output.printable(one.name),
                        _scopes(one),
                        output.moment(one.created),
                        "never" if one.last_used is None else output.moment(one.last_used),
                        "" if one.revoked is None else output.moment(one.revoked),
                        one.client_id,
                    ]
                    for one in clients
                ],
            )
        else:
            output.say("No program may ask. Let one in: hive api clients add NAME")
        return 0

    return context.run(work)


def revoke(options: argparse.Namespace) -> int:
    """Take a program's access away for good."""

    async def work() -> int:
        async with context.session_of(options) as session:
            clients = [one for one in await session.api_clients.list() if one.revoked is None]
            found = [one for one in clients if options.client in (one.client_id, one.name)]
            if not found:
                raise UsageError(
                    "No client that has access is called “{name}”.",
                    hint="hive api clients list shows them.",
                    name=options.client,
                )
            await session.api_clients.revoke(found[0].client_id)
        if options.json:
            output.print_json({"revoked": found[0].client_id})
        else:
            output.say(f"{output.printable(found[0].name)} may not ask any more.")
        return 0

    return context.run(work)


def _say(options: argparse.Namespace, port: int, words: str) -> None:
    address = f"http://127.0.0.1:{port}"
    if options.json:
        output.print_json({"address": address, "docs": f"{address}/api/v1/docs"})
    else:
        output.say(f"{words}: {address} ({address}/api/v1/docs says what can be asked)")
    streams.out.flush()  # it is read while this goes on


def _scopes(client: ApiClient) -> str:
    return ", ".join(one for one in Scope if one in client.scopes)


def _shape(client: ApiClient) -> dict[str, Any]:
    return {
        "client_id": client.client_id,
        "name": client.name,
        "scopes": [one for one in Scope if one in client.scopes],
        "created_at": client.created.isoformat(),
        "last_used_at": client.last_used.isoformat() if client.last_used else None,
        "revoked_at": client.revoked.isoformat() if client.revoked else None,
    }
