import asyncio
import subprocess
import sys
import urllib.error
import urllib.request
import webbrowser
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest

from hive_desktop.adapters import system
from hive_desktop.adapters.system import (
    FrozenClock,
    LoopbackCompletionPage,
    SystemBrowser,
    SystemClock,
)
from hive_desktop.ports.errors import EnvironmentFaultError


def fetch(url, method="GET"):
    request = urllib.request.Request(url, method=method)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=30) as got:  # noqa: S310
            return got.status, dict(got.headers), got.read()
    except urllib.error.HTTPError as exc:
        with exc:
            return exc.code, dict(exc.headers), exc.read()


async def visit(url, method="GET"):
    return await asyncio.to_thread(fetch, url, method)


async def say(url, data, *, half_close=False):
    host, _, port = url.split("/")[2].partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(data)
    if half_close:
        writer.write_eof()
    try:
        return await asyncio.wait_for(reader.read(), 30)
    except ConnectionError:  # closed on what was not read
        return b""
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def until(holds):
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - what it waits for belongs to the code under test
            await asyncio.sleep(0.005)


def test_the_system_clock_is_aware_and_true():
    clock = SystemClock()
    now = clock.now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)  # noqa: TID251
    assert abs(clock.today() - now.date()) <= timedelta(days=1)


def test_a_frozen_clock_stays_on_its_day_and_never_repeats():
    clock = FrozenClock(date(2026, 2, 3))
    with ThreadPoolExecutor(4) as pool:
        instants = list(pool.map(lambda _: clock.now(), range(2000)))
    assert len(set(instants)) == 2000
    assert min(instants) > datetime(2026, 2, 3, 12, tzinfo=UTC)
    assert {instant.date() for instant in instants} == {clock.today()} == {date(2026, 2, 3)}
    first, second = clock.now(), clock.now()
    assert first < second


def test_the_browser_opens_web_pages_only(monkeypatch):
    opened = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    browser = SystemBrowser()
    assert browser.open("https://secure.plaid.com/hl/x?y=1")
    for bad in (
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "",
        "http://[x",
        "http://a\nb",
    ):
        assert not browser.open(bad)
    assert opened == ["https://secure.plaid.com/hl/x?y=1"]


@pytest.mark.parametrize("fault", [webbrowser.Error("none"), OSError("none")])
def test_without_a_browser_the_answer_is_no(monkeypatch, fault):
    def fail(_):
        raise fault

    monkeypatch.setattr(webbrowser, "open", fail)
    assert not SystemBrowser().open("https://example.org")


def test_the_page_answers_its_own_address_and_says_it_was_visited():
    async def main():
        page = await LoopbackCompletionPage.start()
        other = await LoopbackCompletionPage.start()
        try:
            address = page.url
            assert address.startswith("http://127.0.0.1:")
            assert len(page.url.rsplit("/", 1)[1]) == 32
            assert page.url != other.url
            assert not await page.wait(0.01)
            for wrong in (
                page.url[:-1],
                page.url + "x",
                page.url + "/x",
                page.url.rsplit("/", 1)[0],
            ):
                assert (await visit(wrong))[0] == 404
            assert (await visit(page.url, "POST"))[0] == 404
            assert not await page.wait(0)
            status, headers, body = await visit(page.url + "?link=done")
            assert status == 200
            assert b"You can return to Hive." in body
            assert b"http" not in body
            assert "Set-Cookie" not in headers
            assert headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert await page.wait(30)
        finally:
            await page.close()
            await other.close()
        await page.close()
        with pytest.raises(urllib.error.URLError):
            await visit(address)

    asyncio.run(main())


def test_garbage_gets_nothing_and_harms_nothing(monkeypatch):
    async def main():
        page = await LoopbackCompletionPage.start()
        try:
            assert await say(page.url, b"\x16\x03\x01\x00\xff" * 10, half_close=True) == b""
            assert await say(page.url, b"x" * 100_000) == b""
            with monkeypatch.context() as patched:
                patched.setattr(system, "_REQUEST_TIMEOUT_S", 0.1)
                assert await say(page.url, b"GET /") == b""
            assert (await say(page.url, b"\r\n\r\n")).startswith(b"HTTP/1.1 404")
            assert (await say(page.url, b"GET \xff\xfe HTTP/1.1\r\n\r\n")).startswith(
                b"HTTP/1.1 404"
            )
            assert not await page.wait(0)
            assert (await visit(page.url))[0] == 200
        finally:
            await page.close()

    asyncio.run(main())


def test_closing_lets_go_of_a_silent_visitor():
    async def main():
        page = await LoopbackCompletionPage.start()
        port = int(page.url.split(":")[2].split("/")[0])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await until(lambda: page._visitors)
        await page.close()
        assert await asyncio.wait_for(reader.read(), 30) == b""
        writer.close()
        await writer.wait_closed()
        await until(lambda: len(asyncio.all_tasks()) == 1)
        with pytest.raises(RuntimeError):
            _ = page.url

    asyncio.run(main())


def test_no_port_is_a_fault_of_the_computer(monkeypatch):
    async def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(asyncio, "start_server", refuse)
    with pytest.raises(EnvironmentFaultError, match="Permission denied"):
        asyncio.run(LoopbackCompletionPage.start())


QASYNC = """
import asyncio, sys, urllib.request
from concurrent.futures import ThreadPoolExecutor
from PySide6.QtWidgets import QApplication
import qasync
from hive_desktop.adapters.system import LoopbackCompletionPage

async def main():
    page = await LoopbackCompletionPage.start()
    loop = asyncio.get_running_loop()
    def visit():
        with urllib.request.urlopen(page.url, timeout=50) as got:
            return got.status
    status = loop.run_in_executor(None, visit)
    assert await page.wait(50)
    assert await status == 200
    await page.close()

app = QApplication(sys.argv)
loop = qasync.QEventLoop(app)
with ThreadPoolExecutor(2) as pool, loop:
    loop.set_default_executor(pool)
    loop.run_until_complete(main())
"""


def test_the_page_works_on_the_windows_loop():
    subprocess.run([sys.executable, "-W", "error", "-c", QASYNC], check=True, timeout=60)
