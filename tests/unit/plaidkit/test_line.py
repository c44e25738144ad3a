"""Answers as hosts really write them, read from a socket byte by byte or all at once."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hive_desktop.plaidkit import line
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.line import Lines

GOOD = b'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{"a":1}'


def request(connection):
    """One whole request; b"" when the other side has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (part := connection.recv(65_536)):
            return b""
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


class Host:
    """Answers each request with the next of its answers; an answer is a list of parts."""

    def __init__(self, *answers, context=None):
        self.answers = list(answers)
        self.seen = []
        self.connections = 0
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        scheme = "https" if context else "http"
        self.url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                if self._context:
                    connection = self._context.wrap_socket(connection, server_side=True)
                self._talk(connection)
            except OSError:
                pass
            finally:
                connection.close()

    def _talk(self, connection):
        while self.answers and (asked := request(connection)):
            self.seen.append(asked)
            parts = self.answers.pop(0)
            for part in parts:
                if part is None:
                    return
                connection.sendall(part)

    def close(self):
        # A blocked accept does not notice a mere close.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(30)


@contextmanager
def lines_to(*answers, context=None, whole_s=10.0):
    host = Host(*answers, context=context)
    lines = Lines(host.url, {"X-Key": "k"}, most=4, whole_s=whole_s)
    try:
        yield lines, host
    finally:
        lines.close()
        host.close()


def post(lines):
    return lines.post("/item/get", b'{"x":1}', connect_s=2, read_s=2)


def refused(lines):
    with pytest.raises(PlaidError) as caught:
        post(lines)
    return caught.value.code


def test_a_request_is_one_plain_post():
    with lines_to([GOOD]) as (lines, host):
        assert post(lines).body == b'{"a":1}'
        netloc = host.url.removeprefix("http://").encode()
        head = b"POST /item/get HTTP/1.1\r\nHost: " + netloc + b"\r\nX-Key: k\r\n"
        assert host.seen == [head + b'Content-Length: 7\r\n\r\n{"x":1}']


@pytest.mark.parametrize(
    "answer",
    [
        [GOOD],
        [bytes([one]) for one in GOOD],
        [b"HTTP/1.1 100 Continue\r\n\r\n", GOOD],
        [b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + GOOD],
        [
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b'3\r\n{"a\r\n4;x=y\r\n":1}\r\n',
            b"0\r\nTrailer: x\r\n\r\n",
        ],
    ],
)
def test_an_answer_is_read_however_it_comes(answer):
    with lines_to(answer, [GOOD]) as (lines, host):
        assert post(lines).body == post(lines).body == b'{"a":1}'
        assert host.connections == 1


def test_a_large_answer_comes_whole():
    body = b'{"a":"' + b"x" * 3_000_000 + b'"}'
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    with lines_to([head, body]) as (lines, _):
        assert post(lines).body == body


def test_a_connection_that_the_host_has_closed_is_not_used_again():
    with lines_to([GOOD, None], [GOOD]) as (lines, host):
        post(lines)
        kept = lines._idle[0].sock
        # The host's farewell is there before the next call.
        kept.settimeout(5)
        assert kept.recv(1, socket.MSG_PEEK) == b""
        assert post(lines).body == b'{"a":1}'
        assert host.connections == 2


def test_a_host_that_says_close_is_believed():
    closing = GOOD.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with lines_to([closing], [GOOD]) as (lines, _):
        post(lines)
        assert not lines._idle


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ([None], "CONNECTION_LOST"),
        ([b"HTTP/1.1 200 OK\r\nContent-Le", None], "CONNECTION_LOST"),
        ([b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a', None], "HALF_ANSWER"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{", None], "HALF_ANSWER"),
        ([b'HTTP/1.1 200 OK\r\n\r\n{"a": 1}', None], "HALF_ANSWER"),
        ([b"SSH-2.0-OpenSSH\r\n"], "BROKEN_ANSWER"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"], "BROKEN_ANSWER"),
        (
            [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"],
            "BROKEN_ANSWER",
        ),
        ([GOOD + GOOD], "BROKEN_ANSWER"),
        ([GOOD + b"x"], "BROKEN_ANSWER"),
        ([b"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\n{}"], "HTTP_500"),
        ([b"HTTP/1.1 302 Go\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"], "REDIRECTED"),
    ],
)
def test_what_is_no_answer_is_told_and_its_connection_ends(answer, code):
    with lines_to(answer) as (lines, host):
        assert refused(lines) == code
        assert len(host.seen) == 1
        assert len(lines._idle) == (code in {"HTTP_500", "REDIRECTED"})


def test_answers_are_bounded(monkeypatch):
    monkeypatch.setattr(line, "MAX_BODY", 100)
    monkeypatch.setattr(line, "MAX_ERROR_BODY", 10)
    for status, size in ((200, 101), (500, 11)):
        head = b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (status, size)
        with lines_to([head, b"x" * size]) as (lines, _):
            assert refused(lines) == "ANSWER_TOO_LARGE"
            assert not lines._idle


def test_a_head_without_an_end_is_bounded(monkeypatch):
    monkeypatch.setattr(line, "_MAX_HEAD", 1000)
    monkeypatch.setattr(line, "_CHUNK", 1000)
    with lines_to([b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 1000]) as (lines, _):
        assert refused(lines) == "ANSWER_TOO_LARGE"


def test_a_slow_answer_is_given_up():
    slow = [bytes([one]) for one in GOOD]
    with lines_to(slow, whole_s=0.0) as (lines, _):
        assert refused(lines) == "ANSWER_TOO_SLOW"


def test_closing_is_final():
    with lines_to([GOOD]) as (lines, _):
        post(lines)
        lines.close()
        assert not lines._idle
        with pytest.raises(PlaidError) as caught:
            post(lines)
        assert caught.value.advice is Advice.OFFLINE


def certificate(tmp_path, name):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now.replace(year=2090))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "host.pem"
    form = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(form, *plain) + made.public_bytes(form))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context, file


HERE = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


def test_a_certificate_that_nobody_vouches_for_ends_the_call(tmp_path):
    context, _ = certificate(tmp_path, HERE)
    with lines_to([GOOD], context=context) as (lines, host):
        assert refused(lines) == "TLS_FAILED"
        assert host.seen == []


@pytest.mark.parametrize(
    ("name", "is_good"), [(HERE, True), (x509.DNSName("elsewhere.example"), False)]
)
def test_a_certificate_must_be_for_that_host(tmp_path, monkeypatch, name, is_good):
    context, file = certificate(tmp_path, name)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with lines_to([GOOD], [GOOD], context=context) as (lines, host):
        if is_good:
            assert post(lines).body == post(lines).body == b'{"a":1}'
            assert host.connections == 1
        else:
            assert refused(lines) == "TLS_FAILED"
            assert host.seen == []
