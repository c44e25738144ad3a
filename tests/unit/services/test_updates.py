"""Asking for a newer Hive: signed, on record, once a day, and only where it is wanted."""

import asyncio
import base64
import http.server
import importlib.util
import json
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from hive_desktop import config
from hive_desktop.adapters.web import PlainWeb
from hive_desktop.config import UpdateSource
from hive_desktop.domain import releases
from hive_desktop.ports.errors import UpdateError
from hive_desktop.ports.events import UpdateFound
from hive_desktop.services import updates as module
from hive_desktop.services.events import EventBus
from hive_desktop.services.tasks import TaskScope
from hive_desktop.services.updates import KNOWN, UpdateService
from tests.unit.services.world import until

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
).decode()


class Clock:
    def __init__(self):
        self.at = NOW

    def now(self):
        return self.at


class Settings:
    def __init__(self):
        self.kept = {}

    async def get(self, key, default):
        return self.kept.get(key, default)

    async def put(self, key, value):
        self.kept[key] = value


def document(key=KEY, key_id="hive-1", **changed):
    told = {
        "version": "0.2.0",
        "released": "2026-11-26",
        "notes": "Quicker.",
        "page": "https://hive.example/0.2.0",
        "minimum": {},
        "issued": "2026-11-26T10:00:00+00:00",
        "expires": "2027-01-26T10:00:00+00:00",
        "key": key_id,
        **changed,
    }
    signature = base64.b64encode(key.sign(releases.signed_bytes(told))).decode()
    return {"release": told, "signature": signature}


class Host(http.server.ThreadingHTTPServer):
    """Answers on loopback with what it is told."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.body = json.dumps(document()).encode()
        self.status = 200
        self.headers = {}
        self.asked = []
        self.pause_s = 0.0


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        threading.Event().wait(self.server.pause_s)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_):
        pass


@contextmanager
def serving(certificate=None):
    host = Host()
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        host.socket = context.wrap_socket(host.socket, server_side=True)
    scheme = "http" if certificate is None else "https"
    host.url = f"{scheme}://localhost:{host.server_address[1]}/release.json"
    thread = threading.Thread(target=host.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        host.shutdown()
        host.server_close()
        thread.join()


@pytest.fixture
def host():
    with serving() as made:
        yield made


class Asking:
    """A service over a host, with all that it tells."""

    def __init__(self, url, keys=None, version="0.1.0"):
        self.noted, self.heard = [], []
        self.clock, self.settings, self.bus = Clock(), Settings(), EventBus()
        self.bus.subscribe(UpdateFound, self.heard.append)
        self.service = UpdateService(
            UpdateSource(url, {"hive-1": PUBLIC} if keys is None else keys),
            PlainWeb(b"k" * 32, self.clock, self.noted.append),
            self.settings,
            bus=self.bus,
            clock=self.clock,
            version=version,
        )

    def check(self):
        return asyncio.run(self.service.check())

    def refused(self, code):
        with pytest.raises(UpdateError) as caught:
            self.check()
        assert caught.value.arguments.get("code") == code
        assert self.heard == []


def test_a_newer_version_is_told_and_the_request_is_on_record(host):
    asking = Asking(host.url)
    found = asking.check()
    assert (found.release.version, found.release.page) == ("0.2.0", "https://hive.example/0.2.0")
    assert asking.heard == [UpdateFound("0.2.0")]
    (entry,) = asking.noted
    assert (entry.method, entry.path, entry.status) == ("GET", "/release.json", 200)
    assert (entry.body, entry.purpose) == ("", module.PURPOSE)
    ((_, headers),) = host.asked
    assert set(headers) == {"Host", "Accept", "Accept-Encoding", "User-Agent"}
    assert headers["User-Agent"] == "Hive"  # no version, no system
    assert asyncio.run(asking.service.known()).release.version == "0.2.0"


@pytest.mark.parametrize("version", ["0.2.0", "0.3.0", "1.0.0"])
def test_the_same_and_an_older_version_are_no_update(host, version):
    asking = Asking(host.url, version=version)
    assert asking.check().release is None
    assert asking.heard == []
    assert asyncio.run(asking.service.known()).release is None


def test_what_is_not_rightly_signed_is_not_believed(host):
    asking = Asking(host.url)
    host.body = json.dumps(document(Ed25519PrivateKey.generate())).encode()
    asking.refused("bad_signature")
    host.body = json.dumps(document(key_id="hive-9")).encode()
    asking.refused("unknown_key")
    altered = document()
    altered["release"]["page"] = "https://evil.example"
    host.body = json.dumps(altered).encode()
    asking.refused("bad_signature")
    host.body = json.dumps({**document(), "signature": "%%"}).encode()
    asking.refused("bad_signature")
    host.body = b"<html>sign in to this network</html>"
    asking.refused("malformed")
    assert KNOWN not in asking.settings.kept


def test_an_old_word_is_not_believed_again(host):
    asking = Asking(host.url)
    host.body = json.dumps(document(issued="2026-11-27T08:00:00+00:00")).encode()
    asking.check()
    asking.heard.clear()
    host.body = json.dumps(document(version="0.1.5")).encode()
    asking.refused("replayed")
    asking.clock.at = NOW + timedelta(days=90)
    host.body = json.dumps(document(issued="2026-11-27T09:00:00+00:00")).encode()
    asking.refused("expired")


def test_what_is_too_long_or_slow_or_elsewhere_is_let_go(host, monkeypatch):
    asking = Asking(host.url)
    host.body = b" " * (releases.LARGEST + 10)
    asking.refused("ANSWER_TOO_LARGE")
    host.body, host.status = b"", 302
    host.headers = {"Location": "https://evil.example/"}
    asking.refused("REDIRECTED")
    assert len(host.asked) == 2
    host.status, host.headers, host.pause_s = 200, {}, 0.5
    monkeypatch.setattr("hive_desktop.adapters.web._TIMEOUT", (0.2, 0.1))
    asking.refused("READ_TIMEOUT")
    assert [one.result for one in asking.noted] == ["too_large", None, "timed_out"]


def test_nobody_there_is_an_error_with_words():
    asking = Asking("https://127.0.0.1:1/release.json")
    asking.refused("UNREACHABLE")
    assert asking.noted[0].result == "unreachable"


@pytest.mark.parametrize("url", ["http://hive.example/x", "ftp://hive.example/x", "https:///x"])
def test_an_address_that_is_not_https_is_not_asked(url):
    asking = Asking(url)
    with pytest.raises(UpdateError):
        asking.check()
    assert asking.noted == []


def test_a_certificate_that_nobody_vouches_for_is_refused_and_a_known_one_is_taken(
    tmp_path, monkeypatch
):
    certificate = tmp_path / "host.pem"
    certificate.write_bytes(self_signed())
    with serving(certificate) as host:
        Asking(host.url).refused("TLS_FAILED")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert Asking(host.url).check().release.version == "0.2.0"


def self_signed():
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begun = datetime.now(UTC)  # noqa: TID251 - the certificate is checked by the real clock
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begun - timedelta(days=1))
        .not_valid_after(begun + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + made.public_bytes(serialization.Encoding.PEM)


def test_this_build_has_no_address_and_says_so():
    source = config.update_source()
    assert (source.url, dict(source.keys)) == ("", {})
    asking = Asking("", {})
    assert not asking.service.is_configured
    with pytest.raises(UpdateError, match="No address for updates is configured in this build"):
        asking.check()
    assert asking.noted == []


def test_it_is_off_at_first_and_then_asked_once_a_day(host, monkeypatch):
    asking = Asking(host.url)
    monkeypatch.setattr(module, "_LOOK_S", 0.01)

    async def go():
        scope = TaskScope("test")
        check = asking.service.check
        counts, over = [], []

        async def checked():
            try:
                return await check()
            finally:
                over.append(len(host.asked))

        monkeypatch.setattr(asking.service, "check", checked)
        asking.service.keep(scope)

        async def count(least):
            await until(lambda: len(over) >= least)
            await asyncio.sleep(0.1)  # no more come
            counts.append(len(host.asked))

        assert not await asking.service.is_on()
        await count(0)
        await asking.service.switch(on=True)
        await count(1)
        host.status = 500  # a day whose try failed is a day, too
        asking.clock.at += timedelta(days=1, minutes=1)
        await count(2)
        await asking.service.switch(on=False)
        asking.clock.at += timedelta(days=3)
        await count(2)
        await scope.close()
        return counts

    assert asyncio.run(go()) == [0, 1, 2, 2]


def test_what_is_kept_and_odd_is_nothing(host):
    asking = Asking(host.url)
    for odd in ("", "[]", "{", '{"release": 1}', '{"asked_at": 5}', '{"release": {"key": 1}}'):
        asking.settings.kept[KNOWN] = odd
        assert asyncio.run(asking.service.known()).release is None
    assert asking.check().release.version == "0.2.0"


def test_what_the_script_signs_is_believed(host, tmp_path):
    """`packaging/dev.py sign-release` and the program agree on the form."""
    script = ROOT / "packaging" / "release.py"

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, str(script), *map(str, arguments)],
            capture_output=True, text=True, check=True, cwd=ROOT,
        )  # fmt: skip
        return json.loads(done.stdout)

    keys = run("--new-key", tmp_path / "key.pem")
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0
    (tmp_path / "notes.txt").write_text("Grün \N{EM DASH} quicker.", encoding="utf-8")
    page = "https://hive.example/new"
    made = run(
        "--key", tmp_path / "key.pem", "--page", page, "--notes", tmp_path / "notes.txt",
        "--minimum", "linux=4.0", "--days", "30",
    )  # fmt: skip
    host.body = json.dumps(made).encode()
    asking = Asking(host.url, keys, version="0.0.1")
    asking.clock.at = datetime.now(UTC)  # noqa: TID251 - the script signs at the real time
    found = asking.check()
    assert (found.release.page, found.is_fit) == (page, True)
    assert found.release.notes == "Grün \N{EM DASH} quicker."


def test_the_script_signs_nothing_that_the_program_would_refuse(tmp_path):
    spec = importlib.util.spec_from_file_location("release", ROOT / "packaging" / "release.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.new_key(tmp_path / "key.pem")
    with pytest.raises(releases.ReleaseRefusedError):
        script.main(["--key", str(tmp_path / "key.pem"), "--page", "http://hive.example"])
    with pytest.raises(releases.ReleaseRefusedError):
        script.main(
            ["--key", str(tmp_path / "key.pem"), "--page", "https://x.example", "--days", "900"]
        )


def test_the_script_signs_with_no_key_but_the_one_that_programs_know(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("release", ROOT / "packaging" / "release.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    known, other = script.new_key(tmp_path / "known.pem"), script.new_key(tmp_path / "other.pem")
    monkeypatch.setattr(script, "update_source", lambda: UpdateSource("", {"hive-1": known}))
    assert known != other
    asked = ["--page", "https://hive.example/new", "--key"]
    assert script.main([*asked, str(tmp_path / "known.pem")]) == 0
    with pytest.raises(SystemExit, match="another key"):
        script.main([*asked, str(tmp_path / "other.pem")])


def test_a_host_whose_address_is_not_usable_was_not_reached():
    asking = Asking("https://hive.example/x")
    reached = asyncio.run(asking.service._web.reach("http://relay.example", "x"))
    assert (reached.is_reached, reached.result) == (False, "unusable")
    assert asking.noted == []
