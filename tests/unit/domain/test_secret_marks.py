"""Numbers and codes, however they are parted and whatever labels them, never go out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.domain.ledger import BankTransaction
from hive_desktop.domain.redaction import Redactor
from hive_desktop.domain.secret_marks import is_iban
from tests.spending import least_cpu_s

KEY = b"a vault's own key, 32 bytes long"
IBAN = "DE89370400440532013000"
# Anything but a letter, a digit, and a bar with spaces around it (that parts a row's own texts).
separators = st.text(" -:/~.,;*+=<>_()[]#'\u2026\u00b7\u2014\u200b\u00a0", min_size=1, max_size=6)
REDACTOR = Redactor(KEY, ["7 eleven"])


def out(text):
    return REDACTOR.text(text, "out").text


def digits_of(text):
    return "".join(sign for sign in text if sign.isdigit())


@given(st.lists(st.text("0123456789", min_size=1, max_size=5), min_size=6, max_size=8), st.data())
def test_six_digits_never_go_by_any_separators(groups, data):
    text = groups[0] + "".join(f"{data.draw(separators)}{one}" for one in groups[1:])
    assert digits_of(out(f"SHOP {text} LONDON")) == "", text


@given(st.integers(1, 6), st.data())
def test_nor_does_an_iban(size, data):
    assert is_iban(IBAN)
    parts = [IBAN[at : at + size] for at in range(0, len(IBAN), size)]
    text = parts[0] + "".join(f"{data.draw(separators)}{one}" for one in parts[1:])
    assert digits_of(out(f"SHOP {text}")) == "", text


@given(st.lists(st.from_regex(r"[BFGHKQ]{2}[0-9]{2}", fullmatch=True), min_size=2, max_size=4),
       st.data())  # fmt: skip
def test_nor_does_a_reference_in_pieces(pieces, data):
    text = pieces[0] + "".join(f"{data.draw(separators)}{one}" for one in pieces[1:])
    assert digits_of(out(f"VODAFONE {text} X")) == "", text


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("4111 -- 1111 -- 1111 -- 1111", "1111"),
        ("4111 / / 1111 / / 1111 / / 1111", "1111"),
        ("acct 1234 ~~~ 5678", "5678"),
        ("4111|1111|1111|1111", "1111"),
        ("4111 x 1111 x 1111 x 1111", "1111"),
        ("4111 and 1111 and 1111", "1111"),
        ("4111[1111][1111][1111]", "1111"),
        ("GB29[NWBK][6016][1331][9268][19]", "NWBK"),
        ("CARD NO. 12 34", "34"),
        ("CARD # 1 2 3 4", "4"),
        ("Kaartnummer: 1234", "1234"),
        ("KARTE ENDET AUF 1234", "1234"),
        ("TARJETA TERMINADA EN 1234", "1234"),
        ("LAST FOUR: 1234", "1234"),
        ("PIN 1234", "1234"),
        ("CVV 123", "123"),
        ("CVC2: 123", "123"),
        ("PASSWORD: swordfish", "swordfish"),
        ("PARKING REG AB12 CDE", "CDE"),
        ("PARKING AB12CDE", "AB12"),
        ("PLATE M-AB 1234", "1234"),
        ("KENTEKEN 12-ABC-3", "ABC"),
        ("TOLL AA-123-BB", "123"),
        ("PNR K7PXQ2", "K7PXQ2"),
        ("PNR: XKJDTE", "XKJDTE"),
        ("RESERVATION KXJQPL", "KXJQPL"),
        ("RYANAIR K7PXQ2 DUBLIN", "K7PXQ2"),
        ("BA.COM XKJD7E", "XKJD7E"),
        ("AIRBNB HMK9XPQ2ZT", "HMK9XPQ2ZT"),
        ("POLICY AB-123", "123"),
        ("LOGIN 10.0.0.1", "0.0"),
        ("2001:db8::1 LOGIN", "db8"),
        ("t.me/johnsmith", "johnsmith"),
        ("https://wa.me/johnsmith", "johnsmith"),
        ("linkedin.com/in/john-smith", "john"),
        ("[john smithson]", "smithson"),
        ("john\u200bsmith@gmail.com", "john"),
        ("(000) 000-0000@=", "000"),
        ("a@000000 000", "000"),
    ],
)
def test_what_is_labelled_or_coded_becomes_a_token(text, secret):
    sent = out(text)
    assert secret not in sent
    assert "[" in sent


@pytest.mark.parametrize(
    "text",
    ["APPLE.COM/BILL", "AMZN.COM/BILLWA", "GOOGLE.COM/CH", "MOTEL6", "SHOP24", "STUDIO54",
     "7-ELEVEN 33021", "FORMULA1", "REGISTER 12", "PINK123", "SK8TER SHOP", "REGENT 4411",
     "SCHOOL REG FEES", "NEW YORK", "STORE 12 UNIT 4"],
)  # fmt: skip
def test_what_is_no_secret_stays(text):
    assert out(text) == text


def test_a_bar_in_a_bank_s_words_parts_no_number():
    row = BankTransaction(
        **dict.fromkeys(BankTransaction._fields)
        | {"plaid_id": "p", "amount_minor": 1, "name": "4111 | 1111 | 1111 | 1111"}
    )
    assert digits_of(REDACTOR.row(row).text) == ""


def test_the_longest_gaps_are_read_at_once():
    def read():
        for text in ("GB82" + " . " * 1_300 + "1", "1 -" * 1_300, "A1 " * 1_300, "a.b/" * 1_000,
                 "REG " * 1_000, ":" * 4_000, "1:" * 2_000, "PNR " * 1_000):  # fmt: skip
            out(text)

    assert least_cpu_s(read, tries=2) < 3.0
