"""`hive-relay`: serve, set the database up, make keys, and look after people.

Everything is set by variables `HIVE_RELAY_*`. Exit codes: 0 done, 1 refused or not possible now,
2 not understood or not set up. With `--json` a result is one document on standard output, and a
refusal one of the relay's own shape on standard error.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import secrets
import sys
from typing import TYPE_CHECKING, Any, Final

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

    migrate = _add(commands, "migrate", "bring the database to this version")
    migrate.set_defaults(run=_migrate)

    check = _add(
        commands, "check", "read the settings, ask database and Redis, and say what is wrong"
    )
    check.add_argument("--plaid", action="store_true", help="send one request to Plaid, too")
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


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, words: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


def _add_people(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    invite = _add(commands, "invite", "print a code with which one person may register")
    invite.add_argument("--note", default="", help="for whom it is; stored with the code")
    invite.add_argument("--days", type=int, default=7, help="how long it is valid")
    invite.set_defaults(run=_invite)
    invites = _add(commands, "invites", "list invites, and which of them may still be used")
    invites.set_defaults(run=_invites)

    user = commands.add_parser("user", help="list, reset or delete people")
    actions = user.add_subparsers(required=True, metavar="ACTION")
    _add(actions, "list", "list all").set_defaults(run=_user_list)
    reset = _add(actions, "reset", "give a new password and sign all devices out")
    reset.add_argument("email")
    reset.set_defaults(run=_user_reset)
    delete = _add(actions, "delete", "delete a person and all that is known of them")
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


def _checked(parsed: argparse.Namespace, work: Callable[[Settings], int]) -> int:
    """Run a command that needs settings and a database, and tell its refusals."""
    from hive_desktop.relay.settings import SettingsError  # noqa: PLC0415
    from hive_desktop.relay.store.store import StoreUnavailableError  # noqa: PLC0415

    try:
        return work(_settings())
    except SettingsError as exc:
        problems = "".join(f"\n  {problem}" for problem in exc.problems)
        _refuse(parsed, "not_set_up", f"The relay is not set up:{problems}", "Set what is named.")
        return _UNUSABLE
    except StoreUnavailableError as exc:
        _refuse(parsed, "unavailable", f"The database does not answer ({exc}).",
                "Start it, or correct HIVE_RELAY_DATABASE_URL.")  # fmt: skip
        return _REFUSED


def _refuse(parsed: argparse.Namespace, code: str, message: str, hint: str = "") -> None:
    """Say why nothing was done: in words, or in the shape in which the relay answers."""
    if not getattr(parsed, "json", False):
        _say(f"{message}\n{hint}" if hint else message)
        return
    from hive_desktop.relay.errors import RelayError  # noqa: PLC0415 - `key` needs none of it

    refusal = RelayError(400, code, "Nothing was done", message, hint)
    _say(refusal.body("").model_dump_json())


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

    return _checked(parsed, work)


def _migrate(parsed: argparse.Namespace) -> int:
    def work(settings: Settings) -> int:
        from hive_desktop.relay.store import migrate  # noqa: PLC0415 - heavy
        from hive_desktop.relay.store.store import Store  # noqa: PLC0415 - heavy

        store = Store(settings.database_url.get_secret_value())
        try:
            migrate.upgrade(store)
        finally:
            store.close()
        _tell(parsed, {"is_current": True}, "The database is of this version.")
        return 0

    return _checked(parsed, work)


def _check(parsed: argparse.Namespace) -> int:
    def work(settings: Settings) -> int:
        from hive_desktop.relay import checking  # noqa: PLC0415 - heavy

        found = checking.check(settings, asks_plaid=parsed.plaid)
        notes, is_right = warnings_of(settings), all(one.is_right for one in found)
        parts = [{"part": one.part, "is_right": one.is_right, "text": one.text} for one in found]
        words = [f"Note: {one}" for one in notes]
        words += ["The settings are complete.", *(one.text for one in found)]
        document = {"is_right": is_right, "parts": parts, "notes": notes}
        _tell(parsed, document, "\n".join(words))
        return 0 if is_right else _REFUSED

    return _checked(parsed, work)


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


def _with_admin(parsed: argparse.Namespace, work: Callable[[Admin], int]) -> int:
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
            message = "The database is not of this version: run `hive-relay migrate` first."
            _refuse(parsed, "not_ready", message)
            return _REFUSED
        try:
            return work(Admin(settings))
        except AdminError as exc:
            _refuse(parsed, "refused", str(exc))
            return _REFUSED

    return _checked(parsed, checked)


def _invite(parsed: argparse.Namespace) -> int:
    def work(admin: Admin) -> int:
        code = admin.invite(note=parsed.note, days=parsed.days)
        _print(parsed, {"invite": code, "note": parsed.note, "days": parsed.days}, [code])
        return 0

    return _with_admin(parsed, work)


def _invites(parsed: argparse.Namespace) -> int:
    def work(admin: Admin) -> int:
        from hive_desktop.relay.store.instants import from_ms, to_ms  # noqa: PLC0415 - heavy

        now = to_ms(admin.now())
        found = []
        for one in admin.invites():
            state = "used" if one.used_at is not None else "open"
            found.append(
                {
                    "state": "ended" if state == "open" and one.expires_at <= now else state,
                    "made_at": from_ms(one.created_at).isoformat(timespec="seconds"),
                    "ends_at": from_ms(one.expires_at).isoformat(timespec="seconds"),
                    "note": one.note,
                }
            )
        lines = [
            "\t".join(
                (
                    f"{one['state']:<5}",
                    f"made {one['made_at'][:10]}",
                    f"ends {one['ends_at'][:10]}",
                    one["note"],
                )
            )
            for one in found
        ]
        _print(parsed, {"invites": found}, lines)
        if not found:
            _say("No invite was made of late.")
        return 0

    return _with_admin(parsed, work)


def _user_list(parsed: argparse.Namespace) -> int:
    def work(admin: Admin) -> int:
        found = admin.users()
        users = [{"email": one.email, "devices": one.devices, "items": one.items} for one in found]
        lines = [f"{one.email}\t{one.devices} devices\t{one.items} items" for one in found]
        _print(parsed, {"users": users}, lines)
        return 0

    return _with_admin(parsed, work)


def _user_reset(parsed: argparse.Namespace) -> int:
    def work(admin: Admin) -> int:
        password = admin.reset(parsed.email)
        _print(parsed, {"email": parsed.email, "password": password}, [password])
        _say("That is the new password, told once. All devices are signed out.")
        return 0

    return _with_admin(parsed, work)


def _user_delete(parsed: argparse.Namespace) -> int:
    def work(admin: Admin) -> int:
        left = admin.delete(parsed.email, abandon=parsed.abandon)
        if left:
            _say(f"Still at Plaid, and billed until removed there: {', '.join(left)}")
        _tell(parsed, {"deleted": True, "left_at_plaid": list(left)}, "Deleted.")
        return 0

    return _with_admin(parsed, work)


def _print(parsed: argparse.Namespace, document: dict[str, Any], lines: Sequence[str]) -> None:
    """Print a result on standard output: a document, or lines."""
    for line in [json.dumps(document, ensure_ascii=False)] if parsed.json else lines:
        _say_out(line)


def _tell(parsed: argparse.Namespace, document: dict[str, Any], words: str) -> None:
    """Tell what was done: a document on standard output, or words on standard error."""
    if parsed.json:
        _print(parsed, document, ())
    else:
        _say(words)


def _say_out(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
