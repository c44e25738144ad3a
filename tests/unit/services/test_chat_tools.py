"""What the chat's tools take: strict schemas, names as people write them, and spans before."""

from datetime import date

import pytest
from jsonschema import Draft202012Validator

from hive_desktop import i18n
from hive_desktop.domain.categories import DEFAULT_CATEGORIES
from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import (
    Account,
    AccountId,
    Category,
    CategoryId,
    CategoryKind,
    ItemId,
    ItemState,
)
from hive_desktop.domain.merchants import normalise
from hive_desktop.ports.query_sums import KnownMerchant
from hive_desktop.services.chat_tools import SPECS, ToolInputError
from hive_desktop.services.chat_tools.comparing import span_before
from hive_desktop.services.chat_tools.look import checked
from hive_desktop.services.chat_tools.names import (
    accounts_of,
    categories_of,
    merchants_of,
    similar_to,
)
from hive_desktop.services.chat_tools.sheet import Sheet

TODAY = date(2026, 11, 27)
CATEGORIES = [
    Category(CategoryId(bytes([n])), name, kind, "#000000", "circle", key=name)
    for n, (name, kind, *_) in enumerate(DEFAULT_CATEGORIES, start=1)
]
SHOPS = ("Blue Finch Coffee", "Amazon", "Amazon Prime", "Grand Lake Theatre",
         "Grand Lake Veterinary", "Trader Joe's", "PG&E", "Café Noir", "Applebee's")  # fmt: skip
KNOWN = [KnownMerchant(normalise(name).key, name) for name in SHOPS]


def account(number, name, institution, mask, subtype):
    return Account(
        AccountId(bytes([number])), ItemId(b"i"), f"a{number}", institution, name, None, mask,
        "depository", subtype, "USD", 1, None, None, None, ItemState.HEALTHY,
    )  # fmt: skip


ACCOUNTS = [
    account(1, "Harbor Checking", "Harbor Light Bank", "4417", "checking"),
    account(2, "Harbor Savings", "Harbor Light Bank", "4425", "savings"),
    account(3, "Wayfarer Card", "Copperfield", "1186", "credit card"),
    account(4, "Euro Account", "Linden & Vale", "0274", "checking"),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_a_schema_is_strict(spec):
    schema = spec.parameters
    Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    assert schema["required"] == list(schema["properties"])
    assert all(one["description"] for one in schema["properties"].values())
    assert spec.description.endswith(".")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Food & Dining", "Food & Dining"),
        ("food and dining", "Food & Dining"),
        ("dining", "Food & Dining"),
        ("utilities", "Bills & Utilities"),
        ("Helthcare", "Healthcare"),
        ("TRAVEL", "Travel"),
    ],
)
def test_a_category_is_known_by_its_words(name, expected):
    (found,) = categories_of([name], CATEGORIES).ids
    assert CATEGORIES[found[0] - 1].name == expected


def test_a_category_is_known_in_every_language_and_under_the_persons_name():
    renamed = [*CATEGORIES[1:], Category(CategoryId(b"\x01"), "Eating", CategoryKind.EXPENSE,
                                         "#000000", "circle", key="Food & Dining")]  # fmt: skip
    assert categories_of(["eating"], renamed).ids == (b"\x01",)
    assert categories_of(["Food & Dining"], renamed).ids == (b"\x01",)
    i18n.use("de")
    try:
        german = [i18n.tr(name) for name, *_ in DEFAULT_CATEGORIES]
    finally:
        i18n.use("en")
    for name, one in zip(german, CATEGORIES, strict=True):
        assert categories_of([name], CATEGORIES).ids == (one.id,)


def test_rows_without_a_category_have_a_name_too():
    assert categories_of(["Uncategorized", "Travel"], CATEGORIES).uncategorized
    assert categories_of(["ohne Kategorie"], CATEGORIES).ids == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("blue finch", "Blue Finch Coffee"),
        ("Amazon", "Amazon"),
        ("amazon prime", "Amazon Prime"),
        ("trader joes", "Trader Joe's"),
        ("cafe noir", "Café Noir"),
        ("Grand Lake Theater", "Grand Lake Theatre"),
        ("pg&e", "PG&E"),
    ],
)
def test_a_merchant_is_known_by_its_words(name, expected):
    assert [one.name for one in merchants_of([name, name], KNOWN)] == [expected]


def test_others_of_the_same_beginning_are_told():
    assert similar_to(merchants_of(["amazon"], KNOWN), KNOWN) == ["Amazon Prime"]


@pytest.mark.parametrize(
    ("find", "name", "known", "told", "offered"),
    [
        (merchants_of, "grand lake", KNOWN, "Several", "Grand Lake Theatre, Grand Lake Veterinary"),
        (merchants_of, "blue ridge", KNOWN, "No merchant", "Blue Finch Coffee"),
        (merchants_of, "zzzz", KNOWN, "No merchant", None),
        (merchants_of, "apple", KNOWN, "No merchant", "Applebee's"),
        (categories_of, "groceries", CATEGORIES, "no category", "Food & Dining"),
        (categories_of, "fod", CATEGORIES, "no category", "Food & Dining"),
        (accounts_of, "broker", ACCOUNTS, "no account", "Harbor Checking"),
    ],
)
def test_a_name_that_is_not_clear_is_refused(find, name, known, told, offered):
    with pytest.raises(ToolInputError, match=told) as caught:
        find([name], known)
    title, message, hint = caught.value.rendered()
    assert title
    assert name in message
    if offered:
        assert offered in hint


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("checking", [1]),
        ("savings", [2]),
        ("1186", [3]),
        ("Harbor Light", [1, 2]),
        ("credit card", [3]),
        ("Harbor Checking ··4417", [1]),
        ("linden", [4]),
    ],
)
def test_an_account_is_known_by_name_bank_kind_and_digits(name, expected):
    assert [one.id[0] for one in accounts_of([name], ACCOUNTS)] == expected


def test_arguments_are_held_against_the_schema():
    given = checked("spending_summary", {"period": "June", "merchants": None, "accounts": "x"})
    assert given == {
        "period": "June",
        "categories": [],
        "merchants": [],
        "accounts": ["x"],
        "group_by": "none",
    }
    for name, arguments in (
        ("spending", {}),
        ("spending_summary", {}),
        ("spending_summary", {"period": 3}),
        ("spending_summary", {"period": "June", "group_by": "shop"}),
        ("spending_summary", {"period": "June", "categories": [1]}),
        ("spending_summary", {"period": "June", "account": "x"}),
        ("top_merchants", {"period": "June", "limit": True}),
        ("find_transactions", {"pending": "yes"}),
    ):
        with pytest.raises(ToolInputError) as caught:
            checked(name, arguments)
        assert all(caught.value.rendered())


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (("2026-10-01", "2026-10-31"), ("2026-09-01", "2026-09-30")),
        (("2026-07-01", "2026-09-30"), ("2026-04-01", "2026-06-30")),
        (("2025-01-01", "2025-12-31"), ("2024-01-01", "2024-12-31")),
        (("2026-08-01", "2026-10-31"), ("2026-05-01", "2026-07-31")),
        (("2026-11-01", "2026-11-30"), ("2026-10-01", "2026-10-27")),
        (("2026-11-01", "2026-11-27"), ("2026-10-01", "2026-10-27")),
        (("2026-01-01", "2026-11-27"), ("2025-01-01", "2025-11-27")),
        (("2026-11-16", "2026-11-22"), ("2026-11-09", "2026-11-15")),
        (("2026-11-03", "2026-11-03"), ("2026-11-02", "2026-11-02")),
    ],
)
def test_the_span_before_is_the_calendars_where_it_can_be(span, expected):
    one, other = (Span(*map(date.fromisoformat, pair)) for pair in (span, expected))
    assert span_before(one, TODAY) == other


def test_the_main_currency_has_no_prefix_and_a_share_needs_a_whole():
    sheet = Sheet("USD")
    sheet.money("total", 5, "spent")
    assert sheet.of("EUR").money("total", 7, "spent") == "eur.total"
    assert sheet.share("share", ("total", 1), ("total", 0), "share") is None
    assert sheet.share("share", ("total", 1), ("total", 3), "share") == "eur.share"
    receipt = sheet.receipt("spending_summary", {}, "Spending")
    assert [(one.name, one.value, one.currency) for one in receipt.cells] == [
        ("total", 5, "USD"),
        ("eur.total", 7, "EUR"),
        ("eur.share", 333, None),
    ]


def test_one_name_in_two_spellings_is_both_of_them():
    known = [KnownMerchant("t mobile", "T-Mobile"), KnownMerchant("t.mobile", "T Mobile")]
    assert merchants_of(["t mobile"], known) == known
