"""Bytes become the text that they were, whatever the file says of itself."""

# ruff: noqa: RUF001 - letters of other alphabets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop.adapters.files.text import BROKEN, OLD_CODE_PAGE, WRONG_ENCODING, decode

WORDS = {
    "cp1252": [
        "Überweisung für Müller, Straße", "Opération libellé débit crédit à l'écriture",
        "Año, descripción, dirección", "Köp, överföring, Avräknad, Bokförd", "£5.00 and €7.00",
        "Beløb på kontoen, købsdato, saldo", "più città perché", "Lançamento, descrição, não",
        "Valor\tDescrição\n€5-", "COMPRA CARTÃO\nSÃO PEDRO\nPÃO", "KÖP ÅTERBETALNING LÖN",
        "NÓMINA ESPAÑA AÑO COMPAÑÍA\n" * 3, "PREVISÃO\nTERÊS\nNÃO\nAVÔ",
    ],
    "cp1250": [
        "Příliš žluťoučký kůň úpěl ďábelské ódy", "Zażółć gęślą jaźń; płatność kartą",
        "Fizetés összege, időpont, közlemény, könyvelés dátuma, jóváírás",
    ],
    "iso8859-2": ["Zażółć gęślą jaźń; płatność kartą, Szczegóły"],
    "cp1257": ["Gavėjas, mokėtojas, sąskaita, įplaukos, išlaidos", "Saņēmējs, maksājuma mērķis"],
    "cp850": ["Überweisung für Müller Straße Wertstellung"],
    "cp1251": ["Дата операции;Сумма;Описание", "Оплата товаров и услуг",
               "ПРЕВОД ЗА ФИРМА ПО ЗАПЛАТИ"],
    "mac-roman": ["Überweisung für Müller Straße", "Opération débité libellé"],
    "cp1254": ["Müşteri ödemesi, İşlem tarihi, açıklama", "Türkiye İş Bankası; mağaza alışverişi"],
    "cp1253": ["Ημερομηνία;Περιγραφή;Ποσό", "Πληρωμή λογαριασμού ρεύματος", "ΑΓΟΡΑ ΣΤΗΝ ΑΘΗΝΑ"],
    "cp1255": ["תאריך,תיאור,סכום", "משכורת חודשית, שופרסל"],
    "cp1256": ["التاريخ,البيان,المبلغ", "راتب شهر يناير"],
    "cp874": ["วันที่,รายการ,จำนวนเงิน", "เงินเดือน ร้านอาหาร"],
    "cp932": ["日付,摘要,金額\n2024-01-15,スーパー,5", "取引日,入出金,残高;給料 カード利用"],
    "euc_jp": ["日付,お取引内容,金額\n2024-01-15,スーパーマーケット,5"],
    "gb18030": ["交易日期,交易对方,金额\n2024-01-15,北京超市,5", "收入;支出;余额 工资"],
    "big5": ["交易日期,摘要,金額,餘額\n2024-01-15,薪資轉帳,5"],
    "cp949": ["거래일자,적요,출금액,입금액,잔액", "서울식당 급여 이체"],
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


def test_a_few_damaged_letters_make_no_other_script():
    found = decode("Café Rémy, Größe".encode().replace(b"R", b"R\xc3"))

    assert (found.text, found.remarks) == ("Café RÃémy, Größe", (BROKEN,))


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
