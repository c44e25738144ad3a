"""Exports of banks whose headings, fees, days and letters are their own; all of it is invented."""

# ruff: noqa: RUF001 - letters of other alphabets

from __future__ import annotations

from typing import Final

from tests.files.tables.export import Export, lines

FURTHER: Final = (
    Export(
        "turkish-sides",
        lines(
            "İşlem Tarihi;Açıklama;Giriş;Çıkış",
            "01.04.2024;HAVALE ALI;5.000,00;",
            "22.04.2024;KIRA;;2.500,00",
        ),
        [("2024-04-01", -500000, "HAVALE ALI"), ("2024-04-22", 250000, "KIRA")],
    ),
    Export(
        "turkish-card-minus-in-brackets",
        lines(
            "İşlem Tarihi;Açıklama;Borç Tutarı (TL)",
            "10/06/2024;MARKET;514,99",
            "22/06/2024;MARKET iade;204,17(-)",
        ),
        [("2024-06-10", 51499, "MARKET"), ("2024-06-22", -20417, "MARKET iade")],
    ),
    Export(
        "debits-with-few-refunds",
        lines(
            "Date,Description,Debit",
            "2024-01-03,A,23.45",
            "2024-01-04,Refund,-3.00",
            "2024-01-05,C,9.00",
            "2024-01-06,D,8.00",
        ),
        [
            ("2024-01-03", 2345, "A"),
            ("2024-01-04", -300, "Refund"),
            ("2024-01-05", 900, "C"),
            ("2024-01-06", 800, "D"),
        ],
    ),
    Export(
        "swedish-in-and-out",
        lines(
            "Datum;Typ;Beskrivning;Belopp in;Belopp ut;Valuta",
            "28.07.2024;Köp;Inbetalning;1 500,00;;SEK",
            "27.07.2024;Köp;ICA;;-120,50;SEK",
        ),
        [("2024-07-28", -150000, "Inbetalning"), ("2024-07-27", 12050, "ICA")],
        "SEK",
    ),
    Export(
        "swedish-reserved",
        lines(
            "Bokföringsdag;Belopp;Rubrik;Valuta",
            "Reserverad;-99,00;SPOTIFY;SEK",
            "2024-05-04;-1 234,56;Hyra;SEK",
        ),
        [("2024-05-04", 123456, "Hyra")],
        "SEK",
        refused=1,
    ),
    Export(
        "norwegian-in-and-out",
        lines(
            "Betalingstidspunkt;Bokført dato;Skildring;Beløp inn;Beløp ut;Valuta;Status",
            "2024-01-23T14:39;23.01.2024;Kiwi;;-407,80;NOK;Bokført",
            "2024-01-25T10:00;25.01.2024;Lønn;25000,00;;NOK;Bokført",
        ),
        [("2024-01-23", 40780, "Kiwi"), ("2024-01-25", -2500000, "Lønn")],
        "NOK",
    ),
    Export(
        "czech-bank-codes",
        lines(
            "číslo účtu;datum zaúčtování;částka;měna;číslo protiúčtu;kód banky protiúčtu;"
            "jméno protistrany;zpráva",
            "283337817/0300;31.10.2023;-1100,00;CZK;123;0300;Jan Novak;najem",
            "283337817/0300;30.10.2023;-110,50;CZK;;;Albert;",
        ),
        [("2023-10-31", 110000, "Jan Novak"), ("2023-10-30", 11050, "Albert")],
        "CZK",
    ),
    Export(
        "hungarian-weekdays",
        lines(
            "Típus;Könyvelés dátuma;Azonosító;Összeg;Közlemény",
            "Átutalás;2023.11.17., péntek;GNB25K17;+7 000,00 HUF;Kovács",
            "Vásárlás;2023.11.18., szombat;GNB25K18;-1 500,00 HUF;SPAR",
        ),
        [("2023-11-17", -700000, "Kovács"), ("2023-11-18", 150000, "SPAR")],
        "HUF",
    ),
    Export(
        "russian-declined",
        lines(
            "Дата и время операции,Сумма операции,Категория,Описание,Статус",
            '"2024-09-14 18:30","-560,00 ₽","Кафе","Шоколадница","Исполнено"',
            '"2024-09-15 09:00","-99,00 ₽","Связь","МТС","Отклонено"',
        ),
        [("2024-09-14", 56000, "Шоколадница")],
        "RUB",
        refused=1,
    ),
    Export(
        "french-one-column-of-both-sides",
        lines(
            "Date;Libellé;Débit/Crédit",
            "01/03/2024;CARREFOUR;-47,32",
            "23/03/2024;VIR SALAIRE;2450,00",
        ),
        [("2024-03-01", 4732, "CARREFOUR"), ("2024-03-23", -245000, "VIR SALAIRE")],
    ),
    Export(
        "card-with-an-empty-foreign-amount",
        lines(
            "Data de Compra;Nome no Cartão;Final do Cartão;Categoria;Descrição;Parcela;"
            "Valor (em US$);Cotação (em R$);Valor (em R$)",
            "28/11/2023;ANA;5241;Viagem;LOJA AEREA;3/3;0;0;2747.60",
            "11/01/2024;ANA;5241;Serviços;SERVICO;2/12;0;0;14.14",
            "15/01/2024;ANA;5241;Viagem;HOTEL;Única;20.00;5.00;100.00",
        ),
        [
            ("2023-11-28", 274760, "LOJA AEREA"),
            ("2024-01-11", 1414, "SERVICO"),
            ("2024-01-15", 10000, "HOTEL"),
        ],
        "BRL",
    ),
    Export(
        "fees-in-a-column-of-their-own",
        lines(
            "Posting Date,Description,Money In,Money Out,Fee,Balance",
            "2024-07-01,Salary,40000.00,,,40000.00",
            "2024-07-03,SMS fee,,,-0.35,39999.65",
            "2024-07-04,Correction,,,0.35,40000.00",
            "2024-07-05,Cash,,-200.00,-10.00,39790.00",
        ),
        [
            ("2024-07-01", -4000000, "Salary"),
            ("2024-07-03", 35, "SMS fee"),
            ("2024-07-04", -35, "Correction"),
            ("2024-07-05", 21000, "Cash"),
        ],
    ),
    Export(
        "fees-alone-without-a-balance",
        lines(
            "Date,Description,Money In,Money Out,Fee",
            "2024-07-01,Salary,40000.00,,",
            "2024-07-03,SMS fee,,,0.35",
            "2024-07-05,Cash,,200.00,10.00",
        ),
        [
            ("2024-07-01", -4000000, "Salary"),
            ("2024-07-03", 35, "SMS fee"),
            ("2024-07-05", 21000, "Cash"),
        ],
    ),
    Export(
        "fees-within-what-the-balance-falls-by",
        lines(
            "Datum;Text;Soll;Haben;Gebühr;Saldo",
            "03.01.2024;Laden;23,45;;1,00;976,55",
            "04.01.2024;Lohn;;10,00;;986,55",
            "05.01.2024;Karte;2,00;;2,00;984,55",
            "06.01.2024;Auskunft;;;3,00;984,55",
        ),
        [
            ("2024-01-03", 2345, "Laden"),
            ("2024-01-04", -1000, "Lohn"),
            ("2024-01-05", 200, "Karte"),
        ],
        refused=1,
    ),
    Export(
        "fees-that-are-the-amounts",
        lines(
            "Date,Description,Debit,Credit,Fee",
            "2024-01-03,Shop,23.45,0,1.00",
            "2024-01-05,Card replaced,2.00,0,2.00",
            "2024-01-06,Void,0,0,2.00",
        ),
        [
            ("2024-01-03", 2345, "Shop"),
            ("2024-01-05", 200, "Card replaced"),
            ("2024-01-06", 0, "Void"),
        ],
    ),
    Export(
        "debits-with-minus-in-one-column",
        lines(
            "Date,Description,Debit",
            "2024-01-03,Shop,-23.45",
            "2024-01-04,Salary,300.00",
            "2024-01-05,Bonus salary,300.00",
            "2024-01-06,Salary,300.00",
        ),
        [
            ("2024-01-03", 2345, "Shop"),
            ("2024-01-04", -30000, "Salary"),
            ("2024-01-05", -30000, "Bonus salary"),
            ("2024-01-06", -30000, "Salary"),
        ],
    ),
    Export(
        "debits-as-many-with-minus-as-without",
        lines("Date,Description,Debit", "2024-01-03,A,-23.45", "2024-01-04,B,300.00"),
        [("2024-01-03", 2345, "A"), ("2024-01-04", -30000, "B")],
    ),
    Export(
        "zeros-in-half-of-the-rows",
        lines(
            "Date,Description,Amount,Cashback Amount",
            "2024-01-03,Hold,0.00,0.50",
            "2024-01-04,Shop,-3.00,0.50",
            "2024-01-05,Hold,0.00,0.10",
            "2024-01-06,Shop,-1.00,0.10",
        ),
        [
            ("2024-01-03", 0, "Hold"),
            ("2024-01-04", 300, "Shop"),
            ("2024-01-05", 0, "Hold"),
            ("2024-01-06", 100, "Shop"),
        ],
    ),
    Export(
        "japanese-card-in-half-width",
        lines(
            "ご利用日,ご利用店名,ご利用金額",
            '2024/09/03,ﾛｰｿﾝ ﾎﾝﾃﾝ,"\\1,200"',
            "2024/09/10,スターバックス,\\650",
            '2024/09/12,ENEOS,"\\5,000"',
        ),
        [
            ("2024-09-03", 1200, "ﾛｰｿﾝ ﾎﾝﾃﾝ"),
            ("2024-09-10", 650, "スターバックス"),
            ("2024-09-12", 5000, "ENEOS"),
        ],
        "JPY",
        encoding="cp932",
    ),
    Export(
        "slovene-below-a-summary",
        lines(
            "Banka:;HRANILNICA;;;",
            "Račun;SI56610000001234567;;;",
            "Valuta;Začetno stanje;Breme;Dobro;Končno stanje;",
            "EUR;100;100;100;100;",
            ";;;;",
            "Valuta;Datum valute;Datum knjiženja;ID transakcije;Prejemnik / Plačnik;Breme;Dobro;"
            "Opis prejemnika",
            "EUR;18.05.2024;18.05.2024;A-1;ANA;;0,40;obresti",
            "EUR;17.05.2024;17.05.2024;A-2;BOR;45.950,00;;nakup",
        ),
        [("2024-05-18", -40, "ANA"), ("2024-05-17", 4595000, "BOR")],
        "EUR",
        encoding="cp1250",
    ),
    Export(
        "croatian",
        lines(
            "Redni broj;Datum valute;Datum izvrsenja;Opis placanja;Broj racuna;Isplate;Uplate;"
            "Stanje;Platitelj/Primatelj",
            "1;01.05.2024;01.05.2024;Kupnja;HR99;23,49;;3.450,26;KAUFLAND",
            "2;24.05.2024;24.05.2024;Placa;HR08;;3.177,94;6.628,20;FIRMA",
        ),
        [("2024-05-01", 2349, "KAUFLAND"), ("2024-05-24", -317794, "FIRMA")],
    ),
    Export(
        "mobile-money",
        lines(
            "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance",
            "QRV1,2024-09-03 10:00:00,Reversal,Completed,50.00,0.00,15000.00",
            "QRV2,2024-09-03 10:05:00,Withdrawal,Completed,0.00,-10000.00,5000.00",
        ),
        [("2024-09-03", -5000, "Reversal"), ("2024-09-03", 1000000, "Withdrawal")],
    ),
    Export(
        "card-s-own-currency-beside-another",
        lines(
            '"Date and time",Description,"Card currency amount, (UAH)","Operation amount",'
            '"Operation currency","Exchange rate",Balance',
            '"24.07.2024 11:00:00",FUN,-450.50,-10.00,EUR,45.05,9549.50',
            '"24.07.2024 10:00:00",SHOP,-3.50,-3.50,UAH,—,10000.00',
        ),
        [("2024-07-24", 45050, "FUN"), ("2024-07-24", 350, "SHOP")],
        "UAH",
    ),
    Export(
        "currency-of-a-foreign-amount",
        lines(
            "Дата i час операції,Деталі операції,Сума в iнвалютi,Валюта,Сума в гривнях,Курс",
            "01.04.2024 10:00:00,Coffee,-2.00,USD,-80.00,40",
            "21.04.2024 10:00:00,Tea,-1.00,USD,-40.00,40",
        ),
        [("2024-04-01", 8000, "Coffee"), ("2024-04-21", 4000, "Tea")],
        "UAH",
    ),
    Export(
        "names-of-institutions",
        lines(
            "Date,Account Type,Account Name,Institution Name,Name,Amount,Category",
            "2024-05-20,Cash,Checking,Test Bank,Grocer,64.39,Groceries",
            "2024-05-21,Cash,Checking,Test Bank,Payroll,-1500.00,Income",
        ),
        [("2024-05-20", 6439, "Grocer"), ("2024-05-21", -150000, "Payroll")],
    ),
    Export(
        "indonesian-words-of-sides",
        lines(
            "Tanggal,Keterangan,Jenis,Nominal",
            "2023-01-01,Gaji,Pemasukan,1000.50",
            "2023-01-02,Makan,Pengeluaran,50.25",
        ),
        [("2023-01-01", -100050, "Gaji"), ("2023-01-02", 5025, "Makan")],
    ),
    Export(
        "greek-letters-of-sides",
        lines(
            "Ημερομηνία;Περιγραφή;Ποσό;Πρόσημο ποσού",
            "01/03/2024;ΚΑΤΑΘΕΣΗ;1,00;Π",
            "20/03/2024;ΑΓΟΡΑ;5,00;Χ",
        ),
        [("2024-03-01", -100, "ΚΑΤΑΘΕΣΗ"), ("2024-03-20", 500, "ΑΓΟΡΑ")],
    ),
    Export(
        "swedish-day-of-the-ledger",
        lines(
            "Reskontradatum;Transaktionsdatum;Text;Belopp;Saldo",
            "2024-05-17;2024-05-15;ICA;-459,00;12 340,50",
            "2024-05-16;2024-05-16;LÖN;34 500,00;12 799,50",
        ),
        [("2024-05-17", 45900, "ICA"), ("2024-05-16", -3450000, "LÖN")],
    ),
    Export(
        "spanish-details-beside-nothing",
        lines(
            "Fecha de Operación,Fecha valor,Detalle,Concepto,Cantidad,Divisa",
            "07/01/2024,07/01/2024,Transferencia enviada,NA,-34.00,EUR",
            "17/01/2024,17/01/2024,Nomina,NA,1000.00,EUR",
        ),
        [("2024-01-07", 3400, "Transferencia enviada"), ("2024-01-17", -100000, "Nomina")],
        "EUR",
    ),
    Export(
        "korean-card",
        lines(
            "이용일,이용처,이용금액,할부개월수,업종분류",
            '2024-02-01,스타벅스,"6,500원",0,카페',
            '2024-02-03,쿠팡,"26,500원",3,쇼핑',
        ),
        [("2024-02-01", 6500, "스타벅스"), ("2024-02-03", 26500, "쿠팡")],
        "KRW",
    ),
)
