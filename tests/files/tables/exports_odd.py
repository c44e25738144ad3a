"""Tables that are odd in one way each: made up here after the columns that they have, nothing copied."""

# ruff: noqa: E501, RUF001 - lines as long as banks write them, in their letters

from tests.files.tables.export import Export, lines

ODD = [
    Export(
        "advanzia-like-serial",
        lines(
            "Datum;Beschreibung;Betrag",
            "45296;Bar;-12,50",
            "45297;Cafe;-1,50",
        ),
        [],
        refused=2,
    ),
    Export(
        "parens-trailing-minus",
        lines(
            "Date,Description,Amount",
            "2024-01-15,A,(45.60)",
            '2024-01-16,B,"2,000.00"',
            "2024-01-17,C,10.00-",
            "2024-01-18,D,−5.00",
        ),
        [
            ("2024-01-15", 4560, "A"),
            ("2024-01-16", -200000, "B"),
            ("2024-01-17", 1000, "C"),
            ("2024-01-18", 500, "D"),
        ],
    ),
    Export(
        "nbsp-thousands",
        lines(
            "Date;Libellé;Montant",
            "15/01/2024;A;-1\u202f045,60\xa0€",
            "16/01/2024;B;+2\xa0000,00 €",
        ),
        [("2024-01-15", 104560, "A"), ("2024-01-16", -200000, "B")],
        currency="EUR",
    ),
    Export(
        "apostrophe",
        lines(
            "Datum;Text;Betrag CHF",
            "15.01.2024;A;-1'045.60",
            "16.01.2024;B;2’000.00",
        ),
        [("2024-01-15", 104560, "A"), ("2024-01-16", -200000, "B")],
        currency="CHF",
    ),
    Export(
        "macroman",
        lines(
            "Datum;Beschreibung;Betrag",
            "15.01.2024;Müller Straße Köln;-45,60",
            "16.01.2024;Gehälter für März;2.000,00",
        ),
        [("2024-01-15", 4560, "Müller Straße Köln"), ("2024-01-16", -200000, "Gehälter für März")],
        encoding="mac-roman",
    ),
    Export(
        "months-de",
        lines(
            "Datum;Text;Betrag",
            "15. Jan. 2024;A;-45,60",
            "3. Mär 2024;B;2.000,00",
            "5. Mai 2024;C;-1,00",
        ),
        [("2024-01-15", 4560, "A"), ("2024-03-03", -200000, "B"), ("2024-05-05", 100, "C")],
    ),
    Export(
        "months-fr",
        lines(
            "Date;Libellé;Montant",
            "15 janv. 2024;A;-45,60",
            "3 févr. 2024;B;2 000,00",
            "5 août 2024;C;-1,00",
            "9 déc. 2024;D;-1,00",
        ),
        [
            ("2024-01-15", 4560, "A"),
            ("2024-02-03", -200000, "B"),
            ("2024-08-05", 100, "C"),
            ("2024-12-09", 100, "D"),
        ],
    ),
    Export(
        "months-ru",
        lines(
            "Дата;Описание;Сумма",
            "15 января 2024;A;-45,60",
            "3 мая 2024;B;2 000,00",
        ),
        [("2024-01-15", 4560, "A"), ("2024-05-03", -200000, "B")],
    ),
    Export(
        "us-datetime-ampm",
        lines(
            "Transaction Date,Merchant,Amount",
            "1/15/2024 3:45:12 PM,A,-45.60",
            '1/16/2024 12:05:00 AM,B,"2,000.00"',
        ),
        [("2024-01-15", 4560, "A"), ("2024-01-16", -200000, "B")],
    ),
    Export(
        "pipe-quotes",
        lines(
            "Date|Description|Amount|Currency",
            '2024-01-15|"A|B"|-45.60|USD',
            "2024-01-16|C|2000.00|USD",
        ),
        [("2024-01-15", 4560, "A|B"), ("2024-01-16", -200000, "C")],
        currency="USD",
    ),
    Export(
        "unquoted-decimal-comma",
        lines(
            "Date,Description,Amount",
            "15/01/2024,TESCO,-45,60",
            "16/01/2024,ACME,2000,00",
            "17/01/2024,BAR,-3,50",
        ),
        [],
        refused=3,
    ),
    Export(
        "unquoted-comma-in-text",
        lines(
            "Date,Description,Amount,Balance",
            "15/01/2024,TESCO, LONDON,-45.60,954.40",
            "16/01/2024,ACME,2000.00,2954.40",
            "17/01/2024,BAR, 24,-3.50,2950.90",
        ),
        [("2024-01-16", 200000, "ACME")],
        refused=2,
    ),
    Export(
        "all-have-comma-in-text",
        lines(
            "Date,Description,Amount,Balance",
            "15/01/2024,TESCO, LONDON,-45.60,954.40",
            "16/01/2024,ACME, LEEDS,2000.00,2954.40",
            "17/01/2024,BAR, 24,-3.50,2950.90",
        ),
        [],
        refused=3,
    ),
    Export(
        "number-in-text-shift",
        lines(
            "Date,Description,Amount",
            "15/01/2024,TESCO,24,-45.60",
            "16/01/2024,ACME,25,2000.00",
            "17/01/2024,BAR,26,-3.50",
        ),
        [],
        refused=3,
    ),
    Export(
        "pandas-index",
        lines(
            ",Date,Description,Amount",
            "0,2024-01-15,TESCO,-45.60",
            "1,2024-01-16,ACME,2000.00",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "excel-wrapped",
        lines(
            "Date,Description,Amount",
            '="15/01/2024",="TESCO",="-45.60"',
            '="16/01/2024",="ACME",="2000.00"',
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "zero-filled",
        lines(
            "Date,Description,Debit,Credit",
            "2024-01-15,TESCO,45.60,0.00",
            "2024-01-16,ACME,0.00,2000.00",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "zero-dash-filled",
        lines(
            "Date,Description,Debit,Credit",
            "2024-01-15,TESCO,45.60,-",
            "2024-01-16,ACME,-,2000.00",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "na-filled",
        lines(
            "Date,Description,Debit,Credit",
            "2024-01-15,TESCO,45.60,N/A",
            "2024-01-16,ACME,null,2000.00",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "sides-with-minus-both",
        lines(
            "Date,Description,Debit,Credit",
            "2024-01-15,TESCO,-45.60,0.00",
            "2024-01-16,ACME,0.00,2000.00",
            "2024-01-17,BAR,-3.00,0.00",
        ),
        [
            ("2024-01-15", 4560, "TESCO"),
            ("2024-01-16", -200000, "ACME"),
            ("2024-01-17", 300, "BAR"),
        ],
    ),
    Export(
        "debit-credit-swapped-order",
        lines(
            "Date,Description,Credit,Debit,Balance",
            "2024-01-15,TESCO,,45.60,954.40",
            "2024-01-16,ACME,2000.00,,2954.40",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "dc-amount",
        lines(
            "Date;Description;Amount;D/C",
            "15.01.2024;TESCO;45,60;D",
            "16.01.2024;ACME;2000,00;C",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "dc-before",
        lines(
            "Datum;Text;S/H;Betrag",
            "15.01.2024;TESCO;S;45,60",
            "16.01.2024;ACME;H;2.000,00",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "dc-in-cell",
        lines(
            "Date,Description,Amount",
            "15 Jan 2024,TESCO,45.60 DR",
            '16 Jan 2024,ACME,"2,000.00 CR"',
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "cr-only",
        lines(
            "Date,Description,Amount",
            "15 Jan 2024,TESCO,45.60",
            '16 Jan 2024,PAYMENT,"2,000.00CR"',
            "17 Jan 2024,BAR,3.00",
        ),
        [
            ("2024-01-15", 4560, "TESCO"),
            ("2024-01-16", -200000, "PAYMENT"),
            ("2024-01-17", 300, "BAR"),
        ],
    ),
    Export(
        "currency-before",
        lines(
            "Date,Description,Amount",
            "15 Jan 2024,TESCO,-USD 45.60",
            '16 Jan 2024,ACME,"USD 2,000.00"',
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
        currency="USD",
    ),
    Export(
        "foreign-first",
        lines(
            "Datum;Empfänger;Betrag Fremdwährung;Währung;Betrag in EUR",
            "15.01.2024;TESCO;-40,00;GBP;-45,60",
            "16.01.2024;ACME;;;2.000,00",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
        currency="EUR",
    ),
    Export(
        "currency-of-foreign",
        lines(
            "Date,Description,Amount,Original Amount,Currency",
            "2024-01-15,TESCO,-45.60,-40.00,GBP",
            "2024-01-16,ACME,2000.00,2000.00,EUR",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "navyfed",
        lines(
            "Posting Date,Transaction Date,Amount,Credit Debit Indicator,type,Type Group,Reference,Instructed Currency,Currency Exchange Rate,Instructed Amount,Description,Category,Check Serial Number,Card Ending",
            "01/16/2024,01/15/2024,45.60,Debit,POS,POS,,,,,TRADER JOES,Groceries,,1234",
            "01/16/2024,01/16/2024,2000.00,Credit,ACH,ACH,,,,,ACME,Paycheck,,",
        ),
        [("2024-01-16", 4560, "TRADER JOES"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "fees-nonextra",
        lines(
            "Date,Description,Amount,Fee,Balance",
            "2024-01-15,TESCO,-45.60,1.00,954.40",
            "2024-01-16,ACME,2000.00,0.00,2954.40",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "croatia",
        lines(
            "Datum valute;Opis;Isplata;Uplata;Stanje",
            "15.01.2024;KONZUM;45,60;;954,40",
            "16.01.2024;PLACA;;2.000,00;2.954,40",
        ),
        [("2024-01-15", 4560, "KONZUM"), ("2024-01-16", -200000, "PLACA")],
        encoding="cp1250",
    ),
    Export(
        "total-dated",
        lines(
            "Date,Description,Amount",
            "2024-01-15,TESCO,-45.60",
            "2024-01-16,ACME,2000.00",
            "2024-01-31,Total,1954.40",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
        refused=1,
    ),
    Export(
        "bad-months",
        lines(
            "Date,Description,Amount",
            "13/13/2024,TESCO,-45.60",
            "16/01/2024,ACME,2000.00",
        ),
        [("2024-01-16", -200000, "ACME")],
        refused=1,
    ),
    Export(
        "leading-minus-space-unicode",
        lines(
            "Date;Description;Amount",
            "15.01.2024;TESCO;– 45,60 €",
            "16.01.2024;ACME;2 000,00 €",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
        currency="EUR",
    ),
    Export(
        "buddhist",
        lines(
            "Date,Description,Withdrawal,Deposit,Balance",
            "15/01/2567,7-11,45.60,,954.40",
            "16/01/2567,ACME,,2000.00,2954.40",
        ),
        [],
        refused=2,
    ),
    Export(
        "short-noheading-one-row",
        lines(
            "15/01/2024,TESCO,-45.60",
        ),
        [("2024-01-15", 4560, "TESCO")],
    ),
    Export(
        "multi-account-cards",
        lines(
            "Card,Date,Merchant,Amount",
            "1111,2024-01-15,TESCO,-45.60",
            "2222,2024-01-16,ACME,2000.00",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "comma-decimal-comma-delim-quoted",
        lines(
            '"Date","Description","Amount"',
            '"15/01/2024","TESCO","-45,60"',
            '"16/01/2024","ACME","2.000,00"',
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "semicolon-in-excel-csv-of-english",
        lines(
            "Date;Description;Debit;Credit;Balance",
            "15/01/2024;TESCO;45.60;;954.40",
            "16/01/2024;ACME;;2,000.00;2,954.40",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "trailing-note-with-amounts",
        lines(
            "Date,Description,Amount",
            "2024-01-15,TESCO,-45.60",
            "2024-01-16,ACME,2000.00",
            "Closing balance,,2954.40",
            "Generated on 2024-01-31 10:11,,",
        ),
        [("2024-01-15", 4560, "TESCO"), ("2024-01-16", -200000, "ACME")],
        refused=1,
    ),
    Export(
        "us-noheading-mixed-width-days",
        lines(
            "1/5/2024,TRADER JOES,-45.60",
            "12/16/2023,ACME,2000.00",
            "1/17/2024,BAR,-3.00",
        ),
        [
            ("2024-01-05", 4560, "TRADER JOES"),
            ("2023-12-16", -200000, "ACME"),
            ("2024-01-17", 300, "BAR"),
        ],
    ),
    Export(
        "card-refund",
        lines(
            "Date,Description,Amount",
            "2024-01-15,TESCO,45.60",
            "2024-01-16,AMAZON,20.00",
            "2024-01-17,AMAZON REFUND,-20.00",
        ),
        [
            ("2024-01-15", 4560, "TESCO"),
            ("2024-01-16", 2000, "AMAZON"),
            ("2024-01-17", -2000, "AMAZON REFUND"),
        ],
    ),
    Export(
        "checking-pays-card",
        lines(
            "Date,Description,Amount",
            "2024-01-15,CHASE CREDIT CRD AUTOPAY,-450.60",
            "2024-01-16,PAYROLL ACME,2000.00",
            "2024-01-17,INTEREST PAID,1.00",
            "2024-01-18,DISCOVER E-PAYMENT,-30.00",
        ),
        [
            ("2024-01-15", 45060, "CHASE CREDIT CRD AUTOPAY"),
            ("2024-01-16", -200000, "PAYROLL ACME"),
            ("2024-01-17", -100, "INTEREST PAID"),
            ("2024-01-18", 3000, "DISCOVER E-PAYMENT"),
        ],
    ),
    Export(
        "checking-pays-card-few-minus",
        lines(
            "Date,Description,Amount",
            "2024-01-15,AMEX ONLINE PAYMENT,-450.60",
            "2024-01-16,PAYROLL ACME,2000.00",
            "2024-01-17,INTEREST PAID,1.00",
            "2024-01-18,DEPOSIT,30.00",
        ),
        [
            ("2024-01-15", 45060, "AMEX ONLINE PAYMENT"),
            ("2024-01-16", -200000, "PAYROLL ACME"),
            ("2024-01-17", -100, "INTEREST PAID"),
            ("2024-01-18", -3000, "DEPOSIT"),
        ],
    ),
    Export(
        "savings-positive-only",
        lines(
            "Date,Description,Amount",
            "2024-01-15,DEPOSIT,45.60",
            "2024-01-16,INTEREST PAID,1.00",
        ),
        [("2024-01-15", -4560, "DEPOSIT"), ("2024-01-16", -100, "INTEREST PAID")],
    ),
    Export(
        "two-accounts-with-iban",
        lines(
            "IBAN;Datum;Text;Betrag",
            "DE12500105170648489890;15.01.2024;A;-45,60",
            "DE99500105170648489891;16.01.2024;B;2000,00",
            "DE12500105170648489890;17.01.2024;C;-1,00",
        ),
        [("2024-01-15", 4560, "A"), ("2024-01-17", 100, "C"), ("2024-01-16", -200000, "B")],
    ),
    Export(
        "name-then-own-account",
        lines(
            "Date,Name,Account Number,Amount",
            "2024-01-15,TESCO,12345678,-45.60",
            "2024-01-16,ACME,12345678,2000.00",
            "2024-01-17,BAR,12345678,-1.00",
        ),
        [
            ("2024-01-15", 4560, "TESCO"),
            ("2024-01-16", -200000, "ACME"),
            ("2024-01-17", 100, "BAR"),
        ],
    ),
    Export(
        "tz",
        lines(
            "Created (UTC),Amount,Currency,Description",
            "2024-01-15T23:59:59.123Z,-45.60,usd,A",
            "2024-01-16T00:00:01+05:30,2000.00,usd,B",
        ),
        [("2024-01-15", 4560, "A"), ("2024-01-16", -200000, "B")],
        currency="USD",
    ),
    Export(
        "time-separate",
        lines(
            "Date;Time;Amount;Description",
            "15.01.2024;23:59;-45,60;A",
            "16.01.2024;00:01;2000,00;B",
        ),
        [("2024-01-15", 4560, "A"), ("2024-01-16", -200000, "B")],
    ),
    Export(
        "weekday",
        lines(
            "Date,Description,Amount",
            '"Mon, 15 Jan 2024",A,-45.60',
            '"Tue, 16 Jan 2024",B,2000.00',
        ),
        [("2024-01-15", 4560, "A"), ("2024-01-16", -200000, "B")],
    ),
    Export(
        "month-first-words",
        lines(
            "Date,Description,Amount",
            '"Jan 15, 2024",A,-45.60',
            '"January 16, 2024",B,"2,000.00"',
        ),
        [("2024-01-15", 4560, "A"), ("2024-01-16", -200000, "B")],
    ),
    Export(
        "excel-US-shortyear",
        lines(
            "Date,Description,Amount",
            "1/15/24,A,-45.60",
            "1/16/24,B,2000.00",
        ),
        [("2024-01-15", 4560, "A"), ("2024-01-16", -200000, "B")],
    ),
    Export(
        "html-entity",
        lines(
            "Date,Description,Amount",
            "2024-01-15,M&amp;S,-45.60",
            "2024-01-16,ACME &lt;x&gt;,2000.00",
        ),
        [("2024-01-15", 4560, "M&S"), ("2024-01-16", -200000, "ACME <x>")],
    ),
    Export(
        "unicode-spaces-headers",
        lines(
            "\u200bDate,\xa0Description,Amount\xa0(EUR)",
            "2024-01-15,A,-45.60",
            "2024-01-16,B,2000.00",
        ),
        [("2024-01-15", 4560, "A"), ("2024-01-16", -200000, "B")],
        currency="EUR",
    ),
    Export(
        "bom-in-middle",
        lines(
            "\ufeffDate,Description,Amount",
            "2024-01-15,A,-45.60",
            "\ufeffDate,Description,Amount",
            "2024-01-16,B,2000.00",
        ),
        [("2024-01-15", 4560, "A"), ("2024-01-16", -200000, "B")],
    ),
    Export(
        "trailing-semis",
        lines(
            "Date;Description;Amount;;;;",
            "15.01.2024;A;-45,60;;;;",
            "16.01.2024;B;2000,00;;;;",
            ";;;;;;",
            "Total;;1954,40;;;;",
        ),
        [("2024-01-15", 4560, "A"), ("2024-01-16", -200000, "B")],
        refused=1,
    ),
    Export(
        "reversal-dc",
        lines(
            "Date;Description;Amount;Type",
            "15.01.2024;A;45,60;Debit",
            "16.01.2024;B;2000,00;Credit",
            "17.01.2024;A reversed;45,60;Reversal",
        ),
        [("2024-01-15", 4560, "A"), ("2024-01-16", -200000, "B")],
        refused=1,
    ),
    Export(
        "expense-income-type",
        lines(
            "Date,Category,Type,Amount,Note",
            "2024-01-15,Food,Expense,45.60,A",
            "2024-01-16,Salary,Income,2000.00,B",
        ),
        [("2024-01-15", 4560, "A"), ("2024-01-16", -200000, "B")],
    ),
    Export(
        "transfer-type",
        lines(
            "Date,Category,Type,Amount,Note",
            "2024-01-15,Food,Expense,45.60,A",
            "2024-01-16,Salary,Income,2000.00,B",
            "2024-01-17,,Transfer,100.00,to savings",
        ),
        [("2024-01-15", 4560, "A"), ("2024-01-16", -200000, "B")],
        refused=1,
    ),
    Export(
        "dates-future-dmy",
        lines(
            "Date,Description,Amount",
            "01/10/2024,A,-45.60",
            "02/10/2024,B,2000.00",
            "03/10/2024,C,-1.00",
        ),
        [("2024-10-01", 4560, "A"), ("2024-10-02", -200000, "B"), ("2024-10-03", 100, "C")],
    ),
    Export(
        "iban-spaces-col",
        lines(
            "Account,Date,Text,Amount",
            "DE12 5001 0517 0648 4898 90,2024-01-15,A,-45.60",
            "DE12 5001 0517 0648 4898 90,2024-01-16,B,2000.00",
        ),
        [("2024-01-15", 4560, "A"), ("2024-01-16", -200000, "B")],
    ),
    Export(
        "ynab-dinar",
        lines(
            '"Account","Flag","Check Number","Date","Payee","Category","Master Category","Sub Category","Memo","Outflow","Inflow","Cleared","Running Balance"',
            '"Cash",,,2024/01/17,"Shop",,,,"Lunch",د.ا.4.750,د.ا.0.000,C,د.ا.5.250',
        ),
        [("2024-01-17", 4750, "Shop")],
        currency="JOD",
    ),
    Export(
        "amounts-in-summary",
        lines(
            "Date,Summary,Withdrawal,Deposit,Ending balance,Remarks",
            "2024/01/17,Rent,200,,999,",
            "2024/01/18,Pay,,200,999,",
        ),
        [("2024-01-17", 20000, "Rent"), ("2024-01-18", -20000, "Pay")],
    ),
    Export(
        "in-before-out",
        lines(
            "18.01.2024;POS BAKERY;18.01.2024;;33,87",
            "20.01.2024;LOHN FIRMA;20.01.2024;240,00;",
            "21.01.2024;BANKOMAT 17;21.01.2024;;90,00",
        ),
        [
            ("2024-01-18", 3387, "POS BAKERY"),
            ("2024-01-20", -24000, "LOHN FIRMA"),
            ("2024-01-21", 9000, "BANKOMAT 17"),
        ],
    ),
    Export(
        "one-digit-years",
        lines(
            "10-Nov-9,-123.12,,,TRANSFER DEBIT,MORTGAGE,0.00,",
            "09-Nov-10,123.12,,,SALARY,FOO BAR,432.12,",
            "04-Nov-11,-1234.00,,,TRANSFER DEBIT,SAVINGS,0.00,",
            "04-Nov-9,1234.00,,,TRANSFER CREDIT,SAVINGS,1234.00,",
        ),
        [("2010-11-09", -12312, "SALARY"), ("2011-11-04", 123400, "TRANSFER DEBIT")],
        refused=2,
    ),
    Export(
        "cr-lines",
        lines(
            "Check Number,Date,Description,Amount,Category\rINV-1,2/8/24,Lia,-50.00,Expenses\rINV-2,2/24/24,Tom,70.00,Income\r",
        ),
        [("2024-02-08", 5000, "Lia"), ("2024-02-24", -7000, "Tom")],
    ),
    Export(
        "between-balances",
        lines(
            "123456789\tEUR\t20240117\t15,00\t10,00\t20240117\t-5,00\tBakery",
            "123456789\tEUR\t20240117\t10,00\t0,00\t20240117\t-10,00\tCafe",
        ),
        [("2024-01-17", 500, "Bakery"), ("2024-01-17", 1000, "Cafe")],
        currency="EUR",
    ),
    Export(
        "paid-fee-and-both",
        lines(
            "2024-01-03,Shop,-45.60,0.00,-45.60,100.00",
            "2024-01-04,Customer,206.00,-6.00,200.00,300.00",
            "2024-01-05,Customer,103.00,-3.00,100.00,400.00",
            "2024-01-06,Shop,-50.00,0.00,-50.00,350.00",
        ),
        [
            ("2024-01-03", 4560, "Shop"),
            ("2024-01-04", -20000, "Customer"),
            ("2024-01-05", -10000, "Customer"),
            ("2024-01-06", 5000, "Shop"),
        ],
    ),
    Export(
        "one-payee-is-a-number",
        lines(
            "Buchungstag;Name;Beguenstigter/Zahlungspflichtiger;Betrag",
            "03.01.2024;Giro;REWE;-5,00",
            "04.01.2024;Giro;DE12500105170648489890;-6,00",
            "05.01.2024;Giro;ALDI;-7,00",
        ),
        [
            ("2024-01-03", 500, "REWE"),
            ("2024-01-04", 600, "DE12500105170648489890"),
            ("2024-01-05", 700, "ALDI"),
        ],
    ),
    Export(
        "one-row-between-balances",
        lines("123456789\tEUR\t20240117\t15,00\t10,00\t20240117\t-5,00\tBakery"),
        [("2024-01-17", 500, "Bakery")],
        currency="EUR",
    ),
    Export(
        "one-row-behind-a-balance",
        lines("17-01-2024,NL00AAAA0123456789,,Bakery,EUR,354.21,EUR,-200.00,17-01-2024"),
        [("2024-01-17", 20000, "Bakery")],
        currency="EUR",
    ),
    Export(
        "headings-over-currencies",
        lines(
            "Datum,Tijd,Product,ISIN,Omschrijving,FX,Mutatie,,Saldo,,Order Id",
            '27-12-2024,08:14,FUND ONE,NL0000000001,Dividend,,EUR,"0,19",EUR,"13,88",',
            '27-12-2024,08:14,FUND ONE,NL0000000001,Belasting,,EUR,"-0,03",EUR,"13,69",',
            '21-06-2024,16:43,FUND TWO,NL0000000002,Kosten,,EUR,"-2,00",EUR,"13,72",a1-b2',
            '20-06-2024,16:43,FUND TWO,NL0000000002,"Koop 1 @ 2,5",,,,EUR,"15,72",',
        ),
        [
            ("2024-12-27", -19, "Dividend"),
            ("2024-12-27", 3, "Belasting"),
            ("2024-06-21", 200, "Kosten"),
        ],
        currency="EUR",
        refused=1,
    ),
    Export(
        "account-s-own-amount-russian",
        lines(
            "Номер карты/счета/договора;Дата операции;Дата обработки;Сумма операции;"
            "Валюта операции;Сумма пересчитанная в валюту счета;Валюта счета;Основание;Статус",
            "'4000******0001;2024-01-06 00:00:00;2024-01-08;-4,50;EUR;-336,15;RUB;Shop;Исполнено",
            "'4000******0001;2024-01-05 00:00:00;2024-01-07;-3,00;RUB;-3,00;RUB;Cafe;В обработке",
        ),
        [("2024-01-08", 33615, "Shop"), ("2024-01-07", 300, "Cafe")],
        currency="RUB",
    ),
    Export(
        "funding-of-cards",
        lines(
            "id,description,created,amount,card_brand,card_funding",
            "ch_1a,Order 7,2024-01-15 13:12,25.00,Visa,credit",
            "ch_1b,Order 8,2024-01-16 13:12,27.50,Visa,debit",
        ),
        [("2024-01-15", 2500, "Order 7"), ("2024-01-16", 2750, "Order 8")],
    ),
    Export(
        "costs-of-sending",
        lines(
            "Fecha,Descripción,Divisa,Bruto,Comisión,Neto,Importe de envío y manipulación,Nombre",
            '13/1/2024,Pago,EUR,"49,37","-1,78","47,59","0,00",Ana',
            '14/1/2024,Pago,EUR,"-28,82","0,00","-28,82","0,00",Tom',
        ),
        [("2024-01-13", -4759, "Ana"), ("2024-01-14", 2882, "Tom")],
        currency="EUR",
    ),
    Export(
        "balances-around-french",
        lines(
            "Numéro de compte : 01234567890;Nom du compte : M DUPONT;Devise : EUR;;;",
            "Solde en fin de période;;;;655,25;",
            "Date;Numéro d'opération;Libellé;Débit;Crédit;Détail",
            "15/01/2024;0123;VIREMENT RECU;;250,50;Salaire",
            "16/01/2024;9876;PAIEMENT CB;-75,25;;Achat",
            "Solde en début de période;;;;480,00;",
        ),
        [("2024-01-15", -25050, "VIREMENT RECU"), ("2024-01-16", 7525, "PAIEMENT CB")],
        currency="EUR",
        refused=1,
    ),
    Export(
        "values-in-lines-above",
        lines(
            "Bank code : 1001,Agency Code : 100,Download start date : 01/04/2024,,",
            "Account Number : 08088804068,Account Name : Lia,: EUR,,",
            '15/04/2024,OP 1,LABEL 1,"-50,00",',
            '16/04/2024,OP 2,LABEL 2,,"1300,00"',
        ),
        [("2024-04-15", 5000, "OP 1"), ("2024-04-16", -130000, "OP 2")],
        currency="EUR",
    ),
    Export(
        "days-headed-time",
        lines(
            "Type;Instrument;Time;Amount;ID;Comment",
            "Deposit;;2024-01-02 09:00:00;100;1;Deposit",
            "Stock purchase;Fund;2024-01-03 10:00:00;-50,25;2;OPEN BUY 2 @ 25.125",
            "Total;;;49,75;;",
        ),
        [("2024-01-02", -10000, "Deposit"), ("2024-01-03", 5025, "Fund")],
        refused=1,
    ),
    Export(
        "currency-behind-a-tax",
        lines(
            "date;type;name;amount;tax;currency;original_amount;original_currency",
            "2024-01-02;BUY;Fund;-264.96;;EUR;;",
            "2024-01-03;INTEREST;Interest;0.34;-0.08;EUR;;",
        ),
        [("2024-01-02", 26496, "Fund"), ("2024-01-03", -34, "Interest")],
        currency="EUR",
    ),
    Export(
        "bought-and-sold",
        lines(
            "date,ticker,price,amount,name",
            "2024-01-15,AA,150.25,1502.50,Buy A",
            "2024-02-03,BB,2100.75,10503.75,Buy B",
            "2024-06-15,AA,170.50,-852.50,Sell A",
        ),
        [
            ("2024-01-15", 150250, "Buy A"),
            ("2024-02-03", 1050375, "Buy B"),
            ("2024-06-15", -85250, "Sell A"),
        ],
    ),
    Export(
        "bulgarian",
        lines(
            '"Дата и час","Приход","Разход","Кореспондент","Описание"',
            '"15.04.2024 09:14:08","0.00","1.96","Shop","tea"',
        ),
        [("2024-04-15", 196, "Shop")],
    ),
    Export(
        "currency-beside-balances-above",
        lines(
            '"Account Number: XXXX0001 AED",',
            '"Opening Balance: 6,160.82 AED",',
            "Posting Date,Description,Debit Amount,Credit Amount",
            "22/05/2024,SALARY,0.00,41740.76",
            "23/05/2024,RENT,6500,0.00",
        ),
        [("2024-05-22", -4174076, "SALARY"), ("2024-05-23", 650000, "RENT")],
        currency="AED",
    ),
    Export(
        "tokens-and-money",
        lines(
            "Timestamp (UTC),Description,Currency,Amount,Native Currency,Native Amount",
            "2024-01-02 10:15:33,Deposit,USDC,-100.00,GBP,-78.50",
            "2024-01-10 09:00:42,Cashback,CRO,0.25,GBP,0.03",
        ),
        [("2024-01-02", 7850, "Deposit"), ("2024-01-10", -3, "Cashback")],
        currency="GBP",
    ),
    Export(
        "tokens-behind-amounts",
        lines(
            "Date,Description,Amount,Currency,Native Amount,Native Currency",
            "2024-01-02,Deposit,-100.00,USDC,-78.50,GBP",
            "2024-01-10,Cashback,0.25,CRO,0.03,GBP",
        ),
        [("2024-01-02", 7850, "Deposit"), ("2024-01-10", -3, "Cashback")],
        currency="GBP",
    ),
    Export(
        "others-by-number-and-name",
        lines(
            "Uitvoeringsdatum;Bedrag;Rekeningnummer;Tegenpartij;Naam van de tegenpartij;Mededeling",
            "15/01/2024;-5,30;BE58213532153215;BETALING MET KAART;WINKEL;1",
            "16/01/2024;97,57;BE58213532153215;BE12156614845045;LIA;2",
        ),
        [("2024-01-15", 530, "WINKEL"), ("2024-01-16", -9757, "LIA")],
    ),
    Export(
        "crelan",
        lines(
            "Date;Montant;Devise;Contrepartie;Compte contrepartie;Communication;"
            "Compte donneur d'ordre",
            "15/01/2024;-5.95;EUR;STORE;;bread;BE00 0000 1111 2222",
            "16/01/2024;-20.00;EUR;Lia;BE11 1111 2222 3333;rent;BE00 0000 1111 2222",
        ),
        [("2024-01-15", 595, "STORE"), ("2024-01-16", 2000, "Lia")],
        currency="EUR",
    ),
    Export(
        "kinds-before-shops",
        lines(
            *(
                f'"{kind}","Shop {i}","01/{i + 13}/2024","-{i}.82","USD"'
                for i, kind in enumerate(["Food", "Travel"] * 9, 1)
                if i < 18
            )
        ),
        [(f"2024-01-{i + 13}", i * 100 + 82, f"Shop {i}") for i in range(1, 18)],
        currency="USD",
    ),
    Export(
        "hebrew-card",
        lines(
            "תאריך עסקה,תאריך חיוב,שם בית העסק,הערות,סכום חיוב",
            "15/01/2024,20/02/2024,סופר,,-123.45",
            "16/01/2024,20/02/2024,BOOKS,order 12,-89.90",
        ),
        [("2024-02-20", 12345, "סופר"), ("2024-02-20", 8990, "BOOKS")],
    ),
    Export(
        "names-in-the-line-below",
        lines(
            "Uitvoeringsdatum;Valutadatum;Bedrag;Valuta rekening;Details;Wisselkoers;Kost",
            "30/01/2024;31/01/2024;-39,28;EUR;;;",
            ";;;;Village shop;Wisselkoers##1,05;Kost##+0,00",
            "07/01/2024;08/01/2024;+1,50;EUR;;;",
            ";;;;Streams;Wisselkoers##;Kost##",
        ),
        [("2024-01-30", 3928, "Village shop"), ("2024-01-07", -150, "Streams")],
        currency="EUR",
    ),
]
