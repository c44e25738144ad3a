"""The inbox gives back what was put in, or nothing: whatever anybody does to its files."""

import os
import shutil
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hive_desktop.adapters.storage.inbox import records, writer
from hive_desktop.adapters.storage.inbox.store import FileInboxes
from hive_desktop.adapters.storage.lock import OwnerLock
from hive_desktop.domain.health import Health
from hive_desktop.domain.ledger import ItemState
from hive_desktop.plaidkit.egress import hash_of
from hive_desktop.ports.bank import AccessToken, RenewedToken
from hive_desktop.ports.egress import Egress
from hive_desktop.ports.errors import BankRetryError, VaultBusyError, VaultUnwritableError
from hive_desktop.ports.relay import RelayGrant
from hive_desktop.ports.vault import VaultKeys
from tests.examples import examples

NOW = datetime(2026, 3, 14, 12, 0, 5, 123456, tzinfo=UTC)
KEYS = VaultKeys(b"m" * 32, b"d" * 32, b"e" * 32, b"c" * 32, b"i" * 32)
OTHERS = replace(KEYS, inbox=b"j" * 32)
STORE = FileInboxes()
ITEMS = ("item-a", "item-b")


def request(body=b"{}", **more):
    return Egress(
        NOW, "https://r", "why", "/p", "{}", b"", len(body), 200, 0.5, unhashed=body, **more
    )


def loop(inbox, item, *cursors):
    """Keep a sync of an item: its pages between cursors, and its end."""
    for before, after in pairwise(cursors):
        assert inbox.keep_page(item, before, after, f"{item} {before}-{after}".encode())
    assert inbox.keep_end(
        item, f"accounts at {cursors[-1]}".encode(), b"state " + cursors[-1].encode()
    )


def told(folder, mark, keys=KEYS):
    """Every chain as (where it starts, its pages' bodies, accounts, state), by item."""
    opened = STORE.open(folder, keys, mark)
    if opened is None:
        return None
    return {
        item: (
            chain.starts_at,
            [chain.page(place).decode() for place in range(len(chain))],
            chain.accounts().decode(),
            chain.item().decode(),
        )
        for item, chain in opened.chains(ITEMS).items()
    }


@pytest.fixture
def vault(tmp_path):
    folder = tmp_path / "vault"
    folder.mkdir()
    return folder


def test_what_was_kept_comes_back_in_its_order(vault):
    inbox = STORE.begin(vault, KEYS)
    loop(inbox, "item-a", "", "1", "2")
    loop(inbox, "item-b", "7", "8")
    loop(inbox, "item-a", "2", "3")
    assert told(vault, inbox.mark) == {
        "item-a": ("", ["item-a -1", "item-a 1-2", "item-a 2-3"], "accounts at 3", "state 3"),
        "item-b": ("7", ["item-b 7-8"], "accounts at 8", "state 8"),
    }
    assert STORE.open(vault, OTHERS, inbox.mark) is None
    assert STORE.open(vault, KEYS, "0" * 64) is None
    STORE.clear(vault)
    assert not (vault / "inbox").exists()
    assert STORE.open(vault, KEYS, inbox.mark) is None
    STORE.clear(vault)


def test_news_come_back_whole(vault):
    inbox = STORE.begin(vault, KEYS)
    grants = [
        RelayGrant("https://r", "mira@example.org", "d", f"hr1.{n}", NOW + timedelta(days=n))
        for n in range(3)
    ]
    renewed = RenewedToken(AccessToken("hs1.old"), AccessToken("hs1.new"))
    health = Health(
        ItemState.DEGRADED, NOW, "INSTITUTION_DOWN", 3, frozenset({ItemState.EXPIRING}), NOW, None
    )
    inbox.keep_grant(grants[0])
    inbox.keep_egress([request(b'{"a":1}'), request(b"", result="timed_out")])
    inbox.keep_grant(grants[1])
    inbox.keep_health("item-a", Health())
    inbox.keep_renewed([renewed])
    inbox.keep_health("item-a", health, NOW)
    inbox.keep_health("item-b", health, NOW)
    inbox.keep_health("item-b", Health())
    inbox.keep_egress([request(b"3")])
    inbox.keep_grant(grants[2])
    tidings = STORE.open(vault, KEYS, inbox.mark).tidings()
    assert tidings.grant == replace(grants[2], email="")
    assert tidings.renewed == [renewed]
    assert tidings.health == {"item-a": health, "item-b": Health()}
    assert tidings.failing == {"item-a": NOW}
    assert not tidings.has_ended
    assert [one.body_hash for one in tidings.egress] == [
        hash_of(KEYS.egress, body) for body in (b'{"a":1}', b"", b"3")
    ]
    assert [one.result for one in tidings.egress] == [None, "timed_out", None]
    assert {one.at for one in tidings.egress} == {NOW}
    assert {one.unhashed for one in tidings.egress} == {None}
    assert len({one.once for one in tidings.egress}) == 3
    assert STORE.open(vault, KEYS, inbox.mark).tidings() == tidings
    inbox.keep_ended()
    assert STORE.open(vault, KEYS, inbox.mark).tidings().has_ended


def test_the_files_are_the_owner_s_and_tell_nothing(vault):
    inbox = STORE.begin(vault, KEYS)
    loop(inbox, "item-a", "cursor-one", "cursor-two")
    inbox.keep_grant(RelayGrant("https://r", "mira@example.org", "d", "hr1.secret", NOW))
    folder = vault / "inbox"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        said = file.read_bytes() + file.name.encode()
        for word in (b"item-a", b"cursor", b"hr1.", b"secret", b"mira", b"https"):
            assert word not in said


def test_a_writer_cannot_read_and_has_no_key_of_the_vault(vault):
    inbox = STORE.begin(vault, KEYS)
    held = [inbox._key, inbox._public]
    assert not {KEYS.master, KEYS.database, KEYS.egress, KEYS.commands, KEYS.inbox} & set(held)
    loop(inbox, "item-a", "1", "2")
    forged = replace(KEYS, inbox=inbox._key)
    assert STORE.open(vault, forged, inbox.mark) is None
    assert "***" in repr(inbox)


def test_an_end_is_what_counts(vault):
    inbox = STORE.begin(vault, KEYS)
    inbox.keep_page("item-a", "1", "2", b"no end")
    assert told(vault, inbox.mark) == {}
    # The data changed at the bank: from the loop's first cursor again.
    loop(inbox, "item-a", "1", "2b", "3b")
    inbox.keep_page("item-a", "3b", "4", b"no end either")
    assert told(vault, inbox.mark) == {
        "item-a": ("1", ["item-a 1-2b", "item-a 2b-3b"], "accounts at 3b", "state 3b")
    }
    loop(inbox, "item-a", "3b", "5")
    assert told(vault, inbox.mark)["item-a"][1] == ["item-a 1-2b", "item-a 2b-3b", "item-a 3b-5"]
    inbox.keep_page("item-a", "99", "100", b"from nowhere")
    assert told(vault, inbox.mark) == {}


def test_an_older_inbox_is_none(vault, tmp_path):
    first = STORE.begin(vault, KEYS)
    loop(first, "item-a", "1", "2")
    shutil.copytree(vault / "inbox", tmp_path / "old")
    second = STORE.begin(vault, KEYS)
    assert told(vault, second.mark) == {}
    loop(second, "item-b", "1", "2")
    # Records of the old one beside the new head, and the old one whole.
    for file in (tmp_path / "old").iterdir():
        if file.name != "head":
            shutil.copy(file, vault / "inbox" / file.name)
    assert set(told(vault, second.mark)) == {"item-b"}
    shutil.rmtree(vault / "inbox")
    shutil.copytree(tmp_path / "old", vault / "inbox")
    assert told(vault, second.mark) is None


def test_the_oldest_item_goes_where_there_is_no_more_room(vault, monkeypatch):
    monkeypatch.setattr(writer, "LARGEST_INBOX", 10_000)
    inbox = STORE.begin(vault, KEYS)
    loop(inbox, "item-a", "1", "2")
    inbox.keep_grant(RelayGrant("https://r", "", "d", "hr1.kept", NOW))
    assert inbox.keep_page("item-b", "1", "2", bytes(9_000))
    assert inbox.keep_page("item-b", "2", "3", bytes(400))
    assert inbox.keep_end("item-b", b"", b"")
    assert set(told(vault, inbox.mark)) == {"item-b"}
    assert not inbox.keep_page("item-a", "1", "2", b"again")
    assert not inbox.keep_page("item-b", "3", "4", bytes(900))
    assert told(vault, inbox.mark) == {}
    assert STORE.open(vault, KEYS, inbox.mark).tidings().grant.refresh_token == "hr1.kept"
    assert sum(one.stat().st_size for one in (vault / "inbox").iterdir()) < 1_000


def test_there_is_an_end_to_the_number_of_records(vault, monkeypatch):
    monkeypatch.setattr(writer, "MOST_RECORDS", 8)
    inbox = STORE.begin(vault, KEYS)
    loop(inbox, "item-a", *map(str, range(6)))
    for _ in range(3):
        inbox.keep_egress([request()])
    assert not inbox.keep_page("item-a", "5", "6", b"")
    for _ in range(9):
        inbox.keep_egress([request()])
    with pytest.raises(VaultUnwritableError):
        inbox.keep_egress([request()])


def test_a_record_of_who_has_no_key_of_this_inbox_is_none(vault):
    inbox = STORE.begin(vault, KEYS)
    loop(inbox, "item-a", "1", "2")
    inbox.keep_grant(RelayGrant("https://r", "", "d", "hr1.mine", NOW))
    tag = records.tag_of("item-a", inbox._key)
    forged = {
        f"{tag}-000002": records.Content(records.PAGE, "item-a", 2, "2", "3", b"forged"),
        f"{tag}-000003": records.Content(
            records.END, "item-a", 3, "", "", records.ending(b"forged", b"")
        ),
        "news-000001": records.Content(
            records.GRANT, "", 1, "", "", records.grant(RelayGrant("https://r", "", "d", "x", NOW))
        ),
    }
    for name, content in forged.items():
        for key, counts in ((b"k" * 32, False), (inbox._key, True)):
            # By the right key it would be one: what is checked is the key.
            assert (
                records.read(records.write(content, inbox._public, key), KEYS.inbox, inbox._key)
                is not None
            ) is counts
        data = records.write(content, inbox._public, b"k" * 32)
        (vault / "inbox" / name).write_bytes(data)
    assert told(vault, inbox.mark) == {}
    assert STORE.open(vault, KEYS, inbox.mark).tidings().grant.refresh_token == "hr1.mine"


def test_who_writes_owns_the_vault(vault):
    inbox = STORE.begin(vault, KEYS)
    inbox.take()
    with pytest.raises(VaultBusyError):
        OwnerLock(vault).acquire()
    inbox.close()
    with pytest.raises(VaultUnwritableError):
        inbox.keep_ended()
    with OwnerLock(vault):
        other = STORE.begin(vault, KEYS)
        with pytest.raises(VaultBusyError):
            other.take()


@pytest.mark.parametrize("between", ["another process", "a restore"])
def test_a_vault_that_another_had_in_between_is_left_alone(vault, between):
    """It has taken the inbox in, and its sign-in may be spent."""
    with OwnerLock(vault):
        inbox = STORE.begin(vault, KEYS)
    if between == "another process":
        (vault / "owner.txt").write_text("process 1, hive")
    else:
        shutil.rmtree(vault / "inbox")
    with pytest.raises(VaultBusyError):
        inbox.take()
    with OwnerLock(vault):  # free
        pass
    inbox = STORE.begin(vault, KEYS)
    inbox.take()
    inbox.close()


def test_a_sign_in_is_kept_where_there_is_no_more_room(vault, monkeypatch):
    monkeypatch.setattr(writer, "MOST_RECORDS", 2)
    inbox = STORE.begin(vault, KEYS)
    for _ in range(3):
        inbox.keep_egress([request()])
    with pytest.raises(VaultUnwritableError):
        inbox.keep_egress([request()])
    inbox.keep_grant(RelayGrant("https://r", "", "d", "hr1.newest", NOW))
    tidings = STORE.open(vault, KEYS, inbox.mark).tidings()
    assert tidings.grant.refresh_token == "hr1.newest"
    assert len(tidings.egress) == 3


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", ["head", "news-000001"])
def test_a_pipe_in_place_of_a_file_holds_nobody_up(vault, name):
    inbox = STORE.begin(vault, KEYS)
    inbox.keep_grant(RelayGrant("https://r", "", "d", "hr1.mine", NOW))
    inbox.keep_ended()
    (vault / "inbox" / name).unlink()
    os.mkfifo(vault / "inbox" / name)
    opened = STORE.open(vault, KEYS, inbox.mark)
    if name == "head":
        assert opened is None
    else:
        assert opened.tidings().grant.refresh_token == "hr1.mine"
        assert not opened.tidings().has_ended
    STORE.clear(vault)
    assert not (vault / "inbox").exists()


def test_a_link_in_place_of_the_folder_harms_nothing_elsewhere(vault, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "head").write_text("somebody's")
    for do in (STORE.clear, lambda folder: STORE.begin(folder, KEYS)):
        shutil.rmtree(vault / "inbox", ignore_errors=True)
        (vault / "inbox").symlink_to(elsewhere)
        do(vault)
        assert not (vault / "inbox").is_symlink()
        assert [one.name for one in elsewhere.iterdir()] == ["head"]
        assert (elsewhere / "head").read_text() == "somebody's"


def test_a_disk_that_refuses_is_told(vault):
    inbox = STORE.begin(vault, KEYS)
    shutil.rmtree(vault / "inbox")
    with pytest.raises(VaultUnwritableError):
        inbox.keep_ended()
    with pytest.raises(VaultUnwritableError):
        inbox.keep_page("item-a", "1", "2", b"")


def test_a_page_that_goes_meanwhile_is_told_as_a_passing_fault(vault):
    inbox = STORE.begin(vault, KEYS)
    loop(inbox, "item-a", "1", "2")
    (chain,) = STORE.open(vault, KEYS, inbox.mark).chains(ITEMS).values()
    for file in (vault / "inbox").iterdir():
        file.write_bytes(b"")
    with pytest.raises(BankRetryError):
        chain.page(0)
    with pytest.raises(BankRetryError):
        chain.item()


@pytest.fixture
def unsynced(monkeypatch):
    """Nothing is flushed: what a crash leaves is another test's."""
    monkeypatch.setattr("os.fsync", lambda _descriptor: None)


@st.composite
def histories(draw):
    """Syncs of two items: how many pages each has, and whether a loop had to begin again."""
    steps = st.tuples(st.sampled_from(ITEMS), st.integers(1, 3), st.booleans())
    return draw(st.lists(steps, min_size=1, max_size=5))


def live(inbox, history):
    """Keep a history; returns every state in which it was whole, by item, oldest first."""
    at = dict.fromkeys(ITEMS, 0)
    pages = {item: [] for item in ITEMS}
    states = {item: [] for item in ITEMS}
    for number, (item, count, is_restarted) in enumerate(history):
        first = at[item]
        if is_restarted:
            inbox.keep_page(item, str(first), f"{first}x", b"dropped")
        cursors = [str(first + step) for step in range(count + 1)]
        for before, after in pairwise(cursors):
            body = f"{item} {number} {before}-{after}"
            inbox.keep_page(item, before, after, body.encode())
            pages[item].append(body)
        inbox.keep_end(item, str(number).encode(), b"s")
        at[item] = first + count
        states[item].append(("0", list(pages[item]), str(number), "s"))
    return states


def drop(file, _other, _number):
    file.unlink()


def swap(file, other, _number):
    mine, theirs = file.read_bytes(), other.read_bytes()
    file.write_bytes(theirs)
    other.write_bytes(mine)


def flip(file, _other, number):
    data = bytearray(file.read_bytes() or b"?")
    data[number % len(data)] ^= 1 << (number % 8)
    file.write_bytes(data)


def copy(file, other, _number):
    tag, _, place = file.name.rpartition("-")
    file.with_name(f"{tag}-{int(place) + 1:06}").write_bytes(other.read_bytes())


def cut(file, _other, number):
    file.write_bytes(file.read_bytes()[: number * 4])


def link(file, other, _number):
    elsewhere = file.parent.with_name("elsewhere")
    elsewhere.write_bytes(other.read_bytes())
    file.unlink()
    file.symlink_to(elsewhere)


def rename(file, _other, number):
    file.rename(file.with_name(f"{file.name.rpartition('-')[0]}-{number:06}"))


DOINGS = st.lists(
    st.tuples(
        st.sampled_from((drop, swap, flip, copy, cut, link, rename)),
        st.integers(0, 99),
        st.integers(0, 99),
    ),
    max_size=3,
)


def tamper(folder, doings):
    for do, one, other in doings:
        files = sorted(file for file in folder.iterdir() if file.name != "head")
        if files:
            do(files[one % len(files)], files[other % len(files)], one + other)


@settings(
    max_examples=examples(80),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(histories(), DOINGS)
def test_whatever_is_done_to_it_a_chain_is_one_that_was(vault, unsynced, history, doings):
    inbox = STORE.begin(vault, KEYS)
    states = live(inbox, history)
    tamper(vault / "inbox", doings)
    found = told(vault, inbox.mark)
    for item, chain in found.items():
        assert chain in states[item]
    if not doings:
        assert found == {item: made[-1] for item, made in states.items() if made}
