import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hive_desktop.domain.merchant_aliases import BEGINNINGS, EXACT
from hive_desktop.domain.merchants import (
    MOST,
    NOBODY,
    _tokens,
    merchant_of,
    normalise,
    tokens_of,
    words_of,
)
from tests.examples import examples
from tests.spending import least_cpu_s


@pytest.mark.parametrize(
    ("descriptor", "key"),
    [
        ("SQ *BLUE BOTTLE COFFEE 0123 SAN FRANCISCO CA", "blue bottle coffee"),
        ("TST* THE BURGER JOINT - 00012 BROOKLYN NY", "burger joint"),
        ("PAYPAL *NETFLIX.COM 402-935-7733 CA", "netflix"),
        ("POS PURCHASE TESCO STORES 2345 LONDON GB", "tesco"),
        ("PAIEMENT CB 1203 CARREFOUR CITY PARIS 11 CARTE 4974XXXXXXXX1234", "carrefour"),
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
    assert merchant_of(None, "TESCO STORES 2345", "other").key == "tesco"
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


@settings(max_examples=examples(400))
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
    def read():
        normalise.cache_clear()
        normalise(text)

    assert least_cpu_s(read) < 0.1


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
    def read():
        normalise.cache_clear()
        for tail in ("", "z", "12", "!"):
            normalise(piece * 500 + tail)
            normalise(f"shop {piece * 60}{tail}")

    assert least_cpu_s(read, tries=3) < 0.5


ALIASES = {
    "Amazon": ["AMZN Mktp US*2K4AB1CD2", "Amazon.com*M23AB4CD5", "AMAZON EU SARL",
               "AMZN Digital*AB1",
               "AMAZON MKTPLACE PMTS", "Amazon.de AMZN Mktp", "AMZ*Amazon.co.uk"],
    "Walmart": ["WAL-MART #1234", "WM SUPERCENTER #0455", "WALMART.COM 8009666546", "Walmart"],
    "McDonald's": ["MCDONALDS F1234", "McDonald's 55", "MCD 1234", "MC DONALDS PARIS",
                   "MCDONALDS RESTAURANT"],
    "Uber": ["UBER *TRIP HELP.UBER.COM", "UBER BV", "UBER TRIP"],
    "Uber Eats": ["UBER *EATS", "UBER EATS PENDING", "UBEREATS"],
    "Apple": ["APPLE.COM/BILL", "APPLE.COM BILL 866-712-7753", "ITUNES.COM/BILL"],
    "YouTube": ["GOOGLE *YouTube", "GOOGLE*YOUTUBEPREMIUM", "PAYPAL *YOUTUBE"],
    "Starbucks": ["STARBUCKS STORE 00123", "SBUX 1234", "PAYPAL *STARBUCKS"],
    "Target": ["TARGET T-1234", "TARGET.COM", "TARGET 00012345"],
    "Costco": ["COSTCO WHSE #0123", "COSTCO WHOLESALE W512", "Costco"],
    "7-Eleven": ["7-ELEVEN 33021", "7ELEVEN SYDNEY", "SEVEN ELEVEN"],
    "Tesco": ["TESCO STORES 3456", "TESCO STORE 3456", "TESCO EXPRESS", "TESCO"],
    "Sainsbury's": ["SAINSBURYS S/MKTS", "SAINSBURY'S SACAT 0123", "SAINSBURYS"],
    "Marks & Spencer": ["MARKS&SPENCER PLC", "MARKS AND SPENCER", "M&S SIMPLY FOOD", "M&S"],
    "Lidl": ["LIDL GB LONDON", "LIDL DIENSTLEISTUNG", "LIDL 1234"],
    "Aldi": ["ALDI SUED", "ALDI SÜD 123", "ALDI NORD", "ALDI STORES 24"],
    "Rewe": ["REWE MARKT GMBH", "REWE SAGT DANKE. 4455", "REWE Hans Meier OHG"],
    "Edeka": ["EDEKA MUELLER", "EDEKA CENTER"],
    "Carrefour": ["CARREFOUR MARKET", "CARREFOUR CITY PARIS", "CARREFOUR"],
    "Mercadona": ["MERCADONA AV. SOL", "MERCADONA"],
    "Albert Heijn": ["ALBERT HEIJN 1520 AMSTERDAM", "AH 8623", "AH to go 5866"],
    "Woolworths": ["WOOLWORTHS 1284 SYDNEY", "WOOLIES", "WOOLWORTHS SANDTON"],
    "Pick n Pay": ["PNP CENTURION", "PICK N PAY FAMILY", "PICKNPAY"],
    "Checkers": ["CHECKERS SANDTON", "CHECKERS HYPER", "CHECKERS SIXTY60"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "printed"), [(name, one) for name, ways in ALIASES.items() for one in ways]
)
def test_one_merchant_has_one_name_however_it_is_printed(name, printed):
    assert normalise(printed).name == name


@pytest.mark.parametrize("name", sorted({*EXACT.values(), *BEGINNINGS.values()}))
def test_a_merchant_s_own_name_is_itself(name):
    assert normalise(name).name == name
    assert normalise(normalise(name).key) == normalise(name)


@given(
    st.sampled_from(sorted(EXACT)), st.sampled_from(["", " 1234", " LONDON", " ONLINE", " GMBH"])
)
def test_an_alias_leads_to_its_merchant_and_stays(alias, after):
    first = normalise(f"{alias}{after}")
    assert normalise(first.name) == first
    assert normalise(first.key) == first


@pytest.mark.parametrize(
    ("one", "other"),
    [("UBER TRIP", "UBER EATS"), ("TESCO", "TESCO MOBILE"), ("AMAZON", "AMAZON PRIME"),
     ("TARGET", "TARGET OPTICAL LAB"), ("MCD 12", "MCD ENGINEERING"), ("APPLE", "APPLEBEES"),
     ("SHELL", "SHELL ENERGY"), ("AH", "AHOLD BENEFITS"), ("PAYPAL *SPOTIFY", "PAYPAL *NETFLIX")],
)  # fmt: skip
def test_merchants_of_like_names_stay_apart(one, other):
    assert normalise(one).key != normalise(other).key


PIECES = st.sampled_from(
    ["SQ *", "tst ", "google *", "services", "ref: ", "no.", "12 mar 24", "0123", "card ", "x1234",
     "&", "h & m", "<br>", "s", "www.", ".com", "motel", "6", "'", "$ 5.00", "#9", "|", " | ", "  "]
)  # fmt: skip


@settings(max_examples=examples(400))
@given(st.lists(st.lists(PIECES | st.text(max_size=4), max_size=6).map("".join), max_size=4))
def test_parts_between_bars_read_as_the_whole_does(parts):
    text = " | ".join(parts)[:MOST]
    assert tokens_of(text) == _tokens(text)
