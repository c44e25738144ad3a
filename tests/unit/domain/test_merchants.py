import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hive_desktop.domain.merchants import NOBODY, merchant_of, normalise, words_of


@pytest.mark.parametrize(
    ("descriptor", "key"),
    [
        ("SQ *BLUE BOTTLE COFFEE 0123 SAN FRANCISCO CA", "blue bottle coffee"),
        ("TST* THE BURGER JOINT - 00012 BROOKLYN NY", "burger joint"),
        ("PAYPAL *NETFLIX.COM 402-935-7733 CA", "netflix"),
        ("POS PURCHASE TESCO STORES 2345 LONDON GB", "tesco stores"),
        ("PAIEMENT CB 1203 CARREFOUR CITY PARIS 11 CARTE 4974XXXXXXXX1234", "carrefour city"),
        ("Kartenzahlung REWE SAGT DANKE. 42342//BERLIN/DE 2024-03-01T18:04:00", "rewe"),
        ("BEA, Betaalpas Albert Heijn 1234,PAS123 NR:AB1234, 12.03.24/18:04 UTRECHT",
         "albert heijn"),
        ("COMPRA TARJ. 5540XXXXXXXX1234 MERCADONA-VALENCIA", "mercadona"),
        ("Woolworths 1234 SYDNEY NS AUS Card xx1234 Value Date: 12/03/2024", "woolworths"),
        ("CHECKCARD 0312 McDONALD'S F12345 AUSTIN TX", "mcdonalds"),
        ("MCDONALD S 1234", "mcdonalds"),
        ("H & M 0123", "h&m"),
        ("7-ELEVEN 33412", "7 eleven"),
        ("MOTEL 6 #1234", "motel 6"),
        ("Yoco *Vida e Caffe CAPE TOWN ZA", "vida e caffe"),
        ("CAFÉ DE FLORE", "cafe de flore"),
        ("DIRECT DEBIT", "direct debit"),
        ("Marks & Spencer PLC", "marks spencer"),
        ("LONDON", "london"),
    ],
)  # fmt: skip
def test_what_a_bank_prints_around_a_name_is_left_out(descriptor, key):
    assert normalise(descriptor).key == key


@pytest.mark.parametrize("nothing", ["", "   ", "12345", "😀", "\x00", "#123", "12/03/2024"])
def test_nothing_usable_is_nobody(nothing):
    assert normalise(nothing) == NOBODY


def test_names_are_for_people():
    assert normalise("AT&T 800-288-2020").name == "AT&T"
    assert normalise("KFC #0123").name == "KFC"
    assert normalise("BLUE BOTTLE COFFEE").name == "Blue Bottle Coffee"


def test_a_rows_merchant_is_the_banks_own_name_else_its_text():
    assert merchant_of("Starbucks", "SQ *X", None).key == "starbucks"
    assert merchant_of(None, "TESCO STORES 2345", "other").key == "tesco stores"
    assert merchant_of(None, "123456", "SHELL 5544").key == "shell"
    assert merchant_of("", "", None) == NOBODY


NAMES = st.sampled_from(
    ["tesco stores", "blue bottle coffee", "mcdonald's", "h&m", "rewe", "boulangerie dupont",
     "shell", "café central", "vida e caffe", "marks & spencer", "albert heijn"]
)  # fmt: skip
NOISE = st.sampled_from(
    ["#1234", "00412", "12/03/2024", "2024-03-12", "12 MAR", "18:04", "xx1234", "CARD 1234",
     "402-935-7733", "+44 20 7946 0000", "REF: A12345", "USD 12.30", "@ 1.2345", "AB12CD34",
     "POS PURCHASE", "CONTACTLESS", "VISA DEBIT", "PAIEMENT CB", "KARTENZAHLUNG", "EFTPOS"]
)  # fmt: skip


@given(NAMES, st.lists(NOISE, max_size=5), st.randoms(use_true_random=False))
def test_noise_in_any_order_changes_nothing(name, noise, chance):
    plain = normalise(name).key
    before = noise[: len(noise) // 2]
    after = noise[len(noise) // 2 :]
    assert normalise(" ".join([*before, name, *after])).key == plain
    chance.shuffle(noise)
    assert normalise(" ".join([name, *noise])).key == plain


@given(NAMES, st.sampled_from(["LONDON GB", "SAN FRANCISCO CA", "PARIS", "BERLIN DE", "NSW AU"]))
def test_a_town_behind_a_name_changes_nothing(name, town):
    assert normalise(f"{name} {town}").key == normalise(name).key


@settings(max_examples=400)
@given(
    st.one_of(
        st.text(max_size=120),
        st.lists(st.one_of(NAMES, NOISE, st.text(max_size=8)), max_size=8).map(" ".join),
    )
)
def test_a_merchants_name_is_the_same_merchant(text):
    merchant = normalise(text)
    again = normalise(merchant.name)
    assert again.key == merchant.key
    assert again.name == merchant.name


@given(st.text(max_size=60))
def test_case_does_not_matter_for_plain_letters(text):
    plain = "".join(c for c in text if c.isascii())
    assert normalise(plain.upper()).key == normalise(plain.lower()).key


@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "1" * 10_000, "<" * 10_000, "x*" * 5_000, "12/" * 3_000, "card " * 2_000,
     "(1) " * 2_500, "ref" * 3_000, "&amp;" * 2_000, "'" * 10_000, "é" * 10_000],
)  # fmt: skip
def test_long_text_takes_no_time(text):
    started = time.perf_counter()
    normalise(text)
    assert time.perf_counter() - started < 0.1


def test_words_keep_how_it_was_paid():
    assert words_of("ATM WITHDRAWAL 0123 MAIN ST") == ["atm", "withdrawal", "main", "st"]


@pytest.mark.parametrize(
    "piece",
    [
        "x", "x ", "xx ", "xx-", "X*", "*", "* ", "1", "1 ", "1-", "9.", "a-", "a1", "<", "(", "&",
        "ref ", "ref:", "ref:a-", "card ", "card x", "card 12x", "sq *", "jan ", "12 ", "12/", "#",
        "eur ", "eur 1.", "$1,", "12 jan 1", "nr.", "www.", ".com", "s ", "\u0301",
        "\u202e", "\x00",
    ],
)  # fmt: skip
def test_no_repetition_takes_long(piece):
    started = time.process_time()
    for tail in ("", "z", "12", "!"):
        normalise(piece * 500 + tail)
        normalise(f"shop {piece * 60}{tail}")
    assert time.process_time() - started < 0.5
