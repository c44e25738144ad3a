"""The record of a request: made before it leaves, told once, whatever becomes of it."""

import asyncio
import hashlib
import json
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3 import exceptions as faults

from hive_desktop.plaidkit.egress import _SECRET_FIELDS, Recorder, hash_of, masked
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.transport import RESULTS, Patience, Transport, fault

KEY = b"k" * 32
NOW = datetime(2026, 1, 2, 3, tzinfo=UTC)


class Ledger:
    def __init__(self):
        self.told = []
        self.recorder = Recorder(KEY, lambda: NOW, self.told.append)

    def sending(self, body=b'{"secret":"s","a":1}', method="POST"):
        return self.recorder.request(
            method, host="https://here", path="/x?y=1", purpose="Why", body=body
        )


@pytest.fixture
def ledger():
    return Ledger()


def test_an_answer_is_told_with_its_status(ledger):
    with ledger.sending() as sending:
        assert ledger.told == []
        sending.status = 418
    (one,) = ledger.told
    assert (one.method, one.host, one.path, one.purpose) == (
        "POST", "https://here", "/x?y=1", "Why",
    )  # fmt: skip
    assert (one.at, one.status, one.result, one.once) == (NOW, 418, None, None)
    assert one.body == '{"secret":"***","a":1}'
    sent = b'{"secret":"s","a":1}'
    assert one.body_length == len(sent)
    assert (
        one.body_hash
        == hashlib.blake2b(sent, key=KEY, digest_size=32, person=b"hive-egress").digest()
    )
    assert 0 <= one.seconds < 5


@pytest.mark.parametrize(
    ("exc", "status", "word", "told"),
    [
        (ValueError, None, None, "failed"),
        (asyncio.CancelledError, None, None, "cancelled"),
        (KeyboardInterrupt, None, None, "cancelled"),
        (ValueError, None, "timed_out", "timed_out"),
        # A whole answer came and was refused afterwards.
        (ValueError, 500, None, None),
        (ValueError, 200, "half_answer", "half_answer"),
    ],
)
def test_what_ends_in_an_exception_is_told_too(ledger, exc, status, word, told):
    def send():
        with ledger.sending() as sending:
            sending.status, sending.result = status, word
            raise exc

    with pytest.raises(exc):
        send()
    assert [(one.status, one.result) for one in ledger.told] == [(status, told)]


def test_what_is_under_way_at_the_end_is_told_once(ledger):
    with ledger.sending() as late, ledger.sending(b"", "GET"):
        ledger.recorder.cut_off()
        assert [(one.method, one.result) for one in ledger.told] == [
            ("POST", "cancelled"),
            ("GET", "cancelled"),
        ]
        ledger.recorder.cut_off()
        late.status = 200
    assert len(ledger.told) == 2
    with ledger.sending() as later:
        later.status = 200
    assert len(ledger.told) == 3


def test_what_does_not_leave_after_all_is_not_told(ledger):
    with ledger.sending() as sending:
        sending.withdraw()
    ledger.recorder.cut_off()
    assert ledger.told == []


def test_many_threads_and_an_end_among_them(ledger):
    gate = threading.Barrier(9)

    def work():
        gate.wait()
        for _ in range(200):
            with ledger.sending() as sending:
                sending.status = 200

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    gate.wait()
    for _ in range(50):
        ledger.recorder.cut_off()
    for thread in threads:
        thread.join()
    assert len(ledger.told) == 1600


def test_a_closed_transport_sends_nothing_and_tells_nothing(ledger):
    transport = Transport("http://127.0.0.1:1", ledger.recorder, Patience())
    transport.abort()
    with pytest.raises(PlaidError) as caught:
        transport.send("GET", "/x", "Why", headers={})
    assert (caught.value.code, caught.value.advice) == ("CLOSED", Advice.OFFLINE)
    assert ledger.told == []


@pytest.mark.parametrize("status", [None, 200])
@pytest.mark.parametrize(
    "exc",
    [
        faults.NewConnectionError(None, "m"),
        faults.ConnectTimeoutError(),
        faults.SSLError(),
        faults.ReadTimeoutError(None, None, "m"),
        faults.IncompleteRead(1, 2),
        faults.ProtocolError(),
        faults.ClosedPoolError(None, "m"),
        TimeoutError(),
        ConnectionResetError(),
    ],
)
def test_every_fault_of_the_wire_has_a_word(exc, status):
    assert RESULTS[fault(exc, status).code]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(sorted(_SECRET_FIELDS)) | st.text(max_size=8), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from(sorted(_SECRET_FIELDS)))
def test_no_secret_field_s_value_is_ever_told(value, name):
    mark = "sk-a-secret-value"
    body = json.dumps({"a": [value, {name: [mark, {"deep": mark}]}], name: mark}).encode()
    text = masked(body)
    assert mark not in text
    assert json.loads(text)[name] == "***"
    assert masked(text.encode()) == text


def test_without_a_key_the_body_waits_for_its_hash():
    told = []
    recorder = Recorder(None, lambda: NOW, told.append)
    body = b'{"refresh_token":"hr1.x"}'
    with recorder.request("POST", host="h", path="/p", purpose="why", body=body) as sending:
        sending.status = 200
    (one,) = told
    assert (one.body_hash, one.unhashed, one.body_length) == (b"", body, len(body))
    assert "hr1.x" not in repr(one)
    keyed = []
    with Recorder(KEY, lambda: NOW, keyed.append).request(
        "POST", host="h", path="/p", purpose="why", body=body
    ) as sending:
        sending.status = 200
    assert keyed[0].unhashed is None
    assert keyed[0].body_hash == hash_of(KEY, one.unhashed)
