"""What decoding by plaid-python's typed models would cost, against the decoding that Hive does."""

from __future__ import annotations

import json
import time
from datetime import date

from hive_desktop.plaidkit import rows, wire
from hive_desktop.sandbox.bank import BankOptions, bulk_bank
from hive_desktop.sandbox.server import SandboxServer
from tests.bench.result import Result

PAGE = 500
SAMPLE = 100


def measure() -> list[Result]:
    import httpx
    from plaid.api_client import ApiClient
    from plaid.configuration import Configuration
    from plaid.model.transactions_sync_response import TransactionsSyncResponse

    body = _page(httpx)
    started = time.perf_counter()
    reader = rows.RowReader()
    page = reader.sync_page(wire.Answer(200, body))
    slim = time.perf_counter() - started
    assert len(page.added) == PAGE

    document = json.loads(body)
    document["added"] = document["added"][:SAMPLE]
    api = ApiClient(Configuration())

    class Body:
        data = json.dumps(document)

    started = time.perf_counter()
    typed = api.deserialize(Body, (TransactionsSyncResponse,), True)
    sampled = time.perf_counter() - started
    assert len(typed.added) == SAMPLE
    whole = sampled * PAGE / SAMPLE
    note = (
        f"a page of {PAGE} rows by typed models, extrapolated from a sample of {SAMPLE}, "
        "against msgspec with the conversion to the ledger's rows; told, not judged"
    )
    return [Result("typed-models", whole, "s", slim, None, note)]


def _page(httpx) -> bytes:
    bank = bulk_bank(1, PAGE, today=date(2026, 11, 23), options=BankOptions())
    token = bank.link(bank.institution_ids[0])
    with SandboxServer(bank) as server:
        options = BankOptions()
        headers = {"PLAID-CLIENT-ID": options.client_id, "PLAID-SECRET": options.secret}
        with httpx.Client(base_url=server.url, headers=headers) as client:
            access = client.post("/item/public_token/exchange", json={"public_token": token})
            answer = client.post(
                "/transactions/sync",
                json={"access_token": access.json()["access_token"], "count": PAGE},
            )
            return answer.content
