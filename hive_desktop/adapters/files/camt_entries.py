"""An entry of CAMT: who, what for, when, and which of its transactions are rows of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files.parts import own_id, unwrapped
from hive_desktop.domain.days import parse_day

if TYPE_CHECKING:
    from hive_desktop.adapters.files.camt_tree import Node

_FULL: Final = frozenset({35, 70, 140})  # characters of an `Ustrd`


class Party(NamedTuple):
    """One side of a payment."""

    name: str = ""
    ultimate: str = ""
    account: str = ""


class Detail(NamedTuple):
    """A `TxDtls`, as far as it is needed.

    `amounts` are (text, currency), the one that counts first. `creditor` and `debtor` are as the
    file has them; `told` is what was said with the payment, `references` what tells it apart.
    """

    amounts: tuple[tuple[str, str], ...]
    indicator: str
    creditor: Party
    debtor: Party
    told: tuple[str, ...]
    references: tuple[str, ...]
    own_id: str
    happened: int | None
    code: str


class Entry(NamedTuple):
    """An `Ntry`, as far as it is needed.

    `amount` and `currency` are as written, None where there is none; `day` is None where there is
    no readable one, and `has_day` says whether one was meant.
    """

    line: int
    status: str
    day: int | None
    has_day: bool
    amount: str | None
    currency: str
    indicator: str
    is_reversal: bool
    own_id: str
    code: str
    extra: str
    details: tuple[Detail, ...]

    def quote(self) -> str:
        """Return the entry on one line."""
        told = (self.indicator, self.amount, self.currency, self.extra)
        return " ".join(filter(None, told))


def entry_of(node: Node) -> Entry:
    """Return an `Ntry` reduced."""
    amount = node.at("Amt")
    day = day_at(node, "BookgDt")
    return Entry(
        line=node.line,
        status=node.first(("Sts", "Cd"), ("Sts",)).upper(),
        day=day_at(node, "ValDt") if day is None else day,
        has_day=node.at("BookgDt") is not None,
        amount=amount.text.strip() if amount is not None else None,
        currency=amount.ccy.strip().upper() if amount is not None else "",
        indicator=node.words("CdtDbtInd"),
        is_reversal=node.words("RvslInd") in {"true", "1"},
        own_id=own_id(node.words("AcctSvcrRef")),
        code=code_of(node),
        extra=node.words("AddtlNtryInf"),
        details=tuple(one for one in node.reduced if isinstance(one, Detail)),
    )


def detail_of(node: Node) -> Detail:
    """Return a `TxDtls` reduced."""
    amounts = [
        (found.text.strip(), found.ccy)
        for path in (
            ("Amt",),
            ("AmtDtls", "TxAmt", "Amt"),
            ("AmtDtls", "InstdAmt", "Amt"),
            ("AmtDtls", "CntrValAmt", "Amt"),
        )
        if (found := node.at(*path)) is not None
    ]
    happened = day_of(
        node.first(("RltdDts", "TxDtTm"), ("RltdDts", "AccptncDtTm"), ("CardTx", "Tx", "TxDtTm"))
    )
    return Detail(
        tuple(amounts),
        node.words("CdtDbtInd"),
        _party(node, "Cdtr"),
        _party(node, "Dbtr"),
        tuple(_told(node)),
        tuple(filter(None, (own_id(node.words("Refs", one)) for one in ("EndToEndId", "MndtId")))),
        own_id(node.first(("Refs", "AcctSvcrRef"), ("Refs", "AcctSvcrTxId"))),
        happened,
        code_of(node),
    )


def _party(node: Node, side: str) -> Party:
    related = node.at("RltdPties")
    if related is None:
        return Party()
    name = related.first(
        (side, "Nm"), (side, "Pty", "Nm"), (side, "Agt", "FinInstnId", "Nm"), (f"{side}Acct", "Nm")
    )
    ultimate = related.first((f"Ultmt{side}", "Nm"), (f"Ultmt{side}", "Pty", "Nm"))
    account = related.first((f"{side}Acct", "Id", "IBAN"), (f"{side}Acct", "Id", "Othr", "Id"))
    return Party(name, ultimate, account)


def _told(node: Node) -> list[str]:
    said: list[str] = []
    remittance = node.at("RmtInf")
    if remittance is not None:
        lines = [one.text.strip("\r\n\t") for one in remittance.every("Ustrd")]
        said.append(unwrapped(lines, _FULL))
        for one in remittance.every("Strd"):
            said.extend(extra.text for extra in one.every("AddtlRmtInf"))
            said.append(one.words("CdtrRefInf", "Ref"))
            said.append(one.words("RfrdDocInf", "Nb"))
    said.append(node.words("AddtlTxInf"))
    returned = node.at("RtrInf")
    if returned is not None:
        said.extend(one.text for one in returned.every("AddtlInf"))
        said.append(returned.first(("Rsn", "Prtry"), ("Rsn", "Cd")))
    return [one for one in said if one.strip()]


def code_of(node: Node) -> str:
    """Return the code of the kind of an entry or transaction: `PMNT/RCDT/DMCT`, or a bank's own."""
    code = node.at("BkTxCd")
    if code is None:
        return ""
    domain = code.at("Domn")
    if domain is not None:
        parts = (
            domain.words("Cd"),
            domain.words("Fmly", "Cd"),
            domain.words("Fmly", "SubFmlyCd"),
        )
        return "/".join(filter(None, parts))
    return code.words("Prtry", "Cd")


def day_of(text: str) -> int | None:
    """Return the day of a date or an instant; a time zone moves nothing."""
    try:
        day = parse_day(text[:10])
    except ValueError:
        return None
    return day if -25_567 <= day <= 84_000 else None  # 1900 to 2199


def day_at(node: Node, tag: str) -> int | None:
    """Return the day of a choice of date and instant."""
    return day_of(node.first((tag, "Dt"), (tag, "DtTm")))


def words_of(
    detail: Detail | None, extra: str, *, is_out: bool, owner: str, account: str
) -> list[str]:
    """Return a row's words: who is on the other side, what was said, and all else.

    Args:
        detail: the transaction, or None where the entry has none.
        extra: what the entry itself says.
        is_out: money left the account, by the payment that the parties are those of.
        owner: the name of the account's owner, or "".
        account: the account's own number.
    """
    if detail is None:
        return [extra]
    other, own = detail.creditor, detail.debtor
    if not is_out:
        other, own = own, other
    if _is_own(other, owner, account):
        other, own = own, Party()
    if not other.name and not other.ultimate and not _is_own(own, owner, account):
        other = own
    names = [other.name, other.ultimate]
    said = [*names, *detail.told, extra]
    if any(said):
        return said
    sides = (detail.creditor, detail.debtor)
    return [*(side.name for side in sides if side.name != owner), *detail.references, detail.own_id]


def _is_own(party: Party, owner: str, account: str) -> bool:
    same_name = bool(owner and party.name) and party.name.casefold() == owner.casefold()
    return same_name or bool(account and party.account == account)


def expected_of(node: Node | None, entries: int, rows: int) -> int | None:
    """Return how many rows there should be: as many more or fewer as there are entries."""
    summary = node.at("TxsSummry") if node is not None else None
    if summary is None:
        return None
    total = summary.words("TtlNtries", "NbOfNtries")
    if not total:
        counts = [
            summary.words(one, "NbOfNtries")
            for one in ("TtlCdtNtries", "TtlDbtNtries")
            if summary.words(one, "NbOfNtries")
        ]
        if not counts or not all(one.isdigit() for one in counts):
            return None
        return rows + sum(int(one[:9]) for one in counts) - entries
    return rows + int(total[:9]) - entries if total.isdigit() else None
