"""Exports of known banks and programs, made from their published columns: ours, not copied."""

# ruff: noqa: E501 - lines as long as banks write them

from __future__ import annotations

from typing import NamedTuple


class Made(NamedTuple):
    """An export and what it should give.

    `rows` are (account, day, minor units with positive = out, currency, name) in the file's order.
    """

    preset: str
    text: str
    rows: list[tuple[str, str, int, str, str]]
    refused: int = 0
    encoding: str = "utf-8"
    kind: str = ""


def _csv(*lines: str) -> str:
    return "\n".join(lines) + "\n"


MADE = [
    Made(
        "Hive",
        _csv(
            "\ufeffDate,Name,Bank's name,Amount,Currency,Category,Account,Bank,State,Note,Tags,Hidden,Id",
            "2024-01-15,Shop,SHOP 12,-4.50,EUR,Food & Dining,Giro,First Bank,,weekly,home,,17",
            "2024-01-16,Employer,ACME,1200.00,EUR,Income,Giro,First Bank,,,,,18",
        ),
        [
            ("Giro", "2024-01-15", 450, "EUR", "Shop"),
            ("Giro", "2024-01-16", -120000, "EUR", "Employer"),
        ],
    ),
    Made(
        "Mint",
        _csv(
            '"Date","Description","Original Description","Amount","Transaction Type","Category",'
            '"Account Name","Labels","Notes"',
            '"3/04/2023","Corner Cafe","CORNER CAFE 0042","4.50","debit","Coffee","Card A","",""',
            '"3/02/2023","Employer","ACME PAYROLL","1,200.00","credit","Paycheck","Check B","a,b","x"',
        ),
        [
            ("Card A", "2023-03-04", 450, "USD", "Corner Cafe"),
            ("Check B", "2023-03-02", -120000, "USD", "Employer"),
        ],
    ),
    Made(
        "YNAB",
        _csv(
            '\ufeff"Account","Flag","Date","Payee","Category Group/Category","Category Group",'
            '"Category","Memo","Outflow","Inflow","Cleared"',
            '"Giro","","25/01/2024","Bakery","Daily: Food","Daily","Food","rolls",€3.40,€0.00,"Cleared"',
            '"Giro","","26/01/2024","Transfer : Savings","","","","",€50.00,€0.00,"Uncleared"',
            '"Savings","","26/01/2024","Transfer : Giro","","","","",€0.00,€50.00,"Uncleared"',
            '"Giro","","27/01/2024","Shop","Daily: Food","Daily","Food","Split (1/2) a",€1.00,€0.00,""',
            '"Giro","","27/01/2024","Shop","Daily: Fun","Daily","Fun","Split (2/2) b",€2.00,€0.00,""',
        ),
        [
            ("Giro", "2024-01-25", 340, "EUR", "Bakery"),
            ("Giro", "2024-01-26", 5000, "EUR", "Transfer : Savings"),
            ("Giro", "2024-01-27", 300, "EUR", "Shop"),
            ("Savings", "2024-01-26", -5000, "EUR", "Transfer : Giro"),
        ],
    ),
    Made(
        "YNAB 4",
        _csv(
            '"Account","Flag","Check Number","Date","Payee","Category","Master Category",'
            '"Sub Category","Memo","Outflow","Inflow","Cleared","Running Balance"',
            '"Bank","","","01/31/2015","Landlord","Bills: Rent","Bills","Rent","",$700.00,$0.00,"C",$300.00',
            '"Bank","","","01/30/2015","Boss","Income: Now","Income","Now","",$0.00,$1000.00,"C",$1000.00',
        ),
        [
            ("Bank", "2015-01-31", 70000, "", "Landlord"),
            ("Bank", "2015-01-30", -100000, "", "Boss"),
        ],
    ),
    Made(
        "Monarch",
        _csv(
            "Date,Merchant,Category,Account,Original Statement,Notes,Amount,Tags",
            '2024-02-01,Grocer,Groceries,Joint,GROCER 12,,-52.10,"home,food"',
            "2024-02-02,Employer,Paychecks,Joint,ACME,,2100.00,",
        ),
        [
            ("Joint", "2024-02-01", 5210, "USD", "Grocer"),
            ("Joint", "2024-02-02", -210000, "USD", "Employer"),
        ],
    ),
    Made(
        "Actual",
        _csv(
            "Account,Date,Payee,Notes,Category,Amount,Split_Amount,Cleared",
            "Cash,2024-03-05,Market,(SPLIT INTO 2) weekly,,0,-30,Not cleared",
            "Cash,2024-03-05,Market,(SPLIT 1 OF 2) fruit,Food,-20,0,Not cleared",
            "Cash,2024-03-05,Market,(SPLIT 2 OF 2) soap,Home,-10,0,Not cleared",
            "Cash,2024-03-06,Friend,,Gifts,15.5,0,Cleared",
        ),
        [
            ("Cash", "2024-03-05", 3000, "", "Market"),
            ("Cash", "2024-03-06", -1550, "", "Friend"),
        ],
    ),
    Made(
        "Firefly III",
        _csv(
            "user_id,group_id,journal_id,created_at,updated_at,group_title,type,currency_code,amount,"
            "foreign_currency_code,foreign_amount,description,date,source_name,source_iban,source_type,"
            "destination_name,destination_iban,destination_type,reconciled,category,budget,bill,tags,notes",
            "1,3,3,2024-01-03T10:00:00+01:00,2024-01-03T10:00:00+01:00,,Withdrawal,EUR,-12.50,,,Lunch,"
            "2024-01-03T00:00:00+01:00,Giro,,Asset account,Bistro,,Expense account,,Food,,,x,",
            "1,2,2,2024-01-02T10:00:00+01:00,2024-01-02T10:00:00+01:00,,Transfer,EUR,100.00,,,Save,"
            "2024-01-02T00:00:00+01:00,Giro,,Asset account,Savings,,Asset account,,,,,,",
            "1,1,1,2024-01-01T10:00:00+01:00,2024-01-01T10:00:00+01:00,,Deposit,EUR,900.00,,,Pay,"
            "2024-01-01T00:00:00+01:00,Employer,,Revenue account,Giro,,Asset account,,Salary,,,,",
            "1,0,9,2024-01-01T10:00:00+01:00,2024-01-01T10:00:00+01:00,,Opening balance,EUR,5.00,,,Open,"
            "2024-01-01T00:00:00+01:00,Initial,,Initial balance account,Giro,,Asset account,,,,,,",
        ),
        [
            ("Giro", "2024-01-03", 1250, "EUR", "Bistro"),
            ("Giro", "2024-01-02", 10000, "EUR", "Savings"),
            ("Giro", "2024-01-01", -90000, "EUR", "Employer"),
            ("Savings", "2024-01-02", -10000, "EUR", "Giro"),
        ],
        refused=1,
    ),
    Made(
        "Chase checking",
        _csv(
            "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #",
            "DEBIT,05/06/2024,POWER CO BILL,-80.25,ACH_DEBIT,419.75,,",
            "CREDIT,05/03/2024,ACME PAYROLL,500.00,ACH_CREDIT,500.00,,",
        ),
        [
            ("", "2024-05-06", 8025, "USD", "POWER CO BILL"),
            ("", "2024-05-03", -50000, "USD", "ACME PAYROLL"),
        ],
        kind="checking",
    ),
    Made(
        "Chase card",
        _csv(
            "Transaction Date,Post Date,Description,Category,Type,Amount,Memo",
            "04/09/2024,04/10/2024,BOOK STORE,Shopping,Sale,-21.99,",
            "04/08/2024,04/08/2024,Payment Thank You - Web,,Payment,150.00,",
        ),
        [
            ("", "2024-04-10", 2199, "USD", "BOOK STORE"),
            ("", "2024-04-08", -15000, "USD", "Payment Thank You - Web"),
        ],
        kind="credit card",
    ),
    Made(
        "Capital One card",
        _csv(
            "Transaction Date,Posted Date,Card No.,Description,Category,Debit,Credit",
            "2024-06-01,2024-06-02,1234,TACO PLACE,Dining,11.07,",
            "2024-06-03,2024-06-03,1234,CAPITAL ONE PYMT,Payment/Credit,,200.00",
        ),
        [
            ("1234", "2024-06-02", 1107, "USD", "TACO PLACE"),
            ("1234", "2024-06-03", -20000, "USD", "CAPITAL ONE PYMT"),
        ],
        kind="credit card",
    ),
    Made(
        "Capital One 360",
        _csv(
            "Account Number,Transaction Description,Transaction Date,Transaction Type,"
            "Transaction Amount,Balance",
            "4321,Monthly Interest Paid,07/08/24,Credit,1.25,101.25",
            "4321,Withdrawal to X,07/02/24,Debit,40,100.00",
        ),
        [
            ("4321", "2024-07-08", -125, "USD", "Monthly Interest Paid"),
            ("4321", "2024-07-02", 4000, "USD", "Withdrawal to X"),
        ],
    ),
    Made(
        "Apple Card",
        _csv(
            "Transaction Date,Clearing Date,Description,Merchant,Category,Type,Amount (USD),Purchased By",
            '01/05/2024,01/06/2024,"DINER 5 MAIN ST","Diner","Restaurants","Purchase","18.40","A B"',
            '01/02/2024,01/02/2024,"ACH DEPOSIT","Ach Deposit","Payment","Payment","-300.00","A B"',
        ),
        [
            ("", "2024-01-06", 1840, "USD", "Diner"),
            ("", "2024-01-02", -30000, "USD", "Ach Deposit"),
        ],
        kind="credit card",
    ),
    Made(
        "Discover card",
        _csv(
            "Trans. Date,Post Date,Description,Amount,Category",
            '02/03/2024,02/04/2024,"GAS STATION",35.00,"Gasoline"',
            '02/01/2024,02/01/2024,"INTERNET PAYMENT - THANK YOU",-120.00,"Payments and Credits"',
        ),
        [
            ("", "2024-02-04", 3500, "USD", "GAS STATION"),
            ("", "2024-02-01", -12000, "USD", "INTERNET PAYMENT - THANK YOU"),
        ],
        kind="credit card",
    ),
    Made(
        "Monzo",
        _csv(
            "Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,"
            "Local currency,Notes and #tags,Address,Receipt,Description,Category split,Money Out,Money In",
            "tx_0000A1,03/04/2024,09:10:11,Card payment,Pret,,Eating out,-4.50,GBP,-4.50,GBP,lunch,,,"
            "PRET A MANGER,,-4.50,",
            "tx_0000A2,04/04/2024,10:10:11,Faster payment,Mum,,Income,20.00,GBP,20.00,GBP,,,,gift,,,20.00",
        ),
        [
            ("", "2024-04-03", 450, "GBP", "Pret"),
            ("", "2024-04-04", -2000, "GBP", "Mum"),
        ],
    ),
    Made(
        "Starling",
        _csv(
            "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes",
            "02/03/2024,Tesco,TESCO 1,CHIP & PIN,-12.34,87.66,GROCERIES,",
            "03/03/2024,J Doe,thanks,FASTER PAYMENT,10.00,97.66,INCOME,",
        ),
        [
            ("", "2024-03-02", 1234, "GBP", "Tesco"),
            ("", "2024-03-03", -1000, "GBP", "J Doe"),
        ],
    ),
    Made(
        "N26",
        _csv(
            '"Date","Payee","Account number","Transaction type","Payment reference","Amount (EUR)",'
            '"Amount (Foreign Currency)","Type Foreign Currency","Exchange Rate"',
            '"2024-01-05","Kiosk","","MasterCard Payment","","-3.2","-3.2","EUR","1.0"',
            '"2024-01-06","Chef","DE12345","Income","Lohn","1000.0","","",""',
        ),
        [
            ("", "2024-01-05", 320, "EUR", "Kiosk"),
            ("", "2024-01-06", -100000, "EUR", "Chef"),
        ],
    ),
    Made(
        "N26",
        _csv(
            '"Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference",'
            '"Account Name","Amount (EUR)","Original Amount","Original Currency","Exchange Rate"',
            '2024-05-05,2024-05-06,"Kiosk",,"Presentment",,"Main",-3.20,-3.20,EUR,1.0',
            '2024-05-07,2024-05-07,"Chef","DE1","Credit Transfer","Lohn","Main",1000.00,,,',
        ),
        [
            ("Main", "2024-05-05", 320, "EUR", "Kiosk"),
            ("Main", "2024-05-07", -100000, "EUR", "Chef"),
        ],
    ),
    Made(
        "Revolut",
        _csv(
            "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance",
            "CARD_PAYMENT,Current,2024-01-02 10:00:00,2024-01-03 11:00:00,Cafe,-5.00,0.00,EUR,COMPLETED,95.00",
            "TRANSFER,Current,2024-01-04 10:00:00,2024-01-04 10:00:01,To Bob,-10.00,0.50,EUR,COMPLETED,84.50",
            "CARD_PAYMENT,Current,2024-01-05 10:00:00,,Shop,-7.00,0.00,EUR,PENDING,",
            "CARD_PAYMENT,Current,2024-01-05 12:00:00,,Gone,-9.00,0.00,EUR,REVERTED,",
            "TOPUP,Savings,2024-01-05 12:00:00,2024-01-05 12:00:00,Top-up,20.00,0.00,GBP,COMPLETED,20.00",
        ),
        [
            ("Current", "2024-01-03", 500, "EUR", "Cafe"),
            ("Current", "2024-01-04", 1050, "EUR", "To Bob"),
            ("Current", "2024-01-05", 700, "EUR", "Shop"),
            ("Savings", "2024-01-05", -2000, "GBP", "Top-up"),
        ],
        refused=1,
    ),
    Made(
        "ING (Netherlands)",
        _csv(
            '"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";'
            '"Mutatiesoort";"Mededelingen";"Saldo na mutatie";"Tag"',
            '"20240302";"Albert";"NL00INGB0000000001";"";"BA";"Af";"12,50";"Betaalautomaat";"pas 1";"87,50";""',
            '"20240301";"Werk BV";"NL00INGB0000000001";"NL1";"OV";"Bij";"100,00";"Overschrijving";"loon";"100,00";""',
        ),
        [
            ("NL00INGB0000000001", "2024-03-02", 1250, "EUR", "Albert"),
            ("NL00INGB0000000001", "2024-03-01", -10000, "EUR", "Werk BV"),
        ],
    ),
    Made(
        "ING (Netherlands)",
        _csv(
            '"Date","Name / Description","Account","Counterparty","Code","Debit/credit","Amount (EUR)",'
            '"Transaction type","Notifications"',
            '"20240302","Albert","NL00INGB0000000001","","BA","Debit","12,50","Payment terminal","pas 1"',
            '"20240301","Werk BV","NL00INGB0000000001","NL1","OV","Credit","1.100,00","Transfer","loon"',
        ),
        [
            ("NL00INGB0000000001", "2024-03-02", 1250, "EUR", "Albert"),
            ("NL00INGB0000000001", "2024-03-01", -110000, "EUR", "Werk BV"),
        ],
    ),
    Made(
        "ING (Germany)",
        _csv(
            "Umsatzanzeige;Datei erstellt am: 03.04.2024 12:00",
            "",
            "IBAN;DE00 5001 0517 0000 0000 01",
            "Kontoname;Girokonto",
            "Bank;ING",
            "Kunde;A B",
            "Zeitraum;01.01.2024 - 03.04.2024",
            "Saldo;87,50;EUR",
            "",
            "Sortierung;Datum absteigend",
            "",
            "Buchung;Valuta;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;Betrag;Währung",
            "02.03.2024;02.03.2024;Bäcker;Lastschrift;Brot;87,50;EUR;-12,50;EUR",
            "01.03.2024;01.03.2024;Arbeit;Gehalt/Rente;Lohn;100,00;EUR;1.100,00;EUR",
        ),
        [
            ("DE00500105170000000001", "2024-03-02", 1250, "EUR", "Bäcker"),
            ("DE00500105170000000001", "2024-03-01", -110000, "EUR", "Arbeit"),
        ],
        encoding="cp1252",
    ),
    Made(
        "DKB",
        _csv(
            '"Girokonto";"DE00120300000000000001"',
            '""',
            '"Kontostand vom 05.01.2024:";"1.087,50 €"',
            '""',
            '"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";'
            '"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"',
            '"05.01.24";"05.01.24";"Gebucht";"A B";"Bäcker";"Brot";"Ausgang";"DE1";"-12,50 €";"";"";""',
            '"04.01.24";"04.01.24";"Gebucht";"Arbeit";"A B";"Lohn";"Eingang";"DE2";"1.100,00 €";"";"";""',
            '"03.01.24";"";"Vorgemerkt";"A B";"Kiosk";"";"Ausgang";"DE3";"-2 €";"";"";""',
        ),
        [
            ("DE00120300000000000001", "2024-01-05", 1250, "EUR", "Bäcker"),
            ("DE00120300000000000001", "2024-01-04", -110000, "EUR", "Arbeit"),
            ("DE00120300000000000001", "2024-01-03", 200, "EUR", "Kiosk"),
        ],
    ),
    Made(
        "DKB card",
        _csv(
            '"Kreditkarte:";"4998********1234 Kreditkarte";',
            "",
            '"Umsatz abgerechnet";"Wertstellung";"Belegdatum";"Beschreibung";"Betrag (EUR)";"Ursprünglicher Betrag"',
            '"Ja";"15.01.2024";"12.01.2024";"HOTEL";"-1.100,00";"-1.200,00 USD"',
            '"Nein";"16.01.2024";"16.01.2024";"EINZAHLUNG";"50,00";""',
        ),
        [
            ("4998********1234", "2024-01-15", 110000, "EUR", "HOTEL"),
            ("4998********1234", "2024-01-16", -5000, "EUR", "EINZAHLUNG"),
        ],
        encoding="cp1252",
        kind="credit card",
    ),
    Made(
        "Sparkasse",
        _csv(
            '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Glaeubiger ID";'
            '"Mandatsreferenz";"Kundenreferenz (End-to-End)";"Sammlerreferenz";'
            '"Lastschrift Ursprungsbetrag";"Auslagenersatz Ruecklastschrift";'
            '"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"',
            '"DE00370501980000000001";"05.01.24";"05.01.24";"KARTENZAHLUNG";"Danke";"";"";"";"";"";"";'
            '"Markt";"DE9";"X";"-36,99";"EUR";"Umsatz gebucht"',
            '"DE00370501980000000001";"06.01.24";"06.01.24";"GUTSCHR. UEBERW.";"Lohn";"";"";"";"";"";"";'
            '"Werk";"DE8";"X";"1.500,00";"EUR";"Umsatz vorgemerkt"',
        ),
        [
            ("DE00370501980000000001", "2024-01-05", 3699, "EUR", "Markt"),
            ("DE00370501980000000001", "2024-01-06", -150000, "EUR", "Werk"),
        ],
        encoding="cp1252",
    ),
    Made(
        "PayPal",
        _csv(
            '\ufeff"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net",'
            '"From Email Address","To Email Address","Transaction ID","Balance","Subject"',
            '"25/01/2024","10:00:00","CET","Shop","Express Checkout Payment","Completed","EUR","-30,00","0,00","-30,00","a","b","T1","70,00","shoes"',
            '"26/01/2024","10:00:00","CET","Buyer","Payment","Completed","EUR","10,00","-0,70","9,30","a","b","T2","79,30",""',
            '"27/01/2024","10:00:00","CET","Nobody","Payment","Denied","EUR","-5,00","0,00","-5,00","a","b","T3","79,30",""',
            '"28/01/2024","10:00:00","CET","Later","Payment","Pending","USD","-5,00","0,00","-5,00","a","b","T4","0,00",""',
        ),
        [
            ("", "2024-01-25", 3000, "EUR", "Shop"),
            ("", "2024-01-26", -930, "EUR", "Buyer"),
            ("", "2024-01-28", 500, "USD", "Later"),
        ],
        refused=1,
    ),
    Made(
        "Wise",
        _csv(
            '"TransferWise ID",Date,Amount,Currency,Description,"Payment Reference","Running Balance",'
            '"Exchange From","Exchange To","Exchange Rate","Payer Name","Payee Name","Payee Account Number",'
            'Merchant,"Card Last Four Digits","Card Holder Full Name",Attachment,Note,"Total fees"',
            'CARD-1,05-02-2024,-4.00,EUR,"Card transaction of 4.00 EUR",,96.00,,,,,,,Bar,1234,A B,,,0.00',
            'TRANSFER-2,04-02-2024,100.00,EUR,"Received money from X","ref",100.00,,,,X,,,,,,,,0.00',
        ),
        [
            ("", "2024-02-05", 400, "EUR", "Bar"),
            ("", "2024-02-04", -10000, "EUR", "X"),
        ],
    ),
    Made(
        "Wise history",
        _csv(
            'ID,Status,Direction,"Created on","Finished on","Source fee amount","Source fee currency",'
            '"Target fee amount","Target fee currency","Source name","Source amount (after fees)",'
            '"Source currency","Target name","Target amount (after fees)","Target currency",'
            '"Exchange rate",Reference,Batch,"Created by",Category,Note',
            "T-1,COMPLETED,OUT,2024-01-02 10:00:00,2024-01-02 11:00:00,0.50,EUR,,,A B,9.50,EUR,Bob,9.50,EUR,1.0,rent,,,Rent,",
            "T-2,COMPLETED,IN,2024-01-03 10:00:00,2024-01-03 11:00:00,0.00,EUR,,,Ann,20.00,EUR,A B,20.00,EUR,1.0,,,,,",
            "T-3,CANCELLED,OUT,2024-01-04 10:00:00,,0.00,EUR,,,A B,1.00,EUR,Bob,1.00,EUR,1.0,,,,,",
        ),
        [
            ("", "2024-01-02", 1000, "EUR", "Bob"),
            ("", "2024-01-03", -2000, "EUR", "Ann"),
        ],
        refused=1,
    ),
    Made(
        "Venmo",
        _csv(
            "Account Statement - (@someone) ,,,,,,,,,,,,,,,,,,,,,",
            "Account Activity,,,,,,,,,,,,,,,,,,,,,",
            ",ID,Datetime,Type,Status,Note,From,To,Amount (total),Amount (tip),Amount (tax),Amount (fee),"
            "Tax Rate,Tax Exempt,Funding Source,Destination,Beginning Balance,Ending Balance,"
            "Statement Period Venmo Fees,Terminal Location,Year to Date Venmo Fees,Disclaimer",
            ",,,,,,,,,,,,,,,,$0.00,,,,,",
            ",3855,2024-01-04T11:00:00,Payment,Complete,Pizza,Me Myself,Pal One,- $12.00,,0,,0,,Visa,,,,,Venmo,,",
            ",3856,2024-01-05T11:00:00,Payment,Complete,Rent,Pal Two,Me Myself,+ $500.00,,0,,0,,,Venmo balance,,,,Venmo,,",
            ",3857,2024-01-06T11:00:00,Charge,Complete,Gas,Pal Three,Me Myself,- $30.00,,0,,0,,Visa,,,,,Venmo,,",
            ",,,,,,,,,,,,,,,,,$488.00,$0.00,,$0.00,In case of errors",
        ),
        [
            ("", "2024-01-04", 1200, "USD", "Pal One"),
            ("", "2024-01-05", -50000, "USD", "Pal Two"),
            ("", "2024-01-06", 3000, "USD", "Pal Three"),
        ],
    ),
    Made(
        "bunq",
        _csv(
            '"Date","Interest Date","Amount","Account","Counterparty","Name","Description"',
            '"2024-01-02","2024-01-02","-8,78","NL00BUNQ0000000001","","Cloud","CLOUD 1"',
            '"2024-01-03","2024-01-03","1.008,00","NL00BUNQ0000000001","NL5","Ann","for you"',
        ),
        [
            ("NL00BUNQ0000000001", "2024-01-02", 878, "EUR", "Cloud"),
            ("NL00BUNQ0000000001", "2024-01-03", -100800, "EUR", "Ann"),
        ],
    ),
    Made(
        "Nationwide",
        _csv(
            '"Account Name:","FlexAccount ****12345"',
            '"Account Balance:","£460.23"',
            '"Available Balance: ","£460.23"',
            "",
            '"Date","Transaction type","Description","Paid out","Paid in","Balance"',
            '"07 Nov 2023","Bank credit","Employer","","£500.00","£500.00"',
            '"09 Nov 2023","Visa purchase","Market","£39.77","","£460.23"',
        ),
        [
            ("****12345", "2023-11-07", -50000, "GBP", "Employer"),
            ("****12345", "2023-11-09", 3977, "GBP", "Market"),
        ],
        encoding="cp1252",
    ),
    Made(
        "Schwab",
        _csv(
            '"Date","Status","Type","CheckNumber","Description","Withdrawal","Deposit","RunningBalance"',
            '"01/05/2024","Posted","VISA","","CAFE","$4.00","","$96.00"',
            '"01/02/2024","Posted","ACH","","PAY","","$100.00","$100.00"',
        ),
        [
            ("", "2024-01-05", 400, "USD", "CAFE"),
            ("", "2024-01-02", -10000, "USD", "PAY"),
        ],
    ),
    Made(
        "Schwab brokerage",
        _csv(
            '"Transactions  for account ...123 as of 01/06/2024 10:00:00 ET"',
            '"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"',
            '"01/05/2024 as of 01/04/2024","Buy","ABC","ABC CORP","10","$5.00","$1.00","-$51.00"',
            '"01/03/2024","Cash Dividend","ABC","ABC CORP","","","","$2.50"',
            '"01/02/2024","Stock Split","ABC","ABC CORP","10","","",""',
            '"Transactions Total","","","","","","","-$48.50"',
        ),
        [
            ("...123", "2024-01-05", 5100, "USD", "ABC CORP"),
            ("...123", "2024-01-03", -250, "USD", "ABC CORP"),
        ],
        refused=2,
        kind="investment",
    ),
    Made(
        "American Express",
        _csv(
            "Date,Description,Amount,Extended Details,Appears On Your Statement As,Address,City/State,"
            "Zip Code,Country,Reference,Category",
            "01/25/2024,HOTEL,300.00,x,HOTEL,,,,US,'320240250001',Travel",
            "01/26/2024,PAYMENT RECEIVED - THANK YOU,-300.00,,,,,,,'320240260001',",
        ),
        [
            ("", "2024-01-25", 30000, "", "HOTEL"),
            ("", "2024-01-26", -30000, "", "PAYMENT RECEIVED - THANK YOU"),
        ],
        kind="credit card",
    ),
]
