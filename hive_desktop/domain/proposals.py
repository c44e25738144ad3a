"""The `propose_changes` tool: its schema, when a model is offered it, and what its calls mean.

It changes nothing. It is offered only where the person's own words ask for a change, so that what
a bank's text says to a model never becomes a proposal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.domain.conversations import ChangeKind, Proposal, ProposedChange
from hive_desktop.domain.sendable import Names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hive_desktop.domain.ledger import TransactionQuery
    from hive_desktop.domain.receipts import Receipt

TOOL: Final = "propose_changes"
DESCRIPTION: Final = (
    "Propose changes to transactions; the person sees them before and after and decides. Use it"
    " only when the person asks for a change. First find the rows with find_transactions."
)
_MOST_CHANGES: Final = 20
_LONGEST: Final = 120
_TEXT: Final = {"type": ["string", "null"]}
PARAMETERS: Final[Mapping[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["changes", "reason"],
    "properties": {
        "changes": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind", "rows", "value", "merchant"],
                "properties": {
                    "kind": {"type": "string", "enum": [one.value for one in ChangeKind]},
                    "rows": {
                        "type": "array",
                        "items": {"type": "string"},
                        "description": "Receipts (r2: all its rows) or lines of them (r2.3).",
                    },
                    "value": {
                        **_TEXT,
                        "description": "The category, new name or tag; null for a transfer.",
                    },
                    "merchant": {**_TEXT, "description": "Whose rows a rule is for; else null."},
                },
            },
        },
        "reason": {"type": "string", "description": "Why, in one sentence for the person."},
    },
}
_CLAUSE: Final = re.compile(
    r"[.?!;:,\n]+(?=\s|$)|(?<!\w)(?:and|then|und|dann)(?!\w)", re.IGNORECASE
)
_SENTENCE: Final = re.compile(r"[^.?!;\n]+(?:[.?!;](?!\s|$)[^.?!;\n]*)*[.?!;\n]?")
_ASKING: Final = re.compile(
    r"\W*(?:how|what|which|who|whose|where|when|why|did|do(?! it| this| that)|does|is|are|was|were"
    r"|am|have|has|had|should|can|could|would|will|may|shall"
    r"|wie|welche\w*|wer|wem|wo|woher|wohin|wann|warum|wieso|hab\w*|hat|hatte\w*|ist|sind|war\w*"
    r"|kann\w*|soll\w*|darf|muss)(?!\w)",
    re.IGNORECASE,
)
_POLITE: Final = (
    r"(?:(?:can|could|would|will) you(?: please| kindly| just)*|please|kindly|bitte)(?!\w)"
)
_LEADING: Final = (
    r"(?:(?:please|kindly|ok(?:ay)?|yes|now|just|also|so|hi|hey|hive|let'?s|help me(?: to)?"
    r"|go ahead|i(?:'d| would) like (?:you )?to|i (?:want|need|wish) (?:you )?to|you should"
    r"|bitte|ja|jetzt|nun|hallo|auch)(?!\w)[ ]*)*"
)
_DONE: Final = (
    r"(?:(?:change|re-?categori[sz]e|categori[sz]e|re-?classify|classify|re-?label|label|rename|move"
    r"|mark|assign|reassign|treat|propose|correct|fix|tag)(?= \w| [\"'\u201c\u201e\[])"
    r"(?! (?:in|of|from|since|over|between|vs|versus|on|per|to|by|than|compared|for)(?!\w))"
    r"|(?:put|set|sort|file)(?!\w).{0,80}?(?<!\w)(?:in|into|under|as|to)(?!\w)"
    r"|(?:make|create|add|set up|write)(?!\w).{0,40}?(?<!\w)(?:rules?|tags?)(?!\w)"
    r"|(?:ändere?|benenne?|verschiebe?|buche?|markiere?|kategorisiere?|ordne|sortiere?|korrigiere?"
    r"|setze?|tagge?|weise)(?= \w| [\"'\u201c\u201e\[])"
    r"|(?:ändern|verschieben|buchen|markieren|kategorisieren|ordnen|sortieren|korrigieren|setzen"
    r"|benennen) sie(?!\w)"
    r"|(?:mache?|erstelle?|lege?|schreibe?)(?!\w).{0,40}?(?<!\w)(?:regeln?|tags?)(?!\w))"
)
_ORDER: Final = re.compile(rf"\W*{_LEADING}{_DONE}", re.IGNORECASE)
_POLITE_ORDER: Final = re.compile(rf"\W*{_LEADING}{_POLITE} *{_LEADING}{_DONE}", re.IGNORECASE)
# German has the verb at the end of what is asked politely.
_VERB_LAST: Final = re.compile(
    r"\W*(?:(?:kannst|könntest|würdest|magst) du|(?:können|könnten|würden) sie|bitte"
    r"|ich (?:möchte|will|würde gerne?))(?!\w).{0,160}?(?<!\w)"
    r"(?:(?:um)?ändern|umbenennen|verschieben|umbuchen|markieren|kategorisieren|zuordnen|einordnen"
    r"|einsortieren|korrigieren|setzen|taggen|regeln? (?:anlegen|erstellen|machen))(?!\w)",
    re.IGNORECASE,
)
_LINE: Final = re.compile(r"(r[0-9]{1,6})(?:\.([a-z0-9_.]+))?")


class ProposalError(ValueError):
    """A proposal that cannot be made; its text says why, in English, for a model.

    Args:
        message: may hold `{names}`.
        values: stand for the names.
    """

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        self.values = values
        super().__init__(message.format(**values) if values else message)


def asks_for_change(question: str) -> bool:
    """Tell whether a person's words order a change of the ledger.

    A question about changes ("How much did I move to savings?") is none: a sentence must say what
    to do, at its beginning or behind "please" or "can you".
    """
    for found in _SENTENCE.finditer(question):
        sentence = found[0].strip()
        is_asking = sentence.endswith("?") or _ASKING.match(sentence) is not None
        order = _POLITE_ORDER if is_asking else _ORDER
        if _VERB_LAST.match(sentence) or order.match(sentence):
            return True
        if any(order.match(clause) for clause in _CLAUSE.split(sentence)):
            return True
    return False


def proposal_of(
    arguments: Mapping[str, Any],
    key: str,
    receipts: Mapping[str, Receipt],
    categories: Sequence[str],
) -> Proposal:
    """Return what a call proposes.

    Args:
        arguments: of the call.
        key: the proposal's id.
        receipts: of the session, by their ids.
        categories: the names that there are.

    Raises:
        ProposalError: it names rows or categories that are not there, or nothing to change.
    """
    changes = arguments.get("changes")
    if not isinstance(changes, list) or not 1 <= len(changes) <= _MOST_CHANGES:
        raise ProposalError(f"propose 1 to {_MOST_CHANGES} changes")
    made = tuple(_change(one, receipts, categories) for one in changes)
    return Proposal(key, made, _text(arguments.get("reason")))


def _change(
    given: object, receipts: Mapping[str, Receipt], categories: Sequence[str]
) -> ProposedChange:
    one = given if isinstance(given, dict) else {}
    try:
        kind = ChangeKind(str(one.get("kind")))
    except ValueError:
        raise ProposalError(f"the kinds are {', '.join(ChangeKind)}") from None
    value, merchant = _text(one.get("value")), _text(one.get("merchant"))
    if kind in (ChangeKind.RECATEGORIZE, ChangeKind.MAKE_RULE):
        known = {name.casefold(): name for name in categories}
        if value.casefold() not in known:
            raise ProposalError(
                "there is no category {value!r}; there are: {names}",
                value=value,
                names=Names(categories),
            )
        value = known[value.casefold()]
    elif not value and kind is not ChangeKind.MARK_TRANSFER:
        raise ProposalError(f"{kind} needs a value")
    if kind is ChangeKind.MAKE_RULE and not merchant:
        raise ProposalError("a rule needs a merchant")
    rows = one.get("rows")
    named = [str(row) for row in rows] if isinstance(rows, list) else []
    queries = tuple(_query(row, receipts) for row in named[:_MOST_CHANGES])
    if not queries:
        raise ProposalError("name rows such as r2 or r2.3")
    return ProposedChange(kind, queries, value, merchant)


def _query(row: str, receipts: Mapping[str, Receipt]) -> TransactionQuery:
    found = _LINE.fullmatch(row.strip().lower())
    receipt = receipts.get(found[1]) if found else None
    if found is None or receipt is None:
        raise ProposalError("there are no rows {row!r}", row=row)
    if not found[2]:
        query = receipt.query
    else:
        names = (found[2], f"{found[2]}.amount", f"{found[2]}.total")
        cells = (receipt.cell(name) for name in names)
        query = next((cell.query for cell in cells if cell is not None and cell.query), None)
    if query is None:
        raise ProposalError("{row!r} stands for no rows", row=row)
    return query


def _text(value: object) -> str:
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else ""
