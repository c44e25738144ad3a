"""Plaid's published samples of answers through our structs, where they lie beside the checkout."""

from pathlib import Path

import pytest

from hive_desktop.adapters.bank import translate
from hive_desktop.plaidkit import decoders, salvage, wire
from hive_desktop.plaidkit.rows import RowReader

SAMPLES = (
    Path(__file__).resolve().parents[2]
    / ".."
    / "shared"
    / "fixtures"
    / "plaid"
    / "openapi-examples"
)

pytestmark = pytest.mark.skipif(
    not SAMPLES.exists(), reason="Plaid's samples are not beside this checkout"
)


def sample(name):
    return wire.Answer(200, (SAMPLES / f"{name}.200.example-1.json").read_bytes())


@pytest.mark.parametrize(
    ("name", "decoder"),
    [
        ("link_token_create", decoders.LINK_TOKEN),
        ("item_public_token_exchange", decoders.EXCHANGE),
        ("item_get", decoders.ITEM),
        ("item_remove", decoders.ACKNOWLEDGEMENT),
        ("transactions_refresh", decoders.ACKNOWLEDGEMENT),
        ("institutions_get_by_id", decoders.INSTITUTION),
        ("webhook_verification_key_get", decoders.VERIFICATION_KEY),
    ],
)
def test_samples_decode(name, decoder):
    assert isinstance(wire.decode(sample(name), decoder), decoder.type)


@pytest.mark.parametrize("name", ["accounts_get", "accounts_balance_get"])
def test_sample_accounts(name):
    refused = []
    raws = wire.decode(sample(name), decoders.ACCOUNTS).accounts
    accounts = translate.accounts(salvage.accounts(raws, refused))
    assert refused == []
    assert accounts
    for account in accounts:
        assert account.currency == "USD"
        assert account.current_minor is not None or account.available_minor is not None


def test_sample_pages():
    page = RowReader().sync_page(sample("transactions_sync"))
    assert page.refused == []
    assert page.added
    assert page.next_cursor
    window = RowReader().window_page(sample("transactions_get"))
    assert window.refused == []
    # The sample counts one row and shows two.
    assert (window.total, len(window.rows)) == (1, 2)


def test_the_sample_of_a_hosted_link_session_gives_its_bank():
    state = wire.decode(sample("link_token_get"), decoders.LINK_STATE)
    outcome = translate.link_outcome(state)
    assert outcome.is_finished
    assert all(bank.public_token.startswith("public-") for bank in outcome.banks)
