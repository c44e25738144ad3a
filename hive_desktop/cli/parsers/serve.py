"""`hive serve` and `hive api`."""

from __future__ import annotations

from hive_desktop.cli import serve as run_serve
from hive_desktop.cli.parsers import options


def add_commands(commands: options.Commands) -> None:
    """Add `hive serve` and `hive api clients`."""
    serve = options.add(commands, "serve", "Serve the local API on this computer until Ctrl-C.")
    options.vault_options(serve)
    serve.add_argument(
        "--port",
        type=options.port,
        metavar="N",
        help="listen there, 0 for any free one (default: the vault's setting, or 8737)",
    )
    serve.set_defaults(run=run_serve.serve)
    api = options.add(commands, "api", "Say which programs may ask the local API.")
    groups = api.add_subparsers(title="groups", required=True, metavar="GROUP")
    clients = options.add(groups, "clients", "Programs that may ask the local API.")
    actions = clients.add_subparsers(title="actions", required=True, metavar="ACTION")
    add = options.add(actions, "add", "Let a program in, and show its id and secret once.")
    add.add_argument("name", help="what the program is")
    add.add_argument(
        "--scope",
        action="append",
        choices=("read", "write", "chat"),
        help="what it may do; may be given several times (default: read)",
    )
    options.vault_options(add)
    add.set_defaults(run=run_serve.add)
    listing = options.add(actions, "list", "List them, with what they may do and their last use.")
    options.vault_options(listing)
    listing.set_defaults(run=run_serve.listing)
    revoke = options.add(actions, "revoke", "Take a program's access away for good, at once.")
    revoke.add_argument("client", help="its id, or its name")
    options.vault_options(revoke)
    revoke.set_defaults(run=run_serve.revoke)
