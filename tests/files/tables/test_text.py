"""Bytes become the text that they were, whatever the file says of itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.adapters.files.text import BROKEN, OLD_CODE_PAGE, WRONG_ENCODING, decode

WORDS = {
    "cp1252": [
        "Überweisung für Müller, Straße", "Opération libellé débit crédit à l'écriture",
        "Año, descripción, dirección", "Köp, överföring, Avräknad, Bokförd", "£5.00 and €7.00",
        "Beløb på kontoen, købsdato, saldo", "più città perché", "Lançamento, descrição, não",
        "Valor\tDescrição\n€5-",
    ],
    "cp1250": [
        "Příliš žluťoučký kůň úpěl ďábelské ódy", "Zażółć gęślą jaźń; płatność kartą",
        "Fizetés összege, időpont, közlemény, könyvelés dátuma, jóváírás",
    ],
    "iso8859-2": ["Zażółć gęślą jaźń; płatność kartą, Szczegóły"],
    "cp1257": ["Gavėjas, mokėtojas, sąskaita, įplaukos, išlaidos", "Saņēmējs, maksājuma mērķis"],
    "cp850": ["Überweisung für Müller Straße Wertstellung"],
    "cp1251": ["Дата операции;Сумма;Описание", "Оплата товаров и услуг"],
    "mac-roman": ["Überweisung für Müller Straße", "Opération débité libellé"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "words"), [(one, words) for one, many in WORDS.items() for words in many]
)
def test_knows_old_code_pages_by_their_words(encoding, words):
    found = decode(words.encode(encoding))

    assert (found.text, found.remarks) == (words, (OLD_CODE_PAGE,))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"]
)
def test_knows_unicode_with_and_without_a_mark(encoding):
    text = "Datum;Betrag\n01.02.2024;€ 5,00 für Müller\n"

    assert decode(text.encode(encoding)).text.removeprefix("\ufeff") == text


def test_believes_bytes_more_than_what_is_declared():
    utf8 = decode("Müller".encode(), declared="windows-1252")
    old = decode("Müller".encode("cp1252"), declared="utf-8")
    right = decode("Müller".encode("cp1252"), declared="ISO-8859-1")
    unknown = decode(b"plain", declared="klingon")

    assert (utf8.text, utf8.remarks) == ("Müller", (WRONG_ENCODING,))
    assert (old.text, old.remarks) == ("Müller", (WRONG_ENCODING, OLD_CODE_PAGE))
    assert (right.text, right.remarks) == ("Müller", ())
    assert (unknown.text, unknown.remarks) == ("plain", ())


def test_a_letter_cut_in_two_leaves_the_others_whole():
    found = decode("Müller für Straße, Größe".encode() + "ü".encode()[:1])

    assert found.text.startswith("Müller für Straße, Größe")
    assert found.remarks == (BROKEN,)


@given(st.binary(max_size=500), st.sampled_from(["", "utf-8", "cp1252", "utf-16", "x", "cp437"]))
def test_any_bytes_have_a_text(data, declared):
    found = decode(data, declared=declared)

    assert isinstance(found.text, str)
    found.text.encode("utf-8", errors="strict")


@given(st.text(max_size=200))
def test_utf8_is_read_as_it_is(text):
    if not text.startswith("\ufeff") and "\0" not in text:
        assert decode(text.encode()).text == text
