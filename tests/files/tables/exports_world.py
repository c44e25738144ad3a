"""Exports of banks elsewhere and of programs: made up here after the columns that they have, nothing copied."""

# ruff: noqa: E501, RUF001 - lines as long as banks write them, in their letters

from tests.files.tables.export import Export, lines

WORLD = [
    Export(
        "boa-checking",
        lines(
            "Description,,Summary Amt.",
            'Beginning balance as of 01/01/2024,,"1,000.00"',
            'Total credits,,"2,000.00"',
            'Total debits,,"-45.60"',
            'Ending balance as of 01/31/2024,,"2,954.40"',
            "",
            "Date,Description,Amount,Running Bal.",
            '01/01/2024,Beginning balance as of 01/01/2024,,"1,000.00"',
            '01/05/2024,"TRADER JOES 01/04 PURCHASE","-45.60","954.40"',
            '01/15/2024,"ACME DES:PAYROLL","2,000.00","2,954.40"',
        ),
        [
            ("2024-01-05", 4560, "TRADER JOES 01/04 PURCHASE"),
            ("2024-01-15", -200000, "ACME DES:PAYROLL"),
        ],
        refused=1,
    ),
    Export(
        "boa-card",
        lines(
            "Posted Date,Reference Number,Payee,Address,Amount",
            '01/15/2024,24692164014100012345678,"TRADER JOES","SEATTLE WA",-45.60',
            '01/16/2024,24692164014100012345679,"PAYMENT - THANK YOU","",200.00',
        ),
        [("2024-01-15", 4560, "TRADER JOES"), ("2024-01-16", -20000, "PAYMENT - THANK YOU")],
    ),
    Export(
        "wells-fargo",
        lines(
            '"01/15/2024","-45.60","*","","PURCHASE AUTHORIZED ON 01/14 TRADER JOES"',
            '"01/16/2024","2000.00","*","","ACME PAYROLL"',
            '"01/17/2024","-100.00","*","1234","CHECK # 1234"',
        ),
        [
            ("2024-01-15", 4560, "PURCHASE AUTHORIZED ON 01/14 TRADER JOES"),
            ("2024-01-16", -200000, "ACME PAYROLL"),
            ("2024-01-17", 10000, "CHECK # 1234"),
        ],
    ),
    Export(
        "citi-card",
        lines(
            "Status,Date,Description,Debit,Credit,Member Name",
            'Cleared,01/15/2024,"TRADER JOES  SEATTLE WA",45.60,,JOHN',
            'Cleared,01/16/2024,"ONLINE PAYMENT, THANK YOU",,-200.00,JOHN',
            'Pending,01/17/2024,"AMAZON",10.00,,JOHN',
        ),
        [
            ("2024-01-15", 4560, "TRADER JOES SEATTLE WA"),
            ("2024-01-16", -20000, "ONLINE PAYMENT, THANK YOU"),
            ("2024-01-17", 1000, "AMAZON"),
        ],
    ),
    Export(
        "usaa-new",
        lines(
            "Date,Description,Original Description,Category,Amount,Status",
            "2024-01-15,Trader Joe's,TRADER JOES #123,Groceries,-45.60,Posted",
            "2024-01-16,Acme,ACME PAYROLL,Paycheck,2000.00,Posted",
            "2024-01-17,Amazon,AMZN,Shopping,-10.00,Pending",
        ),
        [
            ("2024-01-15", 4560, "Trader Joe's"),
            ("2024-01-16", -200000, "Acme"),
            ("2024-01-17", 1000, "Amazon"),
        ],
    ),
    Export(
        "usaa-old",
        lines(
            "posted,,01/15/2024,,TRADER JOES,Groceries,-45.60",
            "posted,,01/16/2024,,ACME PAYROLL,Paycheck,2000.00",
            "forecasted,,01/20/2024,,RENT,Rent,-500.00",
        ),
        [
            ("2024-01-15", 4560, "TRADER JOES"),
            ("2024-01-16", -200000, "ACME PAYROLL"),
            ("2024-01-20", 50000, "RENT"),
        ],
    ),
    Export(
        "schwab-bank",
        lines(
            '"Date","Status","Type","CheckNumber","Description","Withdrawal","Deposit","RunningBalance"',
            '"01/16/2024","Posted","ACH","","ACME PAYROLL","","$2,000.00","$2,954.40"',
            '"01/15/2024","Posted","VISA","","TRADER JOES","$45.60","","$954.40"',
        ),
        [("2024-01-16", -200000, "ACME PAYROLL"), ("2024-01-15", 4560, "TRADER JOES")],
        currency="USD",
    ),
    Export(
        "fidelity-card",
        lines(
            '"Date","Transaction","Name","Memo","Amount"',
            '"2024-01-15","DEBIT","TRADER JOES SEATTLE WA","24692164014100012345678; 05411; ; ; ;","-45.60"',
            '"2024-01-16","CREDIT","PAYMENT THANK YOU","WEB AUTOMTC; ; ; ; ;","200.00"',
        ),
        [
            ("2024-01-15", 4560, "TRADER JOES SEATTLE WA"),
            ("2024-01-16", -20000, "PAYMENT THANK YOU"),
        ],
    ),
    Export(
        "amex-us-short",
        lines(
            "01/15/2024,Reference: 320240150001,$45.60,TRADER JOES SEATTLE WA,",
            "01/16/2024,Reference: 320240160001,$-200.00,ONLINE PAYMENT - THANK YOU,",
            "01/17/2024,Reference: 320240170001,$10.00,AMAZON,",
        ),
        [
            ("2024-01-15", 4560, "TRADER JOES SEATTLE WA"),
            ("2024-01-16", -20000, "ONLINE PAYMENT - THANK YOU"),
            ("2024-01-17", 1000, "AMAZON"),
        ],
    ),
    Export(
        "ally",
        lines(
            "Date, Time, Amount, Type, Description",
            "2024-01-15, 10:11:12, -45.60, Withdrawal, TRADER JOES",
            "2024-01-16, 04:11:12, 2000.00, Deposit, ACME PAYROLL",
        ),
        [("2024-01-15", 4560, "TRADER JOES"), ("2024-01-16", -200000, "ACME PAYROLL")],
    ),
    Export(
        "pnc",
        lines(
            "Date,Description,Withdrawals,Deposits,Category,Balance",
            '01/16/2024,ACH CREDIT ACME,,"$2,000.00",Paychecks,"$2,954.40"',
            "01/15/2024,TRADER JOES,$45.60,,Groceries,$954.40",
        ),
        [("2024-01-16", -200000, "ACH CREDIT ACME"), ("2024-01-15", 4560, "TRADER JOES")],
    ),
    Export(
        "pnc-old",
        lines(
            "1234567890,2024/01/01,2024/01/31,1000.00,2954.40",
            '2024/01/15,45.60,"TRADER JOES","PURCHASE","",DEBIT',
            '2024/01/16,2000.00,"ACME PAYROLL","ACH","",CREDIT',
        ),
        [("2024-01-15", 4560, "TRADER JOES"), ("2024-01-16", -200000, "ACME PAYROLL")],
        refused=1,
    ),
    Export(
        "usbank",
        lines(
            '"Date","Transaction","Name","Memo","Amount"',
            '"1/15/2024","DEBIT","TRADER JOES","Download from usbank.com.","-45.6000"',
            '"1/16/2024","CREDIT","ACME","Download from usbank.com.","2000.0000"',
        ),
        [("2024-01-15", 4560, "TRADER JOES"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "sofi",
        lines(
            "Date,Description,Type,Amount,Current balance,Status",
            "2024-01-16,ACME,DIRECT_DEPOSIT,2000.00,2954.40,Posted",
            "2024-01-15,TRADER JOES,DEBIT_CARD,-45.60,954.40,Posted",
        ),
        [("2024-01-16", -200000, "ACME"), ("2024-01-15", 4560, "TRADER JOES")],
    ),
    Export(
        "chase-card-new",
        lines(
            "Card,Transaction Date,Post Date,Description,Category,Type,Amount,Memo",
            "1234,01/15/2024,01/16/2024,TRADER JOES,Groceries,Sale,-45.60,",
            "1234,01/16/2024,01/16/2024,Payment Thank You,,Payment,200.00,",
        ),
        [("2024-01-16", 4560, "TRADER JOES"), ("2024-01-16", -20000, "Payment Thank You")],
        currency="USD",
    ),
    Export(
        "key-bank",
        lines(
            "Transactions from 01/01/2024 to 01/31/2024",
            "Account: Checking xxxx1234",
            "Date,Amount,Description,Ref. #",
            "01/15/2024,($45.60),TRADER JOES,123",
            '01/16/2024,"$2,000.00",ACME,124',
        ),
        [("2024-01-15", 4560, "TRADER JOES"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "rbc",
        lines(
            '"Account Type","Account Number","Transaction Date","Cheque Number","Description 1","Description 2","CAD$","USD$"',
            'Chequing,01234-1234567,1/15/2024,,"LOBLAWS","TORONTO",-45.60,,',
            'Chequing,01234-1234567,1/16/2024,,"PAYROLL","ACME",2000.00,,',
            'Visa,4510123412341234,1/17/2024,,"AMAZON","",-10.00,,',
        ),
        [
            ("2024-01-15", 4560, "LOBLAWS"),
            ("2024-01-16", -200000, "PAYROLL"),
            ("2024-01-17", 1000, "AMAZON"),
        ],
        currency="CAD",
    ),
    Export(
        "td-noheading",
        lines(
            "01/15/2024,LOBLAWS TORONTO,45.60,,954.40",
            "01/16/2024,ACME PAYROLL,,2000.00,2954.40",
            "01/17/2024,AMAZON,10.00,,2944.40",
        ),
        [
            ("2024-01-15", 4560, "LOBLAWS TORONTO"),
            ("2024-01-16", -200000, "ACME PAYROLL"),
            ("2024-01-17", 1000, "AMAZON"),
        ],
    ),
    Export(
        "td-card-noheading",
        lines(
            "01/17/2024,AMAZON,10.00,,855.60",
            "01/16/2024,PAYMENT - THANK YOU,,200.00,845.60",
            "01/15/2024,LOBLAWS TORONTO,45.60,,1045.60",
        ),
        [
            ("2024-01-17", 1000, "AMAZON"),
            ("2024-01-16", -20000, "PAYMENT - THANK YOU"),
            ("2024-01-15", 4560, "LOBLAWS TORONTO"),
        ],
    ),
    Export(
        "cibc",
        lines(
            '2024-01-15,"Point of Sale - Interac RETAIL PURCHASE 123 LOBLAWS",45.60,',
            '2024-01-16,"Electronic Funds Transfer PAY ACME",,2000.00',
        ),
        [
            ("2024-01-15", 4560, "Point of Sale - Interac RETAIL PURCHASE 123 LOBLAWS"),
            ("2024-01-16", -200000, "Electronic Funds Transfer PAY ACME"),
        ],
    ),
    Export(
        "cibc-card",
        lines(
            "2024-01-15,LOBLAWS TORONTO,45.60,,4500********1234",
            "2024-01-16,PAYMENT THANK YOU,,200.00,4500********1234",
        ),
        [("2024-01-15", 4560, "LOBLAWS TORONTO"), ("2024-01-16", -20000, "PAYMENT THANK YOU")],
    ),
    Export(
        "scotiabank",
        lines(
            '1/15/2024,-45.60,-,"POS Purchase","LOBLAWS"',
            '1/16/2024,2000.00,-,"Payroll","ACME"',
        ),
        [("2024-01-15", 4560, "POS Purchase"), ("2024-01-16", -200000, "Payroll")],
    ),
    Export(
        "tangerine",
        lines(
            "Date,Transaction,Name,Memo,Amount",
            "1/15/2024,DEBIT,EFT Withdrawal to LOBLAWS,Transferred,-45.6",
            "1/16/2024,CREDIT,EFT Deposit from ACME,Payroll,2000",
        ),
        [
            ("2024-01-15", 4560, "EFT Withdrawal to LOBLAWS"),
            ("2024-01-16", -200000, "EFT Deposit from ACME"),
        ],
    ),
    Export(
        "desjardins",
        lines(
            '"LA CAISSE","123456","EOP","2024/01/15",00001,"Achat / METRO","",45.60,"","","","","",954.40',
            '"LA CAISSE","123456","EOP","2024/01/16",00002,"Paie / ACME","","",2000.00,"","","","",2954.40',
        ),
        [("2024-01-15", 4560, "Achat / METRO"), ("2024-01-16", -200000, "Paie / ACME")],
        encoding="cp1252",
    ),
    Export(
        "bmo",
        lines(
            "Following data is valid as of 20240131101112 (Year/Month/Day/Hour/Minute/Second)",
            "",
            "",
            "First Bank Card,Transaction Type,Date Posted, Transaction Amount,Description",
            "",
            "",
            "'5510123412341234',DEBIT,20240115,-45.60,[PR]LOBLAWS",
            "'5510123412341234',CREDIT,20240116,2000.00,[DN]ACME PAY",
        ),
        [("2024-01-15", 4560, "[PR]LOBLAWS"), ("2024-01-16", -200000, "[DN]ACME PAY")],
    ),
    Export(
        "commbank",
        lines(
            '15/01/2024,"-45.60","WOOLWORTHS 1234 SYDNEY","+954.40"',
            '13/01/2024,"+1000.00","Salary ACME","+1000.00"',
        ),
        [("2024-01-15", 4560, "WOOLWORTHS 1234 SYDNEY"), ("2024-01-13", -100000, "Salary ACME")],
    ),
    Export(
        "anz",
        lines(
            '15/01/2024,"-45.60","WOOLWORTHS 1234 SYDNEY"',
            '13/01/2024,"1,000.00","PAY/SALARY FROM ACME"',
        ),
        [
            ("2024-01-15", 4560, "WOOLWORTHS 1234 SYDNEY"),
            ("2024-01-13", -100000, "PAY/SALARY FROM ACME"),
        ],
    ),
    Export(
        "westpac",
        lines(
            "Bank Account,Date,Narrative,Debit Amount,Credit Amount,Balance,Categories,Serial",
            '732000123456,15/01/2024,"WOOLWORTHS",45.60,,954.40,PAYMENT,',
            '732000123456,13/01/2024,"ACME",,1000.00,1000.00,SALARY,',
        ),
        [("2024-01-15", 4560, "WOOLWORTHS"), ("2024-01-13", -100000, "ACME")],
    ),
    Export(
        "nab-new",
        lines(
            "Date,Amount,Account Number,,Transaction Type,Transaction Details,Balance,Category,Merchant Name,Processed On",
            "15 Jan 24,-45.60,123456789,,EFTPOS DEBIT,WOOLWORTHS,954.40,Groceries,Woolworths,15 Jan 24",
            "13 Jan 24,1000.00,123456789,,INTER-BANK CREDIT,ACME,1000.00,Income,,13 Jan 24",
        ),
        [("2024-01-15", 4560, "Woolworths"), ("2024-01-13", -100000, "ACME")],
    ),
    Export(
        "nab-old",
        lines(
            "15-Jan-24,-45.60,123456789,,EFTPOS DEBIT,WOOLWORTHS,954.40,",
            "13-Jan-24,1000.00,123456789,,INTER-BANK CREDIT,ACME,1000.00,",
        ),
        [("2024-01-15", 4560, "EFTPOS DEBIT"), ("2024-01-13", -100000, "INTER-BANK CREDIT")],
    ),
    Export(
        "asb",
        lines(
            "Created date / time : 31 January 2024 / 10:11:12",
            "Bank 12; Branch 3456; Account 1234567-50 (Streamline)",
            "From date 20240101",
            "To date 20240131",
            "Avail Bal : 954.40 as of 20240131",
            "Ledger Balance : 954.40 as of 20240131",
            "Date,Unique Id,Tran Type,Cheque Number,Payee,Memo,Amount",
            "",
            '2024/01/13,2024011301,D/C,,"ACME","Salary",1000.00',
            '2024/01/15,2024011501,EFTPOS,,"COUNTDOWN","CARD 1234",-45.60',
        ),
        [("2024-01-13", -100000, "ACME"), ("2024-01-15", 4560, "COUNTDOWN")],
    ),
    Export(
        "kiwibank",
        lines(
            "Account number,Date,Memo/Description,Source Code (payment type),TP ref,TP part,TP code,OP ref,OP part,OP code,OP name,OP Bank Account Number,Amount (credit),Amount (debit),Amount,Balance",
            "38-9000-0123456-00,13-01-2024,ACME SALARY,,,,,,,,ACME,,1000.00,,1000.00,1000.00",
            "38-9000-0123456-00,15-01-2024,POS W/D COUNTDOWN,,,,,,,,,,,45.60,-45.60,954.40",
        ),
        [("2024-01-13", -100000, "ACME"), ("2024-01-15", 4560, "POS W/D COUNTDOWN")],
    ),
    Export(
        "kiwibank-old",
        lines(
            "38-9000-0123456-00\t",
            "13 Jan 2024, AP#1234 FROM ACME, ,1000.00,1000.00",
            "15 Jan 2024, POS W/D COUNTDOWN, ,-45.60,954.40",
        ),
        [("2024-01-13", -100000, "AP#1234 FROM ACME"), ("2024-01-15", 4560, "POS W/D COUNTDOWN")],
    ),
    Export(
        "bnz",
        lines(
            "Date,Amount,Payee,Particulars,Code,Reference,Tran Type,This Party Account,Other Party Account,Serial,Transaction Code,Batch Number,Originating Bank/Branch,Processed Date",
            "13/01/24,1000.00,ACME,Salary,,,DC,02-0100-0123456-000,,,50,123,,13/01/24",
            "15/01/24,-45.60,COUNTDOWN,1234,,,POS,02-0100-0123456-000,,,00,124,,15/01/24",
        ),
        [("2024-01-13", -100000, "ACME"), ("2024-01-15", 4560, "COUNTDOWN")],
    ),
    Export(
        "macquarie",
        lines(
            "Transaction Date,Details,Account,Category,Subcategory,Tags,Notes,Debit,Credit,Balance,Original Description",
            "15 Jan 2024,WOOLWORTHS,Everyday,Groceries,Supermarket,,,45.60,,954.40,WOOLWORTHS 123",
            "13 Jan 2024,ACME,Everyday,Income,Salary,,,,1000.00,1000.00,ACME PAY",
        ),
        [("2024-01-15", 4560, "WOOLWORTHS"), ("2024-01-13", -100000, "ACME")],
    ),
    Export(
        "up-bank",
        lines(
            "Time,BSB / Account Number,Transaction Type,Payee,Description,Category,Tags,Subtotal (AUD),Currency,Subtotal (Transaction Currency),Fee (AUD),Round Up (AUD),Total (AUD),Payment Method,Settled Date",
            "2024-01-15T10:11:12+10:00,633-123 / 123456789,Purchase,Woolworths,WOOLWORTHS 1234,Groceries,,-45.60,AUD,-45.60,0.00,-0.40,-46.00,Card,2024-01-16",
            "2024-01-13T10:11:12+10:00,633-123 / 123456789,Salary,Acme,Pay,,,1000.00,AUD,1000.00,0.00,0.00,1000.00,,2024-01-13",
        ),
        [("2024-01-16", 4600, "Woolworths"), ("2024-01-13", -100000, "Acme")],
        currency="AUD",
    ),
    Export(
        "hdfc",
        lines(
            "  Date     ,Narration                                                                                                                ,Value Dat,Debit Amount       ,Credit Amount      ,Chq/Ref Number   ,Closing Balance",
            " 15/01/24  ,UPI-SWIGGY-SWIGGY@ICICI-ICIC0000-123                                                                                     ,15/01/24 ,         450.00    ,            0.00   ,0000123456789   ,        99550.00",
            " 16/01/24  ,NEFT CR-ACME SALARY                                                                                                      ,16/01/24 ,           0.00    ,       150000.00   ,0000123456790   ,       249550.00",
        ),
        [
            ("2024-01-15", 45000, "UPI-SWIGGY-SWIGGY@ICICI-ICIC0000-123"),
            ("2024-01-16", -15000000, "NEFT CR-ACME SALARY"),
        ],
    ),
    Export(
        "icici",
        lines(
            '"DETAILED STATEMENT"',
            '"Transactions List - JOHN (INR) - 000012345678"',
            '"S No.","Value Date","Transaction Date","Cheque Number","Transaction Remarks","Withdrawal Amount (INR )","Deposit Amount (INR )","Balance (INR )"',
            '"1","15/01/2024","15/01/2024","-","UPI/123/SWIGGY","450.00","0.00","99550.00"',
            '"2","16/01/2024","16/01/2024","-","NEFT-ACME","0.00","1,50,000.00","2,49,550.00"',
        ),
        [("2024-01-15", 45000, "UPI/123/SWIGGY"), ("2024-01-16", -15000000, "NEFT-ACME")],
        currency="INR",
    ),
    Export(
        "sbi-tab",
        lines(
            "Account Name       :\tMr. JOHN",
            "Address            :\t1 STREET",
            "Date               :\t31 Jan 2024",
            "Account Number     :\t_00000012345678901",
            "Account Description :\tREGULAR SB CHQ",
            "Branch             :\tMAIN",
            "Interest Rate(% p.a.)  :\t2.7",
            "Balance as on 1 Jan 2024 :\t1,00,000.00",
            "Start Date         :\t1 Jan 2024",
            "End Date           :\t31 Jan 2024",
            "",
            "Txn Date\tValue Date\tDescription\tRef No./Cheque No.\t        Debit\tCredit\tBalance",
            '15 Jan 2024\t15 Jan 2024\t"   TO TRANSFER-UPI/DR/SWIGGY--"\t"TRANSFER TO 123 "\t450.00\t \t99,550.00',
            '16 Jan 2024\t16 Jan 2024\t"   BY TRANSFER-NEFT*ACME--"\t"TRANSFER FROM 456 "\t \t1,50,000.00\t2,49,550.00',
            "",
            "**This is a computer generated statement and does not require a signature",
        ),
        [
            ("2024-01-15", 45000, "TO TRANSFER-UPI/DR/SWIGGY--"),
            ("2024-01-16", -15000000, "BY TRANSFER-NEFT*ACME--"),
        ],
    ),
    Export(
        "axis",
        lines(
            "Name :- JOHN",
            "Joint Holder :- -",
            "Statement of Account No - 910010012345678 for the period (From : 01-01-2024 To : 31-01-2024)",
            "",
            "Tran Date,CHQNO,PARTICULARS,DR,CR,BAL,SOL",
            '15-01-2024,-,"UPI/P2M/SWIGGY",      450.00, ,  99550.00,123',
            '16-01-2024,-,"NEFT/ACME", ,  150000.00, 249550.00,123',
            "",
            "Unless the constituent notifies the bank immediately of any discrepancy found by him/her in this statement of Account",
        ),
        [("2024-01-15", 45000, "UPI/P2M/SWIGGY"), ("2024-01-16", -15000000, "NEFT/ACME")],
    ),
    Export(
        "kotak",
        lines(
            "Sl. No.,Transaction Date,Value Date,Description,Chq / Ref No.,Amount,Dr / Cr,Balance,Dr / Cr",
            '1,15-01-2024,15-01-2024,UPI/SWIGGY,UPI-123,450.00,DR,"99,550.00",CR',
            '2,16-01-2024,16-01-2024,NEFT ACME,N-123,"1,50,000.00",CR,"2,49,550.00",CR',
        ),
        [("2024-01-15", 45000, "UPI/SWIGGY"), ("2024-01-16", -15000000, "NEFT ACME")],
    ),
    Export(
        "hdfc-card",
        lines(
            "Transaction type~Customer Name~DATE~Description~AMT~Debit / Credit ",
            "Domestic~JOHN~15/01/2024 10:11:12~SWIGGY~450.00~",
            "Domestic~JOHN~16/01/2024 10:11:12~PAYMENT RECEIVED~5,000.00~Cr",
        ),
        [("2024-01-15", 45000, "SWIGGY"), ("2024-01-16", -500000, "PAYMENT RECEIVED")],
    ),
    Export(
        "japan-rakuten",
        lines(
            "取引日,入出金(円),取引後残高(円),入出金内容",
            "20240115,-4560,95440,スーパー",
            "20240116,200000,295440,給与",
        ),
        [("2024-01-15", 4560, "スーパー"), ("2024-01-16", -200000, "給与")],
        currency="JPY",
        encoding="cp932",
    ),
    Export(
        "nubank-card",
        lines(
            "date,category,title,amount",
            "2024-01-15,supermercado,Carrefour,45.60",
            "2024-01-16,,Pagamento recebido,-200",
            "2024-01-17,outros,Amazon,10.5",
        ),
        [
            ("2024-01-15", 4560, "Carrefour"),
            ("2024-01-16", -20000, "Pagamento recebido"),
            ("2024-01-17", 1050, "Amazon"),
        ],
    ),
    Export(
        "nubank-account",
        lines(
            "Data,Valor,Identificador,Descrição",
            "15/01/2024,-45.60,65a1b2c3-0000,Compra no débito - CARREFOUR",
            "16/01/2024,2000.00,65a1b2c3-0001,Transferência recebida pelo Pix - ACME",
        ),
        [
            ("2024-01-15", 4560, "Compra no débito - CARREFOUR"),
            ("2024-01-16", -200000, "Transferência recebida pelo Pix - ACME"),
        ],
    ),
    Export(
        "itau",
        lines(
            "15/01/2024;PIX TRANSF CARREFOUR;-45,60",
            "16/01/2024;SALARIO ACME;2.000,00",
        ),
        [("2024-01-15", 4560, "PIX TRANSF CARREFOUR"), ("2024-01-16", -200000, "SALARIO ACME")],
        encoding="cp1252",
    ),
    Export(
        "bradesco",
        lines(
            "Extrato de: Ag: 1234 | CC: 0012345-6 | Entre 01/01/2024 e 31/01/2024",
            "Data;Histórico;Docto.;Crédito (R$);Débito (R$);Saldo (R$);",
            "15/01/24;COMPRA CARREFOUR;123;;-45,60;954,40;",
            "16/01/24;SALARIO;124;2.000,00;;2.954,40;",
            ";Total;;2.000,00;-45,60;2.954,40;",
        ),
        [("2024-01-15", 4560, "COMPRA CARREFOUR"), ("2024-01-16", -200000, "SALARIO")],
        currency="BRL",
        refused=1,
        encoding="cp1252",
    ),
    Export(
        "thai",
        lines(
            "วันที่,รายการ,ถอนเงิน,ฝากเงิน,ยอดคงเหลือ",
            "15/01/2024,7-ELEVEN,45.60,,954.40",
            "16/01/2024,เงินเดือน,,2000.00,2954.40",
            "17/01/2024,BTS,10.00,,2944.40",
        ),
        [
            ("2024-01-15", 4560, "7-ELEVEN"),
            ("2024-01-16", -200000, "เงินเดือน"),
            ("2024-01-17", 1000, "BTS"),
        ],
        encoding="cp874",
    ),
    Export(
        "venmo",
        lines(
            "Account Statement - (@john) ,,,,,,,,,,,,,,,,,,,,,",
            "Account Activity,,,,,,,,,,,,,,,,,,,,,",
            ",ID,Datetime,Type,Status,Note,From,To,Amount (total),Amount (tip),Amount (tax),Amount (fee),Tax Rate,Tax Exempt,Funding Source,Destination,Beginning Balance,Ending Balance,Statement Period Venmo Fees,Terminal Location,Year to Date Venmo Fees,Disclaimer",
            ",,,,,,,,,,,,,,,,$0.00,,,,,",
            ",3800000000000000001,2024-01-15T10:11:12,Payment,Complete,Pizza,John,Jane,- $45.60,,0,,0,,VISA 1234,,,,,Venmo,,",
            ',3800000000000000002,2024-01-16T10:11:12,Payment,Complete,Rent,Jane,John,"+ $2,000.00",,0,,0,,,Venmo balance,,,,Venmo,,',
            ',,,,,,,,,,,,,,,,,$100.00,$0.00,,$0.00,"In case of errors"',
        ),
        [("2024-01-15", 4560, "Jane"), ("2024-01-16", -200000, "Jane")],
        currency="USD",
    ),
    Export(
        "payoneer",
        lines(
            "Date,Description,Amount,Currency,Status",
            '"15 Jan, 2024",Card charge (AMAZON),-45.60,USD,Completed',
            '"16 Jan, 2024",Payment from ACME,"2,000.00",USD,Completed',
        ),
        [
            ("2024-01-15", 4560, "Card charge (AMAZON)"),
            ("2024-01-16", -200000, "Payment from ACME"),
        ],
        currency="USD",
    ),
    Export(
        "homebank-csv",
        lines(
            "15-01-24;6;;Tesco;weekly;-45.60;Food;",
            "16-01-24;4;;Acme;salary;2000.00;Income;",
        ),
        [("2024-01-15", 4560, "Tesco"), ("2024-01-16", -200000, "Acme")],
    ),
    Export(
        "toshl",
        lines(
            "Date,Account,Category,Tags,Expense amount,Income amount,Currency,In main currency,Main currency,Description",
            "1/15/24,Cash,Food,,45.60,0,USD,45.60,USD,Tesco",
            '1/16/24,Cash,Salary,,0,"2,000.00",USD,"2,000.00",USD,Acme',
        ),
        [("2024-01-15", 4560, "Tesco"), ("2024-01-16", -200000, "Acme")],
        currency="USD",
    ),
    Export(
        "ynab-budget-import",
        lines(
            "Date,Payee,Memo,Outflow,Inflow",
            "15/01/2024,Tesco,weekly,45.60,",
            "16/01/2024,Acme,,,2000.00",
        ),
        [("2024-01-15", 4560, "Tesco"), ("2024-01-16", -200000, "Acme")],
    ),
    Export(
        "copilot",
        lines(
            "date,name,amount,status,category,parent category,excluded,tags,type,account,account mask,note,recurring",
            "2024-01-15,Trader Joes,45.6,posted,Groceries,Food,false,,regular,Checking,1234,,",
            "2024-01-16,Acme,-2000,posted,Income,,false,,income,Checking,1234,,",
        ),
        [("2024-01-15", 4560, "Trader Joes"), ("2024-01-16", -200000, "Acme")],
    ),
    Export(
        "lunchmoney",
        lines(
            "date,payee,amount,currency,category,tags,account,notes",
            "2024-01-15,Trader Joes,45.60,usd,Groceries,,Checking,",
            "2024-01-16,Acme Payroll,-2000.00,usd,Income,,Checking,",
            "2024-01-17,Amazon,10.00,usd,Shopping,,Checking,",
        ),
        [
            ("2024-01-15", 4560, "Trader Joes"),
            ("2024-01-16", -200000, "Acme Payroll"),
            ("2024-01-17", 1000, "Amazon"),
        ],
        currency="USD",
    ),
    Export(
        "simplifi",
        lines(
            '"account","state","postedOn","payee","usage","category","tags","notes","amount","action"',
            '"Checking","CLEARED","1/15/2024","Trader Joes","","Groceries","","","-45.60",""',
            '"Checking","CLEARED","1/16/2024","Acme","INCOME","Paycheck","","","2000.00",""',
        ),
        [("2024-01-15", 4560, "Trader Joes"), ("2024-01-16", -200000, "Acme")],
    ),
    Export(
        "everydollar",
        lines(
            "Date,Merchant,Amount,Account,Category,Note",
            "01/15/2024,Trader Joes,-45.60,Checking,Food,",
            "01/16/2024,Acme,2000.00,Checking,Paycheck,",
        ),
        [("2024-01-15", 4560, "Trader Joes"), ("2024-01-16", -200000, "Acme")],
    ),
    Export(
        "discover-bank",
        lines(
            "Transaction Date,Transaction Description,Transaction Type,Debit,Credit,Balance",
            "01/15/2024,TRADER JOES,Debit,$45.60,,$954.40",
            '01/16/2024,ACME,Credit,,"$2,000.00","$2,954.40"',
        ),
        [("2024-01-15", 4560, "TRADER JOES"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "paypal-en",
        lines(
            '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address","To Email Address","Transaction ID","Balance"',
            '"01/15/2024","10:11:12","PST","Shop","Express Checkout Payment","Completed","USD","-45.60","0.00","-45.60","a","b","1AB","-45.60"',
            '"01/16/2024","10:11:12","PST","Cust","Mobile Payment","Completed","USD","2,060.00","-60.00","2,000.00","a","b","2AB","1,954.40"',
        ),
        [("2024-01-15", 4560, "Shop"), ("2024-01-16", -200000, "Cust")],
        currency="USD",
    ),
    Export(
        "paypal-short",
        lines(
            '"Date","Time","Time zone","Description","Currency","Gross","Fee","Net","Balance","Transaction ID","From Email Address","Name","Bank Name","Bank account","Postage and Packaging Amount","VAT","Invoice ID","Reference Txn ID"',
            '"15/01/2024","10:11:12","Europe/London","Express Checkout Payment","GBP","-45.60","0.00","-45.60","-45.60","1AB","a","Shop","","","0.00","0.00","",""',
            '"16/01/2024","10:11:12","Europe/London","Payment","GBP","2060.00","-60.00","2000.00","1954.40","2AB","a","Cust","","","0.00","0.00","",""',
        ),
        [("2024-01-15", 4560, "Shop"), ("2024-01-16", -200000, "Cust")],
        currency="GBP",
    ),
    Export(
        "barclaycard-us",
        lines(
            "Barclays Bank Delaware",
            "Account Number: XXXXXXXXXXXX1234",
            "Account Balance as of January 31 2024:    $500.00",
            "",
            "",
            "Transaction Date,Description,Category,Amount",
            '01/15/2024,"TRADER JOES","DEBIT",-45.60',
            '01/16/2024,"Payment Received","CREDIT",2000.00',
        ),
        [("2024-01-15", 4560, "TRADER JOES"), ("2024-01-16", -200000, "Payment Received")],
    ),
    Export(
        "penfed",
        lines(
            "Account Number,Post Date,Check,Description,Debit,Credit,Status,Balance",
            '"1234S0100",1/15/2024,,"TRADER JOES",45.60,,Posted,954.40',
            '"1234S0100",1/16/2024,,"ACME",,2000.00,Posted,2954.40',
        ),
        [("2024-01-15", 4560, "TRADER JOES"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "golden1",
        lines(
            '"Transaction ID","Posting Date","Effective Date","Transaction Type","Amount","Check Number","Reference Number","Description","Transaction Category","Type","Balance","Memo","Extended Description"',
            '"20240116 1 2,0 3","1/16/2024","1/16/2024","Credit","2000.00000","","123","ACME","Paychecks","ACH","2954.40000","",""',
            '"20240115 1 2,0 3","1/15/2024","1/15/2024","Debit","-45.60000","","124","TRADER JOES","Groceries","Debit Card","954.40000","",""',
        ),
        [("2024-01-16", -200000, "ACME"), ("2024-01-15", 4560, "TRADER JOES")],
    ),
    Export(
        "zero-balance-summary",
        lines(
            "Account Name : Savings",
            "Account Number : 1234",
            "Date Range : 01/01/2024-01/31/2024",
            "Transaction Number,Date,Description,Memo,Amount Debit,Amount Credit,Balance,Check Number,Fees",
            '"20240115",01/15/2024,"POS","TRADER JOES",-45.60,,954.40,,',
            '"20240116",01/16/2024,"ACH","ACME",,2000.00,2954.40,,',
        ),
        [("2024-01-15", 4560, "POS"), ("2024-01-16", -200000, "ACH")],
    ),
    Export(
        "alipay",
        lines(
            "支付宝交易记录明细查询",
            "账号:[a@b.com]",
            "起始日期:[2024-01-01 00:00:00]    终止日期:[2024-02-01 00:00:00]",
            "---------------------------------交易记录明细列表------------------------------------",
            "交易号                  ,商家订单号               ,交易创建时间              ,付款时间                ,最近修改时间              ,交易来源地     ,类型              ,交易对方            ,商品名称                ,金额（元）   ,收/支     ,交易状态    ,服务费（元）   ,成功退款（元）  ,备注                  ,资金状态     ,",
            "2024011522001\t,123\t,2024-01-15 10:11:12 ,2024-01-15 10:11:13 ,2024-01-15 10:11:14 ,其他（包括阿里巴巴和外部商家）,即时到账交易          ,超市                ,商品                ,45.60   ,支出      ,交易成功    ,0.00     ,0.00     ,                    ,已支出      ,",
            "2024011622001\t,124\t,2024-01-16 10:11:12 ,2024-01-16 10:11:13 ,2024-01-16 10:11:14 ,其他,即时到账交易          ,公司                ,工资                ,2000.00   ,收入      ,交易成功    ,0.00     ,0.00     ,                    ,已收入      ,",
            "------------------------------------------------------------------------------------",
            "共2笔记录",
        ),
        [("2024-01-15", 4560, "超市"), ("2024-01-16", -200000, "公司")],
        currency="CNY",
        encoding="gb18030",
    ),
    Export(
        "wechat",
        lines(
            "微信支付账单明细,,,,,,,,",
            "微信昵称：[x],,,,,,,,",
            "起始时间：[2024-01-01 00:00:00] 终止时间：[2024-02-01 00:00:00],,,,,,,,",
            "----------------------微信支付账单明细列表--------------------,,,,,,,,",
            "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注",
            '2024-01-15 10:11:12,商户消费,超市,"商品",支出,¥45.60,零钱,支付成功,"100001\t","123\t","/"',
            '2024-01-16 10:11:12,转账,公司,"工资",收入,¥2000.00,/,已存入零钱,"100002\t","124\t","/"',
        ),
        [("2024-01-15", 4560, "超市"), ("2024-01-16", -200000, "公司")],
        currency="CNY",
        encoding="utf-8-sig",
    ),
    Export(
        "hebrew",
        lines(
            "תאריך,תיאור,חובה,זכות,יתרה",
            "15/01/2024,שופרסל,45.60,,954.40",
            "16/01/2024,משכורת,,2000.00,2954.40",
            "17/01/2024,רמי לוי,10.00,,2944.40",
        ),
        [
            ("2024-01-15", 4560, "שופרסל"),
            ("2024-01-16", -200000, "משכורת"),
            ("2024-01-17", 1000, "רמי לוי"),
        ],
        encoding="cp1255",
    ),
    Export(
        "argentina-mercadopago",
        lines(
            "INITIAL_BALANCE;CREDITS;DEBITS;FINAL_BALANCE",
            "1.000,00;2.000,00;-45,60;2.954,40",
            "",
            "RELEASE_DATE;TRANSACTION_TYPE;REFERENCE_ID;TRANSACTION_NET_AMOUNT;PARTIAL_BALANCE",
            "15-01-2024;Pago Carrefour;123;-45,60;954,40",
            "16-01-2024;Transferencia recibida ACME;124;2.000,00;2.954,40",
        ),
        [
            ("2024-01-15", 4560, "Pago Carrefour"),
            ("2024-01-16", -200000, "Transferencia recibida ACME"),
        ],
    ),
    Export(
        "mexico-bbva",
        lines(
            "FECHA,DESCRIPCIÓN,CARGO,ABONO,SALDO",
            "15/01/2024,OXXO,45.60,,954.40",
            '16/01/2024,NOMINA,,"2,000.00","2,954.40"',
        ),
        [("2024-01-15", 4560, "OXXO"), ("2024-01-16", -200000, "NOMINA")],
    ),
    Export(
        "singapore-dbs",
        lines(
            "Account Details For:,POSB eSavings 123-45678-9",
            "Statement as at:,31 Jan 2024",
            "Available Balance:,2954.40",
            "Ledger Balance:,2954.40",
            "",
            "Transaction Date,Reference,Debit Amount,Credit Amount,Transaction Ref1,Transaction Ref2,Transaction Ref3",
            "16 Jan 2024,SAL, ,2000.00,ACME,SALARY,,",
            "15 Jan 2024,POS,45.60, ,NTUC,123,,",
        ),
        [("2024-01-16", -200000, "ACME"), ("2024-01-15", 4560, "NTUC")],
    ),
    Export(
        "hk-hsbc",
        lines(
            '"Date","Description","Billing amount","Billing currency","Balance","Balance currency"',
            '"16/01/2024","ACME","2,000.00","HKD","2,954.40","HKD"',
            '"15/01/2024","PARKNSHOP","-45.60","HKD","954.40","HKD"',
        ),
        [("2024-01-16", -200000, "ACME"), ("2024-01-15", 4560, "PARKNSHOP")],
        currency="HKD",
    ),
    Export(
        "southafrica-fnb",
        lines(
            "2,,,",
            "Account:,62000000001,[FNB Cheque]",
            "Balance:,2954.40,2954.40",
            "",
            "Date, Amount, Balance, Description",
            '2024/01/16,2000.00,2954.40,"ACME SALARY"',
            '2024/01/15,-45.60,954.40,"CHECKERS"',
        ),
        [("2024-01-16", -200000, "ACME SALARY"), ("2024-01-15", 4560, "CHECKERS")],
    ),
    Export(
        "absa-noheading",
        lines(
            "20240115,CHECKERS,-45.60,954.40",
            "20240116,ACME,2000.00,2954.40",
        ),
        [("2024-01-15", 4560, "CHECKERS"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "money-manager",
        lines(
            "Date\tAccount\tCategory\tSubcategory\tNote\tUSD\tIncome/Expense\tDescription\tAmount\tCurrency\tAccount",
            "15/01/2024 10:11:12\tCash\tFood\t\tTesco\t45.6\tExpense\t\t45.6\tUSD\t45.6",
            "16/01/2024 10:11:12\tBank\tSalary\t\tAcme\t2000\tIncome\t\t2000\tUSD\t2000",
        ),
        [("2024-01-15", 4560, "Tesco"), ("2024-01-16", -200000, "Acme")],
        currency="USD",
    ),
    Export(
        "wallet-bb",
        lines(
            "account;category;currency;amount;ref_currency_amount;type;payment_type;note;date;gps_latitude;gps_longitude;transfer;payee;labels",
            "Cash;Groceries;EUR;-45.6;-45.6;Expenses;CASH;;2024-01-15T10:11:12.000Z;;;false;Tesco;",
            "Bank;Wage;EUR;2000.0;2000.0;Income;TRANSFER;;2024-01-16T10:11:12.000Z;;;false;Acme;",
        ),
        [("2024-01-15", 4560, "Tesco"), ("2024-01-16", -200000, "Acme")],
        currency="EUR",
    ),
    Export(
        "spendee",
        lines(
            "Date,Wallet,Type,Category name,Amount,Currency,Note,Labels,Author",
            "2024-01-15T10:11:12+00:00,Cash,Expense,Groceries,-45.60,EUR,Tesco,,Me",
            "2024-01-16T10:11:12+00:00,Cash,Income,Salary,2000.00,EUR,Acme,,Me",
        ),
        [("2024-01-15", 4560, "Me"), ("2024-01-16", -200000, "Me")],
        currency="EUR",
    ),
    Export(
        "quicken-csv",
        lines(
            '"Scheduled","Split","Date","Payee","Category","Tag","Notes","Amount","Account"',
            '"","","1/15/2024","Tesco","Groceries","","","-45.60","Checking"',
            '"","","1/16/2024","Acme","Salary","","","2,000.00","Checking"',
        ),
        [("2024-01-15", 4560, "Tesco"), ("2024-01-16", -200000, "Acme")],
    ),
    Export(
        "hledger-register",
        lines(
            '"txnidx","date","code","description","account","amount","total"',
            '"1","2024-01-15","","Tesco","assets:bank","-45.60 EUR","-45.60 EUR"',
            '"2","2024-01-16","","Acme","assets:bank","2000.00 EUR","1954.40 EUR"',
        ),
        [("2024-01-15", 4560, "Tesco"), ("2024-01-16", -200000, "Acme")],
        currency="EUR",
    ),
    Export(
        "ynab-euro-comma",
        lines(
            '"Account","Flag","Date","Payee","Category Group/Category","Category Group","Category","Memo","Outflow","Inflow","Cleared"',
            '"Giro","","15.01.2024","Rewe","A: B","A","B","","45,60€","0,00€","Cleared"',
            '"Giro","","16.01.2024","Acme","A: B","A","B","","0,00€","2.000,00€","Cleared"',
        ),
        [("2024-01-15", 4560, "Rewe"), ("2024-01-16", -200000, "Acme")],
        currency="EUR",
    ),
    Export(
        "monarch-owner",
        lines(
            "Date,Merchant,Category,Account,Original Statement,Notes,Amount,Tags,Owner",
            "2024-01-15,Tesco,Groceries,Joint,TESCO 1,,-45.60,,Shared",
            "2024-01-16,Acme,Paychecks,Joint,ACME,,2000.00,,Me",
        ),
        [("2024-01-15", 4560, "Tesco"), ("2024-01-16", -200000, "Acme")],
        currency="USD",
    ),
    Export(
        "capone-old",
        lines(
            "Stage, Transaction Date, Posted Date, Card No., Description, Category, Debit, Credit",
            "Posted,01/14/2024,01/15/2024,1234,TRADER JOES,Merchandise,45.60,",
            "Posted,01/16/2024,01/16/2024,1234,PAYMENT,Payment,,2000.00",
        ),
        [("2024-01-15", 4560, "TRADER JOES"), ("2024-01-16", -200000, "PAYMENT")],
        currency="USD",
    ),
    Export(
        "discover-new",
        lines(
            "Trans. Date,Post Date,Description,Amount,Category",
            '01/14/2024,01/15/2024,"TRADER JOES",45.60,"Supermarkets"',
            '01/16/2024,01/16/2024,"INTERNET PAYMENT - THANK YOU",-2000.00,"Payments and Credits"',
        ),
        [
            ("2024-01-15", 4560, "TRADER JOES"),
            ("2024-01-16", -200000, "INTERNET PAYMENT - THANK YOU"),
        ],
        currency="USD",
    ),
    Export(
        "chase-memo-checking-old",
        lines(
            "Type,Post Date,Description,Amount,Check or Slip #",
            "DEBIT,01/15/2024,TRADER JOES,-45.60,",
            "CREDIT,01/16/2024,ACME,2000.00,",
        ),
        [("2024-01-15", 4560, "TRADER JOES"), ("2024-01-16", -200000, "ACME")],
    ),
    Export(
        "firefly-old",
        lines(
            "user_id,group_id,journal_id,created_at,updated_at,group_title,type,amount,foreign_amount,currency_code,foreign_currency_code,description,date,source_name,source_iban,source_type,destination_name,destination_iban,destination_type,reconciled,category,budget,bill,tags,notes",
            "1,1,1,2024-01-15 10:11:12,2024-01-15 10:11:12,,Withdrawal,-45.600000000000000000000000,,EUR,,Lunch,2024-01-15T00:00:00+01:00,Giro,,Asset account,Bistro,,Expense account,,Food,,,,",
            "1,2,2,2024-01-16 10:11:12,2024-01-16 10:11:12,,Deposit,2000.000000000000000000000000,,EUR,,Pay,2024-01-16T00:00:00+01:00,Acme,,Revenue account,Giro,,Asset account,,Salary,,,,",
        ),
        [("2024-01-15", 4560, "Bistro"), ("2024-01-16", -200000, "Acme")],
        currency="EUR",
    ),
    Export(
        "apple-card",
        lines(
            "Transaction Date,Clearing Date,Description,Merchant,Category,Type,Amount (USD),Purchased By",
            '01/14/2024,01/15/2024,"TRADER JOES",Trader Joes,Grocery,Purchase,45.60,J S',
            '01/16/2024,01/16/2024,"ACH DEPOSIT",,Payment,Payment,-2000.00,J S',
        ),
        [("2024-01-15", 4560, "Trader Joes"), ("2024-01-16", -200000, "ACH DEPOSIT")],
        currency="USD",
    ),
    Export(
        "capone360-new",
        lines(
            "Account Number,Transaction Description,Transaction Date,Transaction Type,Transaction Amount,Balance",
            "1234,Debit Card Purchase - TRADER JOES,01/15/24,Debit,45.60,954.40",
            "1234,Deposit from ACME,01/16/24,Credit,2000.00,2954.40",
        ),
        [
            ("2024-01-15", 4560, "Debit Card Purchase - TRADER JOES"),
            ("2024-01-16", -200000, "Deposit from ACME"),
        ],
        currency="USD",
    ),
    Export(
        "monefy",
        lines(
            "date,account,category,amount,currency,converted amount,currency,description",
            "16/12/2024,Cash,Bills,-55,USD,-55,USD,power",
            '16/12/2024,Cash,Salary,"1,280.8",USD,"1,280.8",USD,work',
        ),
        [("2024-12-16", 5500, "power"), ("2024-12-16", -128080, "work")],
        currency="USD",
    ),
]
