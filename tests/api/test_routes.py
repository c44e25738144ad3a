"""Each route answers in its shape, and what it writes is the person's to undo."""

import asyncio
import html
import json
import uuid
from datetime import date
from types import SimpleNamespace

import pytest

from hive_desktop.api import usage
from hive_desktop.domain.api_clients import Scope
from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.manual import ManualAccount, ManualKind
from hive_desktop.ports.egress import EgressFilter
from hive_desktop.ports.errors import BankRelinkError
from hive_desktop.ports.events import ChatDeleted
from hive_desktop.services.chat_open import MOST
from tests.api.world import run
from tests.unit.services.world import page, row

API = "/api/v1"
NOBODY = str(uuid.UUID(int=7))


def test_a_client_signs_in_renews_and_signs_out(vault):
    async def work(served):
        client, secret, _ = await served.client(Scope.READ)
        async with served.http() as http:
            given = {"client_id": client.client_id, "client_secret": secret}
            answer = await http.post(f"{API}/auth/login", json=given)
            assert answer.status_code == 200
            tokens = answer.json()
            assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
            bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
            me = await http.get(f"{API}/auth/me", headers=bearer)
            assert me.json() == {
                "client_id": client.client_id,
                "name": "Script",
                "scopes": ["read"],
                "created_at": "2026-03-14T12:00:00Z",
            }
            renewed = await http.post(
                f"{API}/auth/refresh", json={"refresh_token": tokens["refresh_token"]}
            )
            fresh = {"Authorization": f"Bearer {renewed.json()['access_token']}"}
            assert (await http.get(f"{API}/auth/me", headers=bearer)).status_code == 401
            out = await http.post(f"{API}/auth/logout", headers=fresh)
            assert (out.status_code, out.content) == (204, b"")
            ended = await http.get(f"{API}/auth/me", headers=fresh)
            assert ended.status_code == 401
            assert ended.headers["www-authenticate"] == "Bearer"
            assert ended.json()["error"]["code"] == "token_not_valid"
            wrong = await http.post(f"{API}/auth/login", json=given | {"client_secret": "guess"})
            assert wrong.status_code == 401
            assert wrong.json()["error"]["code"] == "sign_in_refused"

    run(vault, work)


def test_the_server_proves_itself_before_a_secret_is_sent(vault):
    """By the very lines that its page shows; nobody else can, and none learns who is a client."""

    async def work(served):
        client, secret, _ = await served.client(Scope.READ)
        async with served.http() as http:
            shown = (await http.get(f"{API}/docs")).text
            lines = html.unescape(shown.split('<pre id="proof">')[1].split("</pre>")[0])

            def asked(given):
                told = {"ID": client.client_id, "SECRET": given}
                try:
                    exec(lines, told)  # noqa: S102 - the page's own, as a reader would run it
                finally:
                    told["line"].close()
                return told["tokens"]

            loop = asyncio.get_running_loop()
            tokens = await loop.run_in_executor(None, asked, secret)
            assert served.session.api_clients.authenticate(tokens["access_token"]) == client
            with pytest.raises(SystemExit, match="This is not Hive"):  # as one who listens there
                await loop.run_in_executor(None, asked, "another secret")

            async def proof(client_id, nonce="n" * 16, **headers):
                told = {"client_id": client_id, "nonce": nonce}
                answer = await http.post(f"{API}/auth/prove", json=told, headers=headers)
                return answer.json().get("proof")

            first = await proof(client.client_id)
            assert len(first) == 64
            assert await proof(client.client_id, "m" * 16) != first
            # One that is fetched from another port proves nothing at the port that was asked.
            assert await proof(client.client_id, Host=f"localhost:{served.port}") != first
            assert len(await proof("nobody")) == 64
            assert await proof(client.client_id, "short") is None
            await served.session.api_clients.revoke(client.client_id)
            assert await proof(client.client_id) not in (None, first)

    run(vault, work)


def test_wrong_secrets_are_throttled(vault):
    async def work(served):
        client, secret, _ = await served.client(Scope.READ)
        async with served.http() as http:
            given = {"client_id": client.client_id, "client_secret": "guess"}
            codes = [
                (await http.post(f"{API}/auth/login", json=given)).status_code for _ in range(6)
            ]
            assert codes == [401] * 5 + [429]
            answer = await http.post(f"{API}/auth/login", json=given)
            assert 0 < int(answer.headers["retry-after"]) <= 60
            right = given | {"client_secret": secret}
            assert (await http.post(f"{API}/auth/login", json=right)).status_code == 200

    run(vault, work)


def test_accounts_and_rows_are_listed(vault):
    async def work(served):
        *_, token = await served.client(Scope.READ)
        async with served.http(token) as http:
            accounts = (await http.get(f"{API}/accounts")).json()
            assert accounts["total"] == 1
            (account,) = accounts["accounts"]
            assert (account["balance_current_minor"], account["balance_current"]) == (
                10000,
                "100.00",
            )
            one = await http.get(f"{API}/accounts/{account['id']}")
            assert one.json() == account
            assert (await http.get(f"{API}/accounts/{NOBODY}")).status_code == 404
            assert (await http.get(f"{API}/accounts/1")).status_code == 404

            listed = (await http.get(f"{API}/transactions")).json()
            assert (listed["total"], listed["limit"], listed["offset"]) == (4, 50, 0)
            names = [shown["name"] for shown in listed["transactions"]]
            assert names == ["Book Shop", "Corner Bakery", "Acme Payroll", "Corner Bakery"]
            shop, _, pay, _ = listed["transactions"]
            assert (shop["amount_minor"], shop["amount"], shop["direction"]) == (
                5600,
                "56.00",
                "out",
            )
            assert (pay["amount"], pay["direction"], pay["currency"]) == ("-2500.00", "in", "USD")
            assert (await http.get(f"{API}/transactions/{shop['id']}")).json() == shop
            assert (await http.get(f"{API}/transactions/{NOBODY}")).status_code == 404

            async def total(**asked):
                answer = await http.get(f"{API}/transactions", params=asked)
                assert answer.status_code == 200, answer.text
                return answer.json()["total"], len(answer.json()["transactions"])

            assert await total(start_date="2026-03-01") == (3, 3)
            assert await total(start_date="2026-03-01", end_date="2026-03-02") == (2, 2)
            assert await total(account_id=account["id"]) == (4, 4)
            assert await total(account_id=NOBODY) == (0, 0)
            assert await total(category_id=NOBODY) == (0, 0)
            assert await total(limit=1, offset=3) == (4, 1)
            assert await total(offset=99) == (4, 0)

    run(vault, work)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 422),
        ("limit=501", 422),
        ("limit=x", 422),
        ("offset=-1", 422),
        ("offset=99999999999999999999", 422),
        ("start_date=2026-02-30", 422),
        ("start_date=1000-01-01", 422),
        ("start_date=2026-03-02&end_date=2026-03-01", 422),
        ("account_id=1", 422),
        ("limit=1&limit=2", 422),
        ("sort=name", 422),
        ("start_date=%ff%00", 422),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_shape(vault, query, status):
    async def work(served):
        *_, token = await served.client(Scope.READ)
        async with served.http(token) as http:
            answer = await http.get(f"{API}/transactions?{query}")
            assert answer.status_code == status
            assert set(answer.json()["error"]) == {"code", "title", "message", "hint"}

    run(vault, work)


def test_a_category_is_chosen_under_the_clients_name_and_undone_by_the_person(vault):
    async def work(served):
        *_, token = await served.client(Scope.READ, Scope.WRITE, name="Sorter")
        ledger = served.session.ledger
        food = next(one for one in await ledger.categories() if one.name == "Food & Dining")
        before = {shown.id: shown.category for shown in await ledger.page(TransactionQuery())}
        async with served.http(token) as http:
            rows = (await http.get(f"{API}/transactions")).json()["transactions"]
            bakery = next(shown for shown in rows if shown["name"] == "Book Shop")
            at = f"{API}/transactions/{bakery['id']}"
            food_id = str(uuid.UUID(bytes=food.id))
            answer = await http.patch(at, json={"category_id": food_id})
            assert answer.status_code == 200
            changed = answer.json()
            assert changed["transaction"]["category"] == "Food & Dining"
            assert changed["transaction"]["category_source"] == "user"
            by_name = await http.patch(at, json={"category": "Shopping"})
            assert by_name.json()["transaction"]["category"] == "Shopping"
            for none, is_new in (({"category_id": None}, True), ({"category": None}, False)):
                taken = (await http.patch(at, json=none)).json()
                assert taken["transaction"]["category"] is None
                assert (taken["batch"] is not None) is is_new
            for wrong in (
                {"category_id": NOBODY},
                {"category": "No such"},
                {},
                {"category": "Shopping", "category_id": food_id},
                {"name": "x"},
                {"category_id": 7},
                [],
            ):
                assert (await http.patch(at, json=wrong)).status_code == 422, wrong
            missing = await http.patch(
                f"{API}/transactions/{NOBODY}", json={"category": "Shopping"}
            )
            assert missing.status_code == 404
        row_id = uuid.UUID(bakery["id"]).bytes
        edits = await ledger.edits_of(row_id)
        assert [one.by for one in edits] == ["Sorter"] * 3
        for _ in range(3):
            await ledger.undo()
        after = {shown.id: shown.category for shown in await ledger.page(TransactionQuery())}
        assert after == before

    run(vault, work)


def test_spending_is_summed_by_category_and_over_time(vault):
    async def work(served):
        *_, token = await served.client(Scope.READ)
        async with served.http(token) as http:
            summary = (await http.get(f"{API}/spending/summary")).json()
            assert (summary["start_date"], summary["end_date"]) == ("2026-03-01", "2026-03-31")
            (figure,) = summary["figures"]
            assert (figure["spent_minor"], figure["spent"]) == (6834, "68.34")
            assert (figure["income_minor"], figure["currency"]) == (250_000, "USD")
            total = sum(one["amount_minor"] for one in summary["categories"])
            assert total == 6834 - 250_000
            trends = (
                await http.get(
                    f"{API}/spending/trends",
                    params={"start_date": "2026-02-01", "end_date": "2026-03-31"},
                )
            ).json()
            spent = {one["start_date"]: one["spent"] for one in trends["points"]}
            assert spent == {"2026-02-01": "9.90", "2026-03-01": "68.34"}
            year = (await http.get(f"{API}/spending/trends")).json()
            assert (year["start_date"], year["end_date"]) == ("2025-04-01", "2026-03-31")
            weeks = await http.get(f"{API}/spending/trends", params={"period": "week"})
            assert weeks.json()["period"] == "week"
            too_many = {"start_date": "1900-01-01", "end_date": "2199-12-31", "period": "week"}
            answer = await http.get(f"{API}/spending/trends", params=too_many)
            assert answer.status_code == 422
            assert (await http.get(f"{API}/spending/trends?period=day")).status_code == 422

    run(vault, work)


def test_banks_are_asked_for_what_is_new(vault):
    async def work(served):
        *_, token = await served.client(Scope.READ, Scope.WRITE)
        script = served.world.bank.scripts["token-first"]
        script.pages["end"] = page([row("p9", 700, account="first-checking")], cursor="later")
        async with served.http(token) as http:
            (account,) = (await http.get(f"{API}/accounts")).json()["accounts"]
            synced = await http.post(f"{API}/accounts/{account['id']}/sync")
            assert synced.status_code == 200, synced.text
            assert synced.json()["synced"] == 1
            assert synced.json()["account"]["id"] == account["id"]
            again = await http.post(f"{API}/transactions/sync")
            assert again.json() == {"synced": 0, "failed": []}
            window = {"start_date": "2026-03-01", "end_date": "2026-03-14"}
            answer = await http.post(f"{API}/transactions/sync", json=window)
            assert answer.status_code == 200
            assert (await http.post(f"{API}/accounts/{NOBODY}/sync")).status_code == 404
            cash = ManualAccount("Cash", ManualKind.CASH, "USD")
            opened = await served.session.ledger.manual.add_account(cash, 0, date(2026, 3, 1))
            at = f"{API}/accounts/{uuid.UUID(bytes=opened.account_id)}/sync"
            by_hand = await http.post(at)
            assert (by_hand.status_code, by_hand.json()["error"]["code"]) == (409, "no_bank")
            script.error = BankRelinkError(code="ITEM_LOGIN_REQUIRED")
            failed = (await http.post(f"{API}/transactions/sync")).json()
            (bank,) = failed["failed"]
            assert (failed["synced"], bank["item_id"]) == (0, account["item_id"])
            assert bank["error"] == "ITEM_LOGIN_REQUIRED"
        reasons = [reason for _, reason in await served.world.runs()]
        assert reasons[-1] == "api"

    run(vault, work)


def test_a_bank_is_connected_by_its_page_or_by_a_public_token(vault):
    async def work(served):
        *_, token = await served.client(Scope.WRITE, Scope.READ)
        bank = served.world.bank
        async with served.http(token) as http:
            begun = (await http.post(f"{API}/plaid/link-token")).json()
            assert begun == {
                "link_token": "link-1",
                "url": "https://bank.example/1",
                "expires_at": None,
            }
            asked = {"link_token": begun["link_token"]}
            early = await http.post(f"{API}/plaid/exchange", json=asked)
            assert (early.status_code, early.json()["error"]["code"]) == (409, "link_not_finished")
            bank.chosen["link-1"] = "second"
            made = await http.post(f"{API}/plaid/exchange", json=asked)
            assert made.status_code == 200, made.text
            (item,) = made.json()["items"]
            assert item["institution"] == "second"
            assert (await http.post(f"{API}/plaid/exchange", json=asked)).status_code == 409
            told = {"public_token": "public-third", "institution": "Third Bank"}
            made = await http.post(f"{API}/plaid/exchange", json=told)
            assert [one["institution"] for one in made.json()["items"]] == ["Third Bank"]
            wrong = await http.post(f"{API}/plaid/exchange", json={"public_token": "x"})
            assert (wrong.status_code, wrong.json()["error"]["code"]) == (409, "bank_refused")
            for unusable in ({}, asked | told, {"link_token": ""}, {"link_token": 1}):
                answer = await http.post(f"{API}/plaid/exchange", json=unusable)
                assert answer.status_code == 422
            assert "token-third" not in made.text
        names = [one.institution for one in await served.session.ledger.items()]
        assert sorted(names) == ["Third Bank", "first", "second"]

    run(vault, work)


def test_a_bank_is_disconnected_and_its_history_stays(vault):
    async def work(served):
        *_, token = await served.client(Scope.WRITE)
        (item,) = await served.session.ledger.items()
        async with served.http(token) as http:
            at = f"{API}/plaid/items/{uuid.UUID(bytes=item.id)}"
            assert (await http.delete(f"{API}/plaid/items/{NOBODY}")).status_code == 404
            assert (await http.delete(f"{at}?keep_history=maybe")).status_code == 422
            refused = await http.delete(f"{at}?keep_history=false")
            assert "in Hive alone" in refused.json()["error"]["message"]
            assert (await http.delete(at)).status_code == 204
        assert served.world.bank.removed == ["token-first"]
        assert await served.session.ledger.count(TransactionQuery()) == 4

    run(vault, work)


def test_sessions_of_the_chat_are_made_listed_shown_and_deleted(vault):
    async def work(served):
        *_, token = await served.client(Scope.CHAT)
        async with served.http(token) as http:
            assert (await http.get(f"{API}/chat/sessions")).json() == {"sessions": [], "total": 0}
            made = await http.post(f"{API}/chat/sessions")
            assert made.status_code == 201
            at = f"{API}/chat/sessions/{made.json()['id']}"
            assert (await http.get(at)).json()["messages"] == []
            talk = await served.session.chat_desk.open(uuid.UUID(made.json()["id"]).hex)
            question = "How much did I spend in March 2026?"
            async for _ in served.session.chat_desk.ask(talk, question, offline=True):
                pass
            listed = (await http.get(f"{API}/chat/sessions")).json()
            assert [one["id"] for one in listed["sessions"]] == [made.json()["id"]]
            shown = (await http.get(at)).json()
            assert [one["role"] for one in shown["messages"]] == ["person", "model"]
            assert shown["messages"][0]["text"] == question
            assert "68.34" in shown["messages"][1]["text"]
            assert "[[" not in shown["messages"][1]["text"]
            told = served.world.hear(ChatDeleted)
            assert (await http.delete(at)).status_code == 204
            assert (await http.delete(at)).status_code == 404
            assert (await http.get(at)).status_code == 404
            (heard,) = told
            assert (heard.title, heard.by) == (listed["sessions"][0]["title"], "Script")
            assert (await http.post(f"{at}/restore")).status_code == 204
            assert (await http.get(at)).json() == shown
            assert (await http.post(f"{at}/restore")).status_code == 404
            assert (await http.delete(at)).status_code == 204
            empty = (await http.post(f"{API}/chat/sessions")).json()["id"]
            codes = [
                (await http.delete(f"{API}/chat/sessions/{empty}")).status_code for _ in range(2)
            ]
            assert codes == [204, 404]

    run(vault, work)


def test_sessions_that_programs_begin_all_stay_and_close_none_of_the_persons(vault):
    async def work(served):
        *_, token = await served.client(Scope.CHAT)
        desk = served.session.chat_desk
        seen = await desk.create()
        async with served.http(token) as http:
            made = [(await http.post(f"{API}/chat/sessions")).json()["id"] for _ in range(2 * MOST)]
            for one in made:
                assert (await http.get(f"{API}/chat/sessions/{one}")).json()["messages"] == []
            assert len(desk._open) == MOST + 1
            async for _ in desk.ask(seen, "How much did I spend in March 2026?", offline=True):
                pass
            async with served.socket(token) as socket:
                ask = {"message": "And in February?", "session_id": made[0], "offline": True}
                await socket.send(json.dumps({"type": "chat", "payload": ask}))
                heard = {"type": "chat_token"}
                while heard["type"] == "chat_token":
                    heard = json.loads(await asyncio.wait_for(socket.recv(), 30))
            assert (heard["type"], heard["payload"]["session_id"]) == ("chat_complete", made[0])
            assert (await http.delete(f"{API}/chat/sessions/{made[1]}")).status_code == 204
            assert (await http.get(f"{API}/chat/sessions/{made[1]}")).status_code == 404

    run(vault, work)


def test_what_is_handed_out_is_on_record_before_it_goes_and_counted_after(vault):
    async def work(served):
        *_, token = await served.client(Scope.READ, name="Budget")
        written = served.session.egress.write
        standing = []

        async def write(entry):
            standing.append(len(await lines(served)))
            await written(entry)
            standing.append(len(await lines(served)))

        served.session.egress.write = write
        async with served.http(token) as http:
            answer = await http.get(f"{API}/transactions")
            (first,) = await lines(served)
            assert '"GET /transactions":1' in first.entry.body
            assert first.entry.body_length == len(answer.content)
            both = [http.get(f"{API}/transactions"), http.get(f"{API}/transactions")]
            await asyncio.gather(*both)
            await http.get(f"{API}/accounts")
            assert standing == [0, 1]  # the first alone, and before it was answered
            (entry,) = served.server.drain()
            assert served.server.drain() == []
            await http.get(f"{API}/accounts")  # another minute
        assert standing == [0, 1, 1, 2]
        assert (entry.purpose, entry.method, entry.host) == (usage.PURPOSE, "SERVE", served.url)
        assert '"Budget"' in entry.body
        assert '"GET /transactions":2' in entry.body
        assert entry.body_length > 2 * len(answer.content)
        assert "Bakery" not in entry.body

    async def lines(served):
        return await served.session.egress.page(EgressFilter(purpose=usage.PURPOSE))

    run(vault, work)


def test_a_day_that_is_left_out_leaves_its_end_open_everywhere(vault):
    async def work(served):
        *_, token = await served.client(Scope.READ, Scope.WRITE)
        async with served.http(token) as http:

            async def days(path, **asked):
                answer = await http.get(f"{API}/spending/{path}", params=asked)
                assert answer.status_code == 200, answer.text
                return answer.json()["start_date"], answer.json()["end_date"], answer.json()

            # The rows are of 7 February to 5 March; today is 14 March.
            first, last, told = await days("summary", end_date="2026-03-04")
            assert (first, last) == ("2026-02-07", "2026-03-04")
            assert told["figures"][0]["spent_minor"] == 990 + 1234
            first, last, told = await days("summary", start_date="2026-03-02")
            assert (first, last) == ("2026-03-02", "2026-03-14")
            assert told["figures"][0]["spent_minor"] == 1234 + 5600
            assert (await days("summary", end_date="2020-01-01"))[:2] == ("2020-01-01",) * 2
            assert (await days("summary", start_date="2030-01-01"))[:2] == ("2030-01-01",) * 2
            assert (await days("trends", start_date="2026-03-02"))[:2] == (first, last)
            assert (await days("trends", end_date="2026-03-04"))[0] == "2026-02-07"
            rows = {"end_date": "2026-03-01"}
            assert (await http.get(f"{API}/transactions", params=rows)).json()["total"] == 2
            rows = {"start_date": "2026-03-02"}
            assert (await http.get(f"{API}/transactions", params=rows)).json()["total"] == 2
            spans, sync = [], served.session.sync.sync

            async def noted(**asked):
                spans.append(asked["span"])
                return await sync(**asked)

            served.session.sync.sync = noted
            for window in ({"start_date": "2026-03-01"}, {"end_date": "2026-03-04"}):
                answer = await http.post(f"{API}/transactions/sync", json=window)
                assert answer.status_code == 200, answer.text
            assert spans == [
                Span(date(2026, 3, 1), date(2026, 3, 14)),
                Span(date(2026, 2, 7), date(2026, 3, 4)),
            ]

    run(vault, work)


def test_categories_are_told_with_the_ids_that_a_row_can_be_given(vault):
    async def work(served):
        *_, token = await served.client(Scope.READ, Scope.WRITE)
        async with served.http(token) as http:
            told = (await http.get(f"{API}/categories")).json()
            assert told["total"] == len(told["categories"]) > 10
            food = next(one for one in told["categories"] if one["name"] == "Food & Dining")
            assert (food["kind"], food["is_archived"]) == ("expense", False)
            rows = (await http.get(f"{API}/transactions")).json()["transactions"]
            answer = await http.patch(
                f"{API}/transactions/{rows[0]['id']}", json={"category_id": food["id"]}
            )
            assert answer.json()["transaction"]["category"] == "Food & Dining"

    run(vault, work)


def test_a_page_and_its_total_are_of_one_instant(vault):
    """Rows that come between two reads would be in one of them only."""

    async def work(served):
        *_, token = await served.client(Scope.READ)
        reads, read = [], served.session.database.read

        async def counted(work):
            reads.append(work)
            return await read(work)

        async with served.http(token) as http:
            assert (await http.get(f"{API}/accounts")).status_code == 200
            served.session.ledger._database = SimpleNamespace(read=counted)
            told = (await http.get(f"{API}/transactions?limit=2")).json()
        assert (told["total"], len(told["transactions"]), len(reads)) == (4, 2, 1)

    run(vault, work)
