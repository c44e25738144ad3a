"""What stands above the columns of tables in the Balkans, South-East Asia, Africa and Chile."""

# ruff: noqa: RUF001 - letters of other alphabets

from __future__ import annotations

from typing import Final

from hive_desktop.adapters.files.tables_phrases import IGNORED
from hive_desktop.domain.csv_layouts import Role

HEADINGS_SOUTH: Final[tuple[tuple[Role | str, str], ...]] = (
    (
        Role.DATE,
        """datum knjiženja, datum izvršenja, datum izvrsenja, reskontradatum, completion time,
        tanggal, tanggal transaksi, tarikh, tarikh transaksi, ngày giao dịch, ngày""",
    ),
    (Role.VALUE_DATE, "datum valute"),
    (
        Role.AMOUNT,
        "card currency amount, nominal, jumlah, amaun, số tiền, сума в гривнях, importância",
    ),
    (Role.OUT, "withdrawn, breme, isplate, isplata, duguje, ghi nợ, u breme"),
    (Role.IN, "dobro, uplate, uplata, potražuje, ghi có, u dobro"),
    (Role.BALANCE, "stanje, baki, số dư, saldo akhir"),
    (Role.NAME, "prejemnik plačnik, platitelj primatelj, naziv platitelja, maksja"),
    (
        Role.TEXT,
        """opis plaćanja, opis placanja, opis prejemnika, namen, glosa, detalle, detalles,
        descritivo, keterangan, penerangan, mô tả, nội dung""",
    ),
    (Role.KIND, "jenis"),
    (Role.ID, "id transakcije"),
    (
        IGNORED,
        """institution name, institution, bank name, account type, operation amount,
        operation currency, сума в iнвалютi, сума в інвалюті, broj racuna, broj računa""",
    ),
)
