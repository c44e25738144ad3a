"""A page of another origin, in a real browser, cannot read the ledger nor change anything."""

import http.server
import json
import shutil
import subprocess
import threading
import uuid
from contextlib import contextmanager

import pytest

from hive_desktop.domain.ledger import TransactionQuery
from tests.api.world import FREE, LinkingBank, beside
from tests.unit.services.world import Vault

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.full,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's package chromium is not installed"),
]
PAGE = """<!doctype html><meta charset="utf-8"><title>tried</title><script>
const target = "%(target)s", token = "%(token)s", row = "%(row)s";
const tries = {
  read: async () => (await fetch(target + "/accounts",
    {headers: {Authorization: "Bearer " + token}})).text(),
  plain: async () => (await fetch(target + "/accounts")).text(),
  cookies: async () => (await fetch(target + "/accounts", {credentials: "include"})).text(),
  description: async () => (await fetch(target + "/openapi.json")).text(),
  opaque: async () => {
    const answer = await fetch(target + "/accounts", {mode: "no-cors"});
    return answer.status ? "status" : Promise.reject(answer.type);
  },
  login: async () => (await fetch(target + "/auth/login", {method: "POST", mode: "no-cors",
    headers: {"Content-Type": "text/plain"}, body: "{}"})).status || Promise.reject("opaque"),
  change: async () => (await fetch(target + "/transactions/" + row, {method: "PATCH",
    headers: {Authorization: "Bearer " + token, "Content-Type": "application/json"},
    body: JSON.stringify({category: "Shopping"})})).text(),
  frame: () => new Promise((done, failed) => {
    const frame = document.createElement("iframe");
    frame.src = target + "/docs";
    frame.onload = () => {
      try { done(frame.contentDocument.body.innerHTML || failed("empty")); }
      catch (error) { failed(error); }
    };
    document.body.append(frame);
  }),
  script: () => new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = target + "/openapi.json";
    script.onload = () => done("loaded");
    script.onerror = failed;
    document.body.append(script);
  }),
  socket: () => new Promise((done, failed) => {
    const socket = new WebSocket(target.replace("http", "ws") + "/ws");
    socket.onopen = () => done("open");
    socket.onerror = failed;
  }),
};
(async () => {
  const came = {};
  for (const [name, attempt] of Object.entries(tries)) {
    try { came[name] = "GOT " + await attempt(); } catch (error) { came[name] = "refused"; }
  }
  await fetch("/told", {method: "POST", body: JSON.stringify(came)});
})();
</script><body></body>"""


class Evil(http.server.ThreadingHTTPServer):
    """Serves the page, and is told by it what it got."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.page = ""
        self.told = threading.Event()
        self.came = {}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.server.page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        told = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came = json.loads(told)
        self.send_response(204)
        self.end_headers()
        self.server.told.set()

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def evil_page():
    server = Evil()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def visit(address, folder, *options):
    return subprocess.Popen(
        [
            CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", "--disable-background-networking", "--remote-debugging-port=0",
            f"--user-data-dir={folder}", *options, address,
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def what_came(page, address, folder, *options):
    process = visit(address, folder, *options)
    try:
        assert page.told.wait(120), "the page told nothing"
    finally:
        process.terminate()
        process.wait(30)
    return page.came


@pytest.mark.parametrize("name", ["another", "rebound"])
def test_a_web_page_gets_nothing(name, tmp_path):
    """Even with a token: from another port, and under a name that means this computer by now."""
    with pytest.MonkeyPatch.context() as patched, evil_page() as page:
        vault = Vault(tmp_path / "vault", patched, bank=LinkingBank())
        with beside(vault, FREE) as (served, there):
            *_, token = there(served.client())
            row = there(served.session.ledger.page(TransactionQuery()))[0]
            host = "127.0.0.1" if name == "another" else "evil.example"
            target = f"http://{host}:{served.port}/api/v1"
            told = {"target": target, "token": token, "row": str(uuid.UUID(bytes=row.id))}
            page.page = PAGE % told
            port = page.server_address[1]
            came = what_came(
                page,
                f"http://evil.example:{port}/",
                tmp_path / "browser",
                "--host-resolver-rules=MAP evil.example 127.0.0.1",
            )
            assert set(came) == {
                "read", "plain", "cookies", "description", "opaque", "login", "change", "frame",
                "script", "socket",
            }  # fmt: skip
            assert {one for one in came.values() if one != "refused"} == set(), came
            now = there(served.session.ledger.transaction(row.id))
            assert (now.category, there(served.session.ledger.edits_of(row.id))) == (
                row.category,
                [],
            )


def dumped(address, folder):
    """Return the page at an address, as the browser has it."""
    done = subprocess.run(
        [
            CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", f"--user-data-dir={folder}", "--dump-dom",
            "--host-resolver-rules=MAP evil.example 127.0.0.1", address,
        ],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.stdout


def test_under_a_name_that_was_rebound_there_is_not_even_the_page(tmp_path):
    with pytest.MonkeyPatch.context() as patched:
        vault = Vault(tmp_path / "vault", patched, bank=LinkingBank())
        with beside(vault, FREE) as (served, _):
            path = f":{served.port}/api/v1/docs"
            own = dumped(f"http://127.0.0.1{path}", tmp_path / "own")
            assert "<h1>Hive, local API</h1>" in own
            rebound = dumped(f"http://evil.example{path}", tmp_path / "rebound")
            assert "host_not_known" in rebound
            assert "<h1>" not in rebound
