"""The words by which rows of tables are understood: directions, states, balances, totals.

All are compared in one form (`plain`): small letters, no accents, German umlauts written out, no
marks. English, German, French, Spanish, Dutch, Italian, Swedish, Danish, Norwegian, Polish,
Portuguese, Czech, and what else was met.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_UMLAUTS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "a", "æ": "ae", "ł": "l", "ß": "ss", "đ": "d"}
)
_LONGEST: Final = 200
_CAMEL: Final = re.compile(r"([a-z])([A-Z])")
_NO_LETTERS: Final = re.compile(r"[^\w]+|_+")


def plain(text: str) -> str:
    """Return words in the one form in which they are compared, of long texts their beginning."""
    return _plain(text if len(text) <= _LONGEST else text[:_LONGEST])


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    small = _CAMEL.sub(r"\1 \2", text.strip()).casefold().translate(_UMLAUTS)
    if not small.isascii():
        apart = unicodedata.normalize("NFD", small)
        small = "".join(one for one in apart if not unicodedata.combining(one))
    return " ".join(_NO_LETTERS.sub(" ", small).split())


def words_of(words: str) -> tuple[str, ...]:
    """Return the plain forms of words that stand between commas."""
    return tuple(plain(one) for one in words.split(",") if one.strip())


OUT_WORDS: Final = frozenset(
    words_of(
        """d, dr, db, debit, debits, debet, deb, af, s, soll, o, out, outgoing, outflow, expense,
        expenses, withdrawal, cargo, debito, uscita, addebito, dare, money out, paid out, sent,
        send, belastung, lastschrift, sollbuchung, ausgabe, ausgang, debe, gasto, uttag, ut,
        obciazenie, wydatek, saida, minus, vydaj, dbit, sale, purchase, spending, payment out,
        lastschriften, retiro, depense, odchozí, 支出, 借, 出金, 출금, расход, списание, t,
        odchodzące, terhelés, uitgaand, uitgave, belast, 借 dr, 借方, χ, χρέωση,
        pengeluaran, keluar"""
    )
)
IN_WORDS: Final = frozenset(
    words_of(
        """c, cr, credit, credits, kredit, cred, bij, h, haben, i, in, incoming, inflow, income,
        deposit, abono, credito, entrata, accredito, avere, money in, paid in, received, receive,
        gutschrift, habenbuchung, einnahme, eingang, haber, ingreso, insaettning, inn, uznanie,
        przychod, entrada, plus, k, prijem, crdt, refund, payment in, revenu, příchozí, 收入, 贷,
        入金, 입금, приход, доход, пополнение, j, przychodzące, jóváírás, inkomend, inkomst,
        贷 cr, 贷方, π, πίστωση, pemasukan, masuk"""
    )
)
_ALSO_OUT: Final = frozenset({"-", "\u2212"})
_ALSO_IN: Final = frozenset({"+"})


def side_of_word(text: str) -> str:
    """Return "out" or "in" where a cell is a word of direction alone, else ""."""
    bare = text.strip()
    if bare in _ALSO_OUT:
        return "out"
    if bare in _ALSO_IN:
        return "in"
    words = plain(bare)
    if words in OUT_WORDS:
        return "out"
    return "in" if words in IN_WORDS else ""


PENDING: Final = frozenset(
    words_of(
        """pending, vorgemerkt, umsatz vorgemerkt, in process, processing, en attente, pendiente,
        in attesa, reserverat, reserved, reservert, blokkering, authorised, authorized, offen,
        uncleared pending, nicht gebucht, w trakcie, pendente, in progress, ausstehend,
        reservation, incoming pending, authorization, reservering, forhandsmelding, venter,
        i̇şlemde, forecasted, scheduled, geplant, planned, pendiente de liquidar, oczekuje, čeká,
        处理中, 保留, в обработке, temporary hold, hold, on hold, not posted,
        reserverad, reserveret, autorizzato, autorizado, autorisé"""
    )
)
YES: Final = frozenset(words_of("true, yes, y, 1, ja, oui, si, x"))
"""What stands below "Pending" where it is so."""
FAILED: Final = frozenset(
    words_of(
        """reverted, failed, declined, canceled, cancelled, denied, removed, voided, void,
        rejected, expired, abgelehnt, storniert, fehlgeschlagen, refuse, annule, echoue,
        rechazado, cancelado, annullato, rifiutato, geweigerd, mislukt, odrzucona, anulowana,
        returned unpaid, memo, avvist, recusado, error, bounced, deleted, annulé, refusé, échoué,
        неуспешно, отклонен, отклонено, отклонена, отменено, отменена, отменен, 交易关闭,
        已退款关闭,
        zamítnuto, zrušeno, afvist, avvisad,
        abgebrochen, widerrufen, rückgängig gemacht, extourné, revertido, revertida, stornato,
        stornata, annullata, teruggedraaid, cofnięta, cofnięto, rückgebucht,
        zurückgewiesen, denegado, anulado, geannuleerd, fallita"""
    )
)
DONE: Final = frozenset(
    words_of(
        """posted, booked, gebucht, cleared, settled, completed, complete, umsatz gebucht,
        success, successful, processed, confirmed, executed, contabilizzato, ausgeführt, udført,
        geboekt, geaccepteerd, comptabilisé, terminé, réalisé, completado, zrealizowana,
        zaúčtováno, reconciled, paid, ok, исполнено, 交易成功, 支付成功"""
    )
)
"""States of rows that are booked; other words say nothing."""
BALANCES: Final = frozenset(
    words_of(
        """closing balance, ending balance, balance brought forward, balance carried forward,
        turnover, saldo final, endsaldo, kontostand, saldo finale, solde final, slutsaldo, saldo,
        saldo koncowe, saldo inicial, anfangssaldo, saldo iniziale, solde initial, eindsaldo,
        beginsaldo, beginning balance, total balance, ingaende saldo, utgaende saldo, tagessaldo,
        balance forward, balance, saldo actual, saldo anterior, saldo do dia, saldo poczatkowe,
        previous balance, ending balance as of, closing ledger balance, available balance,
        ledger balance, likutis pabaigai, apyvarta, lõppsaldo, käive, beigu atlikums,
        apgrozījums, konečný zůstatek, konečný zostatok, záróegyenleg, bakiye, utgående balans,
        loppusaldo, solde créditeur, solde débiteur, nouveau solde, ancien solde, nuovo saldo,
        neuer saldo, alter saldo, neuer kontostand, alter kontostand, saldo alt, saldo neu,
        kontoabschluss saldo, ending daily balance, balance b f, balance c f, b f balance,
        saldo bloqueado, solde en fin de periode, balance at end of period, s a l d o,
        sald o do dia, saldo total disponível dia, saldo dia,
        saldo disponível, saldo disponível dia, saldo disponível do dia, saldo total disponível,
        saldo total, saldo atual, saldo em conta, saldo contábil, saldo final do dia, saldo final
        do período, saldo inicial do período, saldo anterior do período, saldo do período,
        saldovortrag, report de solde, solde reporté, saldo riportato, riporto saldo,
        saldo precedente, 期末余额, 残高"""
    )
)
OPENINGS: Final = frozenset(
    words_of(
        """opening balance, starting balance, initial balance, startsaldo, eroeffnungssaldo,
        solde en debut de periode, balance at start of period,
        likutis pradžiai, algsaldo, sākuma atlikums, počáteční zůstatek, počiatočný zostatok,
        nyitóegyenleg, alkusaldo, 期初余额"""
    )
)
IS_TOTAL: Final = frozenset(
    words_of(
        """total, totals, sum, summe, gesamt, gesamtsumme, totale, totaal, suma, somme,
        grand total, total general, endsumme, total amount, sum total, 合計, 合计, yhteensä,
        celkem, razem, итого, toplam"""
    )
)
"""Names that only a sum of rows has, where it is their sum."""
TOTALS: Final = re.compile(
    r"\b(total|totals|totaal|totale|summe|gesamt|gesamtsumme|transactions total|sum|suma|somme"
    r"|toplam|итого|razem|celkem)\b"
)
# Which way money went, told by the words of a row.
_SAYS_OUT: Final = re.compile(
    r"\b(purchase|withdrawal|withdrawl|pos|atm|lastschrift|kartenzahlung|debit card|card payment"
    r"|fee|buy|bought|gebuehr|bankomat|geldautomat|abbuchung|einkauf|achat|retrait|prelevement"
    r"|cotisation"
    r"|compra|recibo|cargo|comision|betaalautomaat|geldautomaat|incasso|pagamento|prelievo"
    r"|acquisto|uttag|kop|platnosc|wyplata|zakup|direct debit|bill payment|sale)\b|消费|取款"
)
_SAYS_IN: Final = re.compile(
    r"\b(salary|payroll|deposit|gehalt|lohn|gutschrift|interest paid|interest credit|dividend"
    r"|refund|habenzinsen|employer contribution|sell|sold"
    r"|payment received|thank you|autopay|direct dep|salaire|virement recu|vir recu|remboursement"
    r"|nomina|abono|ingreso|salaris|rente bijschrijving|stipendio|accredito|rimborso|lon|insattning"
    r"|wynagrodzenie|przelew przychodzacy|zwrot|salario|reembolso|cashback|credit adjustment"
    r"|payment thank|ach credit|wire in|rueckerstattung|erstattung)\b|退款|退货|工资|结息|存款利息"
)
_SAYS_CARD: Final = re.compile(
    r"\b(payment received|payment thank you|autopay payment|thank you|online payment"
    r"|automatic payment"
    r"|payment recd|internet payment received|directpay|e payment|mobile payment)\b"
)
# By which a card tells that its bill was paid, and no account that paid one.
_SAYS_PAID: Final = re.compile(
    r"\b(payment received|payment recd|payment thank you|thank you|pagamento recebido"
    r"|zahlung erhalten|zahlung danke|ihre zahlung|paiement recu|pago recibido|su pago gracias"
    r"|betaling ontvangen|pagamento ricevuto|direct debit payment)\b"
)


def is_card_payment(text: str) -> bool:
    """Return whether a row's words are those by which a card tells that its bill was paid."""
    return _SAYS_PAID.search(plain(text[:200])) is not None


def direction_of(text: str) -> str:
    """Return "out", "in" or "" by the words of a row's description."""
    words = plain(text[:200])
    if any(one.search(words) for one in (_SAYS_IN, _SAYS_CARD, _SAYS_PAID)):
        return "in"
    return "out" if _SAYS_OUT.search(words) else ""
