import asyncio
import threading

import bcrypt
import pytest

from hive_desktop.relay.auth import passwords as module
from hive_desktop.relay.auth.passwords import Passwords
from hive_desktop.relay.errors import RelayError
from tests.relay.auth.world import GOOD, JANE
from tests.spending import least_cpu_s


@pytest.fixture
def passwords():
    made = Passwords(cost=4)
    yield made
    made.close()


def hashed(passwords, text):
    return asyncio.run(passwords.hash(text))


def matches(passwords, text, against):
    return asyncio.run(passwords.matches(text, against))


def is_weak(passwords, text, email=JANE):
    try:
        asyncio.run(passwords.refuse_weak(text, email))
    except RelayError as refusal:
        return (refusal.status, refusal.code) == (422, "weak_password")
    return False


def test_a_password_matches_its_hash_and_no_other(passwords):
    found = hashed(passwords, GOOD)
    assert found.startswith("$2b$04$")
    assert GOOD not in found
    assert matches(passwords, GOOD, found)
    assert not matches(passwords, GOOD + " ", found)
    assert not matches(passwords, "", found)


def test_no_two_hashes_are_the_same(passwords):
    assert hashed(passwords, GOOD) != hashed(passwords, GOOD)


def test_the_cost_is_twelve():
    made = Passwords()
    assert asyncio.run(made.hash(GOOD)).startswith("$2b$12$")
    made.close()


def test_every_character_counts(passwords):
    """bcrypt alone reads 72 bytes, and ends at a NUL."""
    long = "ä" * 1_023
    found = hashed(passwords, long + "x")
    assert matches(passwords, long + "x", found)
    assert not matches(passwords, long + "y", found)
    found = hashed(passwords, "before\x00after")
    assert not matches(passwords, "before\x00other", found)
    # A SHA-256 that begins with a NUL would match all that do, were it not for the base64.
    assert len(module._digest("x")) == 44
    assert b"\x00" not in module._digest("x")


def test_an_accent_matches_however_it_is_typed(passwords):
    assert matches(passwords, "cafe\u0301 lighthouse", hashed(passwords, "caf\u00e9 lighthouse"))


def test_nobody_matches_no_hash_in_the_same_time(passwords, monkeypatch):
    seen = []
    check = bcrypt.checkpw

    def checkpw(password, against):
        seen.append(against)
        return check(password, against)

    monkeypatch.setattr(bcrypt, "checkpw", checkpw)
    assert not matches(passwords, GOOD, None)
    assert seen[0].startswith(b"$2b$04$")
    assert len(seen[0]) == 60
    slow = Passwords(cost=10)
    real = asyncio.run(slow.hash(GOOD))

    nobody = least_cpu_s(lambda: check(module._digest("wrong"), slow._nobody))
    somebody = least_cpu_s(lambda: check(module._digest("wrong"), real.encode()))
    slow.close()
    assert 0.7 < nobody / somebody < 1.4


@pytest.mark.parametrize(
    "text",
    [
        "password12",
        "1234567890",
        "qwertyuiop",
        "aaaaaaaaaaaaaaaaaaaa",
        "iloveyou123",
        "P@ssw0rd123",
        "jane@example.org",
        "janejane12",
        "1234567890!@#",
        "!@#$%^&*()",
        "abcdefghijkl",
        "a" * 1_024,
    ],
)
def test_common_passwords_are_refused(passwords, text):
    assert is_weak(passwords, text)


@pytest.mark.parametrize(
    "text",
    [GOOD, "xK9#mQ2$vL7@", "4@8({[<369&#!1|0$5+7%2 Ω", "пароль солнце кирпич", "x" + GOOD * 40],
)
def test_others_are_taken(passwords, text):
    assert not is_weak(passwords, text)


def test_no_password_takes_long_to_judge(passwords):
    """zxcvbn takes seconds for one that mixes all characters that stand for letters."""

    def judge():
        for text in ("4@8({[<369&#!1|0$5+7%2" * 4, "2%7+5$0|1!#&963<[{(8@4" + "a" * 50):
            module._is_weak(text, JANE)

    assert least_cpu_s(judge, tries=3) < 0.5


def test_a_crowd_is_turned_away(passwords):
    """Two are at work and thirty-two wait; places come free again."""
    gate = threading.Event()

    async def work():
        tasks = [
            asyncio.get_running_loop().create_task(passwords._run(gate.wait)) for _ in range(34)
        ]
        await asyncio.sleep(0)
        with pytest.raises(RelayError) as caught:
            await passwords.hash(GOOD)
        gate.set()
        await asyncio.gather(*tasks)
        await passwords.hash(GOOD)
        return caught.value

    refusal = asyncio.run(work())
    assert (refusal.status, refusal.code) == (503, "busy")
    assert refusal.headers["Retry-After"] == "5"


def test_who_goes_away_gives_the_place_back(passwords):
    gate = threading.Event()

    async def work():
        loop = asyncio.get_running_loop()
        tasks = [loop.create_task(passwords._run(gate.wait)) for _ in range(34)]
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        gate.set()
        return await passwords.hash(GOOD)

    assert asyncio.run(work())
