"""`hive-relay`: serve, set the database up, make keys, and look after people.

Everything is set by variables `HIVE_RELAY_*`. Exit codes: 0 done, 1 refused or not possible now,
2 not understood or not set up.
"""

from __future__ import annotations

import argparse
import base64
import os
import secrets
import sys
from typing import TYPE_CHECKING, Final

from hive_desktop import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.relay.admin import Admin
    from hive_desktop.relay.settings import Settings

_REFUSED: Final = 1
_UNUSABLE: Final = 2
_KEY_BYTES: Final = 32
_SECRET_BYTES: Final = 48


def entry() -> None:
    """Run `hive-relay`."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    os.umask(0o077)  # a database of SQLite's is its owner's alone
    parsed = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = parsed.run
    try:
        return run(parsed)
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hive-relay", description="Holds Plaid's keys for desktops that do not."
    )
    parser.add_argument("--version", action="version", version=f"hive-relay {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="serve until SIGTERM")
    serve.add_argument(
        "--migrate",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="bring the database to this version first",
    )
    serve.set_defaults(run=_serve)

    migrate = commands.add_parser("migrate", help="bring the database to this version")
    migrate.set_defaults(run=_migrate)

    check = commands.add_parser("check", help="read the settings and say what is wrong")
    check.set_defaults(run=_check)

    key = commands.add_parser("key", help="print a fresh strong secret")
    key.add_argument(
        "kind",
        nargs="?",
        choices=["jwt", "sealing", "token"],
        default="jwt",
        help="for HIVE_RELAY_JWT_KEYS, _SEALING_KEYS or _METRICS_TOKEN",
    )
    key.set_defaults(run=_key)
    _add_people(commands)
    return parser


def _add_people(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    invite = commands.add_parser("invite", help="print a code with which one person may register")
    invite.add_argument("--note", default="", help="for whom it is; stored with the code")
    invite.add_argument("--days", type=int, default=7, help="how long it is valid")
    invite.set_defaults(run=_invite)

    user = commands.add_parser("user", help="list, reset or delete people")
    actions = user.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("list", help="list all").set_defaults(run=_user_list)
    reset = actions.add_parser("reset", help="give a new password and sign all devices out")
    reset.add_argument("email")
    reset.set_defaults(run=_user_reset)
    delete = actions.add_parser("delete", help="delete a person and all that is known of them")
    delete.add_argument("email")
    delete.add_argument(
        "--abandon", action="store_true", help="even where banks stay connected at Plaid"
    )
    delete.set_defaults(run=_user_delete)


def _key(parsed: argparse.Namespace) -> int:
    _say_out(fresh_key(parsed.kind))
    return 0


def fresh_key(kind: str) -> str:
    """Return a strong secret in the form in which its variable takes it."""
    if kind == "token":
        return secrets.token_urlsafe(_SECRET_BYTES)
    if kind == "jwt":
        return f"k{secrets.token_hex(4)}:{secrets.token_urlsafe(_SECRET_BYTES)}"
    raw = base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
    return f"k{secrets.token_hex(4)}:{raw}"


def _settings() -> Settings:
    from hive_desktop.relay import settings  # noqa: PLC0415 - `key` and --help need none of it

    return settings.load()


def _checked(work: Callable[[Settings], int]) -> int:
    """Run a command that needs settings and a database, and tell its refusals in words."""
    from hive_desktop.relay.settings import SettingsError  # noqa: PLC0415
    from hive_desktop.relay.store.store import StoreUnavailableError  # noqa: PLC0415

    try:
        return work(_settings())
    except SettingsError as exc:
        _say("The relay is not set up:")
        for problem in exc.problems:
            _say(f"  {problem}")
        return _UNUSABLE
    except StoreUnavailableError as exc:
        _say(f"The database does not answer ({exc}).")
        return _REFUSED


def _serve(parsed: argparse.Namespace) -> int:
    def work(settings: Settings) -> int:
        from hive_desktop.relay import app, logs, relay, server  # noqa: PLC0415 - heavy
        from hive_desktop.relay.store import migrate  # noqa: PLC0415 - heavy

        logs.set_up(settings.log_level)
        made = relay.build(settings)
        if parsed.migrate:
            migrate.upgrade(made.store)
        try:
            server.serve(made, app.create_app(made))
        except OSError as exc:
            _say(f"Cannot listen on {settings.host} port {settings.port}: {exc.strerror}.")
            return _REFUSED
        return 0

    return _checked(work)


def _migrate(_parsed: argparse.Namespace) -> int:
    def work(settings: Settings) -> int:
        from hive_desktop.relay.store import migrate  # noqa: PLC0415 - heavy
        from hive_desktop.relay.store.store import Store  # noqa: PLC0415 - heavy

        store = Store(settings.database_url.get_secret_value())
        try:
            migrate.upgrade(store)
        finally:
            store.close()
        _say("The database is of this version.")
        return 0

    return _checked(work)


def _check(_parsed: argparse.Namespace) -> int:
    def work(settings: Settings) -> int:
        from hive_desktop.relay import relay  # noqa: PLC0415 - heavy

        made = relay.build(settings)
        made.store.close()
        for warning in warnings_of(settings):
            _say(f"Note: {warning}")
        _say("The settings are complete.")
        return 0

    return _checked(work)


def warnings_of(settings: Settings) -> list[str]:
    """Return what is allowed and may still not be meant."""
    is_sqlite = settings.database_url.get_secret_value().startswith("sqlite")
    is_secure = settings.public_url.startswith("https:")
    found = {
        "Redis is set and the database is SQLite: several relays need PostgreSQL.": (
            is_sqlite and settings.redis_url is not None
        ),
        "The public address is not https: only programs on this computer should use it.": (
            not is_secure
        ),
        "It listens on all addresses without a named proxy: all requests through a proxy "
        "count as one address.": settings.host in {"0.0.0.0", "::"}  # noqa: S104 - it asks
        and not settings.trusted_proxies,
        "Anybody may register.": settings.registration == "open",
    }
    return [text for text, is_so in found.items() if is_so]


def _with_admin(work: Callable[[Admin], int]) -> int:
    def checked(settings: Settings) -> int:
        from hive_desktop.relay.admin import Admin, AdminError  # noqa: PLC0415 - heavy
        from hive_desktop.relay.store import migrate  # noqa: PLC0415 - heavy
        from hive_desktop.relay.store.store import Store  # noqa: PLC0415 - heavy

        store = Store(settings.database_url.get_secret_value())
        try:
            is_current = store.run_blocking(migrate.is_current)
        finally:
            store.close()
        if not is_current:
            _say("The database is not of this version: run `hive-relay migrate` first.")
            return _REFUSED
        try:
            return work(Admin(settings))
        except AdminError as exc:
            _say(str(exc))
            return _REFUSED

    return _checked(checked)


def _invite(parsed: argparse.Namespace) -> int:
    def work(admin: Admin) -> int:
        _say_out(admin.invite(note=parsed.note, days=parsed.days))
        return 0

    return _with_admin(work)


def _user_list(_parsed: argparse.Namespace) -> int:
    def work(admin: Admin) -> int:
        for one in admin.users():
            _say_out(f"{one.email}\t{one.devices} devices\t{one.items} items")
        return 0

    return _with_admin(work)


def _user_reset(parsed: argparse.Namespace) -> int:
    def work(admin: Admin) -> int:
        _say_out(admin.reset(parsed.email))
        _say("That is the new password, told once. All devices are signed out.")
        return 0

    return _with_admin(work)


def _user_delete(parsed: argparse.Namespace) -> int:
    def work(admin: Admin) -> int:
        left = admin.delete(parsed.email, abandon=parsed.abandon)
        if left:
            _say(f"Still at Plaid, and billed until removed there: {', '.join(left)}")
        _say("Deleted.")
        return 0

    return _with_admin(work)


def _say_out(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
